//! Expenses and their settlement.

pub mod expensable;
pub mod expense;
pub mod mileage;
pub mod per_diem;

pub use expensable::Expensable;
pub use expense::Expense;
pub use mileage::Mileage;
pub use per_diem::PerDiem;

use engine::{Code, Context, Error, Object};
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

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[expensable::CODE, expense::CODE, mileage::CODE];

/// The category that each row is sorted under, with its name.
fn categories(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let known = cx.referred("finance/categories", rows, "category_id")?;
    let category = |row: &Object| {
        let category = known.get(&row.int("category_id")?)?;
        let id = category.int("id")?.to_string();
        Some(serde_json::json!({ "id": id, "name": category.text("label")? }))
    };
    Ok(rows.iter().map(|row| category(row).unwrap_or_default()).collect())
}
