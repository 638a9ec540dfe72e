//! `/oauth/token`, `/oauth/revoke`, `/oauth/introspect` and `/oauth/token/info`.

use accounts::Presented;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, PRAGMA, WWW_AUTHENTICATE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use oauth::token::{TokenRequest, TokenResponse};
use oauth::{ClientCredentials, Pair, ProtocolError};
use registry::Id;
use serde_json::{Map, Value, json};

use crate::App;
use crate::api::caller;
use crate::http::fields::Twice;
use crate::http::{Fields, Problem, address, problem};

/// Answers must not be kept by anybody on the way (RFC 6749 section 5.1).
const UNCACHED: [(HeaderName, HeaderValue); 3] = [
    (CONTENT_TYPE, HeaderValue::from_static("application/json")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (PRAGMA, HeaderValue::from_static("no-cache")),
];

/// An answer of these endpoints that is not the one asked for.
pub(crate) enum Refusal {
    Protocol(ProtocolError),
    Storage(storage::Error),
    Http(Problem),
}

impl From<ProtocolError> for Refusal {
    fn from(error: ProtocolError) -> Self {
        Self::Protocol(error)
    }
}

impl From<storage::Error> for Refusal {
    fn from(error: storage::Error) -> Self {
        Self::Storage(error)
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        // What cannot be read is, for this protocol, an invalid request; only its size has a status of its own.
        if problem.status == StatusCode::BAD_REQUEST {
            Self::Protocol(ProtocolError::invalid_request(&problem.detail))
        } else {
            Self::Http(problem)
        }
    }
}

impl From<Twice> for Refusal {
    fn from(Twice(name): Twice) -> Self {
        Self::Protocol(ProtocolError::invalid_request(&format!(
            "The parameter {name} is there more than once."
        )))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let error = match self {
            Self::Protocol(error) => error,
            Self::Storage(error) => return Problem::from(error).into_response(),
            Self::Http(problem) => return problem.into_response(),
        };
        let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({ "error": error.code, "error_description": error.description });
        let mut response = (status, UNCACHED, body.to_string()).into_response();
        // The matched server sends it with every error of these endpoints, 400 included.
        if let Ok(value) = HeaderValue::try_from(problem::challenge(error.code, &error.description)) {
            response.headers_mut().insert(WWW_AUTHENTICATE, value);
        }
        response
    }
}

fn answer(body: &Value) -> Response {
    (UNCACHED, body.to_string()).into_response()
}

/// The parameters of a request: body and query string together, each at most once.
async fn parameters(parts: &Parts, body: Body) -> Result<Fields, Refusal> {
    let query = Fields::query(&parts.uri)?;
    Ok(Fields::body(&parts.headers, body).await?.and(query))
}

/// Name and password of HTTP Basic, each form-encoded before (RFC 6749 section 2.3.1). Other schemes say
/// nothing; one that cannot be read counts as credentials that are wrong.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let read = || {
        let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
        let (name, password) = decoded.split_once(':')?;
        let form = |text: &str| {
            let pairs = Fields::parse(&format!("v={}", text.replace('&', "%26"))).ok()?;
            Some(pairs.text("v").to_owned())
        };
        Some((form(name)?, form(password)?))
    };
    Some(read().unwrap_or_default())
}

async fn credentials(app: &App, parts: &Parts, fields: &Fields) -> Result<ClientCredentials, Refusal> {
    let mut credentials = ClientCredentials {
        client_id: fields.once("client_id")?.map(str::to_owned),
        client_secret: fields.once("client_secret")?.map(str::to_owned),
        basic: basic(&parts.headers),
        address: address::client(parts, &app.config.trusted_proxies).to_string(),
        known: None,
    };
    if let Some(named) = credentials.named() {
        credentials.known = app.clients.find(named).await?;
    }
    Ok(credentials)
}

