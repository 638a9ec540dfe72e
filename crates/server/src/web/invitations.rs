//! Accepting an invitation.

use accounts::{Secret, members, password};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::account::field_errors;
use super::errors::Failure;
use super::form::Posted;
use super::pages::account::{InvitationPage, InvitationState};
use super::pages::{FieldErrors, Nav};
use super::visitor::{Visitor, escaped, log_in_address, see_other};
use crate::App;

pub(crate) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let token = Secret::presented(query.text("token"));
    page(&app, &visitor, &token, FieldErrors::default()).await
}

async fn page(
    app: &App,
    visitor: &Visitor,
    token: &Secret,
    errors: FieldErrors,
) -> Result<Response, Failure> {
    let presented = token.clone();
    let state = app.db.read(move |tx| members::invitation(tx, &presented)).await;
    let state = state.map_err(|error| Failure::accounts(visitor, error))?;
    let (status, state, invitation) = match state {
        members::InvitationState::Valid(invitation) => {
            let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
            (status, InvitationState::Valid, Some(invitation))
        }
        members::InvitationState::Expired => (StatusCode::GONE, InvitationState::Expired, None),
        members::InvitationState::Unknown => (StatusCode::NOT_FOUND, InvitationState::Unknown, None),
    };
    let of = |pick: fn(&members::Invitation) -> &str| invitation.as_ref().map_or("", pick).to_owned();
    let page = InvitationPage {
        page: visitor.page("Invitation", Nav::None),
        token: token.expose().to_owned(),
        state,
        company: of(|invitation| &invitation.company_name),
        email: of(|invitation| &invitation.email),
        first_name: of(|invitation| &invitation.first_name),
        needs_password: invitation.as_ref().is_some_and(|invitation| invitation.needs_password),
        errors,
        minimum_password: password::MINIMUM,
    };
    Ok(visitor.show(status, &page))
}

pub(crate) async fn accept(State(app): State<App>, posted: Posted) -> Result<Response, Failure> {
    let Posted { by: visitor, form } = posted;
    let (token, typed) = (Secret::presented(form.text("token")), form.text("password").to_owned());
    let presented = token.clone();
    let state = app.db.read(move |tx| members::invitation(tx, &presented)).await;
    let state = state.map_err(|error| Failure::accounts(&visitor, error))?;
    let members::InvitationState::Valid(invitation) = state else {
        return page(&app, &visitor, &token, FieldErrors::default()).await;
    };
    let hash = if invitation.needs_password {
        let context = [invitation.email.as_str(), &invitation.company_name, &invitation.first_name];
        if let Err(problem) = password::check(&typed, &context) {
            return page(&app, &visitor, &token, field_errors(vec![problem])).await;
        }
        Some(app.heavy(move || password::hash(&typed)).await?)
    } else {
        None
    };
    let (presented, address) = (token.clone(), visitor.address.to_string());
    let logged_in =
        visitor.session.as_ref().and_then(|session| session.principal.person()).map(|one| one.user);
    let accepted = app.db.write(move |tx| members::accept(tx, &presented, hash.clone(), logged_in, &address));
    match accepted.await {
        Ok(_) => Ok(see_other("/login?notice=accepted")),
        // The link proves the mailbox, the log-in that the login itself is the same person's.
        Err(accounts::Error::Forbidden("log_in_first")) if visitor.session.is_none() => {
            let back = format!("/invitations/accept?token={}", escaped(token.expose()));
            Ok(see_other(&log_in_address(&back)))
        }
        Err(accounts::Error::Forbidden("log_in_first")) => {
            let text = format!(
                "The invitation is for {}. Log out, open its link again, and log in with that address.",
                invitation.email
            );
            Err(Failure::page(&visitor, StatusCode::FORBIDDEN, "Another account", &text))
        }
        Err(accounts::Error::NotFound) => page(&app, &visitor, &token, FieldErrors::default()).await,
        Err(error) => Err(Failure::accounts(&visitor, error)),
    }
}
