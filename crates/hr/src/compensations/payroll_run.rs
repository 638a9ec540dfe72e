//! `compensations/payroll_runs`

use engine::{Code, Narrow};
use registry::{Company, Date, Id, Instant, Resource};

use crate::compensations::Cycle;

/// Preparation of the payments for one period.
#[derive(Debug, Resource)]
#[resource(
    path = "compensations/payroll_runs",
    object = "compensations_payroll_run",
    permission = "compensations",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
#[parameter(name = "include_hidden", as = bool, doc = "Whether runs of hidden cycles are listed too.")]
pub struct PayrollRun {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PayrollRun>,
    /// Month and year as shown to people.
    pub label: String,
    /// First day of the period.
    #[field(filter(to = "to"(as = String)))]
    pub starts_on: Date,
    /// Last day of the period.
    #[field(filter(from = "from"(as = String)))]
    pub ends_on: Date,
    /// How far the run has come.
    #[field(filter(any = "statuses[]"))]
    pub status: String,
    /// Whether changes are no longer possible.
    pub locked: bool,
    /// The company that it belongs to.
    #[field(filter(eq = "company_id"))]
    pub company_id: Id<Company>,
    /// When it was locked. Empty while open.
    pub locked_at: Option<Instant>,
    /// Cycle it belongs to. Empty for runs outside a cycle.
    #[field(filter(any = "cycle_ids[]"))]
    pub cycle_id: Option<Id<Cycle>>,
    /// Kind of payment it prepares.
    #[field(filter(any = "payment_types[]"))]
    pub payment_type: Option<PaymentType>,
    /// Day on which it closes.
    pub closure_date: Option<String>,
    /// Day on which reminders go out.
    pub alerts_date: Option<String>,
    /// When it was created.
    pub created_at: Option<Instant>,
    /// When it was last changed.
    pub updated_at: Option<Instant>,
}

/// What it does beyond the declaration. Nothing hides a cycle.
pub(crate) const CODE: Code =
    Code { filters: &[("include_hidden", Narrow::Idle)], ..Code::of("compensations/payroll_runs") };

/// Rows of runs of some cycles.
pub(super) const OF_CYCLES: Narrow =
    Narrow::through("payroll_run_id", "compensations/payroll_runs", "id", "cycle_id");

registry::choice! {
    /// The values of `payment_type`.
    pub enum PaymentType {
        BonusBenefit = "bonus_benefit",
        DelayedPayment = "delayed_payment",
        ExtraPay = "extra_pay",
        RateDifference = "rate_difference",
        Regular = "regular",
        SalaryAdvance = "salary_advance",
        Severance = "severance",
    }
}
