//! `project_management/planned_records`

use registry::{Action, Date, Id, Resource};

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
