//! `timeoff/allowances`

use engine::{
    Answer, Code, Context, Derived, Draft, Error, Facts, Input, Narrow, Object as Row, Removal, Sets,
};
use registry::{Action, Anything, Id, Object, Resource};
use serde_json::{Value, json};
use storage::{Datum, Look};

use crate::timeoff::LeaveType;
use crate::timeoff::Policy;

/// An entitlement to time off within a policy, with its accrual rules.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/allowances",
    object = "timeoff_allowance",
    permission = "timeoff",
    operations(list, read, create, update, delete)
)]
#[parameter(name = "by_overtime", as = bool, doc = "True keeps only allowances fed by overtime. False does nothing.")]
pub struct Allowance {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Allowance>,
    /// Whether units are days or hours.
    #[field(create(required))]
    pub allowance_type: AllowanceType,
    /// When the units of a cycle become available.
    #[field(create(required), update)]
    pub available_days: AvailableDay,
    /// Whether leave on a company holiday is charged.
    #[field(create(required), update)]
    pub count_holiday_as_workable: bool,
    /// Leave types that draw on this allowance.
    #[field(create(required), update)]
    pub leave_type_ids: Vec<Id<LeaveType>>,
    /// Title of the allowance.
    #[field(create(required), update)]
    pub name: String,
    /// Whether the grant shrinks for part of a cycle.
    #[field(create(required), update)]
    pub proration_type: ProrationType,
    /// How fractions of accrued units are rounded.
    #[field(create(required), update)]
    pub rounding: Rounding,
    /// Extra grants for length of service.
    #[field(create(required, as = Vec<CreateTenurePeriod>), update(as = Vec<UpdateTenurePeriod>))]
    pub tenure_periods: Vec<TenurePeriod>,
    /// First and last month of the cycle, in short form.
    #[field(derived)]
    pub timeoff_cycle: String,
    /// Policy that holds the allowance.
    #[field(create(required), filter(eq = "timeoff_policy_id"))]
    pub timeoff_policy_id: Id<Policy>,
    /// Worked units needed per grant, in hundredths. Worked-time allowances only.
    #[field(create, update)]
    pub accrued_denominator_in_cents: Option<i64>,
    /// Units granted per block worked, in hundredths. Worked-time allowances only.
    #[field(create, update)]
    pub accrued_factor_in_cents: Option<i64>,
    /// Whether earned units can be spent this cycle or the next.
    #[field(create(required))]
    pub accrued_units_availability: Option<AccruedUnitsAvailability>,
    /// Most units that move to the next cycle.
    #[field(derived)]
    pub carry_over_days: Option<i64>,
    /// Most units that move to the next cycle, in hundredths.
    #[field(create, update)]
    pub carry_over_units_in_cents: Option<i64>,
    /// Length of a cycle, in months.
    #[field(create)]
    pub cycle_length: Option<i64>,
    /// Month that opens the cycle, or the hiring date.
    #[field(create(required, as = CycleStart))]
    pub cycle_start: Option<String>,
    /// How the days of a leave are counted.
    #[field(create(required), update)]
    pub days_type: Option<DaysType>,
    /// First year in which units are carried over.
    pub employee_carry_over_starting_year: Option<i64>,
    /// Months until carried units are lost.
    #[field(create, update)]
    pub expire_in_months: Option<i64>,
    /// Whether cycles are yearly, of some months, or only one.
    #[field(create, update)]
    pub frequency: Option<Frequency>,
    /// Units granted per cycle, in hundredths of a unit.
    #[field(create(required), update)]
    pub holiday_allowance_in_cents: Option<i64>,
    /// Ceiling for accrued units, in hundredths.
    #[field(create, update)]
    pub maximum_amount_in_cents: Option<i64>,
    /// Whether the balance may fall below zero.
    #[field(create(required), update)]
    pub negative_counter_type: Option<NegativeCounterType>,
    /// Place in the list on screen.
    #[field(create, update)]
    pub position: Option<i64>,
    /// Whether granted days are scaled to time employed.
    #[field(create(required), update)]
    pub pto_proratio_enabled: Option<bool>,
    /// Whether non-working days after a leave are charged too.
    #[field(create, update)]
    pub range_type: Option<RangeType>,
    /// Whether people hear of changes to the allowance.
    pub send_notification: Option<bool>,
    /// Where units come from: a grant, worked time or overtime.
    #[field(create(required))]
    pub source_units: Option<SourceUnit>,
    /// When a newly reached tenure takes effect.
    #[field(create, update)]
    pub tenure_period_transition: Option<TenurePeriodTransition>,
    /// Whether length of service adds units.
    #[field(create, update)]
    pub tenure_periods_enabled: Option<bool>,
    /// Whether accrual has no ceiling.
    #[field(create(required), update)]
    pub unlimited_accrued_hours: Option<bool>,
    /// Whether any amount can be carried over.
    #[field(create(required), update)]
    pub unlimited_carry_over: Option<bool>,
    /// Whether carried units never expire.
    #[field(create(required), update)]
    pub unlimited_carry_over_expiration: Option<bool>,
    /// Whether there is no limit on time off.
    #[field(create(required), update)]
    pub unlimited_holidays: Option<bool>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::row("timeoff_cycle", |facts| cycle(facts).into()),
        Derived::row("carry_over_days", |facts| {
            facts.int("carry_over_units_in_cents").map(|units| units / 100).into()
        }),
    ],
    rule: Some(rule),
    removal: Some(removal),
    actions: &[("delete_with_alt_allowance", delete_with_alternative)],
    filters: &[(
        "by_overtime",
        Narrow::Flag(|_| Look::Equal("source_units", Datum::Text("overtime_units".to_owned()))),
    )],
    ..Code::of("timeoff/allowances")
};

