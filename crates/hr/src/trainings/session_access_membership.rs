//! `trainings/session_access_memberships`

use engine::{Code, Derived, Join, Narrow, Take};
use registry::{Access, Action, Anything, Employee, Id, Resource};

use crate::trainings::Session;

/// A person's place in one session.
#[derive(Debug, Resource)]
#[resource(
    path = "trainings/session_access_memberships",
    object = "trainings_session_access_membership",
    permission = "trainings",
    subject = "employee_id",
    operations(list, read)
)]
#[parameter(name = "search", as = String, doc = "Text to look for in the person's name.")]
#[parameter(name = "team_ids[]", as = Id<Anything>, doc = "Only members of these teams.")]
#[parameter(name = "status[]", as = String, doc = "Only people whose attendance has one of these states.")]
pub struct SessionAccessMembership {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SessionAccessMembership>,
    /// Access of the person enrolled.
    pub access_id: Id<Access>,
    /// Session the person is enrolled in.
    #[field(filter(eq = "session_id"(required)))]
    pub session_id: Id<Session>,
    /// Employee who is enrolled.
    pub employee_id: Option<Id<Employee>>,
    /// Given name of the person.
    #[field(derived)]
    pub first_name: Option<String>,
    /// Family name of the person.
    #[field(derived)]
    pub last_name: Option<String>,
    /// Position the person holds.
    #[field(derived)]
    pub job_title: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::joined(
            "first_name",
            Join {
                here: "access_id",
                path: "employees/employees",
                there: "access_id",
                only: &[],
                take: Take::One("first_name"),
            },
        ),
        Derived::joined(
            "last_name",
            Join {
                here: "access_id",
                path: "employees/employees",
                there: "access_id",
                only: &[],
                take: Take::One("last_name"),
            },
        ),
    ],
    filters: &[(
        "search",
        Narrow::Named("access_id", "employees/employees", "access_id", &["first_name", "last_name"]),
    )],
    ..Code::of("trainings/session_access_memberships")
};

/// Enrols several people in a session.
#[derive(Debug, Action)]
#[action(of = SessionAccessMembership, name = "bulk_create")]
pub struct BulkCreate {
    /// Session to enrol them in.
    pub session_id: Id<Session>,
    /// Whether to tell them.
    pub notify: bool,
    /// Accesses of the people to enrol.
    pub access_ids: Option<Vec<Id<Access>>>,
    /// Employees to enrol.
    pub employee_ids: Option<Vec<Id<Employee>>>,
}

/// Takes several people off a session.
#[derive(Debug, Action)]
#[action(of = SessionAccessMembership, name = "bulk_destroy")]
pub struct BulkDestroy {
    /// Places to give up.
    pub ids: Vec<Id<SessionAccessMembership>>,
    /// Whether to tell the people concerned.
    pub notify: bool,
}
