//! `/api/muster/webhooks/...`: the log of deliveries, and sending again. An addition to the matched API, for the company
//! and its administrators.

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use registry::{Company, HOUR, Id, Instant, Timestamp, Version};
use serde_json::{Map, Value, json};
use webhooks::log::{self, Detail, Filter, Replay};
use webhooks::{DeliveryRecord, Error};

use super::caller::Caller;
use crate::App;
use crate::http::{Fields, Problem};

/// Deliveries of one page at most, and without a limit.
const PAGE: u64 = 100;

pub(crate) fn routes() -> Router<App> {
    let wrong = super::wrong_method;
    Router::new()
        .route("/api/muster/webhooks/deliveries", get(list).fallback(wrong))
        .route("/api/muster/webhooks/deliveries/{id}", get(show).fallback(wrong))
        .route("/api/muster/webhooks/deliveries/{id}/redeliver", post(redeliver).fallback(wrong))
        .route("/api/muster/webhooks/replay", post(replay).fallback(wrong))
        .route("/api/muster/webhooks/subscriptions/{id}/test", post(test).fallback(wrong))
        .route("/api/muster/webhooks/subscriptions/{id}/secret", post(secret).fallback(wrong))
        .route("/api/muster/webhooks/trigger", post(trigger).fallback(wrong))
        .route("/api/muster/webhooks/sample", get(sample).fallback(wrong))
}

/// An answer.
struct Json(Value);

impl IntoResponse for Json {
    fn into_response(self) -> Response {
        let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
        (headers, self.0.to_string()).into_response()
    }
}

/// The company for which somebody asks who may see everything in it. What the log shows is of every kind, so a token
/// for some scopes is not enough.
struct Whole(Id<Company>);

impl FromRequestParts<App> for Whole {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Caller(identity) = Caller::from_request_parts(parts, app).await?;
        let principal = &identity.principal;
        let wanted = if parts.method.is_safe() { "read" } else { "write" };
        if principal.scopes.as_ref().is_some_and(|scopes| !scopes.contains(wanted)) {
            let detail = format!("The token lacks the scope {wanted:?}.");
            return Err(Problem::new(StatusCode::FORBIDDEN, "insufficient_scope", detail));
        }
        if !principal.is_administrator() {
            let detail = "Deliveries are shown to administrators only.";
            return Err(Problem::new(StatusCode::FORBIDDEN, "missing_permission", detail));
        }
        Ok(Self(principal.company))
    }
}

async fn list(State(app): State<App>, Whole(company): Whole, request: Request) -> Result<Json, Problem> {
    let query = Fields::query(request.uri())?;
    let mut given = Given::new(|name| Some(query.text(name).to_owned()).filter(|text| !text.is_empty()));
    let limit = given.number("limit").and_then(|limit| u64::try_from(limit).ok()).unwrap_or(PAGE);
    let filter = Filter {
        subscription: given.number("subscription_id"),
        kind: given.text("type"),
        state: given.text("state"),
        object: given.number("object_id"),
        target: given.text("target_url"),
        from: given.time("from"),
        until: given.time("until"),
        before: given.number("before_id"),
        limit: limit.clamp(1, PAGE) + 1,
    };
    given.done()?;
    let mut found = app.db.read(move |tx| log::list(tx, company, &filter)).await.map_err(problem)?;
    let more = found.len() as u64 > limit.clamp(1, PAGE);
    found.truncate(usize::try_from(limit.clamp(1, PAGE)).unwrap_or(usize::MAX));
    let data: Vec<_> = found.iter().map(|delivery| Value::Object(row(delivery))).collect();
    Ok(Json(json!({ "data": data, "meta": { "limit": limit.clamp(1, PAGE), "has_next_page": more } })))
}

async fn show(
    State(app): State<App>,
    Whole(company): Whole,
    Path(id): Path<String>,
) -> Result<Json, Problem> {
    let id = number(&id)?;
    let engine = app.engine;
    let read = app.db.read(move |tx| log::show(tx, engine, company, id));
    Ok(Json(whole(&read.await.map_err(problem)?)))
}

async fn redeliver(
    State(app): State<App>,
    Whole(company): Whole,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let vault = app.vault.clone();
    let id = app.db.write(move |tx| log::redeliver(tx, &vault, company, id)).await.map_err(problem)?;
    delivered(&app, company, id).await
}

