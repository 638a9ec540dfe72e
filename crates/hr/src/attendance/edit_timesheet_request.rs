//! `attendance/edit_timesheet_requests`

use access::{Doing, Permission};
use engine::{Body, Code, Context, Draft, Error, Narrow, Object, Removal};
use registry::{Date, Employee, Id, Resource, Time};
use storage::{Datum, Look};

use super::shift::LocationType;
use crate::attendance::Shift;
use crate::locations::Location;
use crate::locations::WorkArea;
use crate::time::facts;
use crate::time_settings::BreakConfiguration;

const REQUESTS: &str = "attendance/edit_timesheet_requests";
const SHIFTS: &str = "attendance/shifts";

/// What lets somebody decide on the requests of others.
const APPROVE: Permission = Permission::new("attendance", Doing::Approve);

/// A request to add, change or remove a shift.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/edit_timesheet_requests",
    object = "attendance_edit_timesheet_request",
    permission = "attendance",
    subject = "employee_id",
    operations(list, read, create, update, delete)
)]
#[parameter(name = "pending", as = bool, doc = "True keeps undecided requests. False does nothing.")]
#[parameter(name = "start_on", as = Date, doc = "First day wanted. Without end_on, the only day.")]
#[parameter(name = "end_on", as = Date, doc = "Last day wanted. Without start_on, everything up to it.")]
pub struct EditTimesheetRequest {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<EditTimesheetRequest>,
    /// What is asked: to create, update or delete a shift.
    #[field(create(required))]
    pub request_type: RequestType,
    /// Whose shift it is about.
    #[field(create(required), update(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// True approved, false rejected, null not yet decided. Whoever may decide sets it, and what was asked is done at once.
    #[field(update)]
    pub approved: Option<bool>,
    /// Whether the shift is work. False means a break.
    #[field(create)]
    pub workable: Option<bool>,
    /// Proposed start time.
    #[field(create, update)]
    pub clock_in: Option<Time>,
    /// Proposed end time.
    #[field(create, update)]
    pub clock_out: Option<Time>,
    /// Where the work is done.
    #[field(create, update)]
    pub location_type: Option<LocationType>,
    /// Why it was approved or rejected.
    #[field(create, update)]
    pub reason: Option<String>,
    /// Shift to change or remove. Null when one shall be added.
    #[field(create, update, filter(eq = "shift_id"))]
    pub attendance_shift_id: Option<Id<Shift>>,
    /// Kind of break, if it is one.
    #[field(create, update)]
    pub time_settings_break_configuration_id: Option<Id<BreakConfiguration>>,
    /// Remarks on the shift.
    #[field(create, update)]
    pub observations: Option<String>,
    /// Day of the shift.
    #[field(create, update)]
    pub date: Option<Date>,
    /// Day that the shift counts for.
    #[field(create, update)]
    pub reference_date: Option<Date>,
    /// Workplace of the shift.
    #[field(create(since = "2026-10-01"), update(since = "2026-10-01"), since = "2026-10-01")]
    pub workplace_id: Option<Id<Location>>,
    /// Area of the workplace at the start.
    #[field(create(since = "2026-10-01"), update(since = "2026-10-01"), since = "2026-10-01")]
    pub clock_in_work_area_id: Option<Id<WorkArea>>,
    /// Area of the workplace at the end.
    #[field(create(since = "2026-10-01"), update(since = "2026-10-01"), since = "2026-10-01")]
    pub clock_out_work_area_id: Option<Id<WorkArea>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    rule: Some(rule),
    effect: Some(effect),
    removal: Some(|_, request| pending(request).map(|()| Removal::Gone)),
    filters: &[
        ("pending", Narrow::Flag(|_| Look::Null("approved"))),
        ("start_on", Narrow::Code(|cx, values| facts::first_day(cx, "date", values))),
        ("end_on", Narrow::Code(|_, values| facts::last_day("date", values))),
    ],
    ..Code::of(REQUESTS)
};

