//! Ledgers, cost centres, taxes and financial documents.

pub mod account;
pub mod accounting_setting;
pub mod budget_option;
pub mod category;
pub mod contact;
pub mod cost_center;
pub mod cost_center_membership;
pub mod financial_document;
pub mod journal_entry;
pub mod journal_line;
pub mod ledger_account_resource;
pub mod tax_rate;
pub mod tax_type;

pub use account::Account;
pub use accounting_setting::AccountingSetting;
pub use budget_option::BudgetOption;
pub use category::Category;
pub use contact::Contact;
pub use cost_center::CostCenter;
pub use cost_center_membership::CostCenterMembership;
pub use financial_document::FinancialDocument;
pub use journal_entry::JournalEntry;
pub use journal_line::JournalLine;
pub use ledger_account_resource::LedgerAccountResource;
pub use tax_rate::TaxRate;
pub use tax_type::TaxType;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<AccountingSetting>().action::<accounting_setting::Upsert>(),
        Entry::of::<Account>(),
        Entry::of::<BudgetOption>(),
        Entry::of::<Category>(),
        Entry::of::<Contact>(),
        Entry::of::<CostCenterMembership>().action::<cost_center_membership::BulkCreateUpdate>(),
        Entry::of::<CostCenter>().action::<cost_center::Edit>(),
        Entry::of::<FinancialDocument>(),
        Entry::of::<JournalEntry>(),
        Entry::of::<JournalLine>(),
        Entry::of::<LedgerAccountResource>().action::<ledger_account_resource::Upsert>(),
        Entry::of::<TaxRate>(),
        Entry::of::<TaxType>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[
    accounting_setting::CODE,
    budget_option::CODE,
    category::CODE,
    contact::CODE,
    cost_center::CODE,
    cost_center_membership::CODE,
    financial_document::CODE,
    journal_line::CODE,
    ledger_account_resource::CODE,
    tax_rate::CODE,
];