const ALLOWANCES: &str = "timeoff/allowances";
const CORRECTIONS: &str = "timeoff/allowance_incidences";

/// What an allowance may be: within a policy a leave type draws on one allowance, and what makes its cycles never changes.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let amounts = [
        "holiday_allowance_in_cents",
        "carry_over_units_in_cents",
        "maximum_amount_in_cents",
        "expire_in_months",
        "accrued_factor_in_cents",
    ];
    if let Some(field) = amounts.into_iter().find(|field| draft.int(field).is_some_and(|value| value < 0)) {
        return Err(Error::rule(field, "negative", "It cannot be less than nothing."));
    }
    if draft.text("source_units") == Some("by_worked_time") && draft.text("allowance_type") != Some("hours") {
        let message = "What grows with hours worked is counted in hours.";
        return Err(Error::rule("allowance_type", "worked_time_in_hours", message));
    }
    if draft.text("frequency") == Some("monthly_flexible")
        && draft.int("cycle_length").is_none_or(|months| months < 1)
    {
        let message = "Cycles of some months need to know of how many.";
        return Err(Error::rule("cycle_length", "cycle_length_required", message));
    }
    tenure(draft)?;
    let own = draft.old.and_then(|old| old.int("id"));
    let Some(policy) = draft.int("timeoff_policy_id") else { return Ok(()) };
    let listed = draft.text("leave_type_ids").and_then(|list| serde_json::from_str::<Vec<String>>(list).ok());
    let types: Vec<i64> = listed.unwrap_or_default().iter().filter_map(|id| id.parse().ok()).collect();
    let others = cx.facts(ALLOWANCES, &[Look::Equal("timeoff_policy_id", Datum::Int(policy))])?;
    let others = others.iter().filter(|other| other.int("id") != own);
    let taken = |other: &Row| other.ids("leave_type_ids").iter().any(|id| types.contains(id));
    if let Some(other) = others.into_iter().find(|other| taken(other)) {
        let name = other.text("name").unwrap_or_default();
        let message = format!("The allowance {name} of the policy has one of these kinds of leave already.");
        return Err(Error::rule("leave_type_ids", "type_in_other_allowance", message));
    }
    Ok(())
}

