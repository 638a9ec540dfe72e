//! Fields that a company adds.

pub mod custom_field_option;
pub mod field;
pub mod resource_field;
pub mod value;

pub use custom_field_option::CustomFieldOption;
pub use field::Field;
pub use resource_field::ResourceField;
pub use value::Value;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Field>(),
        Entry::of::<CustomFieldOption>(),
        Entry::of::<ResourceField>(),
        Entry::of::<Value>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[field::CODE, resource_field::CODE, value::CODE];
