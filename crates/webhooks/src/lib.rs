//! Webhooks: events become deliveries, deliveries become requests, and everything is in a log.
//!
//! An event is a row of the transaction that it tells of (see [`engine::EventRecord`]). [`pass_on`] makes a delivery of
//! it for every subscription, [`queue`] gives a node deliveries to do that no other node does, [`client`] is the way
//! out, and [`Worker`] puts them together. What is promised: every event arrives at least once, while it can be
//! delivered within the attempts of the [`schedule`].

pub mod client;
mod delivering;
pub mod log;
mod notify;
mod pass_on;
pub mod queue;
mod records;
pub mod sample;
pub mod schedule;
mod schema;
pub mod signature;
mod worker;

pub use delivering::{Done, Job, Outcome, Ready};
pub use pass_on::{Passed, pass_on};
pub use records::{
    Attempt, AttemptRecord, Delivery, DeliveryRecord, QueueRecord, State, Subscription, SubscriptionRecord,
};
pub use schema::MIGRATIONS;
pub use worker::{Settings, Worker};

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// A change of a subscription failed.
    #[error(transparent)]
    Engine(#[from] engine::Error),
    /// A mail could not be written.
    #[error(transparent)]
    Accounts(#[from] accounts::Error),
    /// There is no such thing in the company.
    #[error("there is nothing like it")]
    NotFound,
}

/// The resource of subscriptions, as it is declared.
pub const SUBSCRIPTIONS: &str = "api_public/webhook_subscriptions";

/// Why statements here look at all companies.
pub(crate) const ALL: &str = "one worker delivers for all companies";
