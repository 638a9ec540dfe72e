//! `it_management/asset_categories`

use registry::{Id, Instant, Resource};

/// An entry in the catalogue of kinds of equipment.
#[derive(Debug, Resource)]
#[resource(
    path = "it_management/asset_categories",
    object = "it_management_asset_category",
    permission = "it_management",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
pub struct AssetCategory {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<AssetCategory>,
    /// Unique key of the category, dotted below its parent.
    pub key: String,
    /// Category as people see it.
    pub name: String,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Category above it. Null at the top.
    pub parent_id: Option<Id<AssetCategory>>,
    /// Place among the categories with the same parent.
    pub position: Option<i64>,
}
