//! The endpoints of the authorization server.

pub(crate) mod authorize;
mod metadata;
mod token;

use axum::Router;
use axum::routing::{MethodRouter, get, post};

use crate::App;

pub(crate) fn routes() -> Router<App> {
    let of_programs: [(&str, MethodRouter<App>); 4] = [
        ("/oauth/token", post(token::token)),
        ("/oauth/revoke", post(token::revoke)),
        ("/oauth/introspect", post(token::introspect)),
        ("/oauth/token/info", get(token::info)),
    ];
    let spelled = of_programs.into_iter().flat_map(|(path, route)| {
        // Clients of the matched server may ask for JSON in this way.
        ["", ".json"].map(|end| (format!("{path}{end}"), route.clone()))
    });
    spelled
        .fold(Router::new(), |router, (path, route)| router.route(&path, route))
        .route("/oauth/authorize", get(authorize::ask).post(authorize::answer).delete(authorize::answer))
        .route("/oauth/authorize/native", get(authorize::native))
        .route("/.well-known/oauth-authorization-server", get(metadata::show))
}
