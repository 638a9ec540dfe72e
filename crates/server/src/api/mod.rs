//! For programs: `/api/...`.

pub(crate) mod caller;
mod credentials;
mod me;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use registry::Verb;

use crate::App;
use crate::http::Problem;

/// The operations of declared resources that are answered.
pub const SERVED: &[(&str, Verb)] = &[("api_public/credentials", Verb::List)];

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/me", get(me::show).fallback(wrong_method))
        .route(
            "/api/{version}/resources/api_public/credentials",
            get(credentials::list).fallback(wrong_method),
        )
        .route("/api/v2/resources/api_public/credentials", get(credentials::list_v2).fallback(wrong_method))
}

pub(crate) async fn wrong_method() -> Response {
    let detail = "This address does not take that method.";
    Problem::new(http::StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).into_response()
}
