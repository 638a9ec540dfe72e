//! `ats/feedbacks`

use registry::{Access, Anything, Id, Instant, Object, Resource};

use crate::ats::Application;
use crate::ats::ApplicationPhase;
use crate::ats::Candidate;
use crate::ats::EvaluationForm;

/// An opinion that a colleague left about a candidate.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/feedbacks",
    object = "ats_feedback",
    permission = "ats",
    operations(list, read, create, update, delete)
)]
pub struct Feedback {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Feedback>,
    /// When it was created.
    pub created_at: Instant,
    /// Who the opinion is about.
    #[field(create(required), filter(eq = "ats_candidate_id"))]
    pub ats_candidate_id: Id<Candidate>,
    /// Overall mark, from 1 to 5.
    #[field(create, update)]
    pub rating: Option<i64>,
    /// The opinion in words.
    #[field(create, update)]
    pub description: Option<String>,
    /// Application it refers to.
    #[field(create, filter(any = "ats_application_ids[]"))]
    pub ats_application_id: Option<Id<Application>>,
    /// Pipeline step it was given at.
    #[field(create, update)]
    pub ats_application_phase_id: Option<Id<ApplicationPhase>>,
    /// Evaluation form that was filled in, where forms are in use.
    #[field(create)]
    pub ats_evaluation_forms_id: Option<Id<EvaluationForm>>,
    /// Marks for each question of the form.
    pub evaluation_form_answers: Option<Vec<EvaluationFormAnswer>>,
    /// Accesses to notify. They must be allowed to see the application.
    #[field(input, create)]
    pub mention_ids: Option<Vec<Id<Access>>>,
}

/// The objects of `evaluation_form_answers`.
#[derive(Debug, Object)]
pub struct EvaluationFormAnswer {
    /// Question of the form.
    pub question_id: Id<Anything>,
    /// Mark for that question.
    pub score: i64,
    /// Remark on the mark.
    pub note: Option<String>,
}