/// What is decided stays as it is.
fn pending(request: &Object) -> Result<(), Error> {
    match request.get("approved") {
        Datum::Null => Ok(()),
        _ => Err(Error::conflict("id", "already_decided", "This request has been decided already.")),
    }
}

/// A request says what it is about: the shift to change or remove, or the day and beginning of a new one.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if let Some(old) = draft.old {
        pending(old)?;
    }
    if draft.old.is_some() && draft.changes("approved") {
        return decides(cx, draft.int("employee_id").unwrap_or_default());
    }
    if draft.text("request_type") == Some(RequestType::CreateShift.text()) {
        draft.need("date", "Say on which day the shift shall be.")?;
        return draft.need("clock_in", "Say when the shift shall begin.");
    }
    draft.need("attendance_shift_id", "Say which shift it is about.")?;
    let id = draft.int("attendance_shift_id").unwrap_or_default();
    let shift = cx.objects(SHIFTS, vec![id])?.remove(&id);
    let Some(shift) = shift.filter(|shift| shift.int("employee_id") == draft.int("employee_id")) else {
        return Err(Error::rule("attendance_shift_id", "not_found", "This person has no such shift."));
    };
    let day = shift.get("date").clone();
    draft.begin("date", || day);
    Ok(())
}

/// Whether the caller decides on requests of a person: nobody does on those of their own, but who may do everything.
fn decides(cx: &mut Context<'_, '_>, employee: i64) -> Result<(), Error> {
    if cx.grant.is_everything() {
        return Ok(());
    }
    let reached = cx.people_with(Some(APPROVE), Some(vec![employee]))?;
    if reached.contains(&employee) && cx.caller.employee != Some(employee) {
        return Ok(());
    }
    Err(Error::rule(
        "approved",
        "not_yours_to_decide",
        "Somebody who approves timesheets decides on this request.",
    ))
}

/// What is approved is done at once.
fn effect(cx: &mut Context<'_, '_>, id: i64, old: Option<&Object>) -> Result<(), Error> {
    let Some(request) = cx.objects(REQUESTS, vec![id])?.remove(&id) else { return Ok(()) };
    let decided = old.is_some_and(|old| old.get("approved") == &Datum::Null) && request.flag("approved");
    if decided { apply(cx, &request) } else { Ok(()) }
}

/// Does what a request asks for, under the rules of shifts.
fn apply(cx: &mut Context<'_, '_>, request: &Object) -> Result<(), Error> {
    const COLUMNS: [&str; 9] = [
        "date",
        "reference_date",
        "clock_in",
        "clock_out",
        "location_type",
        "observations",
        "workplace_id",
        "time_settings_break_configuration_id",
        "workable",
    ];
    let plan = cx.plan(SHIFTS)?;
    let shift = request.int("attendance_shift_id");
    let mut body = Body::new();
    for column in COLUMNS {
        let value = match request.get(column) {
            Datum::Null => continue,
            Datum::Bool(value) => (*value).into(),
            Datum::Int(value) if column == "workable" => (*value == 1).into(),
            Datum::Int(value) => value.to_string().into(),
            Datum::Real(value) => (*value).into(),
            Datum::Text(text) => text.clone().into(),
        };
        body.insert(column.to_owned(), value);
    }
    match (request.text("request_type"), shift) {
        (Some("create_shift"), _) => {
            let employee = request.int("employee_id").unwrap_or_default();
            body.insert("employee_id".to_owned(), employee.to_string().into());
            cx.make(plan, &body).map(drop)
        }
        (Some("update_shift"), Some(shift)) => {
            body.remove("workable");
            cx.amend(plan, shift, &body)
        }
        (Some("delete_shift"), Some(shift)) => cx.delete(plan, shift).map(drop),
        _ => Err(Error::conflict(
            "attendance_shift_id",
            "shift_gone",
            "The shift that this request is about is gone.",
        )),
    }
}

registry::choice! {
    /// The values of `request_type`.
    pub enum RequestType {
        CreateShift = "create_shift",
        DeleteShift = "delete_shift",
        UpdateShift = "update_shift",
    }
}
