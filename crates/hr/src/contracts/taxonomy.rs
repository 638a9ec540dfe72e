//! `contracts/taxonomies`

use registry::{Id, Resource};

use crate::companies::LegalEntity;

/// Category for the extra pay in contracts.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/taxonomies",
    object = "contracts_taxonomy",
    permission = "contracts",
    operations(list, read)
)]
pub struct Taxonomy {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Taxonomy>,
    /// Name of the category.
    pub name: String,
    /// Whether it is no longer offered.
    pub archived: bool,
    /// Whether it is built in.
    pub default: bool,
    /// Legal entity that uses it.
    #[field(filter(any = "legal_entity_ids[]"), filter(eq = "legal_entity_id"))]
    pub legal_entity_id: Id<LegalEntity>,
}
