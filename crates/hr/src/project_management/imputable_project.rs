//! `project_management/imputable_projects`

use registry::{Employee, Id, Resource};

use crate::finance::Contact;

/// Project that time can be charged to, in short form.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/imputable_projects",
    object = "project_management_imputable_project",
    permission = "project_management",
    operations(list(since = "2026-07-01"), read(since = "2026-07-01"))
)]
#[parameter(name = "only_active", as = bool, doc = "True keeps active projects only. False changes nothing.")]
#[parameter(name = "assigned", as = bool, doc = "True keeps projects to which someone is assigned.")]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Only projects that any of these employees works on.")]
pub struct ImputableProject {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ImputableProject>,
    /// What the project is called.
    #[field(filter(search = "name_or_code"))]
    pub name: String,
    /// Draft, active, closed, or still being processed.
    pub status: Status,
    /// Currency of the project's amounts.
    pub currency: String,
    /// Short code people find the project by.
    #[field(filter(search = "name_or_code"))]
    pub code: Option<String>,
    /// First planned day.
    pub start_date: Option<String>,
    /// Day the project should be finished.
    pub due_date: Option<String>,
    /// Customer the project is done for.
    pub client_id: Option<Id<Contact>>,
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
