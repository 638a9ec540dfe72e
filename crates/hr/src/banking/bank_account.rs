//! `banking/bank_accounts`

use registry::{Action, Employee, Id, Instant, Resource};

use crate::companies::LegalEntity;
use crate::finance::Account;

/// A bank account of the company.
#[derive(Debug, Resource)]
#[resource(
    path = "banking/bank_accounts",
    object = "banking_bank_account",
    permission = "banking",
    operations(list, read)
)]
pub struct BankAccount {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<BankAccount>,
    /// Key of the account at the bank or in another system.
    pub external_id: String,
    /// Currency of the account, as an ISO code.
    #[field(filter(eq = "currency"))]
    pub currency: String,
    /// Country where the account is held.
    pub country: String,
    /// Number of the account, in the form its type says.
    pub account_number: String,
    /// Form that the number takes, such as iban.
    pub account_number_type: AccountNumberType,
    /// Money booked on the account, in cents.
    pub account_balance_cents: i64,
    /// Money that can be spent now, in cents.
    pub available_balance_cents: i64,
    /// Money still on its way, in cents.
    pub pending_balance_cents: i64,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// British code of the branch.
    pub sort_code: Option<String>,
    /// BIC of the bank.
    pub bic: Option<String>,
    /// IBAN of the account.
    pub iban: Option<String>,
    /// American code of the bank.
    pub routing_number: Option<String>,
    /// Name of the account holder.
    pub beneficiary_name: Option<String>,
    /// What the bank is called.
    pub bank_name: Option<String>,
    /// Name by which the company knows the account.
    pub account_alias: Option<String>,
    /// Legal entity that owns the account.
    #[field(filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Option<Id<LegalEntity>>,
}

registry::choice! {
    /// The values of `account_number_type`.
    pub enum AccountNumberType {
        BankNameAndAccountNumber = "bank_name_and_account_number",
        Clabe = "clabe",
        Iban = "iban",
        Other = "other",
        RoutingNumberAndAccountNumber = "routing_number_and_account_number",
        SortCodeAndAccountNumber = "sort_code_and_account_number",
    }
}

/// Adds an account that is not connected to its bank.
#[derive(Debug, Action)]
#[action(of = BankAccount, name = "create_manual")]
pub struct CreateManual {
    /// Legal entity that owns the account.
    pub legal_entity_id: Id<LegalEntity>,
    /// Currency of the account, as an ISO code.
    pub currency: String,
    /// Number of the account.
    pub account_number: String,
    /// Form that the number takes, such as iban.
    pub account_number_type: AccountNumberType,
    /// Name by which the company knows the account.
    pub account_alias: Option<String>,
    /// Ledger account that books its movements.
    pub ledger_account_id: Option<Id<Account>>,
    /// Employees who get access to the account.
    pub bank_account_membership_employee_ids: Option<Vec<Id<Employee>>>,
    /// Key of the account in another system.
    pub external_id: Option<String>,
}
