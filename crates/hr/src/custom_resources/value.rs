//! `custom_resources/values`

use registry::{Employee, Id, Resource};

use crate::custom_fields::Field;
use crate::custom_resources::CustomResourceResource;
use crate::custom_resources::Schema;

/// What one row of a custom table holds in a column.
#[derive(Debug, Resource)]
#[resource(
    path = "custom_resources/values",
    object = "custom_resources_value",
    permission = "custom_resources",
    subject = "attachable_id",
    operations(list, read, create)
)]
pub struct Value {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Value>,
    /// Row that holds the value.
    #[field(default(rule))]
    pub resource_id: Id<CustomResourceResource>,
    /// Employee that the row belongs to.
    #[field(filter(any = "employee_ids[]"))]
    pub attachable_id: Option<Id<Employee>>,
    /// Custom table to write in.
    #[field(input, create(required))]
    pub schema_id: Option<Id<Schema>>,
    /// Employee that the row belongs to.
    #[field(input, create(required))]
    pub employee_id: Option<Id<Employee>>,
    /// Column to write in.
    #[field(input, create(required))]
    pub field_id: Option<Id<Field>>,
    /// Content to store, as text.
    #[field(input, create(required))]
    pub value: Option<String>,
    /// Row to write in. Without it a row is added.
    #[field(input, create)]
    pub custom_resource_id: Option<Id<CustomResourceResource>>,
}
