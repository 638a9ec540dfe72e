//! `custom_resources/resources`

use engine::{Code, Narrow};
use registry::{Anything, Employee, Id, Resource};

use crate::custom_fields::value::of_employees;
use crate::custom_resources::Schema;
use crate::narrow;

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

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[(
        "employee_ids[]",
        Narrow::Code(|_, values| Ok(of_employees("attachable_type", "attachable_id", narrow::ids(values)?))),
    )],
    ..Code::of("custom_resources/resources")
};