/// Periods of service as they are kept: each with an id; what an update does not name is taken away only where it says so.
fn tenure(draft: &mut Draft<'_>) -> Result<(), Error> {
    let Some(Datum::Text(given)) = draft.sets.get("tenure_periods") else { return Ok(()) };
    let given: Vec<Value> = serde_json::from_str(given).unwrap_or_default();
    let mut kept: Vec<Value> = match draft.old.map(|old| old.json("tenure_periods")) {
        Some(Value::Array(old)) => old,
        _ => Vec::new(),
    };
    let mut next =
        kept.iter().filter_map(|one| one["id"].as_str()?.parse::<i64>().ok()).max().unwrap_or(0) + 1;
    for one in given {
        let known = one["id"].as_str().and_then(|id| kept.iter().position(|kept| kept["id"] == id));
        match known {
            Some(at) if one["_destroy"] == true => {
                kept.remove(at);
            }
            Some(at) => {
                for name in TENURE {
                    if !one[name].is_null() {
                        kept[at][name] = one[name].clone();
                    }
                }
            }
            None if one["_destroy"] == true => {}
            None => {
                let mut made = json!({ "id": next.to_string() });
                next += 1;
                for name in TENURE {
                    made[name] = one[name].clone();
                }
                for (name, value) in [("period_type", "years"), ("balance_type", "fixed_balance")] {
                    if made[name].is_null() {
                        made[name] = value.into();
                    }
                }
                kept.push(made);
            }
        }
    }
    if kept.iter().any(|one| one["period_length"].as_i64().is_none_or(|length| length < 0)) {
        let message = "A period of service needs a length.";
        return Err(Error::rule("tenure_periods", "tenure_length_required", message));
    }
    draft.sets.insert("tenure_periods", Datum::Text(Value::Array(kept).to_string()));
    Ok(())
}

/// Members of a period of service.
const TENURE: [&str; 7] = [
    "period_type",
    "balance_type",
    "period_length",
    "adjustment_in_cents",
    "time_worked_based_hours_accrued_in_cents",
    "time_worked_based_per_hours_worked_in_cents",
    "max_cap_in_cents",
];

/// What was corrected must go somewhere, and a policy has at least one allowance.
fn removal(cx: &mut Context<'_, '_>, allowance: &Row) -> Result<Removal, Error> {
    let id = allowance.int("id").unwrap_or_default();
    if !cx.facts(CORRECTIONS, &[Look::Equal("timeoff_allowance_id", Datum::Int(id))])?.is_empty() {
        let message = "It has corrections. Delete it with another allowance that takes them over.";
        return Err(Error::conflict("id", "alternative_required", message));
    }
    not_the_last(cx, allowance)?;
    Ok(Removal::Gone)
}

fn not_the_last(cx: &mut Context<'_, '_>, allowance: &Row) -> Result<(), Error> {
    let policy = allowance.int("timeoff_policy_id").unwrap_or_default();
    let in_use = !cx
        .facts("timeoff/policy_assignments", &[Look::Equal("timeoff_policy_id", Datum::Int(policy))])?
        .is_empty();
    let all = cx.facts(ALLOWANCES, &[Look::Equal("timeoff_policy_id", Datum::Int(policy))])?;
    if in_use && all.len() < 2 {
        let message = "It is the only allowance of a policy that people are under.";
        return Err(Error::conflict("id", "last_allowance", message));
    }
    Ok(())
}

/// Deletes an allowance; another one of its unit takes over its corrections and its kinds of leave stay without a balance.
fn delete_with_alternative(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let (id, other) = (input.id("id"), input.id("alt_allowance_id"));
    let plan = cx.plan(ALLOWANCES)?;
    let allowance = cx.own(plan, id)?;
    if id == other {
        let message = "It must be another allowance.";
        return Err(Error::rule("alt_allowance_id", "same_allowance", message));
    }
    let found = cx.objects(ALLOWANCES, vec![other])?;
    let alternative = found.get(&other).ok_or(Error::NotFound)?;
    if alternative.text("allowance_type") != allowance.text("allowance_type") {
        let message = "The other allowance counts in another unit.";
        return Err(Error::rule("alt_allowance_id", "other_unit", message));
    }
    not_the_last(cx, &allowance)?;
    let body = cx.read(plan, id)?;
    let corrections = [Look::Equal("timeoff_allowance_id", Datum::Int(id))];
    cx.change(CORRECTIONS, &corrections, Sets::from([("timeoff_allowance_id", Datum::Int(other))]))?;
    cx.remove(ALLOWANCES, &[Look::Equal("id", Datum::Int(id))])?;
    Ok(Answer::Body(body))
}

