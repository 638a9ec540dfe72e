//! `ats/candidates`

use engine::{Code, Context, Derived, Error, Join, Narrow, Object, Take};
use registry::{Anything, Company, Id, Instant, Resource};
use storage::{Datum, Look};

use crate::ats::CandidateSource;
use crate::ats::JobPosting;
use crate::narrow;

/// A person the company considers for its vacancies.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/candidates",
    object = "ats_candidate",
    permission = "ats",
    operations(list, read, create, update, delete),
    events("create", "delete", "update")
)]
#[parameter(name = "team_ids[]", as = Id<Anything>, doc = "Only people who applied to postings of these teams.")]
#[parameter(name = "location_ids[]", as = Id<Anything>, doc = "Only people who applied to postings at these locations.")]
#[parameter(name = "source[]", as = String, doc = "Only people who came through these channels, by name.")]
#[parameter(name = "remote", as = bool, doc = "Only people whose postings are, or are not, remote.")]
#[parameter(name = "job_posting_ids[]", as = Id<Anything>, doc = "Narrows the list by values that are worked out.")]
#[parameter(name = "minimum_average_rating", as = f64, doc = "Only people whose ratings average at least this.")]
#[parameter(name = "active", as = bool, doc = "True for people still active, false for the inactive ones.")]
#[parameter(name = "archived", as = bool, doc = "Whether to give the archived people or the others.")]
pub struct Candidate {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Candidate>,
    /// Given name of the person.
    #[field(create(required), update)]
    pub first_name: String,
    /// Family name of the person.
    #[field(create(required), update)]
    pub last_name: String,
    /// Given and family name together.
    #[field(derived)]
    pub full_name: String,
    /// Whether the person is kept for future vacancies.
    #[field(create, update, default = false, filter(eq = "talent_pool"))]
    pub talent_pool: bool,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// The company that it belongs to.
    #[field(create(required))]
    pub company_id: Option<Id<Company>>,
    /// Email address of the person.
    #[field(create, update, filter(any = "emails[]"))]
    pub email: Option<String>,
    /// Telephone number of the person.
    #[field(create, update)]
    pub phone_number: Option<String>,
    /// When permission to keep the data was obtained.
    #[field(create, update)]
    pub consent_given_at: Option<Instant>,
    /// Moment from which the person counts as inactive.
    pub inactive_since: Option<Instant>,
    /// Postings the person has applied to.
    #[field(derived)]
    pub ats_job_posting_ids: Option<Vec<Id<JobPosting>>>,
    /// Website or profile of the person.
    #[field(create, update)]
    pub personal_url: Option<String>,
    /// When the permission to keep the data lapses.
    pub consent_expiration_date: Option<Instant>,
    /// Whether the person agreed to join the talent pool.
    pub consent_to_talent_pool: Option<bool>,
    /// More about the channel, for instance who made the referral.
    #[field(create)]
    pub medium: Option<String>,
    /// Channel the person came through.
    pub source_id: Option<Id<CandidateSource>>,
    /// Gender as stated by the person.
    #[field(create(as = String))]
    pub gender: Option<Gender>,
    /// Overall mark given to the person.
    #[field(derived)]
    pub score: Option<f64>,
    /// Name of the channel the person came through.
    #[field(input, create)]
    pub source: Option<String>,
}

