//! `work_schedule/schedules`

use engine::{Answer, Code, Context, Derived, Draft, Error, Input, Narrow, Object, Sets, Take};
use registry::{Action, Anything, Company, Employee, Id, Instant, Object, Resource};
use storage::{Datum, Look};

use crate::time::today;

const SCHEDULES: &str = "work_schedule/schedules";

/// A pattern of working hours that employees can follow.
#[derive(Debug, Resource)]
#[resource(
    path = "work_schedule/schedules",
    object = "work_schedule_schedule",
    permission = "work_schedule",
    operations(list, read, create, update),
    events("create", "toggle_archive", "update")
)]
#[parameter(name = "with_employee_ids", as = bool, doc = "Whether to list the employees of each schedule.", required)]
#[parameter(name = "with_periods", as = bool, doc = "Whether to list the periods of each schedule.", required)]
pub struct Schedule {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Schedule>,
    /// What the work schedule is called.
    #[field(create(required), update)]
    pub name: String,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Employees who follow the schedule.
    #[field(derived)]
    pub employee_ids: Vec<Id<Employee>>,
    /// Parts of the year that make up the schedule.
    #[field(derived)]
    pub periods: Vec<Period>,
    /// Moment when it was archived. Null while in use.
    pub archived_at: Option<Instant>,
    /// Whether hours are flexible or fixed.
    #[field(input, create(required))]
    pub schedule_type: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::of_those(
            "employee_ids",
            "time_planning/planning_versions",
            "work_schedule_schedule_id",
            Take::All("employee_id"),
        ),
        Derived::page("periods", periods),
    ],
    rule: Some(rule),
    effect: Some(effect),
    actions: &[("toggle_archive", toggle_archive)],
    filters: &[("with_employee_ids", Narrow::Idle), ("with_periods", Narrow::Idle)],
    ..Code::of(SCHEDULES)
};

/// Hours are flexible or fixed. What is archived stays as it is.
fn rule(_: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.text("archived_at").is_some() || draft.int("archived_at").is_some() {
        return Err(Error::conflict(
            "id",
            "schedule_archived",
            "This schedule is archived. Bring it back to change it.",
        ));
    }
    match draft.text("name").map(str::trim) {
        Some("") => Err(Error::rule("name", "required", "A schedule has a name.")),
        _ => Ok(()),
    }
}

/// A new schedule has the whole year as its default period.
fn effect(cx: &mut Context<'_, '_>, id: i64, old: Option<&Object>) -> Result<(), Error> {
    if old.is_some() {
        return Ok(());
    }
    let schedule = cx.objects(SCHEDULES, vec![id])?.remove(&id);
    let kind = schedule.as_ref().and_then(|schedule| schedule.text("schedule_type")).unwrap_or("fixed");
    let sets = Sets::from([
        ("schedule_id", Datum::Int(id)),
        ("default", Datum::Bool(true)),
        ("schedule_type", Datum::Text(kind.to_owned())),
    ]);
    cx.add("work_schedule/overlap_periods", sets).map(drop)
}

fn toggle_archive(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let schedule = cx.own(cx.plan(SCHEDULES)?, id)?;
    let archived = match schedule.get("archived_at") {
        Datum::Null => Datum::Int(cx.tx.now().millis()),
        _ => Datum::Null,
    };
    cx.change(SCHEDULES, &[Look::Equal("id", Datum::Int(id))], Sets::from([("archived_at", archived)]))?;
    Ok(id.into())
}

fn periods(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let periods = cx.referring("work_schedule/overlap_periods", "schedule_id", rows)?;
    let year = today::here(cx)?.year();
    let shown = |period: &Object| {
        let int = |column: &str| period.int(column).unwrap_or_default();
        let begins = (int("start_month"), int("start_day"));
        let ends = (int("end_month"), int("end_day"));
        // Months and days without a year are those of this year; a period may reach into the next.
        let last_year = year + i16::from(ends < begins);
        serde_json::json!({
            "id": int("id").to_string(), "default": period.flag("default"),
            "schedule_id": int("schedule_id").to_string(),
            "start_month": int("start_month"), "start_day": int("start_day"),
            "end_month": int("end_month"), "end_day": int("end_day"),
            "start_date": format!("{year}-{:02}-{:02}", begins.0, begins.1),
            "end_date": format!("{last_year}-{:02}-{:02}", ends.0, ends.1),
            "schedule_type": period.text("schedule_type"),
        })
    };
    let of = |row: &Object| {
        periods.iter().filter(|period| period.int("schedule_id") == row.int("id")).map(shown).collect()
    };
    Ok(rows.iter().map(of).collect())
}

/// The objects of `periods`.
#[derive(Debug, Object)]
pub struct Period {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Whether it applies where no other period does.
    pub default: bool,
    /// Work schedule that it is part of.
    pub schedule_id: Id<Anything>,
    /// Month of the first day, 1 to 12.
    pub start_month: i64,
    /// First day, as a day of its month.
    pub start_day: i64,
    /// Month of the last day, 1 to 12.
    pub end_month: i64,
    /// Last day, as a day of its month.
    pub end_day: i64,
    /// First day of the period, as a date.
    pub start_date: String,
    /// Last day of the period, as a date.
    pub end_date: String,
    /// Whether hours are flexible or fixed.
    pub schedule_type: String,
}

/// Archives a schedule, or brings an archived one back.
#[derive(Debug, Action)]
#[action(of = Schedule, name = "toggle_archive")]
pub struct ToggleArchive {
    /// Schedule to archive or bring back.
    pub id: Id<Schedule>,
}
