//! `finance/accounts`

use registry::{Id, Instant, Resource};

use crate::companies::LegalEntity;

/// A ledger account in a legal entity's chart of accounts.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/accounts",
    object = "finance_account",
    permission = "finance",
    operations(list, read, create, update)
)]
pub struct Account {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Account>,
    /// Legal entity whose chart contains the account.
    #[field(create(required), update, filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Id<LegalEntity>,
    /// Code of the account in the chart.
    #[field(create(required), update, filter(eq = "number"))]
    pub number: String,
    /// True when nothing more may be booked on it.
    #[field(default = false)]
    pub disabled: bool,
    /// Side of the balance sheet or result it belongs to.
    #[field(create(required), update, filter(any = "types[]"(as = String)))]
    pub r#type: Type,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// What the account is called.
    #[field(create, update)]
    pub name: Option<String>,
    /// Key in an outside accounting system. It guards against duplicates.
    #[field(create, update)]
    pub external_id: Option<String>,
    /// Currency the account is kept in, as an ISO code.
    #[field(input, create(required), update)]
    pub currency: Option<String>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        Bank = "bank",
        CurrentAsset = "current_asset",
        CurrentLiability = "current_liability",
        Equity = "equity",
        Expense = "expense",
        Income = "income",
        NonCurrentAsset = "non_current_asset",
        NonCurrentLiability = "non_current_liability",
    }
}
