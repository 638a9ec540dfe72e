//! `employee_updates/absences`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets};
use registry::{Date, Employee, Id, Instant, Resource};
use storage::Datum;

use super::updates::{self, Told, take};
use crate::bookkeepers_management::incidence;
use crate::time::wall;
use crate::timeoff::LeaveType;

/// Absence that payroll has to know about.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/absences",
    object = "employee_updates_absence",
    permission = "employee_updates",
    computed,
    subject = "employee_id",
    operations(list, read)
)]
pub struct Absence {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Absence>,
    /// How far payroll staff have dealt with the update.
    pub status: String,
    /// Who is absent.
    pub employee_id: Option<Id<Employee>>,
    /// Full name of the absent person.
    pub employee_full_name: Option<String>,
    /// Whether the absence has been accepted.
    pub approved: Option<bool>,
    /// Remark on the absence.
    #[field(sensitive = "medical")]
    pub description: Option<String>,
    /// First day away.
    pub start_on: Option<Instant>,
    /// First day away before the latest change.
    pub prev_start_on: Option<Instant>,
    /// Last day away.
    pub finish_on: Option<Instant>,
    /// Last day away before the latest change.
    pub prev_finish_on: Option<Date>,
    /// Which half of the day is off, when only half is.
    pub half_day: Option<String>,
    /// Length in hundredths of an hour.
    pub hours_amount_in_cents: Option<i64>,
    /// Kind of leave taken.
    pub leave_type_id: Option<Id<LeaveType>>,
    /// Name of the kind of leave.
    pub leave_type_name: Option<String>,
}

/// How it is worked out: the leave as it is now.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: engine::number, keys, rows }),
    ..Code::of("employee_updates/absences")
};

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    updates::keys(cx, ask, &incidence::ABSENCES)
}

const LEAVE: [(&str, &str); 5] = [
    ("approved", "approved"),
    ("description", "description"),
    ("half_day", "half_day"),
    ("hours_amount_in_cents", "hours_amount_in_cents"),
    ("leave_type_id", "leave_type_id"),
];

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let told = Told::load(cx, keys)?;
    let leaves = cx.objects("timeoff/leaves", told.targets())?;
    let all: Vec<_> = leaves.values().cloned().collect();
    let kinds = cx.referred("timeoff/leave_types", &all, "leave_type_id")?;
    let midnight = |day: Option<Date>| {
        day.map_or(Datum::Null, |day| Datum::Int(wall::midnight(&registry::TimeZone::UTC, day)))
    };
    Ok(told.write(keys, |row, person, sets| {
        sets.insert("employee_full_name", Datum::Text(crate::employees::lifecycle::name(person)));
        sets.insert("start_on", midnight(row.date("starts_on")));
        sets.insert("finish_on", midnight(row.date("ends_on")));
        sets.insert("prev_start_on", midnight(row.date("prev_starts_on")));
        sets.insert("prev_finish_on", row.get("prev_ends_on").clone());
        let Some(leave) = row.int("target_id").and_then(|id| leaves.get(&id)) else { return };
        take(sets, leave, &LEAVE);
        let kind = leave.int("leave_type_id").and_then(|id| kinds.get(&id));
        sets.insert("leave_type_name", kind.map_or(Datum::Null, |kind| kind.get("name").clone()));
    }))
}
