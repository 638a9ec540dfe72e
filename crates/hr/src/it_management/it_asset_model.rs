//! `it_management/it_asset_models`

use registry::{Company, Id, Instant, Resource};

use crate::it_management::AssetCategory;

/// A make and model of equipment.
#[derive(Debug, Resource)]
#[resource(
    path = "it_management/it_asset_models",
    object = "it_management_it_asset_model",
    permission = "it_management",
    operations(list, read, create, update)
)]
pub struct ItAssetModel {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: String,
    /// Older classification, such as laptop or phone. The category replaces it.
    #[field(create, update, default = "other")]
    pub type_name: String,
    /// The company that it belongs to.
    #[field(create, update)]
    pub company_id: Id<Company>,
    /// Manufacturer of the equipment.
    #[field(create(required), update(required))]
    pub brand: String,
    /// Model name given by the manufacturer.
    #[field(create(required), update(required))]
    pub name: String,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Category of the model. It wins over the older classification.
    #[field(create(since = "2026-10-01"), update(since = "2026-10-01"), since = "2026-10-01")]
    pub asset_category_id: Option<Id<AssetCategory>>,
}
