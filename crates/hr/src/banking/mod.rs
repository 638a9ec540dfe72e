//! Company bank accounts, cards and transactions.

pub mod bank_account;
pub mod bank_account_number;
pub mod card_payment;
pub mod transaction;

pub use bank_account::BankAccount;
pub use card_payment::CardPayment;
pub use transaction::Transaction;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<BankAccount>().action::<bank_account::CreateManual>(),
        Entry::of::<CardPayment>(),
        Entry::of::<Transaction>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[bank_account::CODE, card_payment::CODE];
