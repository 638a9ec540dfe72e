//! `timeoff/allowances`

use engine::{Code, Derived, Facts};
use registry::{Action, Anything, Id, Object, Resource};

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
    ..Code::of("timeoff/allowances")
};

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
