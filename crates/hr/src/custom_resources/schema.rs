//! `custom_resources/schemas`

use registry::{Company, Id, Resource};

use crate::custom_fields::Field;

/// A custom table that the company has defined.
#[derive(Debug, Resource)]
#[resource(
    path = "custom_resources/schemas",
    object = "custom_resources_schema",
    permission = "custom_resources",
    operations(list, read, create),
    events("create")
)]
pub struct Schema {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Schema>,
    /// What the custom table is called.
    #[field(create(required))]
    pub name: String,
    /// The company that it belongs to.
    #[field(create(required))]
    pub company_id: Id<Company>,
    /// Whether it is kept out of view.
    #[field(create(required))]
    pub hidden: bool,
    /// Place of the table in the employee's profile.
    #[field(create)]
    pub position: Option<i64>,
    /// Custom field that says from when a row counts.
    #[field(input, create)]
    pub effective_at_id: Option<Id<Field>>,
    /// Short name of the table for use by programs.
    #[field(input, create)]
    pub usage_group_slug: Option<String>,
}
