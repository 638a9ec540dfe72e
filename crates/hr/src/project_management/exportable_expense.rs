//! `project_management/exportable_expenses`

use registry::{Anything, Date, Id, Resource};

/// Row of the project expense report, with names instead of ids.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/exportable_expenses",
    object = "project_management_exportable_expense",
    permission = "project_management",
    computed,
    operations(list)
)]
#[parameter(name = "project_ids[]", as = Id<Anything>, doc = "Only expenses of these projects.", required)]
pub struct ExportableExpense {
    /// Full name of the person who spent the money.
    pub employee_name: String,
    /// Day of the expense.
    #[field(filter(from = "start_date"(required, as = String)), filter(to = "end_date"(required, as = String)))]
    pub date: Option<Date>,
    /// Project that bears the cost.
    pub project_name: Option<String>,
    /// Subproject that bears the cost, if there is one.
    pub subproject_name: Option<String>,
    /// Name the person likes to be called by.
    pub preferred_name: Option<String>,
    /// Sum spent, as decimal text.
    pub amount: Option<String>,
    /// Currency of the amount.
    pub currency: Option<String>,
    /// Main category of the expense.
    pub expense_category: Option<String>,
    /// Finer category below the main one.
    pub expense_subcategory: Option<String>,
    /// Where the expense stands in its approval and payment.
    pub expense_status: Option<String>,
    /// Web address where the expense can be opened.
    pub expense_link: Option<String>,
}
