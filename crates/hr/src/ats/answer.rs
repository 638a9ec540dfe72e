//! `ats/answers`

use registry::{Id, Instant, Resource};

use crate::ats::Application;
use crate::ats::Question;

/// What an applicant answered to one question of a job posting.
#[derive(Debug, Resource)]
#[resource(path = "ats/answers", object = "ats_answer", permission = "ats", operations(list, read, create))]
pub struct Answer {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Answer>,
    /// Application the answer was given in.
    #[field(create(required), filter(any = "ats_application_ids[]"))]
    pub ats_application_id: Id<Application>,
    /// Wording of the question when it was answered.
    #[field(create(required))]
    pub original_question_label: String,
    /// Kind of question when it was answered.
    #[field(create(required, as = CreateOriginalQuestionType))]
    pub original_question_type: OriginalQuestionType,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Question being answered. Empty if it no longer exists.
    #[field(create(required))]
    pub ats_question_id: Option<Id<Question>>,
    /// The reply, as text.
    #[field(create(required))]
    pub value: Option<String>,
}

registry::choice! {
    /// The values of `original_question_type`.
    pub enum OriginalQuestionType {
        File = "file",
        LongText = "long_text",
        MultipleChoice = "multiple_choice",
        SingleChoice = "single_choice",
        Text = "text",
    }
}

registry::choice! {
    /// The values of `original_question_type`.
    pub enum CreateOriginalQuestionType {
        LongText = "long_text",
        MultipleChoice = "multiple_choice",
        SingleChoice = "single_choice",
        Text = "text",
    }
}
