//! `approvals/approval_flows`: who has to approve what. No operation of the API reads it; the program's pages do.

use registry::{Anything, Employee, Id, Object, Resource};

use crate::timeoff::LeaveType;

/// Who has to approve requests of a type, level by level.
#[derive(Debug, Resource)]
#[resource(path = "approvals/approval_flows", object = "approvals_approval_flow", permission = "approvals")]
pub struct ApprovalFlow {
    /// Identifies it, for good.
    pub id: Id<ApprovalFlow>,
    /// Title.
    pub name: String,
    /// Type of the things to decide, such as Timeoff::Leave.
    pub resource_type: String,
    /// Whether it is for everything that no other flow names. It cannot be deleted.
    #[field(default = false)]
    pub default: bool,
    /// Whether everything is approved at once.
    #[field(default = false)]
    pub automatic: bool,
    /// Kinds of leave that it is for; none stands for all.
    #[field(default(empty))]
    pub leave_type_ids: Vec<Id<LeaveType>>,
    /// Employees whose requests it is for; none stands for all.
    #[field(default(empty))]
    pub employee_ids: Vec<Id<Employee>>,
    /// Who decides, the first level first.
    #[field(default(empty))]
    pub levels: Vec<Level>,
}

/// The objects of `levels`: all of them approve before the next level is asked.
#[derive(Debug, Object)]
pub struct Level {
    /// Identifies the level within its flow.
    pub id: Id<Anything>,
    /// Who has to approve.
    pub approvers: Vec<LevelApprover>,
}

/// The objects of `approvers`.
#[derive(Debug, Object)]
pub struct LevelApprover {
    /// Identifies the entry within its flow.
    pub id: Id<Anything>,
    /// How the approver is found: employee, manager, timeoff_manager or administrator.
    pub selection_criteria: String,
    /// The approver, where it is an employee who is named.
    pub employee_id: Option<Id<Employee>>,
}
