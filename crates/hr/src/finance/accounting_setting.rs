//! `finance/accounting_settings`

use registry::{Action, Company, Id, Instant, Resource};

use crate::companies::LegalEntity;
use crate::finance::Account;

/// Accounts that a legal entity's bookkeeping falls back on.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/accounting_settings",
    object = "finance_accounting_setting",
    permission = "finance",
    operations(list, read)
)]
pub struct AccountingSetting {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<AccountingSetting>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Legal entity whose books these settings govern.
    #[field(filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Id<LegalEntity>,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// Key of the settings in an outside accounting system.
    pub external_id: Option<String>,
    /// Account that takes purchase invoices unless another is chosen.
    pub default_account_for_purchase_invoices_id: Option<Id<Account>>,
    /// Account that takes what is owed to vendors.
    pub default_account_for_vendors_id: Option<Id<Account>>,
    /// Account that takes bank movements unless another is chosen.
    pub default_account_for_banks_id: Option<Id<Account>>,
    /// Account that holds amounts nobody has classified yet.
    pub default_account_for_suspense_id: Option<Id<Account>>,
    /// Account that takes employee expenses unless another is chosen.
    pub default_account_for_expenses_id: Option<Id<Account>>,
    /// Account that takes what is owed to employees.
    pub default_account_for_employees_id: Option<Id<Account>>,
    /// Account that takes sales invoices unless another is chosen.
    pub default_account_for_sale_invoices_id: Option<Id<Account>>,
    /// Account that takes what clients owe.
    pub default_account_for_clients_id: Option<Id<Account>>,
    /// Account that takes employee benefits unless another is chosen.
    pub default_account_for_benefits_id: Option<Id<Account>>,
}

/// Changes a legal entity's settings, creating them if there are none.
#[derive(Debug, Action)]
#[action(of = AccountingSetting, name = "upsert")]
pub struct Upsert {
    /// Legal entity whose books these settings govern.
    pub legal_entity_id: Id<LegalEntity>,
    /// Key of the settings in an outside accounting system.
    pub external_id: Option<String>,
    /// Account that takes purchase invoices unless another is chosen.
    pub default_account_for_purchase_invoices_id: Option<Id<Account>>,
    /// Account that takes what is owed to vendors.
    pub default_account_for_vendors_id: Option<Id<Account>>,
    /// Account that takes bank movements unless another is chosen.
    pub default_account_for_banks_id: Option<Id<Account>>,
    /// Account that holds amounts nobody has classified yet.
    pub default_account_for_suspense_id: Option<Id<Account>>,
    /// Account that takes employee expenses unless another is chosen.
    pub default_account_for_expenses_id: Option<Id<Account>>,
    /// Account that takes what is owed to employees.
    pub default_account_for_employees_id: Option<Id<Account>>,
    /// Account that takes sales invoices unless another is chosen.
    pub default_account_for_sale_invoices_id: Option<Id<Account>>,
    /// Account that takes what clients owe.
    pub default_account_for_clients_id: Option<Id<Account>>,
    /// Account that takes employee benefits unless another is chosen.
    pub default_account_for_benefits_id: Option<Id<Account>>,
}
