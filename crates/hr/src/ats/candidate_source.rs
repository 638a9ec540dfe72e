//! `ats/candidate_sources`

use registry::{Company, Id, Resource};

/// A channel through which candidates reach the company.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/candidate_sources",
    object = "ats_candidate_source",
    permission = "ats",
    operations(list, read)
)]
pub struct CandidateSource {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<CandidateSource>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Family of channels it falls under.
    pub category: Category,
    /// Name used internally.
    pub name: String,
    /// Name to show; translated when the channel is a built-in one.
    pub label: String,
}

registry::choice! {
    /// The values of `category`.
    pub enum Category {
        AgencyOrExternalRecruiter = "agency_or_external_recruiter",
        Event = "event",
        Internal = "internal",
        JobBoard = "job_board",
        ManuallyAdded = "manually_added",
        Organic = "organic",
        Referral = "referral",
        SocialMedia = "social_media",
        System = "system",
    }
}
