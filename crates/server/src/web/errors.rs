//! What goes wrong, as people read it.

use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use super::pages::Nav;
use super::pages::account::ErrorPage;
use super::visitor::{Visitor, see_other};
use crate::App;
use crate::http::{Problem, frame};

/// An answer that is not what was asked for: an error page, or a redirect to where one has to go first.
pub(crate) struct Failure(Box<Response>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl Failure {
    /// Somewhere else first.
    pub fn elsewhere(location: &str) -> Self {
        Self(Box::new(see_other(location)))
    }

    /// A page that tells what happened.
    pub fn page(visitor: &Visitor, status: StatusCode, heading: &str, text: &str) -> Self {
        let page = ErrorPage {
            page: visitor.page(heading, Nav::None),
            status: status.as_u16(),
            heading: heading.to_owned(),
            text: text.to_owned(),
            request_id: frame::request_id().unwrap_or_default(),
        };
        Self(Box::new(visitor.show(status, &page)))
    }

    pub fn forbidden(visitor: &Visitor) -> Self {
        let text = "Only administrators of the company may do this. Ask one of them to make you one.";
        Self::page(visitor, StatusCode::FORBIDDEN, "Not allowed", text)
    }

    pub fn forged(visitor: &Visitor) -> Self {
        let text = "The form was not sent from a page of yours, or the page was open for too long. \
                    Nothing was changed. Go back, load the page again and send the form once more.";
        Self::page(visitor, StatusCode::FORBIDDEN, "The form could not be accepted", text)
    }

    pub fn not_found(visitor: &Visitor) -> Self {
        let text = "There is nothing at this address, or nothing that you may see.";
        Self::page(visitor, StatusCode::NOT_FOUND, "Nothing here", text)
    }

    /// A problem of the wire, as a page.
    pub fn problem(visitor: &Visitor, problem: Problem) -> Self {
        let heading = problem.status.canonical_reason().unwrap_or("Error").to_owned();
        let mut failure = Self::page(visitor, problem.status, &heading, &problem.detail);
        if let Some(wait) = problem.into_response().headers().get(RETRY_AFTER) {
            failure.0.headers_mut().insert(RETRY_AFTER, wait.clone());
        }
        failure
    }

    /// An error of accounts that no field of the form is to blame for.
    pub fn accounts(visitor: &Visitor, error: accounts::Error) -> Self {
        match error {
            accounts::Error::NotFound => Self::not_found(visitor),
            error => Self::problem(visitor, error.into()),
        }
    }
}

impl From<accounts::Error> for Failure {
    fn from(error: accounts::Error) -> Self {
        Self(Box::new(Problem::from(error).into_response()))
    }
}

impl From<storage::Error> for Failure {
    fn from(error: storage::Error) -> Self {
        Self(Box::new(Problem::from(error).into_response()))
    }
}

/// Whether the one who asks is a program, to whom a page says nothing.
fn wants_problem(request: &Request) -> bool {
    let path = request.uri().path();
    let accepts_html =
        request.headers().get_all(http::header::ACCEPT).iter().any(|value| {
            value.to_str().is_ok_and(|value| value.contains("text/html") || value.contains("*/*"))
        });
    path == "/api" || path.starts_with("/api/") || path.starts_with("/.well-known/") || !accepts_html
}

/// 404 for every address that is not one.
pub(crate) async fn nothing_here(State(app): State<App>, request: Request) -> Response {
    if wants_problem(&request) {
        return Problem::not_found().into_response();
    }
    match visitor(&app, request).await {
        Ok(visitor) => Failure::not_found(&visitor).into_response(),
        Err(failure) => failure.into_response(),
    }
}

/// 405 for a method that an address does not take.
pub(crate) async fn wrong_method(State(app): State<App>, request: Request) -> Response {
    if wants_problem(&request) {
        return crate::api::wrong_method().await;
    }
    match visitor(&app, request).await {
        Ok(visitor) => {
            let text = "This address does not take that method.";
            Failure::page(&visitor, StatusCode::METHOD_NOT_ALLOWED, "Not like this", text).into_response()
        }
        Err(failure) => failure.into_response(),
    }
}

async fn visitor(app: &App, request: Request) -> Result<Visitor, Failure> {
    let (mut parts, _) = request.into_parts();
    Visitor::from_request_parts(&mut parts, app).await
}

/// What a response says of when to try again; used where an error is shown inside of a form.
pub(crate) fn with_retry_after(mut response: Response, seconds: i64) -> Response {
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds.max(1)));
    response
}
