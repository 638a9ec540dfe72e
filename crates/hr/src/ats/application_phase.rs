//! `ats/application_phases`

use engine::{Code, Derived, Fixed, Join, Take};
use registry::{Id, Resource};

use crate::ats::HiringStage;
use crate::ats::JobPosting;

/// One step of the selection pipeline of a job posting.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/application_phases",
    object = "ats_application_phase",
    permission = "ats",
    operations(list, read)
)]
pub struct ApplicationPhase {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ApplicationPhase>,
    /// Job posting whose pipeline has this step.
    #[field(filter(any = "ats_job_posting_ids[]"))]
    pub ats_job_posting_id: Id<JobPosting>,
    /// Title shown for the step.
    pub name: String,
    /// Place in the pipeline, in ascending order.
    pub position: i64,
    /// Whether users may change this step.
    pub editable: bool,
    /// What kind of step it is.
    pub phase_type: PhaseType,
    /// How many applications stand at this step.
    #[field(derived)]
    pub applications_count: Option<i64>,
    /// How many of those applications are still in the running.
    #[field(derived)]
    pub active_applications_count: Option<i64>,
    /// Company-wide stage this step counts towards.
    pub ats_hiring_stage_id: Option<Id<HiringStage>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::of_those("applications_count", "ats/applications", "ats_application_phase_id", Take::Count),
        Derived::joined(
            "active_applications_count",
            Join {
                here: "id",
                path: "ats/applications",
                there: "ats_application_phase_id",
                only: &[("qualified", Fixed::Bool(true))],
                take: Take::Count,
            },
        ),
    ],
    ..Code::of("ats/application_phases")
};

registry::choice! {
    /// The values of `phase_type`.
    pub enum PhaseType {
        Assessment = "assessment",
        Hired = "hired",
        Initial = "initial",
        Interview = "interview",
        Normal = "normal",
        Offer = "offer",
        Screening = "screening",
    }
}
