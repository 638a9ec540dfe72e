//! From a request's credential to who is calling.

use std::sync::Arc;

use accounts::{AuthError, Identity, Rejection};
use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};

use crate::App;
use crate::http::{Fields, Problem, cookies};
use crate::state::{API_KEYS, SESSIONS, TOKENS};
use crate::web::same_site;
use crate::web::visitor::SESSION;

/// Who is calling the API.
pub(crate) struct Caller(pub Arc<Identity>);

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // An API key wins when a request carries both.
        let authenticated = match parts.headers.get("x-api-key").map(HeaderValue::to_str) {
            Some(Ok(key)) => app.credentials.authenticate(API_KEYS, key).await,
            Some(Err(_)) => Err(AuthError::Rejected(Rejection::Unknown)),
            None => match bearer(&parts.headers) {
                Some(token) => app.credentials.authenticate(TOKENS, token).await,
                None => match (parameter(parts)?, session(parts, app)) {
                    (Some(token), _) => app.credentials.authenticate(TOKENS, &token).await,
                    (None, Some(token)) => app.credentials.authenticate(SESSIONS, token).await,
                    (None, None) => Err(AuthError::Rejected(Rejection::Unknown)),
                },
            },
        };
        authenticated.map(Caller).map_err(|error| match error {
            AuthError::Storage(error) => error.into(),
            AuthError::Rejected(rejection) => Problem::unauthorized(match rejection {
                Rejection::Unknown => "The access token is invalid",
                Rejection::Expired => "The access token expired",
                Rejection::Revoked => "The access token was revoked",
            }),
        })
    }
}

/// The bearer token of the header, its scheme in any case. The guide of the matched API spells the header
/// `Authentication` once, so that one is heard, too.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let values = [headers.get(AUTHORIZATION), headers.get("authentication")];
    values.into_iter().flatten().find_map(|value| {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    })
}

/// The session of somebody who opens the address in the browser. It only reads, and only for pages of this
/// server: a cookie goes along with whatever a browser is made to request.
fn session<'a>(parts: &'a Parts, app: &App) -> Option<&'a str> {
    let own = parts.method.is_safe() && same_site(&parts.headers);
    own.then(|| cookies::get(&parts.headers, &cookies::name(SESSION, app.config.secure()))).flatten()
}

/// The token as a parameter of the query string, as clients of the matched server may send it. It is never
/// logged.
pub(crate) fn parameter(parts: &Parts) -> Result<Option<String>, Problem> {
    if parts.uri.query().is_none() {
        return Ok(None);
    }
    let query = Fields::query(&parts.uri)?;
    let named = ["access_token", "bearer_token"].into_iter().map(|name| query.text(name));
    Ok(named.into_iter().find(|token| !token.is_empty()).map(str::to_owned))
}
