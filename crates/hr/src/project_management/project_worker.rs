//! `project_management/project_workers`

use engine::{Answer, Code, Context, Derived, Draft, Error, Input, Narrow, Object, Take, by, one_of};
use registry::{Action, Anything, Employee, Id, Resource};

use storage::{Datum, Look};

use super::cost;
use crate::narrow;
use crate::project_management::Project;

/// Membership of an employee in a project, needed to charge time to it.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/project_workers",
    object = "project_management_project_worker",
    permission = "project_management",
    subject = "employee_id",
    operations(list, read, create)
)]
#[parameter(name = "subproject_ids[]", as = Id<Anything>, doc = "Only people who work on these subprojects.")]
#[parameter(name = "no_subproject", as = bool, doc = "True keeps, or adds, people who have no subproject.")]
#[parameter(name = "project_active", as = bool, doc = "True keeps active projects, false keeps closed ones.")]
#[parameter(name = "employee_name", as = String, doc = "Only people whose name contains this text.")]
#[parameter(name = "include_inputed_minutes", as = bool, doc = "True adds up the tracked minutes. Otherwise they read 0.")]
#[parameter(name = "include_cost", as = bool, doc = "True adds up all costs of each person.")]
#[parameter(name = "include_labor_cost", as = bool, doc = "True adds up the labour cost of each person.")]
pub struct ProjectWorker {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ProjectWorker>,
    /// Project the person works on.
    #[field(create(required), filter(any = "project_ids[]"))]
    pub project_id: Id<Project>,
    /// Who works on the project.
    #[field(create(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// False once the person was taken off the project.
    #[field(default = true, filter(eq = "assigned"))]
    pub assigned: bool,
    /// Time the person has tracked on the project, in minutes.
    #[field(derived)]
    pub inputed_minutes: Option<i64>,
    /// Cost of that time, in cents of the project's currency.
    #[field(sensitive = "salaries", derived)]
    pub labor_cost_cents: Option<i64>,
    /// Cost of that time, in cents of the company's currency.
    #[field(sensitive = "salaries", derived)]
    pub company_labor_cost_cents: Option<i64>,
    /// What the person spent for the project, in cents.
    #[field(derived)]
    pub spending_cost_cents: Option<i64>,
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
            "project_worker_id",
            Take::Sum("imputed_minutes"),
        ),
        Derived::page("labor_cost_cents", labor),
        // Rates are kept in the currency of the company.
        Derived::page("company_labor_cost_cents", labor),
        Derived::page("spending_cost_cents", |cx, rows| {
            let bought = cost::bought(cx, rows)?;
            Ok(cost::each(rows, &bought, |_, cents: i64| cents))
        }),
    ],
    rule: Some(rule),
    actions: &[("bulk_assign", bulk_assign), ("bulk_create", bulk_create), ("unassign", unassign)],
    filters: &[
        (
            "employee_name",
            Narrow::Named("employee_id", "employees/employees", "id", &["first_name", "last_name"]),
        ),
        ("include_inputed_minutes", Narrow::Idle),
        ("include_cost", Narrow::Idle),
        ("include_labor_cost", Narrow::Idle),
        ("subproject_ids[]", Narrow::Code(of_subprojects)),
        ("no_subproject", Narrow::Code(of_subprojects)),
        ("project_active", Narrow::Code(of_active)),
    ],
    ..Code::of(PATH)
};

/// Whoever has spent time on one of some subprojects, or on none at all.
fn of_subprojects(cx: &mut Context<'_, '_>, _: &[String]) -> Result<Vec<Look>, Error> {
    let spent = |cx: &Context<'_, '_>, look| {
        cx.among("id", "project_management/time_records", "project_worker_id", vec![look])
    };
    let mut ways = Vec::new();
    if let wanted @ [_, ..] = cx.asked_all("subproject_ids[]") {
        ways.push(spent(cx, Look::OneOf("subproject_id", narrow::ids(wanted)?))?);
    }
    if cx.asked_for("no_subproject") {
        ways.push(narrow::not(spent(cx, narrow::not(Look::Null("subproject_id")))?));
    }
    Ok(if ways.is_empty() { ways } else { vec![Look::Any(ways)] })
}

