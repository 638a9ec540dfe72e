//! `attendance/estimated_times`

use std::collections::BTreeSet;

use engine::{Ask, Code, Compute, Context, Error, Key, Sets, day_of, employee_day};
use registry::{Anything, Company, Date, Employee, Id, Instant, Object, Resource, TimeZone};
use storage::{Datum, Look};

use crate::attendance::times;
use crate::time::{Estimates, estimate, facts, plan, wall};

/// How long an employee is due to work on one day.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/estimated_times",
    object = "attendance_estimated_time",
    permission = "attendance",
    computed,
    subject = "employee_id",
    operations(list)
)]
pub struct EstimatedTime {
    /// Employee id and date, joined by an underscore.
    pub id: String,
    /// Day that the estimate is for.
    #[field(filter(from = "start_on"(required)), filter(to = "end_on"(required)))]
    pub date: Date,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Who is due to work.
    #[field(filter(any = "employee_ids[]"(required)))]
    pub employee_id: Id<Employee>,
    /// Minutes planned before holidays and time off are considered.
    #[field(derived)]
    pub expected_minutes: f64,
    /// Minutes of normal work due that day.
    #[field(derived)]
    pub regular_minutes: f64,
    /// Minutes of planned overtime. Needs shift management.
    #[field(derived)]
    pub overtime_minutes: f64,
    /// Breaks planned for the day.
    #[field(derived)]
    pub breaks: Vec<Break>,
    /// Unit of the plan: minutes, half days or none.
    #[field(derived)]
    pub time_unit: TimeUnit,
    /// Half days to work.
    #[field(derived)]
    pub estimated_half_days: i64,
    /// Shifts planned for the day.
    #[field(derived)]
    pub shifts: Vec<Shift>,
    /// Plan that the figures come from.
    #[field(derived)]
    pub source: Source,
    /// Minutes to work in all.
    #[field(derived)]
    pub minutes: f64,
}

/// The objects of `breaks`.
#[derive(Debug, Object)]
pub struct Break {
    /// Moment when it begins.
    pub start_at: Instant,
    /// Moment when it ends.
    pub end_at: Instant,
    /// Length, in minutes.
    pub duration: i64,
    /// Kind of break.
    pub break_configuration_id: Id<Anything>,
    /// Title of the kind of break.
    pub break_configuration_name: String,
    /// True if people are paid during the break.
    pub break_configuration_paid: bool,
    /// How strictly the break is timed.
    pub break_type: BreakType,
    /// IANA time zone of the times.
    pub timezone: String,
    /// Planned shift that the break is part of.
    pub shift_id: Option<Id<Anything>>,
}

registry::choice! {
    /// The values of `break_type`.
    pub enum BreakType {
        Fixed = "fixed",
        Flexible = "flexible",
        SemiFlexible = "semi_flexible",
    }
}

registry::choice! {
    /// The values of `time_unit`.
    pub enum TimeUnit {
        HalfDay = "half_day",
        Minute = "minute",
        None = "none",
    }
}

/// The objects of `shifts`.
#[derive(Debug, Object)]
pub struct Shift {
    /// Employee id and date, joined by an underscore.
    pub id: Id<Anything>,
    /// Moment when it begins.
    pub start_at: Instant,
    /// Moment when it ends.
    pub end_at: Instant,
    /// Workplace of the shift.
    pub location_id: Option<Id<Anything>>,
    /// IANA time zone of the times.
    pub timezone: Option<String>,
    /// Whether the shift comes on top of normal hours.
    pub extra_hours: Option<bool>,
}

registry::choice! {
    /// The values of `source`.
    pub enum Source {
        ContractHours = "contract_hours",
        None = "none",
        ShiftManagement = "shift_management",
        WorkSchedule = "work_schedule",
    }
}

