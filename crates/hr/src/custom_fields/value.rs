//! `custom_fields/values`

use engine::{Code, Context, Derived, Error, Narrow, Object, one_of};
use registry::{Anything, Date, Employee, Id, Instant, Resource};
use storage::{Datum, Look};

use crate::custom_fields::Field;
use crate::narrow;

/// What a custom field holds for one object, such as an employee.
#[derive(Debug, Resource)]
#[resource(
    path = "custom_fields/values",
    object = "custom_fields_value",
    permission = "custom_fields",
    subject = "valuable_id",
    subject_if("valuable_type", "Employee"),
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
    /// Custom table that the custom field is in.
    #[field(derived)]
    pub usage_group_id: Option<Id<Anything>>,
    /// Short name of that custom table.
    #[field(derived)]
    pub usage_group_slug: Option<String>,
    /// When it was last changed.
    #[field(filter(from = "updated_at_gteq"(as = String)))]
    pub updated_at: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("custom_field_identifier", identifiers),
        Derived::page("long_text_value", |cx, rows| of_kind(cx, rows, "long_text", |text| text.into())),
        Derived::page("date_value", |cx, rows| {
            of_kind(cx, rows, "date", |text| text.parse::<Date>().ok().map(|day| day.to_string()).into())
        }),
        Derived::page("single_choice_value", |cx, rows| {
            of_kind(cx, rows, "single_choice", |text| text.into())
        }),
        Derived::page("cents_value", |cx, rows| {
            of_kind(cx, rows, "cents", |text| text.parse::<i64>().ok().into())
        }),
        Derived::through("label", "field_id", "custom_fields/fields", "label_text"),
        Derived::through("required", "field_id", "custom_fields/fields", "required"),
        Derived::page("usage_group_id", |cx, rows| tables(cx, rows, |table| table.int("id").into())),
        Derived::page("usage_group_slug", |cx, rows| {
            tables(cx, rows, |table| table.text("usage_group_slug").into())
        }),
    ],
    filters: &[
        ("slug", Narrow::through("field_id", "custom_fields/fields", "id", "slug")),
        (
            "employee_ids[]",
            Narrow::Code(|_, values| Ok(of_employees("valuable_type", "valuable_id", narrow::ids(values)?))),
        ),
        ("identifiers[]", Narrow::Code(identified)),
    ],
    ..Code::of("custom_fields/values")
};

/// Rows that belong to some employees, not to anything else with the same number.
pub(crate) fn of_employees(kind: &'static str, column: &'static str, ids: Vec<Datum>) -> Vec<Look> {
    vec![Look::Equal(kind, Datum::Text("Employee".to_owned())), Look::OneOf(column, ids)]
}

/// Values of fields by their short name, or the one that is made of the number.
fn identified(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let number = |text: &String| text.strip_prefix("field_")?.parse().map(Datum::Int).ok();
    let numbered = Look::OneOf("field_id", values.iter().filter_map(number).collect());
    let named = Look::OneOf("slug", narrow::texts(values));
    Ok(vec![Look::Any(vec![numbered, cx.among("field_id", "custom_fields/fields", "id", vec![named])?])])
}

/// The custom fields of values, each as a value's place in the page wants it.
fn fields(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Option<Object>>, Error> {
    let fields = cx.referred("custom_fields/fields", rows, "field_id")?;
    Ok(rows.iter().map(|row| fields.get(&row.int("field_id")?).cloned()).collect())
}

/// The short name of the field, or one that is made of its id.
fn identifiers(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let fields = fields(cx, rows)?;
    Ok(fields
        .iter()
        .zip(rows)
        .map(|(field, row)| match field.as_ref().and_then(|field| field.text("slug")) {
            Some(slug) => slug.into(),
            None => format!("field_{}", row.int("field_id").unwrap_or_default()).into(),
        })
        .collect())
}

/// What is said of the custom tables that the fields of values are in; nothing of a field that is in none.
fn tables(
    cx: &mut Context<'_, '_>,
    rows: &[Object],
    say: fn(&Object) -> serde_json::Value,
) -> Result<Vec<serde_json::Value>, Error> {
    let fields: Vec<i64> = rows.iter().filter_map(|row| row.int("field_id")).collect();
    let places = cx.facts("custom_fields/resource_fields", &[one_of("field_id", &fields)])?;
    let tables = cx.referred("custom_resources/schemas", &places, "schema_id")?;
    let table = |row: &Object| {
        let place = places.iter().find(|place| place.int("field_id") == row.int("field_id"))?;
        tables.get(&place.int("schema_id")?)
    };
    Ok(rows.iter().map(|row| table(row).map_or(serde_json::Value::Null, say)).collect())
}

/// The value where its field is of a kind; null elsewhere.
fn of_kind(
    cx: &mut Context<'_, '_>,
    rows: &[Object],
    kind: &str,
    value: fn(&str) -> serde_json::Value,
) -> Result<Vec<serde_json::Value>, Error> {
    let fields = fields(cx, rows)?;
    let of =
        |field: &Option<Object>| field.as_ref().is_some_and(|field| field.text("field_type") == Some(kind));
    Ok(fields
        .iter()
        .zip(rows)
        .map(|(field, row)| match row.text("value") {
            Some(text) if of(field) => value(text),
            _ => serde_json::Value::Null,
        })
        .collect())
}
