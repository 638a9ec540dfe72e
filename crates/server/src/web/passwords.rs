//! Forgotten and changed passwords.

use accounts::{Secret, password, recovery};
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::account::{self, Verified, refused, security_page};
use super::errors::Failure;
use super::form::Posted;
use super::pages::account::{ForgotPage, ResetPage};
use super::pages::{FieldErrors, Nav};
use super::visitor::{SignedIn, Visitor, see_other};
use crate::App;

pub(crate) async fn forgot_form(visitor: Visitor) -> Response {
    forgot_page(&visitor, "", false)
}

fn forgot_page(visitor: &Visitor, email: &str, sent: bool) -> Response {
    let page = visitor.page("Forgotten password", Nav::None);
    visitor.show(StatusCode::OK, &ForgotPage { page, email: email.to_owned(), sent })
}

/// Answers the same whether or not the account exists.
pub(crate) async fn forgot(State(app): State<App>, posted: Posted) -> Result<Response, Failure> {
    let Posted { by: visitor, form } = posted;
    let (email, address, token) =
        (form.text("email").to_owned(), visitor.address.to_string(), Secret::generate());
    let inner = app.clone();
    let requested = app.db.write(move |tx| {
        recovery::request_reset(tx, &inner.vault, &inner.config.public_url, &email, &address, &token)
    });
    requested.await.map_err(|error| Failure::accounts(&visitor, error))?;
    Ok(forgot_page(&visitor, form.text("email"), true))
}

pub(crate) async fn reset_form(State(app): State<App>, visitor: Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let token = Secret::presented(query.text("token"));
    let asked = token.clone();
    let valid = app.db.read(move |tx| recovery::reset_state(tx, &asked)).await;
    let valid = valid.map_err(|error| Failure::accounts(&visitor, error))?;
    let status = if valid { StatusCode::OK } else { StatusCode::GONE };
    Ok(reset_page(&visitor, status, &token, !valid, FieldErrors::default()))
}

fn reset_page(
    visitor: &Visitor,
    status: StatusCode,
    token: &Secret,
    expired: bool,
    errors: FieldErrors,
) -> Response {
    let page = ResetPage {
        page: visitor.page("New password", Nav::None),
        token: token.expose().to_owned(),
        expired,
        errors,
        minimum_password: password::MINIMUM,
    };
    visitor.show(status, &page)
}

pub(crate) async fn reset(State(app): State<App>, posted: Posted) -> Result<Response, Failure> {
    let Posted { by: visitor, form } = posted;
    let (token, typed) = (Secret::presented(form.text("token")), form.text("password").to_owned());
    // Hashing is dear, so it is done for those who have a link.
    let asked = token.clone();
    let valid = app.db.read(move |tx| recovery::reset_state(tx, &asked)).await;
    if !valid.map_err(|error| Failure::accounts(&visitor, error))? {
        return Ok(reset_page(&visitor, StatusCode::GONE, &token, true, FieldErrors::default()));
    }
    if let Err(problem) = password::check(&typed, &[]) {
        let errors = account::field_errors(vec![problem]);
        return Ok(reset_page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &token, false, errors));
    }
    let hash = app.heavy(move || password::hash(&typed)).await?;
    let (presented, address) = (token.clone(), visitor.address.to_string());
    let reset = app.db.write(move |tx| {
        let user = recovery::reset(tx, &presented, &hash, &address)?;
        Ok(oauth::grants::withdraw_all(tx, user)?)
    });
    match reset.await {
        Ok(()) => Ok(see_other("/login?notice=reset")),
        Err(accounts::Error::NotFound) => {
            Ok(reset_page(&visitor, StatusCode::GONE, &token, true, FieldErrors::default()))
        }
        Err(error) => Err(Failure::accounts(&visitor, error)),
    }
}

pub(crate) async fn change(State(app): State<App>, posted: Posted<SignedIn>) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let visitor = &signed_in.visitor;
    let (current, new) = (form.text("current_password"), form.text("password").to_owned());
    let email = signed_in.session.login_email.clone();
    let wrong = |field: &str, message: String| FieldErrors(vec![(field.to_owned(), message)]);
    let errors = match account::verify(&app, visitor, &email, current).await? {
        Verified::Yes { .. } => match password::check(&new, &[&email]) {
            Ok(()) => None,
            Err(problem) => Some(wrong("password", problem.message)),
        },
        Verified::No => Some(wrong("current_password", "This is not your password.".to_owned())),
        Verified::Throttled(seconds) => {
            Some(wrong("current_password", format!("Too many attempts. Try again in {seconds} seconds.")))
        }
    };
    if let Some(errors) = errors {
        return security_page(&app, &signed_in, StatusCode::UNPROCESSABLE_ENTITY, errors).await;
    }
    account::forgive(&app, visitor, &email).await?;
    let hash = app.heavy(move || password::hash(&new)).await?;
    let (actor, user, keep) = (visitor.actor(), signed_in.person.user, signed_in.session.session);
    match app.db.write(move |tx| recovery::change_password(tx, &actor, user, &hash, keep)).await {
        Ok(()) => Ok(see_other("/account/security?notice=password_changed")),
        Err(error) => refused(visitor, error, |_| see_other("/account/security")),
    }
}
