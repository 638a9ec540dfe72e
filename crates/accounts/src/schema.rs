//! The tables of accounts.

use storage::{Migration, OnDelete, Table, Type};

/// Creates the tables of accounts and the employee's first columns.
pub const MIGRATIONS: &[Migration] = &[ACCOUNTS, PERMISSIONS, MEMBERSHIPS, PREVIEWS];

/// As whom an administrator looks at the company in a session.
const PREVIEWS: Migration = Migration {
    name: "previews",
    additive: true,
    tables: || {
        vec![
            Table::new("sessions")
                .nullable("preview_access_id", Type::Int)
                .nullable("preview_group_id", Type::Int),
        ]
    },
};

/// What the members of a group may do, as `access::Policy` writes it; null: what the kind of the group says.
const PERMISSIONS: Migration = Migration {
    name: "0002_permissions",
    additive: true,
    tables: || vec![Table::new("permission_groups").company().nullable("policy", Type::Text)],
};

/// When memberships begin and end to let somebody in, and with which address.
const MEMBERSHIPS: Migration = Migration {
    name: "memberships",
    additive: true,
    tables: || {
        vec![
            Table::new("accesses")
                .company()
                .nullable("starts_at", Type::Instant)
                .nullable("ends_at", Type::Instant),
            Table::new("employees").company().nullable("login_email", Type::Text),
        ]
    },
};

const ACCOUNTS: Migration = Migration {
    name: "0001_accounts",
    additive: false,
    tables: || {
        vec![
            Table::new("companies")
                .column("name", Type::Text)
                .nullable("legal_name", Type::Text)
                .nullable("tin", Type::Text)
                .column("created_at", Type::Instant),
            Table::new("users")
                .column("email", Type::Text)
                .nullable("password_hash", Type::Text)
                .column("created_at", Type::Instant)
                .unique(&["email"]),
            Table::new("permission_groups")
                .company()
                .column("name", Type::Text)
                .column("kind", Type::Text)
                .unique(&["company_id", "name"]),
            Table::new("accesses")
                .company()
                .reference("user_id", "users", OnDelete::Cascade)
                .reference("permission_group_id", "permission_groups", OnDelete::Restrict)
                .nullable("accepted_at", Type::Instant)
                .nullable("last_seen_at", Type::Instant)
                .column("created_at", Type::Instant)
                .unique(&["company_id", "user_id"])
                .index(&["company_id", "permission_group_id"])
                .index(&["user_id"]),
            Table::new("employees")
                .company()
                .reference("access_id", "accesses", OnDelete::Cascade)
                .column("first_name", Type::Text)
                .column("last_name", Type::Text)
                .nullable("email", Type::Text)
                .column("created_at", Type::Instant)
                .column("updated_at", Type::Instant)
                .unique(&["company_id", "access_id"])
                .index(&["access_id"]),
            Table::new("sessions")
                .reference("user_id", "users", OnDelete::Cascade)
                .reference("access_id", "accesses", OnDelete::Cascade)
                .column("token_hash", Type::Bytes)
                .column("address", Type::Text)
                .column("user_agent", Type::Text)
                .column("created_at", Type::Instant)
                .column("last_seen_at", Type::Instant)
                .column("expires_at", Type::Instant)
                .unique(&["token_hash"])
                .index(&["user_id"])
                .index(&["access_id"])
                .index(&["expires_at"])
                .index(&["last_seen_at"]),
            Table::new("mailed_links")
                .column("kind", Type::Text)
                .reference("user_id", "users", OnDelete::Cascade)
                .nullable_reference("access_id", "accesses", OnDelete::Cascade)
                .column("token_hash", Type::Bytes)
                .column("created_at", Type::Instant)
                .column("expires_at", Type::Instant)
                .nullable("used_at", Type::Instant)
                .unique(&["token_hash"])
                .index(&["user_id", "kind"])
                .index(&["access_id"])
                .index(&["expires_at"]),
            Table::new("api_keys")
                .company()
                .column("name", Type::Text)
                .column("key_hash", Type::Bytes)
                .column("hint", Type::Text)
                .column("created_by", Type::Text)
                .column("created_at", Type::Instant)
                .nullable("last_used_at", Type::Instant)
                .unique(&["key_hash"])
                .index(&["company_id"]),
            Table::new("audit_events")
                .nullable_reference("company_id", "companies", OnDelete::Cascade)
                .column("at", Type::Instant)
                .nullable_reference("user_id", "users", OnDelete::SetNull)
                .column("actor", Type::Text)
                .column("action", Type::Text)
                .column("target", Type::Text)
                .column("address", Type::Text)
                .column("details", Type::Text)
                .index(&["company_id", "id"])
                .index(&["user_id"]),
            Table::new("throttles")
                .column("key_hash", Type::Bytes)
                .column("failures", Type::Int)
                .column("window_ends_at", Type::Instant)
                .column("blocked_until", Type::Instant)
                .unique(&["key_hash"])
                .index(&["window_ends_at"]),
            Table::new("mails")
                .nullable_reference("company_id", "companies", OnDelete::Cascade)
                .column("recipient", Type::Text)
                .column("subject", Type::Text)
                .column("sealed_body", Type::Bytes)
                .column("created_at", Type::Instant)
                .nullable("sent_at", Type::Instant)
                .column("attempts", Type::Int)
                .column("next_attempt_at", Type::Instant)
                .index(&["company_id", "id"])
                .index(&["created_at"])
                .index(&["sent_at", "next_attempt_at"]),
        ]
    },
};
