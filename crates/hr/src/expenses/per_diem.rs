//! `expenses/per_diems`

use engine::{Code, Narrow};
use registry::{Anything, Company, Date, Employee, Id, Object, Resource};
use storage::{Datum, Look};

use super::expense::{Category, FileValue, Payment, Status};
use crate::expenses::Expensable;
use crate::finance::Account;
use crate::finance::BudgetOption;
use crate::finance::CostCenter;
use crate::narrow;
use crate::project_management::Project;

/// Details of a daily allowance for a trip.
#[derive(Debug, Resource)]
#[resource(
    path = "expenses/per_diems",
    object = "expenses_per_diem",
    permission = "expenses",
    subject = "employee_id",
    operations(list, read)
)]
#[parameter(name = "exclude_drafts", as = bool, doc = "True leaves out drafts.")]
pub struct PerDiem {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PerDiem>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Currency of the allowance, as an ISO code.
    pub currency: String,
    /// Whether it is paid back: reimbursable or not_reimbursable.
    pub payment: Payment,
    /// Papers attached to the trip.
    pub files: Vec<FileValue>,
    /// Stage of the review and payment.
    pub status: Status,
    /// Cost centers that bear it.
    pub cost_center_ids: Vec<Id<CostCenter>>,
    /// Rates that the allowance adds up.
    pub rates: Vec<Rate>,
    /// Whose spending it is.
    pub employee_id: Option<Id<Employee>>,
    /// Claim that these details belong to.
    #[field(filter(any = "expenses_expensable_ids[]"))]
    pub expenses_expensable_id: Option<Id<Expensable>>,
    /// Day on which the trip ends.
    pub end_date: Option<Date>,
    /// Day on which the trip begins.
    pub start_date: Option<Date>,
    /// Place that the trip left from.
    pub from: Option<String>,
    /// Place that the trip went to.
    pub to: Option<String>,
    /// What the trip is called.
    pub trip_name: Option<String>,
    /// Ledger account that it is booked on.
    pub ledger_account_id: Option<Id<Account>>,
    /// Full amount, in cents.
    pub amount: Option<i64>,
    /// Part to pay back to the employee, in cents.
    pub reimbursable_amount: Option<i64>,
    /// Currency it is paid back in, as an ISO code.
    pub reimbursable_currency: Option<String>,
    /// When it was marked as paid. Null before that.
    pub paid_at: Option<Date>,
    /// When it was submitted for review. Null for drafts.
    pub review_request_at: Option<Date>,
    /// Day that the allowance counts for.
    pub effective_on: Option<Date>,
    /// What the money went on.
    pub description: Option<String>,
    /// Kind of spending.
    pub category: Option<Category>,
    /// Finer kind of spending.
    pub subcategory: Option<String>,
    /// Budget it draws on, if any.
    pub budget_id: Option<Id<BudgetOption>>,
    /// Project it is charged to, if any.
    pub project_id: Option<Id<Project>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[(
        "exclude_drafts",
        Narrow::Flag(|_| narrow::not(Look::Equal("status", Datum::Text("draft".to_owned())))),
    )],
    ..Code::of("expenses/per_diems")
};

/// The objects of `rates`.
#[derive(Debug, Object)]
pub struct Rate {
    /// Allowance that the rate is part of.
    pub expenses_per_diem_id: Id<Anything>,
    /// Rate that the company has set up.
    pub rate_configuration_id: Id<Anything>,
    /// Its identifier.
    pub id: Option<Id<Anything>>,
    /// Days paid at this rate.
    pub total_days: Option<i64>,
    /// Money for those days, in cents.
    pub total_amount_cents: Option<i64>,
}
