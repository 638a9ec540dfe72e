//! Tables that a company adds.

pub mod custom_resource_resource;
pub mod schema;
pub mod value;

pub use custom_resource_resource::CustomResourceResource;
pub use schema::Schema;
pub use value::Value;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<CustomResourceResource>(), Entry::of::<Schema>(), Entry::of::<Value>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[custom_resource_resource::CODE, value::CODE];
