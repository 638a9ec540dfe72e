//! Work schedules.

pub mod day_configuration;
pub mod overlap_period;
pub mod schedule;

pub use day_configuration::DayConfiguration;
pub use overlap_period::OverlapPeriod;
pub use schedule::Schedule;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<DayConfiguration>().action::<day_configuration::BulkCud>(),
        Entry::of::<OverlapPeriod>(),
        Entry::of::<Schedule>().action::<schedule::ToggleArchive>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[day_configuration::CODE, overlap_period::CODE, schedule::CODE];
