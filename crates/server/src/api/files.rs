//! `/files/...`: files under addresses that were signed for a short time.

use std::sync::Arc;

use accounts::{Vault, hex};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use engine::{FileRecord, Links};
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use registry::{Id, Instant, MINUTE};

use crate::App;
use crate::http::{Fields, Problem};

/// How long an address is good.
const GOOD: i64 = 15 * MINUTE;

/// What stands in an address, or in a header (RFC 8187), as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// Makes the addresses.
pub(crate) struct Addresses {
    base: String,
    vault: Arc<Vault>,
}

impl Addresses {
    pub(crate) fn of(app: &App) -> Self {
        Self { base: app.config.public_url.clone(), vault: app.vault.clone() }
    }
}

impl Links for Addresses {
    fn base(&self) -> &str {
        &self.base
    }

    fn path(&self, file: i64, name: &str, now: Instant) -> String {
        let expires = (now + GOOD).millis();
        let signature = signature(&self.vault, file, expires);
        let name = utf8_percent_encode(name, PLAIN);
        format!("files/{file}/{name}?expires={expires}&signature={signature}")
    }
}

fn signature(vault: &Vault, file: i64, expires: i64) -> String {
    hex(&vault.tag("file", format!("{file} {expires}").as_bytes()))
}

/// `GET /files/{id}/{name}`
pub(crate) async fn fetch(
    State(app): State<App>,
    Path((id, _)): Path<(i64, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let query = Fields::query(&uri)?;
    let refused = |code, detail: &str| Problem::new(StatusCode::FORBIDDEN, code, detail);
    let expires: i64 = query.text("expires").parse().unwrap_or(0);
    let signed = signature(&app.vault, id, expires);
    if !accounts::same(&accounts::hash(&signed), &accounts::hash(query.text("signature"))) {
        return Err(refused("link_invalid", "This address was not made by this server."));
    }
    if expires <= app.db.clock().now().millis() {
        return Err(refused("link_expired", "This address is over. Ask for a new one."));
    }
    let id = Id::new(id);
    let file = app.db.read(move |tx| engine::find_file(tx, id)).await?;
    let file = file.ok_or_else(Problem::not_found)?;
    let headers = headers(&file);
    // Piece by piece, so that no reader makes the server hold a whole file.
    let pieces = futures_util::stream::unfold(Some(0_i64), move |position| {
        let db = app.db.clone();
        async move {
            let position = position?;
            match db.read(move |tx| engine::file_piece(tx, id, position)).await {
                Ok(Some(bytes)) => Some((Ok(bytes), Some(position + 1))),
                Ok(None) => None,
                Err(error) => Some((Err(std::io::Error::other(error)), None)),
            }
        }
    });
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// Nothing that somebody handed in runs in a browser as a page of this server.
fn headers(file: &FileRecord) -> HeaderMap {
    let name = utf8_percent_encode(&file.name, PLAIN);
    let fallback: String = file
        .name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || ".-_ ".contains(c) { c } else { '_' })
        .collect();
    let said = [
        (CONTENT_TYPE, file.content_type.clone()),
        (CONTENT_LENGTH, file.size.to_string()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{fallback}\"; filename*=UTF-8''{name}")),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin".to_owned()),
        (CACHE_CONTROL, "private, no-store".to_owned()),
        (ETAG, format!("\"{}\"", hex(&file.sha256))),
    ];
    said.into_iter().filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?))).collect()
}
