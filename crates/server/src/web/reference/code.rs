//! Code on pages, with a little colour.

use registry::Version;
use serde_json::Value;

use crate::web::pages::reference::{Piece, Tone};

/// Text without any.
pub(super) fn plain(text: String) -> Vec<Piece> {
    vec![(Tone::Plain, text)]
}

/// JSON over several lines, its values accented.
pub(super) fn json(value: &Value) -> Vec<Piece> {
    let mut writer = Writer { pieces: Vec::new() };
    writer.value(value, 0);
    writer.pieces
}

struct Writer {
    pieces: Vec<Piece>,
}

impl Writer {
    fn add(&mut self, tone: Tone, text: &str) {
        match self.pieces.last_mut().filter(|(last, _)| *last == tone) {
            Some((_, all)) => all.push_str(text),
            None => self.pieces.push((tone, text.to_owned())),
        }
    }

    fn line(&mut self, depth: usize) {
        let indented = format!("\n{}", "  ".repeat(depth));
        self.add(Tone::Plain, &indented);
    }

    fn value(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                self.add(Tone::Plain, "{");
                for (at, (name, value)) in members.iter().enumerate() {
                    self.line(depth + 1);
                    let quoted = Value::from(name.as_str()).to_string();
                    self.add(Tone::Plain, &format!("{quoted}: "));
                    self.value(value, depth + 1);
                    if at + 1 < members.len() {
                        self.add(Tone::Plain, ",");
                    }
                }
                self.line(depth);
                self.add(Tone::Plain, "}");
            }
            Value::Array(items) if !items.is_empty() => {
                self.add(Tone::Plain, "[");
                for (at, value) in items.iter().enumerate() {
                    self.line(depth + 1);
                    self.value(value, depth + 1);
                    if at + 1 < items.len() {
                        self.add(Tone::Plain, ",");
                    }
                }
                self.line(depth);
                self.add(Tone::Plain, "]");
            }
            Value::Null => self.add(Tone::Muted, "null"),
            Value::Object(_) | Value::Array(_) => self.add(Tone::Plain, &value.to_string()),
            _ => self.add(Tone::Accent, &value.to_string()),
        }
    }
}

/// A text within single quotes, as a shell reads it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The first request that somebody makes.
pub(super) fn first(base: &str, version: Version) -> Vec<Piece> {
    command("GET", &format!("{base}/api/{version}/resources/employees/employees?limit=2"), &Sent::Nothing)
}

/// What a request carries.
pub(super) enum Sent {
    Nothing,
    Json(Value),
    /// Members of a form; those that are files name one.
    Form(Vec<(String, String, bool)>),
}

/// A request as a command.
pub(super) fn command(method: &str, url: &str, sent: &Sent) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = vec![(Tone::Plain, "curl ".to_owned())];
    // With something to send it is a POST by itself.
    let implied = if matches!(sent, Sent::Nothing) { "GET" } else { "POST" };
    if method != implied {
        pieces.push((Tone::Plain, format!("-X {method} ")));
    }
    // What a shell would understand otherwise is quoted.
    let plain = url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/._-".contains(&byte));
    pieces.push((Tone::Accent, if plain { url.to_owned() } else { quoted(url) }));
    let mut line = |option: &str, value: String| {
        pieces.push((Tone::Plain, format!(" \\\n  {option} ")));
        pieces.push((Tone::Accent, value));
    };
    line("-H", quoted("Authorization: Bearer ACCESS_TOKEN"));
    match sent {
        Sent::Nothing => {}
        Sent::Json(body) => {
            line("-H", quoted("Content-Type: application/json"));
            line("-d", quoted(&format!("{body:#}")));
        }
        Sent::Form(members) => {
            for (name, value, file) in members {
                let at = if *file { "@" } else { "" };
                line("-F", quoted(&format!("{name}={at}{value}")));
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(pieces: &[Piece]) -> String {
        pieces.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn what_is_shown_of_json_is_the_same_json() {
        let value = json!({ "a": [1, "x\"y", null, {}, []], "b": { "c": true } });
        assert_eq!(text(&json(&value)), format!("{value:#}"));
    }

    #[test]
    fn a_command_survives_a_shell() {
        let sent = Sent::Json(json!({ "name": "it's" }));
        let command = text(&command("POST", "http://a.example/api?x[]=1", &sent));
        assert_eq!(
            command,
            "curl 'http://a.example/api?x[]=1' \\\n  -H 'Authorization: Bearer ACCESS_TOKEN' \\\n  \
             -H 'Content-Type: application/json' \\\n  -d '{\n  \"name\": \"it'\\''s\"\n}'"
        );
    }
}
