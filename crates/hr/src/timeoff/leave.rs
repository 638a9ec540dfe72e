//! `timeoff/leaves`

use engine::{Code, Context, Derived, Error, Narrow, Object};
use registry::{Action, Company, Date, Employee, Id, Instant, Json, Object, Resource};
use storage::{Datum, Look};

use crate::timeoff::LeaveType;

/// Time off that an employee requested or was given.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/leaves",
    object = "timeoff_leave",
    permission = "timeoff",
    subject = "employee_id",
    operations(list, read, create, update, delete),
    events("approve", "bulk_delete", "create", "delete", "reject", "update")
)]
#[parameter(name = "from", as = Date, doc = "Drops leaves that ended before this day. Open-ended ones stay.")]
#[parameter(name = "only_active", as = bool, doc = "True keeps only leaves in force.")]
#[parameter(name = "include_deleted_leaves", as = bool, doc = "True also lists deleted leaves.", required)]
#[parameter(name = "approved", as = bool, doc = "Decision to keep. With include_pending, undecided leaves come too.")]
#[parameter(name = "include_pending", as = bool, doc = "True alone keeps undecided leaves. With approved it adds them.")]
#[parameter(name = "include_leave_type", as = bool, doc = "True fills in the leave type.")]
#[parameter(name = "include_duration", as = bool, doc = "True fills in the length.")]
#[parameter(name = "include_duration_by_day", as = bool, doc = "True fills in the units of each day.", since = "2026-10-01")]
#[parameter(name = "type_is_workable", as = bool, doc = "Keeps leaves whose type counts as work, or not.")]
#[parameter(name = "type_is_payable", as = bool, doc = "Keeps leaves whose type is paid, or unpaid.")]
#[parameter(name = "forced_finish_on", as = Date, doc = "Day on which counting by day stops at the latest.", since = "2026-10-01")]
pub struct Leave {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Leave>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Who is away.
    #[field(create(required), update, filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// First day away.
    #[field(create(required), update, filter(to = "to"(as = String)))]
    pub start_on: Date,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Days charged in all.
    #[field(derived)]
    pub days_taken: f64,
    /// Last day away, inclusive. Null when open-ended.
    #[field(create, update)]
    pub finish_on: Option<Date>,
    /// Half that is taken: beginning_of_day or end_of_day. Null for whole days.
    #[field(create, update)]
    pub half_day: Option<String>,
    /// Remarks on the leave.
    #[field(sensitive = "medical", create, update)]
    pub description: Option<String>,
    /// Why the time off is taken.
    pub reason: Option<String>,
    /// Kind of leave.
    #[field(create, update, filter(any = "leave_type_id[]"(as = String)))]
    pub leave_type_id: Option<Id<LeaveType>>,
    /// Title of the kind of leave.
    #[field(derived)]
    pub leave_type_name: Option<String>,
    /// True approved, false rejected, null not yet decided.
    #[field(entrusted = "timeoff.approve", update)]
    pub approved: Option<bool>,
    /// Full name of the person away.
    #[field(derived)]
    pub employee_full_name: Option<String>,
    /// Time of day when an hourly leave begins.
    #[field(create, update)]
    pub start_time: Option<String>,
    /// Length of an hourly leave, in hundredths of an hour.
    #[field(create, update)]
    pub hours_amount_in_cents: Option<i64>,
    /// When it was created.
    pub created_at: Option<Instant>,
    /// Moment of deletion, null while it exists.
    pub deleted_at: Option<Instant>,
    /// Summary of the length, when asked for.
    #[field(derived)]
    pub duration_attributes: Option<String>,
    /// Units of each day, when asked for.
    #[field(derived, since = "2026-10-01")]
    pub duration_by_day_attributes: Option<DurationByDayAttribute>,
    /// Code of the kind of medical leave.
    #[field(sensitive = "medical", input, create)]
    pub medical_leave_type: Option<i64>,
    /// Day when the medical leave takes effect.
    #[field(input, create)]
    pub effective_on: Option<Date>,
    /// Why the medical leave ended.
    #[field(sensitive = "medical", input, create)]
    pub medical_discharge_reason: Option<String>,
    /// Registration number of the doctor.
    #[field(sensitive = "medical", input, create)]
    pub colegiate_number: Option<i64>,
    /// Whether it continues an earlier medical leave.
    #[field(sensitive = "medical", input, create)]
    pub has_previous_relapse: Option<bool>,
    /// Earlier leave that it continues.
    #[field(sensitive = "medical", input, create)]
    pub relapse_leave_id: Option<Id<Leave>>,
    /// Day of the relapse.
    #[field(sensitive = "medical", input, create)]
    pub relapse_on: Option<Date>,
    /// Day of the accident.
    #[field(sensitive = "medical", input, create)]
    pub accident_on: Option<Date>,
    /// Day of the child's birth.
    #[field(input, create)]
    pub paternity_birth_on: Option<Date>,
    /// True sends no messages about the change.
    #[field(input, update)]
    pub skip_notifications: Option<bool>,
    /// True saves without checking the rules.
    #[field(entrusted = "timeoff.approve", input, update)]
    pub skip_validations: Option<bool>,
    /// True leaves medical data alone.
    #[field(input, update)]
    pub skip_medical_leave: Option<bool>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("days_taken", days_taken),
        Derived::through("leave_type_name", "leave_type_id", "timeoff/leave_types", "name"),
        Derived::page("employee_full_name", |cx, rows| crate::employees::full_names(cx, rows, "employee_id")),
    ],
    filters: &[
        ("from", Narrow::Code(from)),
        ("include_leave_type", Narrow::Idle),
        ("include_duration", Narrow::Idle),
    ],
    ..Code::of("timeoff/leaves")
};

