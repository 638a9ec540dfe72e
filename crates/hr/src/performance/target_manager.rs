//! `performance/target_managers`

use registry::{Access, Id, Resource};

use crate::performance::ReviewProcess;

/// Manager of at least one participant. Its id is the employee.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/target_managers",
    object = "performance_target_manager",
    permission = "performance",
    subject = "manager_access_id",
    operations(list, read)
)]
#[parameter(name = "performance_review_process_ids[]", as = Id<ReviewProcess>, doc = "Narrows the list by values that are worked out.", required)]
pub struct TargetManager {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: String,
    /// Review process of the participants.
    #[field(derived)]
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Access of the manager.
    #[field(derived)]
    pub manager_access_id: Id<Access>,
    /// First and last name of the manager.
    #[field(derived)]
    pub manager_full_name: String,
}
