//! `ats/applications`

use engine::{Body, Code, Context, Derived, Draft, Error, Input, Narrow, Object, Removal, by, id_of, one_of};
use registry::{Action, Anything, Company, Employee, Id, Instant, Json, Object, Resource};

use storage::{Datum, Look};

use crate::ats::ApplicationPhase;
use crate::ats::Candidate;
use crate::ats::CandidateSource;
use crate::ats::JobPosting;
use crate::ats::RejectionReason;
use crate::narrow;

/// A candidate's bid for one job posting.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/applications",
    object = "ats_application",
    permission = "ats",
    operations(list, read, create, update, delete),
    events("apply", "create", "create_from_employee"(uncaused = "No operation of the API makes an application of an employee."), "delete", "update")
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
    derived: &[Derived::page("rating_average", ratings)],
    rule: Some(rule),
    effect: Some(effect),
    removal: Some(removal),
    actions: &[("apply", apply), ("move_to_phase", move_to_phase)],
    filters: &[
        (
            "search",
            Narrow::Named("ats_candidate_id", "ats/candidates", "id", &["first_name", "last_name", "email"]),
        ),
        ("ats_tags_ids[]", narrow::NOTHING),
    ],
    ..Code::of(PATH)
};

const PATH: &str = "ats/applications";
const ANSWERS: &str = "ats/answers";
const PHASES: &str = "ats/application_phases";
const CANDIDATES: &str = "ats/candidates";

/// The mean of the ratings in the feedback of each, rounded.
fn ratings(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let feedback = cx.referring("ats/feedbacks", "ats_application_id", rows)?;
    let mean = |row: &Object| {
        let own = feedback.iter().filter(|one| one.int("ats_application_id") == row.int("id"));
        // Wide enough for whatever numbers were given.
        let ratings: Vec<i128> = own.filter_map(|one| one.int("rating")).map(i128::from).collect();
        let count = i128::try_from(ratings.len()).ok().filter(|count| *count > 0)?;
        i64::try_from((ratings.iter().sum::<i128>() * 2 + count).div_euclid(count * 2)).ok()
    };
    Ok(rows.iter().map(|row| mean(row).into()).collect())
}

/// An application is somebody's, for a posting, at one of the steps of that posting: the first, to begin with.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.old.is_none() && draft.int("ats_candidate_id").is_none() {
        return Err(Error::invalid("ats_candidate_id", "It must say who applies; apply takes somebody new."));
    }
    let posting = draft.int("ats_job_posting_id").unwrap_or_default();
    let its = one_of("ats_job_posting_id", &[posting]);
    match draft.int("ats_application_phase_id").filter(|_| draft.changes("ats_application_phase_id")) {
        Some(phase) => of_posting(cx, phase, posting)?,
        None if draft.old.is_none() => {
            let phases = cx.facts(PHASES, &[its])?;
            let first = phases.iter().min_by_key(|phase| phase.int("position"));
            draft.sets.extend(first.map(|phase| ("ats_application_phase_id", phase.get("id").clone())));
        }
        None => {}
    }
    draft.begin("qualified", || Datum::Bool(true));
    if let Some(name) = draft.text("source").map(str::to_owned).filter(|_| draft.changes("source")) {
        let source = super::candidate_source::named(cx, &name)?;
        draft.sets.extend(source.map(|id| ("source_id", Datum::Int(id))));
    }
    Ok(())
}

/// Refuses a step of another posting.
fn of_posting(cx: &mut Context<'_, '_>, phase: i64, posting: i64) -> Result<(), Error> {
    let found = cx.objects(PHASES, vec![phase])?.remove(&phase);
    if found.is_some_and(|found| found.int("ats_job_posting_id") == Some(posting)) {
        return Ok(());
    }
    let why = "The step is one of another posting.";
    Err(Error::rule("ats_application_phase_id", "other_posting", why))
}

/// What an applicant answered is kept with the wording of the question as it was.
fn effect(cx: &mut Context<'_, '_>, id: i64, old: Option<&Object>) -> Result<(), Error> {
    if old.is_some() {
        return Ok(());
    }
    let Some(application) = cx.objects(PATH, vec![id])?.remove(&id) else { return Ok(()) };
    let answers = application.json("answers");
    let answers: Vec<(i64, serde_json::Value)> = answers
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|answer| Some((id_of(answer.get("ats_question_id")?)?, answer.get("value")?.clone())))
        .collect();
    let posting = application.int("ats_job_posting_id").unwrap_or_default();
    let questions = cx.facts("ats/questions", &[one_of("ats_job_posting_id", &[posting])])?;
    for (question, value) in answers {
        let Some(asked) = questions.iter().find(|one| one.int("id") == Some(question)) else {
            let why = format!("The posting does not ask question {question}.");
            return Err(Error::rule("answers", "other_posting", why));
        };
        let text = match value {
            serde_json::Value::Null => Datum::Null,
            serde_json::Value::String(text) => Datum::Text(text),
            other => Datum::Text(other.to_string()),
        };
        let sets = [
            ("ats_application_id", Datum::Int(id)),
            ("ats_question_id", Datum::Int(question)),
            ("original_question_label", asked.get("label").clone()),
            ("original_question_type", asked.get("question_type").clone()),
            ("value", text),
        ];
        cx.add(ANSWERS, sets.into())?;
    }
    Ok(())
}

