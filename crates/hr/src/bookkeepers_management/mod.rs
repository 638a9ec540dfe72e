//! Questions between a company and its bookkeepers.

pub mod incidence;

pub use incidence::Incidence;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<Incidence>()]
}
