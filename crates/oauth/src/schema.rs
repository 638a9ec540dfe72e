//! The tables of the authorization server.

use storage::{Migration, OnDelete, Table, Type};

/// Creates the tables of the authorization server. Needs [`accounts::MIGRATIONS`].
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "0002_oauth",
    additive: false,
    tables: || {
        vec![
            Table::new("oauth_applications")
                .company()
                .column("client_id", Type::Text)
                .column("name", Type::Text)
                .column("redirect_uris", Type::Text)
                .column("confidential", Type::Bool)
                .column("scopes", Type::Text)
                .column("shared", Type::Bool)
                .column("require_pkce", Type::Bool)
                .nullable("access_token_lifetime", Type::Int)
                .nullable("refresh_token_lifetime", Type::Int)
                .column("created_at", Type::Instant)
                .column("updated_at", Type::Instant)
                .unique(&["client_id"])
                .index(&["company_id", "id"]),
            Table::new("oauth_secrets")
                .company()
                .reference("application_id", "oauth_applications", OnDelete::Cascade)
                .column("secret_hash", Type::Bytes)
                .column("hint", Type::Text)
                .column("created_at", Type::Instant)
                .index(&["company_id"])
                .index(&["application_id"]),
            // Holds minutes of codes, so it needs no index for what cascades into it. A grant may be gone
            // before the code that gave it, so the code only remembers its number.
            Table::without_id("oauth_codes")
                .company()
                .column("code_hash", Type::Bytes)
                .reference("application_id", "oauth_applications", OnDelete::Cascade)
                .nullable_reference("access_id", "accesses", OnDelete::Cascade)
                .column("scopes", Type::Text)
                .column("redirect_uri", Type::Text)
                .nullable("challenge", Type::Text)
                .nullable("challenge_method", Type::Text)
                .column("expires_at", Type::Instant)
                .nullable("used_at", Type::Instant)
                .nullable("grant_id", Type::Int)
                .unique(&["code_hash"])
                .index(&["expires_at"]),
            Table::new("oauth_grants")
                .company()
                .reference("application_id", "oauth_applications", OnDelete::Cascade)
                .nullable_reference("access_id", "accesses", OnDelete::Cascade)
                .column("scopes", Type::Text)
                .column("created_at", Type::Instant)
                .nullable("last_used_at", Type::Instant)
                .nullable("revoked_at", Type::Instant)
                .nullable("expires_at", Type::Instant)
                .index(&["company_id", "access_id"])
                .index(&["application_id"])
                .index(&["access_id"])
                .index(&["revoked_at"])
                .index(&["expires_at"]),
            // Written by every refresh, so it has one index only: a token says which row it is in, and nobody looks
            // for those of a grant. So there are no references, which would: a token is nothing without its grant,
            // and goes when it expires.
            Table::numbered("oauth_tokens")
                .column("company_id", Type::Int)
                .column("grant_id", Type::Int)
                .nullable("parent_id", Type::Int)
                .column("access_hash", Type::Bytes)
                .nullable("refresh_hash", Type::Bytes)
                .column("scopes", Type::Text)
                .column("created_at", Type::Instant)
                .nullable("expires_at", Type::Instant)
                .nullable("refresh_expires_at", Type::Instant)
                .column("used", Type::Bool)
                .column("ends_at", Type::Instant)
                .index(&["refresh_expires_at"]),
            Table::without_id("oauth_consents")
                .company()
                .reference("application_id", "oauth_applications", OnDelete::Cascade)
                .reference("access_id", "accesses", OnDelete::Cascade)
                .column("scopes", Type::Text)
                .column("created_at", Type::Instant)
                .unique(&["application_id", "access_id"])
                .index(&["company_id", "access_id"])
                .index(&["access_id"]),
            Table::new("oauth_failures")
                .company()
                .reference("application_id", "oauth_applications", OnDelete::Cascade)
                .column("at", Type::Instant)
                .column("endpoint", Type::Text)
                .column("error", Type::Text)
                .column("reason", Type::Text)
                .column("address", Type::Text)
                .column("sent", Type::Text)
                .index(&["company_id"])
                .index(&["application_id", "id"]),
        ]
    },
}];
