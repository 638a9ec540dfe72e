//! Planned shifts.

pub mod shift;

pub use shift::Shift;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<Shift>().action::<shift::BulkCreate>().action::<shift::BulkDelete>()]
}
