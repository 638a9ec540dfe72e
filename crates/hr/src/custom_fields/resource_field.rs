//! `custom_fields/resource_fields`

use engine::{Code, Context, Draft, Error};
use registry::{Company, Id, Resource};
use storage::Datum;

use super::field::{self, Editable, FieldType};
use crate::custom_fields::Field;
use crate::custom_resources::Schema;

/// A custom field used as a column of a custom table.
#[derive(Debug, Resource)]
#[resource(
    path = "custom_fields/resource_fields",
    object = "custom_fields_resource_field",
    permission = "custom_fields",
    operations(list, read, create)
)]
pub struct ResourceField {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ResourceField>,
    /// Custom field behind the column.
    #[field(filter(any = "field_ids[]"))]
    pub field_id: Option<Id<Field>>,
    /// Custom table that gets the column.
    #[field(input, create(required), filter(any = "schema_ids[]"))]
    pub schema_id: Option<Id<Schema>>,
    /// The company that it belongs to.
    #[field(input, create(required))]
    pub company_id: Option<Id<Company>>,
    /// Kind of value that the column takes.
    #[field(input, create(required))]
    pub field_type: Option<FieldType>,
    /// Whether every row must have a value.
    #[field(input, create(required))]
    pub required: Option<bool>,
    /// Who may change values of the column.
    #[field(input, create(required))]
    pub editable: Option<Editable>,
    /// Who may see values of the column.
    #[field(input, create(required))]
    pub visible: Option<Editable>,
    /// Heading of the column.
    #[field(input, create)]
    pub label: Option<String>,
    /// Highest value accepted, for fields with a range.
    #[field(input, create)]
    pub max_value: Option<i64>,
    /// Lowest value accepted, for fields with a range.
    #[field(input, create)]
    pub min_value: Option<i64>,
    /// Place of the column in the table.
    #[field(input, create)]
    pub position: Option<i64>,
    /// Choices on offer, for single and multiple choice columns.
    #[field(input, create)]
    pub options: Option<Vec<String>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { rule: Some(behind), ..Code::of("custom_fields/resource_fields") };

/// A column has a custom field of its own behind it.
fn behind(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    const SAME: [(&str, &str); 7] = [
        ("field_type", "field_type"),
        ("label_text", "label"),
        ("position", "position"),
        ("required", "required"),
        ("min_value", "min_value"),
        ("max_value", "max_value"),
        ("options", "options"),
    ];
    let said = SAME.iter().filter_map(|(field, column)| Some((*field, draft.sets.get(column)?.clone())));
    let id = cx.add(field::PATH, said.collect())?;
    field::offer(cx, id)?;
    draft.sets.insert("field_id", Datum::Int(id));
    Ok(())
}
