//! `tasks/tasks`

use engine::{Answer, Body, Code, Context, Draft, Error, Input, Narrow, Removal, id_of};
use registry::{Access, Action, Anything, Company, Date, Employee, Id, Instant, Object, Resource};
use storage::{Datum, Look};

use crate::narrow;
use crate::time::{facts, today};

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
    rule: Some(rule),
    removal: Some(removal),
    actions: &[
        ("bulk_create", bulk_create),
        ("bulk_delete", bulk_delete),
        ("bulk_update", bulk_update),
        ("copy", copy),
        ("create_comment", create_comment),
    ],
    filters: &[
        ("already_due", Narrow::Code(already_due)),
        (
            "involvee_id",
            Narrow::Code(|_, values| {
                Ok(vec![Look::Has("assignee_ids", values.iter().map(|id| format!("\"{id}\"")).collect())])
            }),
        ),
        ("category", narrow::NOTHING),
    ],
    ..Code::of(PATH)
};

const PATH: &str = "tasks/tasks";

/// A task has an author, and knows who finished it and when for as long as it is done.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.old.is_none() {
        // Who writes it is whoever asks; a program may say for whom.
        if let Some(employee) = cx.caller.employee {
            draft.sets.insert("author_employee_id", Datum::Int(employee));
        } else if draft.int("author_employee_id").is_none() {
            let first = first_active(cx)?.map_or(Datum::Null, Datum::Int);
            draft.sets.insert("author_employee_id", first);
        }
    }
    let was = draft.old.is_some_and(|old| old.text("status") == Some(Status::Done.text()));
    let is = draft.text("status") == Some(Status::Done.text());
    if is && !was {
        draft.sets.insert("completed_at", Datum::Int(cx.tx.now().millis()));
        draft.sets.insert("completed_by_id", cx.caller.access.map_or(Datum::Null, Datum::Int));
    } else if was && !is {
        draft.sets.extend([("completed_at", Datum::Null), ("completed_by_id", Datum::Null)]);
    }
    Ok(())
}

/// Tasks whose last day is over where whoever asks works.
fn already_due(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let today = today::here(cx)?;
    let due = matches!(values.last().map(String::as_str), Some("true" | "1"));
    Ok(due.then(|| Look::Before("due_on", facts::text(today))).into_iter().collect())
}

fn first_active(cx: &mut Context<'_, '_>) -> Result<Option<i64>, Error> {
    let there = today::employed(cx)?;
    Ok(cx.facts("employees/employees", &there)?.first().and_then(|person| person.int("id")))
}

/// What hangs on a task goes with it.
fn removal(cx: &mut Context<'_, '_>, task: &engine::Object) -> Result<Removal, Error> {
    let its = |field| Look::Equal(field, task.get("id").clone());
    cx.remove("tasks/task_files", &[its("task_id")])?;
    cx.remove("tasks/comments", &[its("task_id")])?;
    Ok(Removal::Gone)
}

/// One task for everybody who is to do it; one for nobody where nobody is named.
fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let plan = cx.plan(PATH)?;
    let mut body = Body::new();
    for member in ["name", "status", "content", "due_on"] {
        body.extend(input.text(member).map(|text| (member.to_owned(), text.into())));
    }
    body.extend(input.int("author_employee_id").map(|id| ("author_employee_id".to_owned(), id.into())));
    let people = input.ids("assignee_ids");
    let people: Vec<_> =
        if people.is_empty() { vec![Vec::new()] } else { people.into_iter().map(|id| vec![id]).collect() };
    let mut made = Vec::with_capacity(people.len());
    for person in people {
        body.insert("assignee_ids".to_owned(), person.into());
        made.push(cx.make(plan, &body)?);
    }
    Ok(Answer::Objects(made))
}

fn bulk_delete(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    cx.delete_all(cx.plan(PATH)?, &input.ids("ids"))
}

/// What an item leaves out, or says nothing of, stays as it is.
fn bulk_update(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let plan = cx.plan(PATH)?;
    let mut changed = Vec::new();
    for mut item in input.items("tasks") {
        let id = item.remove("id").as_ref().and_then(id_of).ok_or(Error::NotFound)?;
        item.retain(|name, value| !value.is_null() && plan.resource().field(name).is_some());
        // A list that is left out reads as an empty one.
        item.retain(|_, value| value.as_array().is_none_or(|list| !list.is_empty()));
        cx.amend(plan, id, &item)?;
        changed.push(id);
    }
    Ok(Answer::Objects(changed))
}

/// The copy is to be done anew: whoever finished the first, and when, does not go along.
fn copy(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let task = cx.own(cx.plan(PATH)?, input.id("id"))?;
    let name = input.text("name").map(str::to_owned);
    Ok(copied(cx, &task, name)?.into())
}

/// A task like another one, still to be done.
pub(crate) fn copied(
    cx: &mut Context<'_, '_>,
    task: &engine::Object,
    name: Option<String>,
) -> Result<i64, Error> {
    let kept = ["name", "assignee_ids", "content", "due_on", "author_employee_id"];
    let mut sets: engine::Sets = kept.into_iter().map(|name| (name, task.get(name).clone())).collect();
    sets.extend(name.map(|name| ("name", Datum::Text(name))));
    sets.insert("status", Datum::Text(Status::Todo.text().to_owned()));
    cx.add(PATH, sets)
}

fn create_comment(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("resource_id");
    cx.own(cx.plan(PATH)?, id)?;
    if input.text("content").is_none_or(|text| text.trim().is_empty()) {
        return Err(Error::rule("content", "empty", "A remark says something."));
    }
    // A person signs what he writes himself.
    let author = cx.caller.access.unwrap_or(input.id("author_id"));
    let mut sets = engine::Sets::from([("task_id", Datum::Int(id)), ("author_id", Datum::Int(author))]);
    for member in ["content", "mentioned_access_ids"] {
        sets.extend(input.get(member).map(|value| (member, value.clone())));
    }
    cx.add("tasks/comments", sets)?;
    Ok(id.into())
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
