//! The dashboard of a company's OAuth applications.

use accounts::Secret;
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use oauth::application::{self, ApplicationInput};
use oauth::records::ApplicationRecord;
use oauth::{Application, Challenge};
use registry::{Id, SCOPES};

use super::account::field_errors;
use super::errors::Failure;
use super::form::Posted;
use super::pages::Nav;
use super::pages::applications::{
    ApplicationFormPage, ApplicationPage, ApplicationRow, ApplicationsPage, FailureRow, RedirectRow,
    ScopeChoice, SecretRow,
};
use super::visitor::{Administrator, SignedIn, see_other};
use crate::App;
use crate::http::Fields;
use crate::oauth::authorize::request_url;

/// Failed requests shown on an application's page.
const FAILURES: u64 = 50;

fn failure(signed_in: &SignedIn, error: oauth::Error) -> Failure {
    match error {
        oauth::Error::Storage(error) => error.into(),
        oauth::Error::NotFound => Failure::not_found(&signed_in.visitor),
        error => Failure::page(&signed_in.visitor, StatusCode::CONFLICT, "Not possible", &error.to_string()),
    }
}

fn id(signed_in: &SignedIn, text: &str) -> Result<Id<Application>, Failure> {
    text.parse().map(Id::new).map_err(|_| Failure::not_found(&signed_in.visitor))
}

