//! For programs: `/api/...`.

pub(crate) mod caller;
mod credentials;
pub(crate) mod files;
pub(crate) mod limit;
mod me;
pub(crate) mod oas;
pub(crate) mod resources;
mod webhooks;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use engine::Engine;
use http::HeaderValue;
use registry::Verb;

pub use oas::document;

use crate::App;
use crate::http::Problem;

/// Where credentials are listed: the one resource that is about the request itself.
const CREDENTIALS: &str = "api_public/credentials";

/// Whether a plain operation of a declared resource is answered.
pub fn served(engine: &Engine, path: &str, verb: Verb) -> bool {
    path == CREDENTIALS || engine.find(path).is_some_and(|plan| plan.served(verb))
}

/// Whether an operation beyond the plain five is answered.
pub fn acted(engine: &Engine, path: &str, action: &str) -> bool {
    engine.find(path).is_some_and(|plan| plan.acts(action))
}

/// The fields of a resource that are answered without a value, because nothing works them out yet.
pub fn unknown_fields(engine: &Engine, path: &str) -> Vec<&'static str> {
    engine
        .find(path)
        .filter(|_| served(engine, path, Verb::List))
        .map_or_else(Vec::new, engine::Plan::unknown_fields)
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/oas", get(oas::show).fallback(wrong_method))
        .route("/api/v1/me", get(me::show).fallback(wrong_method))
        .route(
            "/api/{version}/resources/api_public/credentials",
            get(credentials::list).fallback(wrong_method),
        )
        .merge(webhooks::routes())
        .route("/api/{version}/resources/{namespace}/{resource}", any(resources::collection))
        .route("/api/{version}/resources/{namespace}/{resource}/{rest}", any(resources::member))
}

/// RFC 9745: a structured date; the oldest version's own is the latest that is known to be true.
fn deprecated() -> HeaderValue {
    HeaderValue::from_static("@1759276800")
}

pub(crate) async fn wrong_method() -> Response {
    let detail = "This address does not take that method.";
    Problem::new(http::StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).into_response()
}
