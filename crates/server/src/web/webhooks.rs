//! `/settings/webhooks`: what programs were sent, for administrators.

use std::collections::BTreeMap;

use accounts::audit;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use registry::{DAY, Instant, Timestamp};
use webhooks::log::{self, Filter, Replay};
use webhooks::{DeliveryRecord, Error, SUBSCRIPTIONS};

use super::desk::{self, Desk};
use super::errors::Failure;
use super::form::Posted;
use super::pages::webhooks::{AttemptRow, DeliveryPage, DeliveryRow, SubscriptionRow, WebhooksPage};
use super::pages::{FieldErrors, Nav};
use super::visitor::{Administrator, SignedIn, escaped, see_other};
use crate::App;

/// Deliveries on one page.
const PAGE: u64 = 50;

/// How long the secret before a new one goes on signing.
const OVERLAP: i64 = DAY;

const HERE: &str = "/settings/webhooks";

/// What a page shows besides the deliveries.
#[derive(Default)]
struct More {
    issued: Option<(i64, String)>,
    replay: Option<(i64, [String; 2], FieldErrors)>,
    refused: Option<([String; 3], FieldErrors)>,
}

pub(crate) async fn list(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    page(&app, &signed_in, More::default()).await
}

async fn page(app: &App, signed_in: &SignedIn, more: More) -> Result<Response, Failure> {
    let query = signed_in.visitor.query();
    let text: String = query.text("filter").trim().chars().take(200).collect();
    let state = query.text("state").to_owned();
    let subscription = query.text("subscription").parse().ok();
    let subscription = subscription.or(more.replay.as_ref().map(|(id, ..)| *id));
    let kind = app.engine.event(&text).is_some();
    let filter = Filter {
        subscription,
        kind: Some(text.clone()).filter(|_| kind),
        target: Some(text.clone()).filter(|text| !kind && !text.is_empty()),
        state: Some(state.clone()).filter(|state| !state.is_empty()),
        before: query.text("before").parse().ok(),
        limit: PAGE + 1,
        ..Filter::default()
    };
    let company = signed_in.session.principal.company;
    let read = app
        .db
        .read(move |tx| Ok::<_, Error>((log::subscriptions(tx, company)?, log::list(tx, company, &filter)?)));
    let (all, mut deliveries) = read.await.map_err(|error| failure(signed_in, error))?;
    let older = deliveries.len() as u64 > PAGE;
    deliveries.truncate(PAGE as usize);
    let called: BTreeMap<i64, String> = all
        .iter()
        .map(|(known, _)| (known.id.get(), known.name.clone().unwrap_or_else(|| known.r#type.clone())))
        .collect();
    let name = |id: i64| called.get(&id).cloned().unwrap_or_default();
    let status = match &more {
        More { issued: Some(_), .. } => StatusCode::CREATED,
        More { replay: Some(_), .. } | More { refused: Some(_), .. } => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    // A day, unless somebody says otherwise.
    let a_day = || [minute(app.db.clock().now() - DAY), String::new()];
    let [from, until] = more.replay.as_ref().map_or_else(a_day, |(_, typed, _)| typed.clone());
    let ([kind, target, challenge], refused) = more.refused.unwrap_or_default();
    // Who looks at the deliveries of one has seen the others.
    let looked_at = all.iter().filter(|(known, _)| subscription.is_none_or(|id| known.id.get() == id));
    let subscriptions = looked_at.map(|(known, queue)| SubscriptionRow {
        id: known.id.get(),
        name: name(known.id.get()),
        kind: known.r#type.clone(),
        version: known.api_version.clone(),
        target: known.target_url.clone(),
        enabled: known.enabled,
        failures: queue.as_ref().map_or(0, |queue| queue.failures),
    });
    let shown = WebhooksPage {
        page: signed_in.visitor.page("Webhooks", Nav::Webhooks),
        subscriptions: subscriptions.collect(),
        issued: more.issued.map(|(id, secret)| (name(id), secret)),
        replayable: subscription.filter(|id| called.contains_key(id)).map(|id| (id, name(id))),
        from,
        until,
        kinds: app.engine.events().map(|(kind, _)| kind).collect(),
        kind,
        target,
        challenge,
        refused,
        errors: more.replay.map(|(_, _, errors)| errors).unwrap_or_default(),
        older: deliveries.last().filter(|_| older).map(|last| {
            let of = subscription.map(|id| format!("&subscription={id}")).unwrap_or_default();
            format!("{HERE}?filter={}&state={}{of}&before={}", escaped(&text), escaped(&state), last.id)
        }),
        deliveries: deliveries.iter().map(row).collect(),
        narrowed: !text.is_empty() || !state.is_empty() || subscription.is_some(),
        filter: text,
        state,
        states: webhooks::State::ALL.into_iter().map(webhooks::State::name).collect(),
    };
    Ok(signed_in.visitor.show(status, &shown))
}

pub(crate) async fn show(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (id, company) = (number(&signed_in, &id)?, signed_in.session.principal.company);
    let engine = app.engine;
    let detail = app.db.read(move |tx| log::show(tx, engine, company, id)).await;
    let detail = detail.map_err(|error| failure(&signed_in, error))?;
    let body = detail.body.and_then(|(_, body)| serde_json::from_str::<serde_json::Value>(&body).ok());
    let shown = DeliveryPage {
        page: signed_in.visitor.page(&detail.delivery.kind, Nav::Webhooks),
        row: row(&detail.delivery),
        happened: detail.event.created_at.into(),
        origin: match detail.delivery.origin.as_str() {
            "replay" => "a part of a replay",
            "redelivery" => "a repetition",
            "test" => "a test",
            _ => "it happened",
        },
        next: detail.delivery.next_attempt_at.map(Into::into),
        body: body.map(|body| format!("{body:#}")),
        attempts: detail
            .attempts
            .into_iter()
            .map(|attempt| AttemptRow {
                number: attempt.number,
                at: attempt.at.into(),
                took: attempt.took,
                status: attempt.status,
                error: attempt.error,
                request_headers: attempt.request_headers,
                response_headers: attempt.response_headers,
                response_body: attempt.response_body,
            })
            .collect(),
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &shown))
}

pub(crate) async fn redeliver(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Administrator(signed_in) = posted.by;
    let (id, company) = (number(&signed_in, &id)?, signed_in.session.principal.company);
    let vault = app.vault.clone();
    let made = app.db.write(move |tx| log::redeliver(tx, &vault, company, id)).await;
    let made = made.map_err(|error| failure(&signed_in, error))?;
    Ok(see_other(&format!("{HERE}/{made}?notice=sent_again")))
}

/// Subscribes an address.
pub(crate) async fn create(
    State(app): State<App>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let names = ["subscription_type", "target_url", "challenge"];
    let typed = names.map(|name| form.text(name).trim().to_owned());
    let [kind, target, challenge] = typed.each_ref().map(String::as_str);
    let company = signed_in.session.principal.company.to_string();
    let body =
        desk::body([(names[0], kind), (names[1], target), (names[2], challenge), ("company_id", &company)]);
    match Desk::of(&app, &signed_in).create(SUBSCRIPTIONS, &body).await {
        Ok(made) => Ok(see_other(&format!("{HERE}?subscription={}&notice=saved", desk::text(&made, "id")))),
        Err(error) => {
            let errors = FieldErrors(desk::complaints(&signed_in.visitor, error)?);
            page(&app, &signed_in, More { refused: Some((typed, errors)), ..More::default() }).await
        }
    }
}

/// What is done to a subscription.
pub(crate) async fn change(
    State(app): State<App>,
    Path((id, what)): Path<(String, String)>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let (id, company) = (number(&signed_in, &id)?, signed_in.session.principal.company);
    let (engine, vault, actor) = (app.engine, app.vault.clone(), signed_in.visitor.actor());
    let failed = |error| failure(&signed_in, error);
    match what.as_str() {
        "test" => {
            let made = app.db.write(move |tx| log::test(tx, engine, &vault, company, id)).await;
            Ok(see_other(&format!("{HERE}/{}?notice=sent_again", made.map_err(failed)?)))
        }
        "secret" => {
            let secret = webhooks::signature::secret();
            let write = app.db.write(move |tx| {
                let shown = log::renew_secret(tx, &vault, company, id, &secret, OVERLAP)?;
                audit::record(tx, Some(company), &actor, "webhook.secret_renewed", &id.to_string(), "")?;
                Ok::<_, Error>(shown)
            });
            let shown = write.await.map_err(failed)?;
            page(&app, &signed_in, More { issued: Some((id, shown)), ..More::default() }).await
        }
        "enable" | "disable" => {
            let body = [("enabled".to_owned(), (what == "enable").into())].into_iter().collect();
            let changed = Desk::of(&app, &signed_in).update(SUBSCRIPTIONS, id, &body).await;
            changed.map_err(|error| failed(error.into()))?;
            Ok(see_other(&format!("{HERE}?subscription={id}&notice=saved")))
        }
        "replay" => {
            let typed = ["from", "until"].map(|name| form.text(name).trim().to_owned());
            let (from, until) = match range(&typed, app.db.clock().now()) {
                Ok(range) => range,
                Err((name, why)) => {
                    let errors = FieldErrors(vec![(name.to_owned(), why.to_owned())]);
                    let more = More { replay: Some((id, typed, errors)), ..More::default() };
                    return page(&app, &signed_in, more).await;
                }
            };
            let only = ["failed", "missed"].map(str::to_owned).to_vec();
            let states = if form.text("missed").is_empty() { Vec::new() } else { only };
            let what = Replay { subscription: id, from, until, states };
            let replayed = app.db.write(move |tx| log::replay(tx, &vault, company, &what)).await;
            let notice = if replayed.map_err(failed)?.is_some() { "replayed" } else { "webhook_disabled" };
            Ok(see_other(&format!("{HERE}?subscription={id}&notice={notice}")))
        }
        _ => Err(Failure::not_found(&signed_in.visitor)),
    }
}

/// The time between two moments, of which the second may be left out: then it is until now.
fn range(
    [from, until]: &[String; 2],
    now: Instant,
) -> Result<(Instant, Instant), (&'static str, &'static str)> {
    let moment = |text: &str| {
        let time = format!("{text}Z").parse::<Timestamp>();
        time.map(|time| Instant::from_millis(time.as_millisecond()))
    };
    let from = moment(from).map_err(|_| ("from", "Give a day and a time."))?;
    let until = match until.as_str() {
        "" => now + 1,
        text => moment(text).map_err(|_| ("until", "Give a day and a time, or nothing."))?,
    };
    if from < until { Ok((from, until)) } else { Err(("until", "It must be after the beginning.")) }
}

/// A moment as such a field has it.
fn minute(at: Instant) -> String {
    at.to_string().chars().take("2026-11-23T09:30".len()).collect()
}

fn number(signed_in: &SignedIn, text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::not_found(&signed_in.visitor))
}

fn failure(signed_in: &SignedIn, error: Error) -> Failure {
    let problem = match error {
        Error::NotFound | Error::Engine(engine::Error::NotFound) => {
            return Failure::not_found(&signed_in.visitor);
        }
        Error::Storage(error) => error.into(),
        Error::Engine(error) => crate::api::resources::problem(error),
        Error::Accounts(error) => return Failure::accounts(&signed_in.visitor, error),
    };
    Failure::problem(&signed_in.visitor, problem)
}

fn row(delivery: &DeliveryRecord) -> DeliveryRow {
    DeliveryRow {
        id: delivery.id.get(),
        at: delivery.created_at.into(),
        kind: delivery.kind.clone(),
        target: delivery.target_url.clone(),
        state: delivery.state.clone(),
        attempts: delivery.attempts,
        status: delivery.status,
    }
}
