//! `performance/review_questionnaire_by_strategies`

use engine::{Answer, Body, Code, Context, Error, Input, Sets, by, one_of};
use registry::{Action, Anything, Id, Object, Resource};

use serde_json::{Value, json};
use storage::Datum;

use super::process::{self, QUESTIONS, Step};
use crate::performance::ReviewProcess;

/// Questionnaires of a review process, one per kind of reviewer.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_questionnaire_by_strategies",
    object = "performance_review_questionnaires_by_strategy",
    permission = "performance",
    operations(list, read)
)]
pub struct ReviewQuestionnairesByStrategy {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ReviewQuestionnairesByStrategy>,
    /// Review process that asks the questions.
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Points offered by rating questions without their own scale.
    pub default_rating_scale: Vec<DefaultRatingScale>,
    /// Questions people answer about themselves.
    pub self_questionnaire: Option<SelfQuestionnaire>,
    /// Questions managers answer about their reports.
    pub manager_questionnaire: Option<SelfQuestionnaire>,
    /// Questions reports answer about their manager.
    pub direct_report_questionnaire: Option<SelfQuestionnaire>,
    /// Questions colleagues answer about each other.
    pub peers_questionnaire: Option<SelfQuestionnaire>,
    /// Performance score question for the participant.
    pub employee_score_self_questionnaire: Option<SelfQuestionnaire>,
    /// Performance score question for the manager.
    pub employee_score_manager_questionnaire: Option<SelfQuestionnaire>,
    /// Potential score question for the manager.
    pub employee_potential_score_manager_questionnaire: Option<SelfQuestionnaire>,
}

/// The objects of `default_rating_scale`.
#[derive(Debug, Object)]
pub struct DefaultRatingScale {
    /// Number of points this step is worth.
    pub value: i64,
    /// Label shown beside this step.
    pub text: String,
}

/// The objects of `self_questionnaire`.
#[derive(Debug, Object)]
pub struct SelfQuestionnaire {
    /// Kind of reviewer who answers these questions.
    pub reviewer_strategy: ReviewerStrategy,
    /// Sections and questions, in display order.
    pub content: Vec<Content>,
}

registry::choice! {
    /// The values of `reviewer_strategy`.
    pub enum ReviewerStrategy {
        DirectReports = "direct_reports",
        Manager = "manager",
        Peers = "peers",
        Oneself = "self",
    }
}

/// The objects of `content`.
#[derive(Debug, Object)]
pub struct Content {
    /// Unique identifier of this element.
    pub uuid: String,
    /// Whether the element is a question or a section.
    pub r#type: Type,
    /// Questions grouped under this element.
    pub questions: Vec<Question>,
    /// Heading of the section.
    pub section_title: Option<String>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        Question = "question",
        Section = "section",
    }
}

/// The objects of `questions`.
#[derive(Debug, Object)]
pub struct Question {
    /// Unique identifier of this element.
    pub uuid: String,
    /// Whether reviewers must answer before publishing.
    pub mandatory: bool,
    /// Wording of the question.
    pub title: String,
    /// Kind of reply the question accepts.
    pub answer_type: AnswerType,
    /// Whether a rating may carry a written remark.
    pub with_comment: Option<bool>,
    /// Points a rating question offers.
    pub scale: Option<Vec<DefaultRatingScale>>,
    /// Greatest number of options that may be picked.
    pub max_choices: Option<i64>,
    /// Options offered by a multiple choice question.
    pub choice_options: Option<Vec<String>>,
    /// Competency that the question assesses.
    pub metadata: Option<Metadata>,
    /// Extra guidance for answering the question.
    pub description: Option<String>,
}

registry::choice! {
    /// The values of `answer_type`.
    pub enum AnswerType {
        MultipleChoice = "multiple_choice",
        Number = "number",
        Rating = "rating",
        Text = "text",
    }
}

/// The objects of `metadata`.
#[derive(Debug, Object)]
pub struct Metadata {
    /// Competency being assessed.
    pub competency_id: Option<Id<Anything>>,
    /// Competency level expected of the employee.
    pub competency_level_id: Option<Id<Anything>>,
    /// Name of the expected level.
    pub competency_level_name: Option<String>,
    /// Explanation of the expected level.
    pub competency_level_description: Option<String>,
}

/// Changes the points that rating questions offer.
#[derive(Debug, Action)]
#[action(of = ReviewQuestionnairesByStrategy, name = "update_default_rating_scale")]
pub struct UpdateDefaultRatingScale {
    /// Review process concerned.
    pub performance_review_process_id: Id<ReviewProcess>,
    /// New points, each with its label.
    pub default_rating_scale: Vec<DefaultRatingScale>,
}

