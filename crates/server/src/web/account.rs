//! Signing up, logging in and out, sessions.

use accounts::{Secret, SignUp, password, session};
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use registry::Id;

use super::errors::{Failure, with_retry_after};
use super::form::Posted;
use super::pages::account::{LoginPage, SecurityPage, SessionRow, SignupPage};
use super::pages::{FieldErrors, Nav};
use super::visitor::{DEVICE, SESSION, SignedIn, Visitor, local_path, see_other, with_cookie};
use crate::App;
use crate::errands::settle;
use crate::http::{Fields, cookies};

/// How long a browser is remembered as one that somebody has logged in with.
const DEVICE_SECONDS: i64 = 365 * 86_400;

pub(crate) async fn sign_up_form(visitor: Visitor) -> Result<Response, Failure> {
    closed_sign_up(&visitor)?;
    Ok(sign_up_page(&visitor, StatusCode::OK, &Fields::default(), FieldErrors::default()))
}

pub(crate) async fn sign_up(State(app): State<App>, posted: Posted) -> Result<Response, Failure> {
    let Posted { by: visitor, form } = posted;
    closed_sign_up(&visitor)?;
    let [company_name, first_name, last_name, email, password] =
        ["company_name", "first_name", "last_name", "email", "password"]
            .map(|name| form.text(name).to_owned());
    let valid =
        accounts::company::validate_sign_up(&company_name, &first_name, &last_name, &email, &password);
    if let Err(error) = valid {
        return refused(&visitor, error, |errors| {
            sign_up_page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &form, errors)
        });
    }
    let address = visitor.address.to_string();
    let limited = app.db.write(move |tx| accounts::company::limit_sign_ups(tx, &address)).await;
    if let Err(error) = limited {
        return Err(Failure::accounts(&visitor, error));
    }
    let typed = password.clone();
    let password_hash = app.heavy(move || password::hash(&typed)).await?;
    let actor = accounts::Actor::anonymous(email.trim(), visitor.address.to_string());
    let request = SignUp { company_name, first_name, last_name, email: email.clone(), password_hash };
    let (engine, founding) = (app.engine, request.clone());
    let founded = app.db.write(move |tx| {
        let founded = accounts::company::found(tx, &actor, &founding)?;
        settle(engine, tx, founded.company)
    });
    let founded = founded.await;
    match founded {
        Ok(()) => {}
        // The address has a login already: with its password, the company becomes one more of that person's.
        Err(accounts::Error::Conflict("account_exists")) => {
            let Verified::Yes { user, .. } = verify(&app, &visitor, &email, &password).await? else {
                let problem = "This address is in use. If it is yours, give the password that goes with it.";
                let errors = FieldErrors(vec![("password".to_owned(), problem.to_owned())]);
                return Ok(sign_up_page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &form, errors));
            };
            let actor = accounts::Actor {
                user: Some(user),
                name: email.trim().to_owned(),
                address: visitor.address.to_string(),
            };
            let founded = app.db.write(move |tx| {
                let SignUp { company_name, first_name, last_name, .. } = &request;
                let founded =
                    accounts::company::found_for(tx, &actor, user, company_name, first_name, last_name)?;
                settle(engine, tx, founded.company)
            });
            founded.await.map_err(|error| Failure::accounts(&visitor, error))?;
        }
        Err(error) => {
            return refused(&visitor, error, |errors| {
                sign_up_page(&visitor, StatusCode::UNPROCESSABLE_ENTITY, &form, errors)
            });
        }
    }
    match verify(&app, &visitor, &email, &password).await? {
        Verified::Yes { user, stored } => start_session(&app, &visitor, user, stored, &email, "/home").await,
        _ => Ok(see_other("/login")),
    }
}

fn closed_sign_up(visitor: &Visitor) -> Result<(), Failure> {
    if visitor.app.config.sign_up_open {
        return Ok(());
    }
    let text = "Whoever operates this server creates the companies. Ask to be invited to one.";
    Err(Failure::page(visitor, StatusCode::FORBIDDEN, "Sign-up is closed", text))
}

fn sign_up_page(visitor: &Visitor, status: StatusCode, form: &Fields, errors: FieldErrors) -> Response {
    let page = SignupPage {
        page: visitor.page("Sign up", Nav::None),
        company_name: form.text("company_name").to_owned(),
        first_name: form.text("first_name").to_owned(),
        last_name: form.text("last_name").to_owned(),
        email: form.text("email").to_owned(),
        errors,
        minimum_password: password::MINIMUM,
    };
    visitor.show(status, &page)
}

/// Shows a form again with what is wrong with its fields; anything else is a failure of its own.
pub(super) fn refused(
    visitor: &Visitor,
    error: accounts::Error,
    show: impl FnOnce(FieldErrors) -> Response,
) -> Result<Response, Failure> {
    match error {
        accounts::Error::Invalid(problems) => Ok(show(field_errors(problems))),
        error => Err(Failure::accounts(visitor, error)),
    }
}

