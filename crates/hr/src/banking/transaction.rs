//! `banking/transactions`

use registry::{Id, Instant, Resource};

use crate::banking::BankAccount;
use crate::banking::CardPayment;

/// A movement on a bank account.
#[derive(Debug, Resource)]
#[resource(
    path = "banking/transactions",
    object = "banking_transaction",
    permission = "banking",
    operations(list, read)
)]
pub struct Transaction {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Transaction>,
    /// Account that the money moved on.
    #[field(filter(any = "bank_account_ids[]"(since = "2026-07-01")))]
    pub bank_account_id: Id<BankAccount>,
    /// Amount moved, in cents.
    pub amount_cents: i64,
    /// Currency of the amount, as an ISO code.
    pub currency: String,
    /// What kind of movement it is.
    pub r#type: Type,
    /// When the bank booked the movement.
    #[field(filter(from = "from"(as = String)), filter(to = "to"(as = String)))]
    pub booking_date: Instant,
    /// When the money started or stopped counting.
    pub value_date: Instant,
    /// Card payment behind the movement.
    #[field(filter(any = "card_payment_ids[]"))]
    pub card_payment_id: Id<CardPayment>,
    /// When it was last changed.
    #[field(filter(from = "updated_from"(as = String)))]
    pub updated_at: Instant,
    /// Balance once it was booked, in cents.
    pub balance_after_cents: Option<i64>,
    /// Wording that the bank gave the movement.
    pub description: Option<String>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        CardPayment = "card_payment",
        CardRefund = "card_refund",
        Dispute = "dispute",
        Fees = "fees",
        Incoming = "incoming",
        IncomingTransfer = "incoming_transfer",
        Outgoing = "outgoing",
        OutgoingTransfer = "outgoing_transfer",
        Payment = "payment",
        Payroll = "payroll",
        Topup = "topup",
        Unknown = "unknown",
    }
}
