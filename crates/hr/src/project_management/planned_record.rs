//! `project_management/planned_records`

use engine::{Answer, Code, Context, Error, Input, one_of};
use registry::{Action, Date, Id, Resource};

use storage::Datum;

use crate::project_management::ProjectWorker;
use crate::project_management::Subproject;

/// Minutes per day that a person is planned on a project.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/planned_records",
    object = "project_management_planned_record",
    permission = "project_management",
    subject = "project_worker_id.employee_id",
    operations(list, read, update, delete)
)]
pub struct PlannedRecord {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PlannedRecord>,
    /// Planned time on each day, in minutes.
    #[field(update(required))]
    pub daily_minutes: i64,
    /// First day of the plan.
    #[field(update(required), filter(from = "start_date"))]
    pub start_date: Date,
    /// Last day of the plan.
    #[field(update(required), filter(to = "end_date"))]
    pub end_date: Date,
    /// Project membership of the planned person.
    #[field(update, filter(any = "project_worker_ids[]"))]
    pub project_worker_id: Id<ProjectWorker>,
    /// Weekdays the plan covers, from 0 for Sunday to 6 for Saturday.
    #[field(update)]
    pub week_days: Vec<i64>,
    /// Subproject the time is meant for, if there is one.
    #[field(filter(any = "subproject_ids[]"))]
    pub subproject_id: Option<Id<Subproject>>,
}

/// Plans several people at once, with one plan for each.
#[derive(Debug, Action)]
#[action(of = PlannedRecord, name = "bulk_create")]
pub struct BulkCreate {
    /// Project memberships of the people to plan.
    pub project_worker_ids: Vec<Id<ProjectWorker>>,
    /// First day of every plan.
    pub start_date: Date,
    /// Last day of every plan.
    pub end_date: Date,
    /// Time planned on each day, in minutes.
    pub daily_minutes: i64,
    /// Subproject the time is meant for.
    pub subproject_id: Option<Id<Subproject>>,
    /// Weekdays to plan, where 0 is Sunday.
    pub week_days: Option<Vec<i64>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { actions: &[("bulk_create", bulk_create)], ..Code::of("project_management/planned_records") };

fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    const DAY: i64 = 24 * 60;
    if input.date("end_date") < input.date("start_date") {
        return Err(Error::rule("end_date", "before_start", "A plan ends on its first day or later."));
    }
    if !(1..=DAY).contains(&input.id("daily_minutes")) {
        return Err(Error::rule("daily_minutes", "out_of_range", "A day has 1 to 1440 minutes."));
    }
    let days = input.ids("week_days");
    let days = if days.is_empty() { vec![1, 2, 3, 4, 5] } else { days };
    if days.iter().any(|day| !(0..=6).contains(day)) {
        return Err(Error::rule("week_days", "out_of_range", "Days of the week are 0 for Sunday to 6."));
    }
    let ids = input.ids("project_worker_ids");
    let workers = cx.facts("project_management/project_workers", &[one_of("id", &ids)])?;
    let mut made = Vec::with_capacity(workers.len());
    for worker in &workers {
        if !worker.flag("assigned") {
            let why = "Somebody is not assigned to the project any more.";
            return Err(Error::rule("project_worker_ids", "not_assigned", why));
        }
        super::subproject::of_project(cx, input.int("subproject_id"), worker.int("project_id"))?;
        let mut sets = engine::Sets::from([
            ("project_worker_id", worker.get("id").clone()),
            ("week_days", Datum::Text(serde_json::Value::from(days.clone()).to_string())),
        ]);
        for member in ["start_date", "end_date", "daily_minutes", "subproject_id"] {
            sets.extend(input.get(member).map(|value| (member, value.clone())));
        }
        made.push(cx.add("project_management/planned_records", sets)?);
    }
    Ok(Answer::Objects(made))
}
