//! `compensations/additional_compensations`

use engine::{Code, Context, Derived, Draft, Error, Narrow};
use registry::{Anything, Company, Date, Employee, Id, Instant, Object, Resource};

use crate::compensations::Concept;
use crate::contracts::ContractVersion;

/// Extra pay that a contract version grants under a payroll concept.
#[derive(Debug, Resource)]
#[resource(
    path = "compensations/additional_compensations",
    object = "compensations_additional_compensation",
    permission = "salaries",
    subject = "contract_version_id.employee_id",
    operations(
        list(since = "2026-10-01"),
        read(since = "2026-10-01"),
        create(since = "2026-10-01"),
        update(since = "2026-10-01"),
        delete(since = "2026-10-01")
    )
)]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Narrows the list by values that are worked out.")]
pub struct AdditionalCompensation {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<AdditionalCompensation>,
    /// Contract version that grants it.
    #[field(create(required), filter(any = "contract_version_ids[]"))]
    pub contract_version_id: Id<ContractVersion>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Payroll concept it falls under.
    #[field(create(required), filter(any = "payroll_concept_ids[]"))]
    pub payroll_concept_id: Id<Concept>,
    /// Employee who receives it, known from the contract version.
    #[field(derived)]
    pub employee_id: Id<Employee>,
    /// Whether the amount is fixed, variable or paid by worked day.
    #[field(create(required), update)]
    pub amount_strategy_type: AmountStrategyType,
    /// Record that holds the rule for the amount: one for each, with the same number.
    #[field(derived)]
    pub amount_strategy_id: Id<Anything>,
    /// Which worked days earn it, when paid by worked day.
    #[field(create(required), update(required))]
    pub per_worked_day_definition: PerWorkedDayDefinition,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// How often it is paid.
    #[field(create(as = Recurrence), update(as = Recurrence))]
    pub recurrence: Option<String>,
    /// Day of the first payment.
    #[field(create, update)]
    pub first_payment_on: Option<Date>,
    /// Note about the extra pay.
    #[field(create, update)]
    pub description: Option<String>,
    /// Amount in cents, unless it is variable.
    #[field(create, update)]
    pub amount: Option<i64>,
    /// Highest amount in cents, only when variable.
    #[field(create, update)]
    pub upper_limit: Option<i64>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::through("employee_id", "contract_version_id", "contracts/contract_versions", "employee_id"),
        Derived::row("amount_strategy_id", |facts| facts.int("id").into()),
    ],
    rule: Some(rule),
    filters: &[(
        "employee_ids[]",
        Narrow::through("contract_version_id", "contracts/contract_versions", "id", "employee_id"),
    )],
    ..Code::of("compensations/additional_compensations")
};

/// A fixed amount, or one for a day, is said; a variable one has a limit at most. Nothing is paid before the month in
/// which the conditions begin.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let variable = draft.text("amount_strategy_type") == Some("contracts_variable_amount_strategy");
    if !variable {
        draft.need("amount", "It must be given unless the amount is variable.")?;
    }
    for column in ["amount", "upper_limit"] {
        if draft.int(column).is_some_and(|cents| cents < 0) {
            return Err(Error::rule(column, "negative", "Pay is not less than nothing."));
        }
    }
    let Some(first) = draft.date("first_payment_on").filter(|_| draft.changes("first_payment_on")) else {
        return Ok(());
    };
    let version = draft.int("contract_version_id").unwrap_or_default();
    let version = cx.objects("contracts/contract_versions", vec![version])?.remove(&version);
    match version.and_then(|version| version.date("effective_on")) {
        Some(day) if first < day.first_of_month() => {
            let message = format!("The conditions that grant it hold from {day} on.");
            Err(Error::rule("first_payment_on", "before_start", message))
        }
        _ => Ok(()),
    }
}

registry::choice! {
    /// The values of `amount_strategy_type`.
    pub enum AmountStrategyType {
        ContractsFixedAmountStrategy = "contracts_fixed_amount_strategy",
        ContractsPerWorkedDayAmountStrategy = "contracts_per_worked_day_amount_strategy",
        ContractsVariableAmountStrategy = "contracts_variable_amount_strategy",
    }
}

/// The objects of `per_worked_day_definition`.
#[derive(Debug, Object)]
pub struct PerWorkedDayDefinition {
    /// Where the worked days are taken from.
    pub calculation_source: String,
    /// Period whose worked days are counted.
    pub reference_time: String,
    /// Shortest work that makes a day count, in minutes.
    pub minimum_amount_of_hours_in_minutes: Option<i64>,
    /// Places of work that count.
    pub work_locations: Option<Vec<String>>,
    /// Leave types taken into account.
    pub timeoff_leave_type_ids: Option<Vec<Id<Anything>>>,
    /// Kinds of days that count.
    pub eligible_days: Option<Vec<String>>,
}

registry::choice! {
    /// The values of `recurrence`.
    pub enum Recurrence {
        Every10Months = "every_10_months",
        Every11Months = "every_11_months",
        Every12Months = "every_12_months",
        Every2Months = "every_2_months",
        Every3Months = "every_3_months",
        Every4Months = "every_4_months",
        Every5Months = "every_5_months",
        Every6Months = "every_6_months",
        Every7Months = "every_7_months",
        Every8Months = "every_8_months",
        Every9Months = "every_9_months",
        Monthly = "monthly",
    }
}
