//! What administrators set up for their company.

use accounts::{Secret, api_keys, audit, company, members};
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use registry::Id;

use super::account::field_errors;
use super::errors::Failure;
use super::form::Posted;
use super::pages::settings::{
    ApiKeyRow, ApiKeysPage, AuditPage, AuditRow, CompanyPage, InviteForm, UserRow, UserState, UsersPage,
};
use super::pages::{FieldErrors, Nav};
use super::visitor::{Administrator, SignedIn, escaped, see_other};
use crate::App;
use crate::api::resources::caller_of;
use crate::errands::{settle, told_invited};

/// Entries of the audit log on one page.
const AUDIT_PAGE: u64 = 50;

/// Runs a write of an administrator's and shows the form again if the input was refused.
macro_rules! attempt {
    ($signed_in:expr, $write:expr, $form:expr) => {
        match $write.await {
            Ok(done) => done,
            Err(accounts::Error::Invalid(problems)) => return $form(field_errors(problems)).await,
            Err(error) => return Err(Failure::accounts(&$signed_in.visitor, error)),
        }
    };
}

/// Says how things went when nothing needs to be shown but a notice on the page it came from.
fn noticed(
    signed_in: &SignedIn,
    done: Result<(), accounts::Error>,
    page: &str,
    notice: &str,
) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(see_other(&format!("{page}?notice={notice}"))),
        Err(accounts::Error::Conflict(code)) => Ok(see_other(&format!("{page}?notice={code}"))),
        Err(error) => Err(Failure::accounts(&signed_in.visitor, error)),
    }
}

fn number(signed_in: &SignedIn, text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::not_found(&signed_in.visitor))
}

