//! Breaks and kinds of time.

pub mod break_configuration;
pub mod split_custom_time_range_category;

pub use break_configuration::BreakConfiguration;
pub use split_custom_time_range_category::SplitCustomTimeRangeCategory;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<BreakConfiguration>(), Entry::of::<SplitCustomTimeRangeCategory>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[break_configuration::CODE];
