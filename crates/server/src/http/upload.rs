//! Bodies that carry files: `multipart/form-data` with parts of any kind.

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart};
use engine::Upload;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use serde_json::{Map, Value};

use super::Problem;

/// What surrounds the files of a body: other fields, names, boundaries.
const AROUND: usize = 1024 * 1024;

/// The members of a multipart body, in which a file stands as its number, and the files. All of them together may be
/// as large as `largest`.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    largest: usize,
) -> Result<(Map<String, Value>, Vec<Upload>), Problem> {
    let malformed =
        || Problem::new(StatusCode::BAD_REQUEST, "malformed_multipart", "The multipart body cannot be read.");
    let too_large = || {
        let detail = format!("The files of one request may have {largest} bytes.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", detail)
    };
    let bytes = axum::body::to_bytes(body, largest.saturating_add(AROUND)).await.map_err(|_| too_large())?;
    let kind = headers.get(CONTENT_TYPE).cloned().ok_or_else(malformed)?;
    let mut parts = parts(kind, bytes).await.ok_or_else(malformed)?;
    let (mut members, mut uploads, mut size) = (Value::Object(Map::new()), Vec::new(), 0_usize);
    while let Some(part) = parts.next_field().await.map_err(|_| malformed())? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|_| malformed())?;
        let value = match file {
            Some(file) => {
                size = size.saturating_add(bytes.len());
                if size > largest {
                    return Err(too_large());
                }
                uploads.push(Upload {
                    name: file,
                    sha256: accounts::digest(&bytes),
                    bytes: bytes.as_ref().into(),
                });
                Value::from(uploads.len() - 1)
            }
            None => {
                let text = std::str::from_utf8(&bytes).ok().filter(|text| !text.contains('\0'));
                text.ok_or_else(malformed)?.into()
            }
        };
        place(&mut members, &segments(&name), value);
    }
    match members {
        Value::Object(members) => Ok((members, uploads)),
        _ => Err(malformed()),
    }
}

/// The parts of a multipart body that was read within a limit of its own.
pub(crate) async fn parts(kind: HeaderValue, body: Bytes) -> Option<Multipart> {
    let mut request = Request::builder().header(CONTENT_TYPE, kind).body(Body::from(body)).ok()?;
    // Without this there is another limit, which nobody set.
    DefaultBodyLimit::disable().apply(&mut request);
    Multipart::from_request(request, &()).await.ok()
}

/// `a[b][]` as `a`, `b` and an empty one.
pub(crate) fn segments(name: &str) -> Vec<&str> {
    match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((first, rest)) => std::iter::once(first).chain(rest.split("][")).collect(),
        None => vec![name],
    }
}

/// Puts a value where a name of a form says: `a=1`, `a[]=1&a[]=2`, `a[b]=1`, `a[][b]=1`, `a[0][b]=1`.
pub(crate) fn place(at: &mut Value, segments: &[&str], value: Value) {
    let Some((first, rest)) = segments.split_first() else {
        *at = value;
        return;
    };
    let number = first.parse::<usize>().ok().filter(|_| !at.is_object());
    if first.is_empty() || number.is_some() {
        if at.is_null() {
            *at = Value::Array(Vec::new());
        }
        let Value::Array(items) = at else { return };
        // Without a number an item ends where the next value has no place in it any more.
        let open = |item: &Value| {
            rest.first().is_some_and(|next| item.as_object().is_some_and(|item| !item.contains_key(*next)))
        };
        let here = match number {
            Some(number) if number < items.len() => number,
            None if items.last().is_some_and(open) => items.len() - 1,
            _ => {
                items.push(Value::Null);
                items.len() - 1
            }
        };
        place(&mut items[here], rest, value);
        return;
    }
    if at.is_null() {
        *at = Value::Object(Map::new());
    }
    if let Value::Object(members) = at {
        place(members.entry(*first).or_insert(Value::Null), rest, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_of_forms_lead_to_places() {
        for (fields, expected) in [
            (vec![("a", "1"), ("b", "2")], json!({ "a": "1", "b": "2" })),
            (vec![("a[]", "1"), ("a[]", "2")], json!({ "a": ["1", "2"] })),
            (vec![("a[b]", "1"), ("a[c]", "2")], json!({ "a": { "b": "1", "c": "2" } })),
            (
                vec![("a[][b]", "1"), ("a[][c]", "2"), ("a[][b]", "3")],
                json!({ "a": [{ "b": "1", "c": "2" }, { "b": "3" }] }),
            ),
            (
                vec![("a[0][b]", "1"), ("a[1][b]", "2"), ("a[0][c]", "3")],
                json!({
                    "a": [{ "b": "1", "c": "3" }, { "b": "2" }]
                }),
            ),
            (vec![("a", "1"), ("a", "2")], json!({ "a": "2" })),
            (vec![("a", "1"), ("a[b]", "2")], json!({ "a": "1" })),
            (vec![("a[999999999]", "1")], json!({ "a": ["1"] })),
        ] {
            let mut object = Value::Object(Map::new());
            for (name, value) in &fields {
                place(&mut object, &segments(name), (*value).into());
            }
            assert_eq!(object, expected, "{fields:?}");
        }
    }
}
