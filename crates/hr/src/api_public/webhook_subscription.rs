//! `api_public/webhook_subscriptions`

use accounts::outside::Reachable;
use engine::{Code, Context, Draft, Error};
use registry::{Anything, Company, Id, Resource};
use storage::{Datum, Look};

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
    /// Whose rights it has: a membership, or nobody for the company itself.
    #[field(input)]
    pub owner_access_id: Option<Id<Anything>>,
    /// The OAuth application that made it.
    #[field(input)]
    pub application_id: Option<Id<Anything>>,
}

const PATH: &str = "api_public/webhook_subscriptions";

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { renames: &[("subscription_type", "type")], rule: Some(rule), ..Code::of(PATH) };

/// The type has to exist and the address to be one that may be called; each address hears of a type once. The
/// payload has the version of the request that subscribes, unless that says another.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let version = cx.version.to_string();
    draft.begin("api_version", || Datum::Text(version));
    // Whoever may not see everything and changes one hears through it what he may see himself.
    if draft.old.is_none() || !cx.does_everything() {
        draft.sets.insert("owner_access_id", cx.caller.access.map_or(Datum::Null, Datum::Int));
        draft.sets.insert("application_id", cx.caller.application.map_or(Datum::Null, Datum::Int));
    }
    if draft.changes("type") && draft.text("type").is_none_or(|kind| cx.engine.event(kind).is_none()) {
        return Err(Error::invalid("subscription_type", "There is no event of this type."));
    }
    if draft.changes("target_url") {
        let reachable = Reachable::of(cx.tx)?;
        if let Some(problem) = reachable.problem(draft.text("target_url").unwrap_or_default()) {
            return Err(Error::invalid("target_url", problem));
        }
    }
    if draft.changes("type") || draft.changes("target_url") {
        let same = ["type", "target_url"].map(|column| Look::Equal(column, draft.get(column).clone()));
        let own = draft.old.and_then(|old| old.int("id"));
        if let Some(other) =
            cx.facts(PATH, &same)?.iter().filter_map(|other| other.int("id")).find(|id| Some(*id) != own)
        {
            let detail = format!("The subscription {other} tells this address of this type already.");
            return Err(Error::rule("target_url", "subscribed_already", detail));
        }
    }
    Ok(())
}

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