/// Replaces the questions put to one kind of reviewer.
#[derive(Debug, Action)]
#[action(of = ReviewQuestionnairesByStrategy, name = "update_questionnaire_for_strategy")]
pub struct UpdateQuestionnaireForStrategy {
    /// Review process concerned.
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Kind of reviewer who answers.
    pub strategy: ReviewerStrategy,
    /// All sections and questions, in order.
    pub questionnaire_content: Vec<Content>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[
        ("update_default_rating_scale", update_scale),
        ("update_questionnaire_for_strategy", update_questions),
    ],
    ..Code::of(QUESTIONS)
};

/// The questionnaires of a process, begun where there are none.
pub(crate) fn of_process(cx: &mut Context<'_, '_>, process: i64) -> Result<i64, Error> {
    let its = one_of("performance_review_process_id", &[process]);
    if let Some(id) = cx.facts(QUESTIONS, &[its])?.first().and_then(|row| row.int("id")) {
        return Ok(id);
    }
    let steps = ["Poor", "Below expectations", "As expected", "Above expectations", "Outstanding"];
    let scale: Value =
        (1..).zip(steps).map(|(value, text)| json!({ "value": value, "text": text })).collect();
    let sets = [
        ("performance_review_process_id", Datum::Int(process)),
        ("default_rating_scale", Datum::Text(scale.to_string())),
    ];
    cx.add(QUESTIONS, sets.into())
}

/// Gives a process the questions of another.
pub(crate) fn copied(cx: &mut Context<'_, '_>, from: i64, to: i64) -> Result<(), Error> {
    let id = of_process(cx, to)?;
    let its = one_of("performance_review_process_id", &[from]);
    let Some(old) = cx.facts(QUESTIONS, &[its])?.pop() else { return Ok(()) };
    let plan = cx.plan(QUESTIONS)?;
    let kept = plan.resource().fields.iter().map(|field| field.member.name);
    let kept = kept.filter(|name| !["id", "performance_review_process_id"].contains(name));
    let sets: Sets = kept.map(|name| (name, old.get(name).clone())).collect();
    cx.change(QUESTIONS, &[by(id)], sets)?;
    Ok(())
}

fn update_scale(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let process = input.id("performance_review_process_id");
    process::ready(cx, process, Step::Configure)
        .map_err(|error| error.about("performance_review_process_id"))?;
    let scale = input.items("default_rating_scale");
    let mut values: Vec<i64> = scale.iter().filter_map(|step| step.get("value")?.as_i64()).collect();
    values.sort_unstable();
    values.dedup();
    if values.len() < 2 || values.len() < scale.len() {
        let why = "A scale has at least two steps, each worth something else.";
        return Err(Error::rule("default_rating_scale", "invalid_scale", why));
    }
    let id = of_process(cx, process)?;
    let scale = input.get("default_rating_scale").cloned().unwrap_or(Datum::Null);
    cx.change(QUESTIONS, &[by(id)], [("default_rating_scale", scale)].into())?;
    Ok(id.into())
}

/// What is wrong with the questions: they are told apart by their uuid, say something, and offer their choices.
fn fault(content: &[Body]) -> Option<&'static str> {
    let mut seen = std::collections::BTreeSet::new();
    for part in content {
        let questions = part.get("questions").and_then(Value::as_array).into_iter().flatten();
        let uuids = questions.clone().map(|question| question.get("uuid")).chain([part.get("uuid")]);
        let own: Vec<_> = uuids.flatten().filter_map(Value::as_str).collect();
        // A question that stands alone may have the uuid of its element.
        let alone = part.get("type").and_then(Value::as_str) == Some("question");
        let distinct: std::collections::BTreeSet<_> = own.iter().copied().collect();
        if (!alone && distinct.len() < own.len()) || distinct.iter().any(|uuid| !seen.insert(*uuid)) {
            return Some("Two elements have the same uuid.");
        }
        for question in questions {
            let text = |name: &str| question.get(name).and_then(Value::as_str).unwrap_or_default();
            if text("title").trim().is_empty() {
                return Some("A question asks something.");
            }
            let choices = question.get("choice_options").and_then(Value::as_array).map_or(0, Vec::len);
            if text("answer_type") == "multiple_choice" && choices < 2 {
                return Some("A multiple choice has at least two options.");
            }
        }
    }
    None
}

fn update_questions(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let process = input.id("performance_review_process_id");
    process::ready(cx, process, Step::Configure)
        .map_err(|error| error.about("performance_review_process_id"))?;
    let content = input.items("questionnaire_content");
    if let Some(why) = fault(&content) {
        return Err(Error::rule("questionnaire_content", "invalid_questions", why));
    }
    let strategy = input.text("strategy").unwrap_or_default();
    let questions = json!({ "reviewer_strategy": strategy, "content": content });
    let id = of_process(cx, process)?;
    let column = process::questionnaire(strategy);
    cx.change(QUESTIONS, &[by(id)], [(column, Datum::Text(questions.to_string()))].into())?;
    Ok(id.into())
}
