//! The endpoints of the authorization server.

pub(crate) mod authorize;
mod metadata;
mod token;

use axum::Router;
use axum::routing::{get, post};

use crate::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/oauth/authorize", get(authorize::ask).post(authorize::answer).delete(authorize::answer))
        .route("/oauth/authorize/native", get(authorize::native))
        .route("/oauth/token", post(token::token))
        .route("/oauth/revoke", post(token::revoke))
        .route("/oauth/introspect", post(token::introspect))
        .route("/oauth/token/info", get(token::info))
        .route("/.well-known/oauth-authorization-server", get(metadata::show))
}