/// What was answered goes with the application.
fn removal(cx: &mut Context<'_, '_>, application: &Object) -> Result<Removal, Error> {
    cx.remove(ANSWERS, &[one_of("ats_application_id", &[application.int("id").unwrap_or_default()])])?;
    Ok(Removal::Gone)
}

/// Who applied before under the same address is the same candidate; nobody applies twice for one posting.
fn apply(cx: &mut Context<'_, '_>, input: &Input) -> Result<engine::Answer, Error> {
    let posting = input.id("ats_job_posting_id");
    let found = cx.objects("ats/job_postings", vec![posting])?.remove(&posting);
    if !found.is_some_and(|posting| matches!(posting.text("status"), Some("published" | "unlisted"))) {
        let why = "Nobody can apply to a posting that is not open.";
        return Err(Error::rule("ats_job_posting_id", "not_open", why));
    }
    let email = input.text("email").unwrap_or_default().trim().to_lowercase();
    if !email.contains('@') {
        return Err(Error::invalid("email", "It must be an address such as ada@example.com."));
    }
    let same = Look::Prefix("email", email.clone());
    let known = cx.facts(CANDIDATES, &[same])?;
    let known = known
        .iter()
        .find(|one| one.text("email").is_some_and(|address| address.to_lowercase() == email))
        .and_then(|one| one.int("id"));
    let candidate = match known {
        Some(candidate) => {
            let both = [one_of("ats_candidate_id", &[candidate]), one_of("ats_job_posting_id", &[posting])];
            if !cx.facts(PATH, &both)?.is_empty() {
                return Err(Error::conflict(
                    "email",
                    "applied",
                    "This person has applied to the posting already.",
                ));
            }
            candidate
        }
        None => {
            let now = cx.tx.now().millis();
            let consent = input.flag("consent_to_talent_pool");
            let mut sets = engine::Sets::from([("email", Datum::Text(email))]);
            for (member, column) in [
                ("first_name", "first_name"),
                ("last_name", "last_name"),
                ("phone", "phone_number"),
                ("medium", "medium"),
                ("gender", "gender"),
                ("consent_to_talent_pool", "consent_to_talent_pool"),
            ] {
                sets.extend(input.get(member).map(|value| (column, value.clone())));
            }
            sets.extend(consent.filter(|given| *given).map(|_| ("consent_given_at", Datum::Int(now))));
            cx.add(CANDIDATES, sets)?
        }
    };
    let mut body = Body::new();
    body.insert("ats_candidate_id".to_owned(), candidate.into());
    body.insert("ats_job_posting_id".to_owned(), posting.into());
    for member in ["phone", "source", "medium", "cover_letter"] {
        body.extend(input.text(member).map(|text| (member.to_owned(), text.into())));
    }
    body.extend(
        input.flag("consent_to_talent_pool").map(|yes| ("consent_to_talent_pool".to_owned(), yes.into())),
    );
    body.insert(
        "answers".to_owned(),
        input.items("answers").into_iter().map(serde_json::Value::Object).collect(),
    );
    let plan = cx.plan(PATH)?;
    Ok(cx.make(plan, &body)?.into())
}

/// Who was turned down moves no more.
fn move_to_phase(cx: &mut Context<'_, '_>, input: &Input) -> Result<engine::Answer, Error> {
    let (id, phase) = (input.id("id"), input.id("ats_application_phase_id"));
    let application = cx.own(cx.plan(PATH)?, id)?;
    of_posting(cx, phase, application.int("ats_job_posting_id").unwrap_or_default())?;
    if application.get("qualified") == &Datum::Bool(false) || application.int("qualified") == Some(0) {
        return Err(Error::conflict("id", "disqualified", "The applicant was turned down."));
    }
    cx.change(PATH, &[by(id)], [("ats_application_phase_id", Datum::Int(phase))].into())?;
    Ok(id.into())
}

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
