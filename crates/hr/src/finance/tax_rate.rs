//! `finance/tax_rates`

use engine::{Code, Context, Draft, Error};
use registry::{Id, Instant, Resource};

use storage::Datum;

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

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { rule: Some(rule), ..Code::of("finance/tax_rates") };

/// A rate is one of a tax; where only one is known it is that.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.old.is_none() && draft.int("tax_type_id").is_none() {
        let types = cx.facts("finance/tax_types", &[])?;
        if let [only] = types.as_slice() {
            draft.sets.insert("tax_type_id", only.get("id").clone());
        }
    }
    draft.need("tax_type_id", "It must say which tax is charged at this rate.")?;
    match draft.get("rate") {
        Datum::Real(rate) if !(-1.0..=1.0).contains(rate) => {
            Err(Error::rule("rate", "out_of_range", "A rate is a fraction from -1 to 1, such as 0.21."))
        }
        _ => Ok(()),
    }
}
