//! Work schedules.

pub mod day_configuration;
pub mod overlap_period;
pub mod schedule;

pub use day_configuration::DayConfiguration;
pub use overlap_period::OverlapPeriod;
pub use schedule::Schedule;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<DayConfiguration>().action::<day_configuration::BulkCud>(),
        Entry::of::<OverlapPeriod>(),
        Entry::of::<Schedule>().action::<schedule::ToggleArchive>(),
    ]
}
