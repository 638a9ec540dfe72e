//! `time_planning/planning_versions`

use std::collections::{BTreeMap, BTreeSet};

use engine::{Answer, Code, Context, Draft, Error, Input, Narrow, Sets};
use registry::{Action, Date, Employee, Id, Resource};
use storage::{Datum, Look};

use crate::attendance::timesheet;
use crate::time::today::Days;
use crate::time::{facts, load};
use crate::work_schedule::Schedule;

const VERSIONS: &str = "time_planning/planning_versions";

/// Says how an employee's time is planned from some day on.
#[derive(Debug, Resource)]
#[resource(
    path = "time_planning/planning_versions",
    object = "time_planning_planning_version",
    permission = "time_planning",
    subject = "employee_id",
    operations(list, create, update, delete)
)]
#[parameter(name = "for_shifts", as = bool, doc = "True keeps versions that use shift management.")]
#[parameter(name = "only_active", as = bool, doc = "True keeps the versions now in force.", required)]
pub struct PlanningVersion {
    /// Identifies it, for good.
    pub id: Id<PlanningVersion>,
    /// First day on which it applies.
    #[field(create(required), update(required))]
    pub effective_at: Date,
    /// Where the plan comes from: contract_hours, work_schedule or shift_management.
    #[field(create(required), update(required), filter(eq = "planning_tool"(as = PlanningTool)))]
    pub planning_tool: String,
    /// Whose time is planned.
    #[field(create(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Rest days per week, in hundredths of a day.
    #[field(create, update)]
    pub number_of_rest_days_in_cents: Option<i64>,
    /// Work schedule to follow, if that tool is chosen.
    #[field(filter(any = "schedule_ids[]"))]
    pub work_schedule_schedule_id: Option<Id<Schedule>>,
    /// Work schedule to follow, if that tool is chosen.
    #[field(input, create, update)]
    pub schedule_id: Option<Id<Schedule>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    renames: &[("schedule_id", "work_schedule_schedule_id")],
    rule: Some(rule),
    actions: &[("bulk_create", bulk_create)],
    filters: &[
        (
            "for_shifts",
            Narrow::Flag(|_| {
                Look::Equal("planning_tool", Datum::Text(PlanningTool::ShiftManagement.text().to_owned()))
            }),
        ),
        ("only_active", Narrow::Code(active)),
    ],
    ..Code::of(VERSIONS)
};

/// The version of each person that began last, up to today.
fn active(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    if !matches!(values.last().map(String::as_str), Some("true" | "1")) {
        return Ok(Vec::new());
    }
    let begun = Days::load(cx)?.looks("employee_id", |today| Look::To("effective_at", facts::text(today)));
    let begun = cx.facts(VERSIONS, &begun)?;
    let mut newest: BTreeMap<i64, (Option<Date>, i64)> = BTreeMap::new();
    for row in &begun {
        if let (Some(employee), Some(id)) = (row.int("employee_id"), row.int("id")) {
            let known = newest.entry(employee).or_default();
            *known = (*known).max((row.date("effective_at"), id));
        }
    }
    Ok(vec![Look::OneOf("id", newest.into_values().map(|(_, id)| Datum::Int(id)).collect())])
}

/// Whoever follows a schedule says which, and it is one in use.
fn chosen(cx: &mut Context<'_, '_>, tool: &str, schedule: Option<i64>) -> Result<(), Error> {
    let named = |tool: &str| tool == PlanningTool::WorkSchedule.text();
    match (tool, schedule) {
        (tool, Some(schedule)) if named(tool) => {
            let known = cx.objects("work_schedule/schedules", vec![schedule])?;
            if known.get(&schedule).is_some_and(|known| known.get("archived_at") != &Datum::Null) {
                let why = "This schedule is archived. Choose one in use.";
                return Err(Error::rule("schedule_id", "schedule_archived", why));
            }
            Ok(())
        }
        (tool, None) if named(tool) => {
            Err(Error::rule("schedule_id", "required", "Say which schedule to follow."))
        }
        ("contract_hours" | "shift_management", _) => Ok(()),
        _ => Err(Error::rule(
            "planning_tool",
            "invalid",
            "It must be contract_hours, work_schedule or shift_management.",
        )),
    }
}

/// One day begins one version of a person.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let tool = draft.text("planning_tool").unwrap_or_default().to_owned();
    chosen(cx, &tool, draft.int("work_schedule_schedule_id"))?;
    let looks = ["employee_id", "effective_at"].map(|column| Look::Equal(column, draft.get(column).clone()));
    let own = draft.old.and_then(|old| old.int("id"));
    let others = cx.facts(VERSIONS, &looks)?;
    match others.iter().find(|other| other.int("id") != own) {
        Some(_) => Err(Error::conflict(
            "effective_at",
            "version_exists",
            "Another version of this person begins on that day.",
        )),
        None => Ok(()),
    }
}

/// Versions that begin on that day already are replaced.
fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let employees: BTreeSet<i64> = input.ids("employee_ids").into_iter().collect();
    let everyone: Vec<i64> = employees.iter().copied().collect();
    timesheet::reach(cx, &everyone)?;
    let tool = input.text("planning_tool").unwrap_or_default().to_owned();
    chosen(cx, &tool, input.int("schedule_id"))?;
    let Some(from) = input.date("effective_at") else { return Err(Error::NotFound) };
    let sets = Sets::from([
        ("effective_at", facts::text(from)),
        ("planning_tool", Datum::Text(tool)),
        (
            "number_of_rest_days_in_cents",
            input.get("number_of_rest_days_in_cents").cloned().unwrap_or(Datum::Null),
        ),
        ("work_schedule_schedule_id", input.get("schedule_id").cloned().unwrap_or(Datum::Null)),
    ]);
    let there = load::of(cx, VERSIONS, &everyone, &[Look::Equal("effective_at", facts::text(from))])?;
    let mut ids: Vec<i64> = there.iter().filter_map(|row| row.int("id")).collect();
    let had: BTreeSet<i64> = there.iter().filter_map(|row| row.int("employee_id")).collect();
    if !ids.is_empty() {
        cx.change(
            VERSIONS,
            &[Look::OneOf("id", ids.iter().copied().map(Datum::Int).collect())],
            sets.clone(),
        )?;
    }
    let new = employees.difference(&had).map(|employee| {
        let mut sets = sets.clone();
        sets.insert("employee_id", Datum::Int(*employee));
        sets
    });
    ids.extend(cx.add_all(VERSIONS, new.collect())?);
    Ok(Answer::Objects(ids))
}

registry::choice! {
    /// The values of `planning_tool`.
    pub enum PlanningTool {
        ContractHours = "contract_hours",
        ShiftManagement = "shift_management",
        WorkSchedule = "work_schedule",
    }
}

/// Plans the time of several employees the same way.
#[derive(Debug, Action)]
#[action(of = PlanningVersion, name = "bulk_create")]
pub struct BulkCreate {
    /// First day on which it applies.
    pub effective_at: Date,
    /// Where the plan comes from.
    pub planning_tool: String,
    /// Whose time is planned.
    pub employee_ids: Vec<Id<Employee>>,
    /// Rest days per week, in hundredths of a day.
    pub number_of_rest_days_in_cents: Option<i64>,
    /// Work schedule to follow.
    pub schedule_id: Option<Id<Schedule>>,
}
