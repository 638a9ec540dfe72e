//! `project_management/subprojects`

use std::collections::HashMap;

use engine::{Answer, Code, Context, Derived, Error, Input, Narrow, Object, by, one_of};
use registry::{Action, Date, Id, Resource};
use serde_json::Value;
use storage::Datum;

use super::cost;
use super::project::Status;
use crate::project_management::Project;

/// Part of a project that time can be charged to separately.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/subprojects",
    object = "project_management_subproject",
    permission = "project_management",
    operations(list, read, create, update, delete)
)]
#[parameter(name = "include_no_subproject", as = bool, doc = "True adds, beside the first subproject of each project, what was tracked on that project without a subproject: an object whose id is null, with the status of the project. It counts for no limit and no total.")]
#[parameter(name = "include_inputed_minutes", as = bool, doc = "True adds up the tracked minutes. Otherwise they read 0.")]
#[parameter(name = "include_cost", as = bool, doc = "True adds up the costs. Otherwise they read 0.")]
pub struct Subproject {
    /// Identifies it, for good. Null where it stands for the time of a project without a subproject.
    #[field(filter(any = "ids[]"))]
    pub id: Option<Id<Subproject>>,
    /// What the part is called.
    #[field(create(required), update(required), filter(search = "name"))]
    pub name: String,
    /// Project it is a part of.
    #[field(create(required), filter(any = "project_ids[]"))]
    pub project_id: Id<Project>,
    /// Draft, active, closed, or still being processed.
    #[field(update(required), default = "active")]
    pub status: Status,
    /// Time tracked on it so far, in minutes.
    #[field(derived)]
    pub inputed_minutes: Option<i64>,
    /// Cost of the tracked time, in cents.
    #[field(sensitive = "salaries", derived)]
    pub labor_cost_cents: Option<i64>,
    /// What this part is about.
    #[field(update)]
    pub description: Option<String>,
    /// Short code people find it by.
    #[field(update)]
    pub code: Option<String>,
    /// First planned day.
    #[field(update)]
    pub start_date: Option<Date>,
    /// Day it should be finished.
    #[field(update)]
    pub due_date: Option<Date>,
    /// Whether a customer can be charged for it.
    pub is_billable: Option<bool>,
    /// When it was last changed.
    #[field(input, filter(from = "updated_after"(as = String)))]
    pub updated_at: Option<registry::Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("inputed_minutes", |cx, rows| spent(cx, rows, |spent| spent.minutes)),
        Derived::page("labor_cost_cents", |cx, rows| spent(cx, rows, |spent| spent.cents)),
    ],
    parts: Some(("include_no_subproject", without)),
    actions: &[("rename", rename)],
    filters: &[("include_inputed_minutes", Narrow::Idle), ("include_cost", Narrow::Idle)],
    ..Code::of(PATH)
};

const PATH: &str = "project_management/subprojects";
const RECORDS: &str = "project_management/time_records";

/// What was spent on each subproject, and without one on the project of an object that is none.
fn spent(cx: &mut Context<'_, '_>, rows: &[Object], of: fn(cost::Spent) -> i64) -> Result<Vec<Value>, Error> {
    let records = cx.referring(RECORDS, "subproject_id", rows)?;
    let within = cost::spent(cx, &records, "subproject_id")?;
    let rest = rows.iter().filter(|row| row.int("id").is_none());
    let rest: Vec<i64> = rest.filter_map(|row| row.int("project_id")).collect();
    let mut outside: HashMap<i64, i64> = HashMap::new();
    if !rest.is_empty() {
        let places = cx.facts("project_management/project_workers", &[one_of("project_id", &rest)])?;
        let mut records = cx.referring(RECORDS, "project_worker_id", &places)?;
        records.retain(|record| record.int("subproject_id").is_none());
        let by_place = cost::spent(cx, &records, "project_worker_id")?;
        for place in &places {
            let (id, project) = (place.int("id").unwrap_or_default(), place.int("project_id"));
            *outside.entry(project.unwrap_or_default()).or_default() +=
                of(by_place.get(&id).copied().unwrap_or_default());
        }
    }
    let sum = |row: &Object| match row.int("id") {
        Some(id) => of(within.get(&id).copied().unwrap_or_default()),
        None => row.int("project_id").and_then(|id| outside.get(&id)).copied().unwrap_or_default(),
    };
    Ok(rows.iter().map(|row| sum(row).into()).collect())
}

/// The first subproject of a project brings what is outside of all of them, so that it has a place in pages.
fn without(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Vec<Object>>, Error> {
    let projects = cx.referred("project_management/projects", rows, "project_id")?;
    let ids: Vec<i64> = projects.keys().copied().collect();
    let mut first: HashMap<Option<i64>, i64> = HashMap::new();
    for row in cx.facts(PATH, &[one_of("project_id", &ids)])? {
        let id = row.int("id").unwrap_or_default();
        first.entry(row.int("project_id")).and_modify(|least| *least = id.min(*least)).or_insert(id);
    }
    let with = |row: &Object| {
        let project = row.int("project_id");
        let Some(whole) = project.and_then(|id| projects.get(&id)) else { return vec![row.clone()] };
        if first.get(&project).copied() != row.int("id") {
            return vec![row.clone()];
        }
        let empty = ["id", "description", "code", "start_date", "due_date", "is_billable"];
        let rest = empty.iter().fold(row.clone(), |row, column| row.with(column, Datum::Null));
        let rest = rest.with("name", Datum::Text("No subproject".to_owned()));
        vec![row.clone(), rest.with("status", whole.get("status").clone())]
    };
    Ok(rows.iter().map(with).collect())
}

fn rename(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    cx.own(cx.plan(PATH)?, id)?;
    let name = input.text("name").map(str::trim).filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Error::rule("name", "empty", "A subproject has a name."))?;
    cx.change(PATH, &[by(id)], [("name", Datum::Text(name.to_owned()))].into())?;
    Ok(id.into())
}

/// Refuses a subproject of another project.
pub(crate) fn of_project(
    cx: &mut Context<'_, '_>,
    subproject: Option<i64>,
    project: Option<i64>,
) -> Result<(), Error> {
    let Some(id) = subproject else { return Ok(()) };
    let found = cx.objects(PATH, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
    if project.is_some() && found.int("project_id") == project {
        return Ok(());
    }
    Err(Error::rule("subproject_id", "other_project", "The subproject is part of another project."))
}

/// Gives a subproject another name.
#[derive(Debug, Action)]
#[action(of = Subproject, name = "rename")]
pub struct Rename {
    /// Subproject to rename.
    pub id: Id<Subproject>,
    /// Name it gets.
    pub name: String,
}