async fn replay(State(app): State<App>, Whole(company): Whole, request: Request) -> Result<Json, Problem> {
    let body = body(request).await?;
    let mut given = Given::new(|name| text(&body, name));
    let now = app.db.clock().now();
    let from = given.time("from");
    let until = given.time("until").unwrap_or(now + 1);
    let subscription = given.number("subscription_id");
    given.need("from", from.is_some());
    given.need("subscription_id", subscription.is_some());
    let states = body.get("states").and_then(Value::as_array).into_iter().flatten();
    let states: Vec<_> = states.filter_map(Value::as_str).map(str::to_owned).collect();
    for state in &states {
        if webhooks::State::named(state).is_none() {
            given.wrong("states", "It must be waiting, delivered, failed, missed, withheld or cancelled.");
        }
    }
    given.done()?;
    let (Some(from), Some(subscription)) = (from, subscription) else { return Err(Problem::not_found()) };
    let what = Replay { subscription, from, until, states };
    let vault = app.vault.clone();
    let replayed = app.db.write(move |tx| log::replay(tx, &vault, company, &what)).await.map_err(problem)?;
    match replayed {
        Some(replayed) => Ok(Json(json!({ "replayed": replayed, "most": log::REPLAYED }))),
        None => {
            let detail = "The subscription is disabled; enable it first.";
            Err(Problem::new(StatusCode::CONFLICT, "subscription_disabled", detail))
        }
    }
}

async fn test(
    State(app): State<App>,
    Whole(company): Whole,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let (engine, vault) = (app.engine, app.vault.clone());
    let write = app.db.write(move |tx| log::test(tx, engine, &vault, company, id));
    delivered(&app, company, write.await.map_err(problem)?).await
}