pub(crate) async fn token(State(app): State<App>, request: Request<Body>) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let fields = parameters(&parts, body).await?;
    let once = |name| fields.once(name).map(|value| value.map(str::to_owned));
    let ClientCredentials { client_id, client_secret, basic, address, known } =
        credentials(&app, &parts, &fields).await?;
    let request = TokenRequest {
        grant_type: once("grant_type")?,
        code: once("code")?,
        redirect_uri: once("redirect_uri")?,
        code_verifier: once("code_verifier")?,
        refresh_token: once("refresh_token")?,
        scope: once("scope")?,
        client_id,
        client_secret,
        basic,
        address,
        known,
    };
    let (pair, settings) = (Pair::generate(), app.config.oauth.clone());
    let exchange = move |tx: &mut storage::Tx<'_>| oauth::token::exchange(tx, &settings, &request, &pair);
    // The code, or the pair that is refreshed, decides.
    let answered = app.db.write_on_snapshot(exchange).await??;
    Ok(answer(&token_body(answered)))
}

/// The members in the order of the wire; one without a value is left out.
fn token_body(response: TokenResponse) -> Value {
    let mut body = Map::new();
    let mut member = |name: &str, value: Value| body.insert(name.to_owned(), value);
    member("access_token", response.access_token.expose().into());
    member("token_type", response.token_type.into());
    if let Some(seconds) = response.expires_in {
        member("expires_in", seconds.into());
    }
    if let Some(token) = response.refresh_token {
        member("refresh_token", token.expose().into());
    }
    member("scope", response.scope.into());
    member("created_at", response.created_at.into());
    body.into()
}

/// RFC 7009.
pub(crate) async fn revoke(State(app): State<App>, request: Request<Body>) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let fields = parameters(&parts, body).await?;
    let (client, token) =
        (credentials(&app, &parts, &fields).await?, fields.once("token")?.map(str::to_owned));
    app.db.write(move |tx| oauth::revoke::revoke(tx, token.as_deref(), &client)).await??;
    Ok(answer(&json!({})))
}

/// RFC 7662.
pub(crate) async fn introspect(State(app): State<App>, request: Request<Body>) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let fields = parameters(&parts, body).await?;
    let (client, token) =
        (credentials(&app, &parts, &fields).await?, fields.once("token")?.map(str::to_owned));
    let settings = app.config.oauth.clone();
    let found =
        app.db.write(move |tx| oauth::revoke::introspect(tx, &settings, token.as_deref(), &client)).await??;
    let Some(token) = found else { return Ok(answer(&json!({ "active": false }))) };
    let mut body = Map::new();
    body.insert("active".to_owned(), true.into());
    for (name, value) in [
        ("scope", Some(token.scope.into())),
        ("client_id", Some(token.client_id.into())),
        ("token_type", token.token_type.map(Value::from)),
        ("exp", token.exp.map(Value::from)),
        ("iat", Some(token.iat.into())),
        ("sub", token.sub.map(|sub| sub.to_string().into())),
        ("iss", Some(token.iss.into())),
    ] {
        if let Some(value) = value {
            body.insert(name.to_owned(), value);
        }
    }
    Ok(answer(&body.into()))
}

/// What the bearer token of the request says about itself, as the matched server tells it.
pub(crate) async fn info(State(app): State<App>, request: Request<Body>) -> Result<Response, Refusal> {
    let (parts, _) = request.into_parts();
    let named = caller::parameter(&parts)?;
    let token = caller::bearer(&parts.headers).or(named.as_deref());
    let presented = Presented::new(token.unwrap_or_default());
    let Some(info) = app.db.read(move |tx| oauth::revoke::token_info(tx, &presented)).await? else {
        let mut error = ProtocolError::invalid_request("The access token is invalid");
        (error.code, error.status) = ("invalid_token", 401);
        return Err(error.into());
    };
    let scopes: Vec<_> = info.scope.iter().map(|scope| scope.name).collect();
    Ok(answer(&json!({
        "resource_owner_id": info.resource_owner_id.map(Id::get),
        "scope": scopes,
        "expires_in": info.expires_in,
        "application": { "uid": info.application },
        "created_at": info.created_at,
    })))
}
