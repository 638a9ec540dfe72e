//! Absences, allowances and policies.

pub mod allowance;
pub mod allowance_incidence;
pub mod allowance_stats_new;
pub mod blocked_periods_policy;
pub mod books;
pub mod calendar;
pub mod french_leave_day_count;
pub mod judge;
pub mod leave;
pub mod leave_type;
pub mod policy;
pub mod policy_assignment;
pub mod policy_timeline;
pub mod rules;

pub use allowance::Allowance;
pub use allowance_incidence::AllowanceIncidence;
pub use allowance_stats_new::AllowanceStatsNew;
pub use blocked_periods_policy::BlockedPeriodsPolicy;
pub use french_leave_day_count::FrenchLeaveDayCount;
pub use leave::Leave;
pub use leave_type::LeaveType;
pub use policy::Policy;
pub use policy_assignment::PolicyAssignment;
pub use policy_timeline::PolicyTimeline;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<AllowanceIncidence>(),
        Entry::of::<AllowanceStatsNew>(),
        Entry::of::<Allowance>().action::<allowance::DeleteWithAltAllowance>(),
        Entry::of::<BlockedPeriodsPolicy>(),
        Entry::of::<FrenchLeaveDayCount>(),
        Entry::of::<LeaveType>(),
        Entry::of::<Leave>()
            .action::<leave::Approve>()
            .action::<leave::ApproveAll>()
            .action::<leave::BulkDelete>()
            .action::<leave::Reject>(),
        Entry::of::<Policy>(),
        Entry::of::<PolicyAssignment>(),
        Entry::of::<PolicyTimeline>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[
    allowance::CODE,
    allowance_incidence::CODE,
    allowance_stats_new::CODE,
    blocked_periods_policy::CODE,
    french_leave_day_count::CODE,
    leave::CODE,
    leave_type::CODE,
    policy::CODE,
    policy_assignment::CODE,
    policy_timeline::CODE,
];
