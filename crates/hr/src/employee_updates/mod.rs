//! What changed about people, for payroll.

pub mod absence;
pub mod contract_change;
pub mod new_hire;
pub mod personal_change;
pub mod summary;
pub mod termination;
mod updates;

pub use absence::Absence;
pub use contract_change::ContractChange;
pub use new_hire::NewHire;
pub use personal_change::PersonalChange;
pub use summary::Summary;
pub use termination::Termination;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Absence>(),
        Entry::of::<ContractChange>(),
        Entry::of::<NewHire>(),
        Entry::of::<PersonalChange>(),
        Entry::of::<Summary>(),
        Entry::of::<Termination>(),
    ]
}

/// How its resources are worked out.
pub(crate) const CODE: &[Code] = &[
    absence::CODE,
    contract_change::CODE,
    new_hire::CODE,
    personal_change::CODE,
    summary::CODE,
    termination::CODE,
];
