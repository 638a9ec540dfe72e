//! `custom_resources/resources`

use registry::{Anything, Employee, Id, Resource};

use crate::custom_resources::Schema;

/// A row of a custom table, attached to an object.
#[derive(Debug, Resource)]
#[resource(
    path = "custom_resources/resources",
    object = "custom_resources_resource",
    permission = "custom_resources",
    subject = "attachable_id",
    subject_if("attachable_type", "Employee"),
    operations(list, read)
)]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Only rows that belong to these employees.")]
pub struct CustomResourceResource {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<CustomResourceResource>,
    /// Custom table that has the row.
    pub schema_id: Id<Schema>,
    /// Kind of object that the row belongs to.
    pub attachable_type: String,
    /// Object that the row belongs to.
    pub attachable_id: Id<Anything>,
}
