//! What happens around every request: an id, a log line, a net under panics.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::header::{HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, StatusCode, Uri};

use super::Problem;
use crate::App;

tokio::task_local! {
    static REQUEST_ID: String;
}

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How long a request may take, its body included.
const PATIENCE: Duration = Duration::from_secs(30);

/// The id of the request being served.
pub(crate) fn request_id() -> Option<String> {
    REQUEST_ID.try_with(Clone::clone).ok()
}

/// The outermost layer.
pub(crate) async fn around(app: App, mut request: Request, next: Next) -> Response {
    let id = accounts::hex(&accounts::random::<8>());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    if let Some(trimmed) = without_trailing_slash(request.uri()) {
        *request.uri_mut() = trimmed;
    }
    let served = tokio::time::timeout(PATIENCE, AssertUnwindSafe(next.run(request)).catch_unwind());
    let mut response = REQUEST_ID
        .scope(id.clone(), async {
            match served.await {
                Ok(Ok(response)) => response,
                // The panic's own message went to the log through the hook.
                Ok(Err(_)) => Problem::internal().into_response(),
                Err(_) => {
                    let detail = "The request did not arrive, or could not be answered, in time.";
                    Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", detail).into_response()
                }
            }
        })
        .await;
    let status = response.status();
    // Only the path: a query may carry a token.
    tracing::debug!(%method, path, status = status.as_u16(), id, "served");
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::try_from(id) {
        headers.insert(X_REQUEST_ID, value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    if app.config.secure() {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Clients of the matched server may end an address with a slash.
fn without_trailing_slash(uri: &Uri) -> Option<Uri> {
    let trimmed = uri.path().strip_suffix('/').filter(|path| path.len() > 1 && !path.starts_with("//"))?;
    let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
    format!("{trimmed}{query}").parse().ok()
}
