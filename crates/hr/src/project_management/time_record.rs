//! `project_management/time_records`

use engine::{Code, Derived, Narrow};
use registry::{Action, Date, Employee, Id, Instant, Object, Resource};

use crate::attendance::Shift;
use crate::project_management::Project;
use crate::project_management::ProjectTask;
use crate::project_management::ProjectWorker;
use crate::project_management::Subproject;

/// Time that a person worked for a project, from a shift or entered directly.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/time_records",
    object = "project_management_time_record",
    permission = "project_management",
    subject = "project_worker_id.employee_id",
    operations(list, read, create, delete),
    events("create", "delete", "update_imputed_minutes", "update_observations", "update_project_worker")
)]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Narrows the list by values that are worked out.")]
#[parameter(name = "month", as = i64, doc = "Only days in this month, from 1 to 12.")]
#[parameter(name = "year", as = i64, doc = "Only days in this year, used together with month.")]
#[parameter(name = "updated_after", as = String, doc = "Only what was created or changed after this moment.")]
pub struct TimeRecord {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<TimeRecord>,
    /// Project membership that the time counts for.
    #[field(create(required), filter(any = "project_worker_ids[]"))]
    pub project_worker_id: Id<ProjectWorker>,
    /// Who did the work.
    #[field(derived, since = "2026-10-01")]
    pub employee_id: Id<Employee>,
    /// Project the time goes to.
    #[field(derived, since = "2026-10-01")]
    pub project_id: Id<Project>,
    /// Shift the time was tracked in. Empty when entered directly.
    #[field(create, filter(any = "attendance_shift_ids[]"))]
    pub attendance_shift_id: Option<Id<Shift>>,
    /// Subproject the time goes to, if there is one.
    #[field(create, filter(any = "subproject_ids[]"))]
    pub subproject_id: Option<Id<Subproject>>,
    /// Project task the time goes to, if there is one.
    #[field(create(since = "2026-10-01"), filter(any = "project_task_ids[]"(since = "2026-10-01")), since = "2026-10-01")]
    pub project_task_id: Option<Id<ProjectTask>>,
    /// Day the work counts for.
    #[field(create(since = "2026-10-01"))]
    pub date: Option<Date>,
    /// Time charged, in minutes.
    #[field(create(since = "2026-10-01"))]
    pub imputed_minutes: Option<i64>,
    /// When the shift began.
    #[field(derived)]
    pub clock_in: Option<Instant>,
    /// When the shift ended.
    #[field(derived)]
    pub clock_out: Option<Instant>,
    /// Note on the work.
    #[field(since = "2026-07-01")]
    pub observations: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::through(
            "employee_id",
            "project_worker_id",
            "project_management/project_workers",
            "employee_id",
        ),
        Derived::through(
            "project_id",
            "project_worker_id",
            "project_management/project_workers",
            "project_id",
        ),
    ],
    filters: &[(
        "employee_ids[]",
        Narrow::through("project_worker_id", "project_management/project_workers", "id", "employee_id"),
    )],
    ..Code::of("project_management/time_records")
};

/// The objects of `items`.
#[derive(Debug, Object)]
pub struct Item {
    /// Entry to change or delete. Empty makes a new one.
    pub time_record_id: Option<Id<TimeRecord>>,
    /// Shift that the time belongs to.
    pub attendance_shift_id: Option<Id<Shift>>,
    /// Project membership that the time counts for.
    pub project_worker_id: Option<Id<ProjectWorker>>,
    /// Subproject the time goes to.
    pub subproject_id: Option<Id<Subproject>>,
    /// Project task the time goes to.
    pub project_task_id: Option<Id<ProjectTask>>,
    /// Time in minutes, when there is no shift.
    pub imputed_minutes: Option<i64>,
    /// Day of the work, when there is no shift.
    pub date: Option<Date>,
}

/// Deletes all time of a person on a project in one day.
#[derive(Debug, Action)]
#[action(of = TimeRecord, name = "bulk_delete")]
pub struct BulkDelete {
    /// Day to clear.
    pub date: Date,
    /// Project membership whose time is deleted.
    pub project_worker_id: Id<ProjectWorker>,
    /// Limits the deletion to this subproject.
    pub subproject_id: Option<Id<Subproject>>,
}

/// Creates, changes and deletes several entries in one call.
#[derive(Debug, Action)]
#[action(of = TimeRecord, name = "bulk_process")]
pub struct BulkProcess {
    /// Entries to handle, in order. An id alone deletes.
    pub items: Vec<Item>,
}

/// Writes or clears the note on time without a shift.
#[derive(Debug, Action)]
#[action(of = TimeRecord, name = "update_observations", since = "2026-10-01")]
pub struct UpdateObservations {
    /// Entry to annotate.
    pub id: Id<TimeRecord>,
    /// Text of the note. Null removes it.
    pub observations: Option<String>,
}

/// Moves an entry to another project, subproject or task.
#[derive(Debug, Action)]
#[action(of = TimeRecord, name = "update_project_worker")]
pub struct UpdateProjectWorker {
    /// Entry to move.
    pub id: Id<TimeRecord>,
    /// Project membership it moves to.
    pub project_worker_id: Id<ProjectWorker>,
    /// Subproject it moves to.
    pub subproject_id: Option<Id<Subproject>>,
    /// Project task it moves to.
    #[field(since = "2026-10-01")]
    pub project_task_id: Option<Id<ProjectTask>>,
}
