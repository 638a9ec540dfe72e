//! Workplaces and work areas.

pub mod location;
pub mod work_area;

pub use location::Location;
pub use work_area::WorkArea;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Location>(),
        Entry::of::<WorkArea>().action::<work_area::Archive>().action::<work_area::Unarchive>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[location::CODE, work_area::CODE];
