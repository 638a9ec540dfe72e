//! Payroll details of people, by country.

pub mod german_employee_datum;
pub mod identifier;

pub use german_employee_datum::GermanEmployeeDatum;
pub use identifier::Identifier;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<GermanEmployeeDatum>(), Entry::of::<Identifier>()]
}
