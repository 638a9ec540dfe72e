//! Named values of a query string, a form or a JSON object, in the order they came.

use std::collections::HashMap;
use std::fmt;

use axum::body::Body;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::Problem;

/// The largest body that any form needs.
const LARGEST: usize = 64 * 1024;

/// Names and values.
#[derive(Debug, Default, Clone)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// From a query string or a form body. Refuses what is no text.
    pub fn parse(encoded: &str) -> Result<Self, Problem> {
        let mut fields = Vec::new();
        for pair in encoded.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            fields.push((decode(name)?, decode(value)?));
        }
        Ok(Self(fields))
    }

    /// From the query string of a request.
    pub fn query(uri: &http::Uri) -> Result<Self, Problem> {
        Self::parse(uri.query().unwrap_or_default())
    }

    /// From the body of a request: a form, multipart without files, or a JSON object. A body of another
    /// type says nothing (the matched server ignores it, too).
    pub async fn body(headers: &HeaderMap, body: Body) -> Result<Self, Problem> {
        Self::body_with(headers, body, 0).await
    }

    /// The same where a file of text, of a size at most, may be among the fields of a multipart body.
    pub async fn body_with(headers: &HeaderMap, body: Body, file: usize) -> Result<Self, Problem> {
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence == "multipart/form-data" {
            return multipart(kind, body, LARGEST.saturating_add(file)).await;
        }
        let bytes = axum::body::to_bytes(body, LARGEST).await.map_err(|_| too_large(LARGEST))?;
        match essence.as_str() {
            "application/x-www-form-urlencoded" => {
                Self::parse(std::str::from_utf8(&bytes).map_err(|_| not_text())?)
            }
            "application/json" => json(&bytes),
            _ => Ok(Self::default()),
        }
    }

    /// The value of a name that may stand once. An empty value is as good as none (RFC 6749 section 3.1).
    pub fn once(&self, name: &str) -> Result<Option<&str>, Twice> {
        let mut values = self.0.iter().filter(|(key, _)| key == name);
        let first = values.next().map(|(_, value)| value.as_str());
        if values.next().is_some() {
            return Err(Twice(name.to_owned()));
        }
        Ok(first.filter(|value| !value.is_empty()))
    }

    /// The last value of a name, or nothing: what a checkbox behind a hidden field means.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Every value of a name.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// A name that stands there more than once, other than a list (`name[]`) or a ticked box behind the hidden
    /// field that stands for the empty one.
    pub fn doubled(&self) -> Option<&str> {
        let mut seen = HashMap::new();
        self.iter().find_map(|(name, value)| {
            let earlier = seen.insert(name, value)?;
            let meant = name.ends_with("[]") || (earlier, value) == ("0", "1");
            (!meant).then_some(name)
        })
    }

    /// All names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// All names and values, to keep.
    pub fn into_pairs(self) -> Vec<(String, String)> {
        self.0
    }

    /// These and the others behind them.
    pub fn and(mut self, others: Fields) -> Self {
        self.0.extend(others.0);
        self
    }
}

/// A parameter that stands there more than once.
#[derive(Debug)]
pub(crate) struct Twice(pub String);

fn decode(text: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map_err(|_| not_text())?;
    clean(decoded.into_owned())
}

/// No database keeps a NUL inside a text, and nothing that people or programs mean has one.
fn clean(text: String) -> Result<String, Problem> {
    if text.contains('\0') { Err(not_text()) } else { Ok(text) }
}

/// The members of a JSON object in their order, also those that stand there twice.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

fn json(bytes: &[u8]) -> Result<Fields, Problem> {
    let malformed = |detail: &str| Problem::new(StatusCode::BAD_REQUEST, "malformed_json", detail);
    let Members(members) =
        serde_json::from_slice(bytes).map_err(|_| malformed("The body is not a JSON object."))?;
    let mut fields = Vec::new();
    for (name, value) in members {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Array(_) | Value::Object(_) => {
                return Err(malformed(&format!("{name:?} is neither text nor a number.")));
            }
        };
        fields.push((clean(name)?, clean(text)?));
    }
    Ok(Fields(fields))
}

async fn multipart(kind: &str, body: Body, largest: usize) -> Result<Fields, Problem> {
    let malformed =
        || Problem::new(StatusCode::BAD_REQUEST, "malformed_multipart", "The multipart body cannot be read.");
    let bytes = axum::body::to_bytes(body, largest).await.map_err(|_| too_large(largest))?;
    let kind = kind.parse().map_err(|_| malformed())?;
    let mut parts = super::upload::parts(kind, bytes).await.ok_or_else(malformed)?;
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|_| malformed())? {
        let name = part.name().unwrap_or_default().to_owned();
        let value = part.bytes().await.map_err(|_| malformed())?;
        let value = String::from_utf8(value.to_vec()).map_err(|_| not_text())?;
        fields.push((clean(name)?, clean(value)?));
    }
    Ok(Fields(fields))
}

fn not_text() -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "malformed_text",
        "The request holds a value that is not UTF-8 text.",
    )
}

fn too_large(largest: usize) -> Problem {
    let detail = format!("The body is larger than {largest} bytes, or was cut off.");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_string_is_read_as_forms_write_it() {
        for (encoded, expected) in [
            ("", vec![]),
            ("a=1&b=2", vec![("a", "1"), ("b", "2")]),
            ("a=1+2%2B3&&", vec![("a", "1 2+3")]),
            ("a%5Bb%5D=%C3%BC&c", vec![("a[b]", "ü"), ("c", "")]),
        ] {
            let fields = Fields::parse(encoded).expect("text");
            assert_eq!(fields.iter().collect::<Vec<_>>(), expected, "{encoded}");
        }
        for bad in ["a=%ff", "a=%00", "%c3=1"] {
            assert!(Fields::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_parameter_may_stand_once() {
        let fields = Fields::parse("a=1&b=1&b=2&c=").expect("text");
        assert_eq!(fields.once("a").expect("once"), Some("1"));
        assert!(fields.once("b").is_err());
        assert_eq!(fields.once("c").expect("once"), None);
        assert_eq!(fields.once("d").expect("absent"), None);
    }

    #[test]
    fn a_json_object_is_read_member_by_member() {
        let fields = json(br#"{"a": "x", "n": 1, "b": true, "none": null, "a": "y"}"#).expect("an object");
        assert_eq!(fields.iter().collect::<Vec<_>>(), [("a", "x"), ("n", "1"), ("b", "true"), ("a", "y")]);
        assert!(fields.once("a").is_err());
        for bad in ["", "[]", "1", "{", r#"{"a": []}"#, r#"{"a": {}}"#, r#"{"a": "\u0000"}"#, "{} {}"] {
            assert!(json(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn only_lists_and_boxes_stand_twice_in_a_form() {
        for (encoded, doubled) in [
            ("a=1&b=1", None),
            ("a=1&a=1", Some("a")),
            ("a=1&b=&a=2", Some("a")),
            ("a[]=1&a[]=1", None),
            ("a=0&a=1", None),
            ("a=1&a=0", Some("a")),
            ("a=0&a=1&a=1", Some("a")),
        ] {
            assert_eq!(Fields::parse(encoded).expect("text").doubled(), doubled, "{encoded}");
        }
    }
}
