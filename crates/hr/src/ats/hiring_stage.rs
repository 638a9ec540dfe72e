//! `ats/hiring_stages`

use engine::{Code, Narrow};
use registry::{Anything, Company, Id, Resource};

/// A stage of hiring shared by all postings of the company.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/hiring_stages",
    object = "ats_hiring_stage",
    permission = "ats",
    operations(list, read)
)]
#[parameter(name = "ats_application_phase_id", as = Id<Anything>, doc = "Only the stage this pipeline step counts towards.")]
pub struct HiringStage {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<HiringStage>,
    /// Fixed code of the stage.
    pub name: Name,
    /// Name to show for the stage.
    pub label: String,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Place among the stages, in ascending order.
    pub position: i64,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[(
        "ats_application_phase_id",
        Narrow::through("id", "ats/application_phases", "ats_hiring_stage_id", "id"),
    )],
    ..Code::of("ats/hiring_stages")
};

registry::choice! {
    /// The values of `name`.
    pub enum Name {
        Assessment = "assessment",
        Hired = "hired",
        Interview = "interview",
        New = "new",
        Offer = "offer",
        Screening = "screening",
    }
}