pub(super) fn field_errors(problems: Vec<accounts::Problem>) -> FieldErrors {
    FieldErrors(problems.into_iter().map(|problem| (problem.field.to_owned(), problem.message)).collect())
}

pub(crate) async fn log_in_form(visitor: Visitor) -> Result<Response, Failure> {
    let query = visitor.query();
    let return_to = local_path(query.text("return_to")).to_owned();
    if visitor.session.is_some() {
        return Ok(see_other(&return_to));
    }
    Ok(log_in_page(&visitor, StatusCode::OK, "", &return_to, None).await)
}

async fn log_in_page(
    visitor: &Visitor,
    status: StatusCode,
    email: &str,
    return_to: &str,
    error: Option<String>,
) -> Response {
    // Who asks to be let in is named before one logs in for it.
    let asking = crate::oauth::authorize::asking(&visitor.app, return_to).await;
    let (application, site) = asking.map_or((None, None), |(name, site)| (Some(name), site));
    let page = LoginPage {
        page: visitor.page("Log in", Nav::None),
        email: email.to_owned(),
        return_to: return_to.to_owned(),
        error,
        signup_open: visitor.app.config.sign_up_open,
        application,
    };
    visitor.show_leading_to(status, &page, site.as_deref())
}

/// Outcome of a password.
pub(super) enum Verified {
    Yes { user: Id<registry::User>, stored: String },
    No,
    Throttled(i64),
}

/// Checks a password. The same work is done whether or not the account exists, and guesses are counted by
/// account and by address.
pub(super) async fn verify(
    app: &App,
    visitor: &Visitor,
    email: &str,
    password: &str,
) -> Result<Verified, storage::Error> {
    let device = visitor.device.clone();
    let (who, address, vault) = (email.to_owned(), visitor.address.to_string(), app.vault.clone());
    let candidate =
        app.db.write(move |tx| session::candidate(tx, &vault, &who, &address, device.as_deref())).await;
    let candidate = match candidate {
        Ok(candidate) => candidate,
        Err(accounts::Error::Throttled { retry_after_seconds }) => {
            return Ok(Verified::Throttled(retry_after_seconds));
        }
        Err(accounts::Error::Storage(error)) => return Err(error),
        Err(_) => return Ok(Verified::No),
    };
    let (typed, stored) = (password.to_owned(), candidate.password_hash.clone());
    let genuine = app.heavy(move || password::verify(&typed, stored.as_deref())).await?;
    match (candidate.user, candidate.password_hash) {
        (Some(user), Some(stored)) if genuine => Ok(Verified::Yes { user, stored }),
        _ => {
            let (who, address, vault) = (email.to_owned(), visitor.address.to_string(), app.vault.clone());
            let device = visitor.device.clone();
            let counted =
                app.db.write(move |tx| session::failed(tx, &vault, &who, &address, device.as_deref())).await;
            match counted {
                Err(accounts::Error::Storage(error)) => Err(error),
                _ => Ok(Verified::No),
            }
        }
    }
}

pub(crate) async fn log_in(State(app): State<App>, posted: Posted) -> Result<Response, Failure> {
    let Posted { by: visitor, form } = posted;
    let (email, return_to) = (form.text("email"), local_path(form.text("return_to")));
    match verify(&app, &visitor, email, form.text("password")).await? {
        Verified::Yes { user, stored } => start_session(&app, &visitor, user, stored, email, return_to).await,
        Verified::No => {
            let error = "This address and this password do not go together.".to_owned();
            Ok(log_in_page(&visitor, StatusCode::UNAUTHORIZED, email, return_to, Some(error)).await)
        }
        Verified::Throttled(seconds) => {
            let error = format!("Too many attempts. Try again in {seconds} seconds.");
            let status = StatusCode::TOO_MANY_REQUESTS;
            let page = log_in_page(&visitor, status, email, return_to, Some(error)).await;
            Ok(with_retry_after(page, seconds))
        }
    }
}

/// A new session, with a token that nobody knew before the log-in.
async fn start_session(
    app: &App,
    visitor: &Visitor,
    user: Id<registry::User>,
    stored: String,
    email: &str,
    return_to: &str,
) -> Result<Response, Failure> {
    let token = Secret::generate();
    let log_in = session::LogIn {
        user,
        expected_hash: stored.clone(),
        email: email.to_owned(),
        address: visitor.address.to_string(),
        user_agent: visitor.user_agent.clone(),
        token: token.clone(),
    };
    let (vault, device) = (app.vault.clone(), visitor.device.clone());
    let started = app.db.write(move |tx| session::succeeded(tx, &vault, &log_in, device.as_deref())).await;
    match started {
        Ok(()) => {}
        Err(accounts::Error::Forbidden("no_company")) => {
            let text =
                "Your login belongs to no company at the moment. Ask an administrator to invite you again.";
            return Err(Failure::page(visitor, StatusCode::FORBIDDEN, "No company", text));
        }
        Err(error) => return Err(Failure::accounts(visitor, error)),
    }
    let secure = app.config.secure();
    let lifetime = session::SESSION_LIFETIME / registry::SECOND;
    let response =
        with_cookie(see_other(return_to), &cookies::set(SESSION, token.expose(), lifetime, secure));
    let device = app.vault.device_token(user, &stored);
    Ok(with_cookie(response, &cookies::set(DEVICE, &device, DEVICE_SECONDS, secure)))
}

