//! Approval flows and the decisions in them.

pub mod materialized_approvals_flow;

pub use materialized_approvals_flow::MaterializedApprovalsFlow;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<MaterializedApprovalsFlow>()
            .action::<materialized_approvals_flow::ApproveResource>()
            .action::<materialized_approvals_flow::RejectResource>(),
    ]
}
