//! `performance/review_processes`

use engine::{Code, Context, Derived, Draft, Error, Facts};
use registry::{Access, Action, Anything, Company, Id, Instant, Object, Resource};
use serde_json::{Value, json};
use storage::Datum;

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
    #[field(until = "2026-04-01")]
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
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::row("start_validation_errors", |facts| missing(facts).text().into())],
    rule: Some(rule),
    ..Code::of("performance/review_processes")
};

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
