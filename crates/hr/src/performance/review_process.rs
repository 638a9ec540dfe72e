//! `performance/review_processes`

use engine::{Answer, Code, Context, Derived, Draft, Error, Facts, Input, Removal, Sets, by, one_of};
use registry::{Access, Action, Anything, Company, Id, Instant, Object, Resource};
use serde_json::{Value, json};
use storage::{Datum, Look};

use super::process::{self, PROCESSES, Step};

/// Round of evaluations, from its set-up to its deadline.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_processes",
    object = "performance_review_process",
    permission = "performance",
    operations(list, read, create, delete),
    events(
        "create",
        "create_from_template",
        "delete",
        "duplicate",
        "remind_in_bulk",
        "remove_schedule",
        "reopen",
        "schedule",
        "start",
        "stop",
        "toggle_archive",
        "update_agreements_configuration",
        "update_basic_info",
        "update_competencies_assessments_configuration",
        "update_deadline",
        "update_employee_score_configuration",
        "update_reviewer_strategies",
        "update_schedule",
        "update_target_strategy"
    )
)]
pub struct ReviewProcess {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ReviewProcess>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Stage the process has reached.
    #[field(default = "draft")]
    pub status: Status,
    /// What must be fixed before the process can start.
    #[field(derived)]
    pub start_validation_errors: StartValidationError,
    /// Whether it was moved out of the usual lists.
    #[field(default = false)]
    pub archived: bool,
    /// How action plans are used.
    #[field(default(empty))]
    pub agreements_configuration: AgreementsConfiguration,
    /// How competencies are assessed.
    #[field(default(empty))]
    pub competencies_assessments_configuration: CompetenciesAssessmentsConfiguration,
    /// Title of the process.
    #[field(create, filter(search = "search"))]
    pub name: Option<String>,
    /// Short summary for the people involved.
    #[field(create)]
    pub description: Option<String>,
    /// Rule that selects the participants at the start.
    #[field(create(as = Strategy))]
    pub target_strategy: Option<TargetStrategy>,
    /// Kinds of reviewer who take part.
    #[field(create)]
    pub reviewer_strategies: Option<ReviewerStrategy>,
    /// Moment the process is meant to start.
    pub starts_at: Option<Instant>,
    /// Deadline for the evaluations.
    #[field(create)]
    pub ends_at: Option<Instant>,
    /// Moment all reviewers were last reminded.
    pub last_bulk_reminder: Option<Instant>,
    /// Review cycle the process belongs to.
    #[field(create(until = "2026-04-01"), until = "2026-04-01")]
    // Text in every version that has it.
    pub cycle_id: Option<String>,
    /// Access of the person creating it.
    #[field(input, create(required))]
    pub author_access_id: Option<Id<Access>>,
    /// Identifiers of the chosen employees, teams or locations.
    #[field(input, create)]
    pub arguments: Option<Vec<String>>,
    /// Whether to use action plans.
    #[field(input, create)]
    pub agreements_enabled: Option<bool>,
    /// Whether reviewers rate overall performance.
    #[field(input, create)]
    pub employee_score_enabled: Option<bool>,
    /// Whether reviewers also rate potential.
    #[field(input, create)]
    pub employee_potential_score_enabled: Option<bool>,
    /// Whether reviewers assess competencies.
    #[field(input, create)]
    pub competencies_assessments_enabled: Option<bool>,
    /// When it starts by itself.
    #[field(input)]
    pub due_at: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::row("start_validation_errors", |facts| missing(facts).text().into())],
    rule: Some(rule),
    effect: Some(effect),
    removal: Some(|cx, row| {
        process::clear(cx, row.int("id").unwrap_or_default())?;
        Ok(Removal::Gone)
    }),
    due: Some(("due_at", begin)),
    actions: &[
        ("create_from_template", create_from_template),
        ("duplicate", duplicate),
        ("remind_in_bulk", remind_in_bulk),
        ("remove_schedule", remove_schedule),
        ("reopen", reopen),
        ("schedule", |cx, input| plan_start(cx, input, Step::Schedule)),
        ("start", start),
        ("stop", stop),
        ("toggle_archive", toggle_archive),
        ("update_agreements_configuration", update_agreements),
        ("update_basic_info", update_basic_info),
        ("update_competencies_assessments_configuration", update_competencies),
        ("update_deadline", update_deadline),
        ("update_employee_score_configuration", update_score),
        ("update_reviewer_strategies", update_reviewers),
        ("update_schedule", |cx, input| plan_start(cx, input, Step::Reschedule)),
        ("update_target_strategy", update_targets),
    ],
    ..Code::of(PROCESSES)
};

