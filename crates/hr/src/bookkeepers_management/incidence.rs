//! `bookkeepers_management/incidences`

use engine::{Code, Derived, Narrow};
use registry::{Anything, Company, Date, Employee, Id, Instant, Resource};

use crate::companies::LegalEntity;

/// A change about an employee that the bookkeeper has to process.
#[derive(Debug, Resource)]
#[resource(
    path = "bookkeepers_management/incidences",
    object = "bookkeepers_management_incidence",
    permission = "bookkeepers_management",
    subject = "employee_id",
    operations(list, read, update),
    events("update")
)]
#[parameter(name = "sort_by", as = String, doc = "What to order by, such as status or created_at.")]
#[parameter(name = "direction", as = String, doc = "Order of the list, asc or desc.")]
#[parameter(name = "search", as = String, doc = "Part of the employee's first or last name.")]
pub struct Incidence {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Incidence>,
    /// Legal entity that it concerns.
    #[field(filter(any = "legal_entities_ids[]"))]
    pub legal_entity_id: Id<LegalEntity>,
    /// Kind of change, such as hiring or workplace.
    #[field(filter(any = "type[]"))]
    pub name: String,
    /// Record that changed.
    pub target_id: Id<Anything>,
    /// Kind of record that changed, such as a leave.
    pub target_type: String,
    /// Progress: in-preparation, to-do, doing, done or discarded.
    #[field(update, filter(any = "status[]"))]
    pub status: String,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// When it was created.
    pub created_at: Instant,
    /// Whether it was taken up again after closing.
    pub is_reopened: bool,
    /// Whom the change is about.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Option<Id<Employee>>,
    /// Name of the company's own leave type, for absences.
    #[field(filter(any = "custom_leave_name[]"))]
    pub custom_name: Option<String>,
    /// First day to which the change applies.
    #[field(filter(from = "starts_on"))]
    pub starts_on: Option<Date>,
    /// Last day to which the change applies.
    #[field(filter(to = "ends_on"))]
    pub ends_on: Option<Date>,
    /// Day on which it was read. Null while unread.
    #[field(update)]
    pub read_at: Option<Date>,
    /// Who wrote the message: bookkeeper or admin.
    #[field(update, filter(eq = "message_from"))]
    pub message_from: Option<String>,
    /// Whether a message waits to be read.
    #[field(update, filter(eq = "contains_message"))]
    pub has_message: Option<bool>,
    /// Name of that legal entity.
    #[field(derived)]
    pub legal_entity_name: Option<String>,
    /// Given name of the employee.
    #[field(derived)]
    pub employee_first_name: Option<String>,
    /// Family name of the employee.
    #[field(derived)]
    pub employee_last_name: Option<String>,
    /// Whether to record it as read.
    #[field(input, update)]
    pub mark_as_read: Option<bool>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::through("legal_entity_name", "legal_entity_id", "companies/legal_entities", "legal_name"),
        Derived::through("employee_first_name", "employee_id", "employees/employees", "first_name"),
        Derived::through("employee_last_name", "employee_id", "employees/employees", "last_name"),
    ],
    filters: &[(
        "search",
        Narrow::Named("employee_id", "employees/employees", "id", &["first_name", "last_name"]),
    )],
    ..Code::of("bookkeepers_management/incidences")
};
