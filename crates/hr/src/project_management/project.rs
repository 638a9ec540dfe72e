//! `project_management/projects`

use engine::{Answer, Code, Context, Derived, Draft, Error, Hide, Input, Narrow, Object, by};
use registry::{Action, Date, Id, Resource};
use storage::{Datum, Look};

use super::cost;

use crate::companies::LegalEntity;
use crate::finance::Contact;

/// Work with a name, people, time and costs of its own.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/projects",
    object = "project_management_project",
    permission = "project_management",
    operations(list, read, create, update)
)]
#[parameter(name = "include_inputed_minutes", as = bool, doc = "True adds up the tracked minutes. Otherwise they read 0.", required)]
#[parameter(name = "include_costs", as = bool, doc = "True adds up the costs. Otherwise they read 0.")]
#[parameter(name = "no_clients", as = bool, doc = "True keeps projects without a customer.")]
#[parameter(name = "total_currency", as = String, doc = "Only projects whose total cost is in this currency.")]
pub struct Project {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Project>,
    /// What the project is called.
    #[field(create(required), update(required), filter(search = "name"), filter(search = "name_or_code"))]
    pub name: String,
    /// Draft, active, closed, or still being processed.
    #[field(create(as = String), default = "active")]
    pub status: Status,
    /// Whether people are picked by hand or the whole company takes part.
    #[field(create(as = String), default = "manual")]
    pub employees_assignment: EmployeesAssignment,
    /// Whether a customer can be charged for it.
    #[field(create, default = false)]
    pub is_billable: bool,
    /// Legal entity that runs it and sets the currency.
    #[field(create, update, default(rule), filter(eq = "legal_entity_id"))]
    pub legal_entity_id: Id<LegalEntity>,
    /// Short unique code people find it by.
    #[field(create, update, filter(search = "name_or_code"))]
    pub code: Option<String>,
    /// What the project is about.
    #[field(create, update)]
    pub description: Option<String>,
    /// First planned day.
    #[field(create, update)]
    pub start_date: Option<Date>,
    /// Day it should be finished.
    #[field(create, update)]
    pub due_date: Option<Date>,
    /// Time tracked on it so far, in minutes.
    #[field(derived)]
    pub inputed_minutes: Option<i64>,
    /// Fixed costs, in cents.
    #[field(create)]
    pub fixed_cost_cents: Option<i64>,
    /// Cost of the tracked time, in cents.
    #[field(sensitive = "salaries", derived)]
    pub labor_cost_cents: Option<i64>,
    /// Expenses charged to it, in cents.
    #[field(derived)]
    pub spending_cost_cents: Option<i64>,
    /// Customer it is done for.
    #[field(create, update, filter(any = "client_ids[]"))]
    pub client_id: Option<Id<Contact>>,
    /// Fixed, labour and spending costs together, in cents.
    #[field(derived)]
    pub total_cost_cents: Option<i64>,
    /// Ids of employees who administer it.
    #[field(input, create)]
    pub project_admins: Option<Vec<String>>,
    /// Ids of employees who manage it.
    #[field(input, create)]
    pub project_managers: Option<Vec<String>>,
    /// Ids of employees who may look at it.
    #[field(input, create(since = "2026-10-01"))]
    pub project_viewers: Option<Vec<String>>,
    /// Budget in minutes. Excludes a budget in cents.
    #[field(input, create)]
    pub budget_allocation: Option<i64>,
    /// Budget in cents. Excludes a budget in minutes.
    #[field(input, create)]
    pub budget_allocation_cents: Option<i64>,
    /// Price charged to the customer, in cents.
    #[field(input, create)]
    pub fee_amount_cents: Option<i64>,
    /// When it was hidden.
    #[field(input)]
    pub deleted_at: Option<registry::Instant>,
    /// When it was last changed.
    #[field(input, filter(from = "updated_after"(as = String)))]
    pub updated_at: Option<registry::Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("inputed_minutes", |cx, rows| sums(cx, rows, |_, spent, _| spent.minutes)),
        Derived::page("labor_cost_cents", |cx, rows| sums(cx, rows, |_, spent, _| spent.cents)),
        Derived::page("spending_cost_cents", |cx, rows| sums(cx, rows, |_, _, bought| bought)),
        Derived::page("total_cost_cents", |cx, rows| {
            sums(cx, rows, |row, spent, bought| {
                row.int("fixed_cost_cents").unwrap_or_default() + spent.cents + bought
            })
        }),
    ],
    rule: Some(rule),
    hide: Some(Hide { shown: |_| Ok(vec![Look::Null("deleted_at")]), unless: "" }),
    actions: &[
        ("activate", |cx, input| changed_to(cx, input.id("id"), Status::Active.text())),
        ("change_assignment", change_assignment),
        ("change_status", |cx, input| {
            changed_to(cx, input.id("id"), input.text("status").unwrap_or_default())
        }),
        ("close", |cx, input| changed_to(cx, input.id("id"), Status::Closed.text())),
        ("soft_delete", soft_delete),
    ],
    filters: &[
        ("include_inputed_minutes", Narrow::Idle),
        ("include_costs", Narrow::Idle),
        ("no_clients", Narrow::Flag(|_| Look::Null("client_id"))),
        ("total_currency", Narrow::through("legal_entity_id", "companies/legal_entities", "id", "currency")),
    ],
    ..Code::of(PATH)
};

const PATH: &str = "project_management/projects";

fn sums(
    cx: &mut Context<'_, '_>,
    rows: &[Object],
    value: fn(&Object, cost::Spent, i64) -> i64,
) -> Result<Vec<serde_json::Value>, Error> {
    let sums = cost::of_projects(cx, rows)?;
    Ok(cost::each(rows, &sums, |row, (spent, bought)| value(row, spent, bought)))
}

