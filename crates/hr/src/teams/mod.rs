//! Teams and who belongs to them.

pub mod membership;
pub mod rules;
pub mod team;

pub use membership::Membership;
pub use team::Team;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<Membership>().action::<membership::Move>(), Entry::of::<Team>().action::<team::Move>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[membership::CODE, team::CODE];