/// The months between which a cycle runs; without a fixed first month it runs from the day of hiring.
fn cycle(facts: &Facts<'_>) -> String {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = facts.text("cycle_start").unwrap_or("jan");
    let Some(first) = MONTHS.iter().position(|month| *month == start) else { return start.to_owned() };
    let months = facts.int("cycle_length").filter(|months| *months > 0).unwrap_or(12);
    let last = usize::try_from((months - 1) % 12).map_or(first, |rest| (first + rest) % 12);
    format!("{start}-{}", MONTHS[last])
}

registry::choice! {
    /// The values of `allowance_type`.
    pub enum AllowanceType {
        Days = "days",
        Hours = "hours",
    }
}

registry::choice! {
    /// The values of `available_days`.
    pub enum AvailableDay {
        AllDays = "all_days",
        BimonthlyFifteenthAndLast = "bimonthly_fifteenth_and_last",
        BimonthlyFirstAndFifteenth = "bimonthly_first_and_fifteenth",
        GeneratedDays = "generated_days",
        GeneratedDaysMonthly = "generated_days_monthly",
        GeneratedDaysMonthlyFirstDay = "generated_days_monthly_first_day",
        Mensiversary = "mensiversary",
        MonthlyFifteenth = "monthly_fifteenth",
    }
}

registry::choice! {
    /// The values of `proration_type`.
    pub enum ProrationType {
        ProrationDisabled = "proration_disabled",
        ProrationEnabled = "proration_enabled",
    }
}

registry::choice! {
    /// The values of `rounding`.
    pub enum Rounding {
        Decimals = "decimals",
        HalfDay = "half_day",
        Quarters = "quarters",
        RoundUp = "round_up",
    }
}

/// The objects of `tenure_periods`.
#[derive(Debug, Object)]
pub struct TenurePeriod {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Whether the tenure is measured in months or years.
    pub period_type: PeriodType,
    /// Whether extra units are fixed or earned by hours worked.
    pub balance_type: BalanceType,
    /// Months or years of service needed.
    pub period_length: Option<i64>,
    /// Extra units granted, in hundredths of a day or hour.
    pub adjustment_in_cents: Option<i64>,
    /// Hours earned per block worked, in hundredths of an hour.
    pub time_worked_based_hours_accrued_in_cents: Option<i64>,
    /// Hours in one block worked, in hundredths of an hour.
    pub time_worked_based_per_hours_worked_in_cents: Option<i64>,
    /// Most that the period can grant, in hundredths of a unit.
    pub max_cap_in_cents: Option<i64>,
}

registry::choice! {
    /// The values of `period_type`.
    pub enum PeriodType {
        Months = "months",
        Years = "years",
    }
}

registry::choice! {
    /// The values of `balance_type`.
    pub enum BalanceType {
        FixedBalance = "fixed_balance",
        TimeWorkedBased = "time_worked_based",
    }
}

/// The objects of `tenure_periods`.
#[derive(Debug, Object)]
pub struct CreateTenurePeriod {
    /// Whether extra units are fixed or earned by hours worked.
    pub balance_type: BalanceType,
    /// Months or years of service needed.
    pub period_length: i64,
    /// Whether the tenure is measured in months or years.
    pub period_type: PeriodType,
    /// Extra units granted, in hundredths of a day or hour.
    pub adjustment_in_cents: Option<i64>,
    /// Most that the period can grant, in hundredths of a unit.
    pub max_cap_in_cents: Option<i64>,
    /// Provisional id that the caller gives to a new period.
    pub temp_id: Option<Id<Anything>>,
    /// Hours earned per block worked, in hundredths of an hour.
    pub time_worked_based_hours_accrued_in_cents: Option<i64>,
    /// Hours in one block worked, in hundredths of an hour.
    pub time_worked_based_per_hours_worked_in_cents: Option<i64>,
}