fn text(text: &str) -> Datum {
    Datum::Text(text.to_owned())
}

/// A process has an owner, questions, and settings of who sees what.
fn effect(cx: &mut Context<'_, '_>, id: i64, old: Option<&engine::Object>) -> Result<(), Error> {
    let process = cx.objects(PROCESSES, vec![id])?.remove(&id);
    if let (None, Some(process)) = (old, process) {
        furnish(cx, id, process.int("author_access_id"))?;
    }
    Ok(())
}

fn furnish(cx: &mut Context<'_, '_>, id: i64, author: Option<i64>) -> Result<(), Error> {
    let its = ("performance_review_process_id", Datum::Int(id));
    if let Some(author) = author {
        cx.add(process::OWNERS, [("access_id", Datum::Int(author)), its.clone()].into())?;
    }
    super::review_questionnaires_by_strategy::of_process(cx, id)?;
    let settings = [
        "restrict_answers_visibility_to_reportees",
        "early_access_to_answers_for_managers",
        "anonymous_peer_evaluation_for_target",
    ];
    let mut sets: Sets = settings.into_iter().map(|name| (name, Datum::Bool(false))).collect();
    sets.extend([its]);
    cx.add(process::VISIBILITY, sets)?;
    Ok(())
}

/// A draft with what another process, or a template, says.
fn drafted(cx: &mut Context<'_, '_>, mut sets: Sets, author: i64) -> Result<i64, Error> {
    sets.insert("status", text(Status::Draft.text()));
    sets.insert("author_access_id", Datum::Int(author));
    let id = cx.add(PROCESSES, sets)?;
    furnish(cx, id, Some(author))?;
    Ok(id)
}

fn create_from_template(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    const TEMPLATES: &str = "performance/review_process_custom_templates";
    let id = input.id("template_id");
    let custom = input.text("template_type") == Some(TemplateType::Custom.text());
    let template = if custom { cx.objects(TEMPLATES, vec![id])?.remove(&id) } else { None };
    let template =
        template.ok_or_else(|| Error::rule("template_id", "not_found", "There is no such template."))?;
    let kept = ["name", "description", "target_strategy", "reviewer_strategies"];
    let mut sets: Sets = kept.into_iter().map(|name| (name, template.get(name).clone())).collect();
    sets.extend(input.get("name").map(|name| ("name", name.clone())));
    let agreements = json!({ "enabled": template.flag("agreements_enabled"), "esignature_enabled": false });
    sets.insert("agreements_configuration", text(&agreements.to_string()));
    let competencies = json!({ "enabled": template.flag("competencies_assessments_enabled") });
    sets.insert("competencies_assessments_configuration", text(&competencies.to_string()));
    let process = drafted(cx, sets, input.id("author_access_id"))?;
    let settings = template.json("visibility_settings");
    if let Some(settings) = settings.as_object() {
        let names = [
            "restrict_answers_visibility_to_reportees",
            "early_access_to_answers_for_managers",
            "anonymous_peer_evaluation_for_target",
        ];
        let said = |name| settings.get(name).and_then(Value::as_bool).map(|yes| (name, Datum::Bool(yes)));
        let sets: Sets = names.into_iter().filter_map(said).collect();
        if !sets.is_empty() {
            cx.change(process::VISIBILITY, &[one_of("performance_review_process_id", &[process])], sets)?;
        }
    }
    Ok(process.into())
}

