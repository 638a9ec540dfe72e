//! Which plan tells when people work.

pub mod planned_break;
pub mod planning_version;

pub use planned_break::PlannedBreak;
pub use planning_version::PlanningVersion;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<PlannedBreak>().action::<planned_break::BulkCreate>(),
        Entry::of::<PlanningVersion>().action::<planning_version::BulkCreate>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[planning_version::CODE, planned_break::CODE];