fn of_active(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let status = if narrow::is(values, "true") { "active" } else { "closed" };
    let status = Look::Equal("status", Datum::Text(status.to_owned()));
    Ok(vec![cx.among("project_id", "project_management/projects", "id", vec![status])?])
}

const PATH: &str = "project_management/project_workers";

fn labor(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let records = cx.referring("project_management/time_records", "project_worker_id", rows)?;
    let spent = cost::spent(cx, &records, "project_worker_id")?;
    Ok(cost::each(rows, &spent, |_, spent: cost::Spent| spent.cents))
}

/// A person has one place in a project.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let (Some(project), Some(employee), None) =
        (draft.int("project_id"), draft.int("employee_id"), draft.old)
    else {
        return Ok(());
    };
    super::project::open(cx, project, "project_id")?;
    let same = [one_of("project_id", &[project]), one_of("employee_id", &[employee])];
    if cx.facts(PATH, &same)?.is_empty() {
        return Ok(());
    }
    Err(Error::conflict("employee_id", "taken", "The person works on this project already."))
}

/// Puts people on a project, those who have a place there already into their own; returns all of these places.
pub(crate) fn assign(cx: &mut Context<'_, '_>, project: i64, people: &[i64]) -> Result<Vec<i64>, Error> {
    let there = cx.facts(PATH, &[one_of("project_id", &[project])])?;
    let mut places = Vec::new();
    for person in people.iter().collect::<std::collections::BTreeSet<_>>() {
        match there.iter().find(|place| place.int("employee_id") == Some(*person)) {
            Some(place) => places.extend(place.int("id")),
            None => {
                let sets = [("project_id", Datum::Int(project)), ("employee_id", Datum::Int(*person))];
                places.push(cx.add(PATH, sets.into())?);
            }
        }
    }
    let away = [one_of("id", &places), Look::Equal("assigned", Datum::Bool(false))];
    cx.change(PATH, &away, [("assigned", Datum::Bool(true))].into())?;
    Ok(places)
}

fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let project = input.id("project_id");
    super::project::open(cx, project, "project_id")?;
    Ok(Answer::Objects(assign(cx, project, &input.ids("employee_ids"))?))
}

/// Whoever is not named leaves the projects; the time that was tracked stays.
fn bulk_assign(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let mut projects = input.ids("project_ids");
    projects.extend(input.int("project_id"));
    if projects.is_empty() {
        return Err(Error::invalid("project_ids", "It must name a project."));
    }
    let people = input.ids("employee_ids");
    let mut places = Vec::new();
    for project in projects {
        super::project::open(cx, project, "project_ids")?;
        let kept = assign(cx, project, &people)?;
        let others = [one_of("project_id", &[project]), Look::Not(Box::new(one_of("id", &kept)))];
        cx.change(PATH, &others, [("assigned", Datum::Bool(false))].into())?;
        places.extend(kept);
    }
    Ok(Answer::Objects(places))
}

fn unassign(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    cx.own(cx.plan(PATH)?, id)?;
    cx.change(PATH, &[by(id)], [("assigned", Datum::Bool(false))].into())?;
    Ok(id.into())
}

/// Makes the given employees the only ones assigned to the projects.
#[derive(Debug, Action)]
#[action(of = ProjectWorker, name = "bulk_assign")]
pub struct BulkAssign {
    /// Everyone who stays or becomes assigned.
    pub employee_ids: Vec<Id<Employee>>,
    /// Single project to assign. Prefer project_ids.
    pub project_id: Option<Id<Project>>,
    /// Projects whose assignment is replaced.
    pub project_ids: Option<Vec<Id<Project>>>,
}

/// Puts several employees on a project.
#[derive(Debug, Action)]
#[action(of = ProjectWorker, name = "bulk_create")]
pub struct BulkCreate {
    /// Project that gets more people.
    pub project_id: Id<Project>,
    /// Employees to put on it.
    pub employee_ids: Vec<Id<Employee>>,
}

/// Takes a person off a project and keeps the tracked time.
#[derive(Debug, Action)]
#[action(of = ProjectWorker, name = "unassign")]
pub struct Unassign {
    /// Membership that ends.
    pub id: Id<ProjectWorker>,
}
