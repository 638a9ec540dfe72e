//! `tasks/tasks`

use engine::{Answer, Code, Context, Error, Input, Narrow};
use registry::{Access, Action, Anything, Company, Date, Employee, Id, Instant, Object, Resource};
use storage::{Datum, Look};

/// Something to do, for one or more people.
#[derive(Debug, Resource)]
#[resource(
    path = "tasks/tasks",
    object = "tasks_task",
    permission = "tasks",
    subject = "author_employee_id",
    involved("assignee_ids"),
    operations(list, read, create, update, delete),
    events(
        "bulk_create",
        "bulk_delete",
        "bulk_update",
        "copy",
        "create",
        "create_comment",
        "delete",
        "update"
    )
)]
#[parameter(name = "already_due", as = bool, doc = "True keeps tasks whose due day has passed.")]
#[parameter(name = "involvee_id", as = Id<Anything>, doc = "Only tasks that this person does or is affected by.")]
#[parameter(name = "category", as = Category, doc = "Only tasks from this area of the system.")]
pub struct Task {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Task>,
    /// What has to be done, in a few words.
    #[field(create(required), update)]
    pub name: String,
    /// The company that it belongs to.
    #[field(filter(eq = "company_id"))]
    pub company_id: Id<Company>,
    /// Access ids of those who should do it.
    #[field(create, update, default(empty), filter(has = "assignee_id"(as = Id<Access>)))]
    pub assignee_ids: Vec<Id<Access>>,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Longer description of the work.
    #[field(create, update)]
    pub content: Option<String>,
    /// Day the work should be finished.
    #[field(create, update, filter(eq = "due_on"))]
    pub due_on: Option<Date>,
    /// Employee who wrote it.
    #[field(create(since = "2026-10-01"))]
    pub author_employee_id: Option<Id<Employee>>,
    /// When it was finished.
    pub completed_at: Option<Instant>,
    /// Who finished it.
    pub completed_by_id: Option<Id<Anything>>,
    /// Progress: to do, in progress, done or discarded.
    #[field(create(required), update, filter(eq = "task_status"))]
    pub status: Option<Status>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[("copy", copy)],
    filters: &[("already_due", Narrow::Flag(|today| Look::Before("due_on", Datum::Text(today.to_string()))))],
    ..Code::of("tasks/tasks")
};

/// The copy is to be done anew: whoever finished the first, and when, does not go along.
fn copy(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    const PATH: &str = "tasks/tasks";
    let task = cx.own(cx.plan(PATH)?, input.id("id"))?;
    let kept = ["name", "assignee_ids", "content", "due_on", "author_employee_id"];
    let mut sets: engine::Sets = kept.into_iter().map(|name| (name, task.get(name).clone())).collect();
    if let Some(name) = input.text("name") {
        sets.insert("name", Datum::Text(name.to_owned()));
    }
    sets.insert("status", Datum::Text(Status::Todo.text().to_owned()));
    Ok(cx.add(PATH, sets)?.into())
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
    /// The values of `category`.
    pub enum Category {
        Benefits = "benefits",
        Compensation = "compensation",
        Complaints = "complaints",
        Documents = "documents",
        Engagement = "engagement",
        Finance = "finance",
        Organization = "organization",
        Performance = "performance",
        Policies = "policies",
        Recruitment = "recruitment",
        Software = "software",
        Spending = "spending",
        Surveys = "surveys",
        Timeoff = "timeoff",
        TimePlanning = "time_planning",
        TimeTracking = "time_tracking",
        Training = "training",
    }
}

/// The objects of `tasks`.
#[derive(Debug, Object)]
pub struct BulkUpdateTask {
    /// Its identifier.
    pub id: Id<Anything>,
    /// What has to be done, in a few words.
    pub name: Option<String>,
    /// Longer description of the work.
    pub content: Option<String>,
    /// Day the work should begin.
    pub starts_on: Option<Date>,
    /// Day the work should be finished.
    pub due_on: Option<Date>,
    /// Access ids of those who should do it.
    pub assignee_ids: Option<Vec<Id<Access>>>,
    /// Which list or flow the task belongs to.
    pub identifier: Option<Identifier>,
    /// Progress: to do, in progress, done or discarded.
    pub status: Option<Status>,
}

registry::choice! {
    /// The values of `identifier`.
    pub enum Identifier {
        Inbox = "inbox",
        Project = "project",
        SharedAndSingle = "shared_and_single",
        Single = "single",
        Workflow = "workflow",
    }
}

/// Creates a separate task for each assignee.
#[derive(Debug, Action)]
#[action(of = Task, name = "bulk_create")]
pub struct BulkCreate {
    /// What has to be done, in a few words.
    pub name: String,
    /// Progress: to do, in progress, done or discarded.
    pub status: Status,
    /// Longer description of the work.
    pub content: Option<String>,
    /// Day the work should be finished.
    pub due_on: Option<Date>,
    /// Access ids of those who should do it.
    pub assignee_ids: Option<Vec<Id<Access>>>,
    /// Employee named as author, only for calls without a user.
    #[field(since = "2026-10-01")]
    pub author_employee_id: Option<Id<Employee>>,
}

/// Deletes several tasks.
#[derive(Debug, Action)]
#[action(of = Task, name = "bulk_delete")]
pub struct BulkDelete {
    /// Tasks to delete.
    pub ids: Vec<Id<Task>>,
}

/// Changes several tasks.
#[derive(Debug, Action)]
#[action(of = Task, name = "bulk_update")]
pub struct BulkUpdate {
    /// Tasks to change, each with its new values.
    pub tasks: Vec<BulkUpdateTask>,
}

/// Makes a second task like an existing one.
#[derive(Debug, Action)]
#[action(of = Task, name = "copy")]
pub struct Copy {
    /// Task to copy.
    pub id: Id<Task>,
    /// Name of the copy.
    pub name: Option<String>,
}

/// Adds a remark to a task.
#[derive(Debug, Action)]
#[action(of = Task, name = "create_comment", needs = "edit")]
pub struct CreateComment {
    /// Text of the remark.
    pub content: String,
    /// Access id of whoever writes it.
    pub author_id: Id<Access>,
    /// Task that is commented on.
    pub resource_id: Id<Task>,
    /// Company that owns the task.
    pub company_id: Id<Company>,
    /// Access ids of people to notify.
    pub mentioned_access_ids: Option<Vec<Id<Access>>>,
}
