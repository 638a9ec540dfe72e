//! `project_management/project_tasks`

use registry::{Action, Anything, Date, Employee, File, Id, Resource};

use crate::project_management::Project;
use crate::project_management::Subproject;
use crate::tasks::Task;

/// Link that makes a task part of a project.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/project_tasks",
    object = "project_management_project_task",
    permission = "project_management",
    subject = "task_id.author_employee_id",
    involved("task_id.assignee_ids"),
    operations(list, read, create(multipart), update(multipart))
)]
#[parameter(name = "completed", as = bool, doc = "True keeps finished tasks only.", required)]
#[parameter(name = "overdue", as = bool, doc = "True keeps unfinished tasks whose due day has passed.", required)]
#[parameter(name = "search", as = String, doc = "Only tasks whose name contains this text.", required)]
#[parameter(name = "due_status", as = DueStatus, doc = "Only tasks due later, today, in the past, or never.", required)]
#[parameter(name = "client_ids[]", as = Id<Anything>, doc = "Only tasks in projects for these customers.", required)]
pub struct ProjectTask {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"(required)))]
    pub id: Id<ProjectTask>,
    /// Project the task is part of.
    #[field(create(required), update(required), filter(any = "project_ids[]"(required)))]
    pub project_id: Id<Project>,
    /// The ordinary task behind the link.
    #[field(default(rule), filter(any = "task_ids[]"))]
    pub task_id: Id<Task>,
    /// Whether the author hears of every status change.
    #[field(create, update, default = false)]
    pub follow_up: bool,
    /// Subproject the task is part of, if there is one.
    #[field(create, update, filter(any = "subproject_ids[]"(required)))]
    pub subproject_id: Option<Id<Subproject>>,
    /// What has to be done, in a few words.
    #[field(input, create(required), update(required))]
    pub name: Option<String>,
    /// Progress of the task behind the link.
    #[field(input, create(required), update)]
    pub status: Option<Status>,
    /// Longer description of the work.
    #[field(input, create, update)]
    pub content: Option<String>,
    /// Day the work should begin.
    #[field(input, create, update)]
    pub starts_on: Option<Date>,
    /// Day the work should be finished.
    #[field(input, create, update)]
    pub due_on: Option<Date>,
    /// Employees who should do it.
    #[field(input, create, update)]
    pub assignee_employee_ids: Option<Vec<Id<Employee>>>,
    /// Files to attach to the new task.
    #[field(input, create(name = "files[]"))]
    pub files: Option<Vec<File>>,
    /// Further files to attach.
    #[field(input, update(name = "files_to_add[]"))]
    pub files_to_add: Option<Vec<File>>,
    /// Attached files to take away.
    #[field(input, update)]
    pub files_to_remove: Option<Vec<String>>,
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Discarded = "discarded",
        Done = "done",
        InProgress = "in_progress",
        Todo = "todo",
    }
}

registry::choice! {
    /// The values of `due_status`.
    pub enum DueStatus {
        DueInFuture = "due_in_future",
        DueToday = "due_today",
        NoDue = "no_due",
        OverDue = "over_due",
    }
}

/// Deletes several tasks of a project at once.
#[derive(Debug, Action)]
#[action(of = ProjectTask, name = "bulk_destroy")]
pub struct BulkDestroy {
    /// Project tasks to delete.
    pub ids: Vec<Id<ProjectTask>>,
}

/// Copies several tasks, into another project if one is given.
#[derive(Debug, Action)]
#[action(of = ProjectTask, name = "bulk_duplicate")]
pub struct BulkDuplicate {
    /// Project tasks to copy.
    pub ids: Vec<Id<ProjectTask>>,
    /// Project that receives the copies.
    pub project_id: Option<Id<Project>>,
    /// Subproject that receives the copies.
    pub subproject_id: Option<Id<Subproject>>,
    /// True leaves the copies without assignees.
    pub exclude_assignees: Option<bool>,
}
