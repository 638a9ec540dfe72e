//! Codes for payroll systems.

pub mod code;

pub use code::Code;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<Code>()]
}
