//! `finance/ledger_account_resources`

use registry::{Action, Anything, Id, Instant, Resource};

use crate::companies::LegalEntity;
use crate::finance::Account;

/// Which ledger account stands for a vendor, tax or other record.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/ledger_account_resources",
    object = "finance_ledger_account_resource",
    permission = "finance",
    operations(list, read)
)]
pub struct LedgerAccountResource {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<LedgerAccountResource>,
    /// Kind of record that is linked.
    #[field(filter(eq = "resource_type"))]
    pub resource_type: ResourceType,
    /// Record that is linked to the account.
    #[field(filter(any = "resource_ids[]"))]
    pub resource_id: Id<Anything>,
    /// Ledger account used for the record.
    #[field(filter(any = "finance_account_ids[]"))]
    pub account_id: Id<Account>,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// Side of the account it uses: debit or credit.
    pub balance_type: Option<BalanceType>,
    /// Key of the link in an outside system.
    pub external_id: Option<String>,
    /// Legal entity whose books the link serves.
    #[field(filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Option<Id<LegalEntity>>,
}

registry::choice! {
    /// The values of `resource_type`.
    pub enum ResourceType {
        Bankaccount = "bankaccount",
        Customcategory = "customcategory",
        Invoice = "invoice",
        Payrollconcept = "payrollconcept",
        Taxtype = "taxtype",
        Vendor = "vendor",
    }
}

registry::choice! {
    /// The values of `balance_type`.
    pub enum BalanceType {
        Credit = "credit",
        Debit = "debit",
    }
}

registry::choice! {
    /// The values of `operation_type`.
    pub enum OperationType {
        Purchase = "purchase",
        Sale = "sale",
    }
}

/// Links a record to a ledger account, or changes the link.
#[derive(Debug, Action)]
#[action(of = LedgerAccountResource, name = "upsert")]
pub struct Upsert {
    /// Legal entity whose books the link serves.
    pub legal_entity_id: Id<LegalEntity>,
    /// Kind of record that is linked.
    pub resource_type: ResourceType,
    /// Link to change, when it exists.
    pub id: Option<Id<LedgerAccountResource>>,
    /// Name of the ledger account in question.
    pub name: Option<String>,
    /// Code of the ledger account in question.
    pub number: Option<String>,
    /// Key of the link in an outside system.
    pub external_id: Option<String>,
    /// Ledger account used for the record.
    pub account_id: Option<Id<Account>>,
    /// Record that is linked to the account.
    pub resource_id: Option<Id<Anything>>,
    /// Side of the account it uses: debit or credit.
    pub balance_type: Option<BalanceType>,
    /// Whether the link serves purchases or sales.
    pub operation_type: Option<OperationType>,
}
