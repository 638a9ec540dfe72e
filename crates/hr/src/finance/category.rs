//! `finance/categories`

use registry::{Anything, Id, Resource};

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
