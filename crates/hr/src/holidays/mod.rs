//! Company holidays.

pub mod calendar;
pub mod company_holiday;
mod import;

pub use company_holiday::CompanyHoliday;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<CompanyHoliday>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[company_holiday::CODE];