/// A copy is a draft with the same rules and questions; nobody takes part in it yet.
fn duplicate(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let old = cx.own(cx.plan(PROCESSES)?, id)?;
    let kept = [
        "name",
        "description",
        "target_strategy",
        "reviewer_strategies",
        "agreements_configuration",
        "competencies_assessments_configuration",
        "employee_score_enabled",
        "employee_potential_score_enabled",
    ];
    let sets: Sets = kept.into_iter().map(|name| (name, old.get(name).clone())).collect();
    let copy = drafted(cx, sets, input.id("author_access_id"))?;
    super::review_questionnaires_by_strategy::copied(cx, id, copy)?;
    Ok(copy.into())
}

/// Everybody who has not handed in an evaluation gets a task.
fn remind_in_bulk(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let process = process::ready(cx, id, Step::Run)?;
    let mut open =
        vec![one_of("performance_review_process_id", &[id]), Look::Equal("published", Datum::Bool(false))];
    open.extend(input.get("evaluation_types").map(|kind| Look::Equal("evaluation_type", kind.clone())));
    let open = cx.facts(process::EVALUATIONS, &open)?;
    let late: std::collections::BTreeSet<i64> =
        open.iter().filter_map(|row| row.int("reviewer_access_id")).collect();
    let due = process.int("ends_at").map(|at| {
        let at = registry::Timestamp::from_millisecond(at).unwrap_or_default();
        Datum::Text(registry::TimeZone::UTC.to_datetime(at).date().to_string())
    });
    let name = process.text("name").unwrap_or("Reviews");
    for access in late {
        let mut sets = Sets::from([
            ("name", Datum::Text(format!("{name}: hand in your evaluations"))),
            ("status", text("todo")),
            ("assignee_ids", Datum::Text(json!([access.to_string()]).to_string())),
            ("author_employee_id", cx.caller.employee.map_or(Datum::Null, Datum::Int)),
        ]);
        sets.extend(due.clone().map(|due| ("due_on", due)));
        cx.add("tasks/tasks", sets)?;
    }
    let now = Datum::Int(cx.tx.now().millis());
    set(cx, id, [("last_bulk_reminder", now)])
}

