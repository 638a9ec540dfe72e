//! `compensations/cycles`

use engine::{Code, Hide, Narrow};
use registry::{Company, Id, Instant, Resource};
use storage::Look;

/// Rhythm in which a company prepares its payments.
#[derive(Debug, Resource)]
#[resource(
    path = "compensations/cycles",
    object = "compensations_cycle",
    permission = "compensations",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
#[parameter(name = "include_archived", as = bool, doc = "Whether archived cycles are listed too.")]
#[parameter(name = "include_hidden", as = bool, doc = "Whether hidden cycles are listed too.")]
pub struct Cycle {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Cycle>,
    /// The company that it belongs to.
    #[field(filter(eq = "company_id"), filter(any = "company_ids[]"))]
    pub company_id: Id<Company>,
    /// How often a payment takes place.
    #[field(filter(eq = "recurrence"))]
    pub recurrence: String,
    /// Day of the first payment.
    pub first_payment: Option<String>,
    /// Three-letter code of the currency paid.
    #[field(filter(eq = "currency"))]
    pub currency: Option<String>,
    /// Two-letter code of the country it serves.
    #[field(filter(eq = "country"))]
    pub country: Option<String>,
    /// Day of the period on which a run closes.
    pub closure_day: Option<i64>,
    /// Day of the period on which reminders go out.
    pub alerts_day: Option<i64>,
    /// When it was archived. Empty while in use.
    pub archived_at: Option<Instant>,
    /// When it was created.
    pub created_at: Option<Instant>,
    /// When it was last changed.
    pub updated_at: Option<Instant>,
}

/// What it does beyond the declaration. Nothing hides a cycle.
pub(crate) const CODE: Code = Code {
    filters: &[("include_hidden", Narrow::Idle)],
    hide: Some(Hide { shown: |_| Ok(vec![Look::Null("archived_at")]), unless: "include_archived" }),
    ..Code::of("compensations/cycles")
};
