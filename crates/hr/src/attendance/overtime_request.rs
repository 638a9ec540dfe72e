//! `attendance/overtime_requests`

use engine::{Answer, Code, Context, Derived, Draft, Error, Input, Narrow, Object, Removal, Sets};
use registry::{Action, Date, Employee, Id, Instant, Resource};
use storage::{Datum, Look};

use crate::time::facts;

const REQUESTS: &str = "attendance/overtime_requests";

/// A request to have extra hours recognised.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/overtime_requests",
    object = "attendance_overtime_request",
    permission = "attendance",
    subject = "employee_id",
    operations(list, read, create, update, delete)
)]
#[parameter(name = "start_on", as = Date, doc = "First day wanted. Without end_on, the only day.")]
#[parameter(name = "end_on", as = Date, doc = "Last day wanted. Without start_on, everything up to it.")]
#[parameter(name = "include_approval_flow", as = bool, doc = "True loads the approval steps as well.", required)]
pub struct OvertimeRequest {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<OvertimeRequest>,
    /// Who works the extra hours.
    #[field(create(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Employee who made the request.
    #[field(create(required))]
    pub author_id: Id<Employee>,
    /// Outcome so far.
    #[field(default = "pending", filter(eq = "status"))]
    pub status: Status,
    /// Day of the extra hours.
    #[field(create(required), update)]
    pub date: Date,
    /// Extra time, in hundredths of an hour.
    #[field(default = 0)]
    pub hours_amount_in_cents: i64,
    /// Whether the caller may decide on it.
    #[field(derived)]
    pub approver: bool,
    /// Whether it can still be changed.
    #[field(derived)]
    pub is_editable: bool,
    /// Employee who has to decide.
    pub approver_id: Option<Id<Employee>>,
    /// Remarks on the request.
    #[field(create, update)]
    pub description: Option<String>,
    /// Explanation that came with the request or decision.
    #[field(update)]
    pub reason: Option<String>,
    /// When it was created.
    pub created_at: Option<Instant>,
    /// Full name of whoever decides.
    #[field(derived)]
    pub approver_full_name: Option<String>,
    /// Extra time, in hours.
    #[field(input, create, update)]
    pub hours_amount: Option<f64>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("approver", approves),
        Derived::row("is_editable", |facts| (facts.text("status") == Some("pending")).into()),
        Derived::page("approver_full_name", |cx, rows| crate::employees::full_names(cx, rows, "approver_id")),
    ],
    rule: Some(rule),
    removal: Some(|_, request| pending(request).map(|()| Removal::Gone)),
    actions: &[
        ("approve", |cx, input| decide(cx, input, Status::Approved)),
        ("reject", |cx, input| decide(cx, input, Status::Rejected)),
    ],
    filters: &[
        ("include_approval_flow", Narrow::Idle),
        ("start_on", Narrow::Code(|cx, values| facts::first_day(cx, "date", values))),
        ("end_on", Narrow::Code(|_, values| facts::last_day("date", values))),
    ],
    ..Code::of(REQUESTS)
};

/// What is decided stays as it is.
fn pending(request: &Object) -> Result<(), Error> {
    match request.text("status") {
        Some("pending" | "none") | None => Ok(()),
        Some(status) => {
            Err(Error::conflict("id", "already_decided", format!("This request is {status} already.")))
        }
    }
}

fn decide(cx: &mut Context<'_, '_>, input: &Input, status: Status) -> Result<Answer, Error> {
    let request = cx.own(cx.plan(REQUESTS)?, input.id("id"))?;
    pending(&request)?;
    let reason = input.text("reason").map(str::trim).filter(|reason| !reason.is_empty());
    if status == Status::Rejected && reason.is_none() {
        return Err(Error::rule("reason", "required", "Say why the request is rejected."));
    }
    let mut sets = Sets::from([("status", Datum::Text(status.text().to_owned()))]);
    if let Some(approver) = input.int("approver_id").or(cx.caller.employee) {
        sets.insert("approver_id", Datum::Int(approver));
    }
    if let Some(reason) = reason {
        sets.insert("reason", Datum::Text(reason.to_owned()));
    }
    cx.change(REQUESTS, &[Look::Equal("id", Datum::Int(input.id("id")))], sets)?;
    Ok(input.id("id").into())
}

/// The company itself decides on everything, a person on what awaits that person.
fn approves(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let caller = cx.caller.employee;
    Ok(rows.iter().map(|row| (caller.is_none() || row.int("approver_id") == caller).into()).collect())
}

/// Hours are kept in hundredths.
fn rule(_: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if let Some(old) = draft.old {
        pending(old)?;
    }
    if let Some(Datum::Real(hours)) = draft.sets.get("hours_amount") {
        #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
        let hundredths = (hours * 100.0).round() as i64;
        if hundredths < 0 {
            return Err(Error::rule("hours_amount", "negative", "Extra hours are not fewer than none."));
        }
        draft.sets.insert("hours_amount_in_cents", Datum::Int(hundredths));
    }
    Ok(())
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Approved = "approved",
        None = "none",
        Pending = "pending",
        Rejected = "rejected",
    }
}

/// Grants the extra hours.
#[derive(Debug, Action)]
#[action(of = OvertimeRequest, name = "approve")]
pub struct Approve {
    /// Request to approve.
    pub id: Id<OvertimeRequest>,
    /// Why it is approved.
    pub reason: Option<String>,
    /// Employee who decides.
    pub approver_id: Option<Id<Employee>>,
}

/// Refuses the extra hours.
#[derive(Debug, Action)]
#[action(of = OvertimeRequest, name = "reject")]
pub struct Reject {
    /// Request to reject.
    pub id: Id<OvertimeRequest>,
    /// Why it is rejected.
    pub reason: String,
    /// Employee who decides.
    pub approver_id: Option<Id<Employee>>,
}
