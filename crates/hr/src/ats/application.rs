//! `ats/applications`

use engine::{Code, Narrow};
use registry::{Action, Anything, Company, Employee, Id, Instant, Json, Object, Resource};

use crate::ats::ApplicationPhase;
use crate::ats::Candidate;
use crate::ats::CandidateSource;
use crate::ats::JobPosting;
use crate::ats::RejectionReason;

/// A candidate's bid for one job posting.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/applications",
    object = "ats_application",
    permission = "ats",
    operations(list, read, create, update, delete),
    events("apply", "create", "create_from_employee", "delete", "update")
)]
#[parameter(name = "search", as = String, doc = "Text to look for in the applicant's details.")]
#[parameter(name = "ats_tags_ids[]", as = Id<Anything>, doc = "Only applications carrying one of these tags.")]
pub struct Application {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Application>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Job posting applied for.
    #[field(create(required), filter(eq = "ats_job_posting_id"))]
    pub ats_job_posting_id: Id<JobPosting>,
    /// Person who applies.
    #[field(create, default(rule), filter(any = "ats_candidate_ids[]"))]
    pub ats_candidate_id: Id<Candidate>,
    /// When it was created.
    pub created_at: Instant,
    /// Employee linked to the application, if any.
    pub employee_id: Option<Id<Employee>>,
    /// Telephone number the applicant left.
    #[field(create, update)]
    pub phone: Option<String>,
    /// False once the applicant was turned down.
    #[field(update, filter(eq = "qualified"))]
    pub qualified: Option<bool>,
    /// Pipeline step reached so far.
    #[field(create, update, filter(eq = "ats_application_phase_id"))]
    pub ats_application_phase_id: Option<Id<ApplicationPhase>>,
    /// Letter of motivation, as text.
    #[field(create)]
    pub cover_letter: Option<String>,
    /// Attached curriculum vitae file.
    #[field(since = "2026-07-01")]
    pub cv: Option<Cv>,
    /// Thread of messages with the applicant.
    pub ats_conversation_id: Option<Id<Anything>>,
    /// Further detail on where the applicant came from.
    #[field(create)]
    pub medium: Option<String>,
    /// Mean of the ratings in its feedback, 1 to 5.
    #[field(derived)]
    pub rating_average: Option<i64>,
    /// Why the application was turned down.
    #[field(update, filter(any = "ats_rejection_reason_ids[]"))]
    pub ats_rejection_reason_id: Option<Id<RejectionReason>>,
    /// Channel the applicant came through.
    #[field(update)]
    pub source_id: Option<Id<CandidateSource>>,
    /// Who registers the application, of the kind in author_type.
    #[field(input, create, update)]
    pub author_id: Option<Id<Anything>>,
    /// Kind of author that author_id points at.
    #[field(input, create, update)]
    pub author_type: Option<AuthorType>,
    /// Whether the applicant agrees to be kept for other vacancies.
    #[field(input, create)]
    pub consent_to_talent_pool: Option<bool>,
    /// Name of the channel the applicant came through.
    #[field(input, create, update)]
    pub source: Option<String>,
    /// Replies to the questions of the posting.
    #[field(input, create)]
    pub answers: Option<Vec<Answer>>,
    /// Explanation of why the applicant was turned down.
    #[field(input, update)]
    pub disqualified_reason: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[(
        "search",
        Narrow::Named("ats_candidate_id", "ats/candidates", "id", &["first_name", "last_name", "email"]),
    )],
    ..Code::of("ats/applications")
};

/// The objects of `cv`.
#[derive(Debug, Object)]
pub struct Cv {
    /// Name of the file.
    pub filename: String,
    /// Address to download the file from.
    pub url: String,
    /// Size in bytes.
    pub byte_size: i64,
    /// Media type of the file.
    pub content_type: String,
    /// Moment the file was uploaded.
    pub created_at: Option<Instant>,
}

registry::choice! {
    /// The values of `author_type`.
    pub enum AuthorType {
        Access = "access",
        Company = "company",
        User = "user",
    }
}

/// The objects of `answers`.
#[derive(Debug, Object)]
pub struct Answer {
    /// Question being answered.
    pub ats_question_id: Id<Anything>,
    /// The reply; its shape depends on the question.
    pub value: Option<Json>,
}

/// Registers a candidate and an application to a posting together.
#[derive(Debug, Action)]
#[action(of = Application, name = "apply")]
pub struct Apply {
    /// Given name of the applicant.
    pub first_name: String,
    /// Family name of the applicant.
    pub last_name: String,
    /// Job posting applied for.
    pub ats_job_posting_id: Id<JobPosting>,
    /// Email address of the applicant.
    pub email: String,
    /// Company that offers the job.
    pub company_id: Option<Id<Company>>,
    /// Telephone number of the applicant.
    pub phone: Option<String>,
    /// Name of the channel the applicant came through.
    pub source: Option<String>,
    /// Further detail on that channel.
    pub medium: Option<String>,
    /// Letter of motivation, as text.
    pub cover_letter: Option<String>,
    /// Gender the applicant states.
    pub gender: Option<String>,
    /// Whether the applicant agrees to be kept for other vacancies.
    pub consent_to_talent_pool: Option<bool>,
    /// Replies to the questions of the posting.
    pub answers: Option<Vec<Answer>>,
}

/// Takes an application to another step and runs that step's automations.
#[derive(Debug, Action)]
#[action(of = Application, name = "move_to_phase", since = "2026-07-01")]
pub struct MoveToPhase {
    /// Application to move.
    pub id: Id<Application>,
    /// Step to move to; it must be of the same posting.
    pub ats_application_phase_id: Id<ApplicationPhase>,
}
