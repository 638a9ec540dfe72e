//! `timeoff/policy_assignments`

use registry::{Date, Employee, Id, Resource};

use crate::timeoff::Policy;

/// Puts an employee under a time off policy from some day on.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/policy_assignments",
    object = "timeoff_policy_assignment",
    permission = "timeoff",
    subject = "employee_id",
    operations(list, read, create, update, delete)
)]
pub struct PolicyAssignment {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PolicyAssignment>,
    /// Policy that applies.
    #[field(create(required), update(required), filter(any = "timeoff_policy_ids[]"))]
    pub timeoff_policy_id: Id<Policy>,
    /// Who comes under the policy.
    #[field(create(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// First day under the policy.
    #[field(create(required), update(required))]
    pub effective_at: Date,
}
