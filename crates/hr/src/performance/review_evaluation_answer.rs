//! `performance/review_evaluation_answers`

use registry::{Anything, Id, Object, Resource};

use crate::performance::ReviewEvaluation;

/// Replies that a reviewer gave in one evaluation.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_evaluation_answers",
    object = "performance_review_evaluation_answer",
    permission = "performance",
    subject = "performance_review_evaluation_id.target_access_id",
    involved("performance_review_evaluation_id.reviewer_access_id"),
    operations(list)
)]
pub struct ReviewEvaluationAnswer {
    /// Identifies it, for good.
    pub id: Id<ReviewEvaluationAnswer>,
    /// Evaluation the replies belong to.
    #[field(filter(any = "performance_review_evaluation_ids[]"))]
    pub performance_review_evaluation_id: Id<ReviewEvaluation>,
    /// Main questionnaire with its replies.
    pub answered_questionnaire_with_sections: AnsweredQuestionnaireWithSection,
    /// Performance score question with its reply.
    pub answered_employee_score_questionnaire: Option<AnsweredQuestionnaireWithSection>,
    /// Potential score question with its reply.
    pub answered_employee_potential_score_questionnaire: Option<AnsweredQuestionnaireWithSection>,
}

/// The objects of `answered_questionnaire_with_sections`.
#[derive(Debug, Object)]
pub struct AnsweredQuestionnaireWithSection {
    /// Sections and questions, in display order.
    pub content: Vec<Content>,
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
        AnsweredQuestion = "answered_question",
        AnsweredSection = "answered_section",
    }
}

/// The objects of `questions`.
#[derive(Debug, Object)]
pub struct Question {
    /// The question that was put to the reviewer.
    pub question: QuestionQuestion,
    /// What the reviewer replied. Absent while unanswered.
    pub answer: Option<Answer>,
}

/// The objects of `question`.
#[derive(Debug, Object)]
pub struct QuestionQuestion {
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
    pub scale: Option<Vec<Scale>>,
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

/// The objects of `scale`.
#[derive(Debug, Object)]
pub struct Scale {
    /// Number of points this step is worth.
    pub value: i64,
    /// Label shown beside this step.
    pub text: String,
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

/// The objects of `answer`.
#[derive(Debug, Object)]
pub struct Answer {
    /// Unique identifier of the reply.
    pub uuid: String,
    /// Reply to a text question.
    pub answer_text: Option<String>,
    /// Reply to a number question, as a whole number.
    pub answer_int: Option<i64>,
    /// Reply to a number question, with decimals.
    pub answer_float: Option<f64>,
    /// Options that were picked.
    pub answer_choice: Option<Vec<String>>,
    /// Reply to a rating question.
    pub answer_rating: Option<AnswerRating>,
}

/// The objects of `answer_rating`.
#[derive(Debug, Object)]
pub struct AnswerRating {
    /// Points that were given.
    pub value: Option<i64>,
    /// Remark explaining the rating.
    pub comment: Option<String>,
}
