//! `timeoff/french_leave_day_counts`

use registry::{Employee, Id, Resource};

use crate::timeoff::Leave;

/// Days or hours that a leave costs under French counting.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/french_leave_day_counts",
    object = "timeoff_french_leave_day_count",
    permission = "timeoff",
    subject = "leave_id.employee_id",
    computed,
    operations(list(since = "2026-10-01"))
)]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Keeps the leaves of these employees.")]
#[parameter(name = "from", as = String, doc = "First day to count. Goes together with to.")]
#[parameter(name = "to", as = String, doc = "Last day to count. Goes together with from.")]
#[parameter(name = "include_deleted", as = bool, doc = "True also counts deleted leaves.", required)]
pub struct FrenchLeaveDayCount {
    /// Leave that was counted.
    #[field(filter(any = "leave_ids[]"))]
    pub leave_id: Id<Leave>,
    /// Result of the count, in the given unit.
    #[field(derived)]
    pub amount: f64,
    /// Whether the result is in days or hours.
    #[field(derived)]
    pub unit: Unit,
}

registry::choice! {
    /// The values of `unit`.
    pub enum Unit {
        Days = "days",
        Hours = "hours",
    }
}
