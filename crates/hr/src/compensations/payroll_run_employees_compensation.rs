//! `compensations/payroll_run_employees_compensations`

use registry::{Anything, Employee, Id, Instant, Resource};

use crate::compensations::Concept;
use crate::compensations::PayrollRun;

/// Total of one concept for an employee within a payroll run.
#[derive(Debug, Resource)]
#[resource(
    path = "compensations/payroll_run_employees_compensations",
    object = "compensations_payroll_run_employees_compensation",
    permission = "salaries",
    subject = "payroll_run_employee_id",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
#[parameter(name = "legal_entity_ids[]", as = Id<Anything>, doc = "Restricts the list to employees of these legal entities.")]
pub struct PayrollRunEmployeesCompensation {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PayrollRunEmployeesCompensation>,
    /// Employee who takes part in the run.
    #[field(filter(any = "payroll_run_employee_ids[]"))]
    pub payroll_run_employee_id: Id<Employee>,
    /// Payroll concept it falls under.
    #[field(filter(any = "payroll_concept_ids[]"))]
    pub payroll_concept_id: Id<Concept>,
    /// Payroll run it is part of.
    #[field(filter(any = "payroll_run_ids[]"))]
    pub payroll_run_id: Id<PayrollRun>,
    /// Whether it was entered for payroll or worked out by it.
    #[field(filter(eq = "result_type"(as = ResultType)))]
    pub result_type: String,
    /// Whether the amount is fixed, variable or paid by worked day.
    pub amount_strategy_type: AmountStrategyType,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Total in cents.
    #[field(derived)]
    pub amount: Option<i64>,
}

registry::choice! {
    /// The values of `result_type`.
    pub enum ResultType {
        Compensation = "compensation",
        PayrollResult = "payroll_result",
    }
}

registry::choice! {
    /// The values of `amount_strategy_type`.
    pub enum AmountStrategyType {
        CompensationsFixedAmountStrategy = "compensations_fixed_amount_strategy",
        CompensationsPerWorkedDayAmountStrategy = "compensations_per_worked_day_amount_strategy",
        CompensationsVariableAmountStrategy = "compensations_variable_amount_strategy",
    }
}