/// How it is worked out.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: employee_day, keys: |cx, ask| times::keys(cx, ask, true), rows }),
    ..Code::of("attendance/estimated_times")
};

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let (employees, first, last) = times::bounds(keys);
    let estimates = crate::time::estimates(cx, &employees, first, last)?;
    let breaks = breaks(cx, &estimates, keys)?;
    let shown = |key: &Key| {
        let date = day_of(key.1);
        let Some((plan, due)) = estimates.plans.get(&key.0).zip(estimates.on(key.0, date)) else {
            return Sets::new();
        };
        let unit = match (due.source, due.half_days) {
            (_, Some(_)) => TimeUnit::HalfDay,
            (crate::time::Source::None, None) => TimeUnit::None,
            (_, None) => TimeUnit::Minute,
        };
        let zone = estimate::zone(plan);
        let name = zone.iana_name().unwrap_or("UTC");
        let shift = |shift: &plan::Shift| {
            serde_json::json!({
                "id": shift.id.to_string(), "start_at": times::instant(shift.begins),
                "end_at": times::instant(shift.ends), "location_id": times::id(shift.place),
                "timezone": name, "extra_hours": shift.extra,
            })
        };
        let shifts: Vec<_> = estimate::shifts(plan, date).map(shift).collect();
        let own = breaks.iter().filter(|planned| planned.belongs(plan, date));
        let own: Vec<_> = own.map(|planned| planned.shown(&zone, name, date)).collect();
        let minutes = |minutes: i64| {
            #[expect(clippy::cast_precision_loss, reason = "minutes of a day")]
            Datum::Real(minutes as f64)
        };
        Sets::from([
            ("id", Datum::Text(times::name(*key))),
            ("employee_id", Datum::Int(key.0)),
            ("date", facts::text(date)),
            ("expected_minutes", minutes(due.expected)),
            ("regular_minutes", minutes(due.regular)),
            ("overtime_minutes", minutes(due.overtime)),
            ("minutes", minutes(due.minutes())),
            ("breaks", Datum::Text(serde_json::Value::Array(own).to_string())),
            ("shifts", Datum::Text(serde_json::Value::Array(shifts).to_string())),
            ("time_unit", Datum::Text(unit.text().to_owned())),
            ("estimated_half_days", Datum::Int(due.half_days.unwrap_or(0))),
            ("source", Datum::Text(due.source.name().to_owned())),
        ])
    };
    Ok(keys.iter().map(shown).collect())
}

/// A planned break of a shift, or of a weekday of a schedule.
struct Planned {
    shift: Option<i64>,
    configuration: Option<i64>,
    begins: Option<i64>,
    minutes: i64,
    kind: i64,
    name: String,
    paid: bool,
    strictness: String,
}

impl Planned {
    fn belongs(&self, plan: &plan::Plan, date: Date) -> bool {
        match (self.shift, self.configuration) {
            (Some(id), _) => estimate::shifts(plan, date).any(|shift| shift.id == id),
            (None, Some(id)) => {
                estimate::configuration(plan, date) == Some(id)
                    && plan.on(date).source == crate::time::Source::WorkSchedule
            }
            (None, None) => false,
        }
    }

    /// A break of a schedule has a time of day only, and is shown on the day.
    fn shown(&self, zone: &TimeZone, name: &str, date: Date) -> serde_json::Value {
        let begins = match (self.shift, self.begins) {
            (Some(_), Some(at)) => at,
            (None, Some(at)) => wall::instant(zone, date, wall::civil(&TimeZone::UTC, at).time()),
            (_, None) => wall::midnight(zone, date),
        };
        serde_json::json!({
            "start_at": times::instant(begins), "end_at": times::instant(begins + self.minutes * wall::MINUTE),
            "duration": self.minutes, "break_configuration_id": self.kind.to_string(),
            "break_configuration_name": self.name, "break_configuration_paid": self.paid,
            "break_type": self.strictness, "timezone": name, "shift_id": times::id(self.shift),
        })
    }
}

fn breaks(cx: &mut Context<'_, '_>, estimates: &Estimates, keys: &[Key]) -> Result<Vec<Planned>, Error> {
    let (mut shifts, mut days) = (BTreeSet::new(), BTreeSet::new());
    for key in keys {
        if let Some(plan) = estimates.plans.get(&key.0) {
            let date = day_of(key.1);
            shifts.extend(estimate::shifts(plan, date).map(|shift| shift.id));
            days.extend(estimate::configuration(plan, date));
        }
    }
    let mut rows = Vec::new();
    for (column, ids) in [("shift_id", shifts), ("day_configuration_id", days)] {
        if !ids.is_empty() {
            let ids = ids.into_iter().map(Datum::Int).collect();
            rows.append(&mut cx.facts("time_planning/planned_breaks", &[Look::OneOf(column, ids)])?);
        }
    }
    let kinds = cx.referred("time_settings/break_configurations", &rows, "break_configuration_id")?;
    let planned = |row: &engine::Object| {
        let kind = row.int("break_configuration_id")?;
        Some(Planned {
            shift: row.int("shift_id"),
            configuration: row.int("day_configuration_id"),
            begins: row.int("start_at"),
            minutes: facts::length(row),
            kind,
            name: kinds.get(&kind)?.text("name")?.to_owned(),
            paid: kinds.get(&kind)?.flag("paid"),
            strictness: row.text("break_type")?.to_owned(),
        })
    };
    Ok(rows.iter().filter_map(planned).collect())
}
