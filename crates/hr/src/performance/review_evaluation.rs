//! `performance/review_evaluations`

use engine::{Code, Narrow};
use registry::{Access, Action, Anything, Id, Instant, Object, Resource};

use crate::performance::ReviewProcess;
use crate::performance::ReviewProcessTarget;

/// Assessment of one participant by one reviewer.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_evaluations",
    object = "performance_review_evaluation",
    permission = "performance",
    subject = "target_access_id",
    involved("reviewer_access_id"),
    operations(list, read)
)]
#[parameter(name = "with_targets_managed_by_filter", as = WithTargetsManagedByFilter, doc = "Keeps evaluations of people under the given manager.")]
#[parameter(name = "exclude_ids[]", as = Id<Anything>, doc = "Leaves out the evaluations with these ids.")]
pub struct ReviewEvaluation {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ReviewEvaluation>,
    /// Relation of the reviewer to the participant.
    #[field(filter(any = "reviewer_strategies[]"))]
    pub evaluation_type: EvaluationType,
    /// Whether the reviewer has handed it in.
    #[field(filter(eq = "published"))]
    pub published: bool,
    /// Whether it is still open or handed in.
    pub status: Status,
    /// Participant assessed, written as process and access joined by a hyphen.
    #[field(filter(any = "review_process_target_ids[]"(as = Id<ReviewProcessTarget>)))]
    pub review_process_target_id: String,
    /// Review process it was created for.
    #[field(filter(any = "performance_review_process_ids[]"))]
    pub performance_review_process_id: Option<Id<ReviewProcess>>,
    /// Access of the participant.
    #[field(filter(any = "target_access_ids[]"))]
    pub target_access_id: Option<Id<Access>>,
    /// Access of the reviewer.
    #[field(filter(any = "reviewer_ids[]"))]
    pub reviewer_access_id: Option<Id<Access>>,
    /// Moment it was handed in.
    pub published_at: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[("exclude_ids[]", Narrow::Except("id"))],
    ..Code::of("performance/review_evaluations")
};

registry::choice! {
    /// The values of `evaluation_type`.
    pub enum EvaluationType {
        DirectReports = "direct_reports",
        Manager = "manager",
        Peers = "peers",
        Oneself = "self",
    }
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Pending = "pending",
        Published = "published",
    }
}

/// The objects of `with_targets_managed_by_filter`.
#[derive(Debug, Object)]
pub struct WithTargetsManagedByFilter {
    /// Employee whose reports are wanted.
    pub manager_employee_id: Id<Anything>,
    /// Whether to leave out indirect reports.
    pub only_direct_reports: bool,
}

/// Hands a pending evaluation to somebody else.
#[derive(Debug, Action)]
#[action(of = ReviewEvaluation, name = "replace_reviewer")]
pub struct ReplaceReviewer {
    /// Evaluation to hand over.
    pub id: Id<ReviewEvaluation>,
    /// Access of the person taking over.
    pub new_reviewer_access_id: Id<Access>,
}
