//! `performance/review_visibility_settings`

use registry::{Id, Resource};

use crate::performance::ReviewProcess;

/// Who may see which results of a review process.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_visibility_settings",
    object = "performance_review_visibility_setting",
    permission = "performance",
    operations(list, update)
)]
pub struct ReviewVisibilitySetting {
    /// Identifies it, for good.
    pub id: Id<ReviewVisibilitySetting>,
    /// Review process the settings apply to.
    #[field(update, filter(any = "performance_review_process_ids[]"))]
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Hides the results from the employees under review.
    #[field(update(required))]
    pub restrict_answers_visibility_to_reportees: bool,
    /// Lets managers see results of their reports before the deadline.
    #[field(update(required))]
    pub early_access_to_answers_for_managers: bool,
    /// Conceals from participants which peers evaluated them.
    #[field(update(required))]
    pub anonymous_peer_evaluation_for_target: bool,
}