pub(crate) async fn list(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    let company = signed_in.session.principal.company;
    let applications = app.db.read(move |tx| application::list(tx, company)).await?;
    let page = ApplicationsPage {
        page: signed_in.visitor.page("Applications", Nav::Applications),
        rows: applications
            .into_iter()
            .map(|summary| ApplicationRow {
                id: summary.record.id.get(),
                redirect_uris: summary.record.redirects().map(str::to_owned).collect(),
                name: summary.record.name,
                client_id: summary.record.client_id,
                confidential: summary.record.confidential,
                people: summary.grants,
                created: summary.record.created_at.into(),
            })
            .collect(),
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

pub(crate) async fn new(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    let input = ApplicationInput { confidential: true, ..ApplicationInput::default() };
    Ok(form_page(&app, &signed_in, None, input, None))
}

pub(crate) async fn edit(
    State(app): State<App>,
    Path(number): Path<String>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    let record = get(&app, &signed_in, &number).await?;
    let seconds = |lifetime: Option<i64>| lifetime.map_or(String::new(), |seconds| seconds.to_string());
    let input = ApplicationInput {
        // The legacy pair is what no choice means.
        scopes: record.scopes.split(' ').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        access_token_lifetime: seconds(record.access_token_lifetime),
        refresh_token_lifetime: seconds(record.refresh_token_lifetime),
        name: record.name,
        redirect_uri: record.redirect_uris,
        confidential: record.confidential,
        require_pkce: record.require_pkce,
    };
    Ok(form_page(&app, &signed_in, Some(record.id), input, None))
}

fn form_page(
    app: &App,
    signed_in: &SignedIn,
    id: Option<Id<Application>>,
    input: ApplicationInput,
    invalid: Option<oauth::Invalid>,
) -> Response {
    let title = if id.is_some() { "Edit application" } else { "New application" };
    let (status, problems) = match invalid {
        None => (StatusCode::OK, Vec::new()),
        Some(oauth::Invalid(problems)) => (StatusCode::UNPROCESSABLE_ENTITY, problems),
    };
    let seconds = |lifetime: i64| u32::try_from(lifetime).unwrap_or(u32::MAX);
    let page = ApplicationFormPage {
        page: signed_in.visitor.page(title, Nav::Applications),
        id: id.map(Id::get),
        scopes: SCOPES
            .iter()
            .map(|scope| ScopeChoice {
                name: scope.name.to_owned(),
                label: scope.label.to_owned(),
                description: scope.description.to_owned(),
                chosen: input.scopes.iter().any(|name| name == scope.name),
            })
            .collect(),
        name: input.name,
        redirect_uri: input.redirect_uri,
        confidential: input.confidential,
        access_token_lifetime: input.access_token_lifetime,
        refresh_token_lifetime: input.refresh_token_lifetime,
        require_pkce: input.require_pkce,
        errors: field_errors(problems),
        default_access_token_lifetime: seconds(app.config.oauth.access_token_lifetime),
        default_refresh_token_lifetime: seconds(app.config.oauth.refresh_token_lifetime),
    };
    signed_in.visitor.show(status, &page)
}

/// The fields are named as in the matched server's form.
fn input(form: &Fields) -> ApplicationInput {
    let text = |field: &str| form.text(&format!("application[{field}]")).to_owned();
    ApplicationInput {
        name: text("name"),
        redirect_uri: text("redirect_uri"),
        confidential: text("confidential") == "1",
        scopes: form.all("application[scopes][]"),
        access_token_lifetime: text("access_token_lifetime"),
        refresh_token_lifetime: text("refresh_token_lifetime"),
        require_pkce: text("require_pkce") == "1",
    }
}

/// The secret is part of this answer and of no other.
pub(crate) async fn create(
    State(app): State<App>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let (actor, company, input) =
        (signed_in.visitor.actor(), signed_in.session.principal.company, input(&form));
    let (client_id, secret, asked, settings) =
        (Secret::generate(), Secret::generate(), input.clone(), app.config.oauth.clone());
    let issued = secret.clone();
    let created = app
        .db
        .write(move |tx| application::create(tx, &actor, company, &asked, &client_id, &secret, &settings));
    match created.await {
        Ok(id) => detail(&app, &signed_in, id, StatusCode::CREATED, Some(issued)).await,
        Err(oauth::Error::Invalid(invalid)) => Ok(form_page(&app, &signed_in, None, input, Some(invalid))),
        Err(error) => Err(failure(&signed_in, error)),
    }
}

async fn get(app: &App, signed_in: &SignedIn, number: &str) -> Result<ApplicationRecord, Failure> {
    let (company, id) = (signed_in.session.principal.company, id(signed_in, number)?);
    let found = app.db.read(move |tx| application::get(tx, company, id)).await?;
    found.ok_or_else(|| Failure::not_found(&signed_in.visitor))
}

pub(crate) async fn show(
    State(app): State<App>,
    Path(number): Path<String>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    let id = id(&signed_in, &number)?;
    detail(&app, &signed_in, id, StatusCode::OK, None).await
}

async fn detail(
    app: &App,
    signed_in: &SignedIn,
    id: Id<Application>,
    status: StatusCode,
    issued: Option<Secret>,
) -> Result<Response, Failure> {
    let company = signed_in.session.principal.company;
    let found = app.db.read(move |tx| {
        let Some(record) = application::get(tx, company, id)? else { return Ok(None) };
        let secrets = application::secrets(tx, company, id)?;
        let failures = application::failures(tx, company, id, FAILURES)?;
        Ok::<_, storage::Error>(Some((record, secrets, failures, application::grants(tx, id)?)))
    });
    let (record, secrets, failures, grants) =
        found.await?.ok_or_else(|| Failure::not_found(&signed_in.visitor))?;
    let (settings, base) = (&app.config.oauth, &app.config.public_url);
    let lifetime = |own: Option<i64>, usual| u32::try_from(own.unwrap_or(usual)).unwrap_or(u32::MAX);
    let redirect = record.redirects().next().unwrap_or_default();
    let secret = issued.as_ref().map_or("CLIENT_SECRET", Secret::expose);
    let credentials = if record.confidential { format!("&client_secret={secret}") } else { String::new() };
    // Where PKCE is required, the page itself plays the client: its command holds the verifier.
    let verifier = record.needs_pkce().then(|| Secret::generate().expose().to_owned());
    let (challenge, proof) = verifier.map_or((String::new(), String::new()), |verifier| {
        let Challenge { text, method } = Challenge::s256(&verifier);
        (
            format!("&code_challenge={text}&code_challenge_method={method}"),
            format!("&code_verifier={verifier}"),
        )
    });
    let token_curl = format!(
        "curl -X POST '{base}/oauth/token' -d 'client_id={}{credentials}&code=CODE\
         &grant_type=authorization_code&redirect_uri={redirect}{proof}'",
        record.client_id
    );
    let page = ApplicationPage {
        page: signed_in.visitor.page(record.name.clone(), Nav::Applications),
        id: record.id.get(),
        secrets: secrets
            .into_iter()
            .map(|secret| SecretRow {
                id: secret.id.get(),
                hint: secret.hint,
                created: secret.created_at.into(),
            })
            .collect(),
        issued_secret: issued.as_ref().map(|secret| secret.expose().to_owned()),
        confidential: record.confidential,
        redirect_uris: record
            .redirects()
            .map(|uri| {
                let path = format!("{}{challenge}", request_url(&record.client_id, uri));
                RedirectRow {
                    uri: uri.to_owned(),
                    authorization_url: format!("{base}{path}"),
                    authorize_href: path,
                }
            })
            .collect(),
        scopes: record.allowed().iter().map(|scope| scope.name.to_owned()).collect(),
        legacy_scopes: record.scopes.is_empty(),
        shared: record.shared,
        company: signed_in.session.company_name.clone(),
        token_curl,
        lifetimes: (
            lifetime(record.access_token_lifetime, settings.access_token_lifetime),
            lifetime(record.refresh_token_lifetime, settings.refresh_token_lifetime),
        ),
        failures: failures
            .into_iter()
            .map(|failure| FailureRow {
                at: failure.at.into(),
                endpoint: failure.endpoint,
                error: failure.error,
                reason: failure.reason,
                address: failure.address,
                sent: failure.sent,
            })
            .collect(),
        grants,
        name: record.name,
        client_id: record.client_id,
    };
    Ok(signed_in.visitor.show(status, &page))
}

/// Browsers send forms with POST; `_method` says what is meant.
pub(crate) async fn change(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let id = id(&signed_in, &number)?;
    match form.text("_method") {
        "put" | "patch" => {
            let (input, settings) = (input(&form), app.config.oauth.clone());
            let asked = input.clone();
            let done =
                app.db.write(move |tx| application::update(tx, &actor, company, id, &asked, &settings));
            match done.await {
                Ok(()) => Ok(see_other(&format!("/oauth/applications/{id}?notice=saved"))),
                Err(oauth::Error::Invalid(invalid)) => {
                    Ok(form_page(&app, &signed_in, Some(id), input, Some(invalid)))
                }
                Err(error) => Err(failure(&signed_in, error)),
            }
        }
        "delete" => {
            let done = app.db.write(move |tx| application::delete(tx, &actor, company, id)).await;
            done.map_err(|error| failure(&signed_in, error))?;
            Ok(see_other("/oauth/applications?notice=deleted"))
        }
        _ => Err(Failure::not_found(&signed_in.visitor)),
    }
}

pub(crate) async fn renew_secret(
    State(app): State<App>,
    Path(number): Path<String>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Administrator(signed_in) = posted.by;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let (id, secret) = (id(&signed_in, &number)?, Secret::generate());
    let issued = secret.clone();
    match app.db.write(move |tx| application::add_secret(tx, &actor, company, id, &secret)).await {
        Ok(_) => detail(&app, &signed_in, id, StatusCode::CREATED, Some(issued)).await,
        Err(oauth::Error::Conflict(_)) => {
            Ok(see_other(&format!("/oauth/applications/{id}?notice=two_secrets")))
        }
        Err(error) => Err(failure(&signed_in, error)),
    }
}

pub(crate) async fn delete_secret(
    State(app): State<App>,
    Path((number, secret)): Path<(String, String)>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let id = id(&signed_in, &number)?;
    let secret = match (form.text("_method"), secret.parse()) {
        ("delete", Ok(secret)) => Id::new(secret),
        _ => return Err(Failure::not_found(&signed_in.visitor)),
    };
    match app.db.write(move |tx| application::delete_secret(tx, &actor, company, id, secret)).await {
        Ok(()) => Ok(see_other(&format!("/oauth/applications/{id}?notice=deleted"))),
        Err(oauth::Error::Conflict(_)) => {
            Ok(see_other(&format!("/oauth/applications/{id}?notice=last_secret")))
        }
        Err(error) => Err(failure(&signed_in, error)),
    }
}