async fn secret(
    State(app): State<App>,
    Whole(company): Whole,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json, Problem> {
    let id = number(&id)?;
    let body = body(request).await?;
    let mut given = Given::new(|name| text(&body, name));
    let hours = given.number("overlap_hours").unwrap_or(24);
    if !(0..=168).contains(&hours) {
        given.wrong("overlap_hours", "It must lie between 0 and 168.");
    }
    given.done()?;
    let (vault, secret) = (app.vault.clone(), webhooks::signature::secret());
    let write = app.db.write(move |tx| log::renew_secret(tx, &vault, company, id, &secret, hours * HOUR));
    let shown = write.await.map_err(problem)?;
    Ok(Json(json!({ "secret": shown, "overlap_hours": hours })))
}

async fn trigger(State(app): State<App>, Whole(company): Whole, request: Request) -> Result<Json, Problem> {
    let body = body(request).await?;
    let kind = text(&body, "type").unwrap_or_default();
    if app.engine.event(&kind).is_none() {
        return Err(unknown_type());
    }
    let engine = app.engine;
    let write = app.db.write(move |tx| log::trigger(tx, engine, company, &kind));
    Ok(Json(json!({ "subscriptions": write.await.map_err(problem)? })))
}

/// What an event of a type could look like in a version.
async fn sample(State(app): State<App>, Whole(company): Whole, request: Request) -> Result<Json, Problem> {
    let query = Fields::query(request.uri())?;
    let kind = query.text("type").to_owned();
    if app.engine.event(&kind).is_none() {
        return Err(unknown_type());
    }
    let version = Version::supported(query.text("version")).unwrap_or(Version::NEWEST);
    let engine = app.engine;
    let read = app.db.read(move |tx| log::sample(tx, engine, company, &kind, version));
    Ok(Json(read.await.map_err(problem)?))
}

fn unknown_type() -> Problem {
    let problem = Problem::new(StatusCode::BAD_REQUEST, "invalid", "Some of the input is wrong.");
    problem.field("type", "invalid", "There is no event of this type.")
}

async fn delivered(app: &App, company: Id<Company>, id: i64) -> Result<Response, Problem> {
    let engine = app.engine;
    let read = app.db.read(move |tx| log::show(tx, engine, company, id));
    let detail = read.await.map_err(problem)?;
    Ok((StatusCode::CREATED, Json(whole(&detail))).into_response())
}

/// Members of a request and what is wrong with them.
struct Given<F> {
    get: F,
    wrong: Vec<(&'static str, &'static str)>,
}

impl<F: Fn(&str) -> Option<String>> Given<F> {
    fn new(get: F) -> Self {
        Self { get, wrong: Vec::new() }
    }

    fn text(&self, name: &str) -> Option<String> {
        (self.get)(name)
    }

    fn number(&mut self, name: &'static str) -> Option<i64> {
        let number = self.text(name)?.parse().ok();
        if number.is_none() {
            self.wrong(name, "It must be a whole number.");
        }
        number
    }

    fn time(&mut self, name: &'static str) -> Option<Instant> {
        let time = self.text(name)?.parse::<Timestamp>().ok();
        if time.is_none() {
            self.wrong(name, "It must be a point in time such as 2026-11-23T09:30:00.000Z.");
        }
        time.map(|time| Instant::from_millis(time.as_millisecond()))
    }

    fn need(&mut self, name: &'static str, there: bool) {
        if !there && !self.wrong.iter().any(|(wrong, _)| *wrong == name) {
            self.wrong(name, "It must be given.");
        }
    }

    fn wrong(&mut self, name: &'static str, message: &'static str) {
        self.wrong.push((name, message));
    }

    fn done(self) -> Result<(), Problem> {
        if self.wrong.is_empty() {
            return Ok(());
        }
        let problem = Problem::new(StatusCode::BAD_REQUEST, "invalid", "Some of the input is wrong.");
        Err(self.wrong.into_iter().fold(problem, |all, (name, message)| all.field(name, "invalid", message)))
    }
}

/// A member of a body as text.
fn text(body: &Map<String, Value>, name: &str) -> Option<String> {
    match body.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

async fn body(request: Request) -> Result<Map<String, Value>, Problem> {
    let (parts, body) = request.into_parts();
    members(&parts.headers, body).await
}

async fn members(headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, Problem> {
    // Nothing here takes a file.
    super::resources::object(0, headers, body).await.map(|(members, _)| members)
}

fn number(text: &str) -> Result<i64, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

fn row(delivery: &DeliveryRecord) -> Map<String, Value> {
    let time = |at: Option<Instant>| at.map(|at| at.to_string());
    let all = json!({
        "id": delivery.id.get(),
        "event_id": delivery.event_id.get(),
        "subscription_id": delivery.subscription_id,
        "type": delivery.kind,
        "object_id": delivery.object_id,
        "origin": delivery.origin,
        "target_url": delivery.target_url,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "status": delivery.status,
        "created_at": delivery.created_at.to_string(),
        "next_attempt_at": time(delivery.next_attempt_at),
        "finished_at": time(delivery.finished_at),
    });
    match all {
        Value::Object(all) => all,
        _ => Map::new(),
    }
}

fn whole(detail: &Detail) -> Value {
    let headers = |lines: &str| {
        let lines = lines.lines().filter_map(|line| line.split_once(": "));
        Value::Object(lines.map(|(name, value)| (name.to_owned(), value.into())).collect())
    };
    let body = |text: Option<&str>| text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let attempts = detail.attempts.iter().map(|attempt| {
        let sent: Value = body(detail.sent(attempt).as_deref());
        json!({
            "number": attempt.number,
            "at": attempt.at.to_string(),
            "took_ms": attempt.took,
            "status": attempt.status,
            "error": attempt.error,
            "request_headers": headers(&attempt.request_headers),
            "request_body": sent,
            "response_headers": headers(&attempt.response_headers),
            "response_body": attempt.response_body,
        })
    });
    let mut all = row(&detail.delivery);
    let version = detail.body.as_ref().map(|(version, _)| version.as_str());
    all.insert("api_version".to_owned(), version.into());
    let author = json!({ "type": detail.event.author_type, "id": detail.event.author_id });
    all.insert("author".to_owned(), author);
    all.insert("happened_at".to_owned(), detail.event.created_at.to_string().into());
    all.insert("body".to_owned(), body(detail.body.as_ref().map(|(_, body)| body.as_str())));
    all.insert("log".to_owned(), attempts.collect());
    Value::Object(all)
}

fn problem(error: Error) -> Problem {
    match error {
        Error::Storage(error) => error.into(),
        Error::NotFound => Problem::not_found(),
        Error::Engine(error) => super::resources::problem(error),
        Error::Accounts(error) => error.into(),
    }
}
