//! `project_management/projects`

use engine::{Code, Context, Draft, Error, Narrow};
use registry::{Action, Date, Id, Resource};
use storage::Look;

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
#[parameter(name = "updated_after", as = String, doc = "Only what was created or changed after this moment.")]
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
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    rule: Some(rule),
    filters: &[
        ("include_inputed_minutes", Narrow::Idle),
        ("include_costs", Narrow::Idle),
        ("no_clients", Narrow::Flag(|_| Look::Null("client_id"))),
    ],
    ..Code::of("project_management/projects")
};

/// A project is run by the company's first legal entity, unless another is named.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.old.is_none()
        && draft.int("legal_entity_id").is_none()
        && let Some(entity) = cx.first("companies/legal_entities")?.and_then(|entity| entity.int("id"))
    {
        draft.begin("legal_entity_id", || storage::Datum::Int(entity));
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
