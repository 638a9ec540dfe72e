//! Recruitment: job postings, candidates and their applications.

pub mod answer;
pub mod application;
pub mod application_phase;
pub mod candidate;
pub mod candidate_source;
pub mod evaluation_form;
pub mod feedback;
pub mod hiring_stage;
pub mod job_posting;
pub mod message;
pub mod question;
pub mod rejection_reason;

pub use answer::Answer;
pub use application::Application;
pub use application_phase::ApplicationPhase;
pub use candidate::Candidate;
pub use candidate_source::CandidateSource;
pub use evaluation_form::EvaluationForm;
pub use feedback::Feedback;
pub use hiring_stage::HiringStage;
pub use job_posting::JobPosting;
pub use message::Message;
pub use question::Question;
pub use rejection_reason::RejectionReason;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Answer>(),
        Entry::of::<ApplicationPhase>(),
        Entry::of::<Application>().action::<application::Apply>().action::<application::MoveToPhase>(),
        Entry::of::<CandidateSource>(),
        Entry::of::<Candidate>(),
        Entry::of::<EvaluationForm>().action::<evaluation_form::SaveAsTemplate>(),
        Entry::of::<Feedback>(),
        Entry::of::<HiringStage>(),
        Entry::of::<JobPosting>().action::<job_posting::Duplicate>(),
        Entry::of::<Message>(),
        Entry::of::<Question>(),
        Entry::of::<RejectionReason>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[
    application::CODE,
    evaluation_form::CODE,
    rejection_reason::CODE,
    hiring_stage::CODE,
    application_phase::CODE,
    candidate::CODE,
    job_posting::CODE,
    message::CODE,
];
