//! `documents/folders`

use engine::{Code, Narrow};
use registry::{Company, Employee, Id, Resource};
use storage::Look;

use crate::narrow;

/// A folder that groups documents.
#[derive(Debug, Resource)]
#[resource(
    path = "documents/folders",
    object = "documents_folder",
    permission = "documents",
    operations(list, read, create, update),
    events("create", "update")
)]
#[parameter(name = "employee_id", as = Id<Employee>, doc = "Only folders that this employee can have documents in.")]
pub struct Folder {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Folder>,
    /// Whether it is in use rather than archived.
    #[field(default = true, filter(eq = "active"))]
    pub active: bool,
    /// What the folder is called.
    #[field(create(required), update(required), filter(eq = "name"))]
    pub name: String,
    /// Area of the documents in which it appears.
    #[field(create(required))]
    pub space: String,
    /// The company that it belongs to.
    #[field(create(required), update(required))]
    pub company_id: Option<Id<Company>>,
    /// Folder that contains this one, if any.
    pub parent_folder_id: Option<Id<Folder>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[(
        "employee_id",
        Narrow::Code(|_, _| Ok(vec![narrow::not(Look::Prefix("space", "company".to_owned()))])),
    )],
    ..Code::of("documents/folders")
};
