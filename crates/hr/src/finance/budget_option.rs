//! `finance/budget_options`

use engine::{Code, Narrow};
use registry::{Employee, Id, Instant, Resource};

use crate::companies::LegalEntity;

/// A budget that spending can be charged to.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/budget_options",
    object = "finance_budget_option",
    permission = "finance",
    operations(list, read)
)]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Only budgets that one of these employees may use.")]
#[parameter(name = "effective_at", as = Instant, doc = "Only budgets in force at this moment.")]
#[parameter(name = "include_inactive", as = bool, doc = "Adds budgets that are not in force.", required)]
#[parameter(name = "include_archived", as = bool, doc = "Adds budgets that have been archived.", required)]
pub struct BudgetOption {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<BudgetOption>,
    /// What the budget is called.
    pub name: String,
    /// Currency of the budget, as an ISO code.
    pub currency: String,
    /// Legal entity that holds the budget.
    pub legal_entity_id: Id<LegalEntity>,
    /// Free explanation of the budget.
    pub description: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[
        (
            "employee_ids[]",
            Narrow::through("legal_entity_id", "employees/employees", "legal_entity_id", "id"),
        ),
        ("effective_at", Narrow::Idle),
        ("include_inactive", Narrow::Idle),
        ("include_archived", Narrow::Idle),
    ],
    ..Code::of("finance/budget_options")
};
