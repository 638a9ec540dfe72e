//! `payroll/policy_periods`

use accounts::{Mailroom, mail};
use engine::{Answer, Code, Context, Error, Input, Object, by};
use registry::{Action, Anything, Company, Date, Employee, Id, Resource};
use storage::Datum;

use crate::employees::lifecycle;

/// One period, usually a month, of a payroll policy.
#[derive(Debug, Resource)]
#[resource(
    path = "payroll/policy_periods",
    object = "payroll_policy_period",
    permission = "payroll",
    events("change_status")
)]
pub struct PolicyPeriod {
    /// Identifies it, for good.
    pub id: Id<PolicyPeriod>,
    /// First day of the period.
    pub starts_on: Date,
    /// Payroll policy that the period follows.
    pub policy_id: Id<Anything>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Last day of the period.
    pub ends_on: Date,
    /// How often the policy pays, such as monthly.
    pub period: String,
    /// Policy name together with the days of the period.
    pub name: Option<String>,
    /// Step that the payroll of this period has reached.
    pub status: Option<String>,
    /// Name of the payroll policy alone.
    pub policy_name: Option<String>,
    /// Day on which calculation of the pay began.
    pub calculation_started_at: Option<Date>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { actions: &[("change_status", change_status)], ..Code::of(PATH) };

const PATH: &str = "payroll/policy_periods";

/// A payroll goes forward and back through its steps until it is paid, which is the end.
fn change_status(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let period = cx.own(cx.plan(PATH)?, input.id("id"))?;
    let (id, status) = (input.id("id"), input.text("status").unwrap_or_default());
    if period.text("status") == Some(status) {
        return Err(Error::conflict(
            "status",
            "same_status",
            "The payroll of the period has reached this step already.",
        ));
    }
    if period.text("status") == Some(Status::Paid.text()) {
        return Err(Error::conflict("status", "paid", "What has been paid is over."));
    }
    let mut sets = engine::Sets::from([("status", Datum::Text(status.to_owned()))]);
    if status == Status::PayrollCalculation.text() {
        sets.insert("calculation_started_at", crate::time::facts::text(crate::time::today::here(cx)?));
    }
    cx.change(PATH, &[by(id)], sets)?;
    if input.flag("notify_employee") == Some(true) {
        tell(cx, &period, status, input.ids("employee_ids"))?;
    }
    Ok(id.into())
}

/// Writes to each of some employees which step the payroll has reached.
fn tell(cx: &mut Context<'_, '_>, period: &Object, status: &str, people: Vec<i64>) -> Result<(), Error> {
    let Some(room) = cx.lent::<Mailroom>() else { return Ok(()) };
    let (from, to) =
        (period.text("starts_on").unwrap_or_default(), period.text("ends_on").unwrap_or_default());
    let body = mail::Body {
        paragraphs: vec![format!(
            "The payroll from {from} to {to} has reached a new step: {}.",
            status.replace('_', " ")
        )],
        link: Some(("Open Muster".to_owned(), room.base_url.clone())),
    };
    let company = Some(cx.grant.company());
    for person in cx.objects("employees/employees", people)?.into_values() {
        if let Some(address) = person.text("email").or(person.text("login_email")) {
            mail::queue(cx.tx, &room.vault, company, address, "Your payroll", &body)
                .map_err(lifecycle::refused)?;
        }
    }
    Ok(())
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Paid = "paid",
        PaymentProcessing = "payment_processing",
        PayrollCalculation = "payroll_calculation",
        Preparation = "preparation",
        SupplementsDefinition = "supplements_definition",
        UnderReview = "under_review",
    }
}

/// Moves a payroll period to another step.
#[derive(Debug, Action)]
#[action(of = PolicyPeriod, name = "change_status")]
pub struct ChangeStatus {
    /// Payroll period to move.
    pub id: Id<PolicyPeriod>,
    /// Step to move to.
    pub status: Status,
    /// Whether to tell the employees about it.
    pub notify_employee: bool,
    /// Employees whom the change concerns.
    pub employee_ids: Vec<Id<Employee>>,
}
