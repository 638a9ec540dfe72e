//! Devices and who uses them.

pub mod asset_category;
pub mod it_asset;
pub mod it_asset_model;

pub use asset_category::AssetCategory;
pub use it_asset::ItAsset;
pub use it_asset_model::ItAssetModel;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<AssetCategory>(), Entry::of::<ItAssetModel>(), Entry::of::<ItAsset>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[it_asset::CODE];
