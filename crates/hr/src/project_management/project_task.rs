//! `project_management/project_tasks`

use engine::{Answer, Body, Code, Context, Draft, Error, Input, Narrow, ids_in, one_of};
use registry::{Action, Anything, Date, Employee, File, Id, Resource};

use storage::{Among, Datum, Look};

use crate::project_management::Project;
use crate::project_management::Subproject;
use crate::tasks::Task;
use crate::time::{facts, today};

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

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    rule: Some(rule),
    actions: &[("bulk_destroy", bulk_destroy), ("bulk_duplicate", bulk_duplicate)],
    filters: &[
        ("search", Narrow::Named("task_id", TASKS, "id", &["name"])),
        ("completed", Narrow::Flag(|_| among(vec![done()]))),
        (
            "overdue",
            Narrow::Code(|cx, values| {
                let due = Look::Before("due_on", facts::text(today::here(cx)?));
                let overdue = matches!(values.last().map(String::as_str), Some("true" | "1"));
                let look = || among(vec![due, Look::Not(Box::new(done()))]);
                Ok(overdue.then(look).into_iter().collect())
            }),
        ),
        ("client_ids[]", Narrow::through("project_id", "project_management/projects", "id", "client_id")),
        ("due_status", Narrow::Code(due)),
    ],
    ..Code::of(PATH)
};

/// Tasks by when they are due.
fn due(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let today = facts::text(today::here(cx)?);
    let look = match values.last().map(String::as_str) {
        Some("due_today") => Look::Equal("due_on", today),
        Some("due_in_future") => Look::After("due_on", today),
        Some("over_due") => Look::Before("due_on", today),
        _ => Look::Null("due_on"),
    };
    Ok(vec![among(vec![look])])
}

const PATH: &str = "project_management/project_tasks";
const TASKS: &str = "tasks/tasks";

fn done() -> Look {
    Look::Equal("status", Datum::Text(Status::Done.text().to_owned()))
}

fn among(looks: Vec<Look>) -> Look {
    Look::Among("task_id", Among { table: "tasks_tasks", column: "id", looks })
}

/// What a body says of the task goes to the task; the link keeps nothing of it.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    super::subproject::of_project(cx, draft.int("subproject_id"), draft.int("project_id"))?;
    let mut body = Body::new();
    for name in ["name", "status", "content", "due_on"] {
        if let Some(value) = draft.sets.remove(name) {
            let value = match value {
                Datum::Text(text) => text.into(),
                _ => serde_json::Value::Null,
            };
            body.insert(name.to_owned(), value);
        }
    }
    if let Some(people) = draft.sets.remove("assignee_employee_ids") {
        let people = cx.objects("employees/employees", ids_in(&people))?;
        let mut accesses: Vec<i64> = people.values().filter_map(|one| one.int("access_id")).collect();
        accesses.sort_unstable();
        body.insert("assignee_ids".to_owned(), accesses.into());
    }
    let tasks = cx.plan(TASKS)?;
    let task = match draft.old.and_then(|old| old.int("task_id")) {
        Some(task) if body.is_empty() => task,
        Some(task) => {
            body.retain(|name, value| name != "name" || !value.is_null());
            cx.amend(tasks, task, &body)?;
            task
        }
        None => {
            super::project::open(cx, draft.int("project_id").unwrap_or_default(), "project_id")?;
            let task = cx.make(tasks, &body)?;
            draft.sets.insert("task_id", Datum::Int(task));
            task
        }
    };
    for column in ["files", "files_to_add"] {
        let files = draft.sets.remove(column);
        for file in cx.files(&files.as_ref().map(ids_in).unwrap_or_default())?.into_values() {
            let sets = [
                ("task_id", Datum::Int(task)),
                ("file", Datum::Int(file.id.get())),
                ("filename", Datum::Text(file.name)),
                ("content_type", Datum::Text(file.content_type)),
            ];
            cx.add("tasks/task_files", sets.into())?;
        }
    }
    if let Some(files) = draft.sets.remove("files_to_remove") {
        cx.remove("tasks/task_files", &[one_of("task_id", &[task]), one_of("id", &ids_in(&files))])?;
    }
    Ok(())
}

/// The tasks behind the links go with them.
fn bulk_destroy(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let (plan, ids) = (cx.plan(PATH)?, input.ids("ids"));
    let links = cx.own_all(plan, &ids)?;
    let answer = cx.delete_all(plan, &ids)?;
    let tasks: Vec<i64> = links.iter().filter_map(|link| link.int("task_id")).collect();
    for its in ["tasks/task_files", "tasks/comments"] {
        cx.remove(its, &[one_of("task_id", &tasks)])?;
    }
    cx.remove(TASKS, &[one_of("id", &tasks)])?;
    Ok(answer)
}

fn bulk_duplicate(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let links = cx.own_all(cx.plan(PATH)?, &input.ids("ids"))?;
    let tasks = cx.referred(TASKS, &links, "task_id")?;
    let (project, subproject) = (input.int("project_id"), input.int("subproject_id"));
    let mut made = Vec::with_capacity(links.len());
    for link in &links {
        let task = link.int("task_id").and_then(|id| tasks.get(&id)).ok_or(Error::NotFound)?;
        let copy = crate::tasks::task::copied(cx, task, None)?;
        if input.flag("exclude_assignees") == Some(true) {
            cx.change(TASKS, &[engine::by(copy)], [("assignee_ids", Datum::Text("[]".to_owned()))].into())?;
        }
        let project = project.or(link.int("project_id"));
        // A subproject is that of its project only.
        let stays = project == link.int("project_id");
        let subproject = subproject.or(link.int("subproject_id").filter(|_| stays));
        super::subproject::of_project(cx, subproject, project)?;
        let sets = [
            ("task_id", Datum::Int(copy)),
            ("project_id", project.map_or(Datum::Null, Datum::Int)),
            ("subproject_id", subproject.map_or(Datum::Null, Datum::Int)),
            ("follow_up", link.get("follow_up").clone()),
        ];
        made.push(cx.add(PATH, sets.into())?);
    }
    Ok(Answer::Objects(made))
}
