//! `performance/review_evaluations`

use engine::{Answer, Code, Context, Error, Input, Narrow, by, one_of};
use registry::{Access, Action, Anything, Id, Instant, Object, Resource};

use storage::{Datum, Look};

use super::process::{self, EVALUATIONS, PROCESSES, Step};
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
    actions: &[("replace_reviewer", replace_reviewer)],
    filters: &[
        ("exclude_ids[]", Narrow::Except("id")),
        (
            "with_targets_managed_by_filter",
            Narrow::Code(|cx, values| super::managed(cx, "target_access_id", values)),
        ),
    ],
    ..Code::of(EVALUATIONS)
};

/// Somebody else evaluates, for as long as nothing was handed in; what people say of themselves they say themselves.
fn replace_reviewer(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let (id, reviewer) = (input.id("id"), input.id("new_reviewer_access_id"));
    let evaluation = cx.own(cx.plan(EVALUATIONS)?, id)?;
    let process = evaluation.int("performance_review_process_id").unwrap_or_default();
    let found = cx.objects(PROCESSES, vec![process])?.remove(&process);
    let status = found.as_ref().and_then(|found| found.text("status")).unwrap_or_default();
    process::allowed(status, Step::Run).map_err(|(code, why)| Error::conflict("id", code, why))?;
    if evaluation.flag("published") {
        return Err(Error::conflict("id", "published", "The evaluation was handed in."));
    }
    if evaluation.text("evaluation_type") == Some(EvaluationType::Oneself.text()) {
        return Err(Error::conflict("id", "self", "Nobody else says what somebody says of himself."));
    }
    let target = evaluation.int("target_access_id");
    if target == Some(reviewer) {
        return Err(Error::rule("new_reviewer_access_id", "oneself", "It is the participant himself."));
    }
    let same = [
        one_of("performance_review_process_id", &[process]),
        one_of("target_access_id", &[target.unwrap_or_default()]),
        one_of("reviewer_access_id", &[reviewer]),
        Look::Equal("evaluation_type", evaluation.get("evaluation_type").clone()),
    ];
    if cx.facts(EVALUATIONS, &same)?.iter().any(|other| other.int("id") != Some(id)) {
        return Err(Error::conflict(
            "new_reviewer_access_id",
            "reviews",
            "This person evaluates the participant already.",
        ));
    }
    cx.change(EVALUATIONS, &[by(id)], [("reviewer_access_id", Datum::Int(reviewer))].into())?;
    Ok(id.into())
}

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