/// What is worked out from the row.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("score", scores),
        Derived::row("full_name", |facts| {
            let names = [facts.text("first_name"), facts.text("last_name")];
            names.into_iter().flatten().collect::<Vec<_>>().join(" ").into()
        }),
        Derived::joined(
            "ats_job_posting_ids",
            Join {
                here: "id",
                path: "ats/applications",
                there: "ats_candidate_id",
                only: &[],
                take: Take::All("ats_job_posting_id"),
            },
        ),
    ],
    filters: &[
        (
            "job_posting_ids[]",
            Narrow::through("id", "ats/applications", "ats_candidate_id", "ats_job_posting_id"),
        ),
        ("team_ids[]", Narrow::Code(|cx, values| applied(cx, Look::OneOf("team_id", narrow::ids(values)?)))),
        (
            "location_ids[]",
            Narrow::Code(|cx, values| applied(cx, Look::OneOf("location_id", narrow::ids(values)?))),
        ),
        (
            "remote",
            Narrow::Code(|cx, values| {
                let kind = "workplace_type";
                let remote = Look::Equal(kind, Datum::Text("remote".to_owned()));
                let wanted = match narrow::is(values, "true") {
                    true => remote,
                    false => Look::Any(vec![Look::Null(kind), narrow::not(remote)]),
                };
                applied(cx, wanted)
            }),
        ),
        ("source[]", Narrow::Code(of_sources)),
        ("minimum_average_rating", Narrow::Code(rated)),
        ("active", Narrow::Code(|_, values| Ok(active(narrow::is(values, "true"))))),
        ("archived", Narrow::Code(|_, values| Ok(active(!narrow::is(values, "true"))))),
    ],
    ..Code::of("ats/candidates")
};

/// Whoever applied to a posting that is so.
fn applied(cx: &mut Context<'_, '_>, posting: Look) -> Result<Vec<Look>, Error> {
    let posting = cx.among("ats_job_posting_id", "ats/job_postings", "id", vec![posting])?;
    Ok(vec![cx.among("id", "ats/applications", "ats_candidate_id", vec![posting])?])
}

fn of_sources(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let named = Look::OneOf("name", narrow::texts(values));
    Ok(vec![cx.among("source_id", "ats/candidate_sources", "id", vec![named])?])
}

/// Whoever is rated so well in the mean of all feedback.
fn rated(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let least = values.last().and_then(|text| text.parse::<f64>().ok());
    let least = least.ok_or_else(|| Error::invalid("minimum_average_rating", "It must be a number."))?;
    let feedback = cx.facts("ats/feedbacks", &[])?;
    let applications = cx.referred("ats/applications", &feedback, "ats_application_id")?;
    let mut ratings: std::collections::BTreeMap<i64, (f64, f64)> = std::collections::BTreeMap::new();
    for one in &feedback {
        let candidate = || applications.get(&one.int("ats_application_id")?)?.int("ats_candidate_id");
        if let (Some(candidate), Some(rating)) = (candidate(), one.int("rating")) {
            let (sum, count) = ratings.entry(candidate).or_default();
            #[expect(clippy::cast_precision_loss, reason = "ratings are small")]
            let rating = rating as f64;
            *sum += rating;
            *count += 1.0;
        }
    }
    let good = ratings.into_iter().filter(|(_, (sum, count))| *sum >= least * count);
    Ok(vec![Look::OneOf("id", good.map(|(id, _)| Datum::Int(id)).collect())])
}

fn active(active: bool) -> Vec<Look> {
    let still = Look::Null("inactive_since");
    vec![if active { still } else { narrow::not(still) }]
}

registry::choice! {
    /// The values of `gender`.
    pub enum Gender {
        Female = "female",
        Male = "male",
        Other = "other",
        Unanswered = "unanswered",
    }
}

/// The mean of all ratings that somebody was given.
fn scores(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let feedback = cx.referring("ats/feedbacks", "ats_candidate_id", rows)?;
    let mean = |row: &Object| {
        let own = feedback.iter().filter(|one| one.int("ats_candidate_id") == row.int("id"));
        let ratings: Vec<i64> = own.filter_map(|one| one.int("rating")).collect();
        let count = i32::try_from(ratings.len()).ok().filter(|count| *count > 0)?;
        let sum = i32::try_from(ratings.iter().sum::<i64>()).ok()?;
        // To one hundredth.
        Some((f64::from(sum) * 100.0 / f64::from(count)).round() / 100.0)
    };
    Ok(rows.iter().map(|row| mean(row).into()).collect())
}
