//! `performance/review_questionnaire_by_strategies`

use registry::{Action, Anything, Id, Object, Resource};

use crate::performance::ReviewProcess;

/// Questionnaires of a review process, one per kind of reviewer.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_questionnaire_by_strategies",
    object = "performance_review_questionnaires_by_strategy",
    permission = "performance",
    operations(list, read)
)]
pub struct ReviewQuestionnairesByStrategy {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ReviewQuestionnairesByStrategy>,
    /// Review process that asks the questions.
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Points offered by rating questions without their own scale.
    pub default_rating_scale: Vec<DefaultRatingScale>,
    /// Questions people answer about themselves.
    pub self_questionnaire: Option<SelfQuestionnaire>,
    /// Questions managers answer about their reports.
    pub manager_questionnaire: Option<SelfQuestionnaire>,
    /// Questions reports answer about their manager.
    pub direct_report_questionnaire: Option<SelfQuestionnaire>,
    /// Questions colleagues answer about each other.
    pub peers_questionnaire: Option<SelfQuestionnaire>,
    /// Performance score question for the participant.
    pub employee_score_self_questionnaire: Option<SelfQuestionnaire>,
    /// Performance score question for the manager.
    pub employee_score_manager_questionnaire: Option<SelfQuestionnaire>,
    /// Potential score question for the manager.
    pub employee_potential_score_manager_questionnaire: Option<SelfQuestionnaire>,
}

/// The objects of `default_rating_scale`.
#[derive(Debug, Object)]
pub struct DefaultRatingScale {
    /// Number of points this step is worth.
    pub value: i64,
    /// Label shown beside this step.
    pub text: String,
}

/// The objects of `self_questionnaire`.
#[derive(Debug, Object)]
pub struct SelfQuestionnaire {
    /// Kind of reviewer who answers these questions.
    pub reviewer_strategy: ReviewerStrategy,
    /// Sections and questions, in display order.
    pub content: Vec<Content>,
}

registry::choice! {
    /// The values of `reviewer_strategy`.
    pub enum ReviewerStrategy {
        DirectReports = "direct_reports",
        Manager = "manager",
        Peers = "peers",
        Oneself = "self",
    }
}

/// The objects of `content`.
#[derive(Debug, Object)]
pub struct Content {
    /// Unique identifier of this element.
    pub uuid: String,
    /// Whether the element is a question or a section.
    pub r#type: Type,
    /// Questions grouped under this element.
    pub questions: Vec<Question>,
    /// Heading of the section.
    pub section_title: Option<String>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        Question = "question",
        Section = "section",
    }
}

/// The objects of `questions`.
#[derive(Debug, Object)]
pub struct Question {
    /// Unique identifier of this element.
    pub uuid: String,
    /// Whether reviewers must answer before publishing.
    pub mandatory: bool,
    /// Wording of the question.
    pub title: String,
    /// Kind of reply the question accepts.
    pub answer_type: AnswerType,
    /// Whether a rating may carry a written remark.
    pub with_comment: Option<bool>,
    /// Points a rating question offers.
    pub scale: Option<Vec<DefaultRatingScale>>,
    /// Greatest number of options that may be picked.
    pub max_choices: Option<i64>,
    /// Options offered by a multiple choice question.
    pub choice_options: Option<Vec<String>>,
    /// Competency that the question assesses.
    pub metadata: Option<Metadata>,
    /// Extra guidance for answering the question.
    pub description: Option<String>,
}

registry::choice! {
    /// The values of `answer_type`.
    pub enum AnswerType {
        MultipleChoice = "multiple_choice",
        Number = "number",
        Rating = "rating",
        Text = "text",
    }
}

/// The objects of `metadata`.
#[derive(Debug, Object)]
pub struct Metadata {
    /// Competency being assessed.
    pub competency_id: Option<Id<Anything>>,
    /// Competency level expected of the employee.
    pub competency_level_id: Option<Id<Anything>>,
    /// Name of the expected level.
    pub competency_level_name: Option<String>,
    /// Explanation of the expected level.
    pub competency_level_description: Option<String>,
}

/// Changes the points that rating questions offer.
#[derive(Debug, Action)]
#[action(of = ReviewQuestionnairesByStrategy, name = "update_default_rating_scale")]
pub struct UpdateDefaultRatingScale {
    /// Review process concerned.
    pub performance_review_process_id: Id<ReviewProcess>,
    /// New points, each with its label.
    pub default_rating_scale: Vec<DefaultRatingScale>,
}

/// Replaces the questions put to one kind of reviewer.
#[derive(Debug, Action)]
#[action(of = ReviewQuestionnairesByStrategy, name = "update_questionnaire_for_strategy")]
pub struct UpdateQuestionnaireForStrategy {
    /// Review process concerned.
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Kind of reviewer who answers.
    pub strategy: ReviewerStrategy,
    /// All sections and questions, in order.
    pub questionnaire_content: Vec<Content>,
}
