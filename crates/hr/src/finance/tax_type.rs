//! `finance/tax_types`

use registry::{Id, Instant, Resource};

/// A tax, such as VAT or income tax withheld.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/tax_types",
    object = "finance_tax_type",
    permission = "finance",
    operations(list, read, create, update)
)]
pub struct TaxType {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<TaxType>,
    /// What the tax is called.
    #[field(create(required), update)]
    pub name: String,
    /// Kind of tax: vat or personal_income.
    #[field(create(required), update(required), filter(eq = "type"))]
    pub r#type: Type,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// Country that levies the tax, as two ISO letters.
    #[field(create, update, filter(eq = "country_code"))]
    pub country_code: Option<String>,
    /// Key of the tax in an outside system.
    #[field(create)]
    pub external_id: Option<String>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        PersonalIncome = "personal_income",
        Vat = "vat",
    }
}
