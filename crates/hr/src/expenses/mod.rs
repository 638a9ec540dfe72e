//! Expenses and their settlement.

pub mod expensable;
pub mod expense;
pub mod mileage;
pub mod per_diem;

pub use expensable::Expensable;
pub use expense::Expense;
pub use mileage::Mileage;
pub use per_diem::PerDiem;

use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Expensable>()
            .action::<expensable::BulkSetToPaid>()
            .action::<expensable::UpdateReimbursableAmount>(),
        Entry::of::<Expense>(),
        Entry::of::<Mileage>(),
        Entry::of::<PerDiem>(),
    ]
}
