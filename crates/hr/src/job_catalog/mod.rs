//! Roles and levels.

pub mod level;
pub mod node;
pub mod node_attribute;
pub mod role;

pub use level::Level;
pub use node::Node;
pub use node_attribute::NodeAttribute;
pub use role::Role;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<Level>(), Entry::of::<NodeAttribute>(), Entry::of::<Role>(), Entry::of::<Node>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[level::CODE, node::CODE];
