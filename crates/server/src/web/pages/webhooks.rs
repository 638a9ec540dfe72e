//! Webhooks of a company, for its administrators.

use askama::Template;

use super::{FieldErrors, Moment, Page};

/// `/settings/webhooks`
#[derive(Debug, Template)]
#[template(path = "settings/webhooks.html")]
pub struct WebhooksPage {
    /// The frame.
    pub page: Page,
    /// All of them, or the one whose deliveries are shown.
    pub subscriptions: Vec<SubscriptionRow>,
    /// The types of events.
    pub kinds: Vec<&'static str>,
    /// The type that was chosen for a new one.
    pub kind: String,
    /// The address that was typed for it.
    pub target: String,
    /// What it was to be recognised by.
    pub challenge: String,
    /// What was wrong with it.
    pub refused: FieldErrors,
    /// A secret that was just made, with what it is for.
    pub issued: Option<(String, String)>,
    /// The one whose deliveries are shown, which can be replayed.
    pub replayable: Option<(i64, String)>,
    /// What was wrong with the last replay.
    pub errors: FieldErrors,
    /// The beginning of the time that is replayed, in UTC.
    pub from: String,
    /// Its end; now where it is empty.
    pub until: String,
    /// Deliveries, newest first.
    pub deliveries: Vec<DeliveryRow>,
    /// The address of the next page of older ones.
    pub older: Option<String>,
    /// A type, or a part of an address.
    pub filter: String,
    /// A state.
    pub state: String,
    /// All states.
    pub states: Vec<&'static str>,
    /// Whether the list is narrowed.
    pub narrowed: bool,
}

/// One subscription.
#[derive(Clone, Debug)]
pub struct SubscriptionRow {
    /// Its id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// The type of its events.
    pub kind: String,
    /// The version of its bodies.
    pub version: String,
    /// Who is called.
    pub target: String,
    /// Whether it is told.
    pub enabled: bool,
    /// How often a delivery failed that has not succeeded since.
    pub failures: i64,
}

/// One delivery.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    /// Its id.
    pub id: i64,
    /// When it was made.
    pub at: Moment,
    /// The type of the event.
    pub kind: String,
    /// Who is called.
    pub target: String,
    /// Where it stands.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// What the last attempt was answered with.
    pub status: Option<i64>,
}

impl DeliveryRow {
    /// The look of its state.
    #[must_use]
    pub fn look(&self) -> &'static str {
        match self.state.as_str() {
            "delivered" => "success",
            "waiting" if self.attempts == 0 => "info",
            "waiting" => "warning",
            "failed" | "missed" => "danger",
            _ => "",
        }
    }
}

/// `/settings/webhooks/{id}`
#[derive(Debug, Template)]
#[template(path = "settings/delivery.html")]
pub struct DeliveryPage {
    /// The frame.
    pub page: Page,
    /// The delivery.
    pub row: DeliveryRow,
    /// When it happened.
    pub happened: Moment,
    /// Why it was sent, in words.
    pub origin: &'static str,
    /// When it is tried next.
    pub next: Option<Moment>,
    /// What was sent last, or is to be sent; nothing where it may not be told.
    pub body: Option<String>,
    /// The attempts, the first one first.
    pub attempts: Vec<AttemptRow>,
}

/// One attempt.
#[derive(Clone, Debug)]
pub struct AttemptRow {
    /// Counted from 1.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// How long it took, in milliseconds.
    pub took: i64,
    /// The status of the answer.
    pub status: Option<i64>,
    /// What went wrong.
    pub error: Option<String>,
    /// Headers, a line for each.
    pub request_headers: String,
    /// Headers of the answer.
    pub response_headers: String,
    /// The beginning of its body.
    pub response_body: String,
}

impl AttemptRow {
    /// The id of one of its parts.
    #[must_use]
    pub fn anchor(&self, part: &str) -> String {
        format!("{part}-{}", self.number)
    }
}
