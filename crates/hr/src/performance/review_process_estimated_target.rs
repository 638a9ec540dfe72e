//! `performance/review_process_estimated_targets`

use registry::{Access, Employee, Id, Resource};

use crate::performance::ReviewProcess;

/// Employee expected to take part once a process starts.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_process_estimated_targets",
    object = "performance_review_process_estimated_target",
    permission = "performance",
    subject = "employee_id",
    operations(list)
)]
#[parameter(name = "performance_review_process_ids[]", as = Id<ReviewProcess>, doc = "Narrows the list by values that are worked out.")]
#[parameter(name = "access_ids[]", as = Id<Access>, doc = "Narrows the list by values that are worked out.")]
pub struct ReviewProcessEstimatedTarget {
    /// Identifies it, for good.
    pub id: String,
    /// Review process that has not started yet.
    #[field(derived)]
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Access of the expected participant.
    #[field(derived)]
    pub access_id: Id<Access>,
    /// The expected participant.
    #[field(derived)]
    pub employee_id: Id<Employee>,
}
