//! `approvals/delegations`: who decides in whose place. No operation of the API reads it; the program's pages do.

use registry::{Date, Employee, Id, Resource};

/// Somebody decides in the place of an approver who is away.
#[derive(Debug, Resource)]
#[resource(
    path = "approvals/delegations",
    object = "approvals_delegation",
    permission = "approvals",
    subject = "employee_id"
)]
pub struct Delegation {
    /// Identifies it, for good.
    pub id: Id<Delegation>,
    /// The approver who is away.
    pub employee_id: Id<Employee>,
    /// Who decides meanwhile.
    pub delegate_id: Id<Employee>,
    /// First day.
    pub starts_on: Date,
    /// Last day, included; null for good.
    pub finishes_on: Option<Date>,
}
