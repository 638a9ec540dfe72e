//! `finance/journal_lines`

use engine::{Code, Context, Error, Narrow};
use registry::{Id, Instant, Resource};
use storage::Look;

use crate::finance::Account;
use crate::finance::JournalEntry;
use crate::narrow;

/// One debit or credit of a journal entry.
#[derive(Debug, Resource)]
#[resource(
    path = "finance/journal_lines",
    object = "finance_journal_line",
    permission = "finance",
    operations(list, read)
)]
#[parameter(name = "journal_entry_types[]", as = JournalEntryType, doc = "Only lines whose entry is of one of these types.")]
#[parameter(name = "reconciliation_status", as = ReconciliationStatus, doc = "Only lines that are pending, reconciled or snoozed.")]
#[parameter(name = "description", as = String, doc = "Only lines whose entry contains this wording.")]
pub struct JournalLine {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<JournalLine>,
    /// Running number of the line.
    pub number: i64,
    /// Amount on the debit side, in cents.
    pub debit_amount_cents: i64,
    /// Amount on the credit side, in cents.
    pub credit_amount_cents: i64,
    /// Entry that the line is part of.
    #[field(filter(any = "journal_entry_ids[]"))]
    pub journal_entry_id: Id<JournalEntry>,
    /// Ledger account that the line is booked on.
    #[field(filter(any = "account_ids[]"))]
    pub account_id: Id<Account>,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// Moment when it was matched in full. Null before that.
    pub fully_reconciled_at: Option<Instant>,
    /// Key of the line in an outside system.
    pub external_id: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[
        ("description", Narrow::Named("journal_entry_id", "finance/journal_entries", "id", &["description"])),
        (
            "journal_entry_types[]",
            Narrow::through("journal_entry_id", "finance/journal_entries", "id", "type"),
        ),
        ("reconciliation_status", Narrow::Code(reconciled)),
    ],
    ..Code::of("finance/journal_lines")
};

/// Nothing is put off.
fn reconciled(_: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let pending = Look::Null("fully_reconciled_at");
    Ok(vec![match values.last().map(String::as_str) {
        Some("reconciled") => narrow::not(pending),
        Some("pending") => pending,
        _ => narrow::nothing(),
    }])
}

registry::choice! {
    /// The values of `journal_entry_types`.
    pub enum JournalEntryType {
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
    /// The values of `reconciliation_status`.
    pub enum ReconciliationStatus {
        Pending = "pending",
        Reconciled = "reconciled",
        Snoozed = "snoozed",
    }
}
