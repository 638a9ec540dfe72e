//! `custom_fields/values`

use registry::{Anything, Date, Employee, Id, Instant, Resource};

use crate::custom_fields::Field;

/// What a custom field holds for one object, such as an employee.
#[derive(Debug, Resource)]
#[resource(
    path = "custom_fields/values",
    object = "custom_fields_value",
    permission = "custom_fields",
    operations(list, read, create, update)
)]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Only values that belong to these employees.")]
#[parameter(name = "identifiers[]", as = String, doc = "Narrows the list by values that are worked out.")]
#[parameter(name = "slug", as = String, doc = "Only values of the custom field with this short name.")]
pub struct Value {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Value>,
    /// Stable text key of the custom field.
    #[field(derived)]
    pub custom_field_identifier: String,
    /// Object that has the value.
    #[field(create(required), filter(eq = "instance_id"))]
    pub valuable_id: Id<Anything>,
    /// Custom field that the value is for.
    #[field(create(required), filter(eq = "field_id"))]
    pub field_id: Id<Field>,
    /// Kind of object that has the value, such as Employee.
    #[field(create(required))]
    pub valuable_type: String,
    /// Content as text, whatever the kind of field.
    #[field(create(required), update, filter(eq = "value"))]
    pub value: Option<String>,
    /// Content of a long text field.
    #[field(derived)]
    pub long_text_value: Option<String>,
    /// Content of a date field.
    #[field(derived)]
    pub date_value: Option<Date>,
    /// Choice taken in a single choice field.
    #[field(derived)]
    pub single_choice_value: Option<String>,
    /// Content of a numeric field, in hundredths.
    #[field(derived)]
    pub cents_value: Option<i64>,
    /// Name of the custom field.
    #[field(derived)]
    pub label: Option<String>,
    /// Whether the custom field must be filled in.
    #[field(derived)]
    pub required: Option<bool>,
    /// Group of fields that the custom field is in.
    #[field(derived)]
    pub usage_group_id: Option<Id<Anything>>,
    /// Short name of that group of fields.
    #[field(derived)]
    pub usage_group_slug: Option<String>,
    /// When it was last changed.
    #[field(filter(from = "updated_at_gteq"(as = String)))]
    pub updated_at: Option<Instant>,
}
