//! `custom_fields/options`

use registry::{Id, Resource};

use crate::custom_fields::Field;

/// One of the choices that a custom field offers.
#[derive(Debug, Resource)]
#[resource(
    path = "custom_fields/options",
    object = "custom_fields_option",
    permission = "custom_fields",
    operations(list, read, create)
)]
pub struct CustomFieldOption {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<CustomFieldOption>,
    /// Choice as people see it.
    #[field(create(required))]
    pub label: Option<String>,
    /// What is stored when the choice is taken.
    pub value: Option<String>,
    /// Whether the choice can be taken now.
    #[field(create, default = true)]
    pub is_active: Option<bool>,
    /// Custom field that offers the choice.
    #[field(create(required), filter(any = "field_ids[]"))]
    pub field_id: Option<Id<Field>>,
}
