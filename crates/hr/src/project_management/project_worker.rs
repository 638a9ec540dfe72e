//! `project_management/project_workers`

use engine::{Code, Derived, Narrow, Take};
use registry::{Action, Anything, Employee, Id, Resource};

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
#[parameter(name = "updated_after", as = String, doc = "Only what was created or changed after this moment.")]
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
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::of_those(
        "inputed_minutes",
        "project_management/time_records",
        "project_worker_id",
        Take::Sum("imputed_minutes"),
    )],
    filters: &[
        (
            "employee_name",
            Narrow::Named("employee_id", "employees/employees", "id", &["first_name", "last_name"]),
        ),
        ("include_inputed_minutes", Narrow::Idle),
        ("include_cost", Narrow::Idle),
        ("include_labor_cost", Narrow::Idle),
    ],
    ..Code::of("project_management/project_workers")
};

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