/// The objects of `tenure_periods`.
#[derive(Debug, Object)]
pub struct UpdateTenurePeriod {
    /// Its identifier.
    pub id: Option<Id<Anything>>,
    /// Extra units granted, in hundredths of a day or hour.
    pub adjustment_in_cents: Option<i64>,
    /// Whether extra units are fixed or earned by hours worked.
    pub balance_type: Option<BalanceType>,
    /// Most that the period can grant, in hundredths of a unit.
    pub max_cap_in_cents: Option<i64>,
    /// Months or years of service needed.
    pub period_length: Option<i64>,
    /// Whether the tenure is measured in months or years.
    pub period_type: Option<PeriodType>,
    /// Provisional id that the caller gives to a new period.
    pub temp_id: Option<Id<Anything>>,
    /// Hours earned per block worked, in hundredths of an hour.
    pub time_worked_based_hours_accrued_in_cents: Option<i64>,
    /// Hours in one block worked, in hundredths of an hour.
    pub time_worked_based_per_hours_worked_in_cents: Option<i64>,
    /// True removes the period.
    pub _destroy: Option<bool>,
}

registry::choice! {
    /// The values of `accrued_units_availability`.
    pub enum AccruedUnitsAvailability {
        CurrentCycle = "current_cycle",
        NextCycle = "next_cycle",
    }
}

registry::choice! {
    /// The values of `cycle_start`.
    pub enum CycleStart {
        Apr = "apr",
        Aug = "aug",
        Dec = "dec",
        EmployeeHiredDate = "employee_hired_date",
        Feb = "feb",
        Jan = "jan",
        Jul = "jul",
        Jun = "jun",
        Mar = "mar",
        May = "may",
        Nov = "nov",
        Oct = "oct",
        Sep = "sep",
    }
}

registry::choice! {
    /// The values of `days_type`.
    pub enum DaysType {
        FrenchCalendarDays = "french_calendar_days",
        FrenchOuvres = "french_ouvres",
        NaturalDays = "natural_days",
        NaturalDaysOnlyRange = "natural_days_only_range",
        WorkingDays = "working_days",
    }
}

registry::choice! {
    /// The values of `frequency`.
    pub enum Frequency {
        Lifetime = "lifetime",
        MonthlyFlexible = "monthly_flexible",
        Yearly = "yearly",
    }
}

registry::choice! {
    /// The values of `negative_counter_type`.
    pub enum NegativeCounterType {
        NegativeCounterDisabled = "negative_counter_disabled",
        NegativeCounterEnabled = "negative_counter_enabled",
    }
}

registry::choice! {
    /// The values of `range_type`.
    pub enum RangeType {
        ExactRange = "exact_range",
        ExtraNonWorkingDaysAtEnd = "extra_non_working_days_at_end",
    }
}

registry::choice! {
    /// The values of `source_units`.
    pub enum SourceUnit {
        BaseUnits = "base_units",
        ByWorkedTime = "by_worked_time",
        OvertimeUnits = "overtime_units",
    }
}

registry::choice! {
    /// The values of `tenure_period_transition`.
    pub enum TenurePeriodTransition {
        AfterMilestone = "after_milestone",
        BeginningOfCycle = "beginning_of_cycle",
        EndOfCycle = "end_of_cycle",
    }
}

/// Deletes an allowance and moves its corrections to another one.
#[derive(Debug, Action)]
#[action(of = Allowance, name = "delete_with_alt_allowance")]
pub struct DeleteWithAltAllowance {
    /// Allowance to delete.
    pub id: Id<Allowance>,
    /// Allowance that receives the corrections.
    pub alt_allowance_id: Id<Allowance>,
}
