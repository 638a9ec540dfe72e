//! What only the demo environment has: sandboxes, a clock that can be moved, and the mails that were not sent.

use std::net::IpAddr;

use accounts::throttle;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use demo::{Request as SandboxRequest, Sandbox};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{Request, StatusCode};
use registry::{MINUTE, SECOND};
use serde_json::json;

use super::errors::Failure;
use super::form::Posted;
use super::pages::Nav;
use super::pages::sandbox::{MailRow, MailView, MailsPage, PersonaRow, SandboxPage, SandboxReadyPage};
use super::visitor::{Visitor, see_other};
use crate::App;
use crate::http::{Fields, Problem, address};

/// Sandboxes that one address gets in a minute.
const SANDBOXES_A_MINUTE: i64 = 60;
/// Mails on the page.
const MAILS: u64 = 100;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/sandbox", get(show).post(create))
        .route("/sandbox/clock", get(clock).post(advance))
        .route("/sandbox/mails", get(mails))
}

pub(crate) async fn show(State(app): State<App>, visitor: Visitor) -> Response {
    page(&app, &visitor, StatusCode::OK, "", None)
}

fn page(app: &App, visitor: &Visitor, status: StatusCode, name: &str, error: Option<String>) -> Response {
    let offset = match app.db.clock().offset() {
        0 => String::new(),
        millis => format!("{} ahead of the real time", in_words(millis)),
    };
    let page = SandboxPage {
        page: visitor.page("Sandbox", Nav::Sandbox),
        name: name.to_owned(),
        error,
        clock: app.db.clock().now().into(),
        offset,
        movable: app.config.open_sandbox,
    };
    visitor.show(status, &page)
}

fn in_words(millis: i64) -> String {
    let seconds = millis / SECOND;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    let parts = [(days, "d"), (hours, "h"), (minutes, "m"), (seconds % 60, "s")];
    let parts: Vec<_> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    parts.join(" ")
}

/// Whether a request is a program's: it sends JSON, which no other site's form can.
fn is_program(parts: &http::HeaderMap) -> bool {
    parts.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// Why no sandbox came of it.
enum NoSandbox {
    Name(String),
    Problem(Problem),
}

async fn provision(app: &App, name: &str, address: IpAddr) -> Result<Sandbox, NoSandbox> {
    let (address, settings) = (address.to_string(), app.config.oauth.clone());
    let counted = app.db.write(move |tx| {
        throttle::count(tx, &throttle::Key::new("sandbox", &address), SANDBOXES_A_MINUTE, MINUTE)
    });
    counted.await.map_err(|error| NoSandbox::Problem(error.into()))?;
    let name = name.to_owned();
    let request = app.heavy(move || SandboxRequest::new(&name)).await;
    let request = request.map_err(|error| NoSandbox::Problem(error.into()))?;
    let furnisher = app.config.furnisher(app.engine);
    app.db.write(move |tx| demo::create(tx, &settings, furnisher, &request)).await.map_err(
        |error| match error {
            demo::Error::Name(message) => NoSandbox::Name(message),
            demo::Error::Storage(error) => NoSandbox::Problem(error.into()),
            error => {
                tracing::error!(%error, "a sandbox could not be provisioned");
                NoSandbox::Problem(Problem::internal())
            }
        },
    )
}

pub(crate) async fn create(State(app): State<App>, request: Request<Body>) -> Result<Response, Failure> {
    if is_program(request.headers()) {
        return Ok(create_for_program(&app, request).await.unwrap_or_else(IntoResponse::into_response));
    }
    let Posted { by: visitor, form } = Posted::<Visitor>::from_request(request, &app).await?;
    let name = form.text("company_name");
    match provision(&app, name, visitor.address).await {
        Ok(sandbox) => {
            let base = &app.config.public_url;
            let page = SandboxReadyPage {
                page: visitor.page("Your sandbox", Nav::Sandbox),
                base_url: base.clone(),
                redirect_uri: oauth::OUT_OF_BAND.to_owned(),
                authorize_url: sandbox.authorize_url(base),
                token_curl: sandbox.token_curl(base),
                me_curl: sandbox.me_curl(base),
                refresh_curl: sandbox.refresh_curl(base),
                company_name: sandbox.company_name,
                client_id: sandbox.client_id,
                client_secret: sandbox.client_secret.expose().to_owned(),
                api_key: sandbox.api_key.expose().to_owned(),
                admin_email: sandbox.admin_email,
                admin_password: sandbox.admin_password.expose().to_owned(),
                personas: sandbox.personas.iter().map(persona).collect(),
            };
            Ok(visitor.show(StatusCode::CREATED, &page))
        }
        Err(NoSandbox::Name(message)) => {
            Ok(page(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, name, Some(message)))
        }
        Err(NoSandbox::Problem(problem)) => Err(Failure::problem(&visitor, problem)),
    }
}

fn persona(persona: &demo::Persona) -> PersonaRow {
    PersonaRow {
        persona: persona.persona.to_owned(),
        about: persona.about().to_owned(),
        email: persona.email.clone(),
        access_token: persona.tokens.access.expose().to_owned(),
        refresh_token: persona.tokens.refresh.expose().to_owned(),
    }
}

async fn create_for_program(app: &App, request: Request<Body>) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let fields = Fields::body(&parts.headers, body).await?;
    let address = address::client(&parts, &app.config.trusted_proxies);
    match provision(app, fields.text("company_name"), address).await {
        Ok(sandbox) => {
            let body = sandbox.to_json(&app.config.public_url).to_string();
            let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
            Ok((StatusCode::CREATED, headers, body).into_response())
        }
        Err(NoSandbox::Name(message)) => {
            let detail = "The name of the company is missing or cannot be used.";
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).field(
                "company_name",
                "invalid",
                message,
            ))
        }
        Err(NoSandbox::Problem(problem)) => Err(problem),
    }
}

