//! Payroll periods, supplements and family situations.

pub mod family_situation;
pub mod policy_period;
pub mod supplement;

pub use family_situation::FamilySituation;
pub use policy_period::PolicyPeriod;
pub use supplement::Supplement;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<FamilySituation>(),
        Entry::of::<PolicyPeriod>().action::<policy_period::ChangeStatus>(),
        Entry::of::<Supplement>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[policy_period::CODE, supplement::CODE];
