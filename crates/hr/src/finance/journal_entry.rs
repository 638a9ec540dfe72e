//! `finance/journal_entries`

use registry::{Anything, Id, Instant, Object, Resource};

use crate::companies::LegalEntity;

/// A balanced set of debits and credits in the books.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/journal_entries",
    object = "finance_journal_entry",
    permission = "finance",
    operations(list, read, create)
)]
pub struct JournalEntry {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<JournalEntry>,
    /// Running number of the entry.
    #[field(default = 1)]
    pub number: i64,
    /// Moment when the entry was posted.
    #[field(default(now))]
    pub published_at: Instant,
    /// What kind of event the entry books.
    #[field(create, default = "external", filter(any = "types[]"))]
    pub r#type: Type,
    /// Day of whatever the entry books.
    #[field(create(required))]
    pub reference_date: String,
    /// Legal entity in whose books it stands.
    #[field(create(required), filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Id<LegalEntity>,
    /// Either published or reversed.
    #[field(create, default = "published", filter(eq = "status"))]
    pub status: Status,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// Record that gave rise to the entry.
    #[field(filter(any = "source_ids[]"))]
    pub source_id: Option<Id<Anything>>,
    /// Kind of record that gave rise to it.
    #[field(filter(eq = "source_type"))]
    pub source_type: Option<SourceType>,
    /// Wording of the entry.
    #[field(create)]
    pub description: Option<String>,
    /// Key of the entry in an outside system.
    #[field(create)]
    pub external_id: Option<String>,
    /// Lines to book. Debits and credits must come to the same.
    #[field(input, create(required))]
    pub lines: Option<Vec<Line>>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        Bank = "bank",
        Bill = "bill",
        CreditNote = "credit_note",
        External = "external",
        Invoice = "invoice",
        MergedLedgerAccount = "merged_ledger_account",
        PayrollResult = "payroll_result",
        Receipt = "receipt",
        Reconciliation = "reconciliation",
        Tax = "tax",
    }
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Published = "published",
        Reversed = "reversed",
    }
}

registry::choice! {
    /// The values of `source_type`.
    pub enum SourceType {
        Account = "account",
        BankTransaction = "bank_transaction",
        Expense = "expense",
        FinanceReconciliation = "finance_reconciliation",
        Invoice = "invoice",
        JournalEntry = "journal_entry",
        PayrollResult = "payroll_result",
        Reconciliation = "reconciliation",
    }
}

/// The objects of `lines`.
#[derive(Debug, Object)]
pub struct Line {
    /// Amount on the debit side, in cents.
    pub debit_amount_cents: i64,
    /// Amount on the credit side, in cents.
    pub credit_amount_cents: i64,
    /// Ledger account that the line is booked on.
    pub account_id: Id<Anything>,
    /// Key of the line in an outside system.
    pub external_id: Option<String>,
}
