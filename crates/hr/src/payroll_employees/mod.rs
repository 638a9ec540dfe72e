//! Payroll details of people, by country.

pub mod german_employee_datum;
pub mod identifier;

pub use german_employee_datum::GermanEmployeeDatum;
pub use identifier::Identifier;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<GermanEmployeeDatum>(), Entry::of::<Identifier>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[identifier::CODE];
