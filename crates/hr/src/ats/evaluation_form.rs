//! `ats/evaluation_forms`

use engine::{Answer, Code, Context, Error, Input, Narrow};
use registry::{Action, Anything, Company, Id, Instant, Object, Resource};

use storage::{Datum, Look};

use crate::ats::JobPosting;

/// A set of questions interviewers fill in about a candidate.
#[derive(Debug, Resource)]
#[resource(
    path = "ats/evaluation_forms",
    object = "ats_evaluation_form",
    permission = "ats",
    operations(list, read),
    events("save_as_template")
)]
#[parameter(name = "template", as = bool, doc = "True gives templates only.")]
pub struct EvaluationForm {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<EvaluationForm>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Title of the form.
    pub name: String,
    /// What interviewers are asked to mark.
    pub questions: Vec<Question>,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Posting that uses it. Empty for a template.
    #[field(filter(any = "ats_job_posting_ids[]"))]
    pub ats_job_posting_id: Option<Id<JobPosting>>,
    /// Form it was made from.
    pub based_on_id: Option<Id<EvaluationForm>>,
}

/// The objects of `questions`.
#[derive(Debug, Object)]
pub struct Question {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Wording of the question.
    pub text: String,
    /// Guidance on how to mark it.
    pub description: Option<String>,
}

/// Makes a reusable template out of a form.
#[derive(Debug, Action)]
#[action(of = EvaluationForm, name = "save_as_template")]
pub struct SaveAsTemplate {
    /// Form to copy from.
    pub id: Id<EvaluationForm>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[("save_as_template", save_as_template)],
    filters: &[("template", Narrow::Flag(|_| Look::Null("ats_job_posting_id")))],
    ..Code::of(PATH)
};

const PATH: &str = "ats/evaluation_forms";

/// A template is a form of no posting.
fn save_as_template(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let form = cx.own(cx.plan(PATH)?, id)?;
    let mut sets: engine::Sets =
        ["name", "questions"].into_iter().map(|name| (name, form.get(name).clone())).collect();
    sets.insert("based_on_id", Datum::Int(id));
    Ok(cx.add(PATH, sets)?.into())
}
