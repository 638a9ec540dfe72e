//! `timeoff/allowance_stats`

use registry::{Anything, Date, Employee, Id, Instant, Object, Resource};

use crate::timeoff::Allowance;

/// Counters of one allowance for one employee on a given day.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/allowance_stats",
    object = "timeoff_allowance_stats_new",
    permission = "timeoff",
    computed,
    subject = "employee_id",
    operations(list, read)
)]
#[parameter(name = "reference_date", as = String, doc = "Day to count for, today if not given.")]
#[parameter(name = "simulate_policy_change_to_id", as = Id<Anything>, doc = "Policy to assume from the day after the reference date. Nothing is saved.", since = "2026-10-01")]
pub struct AllowanceStatsNew {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: String,
    /// Allowance that is counted.
    #[field(filter(any = "allowance_ids[]"))]
    pub allowance_id: Id<Allowance>,
    /// Whose counters these are.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Calendar year that the reference date falls in.
    #[field(derived)]
    pub year: i64,
    /// Accrual cycles of the allowance, with their bounds.
    #[field(derived)]
    pub cycles: Vec<Cycle>,
    /// Units brought over from each earlier cycle.
    #[field(derived, since = "2026-07-01")]
    pub cycle_carry_overs: Vec<CycleCarryOver>,
    /// Sum of units brought over from past cycles.
    #[field(derived)]
    pub accumulated_carry_over: String,
    /// Units still free to use on the reference date.
    #[field(derived)]
    pub available_days: String,
    /// Units earned so far, up to the reference date.
    #[field(derived)]
    pub total_accrued_units: String,
    /// Accrued after cap and rounding, plus carry-over and corrections.
    #[field(derived)]
    pub total: String,
    /// Sum of all manual corrections, in units.
    #[field(derived)]
    pub incidences: String,
    /// Corrections of this cycle that change the accrued counter.
    #[field(derived)]
    pub accrued_incidences: String,
    /// Corrections of this cycle that change the available counter.
    #[field(derived)]
    pub available_incidences: String,
    /// Units granted per cycle by the policy, before any proration.
    #[field(derived)]
    pub policy_allowance: String,
    /// Granted units once scaled to the time employed.
    #[field(derived)]
    pub prorated_allowance_days: String,
    /// Carried units that are already spent.
    #[field(derived)]
    pub used_carry_over: String,
    /// Units spent, expressed in days.
    #[field(derived)]
    pub used_days: String,
    /// Units spent by the reference date, without later approved leaves.
    #[field(derived)]
    pub used_units_until_reference_date: String,
    /// Approved units that lie after the reference date.
    #[field(derived)]
    pub outstanding_units: String,
    /// Highest balance allowed, null without a cap.
    #[field(derived)]
    pub max_balance_cap: Option<String>,
    /// The total as a decimal number, null when not worked out.
    #[field(derived)]
    pub total_in_decimal: Option<String>,
    /// Carried amounts, one per earlier cycle.
    #[field(derived)]
    pub carry_overs: Option<Vec<String>>,
}

/// The objects of `cycles`.
#[derive(Debug, Object)]
pub struct Cycle {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Beginning of the cycle as it applies to the employee.
    pub start_at: Instant,
    /// End of the cycle as it applies to the employee.
    pub end_at: Instant,
    /// Beginning of the full cycle, before any shortening.
    pub regular_start_at: Instant,
    /// End of the full cycle, before any shortening.
    pub regular_end_at: Instant,
    /// Allowance that the cycle belongs to.
    pub allowance_id: Id<Allowance>,
}

/// The objects of `cycle_carry_overs`.
#[derive(Debug, Object)]
pub struct CycleCarryOver {
    /// Last day of the cycle where the units come from.
    pub from_cycle_ending_on: Date,
    /// Whether the carried units stay valid for ever.
    pub non_expire: bool,
    /// Units brought over from that cycle.
    pub total: String,
    /// Days on which carried units were spent.
    pub used: Vec<Used>,
    /// Carried units in all, which a cap may change.
    pub accumulated: String,
    /// Carried units that were lost to expiry.
    pub expired: String,
    /// Carried units that leaves have spent.
    pub taken: String,
    /// Months after the cycle until expiry, null for never.
    pub expire_in_months: Option<i64>,
}

/// The objects of `used`.
#[derive(Debug, Object)]
pub struct Used {
    /// Day when the units were spent.
    pub date: String,
    /// Units spent that day, in days or hours.
    pub amount: String,
}
