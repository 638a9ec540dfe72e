//! `finance/tax_rates`

use registry::{Id, Instant, Resource};

use crate::finance::TaxType;

/// A rate at which a tax is charged.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/tax_rates",
    object = "finance_tax_rate",
    permission = "finance",
    operations(list, read, create, update)
)]
pub struct TaxRate {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<TaxRate>,
    /// Rate as a fraction from -1 to 1.
    #[field(create, default = 0)]
    pub rate: f64,
    /// Tax that is charged at this rate.
    #[field(create, default(rule), filter(any = "tax_type_ids[]"))]
    pub tax_type_id: Id<TaxType>,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// What the rate is for.
    #[field(create, update)]
    pub description: Option<String>,
    /// Key of the rate in an outside system.
    #[field(create)]
    pub external_id: Option<String>,
}
