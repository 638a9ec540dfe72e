//! `project_management/subprojects`

use engine::{Answer, Code, Context, Derived, Error, Input, Narrow, Take, by};
use registry::{Action, Date, Id, Resource};

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
#[parameter(name = "include_no_subproject", as = bool, doc = "True adds a row for time without a subproject.")]
#[parameter(name = "include_inputed_minutes", as = bool, doc = "True adds up the tracked minutes. Otherwise they read 0.")]
#[parameter(name = "include_cost", as = bool, doc = "True adds up the costs. Otherwise they read 0.")]
pub struct Subproject {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Subproject>,
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
        Derived::of_those(
            "inputed_minutes",
            "project_management/time_records",
            "subproject_id",
            Take::Sum("imputed_minutes"),
        ),
        Derived::page("labor_cost_cents", |cx, rows| {
            let records = cx.referring("project_management/time_records", "subproject_id", rows)?;
            let spent = cost::spent(cx, &records, "subproject_id")?;
            Ok(cost::each(rows, &spent, |_, spent: cost::Spent| spent.cents))
        }),
    ],
    actions: &[("rename", rename)],
    filters: &[("include_inputed_minutes", Narrow::Idle), ("include_cost", Narrow::Idle)],
    ..Code::of(PATH)
};

const PATH: &str = "project_management/subprojects";

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
