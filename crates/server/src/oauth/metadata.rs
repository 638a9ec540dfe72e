//! What the authorization server can do (RFC 8414).

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use registry::{LEGACY_SCOPES, SCOPES};
use serde_json::json;

use crate::App;

pub(crate) async fn show(State(app): State<App>) -> Response {
    let base = &app.config.public_url;
    let scopes: Vec<_> = LEGACY_SCOPES.iter().chain(SCOPES).map(|scope| scope.name).collect();
    let methods = json!(["client_secret_basic", "client_secret_post", "none"]);
    let body = json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/oauth/authorize"),
        "token_endpoint": format!("{base}/oauth/token"),
        "revocation_endpoint": format!("{base}/oauth/revoke"),
        "introspection_endpoint": format!("{base}/oauth/introspect"),
        "service_documentation": format!("{base}/docs"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256", "plain"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "authorization_response_iss_parameter_supported": true,
    });
    ([(CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