/// Whether a project can go from one stage to another. Where time was spent on it, it is no draft any more.
fn transition(from: &str, to: &str, time: bool) -> Result<(), (&'static str, &'static str)> {
    match (from, to) {
        ("processing", _) => Err(("processing", "The project is still being processed.")),
        (_, "draft") if from != "draft" && time => {
            Err(("has_time", "A project on which time was spent is no draft any more."))
        }
        _ => Ok(()),
    }
}

/// A project that was not hidden.
fn living(cx: &mut Context<'_, '_>, id: i64) -> Result<Object, Error> {
    let project = cx.own(cx.plan(PATH)?, id)?;
    if project.get("deleted_at") == &Datum::Null { Ok(project) } else { Err(Error::NotFound) }
}

fn changed_to(cx: &mut Context<'_, '_>, id: i64, to: &str) -> Result<Answer, Error> {
    let project = living(cx, id)?;
    let spent = cost::of_projects(cx, std::slice::from_ref(&project))?;
    let time = spent.values().any(|(spent, _)| spent.minutes > 0);
    transition(project.text("status").unwrap_or_default(), to, time)
        .map_err(|(code, why)| Error::conflict("id", code, why))?;
    if project.text("status") != Some(to) {
        cx.change(PATH, &[by(id)], [("status", Datum::Text(to.to_owned()))].into())?;
    }
    Ok(id.into())
}

/// The whole company takes part from now on, or those who are picked by hand, who are those that take part now.
fn change_assignment(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    living(cx, id)?;
    let wanted = input.text("employees_assignment").unwrap_or_default();
    if !EmployeesAssignment::TEXTS.contains(&wanted) {
        return Err(Error::invalid("employees_assignment", "It must be manual or company."));
    }
    cx.change(PATH, &[by(id)], [("employees_assignment", Datum::Text(wanted.to_owned()))].into())?;
    if wanted == EmployeesAssignment::Company.text() {
        let there = crate::time::today::employed(cx)?;
        let people = cx.facts("employees/employees", &there)?;
        let people: Vec<i64> = people.iter().filter_map(|person| person.int("id")).collect();
        super::project_worker::assign(cx, id, &people)?;
    }
    Ok(id.into())
}

/// What is hidden stays as it is, and is in no list any more.
fn soft_delete(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    living(cx, id)?;
    let now = cx.tx.now().millis();
    cx.change(PATH, &[by(id)], [("deleted_at", Datum::Int(now))].into())?;
    Ok(id.into())
}

/// Refuses what is charged to a project that is not open.
pub(crate) fn open(cx: &mut Context<'_, '_>, id: i64, field: &str) -> Result<(), Error> {
    let project = cx.objects(PATH, vec![id])?.remove(&id);
    let open = |project: &Object| {
        project.get("deleted_at") == &Datum::Null && project.text("status") != Some(Status::Closed.text())
    };
    if project.as_ref().is_some_and(open) {
        return Ok(());
    }
    Err(Error::rule(field, "project_closed", "The project is closed."))
}

/// A project is run by the company's first legal entity, unless another is named.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.old.is_none()
        && draft.int("legal_entity_id").is_none()
        && let Some(entity) = cx.first("companies/legal_entities")?.and_then(|entity| entity.int("id"))
    {
        draft.begin("legal_entity_id", || Datum::Int(entity));
    }
    draft.need("legal_entity_id", "The company has no legal entity that could run it.")
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Active = "active",
        Closed = "closed",
        Draft = "draft",
        Processing = "processing",
    }
}

registry::choice! {
    /// The values of `employees_assignment`.
    pub enum EmployeesAssignment {
        Company = "company",
        Manual = "manual",
    }
}

registry::choice! {
    /// The values of `status`.
    pub enum ChangeStatusStatus {
        Active = "active",
        Closed = "closed",
        Draft = "draft",
    }
}

/// Opens a project for time and costs.
#[derive(Debug, Action)]
#[action(of = Project, name = "activate")]
pub struct Activate {
    /// Project to open.
    pub id: Id<Project>,
}

/// Switches between hand-picked people and the whole company.
#[derive(Debug, Action)]
#[action(of = Project, name = "change_assignment")]
pub struct ChangeAssignment {
    /// Project to switch.
    pub id: Id<Project>,
    /// Either manual or company.
    pub employees_assignment: String,
}

/// Moves a project to another stage.
#[derive(Debug, Action)]
#[action(of = Project, name = "change_status")]
pub struct ChangeStatus {
    /// Project to move.
    pub id: Id<Project>,
    /// Stage it moves to.
    pub status: ChangeStatusStatus,
}

/// Ends a project, so that nothing more is charged to it.
#[derive(Debug, Action)]
#[action(of = Project, name = "close")]
pub struct Close {
    /// Project to end.
    pub id: Id<Project>,
}

/// Hides a project without erasing its data.
#[derive(Debug, Action)]
#[action(of = Project, name = "soft_delete")]
pub struct SoftDelete {
    /// Project to hide.
    pub id: Id<Project>,
}

#[cfg(test)]
mod tests {
    #[test]
    fn stages_follow_each_other() {
        for (from, to, time, code) in [
            ("draft", "active", false, None),
            ("draft", "closed", false, None),
            ("active", "closed", true, None),
            ("closed", "active", true, None),
            ("active", "draft", false, None),
            ("active", "draft", true, Some("has_time")),
            ("closed", "draft", true, Some("has_time")),
            ("active", "active", true, None),
            ("processing", "active", false, Some("processing")),
            ("processing", "closed", false, Some("processing")),
        ] {
            assert_eq!(super::transition(from, to, time).err().map(|(code, _)| code), code, "{from} to {to}");
        }
    }
}
