//! The tables of deliveries.

use storage::{Has, Migration, OnDelete, Table, Type};

/// Creates the tables of deliveries. Needs the events of the engine.
///
/// What belongs to a subscription names it without a reference: the log outlives it.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "0008_webhooks",
    additive: false,
    tables: || {
        vec![
            Table::new("webhook_queues")
                .company()
                .column("subscription_id", Type::Int)
                .column("host", Type::Text)
                .nullable("due_at", Type::Instant)
                .nullable("paused_until", Type::Instant)
                .nullable("leased_until", Type::Instant)
                .column("lease", Type::Int)
                .column("streak", Type::Int)
                .column("failures", Type::Int)
                .column("sealed_secret", Type::Bytes)
                .nullable("sealed_previous", Type::Bytes)
                .nullable("previous_until", Type::Instant)
                .nullable("disabled_at", Type::Instant)
                .nullable("mailed_at", Type::Instant)
                .unique(&["subscription_id"])
                .index(&["company_id"])
                .index(&["due_at"]),
            Table::new("webhook_deliveries")
                .company()
                .reference("event_id", "events", OnDelete::Cascade)
                .column("subscription_id", Type::Int)
                .nullable("object_id", Type::Int)
                .column("kind", Type::Text)
                .column("origin", Type::Text)
                .column("target_url", Type::Text)
                .column("state", Type::Text)
                .column("attempts", Type::Int)
                .nullable("next_attempt_at", Type::Instant)
                .nullable("status", Type::Int)
                .column("created_at", Type::Instant)
                .nullable("finished_at", Type::Instant)
                .nullable("given_up_at", Type::Instant)
                .index(&["company_id", "created_at", "id"])
                .index(&["subscription_id", "created_at", "id"])
                .index(&["event_id"])
                // Nearly all are delivered, and then they cost these nothing.
                .index_where(&["subscription_id", "next_attempt_at", "id"], "next_attempt_at", Has::Value)
                .index_where(&["company_id", "created_at", "id"], "next_attempt_at", Has::Value)
                .index_where(&["company_id", "state", "created_at", "id"], "given_up_at", Has::Value),
            Table::new("webhook_attempts")
                .company()
                .reference("delivery_id", "webhook_deliveries", OnDelete::Cascade)
                .column("number", Type::Int)
                .column("at", Type::Instant)
                .column("took", Type::Int)
                .nullable("status", Type::Int)
                .nullable("error", Type::Text)
                .column("api_version", Type::Text)
                .nullable("hidden", Type::Text)
                .column("request_headers", Type::Text)
                .column("response_headers", Type::Text)
                .column("response_body", Type::Text)
                .index(&["company_id"])
                .index(&["delivery_id"]),
        ]
    },
}];
