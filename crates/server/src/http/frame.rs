//! What happens around every request: an id, a log line, a net under panics.

use std::borrow::Cow;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::header::{
    CONNECTION, EXPECT, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, StatusCode, Uri};
use percent_encoding::percent_decode_str;

use super::Problem;
use crate::Config;

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

/// A new id: a counter from a random start, spread over all 64 bits, so that ids of two servers or of two
/// starts do not meet.
fn new_request_id() -> String {
    static NEXT: LazyLock<AtomicU64> =
        LazyLock::new(|| AtomicU64::new(u64::from_ne_bytes(accounts::random())));
    // Any odd factor makes the product a permutation; this one is 2^64 divided by the golden ratio.
    let id = NEXT.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    accounts::hex(&id.to_be_bytes())
}

/// The whole server as one service: the router, and around it what happens to every request.
///
/// It lies outside of routing, because it may change the address that is routed.
#[derive(Clone)]
pub struct Service {
    router: Router,
    transport_security: Option<HeaderValue>,
}

impl Service {
    pub(crate) fn new(router: Router, config: &Config) -> Self {
        let year = HeaderValue::from_static("max-age=31536000");
        Self { router, transport_security: config.secure().then_some(year) }
    }
}

impl tower_service::Service<Request> for Service {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    /// The router is always ready.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let id = new_request_id();
        if let Some(uri) = routed_as(request.uri()) {
            *request.uri_mut() = uri;
        }
        // Only the path: a query may carry a token.
        let log = tracing::enabled!(tracing::Level::DEBUG);
        let line = log.then(|| (request.method().clone(), request.uri().path().to_owned()));
        let transport_security = self.transport_security.clone();
        let unread = Unread::of(&mut request);
        let routed = AssertUnwindSafe(self.router.call(request)).catch_unwind();
        let served = REQUEST_ID.scope(id, async {
            let outcome = tokio::time::timeout(PATIENCE, routed).await;
            let mut response = match outcome {
                Ok(Ok(Ok(response))) => response,
                Ok(Ok(Err(never))) => match never {},
                // The panic's own message went to the log through the hook.
                Ok(Err(_)) => Problem::internal().into_response(),
                Err(_) => {
                    let detail = "The request did not arrive, or could not be answered, in time.";
                    Problem::new(StatusCode::REQUEST_TIMEOUT, "timeout", detail).into_response()
                }
            };
            if let Some(unread) = unread
                && !unread.read().await
            {
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            let status = response.status();
            let headers = response.headers_mut();
            let id = REQUEST_ID.with(|id| HeaderValue::try_from(id.as_str()));
            if let Ok(id) = id {
                if let Some((method, path)) = line {
                    tracing::debug!(%method, path, status = status.as_u16(), ?id, "served");
                }
                headers.insert(X_REQUEST_ID, id);
            }
            headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
            if let Some(value) = transport_security {
                headers.insert(STRICT_TRANSPORT_SECURITY, value);
            }
            Ok(response)
        });
        Box::pin(served)
    }
}

/// What of a body is read after its request was answered without it, so that the connection can go on.
const READ_ON: usize = 64 * 1024;

/// How long one waits for it.
const READ_ON_FOR: Duration = Duration::from_secs(1);

/// The body of a request that may be answered before it was read. A connection with an unread body ends, and a client
/// that has begun its next request on it hears of no reason.
struct Unread(Arc<Mutex<Body>>);

impl Unread {
    /// Puts itself between the request and its body, where there is one.
    fn of(request: &mut Request) -> Option<Self> {
        // Who waits to be told to send it has not sent it.
        if request.body().is_end_stream() || request.headers().contains_key(EXPECT) {
            return None;
        }
        let body = Arc::new(Mutex::new(std::mem::take(request.body_mut())));
        *request.body_mut() = Body::new(Self(body.clone()));
        Some(Self(body))
    }

    /// Reads on, and says whether the end was reached.
    async fn read(self) -> bool {
        let mut left = READ_ON;
        let read = std::future::poll_fn(|cx| {
            loop {
                match std::task::ready!(Pin::new(&mut *self.body()).poll_frame(cx)) {
                    None => return Poll::Ready(true),
                    Some(Err(_)) => return Poll::Ready(false),
                    Some(Ok(frame)) => match left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) {
                        Some(rest) => left = rest,
                        None => return Poll::Ready(false),
                    },
                }
            }
        });
        self.body().is_end_stream() || tokio::time::timeout(READ_ON_FOR, read).await.unwrap_or(false)
    }

    fn body(&self) -> MutexGuard<'_, Body> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpBody for Unread {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut *self.body()).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body().is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body().size_hint()
    }
}

/// The address that is routed, where it is not the one that was sent. Clients of the matched server may end
/// an address with a slash. One that is no text would be answered by the routing itself, in words of its
/// own; taken literally it is one that does not exist.
fn routed_as(uri: &Uri) -> Option<Uri> {
    let sent = uri.path();
    let mut path = Cow::Borrowed(sent);
    if sent.contains('%') && percent_decode_str(sent).decode_utf8().is_err() {
        path = Cow::Owned(sent.replace('%', "%25"));
    }
    if path.len() > 1 && path.ends_with('/') && !path.starts_with("//") {
        path.to_mut().pop();
    }
    if path == sent {
        return None;
    }
    let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
    format!("{path}{query}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_routed_without_a_slash_at_the_end_and_as_text() {
        for (sent, routed) in [
            ("/home", None),
            ("/", None),
            ("/%C3%BC", None),
            ("/oauth/token/?a=b/", Some("/oauth/token?a=b/")),
            ("/%FF/x", Some("/%25FF/x")),
            ("//evil.example/", None),
        ] {
            let uri = routed_as(&Uri::from_static(sent)).map(|uri| uri.to_string());
            assert_eq!(uri.as_deref(), routed, "{sent}");
        }
    }

    #[test]
    fn request_ids_differ() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|_| new_request_id()).collect();
        assert!(ids.len() == 1000 && ids.iter().all(|id| id.len() == 16));
    }
}
