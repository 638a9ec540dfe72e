//! Questions between a company and its bookkeepers.

pub mod incidence;

pub use incidence::Incidence;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<Incidence>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[incidence::CODE];
