//! The legal entities of a company.

pub mod legal_entity;

pub use legal_entity::LegalEntity;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<LegalEntity>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[legal_entity::CODE];
