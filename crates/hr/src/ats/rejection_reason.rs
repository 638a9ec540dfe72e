//! `ats/rejection_reasons`

use engine::{Code, Narrow};
use registry::{Anything, Company, Id, Instant, Resource};

/// A reason for an application to end without a hire.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/rejection_reasons",
    object = "ats_rejection_reason",
    permission = "ats",
    operations(list, read)
)]
#[parameter(name = "ats_application_ids[]", as = Id<Anything>, doc = "Only reasons used by these applications.")]
pub struct RejectionReason {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<RejectionReason>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Whether the company or the candidate said no.
    pub decision_maker: DecisionMaker,
    /// The reason in words.
    pub reason: String,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[(
        "ats_application_ids[]",
        Narrow::through("id", "ats/applications", "ats_rejection_reason_id", "id"),
    )],
    ..Code::of("ats/rejection_reasons")
};

registry::choice! {
    /// The values of `decision_maker`.
    pub enum DecisionMaker {
        Candidate = "candidate",
        Company = "company",
    }
}
