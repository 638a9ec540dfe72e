//! `compensations/payroll_results`

use registry::{Action, Anything, Employee, Id, Instant, Object, Resource};

use crate::compensations::Concept;
use crate::compensations::PayrollRun;

/// Amount that payroll worked out for an employee in a run.
#[derive(Debug, Resource)]
#[resource(
    path = "compensations/payroll_results",
    object = "compensations_payroll_result",
    permission = "salaries",
    subject = "payroll_run_employee_id",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
#[parameter(name = "cycle_ids[]", as = Id<Anything>, doc = "Restricts the list to runs of these cycles.")]
pub struct PayrollResult {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PayrollResult>,
    /// Payroll run it is part of.
    #[field(filter(any = "payroll_run_ids[]"))]
    pub payroll_run_id: Id<PayrollRun>,
    /// Employee who takes part in the run.
    #[field(filter(any = "payroll_run_employee_ids[]"))]
    pub payroll_run_employee_id: Id<Employee>,
    /// Payroll concept it falls under.
    #[field(filter(any = "payroll_concept_ids[]"))]
    pub payroll_concept_id: Id<Concept>,
    /// Whether the amount is fixed, variable or paid by worked day.
    pub amount_strategy_type: AmountStrategyType,
    /// Whether a person replaced the computed amount.
    pub amount_is_overwritten: bool,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Amount that counts, in cents.
    pub amount: Option<i64>,
    /// Kind of record it came from. Empty when entered by hand.
    pub source_type: Option<SourceType>,
    /// Record it came from. Empty when entered by hand.
    pub source_id: Option<Id<Anything>>,
}

registry::choice! {
    /// The values of `amount_strategy_type`.
    pub enum AmountStrategyType {
        CompensationsFixedAmountStrategy = "compensations_fixed_amount_strategy",
        CompensationsPerWorkedDayAmountStrategy = "compensations_per_worked_day_amount_strategy",
        CompensationsVariableAmountStrategy = "compensations_variable_amount_strategy",
    }
}

registry::choice! {
    /// The values of `source_type`.
    pub enum SourceType {
        AttendanceReview = "attendance_review",
        BenefitsCompensation = "benefits_compensation",
        CompensationsCompensationpolicy = "compensations_compensationpolicy",
        ExpensesExpensable = "expenses_expensable",
        ExpensesExpense = "expenses_expense",
        ExpensesMileage = "expenses_mileage",
        IncentivesCompensationplanrequest = "incentives_compensationplanrequest",
        SalaryAdvanceRequest = "salary_advance_request",
        TimesettingsCustomtimerangecategory = "timesettings_customtimerangecategory",
    }
}

/// The objects of `results`.
#[derive(Debug, Object)]
pub struct Result {
    /// Employee whose results are given.
    pub employee_id: Id<Employee>,
    /// Results of the employee, one for each concept.
    pub items: Vec<Item>,
}

/// The objects of `items`.
#[derive(Debug, Object)]
pub struct Item {
    /// Payroll concept of the result.
    pub payroll_concept_id: Id<Concept>,
    /// Amount of the result, in cents.
    pub amount: i64,
}

/// Records the results of several employees in one payroll run.
#[derive(Debug, Action)]
#[action(of = PayrollResult, name = "bulk_create", since = "2026-10-01")]
pub struct BulkCreate {
    /// Payroll run that the results belong to.
    pub payroll_run_id: Id<PayrollRun>,
    /// Results grouped by employee.
    pub results: Vec<Result>,
}
