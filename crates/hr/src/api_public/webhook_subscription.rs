//! `api_public/webhook_subscriptions`

use engine::Code;
use registry::{Company, Id, Resource};

/// Address that is notified when events of one type happen.
#[derive(Debug, Resource)]
#[resource(
    path = "api_public/webhook_subscriptions",
    object = "api_public_webhook_subscription",
    permission = "api_public",
    operations(list, read, create, update, delete),
    events("create", "delete", "update")
)]
pub struct WebhookSubscription {
    /// Identifies it, for good.
    #[field(filter(eq = "id"))]
    pub id: Id<WebhookSubscription>,
    /// Address that receives the notifications.
    #[field(create(required), update)]
    pub target_url: String,
    /// Event that triggers a notification.
    #[field(default(copy = "subscription_type"), filter(eq = "type"))]
    pub r#type: String,
    /// The company that it belongs to.
    #[field(create(required), filter(eq = "company_id"))]
    pub company_id: Id<Company>,
    /// Whether notifications are being sent.
    #[field(create, update, default = true, filter(eq = "enabled"))]
    pub enabled: bool,
    /// Dated version that shapes the notification body.
    #[field(create(as = ApiVersion), update(as = ApiVersion), default = "2026-10-01")]
    pub api_version: String,
    /// Label to recognise the subscription.
    #[field(create, update)]
    pub name: Option<String>,
    /// Secret sent back with every notification.
    #[field(create, update)]
    pub challenge: Option<String>,
    /// Event that triggers a notification.
    #[field(input, create(required), update)]
    pub subscription_type: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { renames: &[("subscription_type", "type")], ..Code::of("api_public/webhook_subscriptions") };

registry::choice! {
    /// The values of `api_version`.
    pub enum ApiVersion {
        N20251001 = "2025-10-01",
        N20260101 = "2026-01-01",
        N20260401 = "2026-04-01",
        N20260701 = "2026-07-01",
        N20261001 = "2026-10-01",
    }
}
