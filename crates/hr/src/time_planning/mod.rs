//! Which plan tells when people work.

pub mod planned_break;
pub mod planning_version;

pub use planned_break::PlannedBreak;
pub use planning_version::PlanningVersion;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<PlannedBreak>().action::<planned_break::BulkCreate>(),
        Entry::of::<PlanningVersion>().action::<planning_version::BulkCreate>(),
    ]
}
