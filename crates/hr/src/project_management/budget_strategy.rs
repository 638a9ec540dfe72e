//! `project_management/budget_strategies`

use engine::{Code, Narrow};
use registry::{Id, Resource};
use storage::Look;

use crate::project_management::Project;
use crate::project_management::Subproject;

/// How the money and time of a project or subproject are budgeted.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/budget_strategies",
    object = "project_management_budget_strategy",
    permission = "project_management",
    operations(list, read, create, update, delete)
)]
#[parameter(name = "without_subproject", as = bool, doc = "True leaves out the budgets of subprojects.")]
pub struct BudgetStrategy {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<BudgetStrategy>,
    /// Fixed cost, total budget by time and materials, or no budget.
    #[field(default = "without_budget")]
    pub budget_type: BudgetType,
    /// Project that is budgeted.
    #[field(create(required), filter(any = "project_ids[]"))]
    pub project_id: Id<Project>,
    /// Whether the subprojects carry the budget in place of the project.
    #[field(create, update, default = false)]
    pub delegated: bool,
    /// Budgeted amount in cents, unless there is no budget.
    #[field(create, update)]
    pub planned_cents: Option<i64>,
    /// Budgeted time in minutes, for a total budget.
    #[field(create, update)]
    pub planned_minutes: Option<i64>,
    /// Price charged to the client in cents, when work is billable.
    #[field(create, update)]
    pub fee_amount_cents: Option<i64>,
    /// Subproject that is budgeted. Empty for the project itself.
    #[field(create, filter(any = "subproject_ids[]"))]
    pub subproject_id: Option<Id<Subproject>>,
    /// Kind of budget, shown as budget_type when read.
    #[field(input, create(required), update)]
    pub budget_strategy_type: Option<BudgetType>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    renames: &[("budget_strategy_type", "budget_type")],
    filters: &[("without_subproject", Narrow::Flag(|_| Look::Null("subproject_id")))],
    ..Code::of("project_management/budget_strategies")
};

registry::choice! {
    /// The values of `budget_type`.
    pub enum BudgetType {
        ProjectFixedCost = "project_fixed_cost",
        TotalBudget = "total_budget",
        WithoutBudget = "without_budget",
    }
}