pub(crate) async fn log_out(State(app): State<App>, posted: Posted) -> Result<Response, Failure> {
    let Posted { by: visitor, form } = posted;
    let (actor, hash) = (visitor.actor(), visitor.token.hash());
    app.db
        .write(move |tx| session::log_out(tx, &actor, &hash))
        .await
        .map_err(|error| Failure::accounts(&visitor, error))?;
    let to = match form.text("return_to") {
        "" => "/login?notice=logged_out".to_owned(),
        elsewhere => super::visitor::log_in_address(local_path(elsewhere)),
    };
    Ok(without_session(&app, &to))
}

fn without_session(app: &App, to: &str) -> Response {
    with_cookie(see_other(to), &cookies::set(SESSION, "", 0, app.config.secure()))
}

pub(crate) async fn switch(State(app): State<App>, posted: Posted<SignedIn>) -> Result<Response, Failure> {
    let Posted { by, form } = posted;
    let (visitor, user, hash) = (&by.visitor, by.person.user, by.visitor.token.hash());
    let Ok(company) = form.text("company_id").parse::<i64>() else { return Err(Failure::not_found(visitor)) };
    app.db
        .write(move |tx| session::switch(tx, &hash, user, Id::new(company)))
        .await
        .map_err(|error| Failure::accounts(visitor, error))?;
    Ok(see_other("/home"))
}

pub(crate) async fn security(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    security_page(&app, &signed_in, StatusCode::OK, FieldErrors::default()).await
}

pub(super) async fn security_page(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    errors: FieldErrors,
) -> Result<Response, Failure> {
    let user = signed_in.person.user;
    let sessions = app.db.read(move |tx| session::list(tx, user)).await;
    let sessions = sessions.map_err(|error| Failure::accounts(&signed_in.visitor, error))?;
    let page = SecurityPage {
        page: signed_in.visitor.page("Security", Nav::Security),
        sessions: sessions
            .into_iter()
            .map(|row| SessionRow {
                id: row.id.get(),
                device: device(&row.user_agent),
                address: row.address,
                started: row.created_at.into(),
                last_seen: row.last_seen_at.into(),
                current: row.id == signed_in.session.session,
            })
            .collect(),
        errors,
        minimum_password: password::MINIMUM,
    };
    Ok(signed_in.visitor.show(status, &page))
}

/// What a user agent calls itself, as far as a person wants to know.
fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(token, _)| user_agent.contains(token)).map(|(_, name)| *name)
    };
    // The order matters: most browsers also claim to be their predecessors.
    let browser = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "Unknown device".to_owned(),
    }
}

pub(crate) async fn revoke(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    let signed_in = posted.by;
    let Ok(id) = id.parse::<i64>() else { return Err(Failure::not_found(&signed_in.visitor)) };
    let (actor, user, id) = (signed_in.visitor.actor(), signed_in.person.user, Id::new(id));
    app.db
        .write(move |tx| session::revoke(tx, &actor, user, id))
        .await
        .map_err(|error| Failure::accounts(&signed_in.visitor, error))?;
    if id == signed_in.session.session {
        return Ok(without_session(&app, "/login?notice=logged_out"));
    }
    Ok(see_other("/account/security?notice=session_ended"))
}

pub(crate) async fn revoke_all(
    State(app): State<App>,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    let signed_in = posted.by;
    let (actor, user) = (signed_in.visitor.actor(), signed_in.person.user);
    app.db
        .write(move |tx| session::revoke_all(tx, &actor, user, None))
        .await
        .map_err(|error| Failure::accounts(&signed_in.visitor, error))?;
    Ok(without_session(&app, "/login?notice=logged_out_everywhere"))
}

/// Takes back the count of a password that was right but starts no session.
pub(super) async fn forgive(app: &App, visitor: &Visitor, email: &str) -> Result<(), Failure> {
    let (vault, who, address) = (app.vault.clone(), email.to_owned(), visitor.address.to_string());
    let device = visitor.device.clone();
    let forgiven = app.db.write(move |tx| session::verified(tx, &vault, &who, &address, device.as_deref()));
    forgiven.await.map_err(|error| Failure::accounts(visitor, error))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_device_is_named_for_people() {
        for (agent, name) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.0", "curl"),
            ("", "Unknown device"),
        ] {
            assert_eq!(super::device(agent), name);
        }
    }
}
