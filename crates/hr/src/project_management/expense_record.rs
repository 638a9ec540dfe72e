//! `project_management/expense_records`

use engine::{Code, Context, Error, Narrow};
use registry::{Anything, Date, Id, Resource};
use storage::Look;

use crate::expenses::Expense;
use crate::project_management::ProjectWorker;
use crate::project_management::Subproject;

/// Share of an employee's expense that counts towards a project.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/expense_records",
    object = "project_management_expense_record",
    permission = "project_management",
    subject = "project_worker_id.employee_id",
    operations(list, read)
)]
#[parameter(name = "project_ids[]", as = Id<Anything>, doc = "Only costs of these projects.")]
#[parameter(name = "employee_user_name_like", as = String, doc = "Only costs of people whose name contains this text.")]
pub struct ExpenseRecord {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ExpenseRecord>,
    /// Project membership of the person who spent the money.
    #[field(filter(any = "project_worker_ids[]"))]
    pub project_worker_id: Id<ProjectWorker>,
    /// Expense that the cost comes from.
    #[field(filter(any = "expense_ids[]"))]
    pub expense_id: Id<Expense>,
    /// Subproject that bears the cost.
    #[field(filter(any = "subproject_ids[]"))]
    pub subproject_id: Option<Id<Subproject>>,
    /// Currency in which the money was spent.
    pub original_amount_currency: Option<String>,
    /// Amount in cents of the currency spent.
    pub original_amount_cents: Option<i64>,
    /// Currency that the legal entity keeps its books in.
    pub legal_entity_amount_currency: Option<String>,
    /// Amount in cents of the legal entity's currency.
    pub legal_entity_amount_cents: Option<String>,
    /// Day the cost is booked on.
    #[field(filter(from = "start_date"(as = String)), filter(to = "end_date"(as = String)))]
    pub effective_on: Option<Date>,
    /// Factor from the currency spent to the legal entity's.
    pub exchange_rate: Option<f64>,
    /// Where the expense stands in its approval and payment.
    pub status: Option<String>,
    /// When it was last changed.
    #[field(input, filter(from = "updated_after"(as = String)))]
    pub updated_at: Option<registry::Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[
        (
            "project_ids[]",
            Narrow::through("project_worker_id", "project_management/project_workers", "id", "project_id"),
        ),
        ("employee_user_name_like", Narrow::Code(of_people_called)),
    ],
    ..Code::of("project_management/expense_records")
};

fn of_people_called(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let person = cx.among("employee_id", "employees/employees", "id", super::called(values))?;
    Ok(vec![cx.among("project_worker_id", "project_management/project_workers", "id", vec![person])?])
}
