//! Approval flows and the decisions in them.

pub mod approval_flow;
pub mod delegation;
pub mod flow;
pub mod materialized_approvals_flow;
pub mod rules;

pub use approval_flow::ApprovalFlow;
pub use delegation::Delegation;
pub use materialized_approvals_flow::MaterializedApprovalsFlow;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<ApprovalFlow>(),
        Entry::of::<Delegation>(),
        Entry::of::<MaterializedApprovalsFlow>()
            .action::<materialized_approvals_flow::ApproveResource>()
            .action::<materialized_approvals_flow::RejectResource>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[materialized_approvals_flow::CODE];
