//! Workplaces and work areas.

pub mod location;
pub mod work_area;

pub use location::Location;
pub use work_area::WorkArea;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Location>(),
        Entry::of::<WorkArea>().action::<work_area::Archive>().action::<work_area::Unarchive>(),
    ]
}
