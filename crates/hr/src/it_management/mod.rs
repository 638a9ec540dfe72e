//! Devices and who uses them.

pub mod asset_category;
pub mod it_asset;
pub mod it_asset_model;

pub use asset_category::AssetCategory;
pub use it_asset::ItAsset;
pub use it_asset_model::ItAssetModel;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<AssetCategory>(), Entry::of::<ItAssetModel>(), Entry::of::<ItAsset>()]
}
