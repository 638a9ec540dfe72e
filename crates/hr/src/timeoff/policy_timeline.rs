//! `timeoff/policy_timelines`

use registry::{Anything, Date, Employee, Id, Instant, Object, Resource};

/// The policies of an employee one after another.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/policy_timelines",
    object = "timeoff_policy_timeline",
    permission = "timeoff",
    subject = "employee_id",
    operations(list)
)]
#[parameter(name = "reference_date", as = String, doc = "Day around which the timeline is drawn.", required)]
pub struct PolicyTimeline {
    /// Same as the employee's id.
    pub id: Id<PolicyTimeline>,
    /// Whose policies are listed.
    #[field(filter(eq = "employee_id"(required)))]
    pub employee_id: Id<Employee>,
    /// Earliest day covered.
    #[field(derived)]
    pub start_limit_date: Date,
    /// Latest day covered.
    #[field(derived)]
    pub end_limit_date: Date,
    /// Stretches under one policy, in order.
    #[field(derived)]
    pub items: Vec<Item>,
}

/// The objects of `items`.
#[derive(Debug, Object)]
pub struct Item {
    /// Assignment in force during the stretch.
    pub policy_assignment: PolicyAssignment,
    /// Beginning of the stretch.
    pub start_at: Instant,
    /// End of the stretch.
    pub end_at: Instant,
    /// Whether nothing comes before it.
    pub is_first_item: bool,
    /// Whether nothing follows it.
    pub is_last_item: bool,
}

/// The objects of `policy_assignment`.
#[derive(Debug, Object)]
pub struct PolicyAssignment {
    /// Policy that applies.
    pub timeoff_policy_id: Id<Anything>,
    /// Who comes under the policy.
    pub employee_id: Id<Employee>,
    /// Moment when the assignment begins.
    pub effective_at: Instant,
    /// Same as the employee's id.
    pub id: Option<Id<Anything>>,
    /// Title of the policy.
    pub timeoff_policy_name: Option<String>,
    /// Whether it is the employee's first assignment.
    pub is_initial: Option<bool>,
    /// Moment when the assignment ends.
    pub end_effective_at: Option<Instant>,
}
