//! What goes wrong, as programs read it.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::json;

use crate::api::limit::Left;

/// An error of the API: `application/problem+json` (RFC 9457).
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub status: StatusCode,
    /// Stable, for programs.
    pub code: &'static str,
    /// A sentence for whoever reads the answer.
    pub detail: String,
    challenge: Option<String>,
    retry_after: Option<i64>,
    /// Boxed, because most problems have none.
    headers: Option<Box<HeaderMap>>,
    /// Messages by field.
    errors: Vec<(String, &'static str, String)>,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self { status, code, detail, challenge: None, retry_after: None, headers: None, errors: Vec::new() }
    }

    /// 404: there is nothing, as far as the caller may know.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "There is nothing at this address.")
    }

    /// 401 with the challenge of RFC 6750 section 3.
    pub fn unauthorized(description: &str) -> Self {
        let mut problem = Self::new(StatusCode::UNAUTHORIZED, "invalid_token", description);
        problem.challenge = Some(challenge("invalid_token", description));
        problem
    }

    /// 500. What happened is in the log, under the request's id.
    pub fn internal() -> Self {
        let detail = "Something went wrong here. The log of the server has it under the request id.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal_error", detail)
    }

    /// Says when to try again.
    pub fn retry_after(mut self, seconds: i64) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// With a header.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.get_or_insert_default().insert(name, value);
        self
    }

    /// Says how many posts are left.
    pub fn limited(mut self, left: Left) -> Self {
        left.write(self.headers.get_or_insert_default());
        self
    }

    /// Names a field that is wrong.
    pub fn field(mut self, field: &str, code: &'static str, message: impl Into<String>) -> Self {
        self.errors.push((field.to_owned(), code, message.into()));
        self
    }
}

/// The value of `WWW-Authenticate`. The description is made of characters that RFC 6750 allows.
pub(crate) fn challenge(error: &str, description: &str) -> String {
    let allowed = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
    let description: String = description.chars().map(|c| if allowed(c) { c } else { '\'' }).collect();
    format!("Bearer realm=\"Muster\", error=\"{error}\", error_description=\"{description}\"")
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        });
        if let (Some(id), Some(members)) = (super::frame::request_id(), body.as_object_mut()) {
            members.insert("request_id".to_owned(), id.into());
        }
        if let (false, Some(members)) = (self.errors.is_empty(), body.as_object_mut()) {
            let mut errors = serde_json::Map::new();
            for (field, _, message) in &self.errors {
                let messages = errors.entry(field).or_insert_with(|| json!([]));
                if let Some(messages) = messages.as_array_mut() {
                    messages.push(message.as_str().into());
                }
            }
            let problems = self.errors.iter();
            let problems = problems
                .map(|(field, code, message)| json!({ "field": field, "code": code, "message": message }));
            let problems: Vec<_> = problems.collect();
            members.insert("errors".to_owned(), errors.into());
            members.insert("problems".to_owned(), problems.into());
        }
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(self.headers.into_iter().flat_map(|headers| *headers));
        if let Some(Ok(value)) = self.challenge.map(HeaderValue::try_from) {
            headers.insert(WWW_AUTHENTICATE, value);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<storage::Error> for Problem {
    fn from(error: storage::Error) -> Self {
        tracing::error!(%error, request_id = super::frame::request_id(), "storage failed");
        match error {
            storage::Error::Unavailable(_) | storage::Error::Serialization => {
                let detail = "The database is not available at the moment. Nothing was changed.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).retry_after(1)
            }
            _ => Self::internal(),
        }
    }
}

impl From<accounts::Error> for Problem {
    fn from(error: accounts::Error) -> Self {
        match error {
            accounts::Error::Storage(error) => error.into(),
            accounts::Error::NotFound => Self::not_found(),
            accounts::Error::Forbidden(code) => {
                Self::new(StatusCode::FORBIDDEN, code, "You are not allowed to do this.")
            }
            accounts::Error::Conflict(code) => {
                Self::new(StatusCode::CONFLICT, code, "This conflicts with how things stand.")
            }
            accounts::Error::Throttled { retry_after_seconds } => {
                let detail = format!("Too many attempts. Try again in {retry_after_seconds} seconds.");
                Self::new(StatusCode::TOO_MANY_REQUESTS, "throttled", detail).retry_after(retry_after_seconds)
            }
            accounts::Error::Invalid(problems) => {
                let invalid =
                    Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Some fields are wrong.");
                problems.into_iter().fold(invalid, |all, p| all.field(p.field, p.code, p.message))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_by_itself_is_worth_another_try() {
        use storage::Error;
        for (error, passes) in [
            (Error::Serialization, true),
            (Error::Unavailable("too many clients (53300)".into()), true),
            (Error::Driver("no such table".into()), false),
        ] {
            let said = error.to_string();
            let response = Problem::from(accounts::Error::from(error)).into_response();
            let status = if passes { 503 } else { 500 };
            assert_eq!(response.status(), status, "{said}");
            assert_eq!(response.headers().contains_key(RETRY_AFTER), passes, "{said}");
        }
    }
}
