//! `trainings/categories`

use registry::{Company, Id, Instant, Resource};

/// A heading to group courses under.
#[derive(Debug, Resource)]
#[resource(
    path = "trainings/categories",
    object = "trainings_category",
    permission = "trainings",
    operations(list, read, create, delete),
    events("create", "delete", "update"(uncaused = "No operation of the API changes a category."))
)]
pub struct Category {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Category>,
    /// Text of the heading.
    #[field(create(required))]
    pub name: String,
    /// The company that it belongs to.
    #[field(create(required))]
    pub company_id: Id<Company>,
    /// When it was created.
    pub created_at: Option<Instant>,
    /// When it was last changed.
    pub updated_at: Option<Instant>,
}
