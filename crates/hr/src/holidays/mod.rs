//! Company holidays.

pub mod company_holiday;

pub use company_holiday::CompanyHoliday;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<CompanyHoliday>()]
}
