//! `ats/questions`

use registry::{Company, Id, Instant, Object, Resource};

use crate::ats::JobPosting;

/// A question put to everyone who applies to a posting.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/questions",
    object = "ats_question",
    permission = "ats",
    operations(list, read, create, update, delete)
)]
pub struct Question {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Question>,
    /// Posting that asks it.
    #[field(create(required), filter(any = "ats_job_posting_ids[]"))]
    pub ats_job_posting_id: Id<JobPosting>,
    /// Wording of the question.
    #[field(create(required), update)]
    pub label: String,
    /// Place in the form, in ascending order.
    #[field(create(required), update)]
    pub position: i64,
    /// Whether it has to be answered.
    #[field(create, update, default = false)]
    pub mandatory: bool,
    /// Whether certain replies rule the applicant out at once.
    #[field(create, update, default = false)]
    pub auto_disqualify: bool,
    /// Form the reply takes.
    #[field(create(required))]
    pub question_type: QuestionType,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Choices on offer, for questions with choices.
    #[field(create, update)]
    pub options: Option<Vec<OptionValue>>,
    /// The company that it belongs to.
    #[field(input, create(required))]
    pub company_id: Option<Id<Company>>,
}

registry::choice! {
    /// The values of `question_type`.
    pub enum QuestionType {
        File = "file",
        LongText = "long_text",
        MultipleChoice = "multiple_choice",
        SingleChoice = "single_choice",
        Text = "text",
    }
}

/// The objects of `options`.
#[derive(Debug, Object)]
pub struct OptionValue {
    /// Wording of the choice.
    pub text: String,
    /// Whether picking it rules the applicant out.
    pub disqualifies: Option<bool>,
}
