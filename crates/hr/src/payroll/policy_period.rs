//! `payroll/policy_periods`

use registry::{Action, Anything, Company, Date, Employee, Id, Resource};

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
