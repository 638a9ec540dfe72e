//! `performance/review_process_custom_templates`

use super::review_process::{ReviewerStrategy, TargetStrategy};
use registry::{Anything, Company, Id, Instant, Object, Resource};

/// Reusable blueprint for review processes, made by the company.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_process_custom_templates",
    object = "performance_review_process_custom_template",
    permission = "performance",
    operations(list, read)
)]
pub struct ReviewProcessCustomTemplate {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ReviewProcessCustomTemplate>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Name given to processes made from it.
    #[field(filter(search = "search"))]
    pub name: String,
    /// When it was created.
    pub created_at: Instant,
    /// Person who made the template.
    #[field(filter(any = "author_ids[]"))]
    pub author_id: Option<Id<Anything>>,
    /// Summary given to processes made from it.
    pub description: Option<String>,
    /// Summary of the template itself.
    pub template_description: Option<String>,
    /// Rule that selects the participants at the start.
    pub target_strategy: Option<TargetStrategy>,
    /// Kinds of reviewer who take part.
    pub reviewer_strategies: Option<ReviewerStrategy>,
    /// Whether action plans follow the evaluations.
    pub agreements_enabled: Option<bool>,
    /// Whether reviewers also rate potential.
    pub employee_potential_score_enabled: Option<bool>,
    /// Whether reviewers assess the competencies of the participant's role.
    pub competencies_assessments_enabled: Option<bool>,
    /// Who may see which results.
    pub visibility_settings: Option<VisibilitySetting>,
}

/// The objects of `visibility_settings`.
#[derive(Debug, Object)]
pub struct VisibilitySetting {
    /// Hides the results from the employees under review.
    pub restrict_answers_visibility_to_reportees: bool,
    /// Lets managers see results of their reports before the deadline.
    pub early_access_to_answers_for_managers: bool,
    /// Conceals from participants which peers evaluated them.
    pub anonymous_peer_evaluation_for_target: bool,
}