fn clock_body(app: &App) -> Response {
    let clock = app.db.clock();
    let body = json!({ "now": clock.now().to_string(), "offset_seconds": clock.offset() / SECOND });
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (headers, body.to_string()).into_response()
}

pub(crate) async fn clock(State(app): State<App>) -> Response {
    clock_body(&app)
}

/// Moves the clock forward.
pub(crate) async fn advance(State(app): State<App>, request: Request<Body>) -> Result<Response, Failure> {
    let (parts, body) = request.into_parts();
    let program = is_program(&parts.headers);
    // Anybody can be the administrator of a sandbox, and all of them share the clock.
    let allowed = app.config.open_sandbox;
    let forbidden = || {
        let detail = "All sandboxes share the clock. Here only the operator moves it, at the command line.";
        Problem::new(StatusCode::FORBIDDEN, "forbidden", detail)
    };
    if program {
        let moved = async {
            let fields = Fields::body(&parts.headers, body).await?;
            if !allowed {
                return Err(forbidden());
            }
            let millis = demo::parse_duration(fields.text("advance")).map_err(|error| {
                let detail = "The clock was not moved.";
                let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail);
                problem.field("advance", "invalid", error.to_string())
            })?;
            app.db.write(move |tx| tx.advance_clock(millis)).await?;
            Ok(clock_body(&app))
        };
        return Ok(moved.await.unwrap_or_else(IntoResponse::into_response));
    }
    let request = Request::from_parts(parts, body);
    let Posted { by: visitor, form } = Posted::<Visitor>::from_request(request, &app).await?;
    if !allowed {
        return Err(Failure::problem(&visitor, forbidden()));
    }
    match demo::parse_duration(form.text("advance")) {
        Ok(millis) => {
            app.db.write(move |tx| tx.advance_clock(millis)).await?;
            Ok(see_other("/sandbox?notice=clock"))
        }
        Err(error) => Err(Failure::page(
            &visitor,
            StatusCode::UNPROCESSABLE_ENTITY,
            "The clock was not moved",
            &error.to_string(),
        )),
    }
}

/// The mails that were kept instead of sent. On the operator's own machine everybody sees all of them, so
/// that a forgotten password can be tried out; elsewhere administrators see those of their company.
pub(crate) async fn mails(State(app): State<App>, request: Request<Body>) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let (visitor, company) = if app.config.open_sandbox {
        (Visitor::from_request_parts(&mut parts, &app).await?, None)
    } else {
        let super::Administrator(signed_in) =
            super::Administrator::from_request_parts(&mut parts, &app).await?;
        let company = signed_in.session.principal.company;
        (signed_in.visitor, Some(company))
    };
    let query = Fields::query(&parts.uri).map_err(|problem| Failure::problem(&visitor, problem))?;
    let (opened, inner) = (query.text("id").parse::<i64>().ok(), app.clone());
    let kept = app.db.read(move |tx| accounts::mail::kept(tx, &inner.vault, company, MAILS)).await;
    let kept = kept.map_err(|error| Failure::accounts(&visitor, error))?;
    let opened = kept.iter().find(|mail| Some(mail.id.get()) == opened).map(|mail| MailView {
        to: mail.to.clone(),
        subject: mail.subject.clone(),
        at: mail.at.into(),
        paragraphs: mail.body.paragraphs.clone(),
        link: mail.body.link.clone(),
    });
    let page = MailsPage {
        page: visitor.page("Mail", Nav::Mails),
        rows: kept
            .into_iter()
            .map(|mail| MailRow { id: mail.id.get(), at: mail.at.into(), to: mail.to, subject: mail.subject })
            .collect(),
        opened,
    };
    Ok(visitor.show(StatusCode::OK, &page))
}
