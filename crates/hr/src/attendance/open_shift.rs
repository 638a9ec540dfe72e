//! `attendance/open_shifts`

use engine::{Ask, Code, Compute, Context, Error, Key, Object, Sets, number};
use registry::{Date, Employee, Id, Instant, Resource, TimeZone};
use storage::Datum;

use crate::attendance::timesheet;
use crate::locations::Location;
use crate::time::wall;
use crate::time_settings::BreakConfiguration;

/// A shift or break that someone has begun and not ended.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/open_shifts",
    object = "attendance_open_shift",
    permission = "attendance",
    computed,
    subject = "employee_id",
    operations(list)
)]
pub struct OpenShift {
    /// Identifies it, for good.
    pub id: Id<OpenShift>,
    /// Who is clocked in.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Day when it began.
    #[field(derived)]
    pub date: Date,
    /// Day that the shift counts for.
    #[field(derived)]
    pub reference_date: Date,
    /// Moment of clocking in. Only the time of day matters.
    #[field(derived)]
    pub clock_in: Instant,
    /// Whether it is created, opened or closed.
    #[field(derived)]
    pub status: Status,
    /// Whether it is work. False means a break.
    #[field(derived)]
    pub workable: bool,
    /// Whether the system clocked in by itself.
    #[field(derived)]
    pub automatic_clock_in: bool,
    /// Moment of clocking out, null while still open.
    #[field(derived)]
    pub clock_out: Option<Instant>,
    /// Where the work is done.
    #[field(derived)]
    pub location_type: Option<String>,
    /// Workplace of the shift.
    #[field(derived)]
    pub workplace_id: Option<Id<Location>>,
    /// Kind of break, if it is one.
    #[field(derived)]
    pub time_settings_break_configuration_id: Option<Id<BreakConfiguration>>,
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Closed = "closed",
        Created = "created",
        Opened = "opened",
    }
}

/// How it is worked out.
pub(crate) const CODE: Code =
    Code { compute: Some(Compute { key: number, keys, rows }), ..Code::of("attendance/open_shifts") };

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    let open = timesheet::all_open(cx, ask.ids("employee_ids"))?;
    Ok(open
        .into_keys()
        .map(|id| (id, 0))
        .filter(|key| ask.keys.as_ref().is_none_or(|wanted| wanted.contains(key)))
        .collect())
}

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let open = cx.objects("attendance/shifts", keys.iter().map(|key| key.0).collect())?;
    let now = cx.tx.now().millis();
    Ok(keys.iter().map(|key| open.get(&key.0).map(|shift| shown(shift, now)).unwrap_or_default()).collect())
}

fn shown(shift: &Object, now: i64) -> Sets {
    let time = shift.text("clock_in").and_then(|time| time.parse().ok());
    // The clock on the wall, written as a point in time.
    let clock_in = shift.date("date").zip(time).map(|(day, time)| wall::instant(&TimeZone::UTC, day, time));
    // One that was written by hand may begin later.
    let later = shift.int("began_at").is_some_and(|began| began > now);
    let status = if later { Status::Created } else { Status::Opened };
    let mut sets = Sets::from([
        ("clock_in", clock_in.map_or(Datum::Null, Datum::Int)),
        ("status", Datum::Text(status.text().to_owned())),
        ("automatic_clock_in", Datum::Bool(shift.text("in_source") == Some("system"))),
        ("workable", Datum::Bool(timesheet::works(shift))),
    ]);
    for column in [
        "id",
        "employee_id",
        "date",
        "reference_date",
        "location_type",
        "workplace_id",
        "time_settings_break_configuration_id",
    ] {
        sets.insert(column, shift.get(column).clone());
    }
    sets
}
