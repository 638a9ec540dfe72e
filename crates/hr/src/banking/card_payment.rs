//! `banking/card_payments`

use engine::Code;
use registry::{Anything, Id, Instant, Resource};

use crate::narrow;

/// A payment or refund on a company card.
#[derive(Debug, Resource)]
#[resource(
    path = "banking/card_payments",
    object = "banking_card_payment",
    permission = "banking",
    operations(list, read)
)]
#[parameter(name = "account_ids[]", as = Id<Anything>, doc = "Only payments on cards of these bank accounts.")]
pub struct CardPayment {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<CardPayment>,
    /// Card that was used.
    pub card_id: Id<Anything>,
    /// Amount charged to the card, in cents.
    pub amount_cents: i64,
    /// Currency of the card amount, as an ISO code.
    pub currency: String,
    /// Where the card was used.
    pub merchant_name: String,
    /// Amount in the merchant's currency, in cents.
    pub merchant_amount_cents: i64,
    /// Currency that the merchant charged, as an ISO code.
    pub merchant_currency: String,
    /// Whether the payment was let through.
    pub approved: bool,
    /// When the card network recorded the payment.
    pub external_created_at: Instant,
    /// Either pending, closed, rejected or reversed.
    #[field(filter(eq = "status"))]
    pub status: Status,
    /// Either a payment or a refund.
    pub r#type: Type,
    /// Rate between the merchant's currency and the card's.
    pub exchange_rate: f64,
    /// When it was created.
    #[field(filter(from = "from"(as = String)), filter(to = "to"(as = String)))]
    pub created_at: Instant,
    /// Why it was refused. Null when it was not.
    pub rejected_reason: Option<RejectedReason>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { filters: &[("account_ids[]", narrow::NOTHING)], ..Code::of("banking/card_payments") };

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Closed = "closed",
        Pending = "pending",
        Rejected = "rejected",
        Reversed = "reversed",
    }
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        Payment = "payment",
        Refund = "refund",
    }
}

registry::choice! {
    /// The values of `rejected_reason`.
    pub enum RejectedReason {
        AccountComplianceDisabled = "account_compliance_disabled",
        AccountDisabled = "account_disabled",
        AccountInactive = "account_inactive",
        AuthenticationFailed = "authentication_failed",
        AuthorizationControls = "authorization_controls",
        CardholderBlocked = "cardholder_blocked",
        CardholderInactive = "cardholder_inactive",
        CardholderVerificationRequired = "cardholder_verification_required",
        CardActive = "card_active",
        CardCanceled = "card_canceled",
        CardExpired = "card_expired",
        CardInactive = "card_inactive",
        IncorrectCvc = "incorrect_cvc",
        IncorrectExpiry = "incorrect_expiry",
        InsecureAuthorizationMethod = "insecure_authorization_method",
        InsufficientFunds = "insufficient_funds",
        NotAllowed = "not_allowed",
        PinBlocked = "pin_blocked",
        SpendingControls = "spending_controls",
        SuspectedFraud = "suspected_fraud",
        VerificationFailed = "verification_failed",
        WebhookApproved = "webhook_approved",
        WebhookDeclined = "webhook_declined",
        WebhookError = "webhook_error",
        WebhookTimeout = "webhook_timeout",
    }
}
