//! The stylesheet, the script and the icon, compiled in.

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, StatusCode};

/// Serves one asset; a browser that has it already gets 304.
fn serve(headers: &HeaderMap, kind: &'static str, body: &'static str) -> Response {
    let tag = format!("\"{}\"", &accounts::hex(&accounts::hash(body))[..16]);
    let mut response = if headers.get(IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, kind)], body).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(ETAG, tag);
    }
    response
}

pub(crate) async fn stylesheet(headers: HeaderMap) -> Response {
    serve(&headers, "text/css; charset=utf-8", include_str!("../../assets/muster.css"))
}

pub(crate) async fn script(headers: HeaderMap) -> Response {
    serve(&headers, "text/javascript; charset=utf-8", include_str!("../../assets/muster.js"))
}

pub(crate) async fn icon(headers: HeaderMap) -> Response {
    serve(&headers, "image/svg+xml", include_str!("../../assets/icon.svg"))
}
