//! Pay beyond the contract, and payroll runs.

pub mod additional_compensation;
pub mod concept;
pub mod cycle;
pub mod employees_compensation;
pub mod payroll_result;
pub mod payroll_run;
pub mod payroll_run_employees_compensation;

pub use additional_compensation::AdditionalCompensation;
pub use concept::Concept;
pub use cycle::Cycle;
pub use employees_compensation::EmployeesCompensation;
pub use payroll_result::PayrollResult;
pub use payroll_run::PayrollRun;
pub use payroll_run_employees_compensation::PayrollRunEmployeesCompensation;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<AdditionalCompensation>(),
        Entry::of::<Concept>(),
        Entry::of::<Cycle>(),
        Entry::of::<EmployeesCompensation>(),
        Entry::of::<PayrollResult>().action::<payroll_result::BulkCreate>(),
        Entry::of::<PayrollRunEmployeesCompensation>(),
        Entry::of::<PayrollRun>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[
    additional_compensation::CODE,
    cycle::CODE,
    employees_compensation::CODE,
    payroll_result::CODE,
    payroll_run::CODE,
    payroll_run_employees_compensation::CODE,
];
