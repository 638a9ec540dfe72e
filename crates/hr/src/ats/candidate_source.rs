//! `ats/candidate_sources`

use engine::{Context, Error};
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

/// The channel of a name, whether it is the internal one or the one that is shown.
pub(crate) fn named(cx: &mut Context<'_, '_>, name: &str) -> Result<Option<i64>, Error> {
    let sources = cx.facts("ats/candidate_sources", &[])?;
    let is = |text: Option<&str>| text.is_some_and(|text| text.eq_ignore_ascii_case(name));
    let found = sources.iter().find(|one| is(one.text("name")) || is(one.text("label")));
    Ok(found.and_then(|one| one.int("id")))
}
