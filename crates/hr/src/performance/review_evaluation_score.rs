//! `performance/review_evaluation_scores`

use engine::{Code, Derived, Facts};
use registry::{Access, Company, Id, Instant, Resource};

use super::review_process::ReviewerStrategy;
use crate::performance::ReviewEvaluation;
use crate::performance::ReviewProcess;
use crate::performance::ReviewProcessTarget;

/// Score that a published evaluation gave an employee.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_evaluation_scores",
    object = "performance_review_evaluation_score",
    permission = "performance",
    subject = "target_access_id",
    operations(list, read)
)]
pub struct ReviewEvaluationScore {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ReviewEvaluationScore>,
    /// Review process of the evaluation.
    #[field(filter(any = "review_process_ids[]"))]
    pub review_process_id: Id<ReviewProcess>,
    /// Evaluation that gave the score.
    #[field(filter(any = "review_evaluation_ids[]"))]
    pub review_evaluation_id: Id<ReviewEvaluation>,
    /// Access of the employee scored.
    #[field(filter(any = "target_access_ids[]"))]
    pub target_access_id: Id<Access>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Relation of the scorer to the employee.
    #[field(filter(any = "reviewer_strategies[]"))]
    pub reviewer_strategy: ReviewerStrategy,
    /// Participant scored, written as process and access joined by a hyphen.
    #[field(filter(any = "review_process_target_ids[]"(as = Id<ReviewProcessTarget>)))]
    pub review_process_target_id: String,
    /// Points given, between scale_min and scale_max.
    pub score: f64,
    /// Lowest possible number of points.
    pub scale_min: i64,
    /// Highest possible number of points.
    pub scale_max: i64,
    /// Score as a percentage from 0 to 100.
    #[field(derived)]
    pub normalized_score: f64,
    /// Moment the score was published.
    pub published_at: Instant,
    /// Points given for potential, on the same scale.
    pub potential_score: Option<i64>,
    /// Potential score as a percentage from 0 to 100.
    #[field(derived)]
    pub normalized_potential_score: Option<f64>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::row("normalized_score", |facts| percentage(facts, "score").into()),
        Derived::row("normalized_potential_score", |facts| percentage(facts, "potential_score").into()),
    ],
    ..Code::of("performance/review_evaluation_scores")
};

/// Where points lie on the scale, from 0 to 100.
fn percentage(facts: &Facts<'_>, points: &str) -> Option<f64> {
    let (low, high) = (facts.number("scale_min")?, facts.number("scale_max")?);
    let points = facts.number(points)?;
    Some(if high > low { (points - low) / (high - low) * 100.0 } else { 0.0 })
}
