//! `timeoff/policies`

use registry::{Company, Id, Resource};

/// A set of allowances that employees are assigned to.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/policies",
    object = "timeoff_policy",
    permission = "timeoff",
    operations(list, read, create, update, delete),
    events("create", "delete", "update")
)]
pub struct Policy {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Policy>,
    /// Title of the policy.
    #[field(create(required), update)]
    pub name: String,
    /// The company that it belongs to.
    #[field(create, filter(any = "company_ids[]"))]
    pub company_id: Id<Company>,
    /// Whether it covers people without a policy of their own.
    #[field(create, update, default = false)]
    pub main: Option<bool>,
    /// Explanation of the policy.
    #[field(create, update)]
    pub description: Option<String>,
    /// Policy whose allowances are copied into the new one.
    #[field(input, create(since = "2026-10-01"))]
    pub based_on_policy_id: Option<Id<Policy>>,
}
