//! `finance/categories`

use engine::{Code, Context, Error, Narrow};
use registry::{Anything, Id, Resource};
use storage::{Datum, Look};

use crate::narrow;

/// A kind of spending that expenses are sorted under.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/categories",
    object = "finance_category",
    permission = "finance",
    operations(list, read)
)]
#[parameter(name = "company_ids[]", as = Id<Anything>, doc = "Only categories of these companies.")]
#[parameter(name = "category_level", as = CategoryLevel, doc = "Limits to main categories or to subcategories. all gives both.", required)]
#[parameter(name = "type", as = Type, doc = "Limits to categories for expenses, mileage or per diems. all gives every kind.", required)]
#[parameter(name = "statuses[]", as = Status, doc = "Only categories that are enabled, disabled or deleted, as listed.", required)]
pub struct Category {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Category>,
    /// Name shown to people: the company's own, else the default.
    #[field(filter(search = "search"))]
    pub label: String,
    /// Translated name used until the company renames it.
    pub default_label: String,
    /// Fixed internal key. Not meant for display.
    #[field(filter(search = "search"))]
    pub identifier: String,
    /// Whether people can see it in lists.
    pub visible: bool,
    /// Whether new spending may use it.
    pub enabled: bool,
    /// Category above a subcategory. Null at the top.
    #[field(filter(any = "parent_category_ids[]"))]
    pub parent_category_id: Option<Id<Category>>,
    /// Place in the order of display.
    pub position: Option<i64>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[
        ("company_ids[]", narrow::OF_COMPANY),
        ("category_level", Narrow::Code(of_level)),
        ("type", Narrow::Code(of_type)),
        ("statuses[]", Narrow::Code(with_status)),
    ],
    ..Code::of("finance/categories")
};

fn of_level(_: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let main = Look::Null("parent_category_id");
    Ok(match values.last().map(String::as_str) {
        Some("category") => vec![main],
        Some("subcategory") => vec![narrow::not(main)],
        _ => Vec::new(),
    })
}

/// The categories of mileage and of per diems are called so; all others are of expenses.
fn of_type(_: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let called = |name: &str| Look::Prefix("identifier", name.to_owned());
    Ok(match values.last().map(String::as_str) {
        Some(name @ ("mileage" | "perdiem")) => vec![called(name)],
        Some("expense") => vec![narrow::not(called("mileage")), narrow::not(called("perdiem"))],
        _ => Vec::new(),
    })
}

/// A deleted category is gone.
fn with_status(_: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let enabled = [("enabled", true), ("disabled", false)].into_iter();
    let enabled = enabled.filter(|(name, _)| values.iter().any(|value| value == name));
    Ok(vec![Look::OneOf("enabled", enabled.map(|(_, enabled)| Datum::Bool(enabled)).collect())])
}

registry::choice! {
    /// The values of `category_level`.
    pub enum CategoryLevel {
        All = "all",
        Category = "category",
        Subcategory = "subcategory",
    }
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        All = "all",
        Expense = "expense",
        Mileage = "mileage",
        Perdiem = "perdiem",
    }
}

registry::choice! {
    /// The values of `statuses`.
    pub enum Status {
        Deleted = "deleted",
        Disabled = "disabled",
        Enabled = "enabled",
    }
}
