//! The tables as structs.

use registry::{Company, Id, Instant};

/// Names the records of subscriptions.
#[derive(Debug)]
pub struct Subscription;

storage::record! {
    /// A subscription: the columns of the declared resource that a delivery needs.
    pub struct SubscriptionRecord in "api_public_webhook_subscriptions" company {
        pub id: Id<Subscription>,
        pub company_id: Id<Company>,
        pub target_url: String,
        pub r#type: String,
        pub enabled: bool,
        pub api_version: String,
        pub name: Option<String>,
        pub challenge: Option<String>,
        pub owner_access_id: Option<i64>,
        pub application_id: Option<i64>,
    }
}

/// Names the records of queues.
#[derive(Debug)]
pub struct Queue;

storage::record! {
    /// The deliveries of one subscription that are to be done, as a whole: one node at a time has it.
    pub struct QueueRecord in "webhook_queues" company {
        pub id: Id<Queue>,
        pub company_id: Id<Company>,
        pub subscription_id: i64,
        pub host: String,
        /// When there is something to do; `None` where there is nothing.
        pub due_at: Option<Instant>,
        /// The end of a rest after failures.
        pub paused_until: Option<Instant>,
        /// Until when a node has it.
        pub leased_until: Option<Instant>,
        /// Tells one lease from another.
        pub lease: i64,
        /// Attempts that failed since the last that did not.
        pub streak: i64,
        /// The most attempts of a delivery that failed since the last that did not: what mails go by.
        pub failures: i64,
        pub sealed_secret: Vec<u8>,
        pub sealed_previous: Option<Vec<u8>>,
        pub previous_until: Option<Instant>,
        /// When it was disabled for failing.
        pub disabled_at: Option<Instant>,
        /// When people last heard of failures.
        pub mailed_at: Option<Instant>,
    }
}

/// Names the records of deliveries.
#[derive(Debug)]
pub struct Delivery;

storage::record! {
    /// An event on its way to a subscription.
    pub struct DeliveryRecord in "webhook_deliveries" company {
        pub id: Id<Delivery>,
        pub company_id: Id<Company>,
        pub event_id: Id<engine::Event>,
        pub subscription_id: i64,
        pub object_id: Option<i64>,
        pub kind: String,
        /// `event`, `replay`, `redelivery` or `test`.
        pub origin: String,
        pub target_url: String,
        /// One of [`State`].
        pub state: String,
        pub attempts: i64,
        pub next_attempt_at: Option<Instant>,
        /// The status that the last attempt was answered with.
        pub status: Option<i64>,
        pub created_at: Instant,
        pub finished_at: Option<Instant>,
        /// When it ended otherwise than with a success.
        pub given_up_at: Option<Instant>,
    }
}

/// Names the records of attempts.
#[derive(Debug)]
pub struct Attempt;

storage::record! {
    /// One request, and what came of it. The body that was sent is the payload of the event in `api_version`, without the
    /// `hidden` members.
    pub struct AttemptRecord in "webhook_attempts" company {
        pub id: Id<Attempt>,
        pub delivery_id: Id<Delivery>,
        pub number: i64,
        pub at: Instant,
        /// Milliseconds.
        pub took: i64,
        pub status: Option<i64>,
        pub error: Option<String>,
        pub api_version: String,
        /// Members that the owner of the subscription might not see then, with spaces between them.
        pub hidden: Option<String>,
        /// A line for each, without secrets.
        pub request_headers: String,
        pub response_headers: String,
        pub response_body: String,
    }
}

storage::record! {
    /// An event that deliveries are to be made of; without its payloads, which may be large.
    pub struct EventHead in "events" company {
        pub id: Id<engine::Event>,
        pub company_id: Id<Company>,
        pub kind: String,
        pub object_id: Option<i64>,
        pub audience: i64,
        pub passed_on_at: Option<Instant>,
    }
}

storage::record! {
    /// When events happened, for the clean-up.
    pub struct EventAge in "events" company {
        pub id: Id<engine::Event>,
        pub created_at: Instant,
    }
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is to be tried, for the first time or again.
    Waiting,
    /// It was answered with success.
    Delivered,
    /// All attempts failed.
    Failed,
    /// The subscription was disabled. A replay delivers it.
    Missed,
    /// The owner of the subscription may not see what happened.
    Withheld,
    /// The subscription was deleted.
    Cancelled,
}

impl State {
    /// All of them.
    pub const ALL: [State; 6] =
        [Self::Waiting, Self::Delivered, Self::Failed, Self::Missed, Self::Withheld, Self::Cancelled];

    /// Whether it ended otherwise than with a success.
    pub fn given_up(self) -> bool {
        !matches!(self, Self::Waiting | Self::Delivered)
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// As it is kept and answered.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
            Self::Missed => "missed",
            Self::Withheld => "withheld",
            Self::Cancelled => "cancelled",
        }
    }
}
