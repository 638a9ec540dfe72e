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
use storage::{Datum, Look};

use crate::narrow;

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
pub(crate) const CODE: &[Code] = &[expensable::CODE, expense::CODE, mileage::CODE, per_diem::CODE];

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

/// What a person entered.
fn manual(column: &'static str) -> Look {
    Look::Equal(column, Datum::Text("manual".to_owned()))
}

/// All but drafts that a person entered by hand; of what is always entered so, all but drafts.
fn finished(_: &Context<'_, '_>, how: Option<&'static str>) -> Result<Vec<Look>, Error> {
    let ready = narrow::not(Look::Equal("status", Datum::Text("draft".to_owned())));
    Ok(vec![match how {
        Some(column) => Look::Any(vec![ready, narrow::not(manual(column))]),
        None => ready,
    }])
}

/// What was spent from a day until another, which is not included.
fn spent(cx: &mut Context<'_, '_>, _: &[String]) -> Result<Vec<Look>, Error> {
    let Some((first, last)) = narrow::window(cx)? else { return Ok(Vec::new()) };
    let day = |day: registry::Date| Datum::Text(day.to_string());
    Ok(vec![Look::From("effective_on", day(first)), Look::Before("effective_on", day(last))])
}
