//! Credentials and webhook subscriptions.

pub mod credential;
pub mod webhook_subscription;

pub use credential::Credential;
pub use webhook_subscription::WebhookSubscription;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![Entry::of::<Credential>(), Entry::of::<WebhookSubscription>()]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[webhook_subscription::CODE];
