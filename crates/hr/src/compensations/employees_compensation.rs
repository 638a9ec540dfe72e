//! `compensations/employees_compensations`

use engine::{Code, Context, Draft, Error, Object, Removal, Sets};
use registry::{Anything, Employee, Id, Instant, Resource};
use storage::Datum;

use super::payroll_run_employees_compensation as totals;
use crate::compensations::Concept;
use crate::compensations::PayrollRun;

/// Amount that an employee is to receive in a payroll run.
#[derive(Debug, Resource)]
#[resource(
    path = "compensations/employees_compensations",
    object = "compensations_employees_compensation",
    permission = "salaries",
    subject = "payroll_run_employee_id",
    operations(
        list(since = "2026-10-01"),
        read(since = "2026-10-01"),
        create(since = "2026-10-01"),
        update(since = "2026-10-01"),
        delete(since = "2026-10-01")
    )
)]
#[parameter(name = "cycle_ids[]", as = Id<Anything>, doc = "Restricts the list to runs of these cycles.")]
pub struct EmployeesCompensation {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<EmployeesCompensation>,
    /// Employee who takes part in the run.
    #[field(default(copy = "employee_id"), filter(any = "payroll_run_employee_ids[]"))]
    pub payroll_run_employee_id: Id<Employee>,
    /// Payroll concept it falls under.
    #[field(default(copy = "concept_id"), filter(any = "payroll_concept_ids[]"))]
    pub payroll_concept_id: Id<Concept>,
    /// Payroll run it is part of.
    #[field(create(required), filter(any = "payroll_run_ids[]"))]
    pub payroll_run_id: Id<PayrollRun>,
    /// Whether the amount is fixed, variable or paid by worked day.
    #[field(default = "compensations_fixed_amount_strategy")]
    pub amount_strategy_type: AmountStrategyType,
    /// Whether a person replaced the computed amount.
    #[field(default(copy = "is_overwritten"))]
    pub amount_is_overwritten: bool,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Amount that counts, in cents, replaced or computed.
    #[field(create, update)]
    pub amount: Option<i64>,
    /// Always compensation for these records.
    #[field(default = "compensation")]
    pub result_type: Option<ResultType>,
    /// Kind of record it came from. Empty when entered by hand.
    pub source_type: Option<SourceType>,
    /// Record it came from. Empty when entered by hand.
    pub source_id: Option<Id<Anything>>,
    /// Employee who added it, if known.
    pub created_by_employee_id: Option<Id<Employee>>,
    /// Employee who last changed it, if known.
    pub last_updated_by_employee_id: Option<Id<Employee>>,
    /// Employee who takes part in the run.
    #[field(input, create(required))]
    pub employee_id: Option<Id<Employee>>,
    /// Payroll concept it falls under.
    #[field(input, create(required))]
    pub concept_id: Option<Id<Concept>>,
    /// Whether the given amount replaces the computed one.
    #[field(input, create(required), update(required))]
    pub is_overwritten: Option<bool>,
    /// Whether the amount is fixed, variable or paid by worked day.
    #[field(input, create, update)]
    pub strategy_type: Option<AmountStrategyType>,
    /// Symbol of the unit, such as a currency code.
    #[field(input, create, update)]
    pub unit_symbol: Option<String>,
    /// Highest amount in cents, only when variable.
    #[field(input, create, update)]
    pub upper_limit: Option<i64>,
    /// Amount in cents for each worked day, only when paid by day.
    #[field(input, create, update)]
    pub per_day_rate: Option<i64>,
    /// Amount in cents that replaces the computed one. Refused for fixed amounts.
    #[field(input, update)]
    pub amount_overwritten: Option<i64>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    rule: Some(rule),
    effect: Some(|cx, id, old| match old {
        None => {
            let row = cx.objects(PATH, vec![id])?.remove(&id);
            totals::project(cx, "compensation", &row.iter().map(key).collect::<Vec<_>>())
        }
        Some(_) => Ok(()),
    }),
    removal: Some(|cx, row| {
        by_hand(row)?;
        totals::withdraw(cx, "compensation", PATH, row)?;
        Ok(Removal::Gone)
    }),
    filters: &[("cycle_ids[]", super::payroll_run::OF_CYCLES)],
    ..Code::of(PATH)
};

const PATH: &str = "compensations/employees_compensations";

fn key(row: &Object) -> Sets {
    totals::KEY.into_iter().map(|column| (column, row.get(column).clone())).collect()
}

/// What was taken over from another record is changed there.
fn by_hand(row: &Object) -> Result<(), Error> {
    if *row.get("source_id") == Datum::Null {
        return Ok(());
    }
    Err(Error::conflict("id", "has_source", "It comes from another record; change that."))
}

fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if let Some(old) = draft.old {
        by_hand(old)?;
    }
    let run = draft.int("payroll_run_id").unwrap_or_default();
    if cx.objects("compensations/payroll_runs", vec![run])?.get(&run).is_some_and(|run| run.flag("locked")) {
        return Err(Error::conflict("payroll_run_id", "locked", "The payroll run is locked."));
    }
    for (given, kept) in
        [("strategy_type", "amount_strategy_type"), ("is_overwritten", "amount_is_overwritten")]
    {
        if let Some(value) = draft.sets.get(given).filter(|value| **value != Datum::Null).cloned() {
            draft.sets.insert(kept, value);
        }
    }
    if let Some(replaced) =
        draft.sets.get("amount_overwritten").filter(|value| **value != Datum::Null).cloned()
    {
        if draft.text("amount_strategy_type") == Some("compensations_fixed_amount_strategy") {
            let why = "A fixed amount is changed itself.";
            return Err(Error::rule("amount_overwritten", "fixed_amount", why));
        }
        draft.sets.insert("amount", replaced);
    }
    if draft.flag("amount_is_overwritten") {
        draft.need("amount", "It must be given where it replaces what was worked out.")?;
    }
    let employee = cx.caller.employee.map_or(Datum::Null, Datum::Int);
    draft.begin("created_by_employee_id", || employee.clone());
    draft.sets.insert("last_updated_by_employee_id", employee);
    Ok(())
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
    /// The values of `result_type`.
    pub enum ResultType {
        Compensation = "compensation",
        PayrollResult = "payroll_result",
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