/// The days of each leave on which the company works: Monday to Friday, without the holidays of the employee's
/// workplace. Half a day is a half; a leave without an end counts up to today.
fn days_taken(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let people = cx.referred("employees/employees", rows, "employee_id")?;
    let holidays = cx.facts("holidays/company_holidays", &[])?;
    let today = cx.today();
    let date = |row: &Object, column: &str| row.text(column)?.parse::<Date>().ok();
    let days = |row: &Object| {
        let place = row.int("employee_id").and_then(|id| people.get(&id)?.int("location_id"));
        let free = |day: Date| {
            let text = day.to_string();
            let here = |holiday: &&Object| {
                place.is_none() || holiday.int("location_id").is_none_or(|at| Some(at) == place)
            };
            holidays.iter().filter(here).any(|holiday| holiday.text("date") == Some(&text))
        };
        let first = date(row, "start_on")?;
        let last = date(row, "finish_on").unwrap_or(today.max(first));
        let works = |day: &Date| day.weekday().to_monday_zero_offset() < 5 && !free(*day);
        let days = first.series(registry::Span::new().days(1)).take_while(|day| *day <= last).filter(works);
        let half = if row.text("half_day").is_some_and(|half| half != "all_day") { 0.5 } else { 1.0 };
        #[expect(clippy::cast_precision_loss, reason = "days of a leave are few")]
        let days = days.take(MOST_DAYS).count() as f64 * half;
        Some(days)
    };
    Ok(rows.iter().map(|row| days(row).unwrap_or(0.0).into()).collect())
}

/// No leave is longer than a working life.
const MOST_DAYS: usize = 366 * 60;

/// The objects of `duration_by_day_attributes`.
#[derive(Debug, Object)]
pub struct DurationByDayAttribute {
    /// Units that would have been worked on each date.
    pub workable_units_by_day: WorkableUnitsByDay,
    /// Units charged for each date.
    pub used_units_by_day: WorkableUnitsByDay,
}

/// The objects of `workable_units_by_day`.
#[derive(Debug, Object)]
pub struct WorkableUnitsByDay {
    /// Amount in days, by date.
    pub days: Json,
    /// Amount in hours, by date.
    pub hours: Json,
}

/// Approves the current step of the leave's approval, or the leave itself.
#[derive(Debug, Action)]
#[action(of = Leave, name = "approve")]
pub struct Approve {
    /// Leave to approve.
    pub id: Id<Leave>,
}

/// Approves the leave outright, past all remaining steps.
#[derive(Debug, Action)]
#[action(of = Leave, name = "approve_all")]
pub struct ApproveAll {
    /// Leave to approve.
    pub id: Id<Leave>,
}

/// Deletes several leaves, all or none.
#[derive(Debug, Action)]
#[action(of = Leave, name = "bulk_delete", since = "2026-10-01")]
pub struct BulkDelete {
    /// Leaves to delete.
    pub ids: Vec<Id<Leave>>,
}

/// Turns the leave down.
#[derive(Debug, Action)]
#[action(of = Leave, name = "reject")]
pub struct Reject {
    /// Leave to reject.
    pub id: Id<Leave>,
    /// Why it is rejected.
    pub reason: Option<String>,
}

/// Leaves that end on the day or later, and those that have no end.
fn from(_: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let day: Date = match values.last().map(|day| day.parse()) {
        Some(Ok(day)) => day,
        _ => return Err(Error::invalid("from", "It must be a day such as 2026-11-23.")),
    };
    let until = Datum::Text(day.to_string());
    Ok(vec![Look::Any(vec![Look::Null("finish_on"), Look::From("finish_on", until)])])
}
