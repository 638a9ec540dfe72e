//! `custom_resources/values`

use engine::{Code, Context, Draft, Error, one_of};
use registry::{Employee, Id, Resource};

use storage::Datum;

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

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { rule: Some(rule), ..Code::of("custom_resources/values") };

const ROWS: &str = "custom_resources/resources";

/// Without a row one is added to the table, for the employee; a row has one value in each column.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let (schema, employee) = (draft.int("schema_id"), draft.int("employee_id"));
    let row = match draft.int("custom_resource_id") {
        Some(id) => {
            let row = cx.objects(ROWS, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
            if row.int("schema_id") != schema || row.int("attachable_id") != employee {
                let why = "The row is in another table, or somebody else's.";
                return Err(Error::rule("custom_resource_id", "other_row", why));
            }
            let field = draft.int("field_id");
            let there = cx.facts("custom_resources/values", &[one_of("resource_id", &[id])])?;
            if there.iter().any(|value| value.int("field_id") == field) {
                return Err(Error::conflict("field_id", "has_value", "The row has a value in this column."));
            }
            id
        }
        None => {
            let sets = [
                ("schema_id", schema.map_or(Datum::Null, Datum::Int)),
                ("attachable_type", Datum::Text("Employee".to_owned())),
                ("attachable_id", employee.map_or(Datum::Null, Datum::Int)),
            ];
            cx.add(ROWS, sets.into())?
        }
    };
    draft.sets.insert("resource_id", Datum::Int(row));
    draft.sets.insert("attachable_id", employee.map_or(Datum::Null, Datum::Int));
    Ok(())
}