pub(crate) async fn company(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    let id = signed_in.session.principal.company;
    let record = app.db.read(move |tx| company::get(tx, id)).await;
    let record = record.map_err(|error| Failure::accounts(&signed_in.visitor, error))?;
    let page = CompanyPage {
        page: signed_in.visitor.page("Company", Nav::Company),
        name: record.name,
        legal_name: record.legal_name.unwrap_or_default(),
        tin: record.tin.unwrap_or_default(),
        created: record.created_at.into(),
        errors: FieldErrors::default(),
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

pub(crate) async fn update_company(
    State(app): State<App>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let (actor, id) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let [name, legal_name, tin] = ["name", "legal_name", "tin"].map(|field| form.text(field).to_owned());
    let write = app.db.write(move |tx| company::update(tx, &actor, id, &name, &legal_name, &tin));
    attempt!(signed_in, write, async |errors| {
        let record = app.db.read(move |tx| company::get(tx, id)).await;
        let record = record.map_err(|error| Failure::accounts(&signed_in.visitor, error))?;
        let page = CompanyPage {
            page: signed_in.visitor.page("Company", Nav::Company),
            name: form.text("name").to_owned(),
            legal_name: form.text("legal_name").to_owned(),
            tin: form.text("tin").to_owned(),
            created: record.created_at.into(),
            errors,
        };
        Ok(signed_in.visitor.show(StatusCode::UNPROCESSABLE_ENTITY, &page))
    });
    Ok(see_other("/settings/company?notice=saved"))
}

pub(crate) async fn users(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    users_page(&app, &signed_in, InviteForm::default(), FieldErrors::default()).await
}

async fn users_page(
    app: &App,
    signed_in: &SignedIn,
    invite: InviteForm,
    errors: FieldErrors,
) -> Result<Response, Failure> {
    let company = signed_in.session.principal.company;
    let members = app.db.read(move |tx| members::list(tx, company)).await;
    let members = members.map_err(|error| Failure::accounts(&signed_in.visitor, error))?;
    let administrators = members.iter().filter(|member| member.administrator).count();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = UsersPage {
        page: signed_in.visitor.page("Users", Nav::Users),
        rows: members
            .into_iter()
            .map(|member| UserRow {
                access_id: member.access.get(),
                name: format!("{} {}", member.first_name, member.last_name),
                email: member.email,
                state: match member.state {
                    members::MemberState::Active => UserState::Active,
                    members::MemberState::Invited { expires } => {
                        UserState::Invited { expires: expires.into() }
                    }
                    members::MemberState::InvitationExpired => UserState::InvitationExpired,
                },
                administrator: member.administrator,
                you: member.access == signed_in.person.access,
                last_seen: member.last_seen.map(Into::into),
            })
            .collect(),
        only_one_administrator: administrators == 1,
        errors,
        invite,
    };
    Ok(signed_in.visitor.show(status, &page))
}

pub(crate) async fn invite(
    State(app): State<App>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let [first_name, last_name, email] =
        ["first_name", "last_name", "email"].map(|field| form.text(field).to_owned());
    let typed = InviteForm { first_name, last_name, email };
    let (inner, token, person) = (app.clone(), Secret::generate(), typed.clone());
    let by = caller_of(&signed_in.session.principal, None);
    let write = app.db.write(move |tx| {
        let (vault, base) = (&inner.vault, &inner.config.public_url);
        let InviteForm { first_name, last_name, email } = &person;
        let access = members::invite(tx, vault, base, &actor, company, first_name, last_name, email, &token)?;
        settle(inner.engine, tx, company)?;
        told_invited(inner.engine, tx, company, by, access)
    });
    attempt!(signed_in, write, async |errors| users_page(&app, &signed_in, typed, errors).await);
    Ok(see_other("/settings/users?notice=invited"))
}

pub(crate) async fn resend(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Administrator(signed_in) = posted.by;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let (access, inner, token) = (Id::new(number(&signed_in, &id)?), app.clone(), Secret::generate());
    let by = caller_of(&signed_in.session.principal, None);
    let done = app.db.write(move |tx| {
        members::resend(tx, &inner.vault, &inner.config.public_url, &actor, company, access, &token)?;
        told_invited(inner.engine, tx, company, by, access)
    });
    noticed(&signed_in, done.await, "/settings/users", "invited")
}

pub(crate) async fn administrator(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let access = Id::new(number(&signed_in, &id)?);
    let make = match form.text("value") {
        "make" => true,
        "unmake" => false,
        _ => return Err(Failure::not_found(&signed_in.visitor)),
    };
    let done = app.db.write(move |tx| {
        if make {
            members::make_administrator(tx, &actor, company, access)
        } else {
            members::unmake_administrator(tx, &actor, company, access)
        }
    });
    let done = done.await;
    // Whoever gave up the permission may not see the page any more.
    if done.is_ok() && !make && access == signed_in.person.access {
        return Ok(see_other("/home?notice=administrator"));
    }
    noticed(&signed_in, done, "/settings/users", "administrator")
}

pub(crate) async fn audit_log(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    let query = signed_in.visitor.query();
    let filter: String = query.text("filter").trim().chars().take(100).collect();
    let before = query.text("before").parse().ok().map(Id::new);
    let (company, wanted) = (signed_in.session.principal.company, filter.clone());
    let events = app.db.read(move |tx| audit::list(tx, company, &wanted, before, AUDIT_PAGE + 1));
    let mut events = events.await?;
    let more = events.len() as u64 > AUDIT_PAGE;
    events.truncate(AUDIT_PAGE as usize);
    let older = events
        .last()
        .filter(|_| more)
        .map(|last| format!("/settings/audit-log?filter={}&before={}", escaped(&filter), last.id));
    let page = AuditPage {
        page: signed_in.visitor.page("Audit log", Nav::AuditLog),
        rows: events
            .into_iter()
            .map(|event| AuditRow {
                at: event.at.into(),
                actor: event.actor,
                action: audit::in_words(&event.action).to_owned(),
                code: event.action,
                target: event.target,
                address: event.address,
                details: event.details,
            })
            .collect(),
        older,
        filter,
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

pub(crate) async fn api_keys(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    api_keys_page(&app, &signed_in, None, "", FieldErrors::default()).await
}

async fn api_keys_page(
    app: &App,
    signed_in: &SignedIn,
    issued: Option<(String, String)>,
    name: &str,
    errors: FieldErrors,
) -> Result<Response, Failure> {
    let company = signed_in.session.principal.company;
    let keys = app.db.read(move |tx| api_keys::list(tx, company)).await;
    let keys = keys.map_err(|error| Failure::accounts(&signed_in.visitor, error))?;
    let status = match (&issued, errors.is_empty()) {
        (Some(_), _) => StatusCode::CREATED,
        (None, true) => StatusCode::OK,
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = ApiKeysPage {
        page: signed_in.visitor.page("API keys", Nav::ApiKeys),
        rows: keys
            .into_iter()
            .map(|key| ApiKeyRow {
                id: key.id.get(),
                name: key.name,
                hint: key.hint,
                created: key.created_at.into(),
                created_by: key.created_by,
                last_used: key.last_used_at.map(Into::into),
            })
            .collect(),
        issued,
        errors,
        name: name.to_owned(),
    };
    Ok(signed_in.visitor.show(status, &page))
}

/// The key is part of this answer and of no other.
pub(crate) async fn create_api_key(
    State(app): State<App>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let (name, key) = (form.text("name").to_owned(), Secret::generate());
    let (called, secret) = (name.clone(), key.clone());
    let write = app.db.write(move |tx| api_keys::create(tx, &actor, company, &called, &secret));
    attempt!(signed_in, write, async |errors| api_keys_page(&app, &signed_in, None, &name, errors).await);
    let issued = Some((name, key.expose().to_owned()));
    api_keys_page(&app, &signed_in, issued, "", FieldErrors::default()).await
}

pub(crate) async fn delete_api_key(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    if form.text("_method") != "delete" {
        return Err(Failure::not_found(&signed_in.visitor));
    }
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let id = Id::new(number(&signed_in, &id)?);
    let done = app.db.write(move |tx| api_keys::delete(tx, &actor, company, id)).await;
    noticed(&signed_in, done, "/settings/api-keys", "deleted")
}
