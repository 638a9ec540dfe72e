//! `performance/review_owners`

use registry::{Access, Action, Id, Resource};

use crate::performance::ReviewProcess;

/// Person who administers a review process.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_owners",
    object = "performance_review_owner",
    permission = "performance",
    subject = "access_id",
    operations(list, delete)
)]
pub struct ReviewOwner {
    /// Identifies it, for good.
    pub id: Id<ReviewOwner>,
    /// Access of the owner.
    pub access_id: Id<Access>,
    /// Review process being administered.
    #[field(filter(any = "performance_review_process_ids[]"))]
    pub performance_review_process_id: Id<ReviewProcess>,
}

/// Makes several people owners of a review process.
#[derive(Debug, Action)]
#[action(of = ReviewOwner, name = "bulk_create")]
pub struct BulkCreate {
    /// Review process to administer.
    pub review_process_id: Id<ReviewProcess>,
    /// Accesses of the new owners.
    pub owner_access_ids: Vec<Id<Access>>,
}
