//! Rows as JSON, in the caller's version.

use registry::{Instant, Kind, Version};
use serde_json::Value;
use storage::{Cell, Datum, Error};

use crate::code::{Cells, Days, Facts};
use crate::plan::{Plan, Source};

/// Writes one object. `late` are the values of its fields that need more than the row; `hidden` tells for each sensitive
/// module whether its fields are, none being told where everything is shown.
pub(crate) fn object(
    plan: &Plan,
    version: Version,
    row: &dyn Cells,
    late: &[Datum],
    hidden: &[bool],
    (now, days): (Instant, Option<&Days>),
    out: &mut Vec<u8>,
) -> Result<(), Error> {
    let strings = version.ids_are_strings();
    let facts = Facts { row, columns: plan.columns, now, days };
    out.push(b'{');
    let mut first = true;
    for slot in plan.view(version) {
        let begin = out.len();
        if !first {
            out.push(b',');
        }
        out.extend_from_slice(slot.key.as_bytes());
        let value = out.len();
        let hidden = slot.sensitive.is_some_and(|module| hidden.get(module).copied().unwrap_or(false));
        let written = match slot.source {
            _ if hidden => cell(&slot.kind, Cell::Null, version, strings, out),
            Source::Column(at) => cell(&slot.kind, row.cell(at)?, version, strings, out),
            Source::Derived(work) => cell(&slot.kind, kept(work(&facts)).cell(), version, strings, out),
            Source::Late(at) => {
                let value = late.get(at).map_or(Cell::Null, Datum::cell);
                cell(&slot.kind, value, version, strings, out)
            }
            Source::Nowhere => cell(&slot.kind, Cell::Null, version, strings, out),
        };
        if written && slot.text {
            let json = String::from_utf8_lossy(&out[value..]).into_owned();
            out.truncate(value);
            string(&json, out);
        }
        if written {
            first = false;
        } else {
            out.truncate(begin);
        }
    }
    out.push(b'}');
    Ok(())
}

/// A value of code as a column would have it.
pub(crate) fn kept(value: Value) -> Datum {
    match value {
        Value::Null => Datum::Null,
        Value::Bool(value) => Datum::Bool(value),
        Value::String(text) => Datum::Text(text),
        Value::Number(number) => number
            .as_i64()
            .map(Datum::Int)
            .or_else(|| number.as_f64().map(Datum::Real))
            .unwrap_or(Datum::Null),
        nested => Datum::Text(nested.to_string()),
    }
}

/// Writes a value, or nothing where it is left out.
fn cell(kind: &Kind, cell: Cell<'_>, version: Version, strings: bool, out: &mut Vec<u8>) -> bool {
    match (kind, cell) {
        (Kind::List(_), Cell::Null) => out.extend_from_slice(b"[]"),
        (Kind::Object(_), Cell::Null) => return false,
        (_, Cell::Null) => out.extend_from_slice(b"null"),
        // An id that is declared as text is text in every version.
        (Kind::Id(_) | Kind::Text, Cell::Int(id)) if strings || *kind == Kind::Text => {
            out.push(b'"');
            integer(id, out);
            out.push(b'"');
        }
        (Kind::Instant, Cell::Int(millis)) => display(&Instant::from_millis(millis), out),
        (Kind::Number, Cell::Int(value)) => {
            integer(value, out);
            out.extend_from_slice(b".0");
        }
        (Kind::Bool, Cell::Int(value)) => truth(value != 0, out),
        (_, Cell::Int(value)) => integer(value, out),
        (_, Cell::Bool(value)) => truth(value, out),
        (_, Cell::Real(value)) => out.extend_from_slice(Value::from(value).to_string().as_bytes()),
        (_, Cell::Date(date)) => display(&date, out),
        (Kind::Time, Cell::Time(time)) => display(&time.strftime("%H:%M"), out),
        (Kind::Time, Cell::Text(text)) => display(&text.get(..5).unwrap_or(text), out),
        (Kind::List(_) | Kind::Object(_), Cell::Text(json)) => nested(kind, json, version, out),
        (Kind::Any | Kind::Map, Cell::Text(json)) => out.extend_from_slice(json.as_bytes()),
        (_, Cell::Text(text)) => string(text, out),
        (_, Cell::Time(time)) => display(&time, out),
        (_, Cell::Bytes(_)) => out.extend_from_slice(b"null"),
    }
    true
}

fn integer(value: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

fn truth(value: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

fn string(text: &str, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, text);
}

fn display(value: &impl std::fmt::Display, out: &mut Vec<u8>) {
    use std::io::Write;
    let _ = write!(out, "\"{value}\"");
}

/// A nested value is kept as the newest version writes it; the others may know fewer members, and other ids.
fn nested(kind: &Kind, json: &str, version: Version, out: &mut Vec<u8>) {
    let kept = if version == Version::NEWEST { None } else { serde_json::from_str(json).ok() };
    match kept {
        Some(kept) => out.extend_from_slice(translated(kind, kept, version).to_string().as_bytes()),
        None => out.extend_from_slice(json.as_bytes()),
    }
}

pub(crate) fn translated(kind: &Kind, value: Value, version: Version) -> Value {
    match (kind, value) {
        (Kind::Id(_), Value::String(id)) if !version.ids_are_strings() => {
            id.parse::<i64>().map_or(Value::String(id), Value::from)
        }
        (Kind::List(kind), Value::Array(items)) => {
            items.into_iter().map(|item| translated(kind, item, version)).collect()
        }
        (Kind::Object(members), Value::Object(mut values)) => {
            let living = members.iter().filter(|member| member.lives_in(version));
            let translated = living.filter_map(|member| {
                let value = match (values.remove(member.name), member.kind) {
                    (Some(value), kind) => translated(&kind, value, version),
                    // What the newest version does not have is not kept.
                    (None, Kind::List(_)) => Value::Array(Vec::new()),
                    (None, Kind::Object(_)) => return None,
                    (None, _) => Value::Null,
                };
                Some((member.name.to_owned(), value))
            });
            Value::Object(translated.collect())
        }
        (_, value) => value,
    }
}
