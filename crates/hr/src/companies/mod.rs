//! The legal entities of a company.

pub mod legal_entity;

pub use legal_entity::LegalEntity;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<LegalEntity>()]
}
