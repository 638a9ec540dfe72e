//! Planned shifts.

pub mod shift;

pub use shift::{Shift, on_leaves_changed};

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<Shift>().action::<shift::BulkCreate>().action::<shift::BulkDelete>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[shift::CODE];
