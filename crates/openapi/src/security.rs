//! Who may call what.

use registry::{LEGACY_SCOPES, Resource, SCOPES};
use serde_json::{Value, json};

use crate::schema::Schema;

const OAUTH: &str = "oauth2";
const KEY: &str = "api_key";

/// The ways to show who is calling.
pub(crate) fn schemes(server: &str) -> Value {
    let scopes: Schema = LEGACY_SCOPES
        .iter()
        .chain(SCOPES)
        .map(|scope| (scope.name.to_owned(), scope.description.into()))
        .collect();
    json!({
        OAUTH: {
            "type": "oauth2",
            "description": "A token of a person, or of a company, as `Authorization: Bearer`.",
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": format!("{server}/oauth/authorize"),
                    "tokenUrl": format!("{server}/oauth/token"),
                    "refreshUrl": format!("{server}/oauth/token"),
                    "scopes": scopes,
                },
            },
        },
        KEY: {
            "type": "apiKey",
            "in": "header",
            "name": "x-api-key",
            "description": "A key of the company, with everything that it has. It wins over a token.",
        },
    })
}

/// Any of them.
pub(crate) fn any() -> Value {
    json!([{ OAUTH: [] }, { KEY: [] }])
}

/// What one operation needs: its scope, or the legacy one, or a key.
pub(crate) fn of(resource: &Resource, reads: bool) -> Value {
    let legacy = if reads { "read" } else { "write" };
    match resource.scope() {
        Some(scope) => json!([{ OAUTH: [scope.name] }, { OAUTH: [legacy] }, { KEY: [] }]),
        None => any(),
    }
}