fn set<const N: usize>(
    cx: &mut Context<'_, '_>,
    id: i64,
    sets: [(&'static str, Datum); N],
) -> Result<Answer, Error> {
    cx.change(PROCESSES, &[by(id)], sets.into())?;
    Ok(id.into())
}

fn instant(input: &Input, member: &str) -> Option<i64> {
    input.int(member)
}

fn plan_start(cx: &mut Context<'_, '_>, input: &Input, step: Step) -> Result<Answer, Error> {
    let id = input.id("id");
    let old = process::ready(cx, id, step)?;
    let at = instant(input, "starts_at");
    process::future(cx.tx.now().millis(), at, None, "starts_at")?;
    if old.int("ends_at").is_some_and(|end| at.is_some_and(|at| at >= end)) {
        return Err(Error::rule("starts_at", "after_deadline", "It would start after its deadline."));
    }
    let at = at.map_or(Datum::Null, Datum::Int);
    set(cx, id, [("starts_at", at.clone()), ("due_at", at), ("status", text(Status::Scheduled.text()))])
}

fn remove_schedule(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    process::ready(cx, id, Step::Unschedule)?;
    let sets = [("starts_at", Datum::Null), ("due_at", Datum::Null), ("status", text(Status::Draft.text()))];
    set(cx, id, sets)
}

fn start(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let old = process::ready(cx, id, Step::Start)?;
    started(cx, &old)?.map_err(|(code, why)| Error::rule("id", code, why))?;
    Ok(id.into())
}

/// Starts a process, or says what it lacks.
fn started(
    cx: &mut Context<'_, '_>,
    old: &engine::Object,
) -> Result<Result<(), (&'static str, &'static str)>, Error> {
    let now = cx.tx.now().millis();
    let people = process::people(cx)?;
    let wanted = process::expected(old, &people);
    let asks = process::asks(cx, old)?;
    if let Some(lack) = process::lacks(old, now, wanted.len(), asks) {
        return Ok(Err(lack));
    }
    process::enrol(cx, old, &people, &wanted)?;
    let id = old.int("id").unwrap_or_default();
    let sets =
        [("starts_at", Datum::Int(now)), ("due_at", Datum::Null), ("status", text(Status::Active.text()))];
    set(cx, id, sets)?;
    Ok(Ok(()))
}

/// A scheduled process starts by itself. What it lacks then keeps it a draft.
fn begin(cx: &mut Context<'_, '_>, id: i64) -> Result<(), Error> {
    let scheduled = |process: &engine::Object| process.text("status") == Some(Status::Scheduled.text());
    let old = cx.objects(PROCESSES, vec![id])?.remove(&id).filter(scheduled);
    let outcome = match &old {
        Some(old) => started(cx, old)?.is_ok(),
        None => false,
    };
    if !outcome {
        let mut sets = Sets::from([("due_at", Datum::Null)]);
        if old.is_some() {
            sets.insert("status", text(Status::Draft.text()));
        }
        cx.change(PROCESSES, &[by(id)], sets)?;
    }
    Ok(())
}

fn stop(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    process::ready(cx, id, Step::Stop)?;
    let now = Datum::Int(cx.tx.now().millis());
    set(cx, id, [("status", text(Status::Finished.text())), ("ends_at", now)])
}

fn reopen(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let old = process::ready(cx, id, Step::Reopen)?;
    let end = instant(input, "ends_at");
    process::future(cx.tx.now().millis(), end, old.int("starts_at"), "ends_at")?;
    let end = end.map_or(Datum::Null, Datum::Int);
    set(cx, id, [("status", text(Status::Active.text())), ("ends_at", end)])
}

fn update_deadline(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let old = process::ready(cx, id, Step::Plan)?;
    let end = instant(input, "ends_at");
    process::future(cx.tx.now().millis(), end, old.int("starts_at"), "ends_at")?;
    set(cx, id, [("ends_at", end.map_or(Datum::Null, Datum::Int))])
}

fn toggle_archive(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let old = process::ready(cx, id, Step::Archive)?;
    set(cx, id, [("archived", Datum::Bool(!old.flag("archived")))])
}

fn update_agreements(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let old = process::ready(cx, id, Step::Plan)?;
    let mut now = old.json("agreements_configuration");
    if !now.is_object() {
        now = json!({ "enabled": false, "esignature_enabled": false });
    }
    if let Some(members) = now.as_object_mut() {
        members.insert("enabled".to_owned(), input.flag("enabled").into());
        members.entry("esignature_enabled").or_insert(false.into());
    }
    set(cx, id, [("agreements_configuration", text(&now.to_string()))])
}

fn update_competencies(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    process::ready(cx, id, Step::Configure)?;
    let now = json!({ "enabled": input.flag("enabled") }).to_string();
    set(cx, id, [("competencies_assessments_configuration", text(&now))])
}

fn update_score(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    process::ready(cx, id, Step::Configure)?;
    set(cx, id, [("employee_score_enabled", Datum::Bool(input.flag("enabled") == Some(true)))])
}

fn update_basic_info(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    cx.own(cx.plan(PROCESSES)?, id)?;
    if input.text("name").is_some_and(|name| name.trim().is_empty()) {
        return Err(Error::rule("name", "empty", "A process has a title."));
    }
    let given = ["name", "description"].into_iter();
    let sets: Sets = given.filter_map(|name| Some((name, input.get(name)?.clone()))).collect();
    if !sets.is_empty() {
        cx.change(PROCESSES, &[by(id)], sets)?;
    }
    Ok(id.into())
}

fn update_reviewers(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    process::ready(cx, id, Step::Configure)?;
    let kind = input.get("reviewer_strategies").cloned().unwrap_or(Datum::Null);
    set(cx, id, [("reviewer_strategies", kind)])
}

fn update_targets(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    process::ready(cx, id, Step::Configure)?;
    let Some(strategy) = input.text("target_strategy") else {
        return set(cx, id, [("target_strategy", Datum::Null)]);
    };
    let arguments = input.json("arguments");
    let numbers = arguments.as_array().into_iter().flatten().all(|one| engine::id_of(one).is_some());
    if !numbers {
        return Err(Error::invalid("arguments", "It must be a list of ids."));
    }
    let chosen = json!({ "strategy": strategy, "arguments": arguments });
    set(cx, id, [("target_strategy", text(&chosen.to_string()))])
}

/// What bodies say one by one is kept together.
fn rule(_: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let agreements = json!({ "enabled": draft.flag("agreements_enabled"), "esignature_enabled": false });
    draft.begin("agreements_configuration", || Datum::Text(agreements.to_string()));
    let competencies = json!({ "enabled": draft.flag("competencies_assessments_enabled") });
    draft.begin("competencies_assessments_configuration", || Datum::Text(competencies.to_string()));
    if let Some(Datum::Text(strategy)) = draft.sets.get("target_strategy") {
        let arguments: Value = match draft.sets.get("arguments") {
            Some(Datum::Text(arguments)) => serde_json::from_str(arguments).unwrap_or_default(),
            _ => Value::Null,
        };
        let chosen = json!({ "strategy": strategy, "arguments": arguments });
        draft.sets.insert("target_strategy", Datum::Text(chosen.to_string()));
    }
    Ok(())
}

/// The first thing that keeps the process from starting. Where the process itself lacks nothing it is the questions,
/// which belong to its questionnaires.
fn missing(facts: &Facts<'_>) -> StartValidationError {
    let wanted = [
        ("name", StartValidationError::MissingTitle),
        ("target_strategy", StartValidationError::MissingTargetStrategy),
        ("reviewer_strategies", StartValidationError::MissingReviewerStrategy),
    ];
    let absent = wanted.into_iter().find(|(column, _)| facts.text(column).is_none());
    match absent {
        Some((_, error)) => error,
        None if facts.instant("ends_at").is_none() => StartValidationError::MissingDeadline,
        None => StartValidationError::MissingQuestions,
    }
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Active = "active",
        Draft = "draft",
        Finished = "finished",
        Scheduled = "scheduled",
        Starting = "starting",
    }
}

registry::choice! {
    /// The values of `start_validation_errors`.
    pub enum StartValidationError {
        InvalidDeadline = "invalid_deadline",
        InvalidSectionWeightsSum = "invalid_section_weights_sum",
        MissingDeadline = "missing_deadline",
        MissingPotentialReviewers = "missing_potential_reviewers",
        MissingQuestions = "missing_questions",
        MissingReviewerStrategy = "missing_reviewer_strategy",
        MissingTargetStrategy = "missing_target_strategy",
        MissingTargetStrategyMembers = "missing_target_strategy_members",
        MissingTitle = "missing_title",
    }
}

/// The objects of `agreements_configuration`.
#[derive(Debug, Object)]
pub struct AgreementsConfiguration {
    /// Whether action plans follow the evaluations.
    pub enabled: bool,
    /// Whether action plans are signed electronically.
    pub esignature_enabled: bool,
}

/// The objects of `competencies_assessments_configuration`.
#[derive(Debug, Object)]
pub struct CompetenciesAssessmentsConfiguration {
    /// Whether competencies are part of the review.
    pub enabled: bool,
}

/// The objects of `target_strategy`.
#[derive(Debug, Object)]
pub struct TargetStrategy {
    /// How the participants are chosen.
    pub strategy: Strategy,
    /// Identifiers of the chosen employees, teams or locations.
    pub arguments: Option<Vec<String>>,
}

registry::choice! {
    /// The values of `strategy`.
    pub enum Strategy {
        AllEmployees = "all_employees",
        ByEmployees = "by_employees",
        ByLocations = "by_locations",
        ByTeams = "by_teams",
        ManualSelection = "manual_selection",
    }
}

registry::choice! {
    /// The values of `reviewer_strategies`.
    pub enum ReviewerStrategy {
        DirectReports = "direct_reports",
        Manager = "manager",
        Peers = "peers",
        Oneself = "self",
    }
}

registry::choice! {
    /// The values of `template_type`.
    pub enum TemplateType {
        Custom = "custom",
        Predefined = "predefined",
    }
}

/// Creates a draft from a template.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "create_from_template")]
pub struct CreateFromTemplate {
    /// Access of the person creating it.
    pub author_access_id: Id<Access>,
    /// Template to start from.
    pub template_id: Id<Anything>,
    /// Whether the company made the template or it came ready-made.
    pub template_type: TemplateType,
    /// Title of the new process.
    pub name: Option<String>,
}

/// Creates a copy of a process.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "duplicate")]
pub struct Duplicate {
    /// Review process to copy.
    pub id: Id<ReviewProcess>,
    /// Access of the person making the copy.
    pub author_access_id: Id<Access>,
}

/// Reminds reviewers whose evaluations are still open.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "remind_in_bulk")]
pub struct RemindInBulk {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// Kinds of reviewer to remind.
    pub evaluation_types: Option<ReviewerStrategy>,
}

/// Cancels the planned start of a scheduled process.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "remove_schedule")]
pub struct RemoveSchedule {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
}

/// Makes a finished process active again.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "reopen")]
pub struct Reopen {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// New deadline for the evaluations.
    pub ends_at: Instant,
}

/// Plans the start of a draft.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "schedule")]
pub struct Schedule {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// Moment to start.
    pub starts_at: Instant,
}

/// Starts a draft or scheduled process now.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "start")]
pub struct Start {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
}

/// Ends a process now.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "stop")]
pub struct Stop {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
}

/// Archives the process, or brings it back.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "toggle_archive")]
pub struct ToggleArchive {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
}

/// Turns action plans on or off.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "update_agreements_configuration")]
pub struct UpdateAgreementsConfiguration {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// Whether to use action plans.
    pub enabled: bool,
}

/// Changes the title and summary.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "update_basic_info")]
pub struct UpdateBasicInfo {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// New title of the process.
    pub name: Option<String>,
    /// New summary of the process.
    pub description: Option<String>,
}

/// Turns the assessment of competencies on or off.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "update_competencies_assessments_configuration")]
pub struct UpdateCompetenciesAssessmentsConfiguration {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// Whether to assess competencies.
    pub enabled: bool,
}

/// Moves the deadline.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "update_deadline")]
pub struct UpdateDeadline {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// New deadline for the evaluations.
    pub ends_at: Instant,
}

/// Turns the closing question on performance on or off.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "update_employee_score_configuration")]
pub struct UpdateEmployeeScoreConfiguration {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// Whether to ask for the score.
    pub enabled: bool,
}

/// Changes who evaluates, while in draft.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "update_reviewer_strategies")]
pub struct UpdateReviewerStrategies {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// Kinds of reviewer who take part.
    pub reviewer_strategies: ReviewerStrategy,
}

/// Moves the start of a scheduled process.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "update_schedule")]
pub struct UpdateSchedule {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// New moment to start.
    pub starts_at: Instant,
}

/// Changes how participants are selected, while in draft.
#[derive(Debug, Action)]
#[action(of = ReviewProcess, name = "update_target_strategy")]
pub struct UpdateTargetStrategy {
    /// Review process to change.
    pub id: Id<ReviewProcess>,
    /// How the participants are chosen.
    pub target_strategy: Option<Strategy>,
    /// Identifiers of the chosen employees, teams or locations.
    pub arguments: Option<Vec<String>>,
}
