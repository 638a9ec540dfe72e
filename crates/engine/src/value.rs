//! Values of the wire: from text and JSON to what a column keeps.

use registry::{Date, Instant, Kind, Member, Reference, Time};
use serde_json::{Map, Value};
use storage::Datum;

use crate::error::Problem;

/// What the checking of one input has found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub(crate) problems: Vec<Problem>,
    /// Members that no declaration knows.
    pub(crate) unknown: Vec<String>,
    /// Rows that must exist: where they are named, what they are, which.
    pub(crate) references: Vec<(String, Reference, i64)>,
}

impl Findings {
    fn wrong(&mut self, at: &str, expected: &str) {
        self.problems.push(Problem::new(at, "invalid", format!("It must be {expected}.")));
    }
}

/// A value of some kind as a column keeps it.
pub(crate) fn datum(kind: &Kind, value: &Value, at: &str, found: &mut Findings) -> Option<Datum> {
    let datum = match kind {
        Kind::Id(reference) => {
            let id = integer(value).filter(|id| *id > 0);
            if let Some(id) = id {
                found.references.push((at.to_owned(), *reference, id));
            }
            id.map(Datum::Int)
        }
        Kind::Integer => integer(value).map(Datum::Int),
        Kind::Number => number(value).map(Datum::Real),
        Kind::Bool => truth(value).map(Datum::Bool),
        Kind::Text => value.as_str().and_then(text),
        Kind::Choice(texts) => value.as_str().filter(|value| texts.contains(value)).and_then(text),
        Kind::Date => value.as_str().and_then(date).map(|date| Datum::Text(date.to_string())),
        Kind::Time => value.as_str().and_then(time).map(|time| Datum::Text(time.to_string())),
        Kind::Instant => value.as_str().and_then(instant).map(|at| Datum::Int(at.millis())),
        Kind::Any | Kind::Map | Kind::List(_) | Kind::Object(_) => {
            let before = found.problems.len();
            let nested = canonical(kind, value, at, found);
            if found.problems.len() > before {
                return None;
            }
            nested.map(|nested| Datum::Text(nested.to_string()))
        }
        // The number of a file that came with the body.
        Kind::File => value.as_i64().map(Datum::Int),
    };
    if datum.is_none() {
        found.wrong(at, &expected(kind));
    }
    datum
}

/// A nested value as it is kept: as the newest version writes it.
fn canonical(kind: &Kind, value: &Value, at: &str, found: &mut Findings) -> Option<Value> {
    match kind {
        Kind::Any => clean(value).then(|| value.clone()),
        Kind::Map => (value.is_object() && clean(value)).then(|| value.clone()),
        Kind::List(kind) => {
            let items = value.as_array()?;
            let items = items.iter().enumerate();
            let items = items.filter_map(|(i, item)| part(kind, item, &format!("{at}.{i}"), found));
            Some(Value::Array(items.collect()))
        }
        Kind::Object(members) => Some(Value::Object(object(members, value.as_object()?, at, found))),
        _ => None,
    }
}

fn object(
    members: &[Member],
    value: &Map<String, Value>,
    at: &str,
    found: &mut Findings,
) -> Map<String, Value> {
    let mut kept = Map::new();
    for member in members {
        let at = format!("{at}.{}", member.name);
        match value.get(member.name) {
            None | Some(Value::Null) if member.nullable => {
                // As on the wire: a list without value is empty, an object without value is left out.
                let nothing = match member.kind {
                    Kind::Object(_) => continue,
                    Kind::List(_) => Value::Array(Vec::new()),
                    _ => Value::Null,
                };
                kept.insert(member.name.to_owned(), nothing);
            }
            None | Some(Value::Null) => {
                found.problems.push(Problem::new(&at, "required", "It must be given."));
            }
            Some(value) => {
                if let Some(value) = part(&member.kind, value, &at, found) {
                    kept.insert(member.name.to_owned(), value);
                }
            }
        }
    }
    let known = |name: &&String| members.iter().any(|member| member.name == *name);
    found.unknown.extend(value.keys().filter(|name| !known(name)).map(|name| format!("{at}.{name}")));
    kept
}

/// A member or an item as it is kept in JSON.
fn part(kind: &Kind, value: &Value, at: &str, found: &mut Findings) -> Option<Value> {
    match kind {
        Kind::Any | Kind::Map | Kind::List(_) | Kind::Object(_) => {
            let kept = canonical(kind, value, at, found);
            if kept.is_none() {
                found.wrong(at, &expected(kind));
            }
            kept
        }
        _ => Some(match (datum(kind, value, at, found)?, kind) {
            (Datum::Int(id), Kind::Id(_)) => id.to_string().into(),
            (Datum::Int(millis), Kind::Instant) => Instant::from_millis(millis).to_string().into(),
            (Datum::Int(value), _) => value.into(),
            (Datum::Real(value), _) => value.into(),
            (Datum::Bool(value), _) => value.into(),
            (Datum::Text(value), _) => value.into(),
            (Datum::Null, _) => Value::Null,
        }),
    }
}

/// What a value of a kind looks like, for whoever sent something else.
pub(crate) fn expected(kind: &Kind) -> String {
    match kind {
        Kind::Id(_) => "an id".to_owned(),
        Kind::Text => "a text".to_owned(),
        Kind::Integer => "a whole number".to_owned(),
        Kind::Number => "a number".to_owned(),
        Kind::Bool => "true or false".to_owned(),
        Kind::Date => "a day such as 2026-11-23".to_owned(),
        Kind::Time => "a time of day such as 09:00".to_owned(),
        Kind::Instant => "a point in time such as 2026-11-23T09:30:00Z".to_owned(),
        Kind::Any => "JSON".to_owned(),
        Kind::Map | Kind::Object(_) => "an object".to_owned(),
        Kind::File => "a file".to_owned(),
        Kind::List(_) => "a list".to_owned(),
        Kind::Choice(texts) => format!("one of {}", texts.join(", ")),
    }
}

/// No database keeps a NUL inside a text.
fn text(text: &str) -> Option<Datum> {
    (!text.contains('\0')).then(|| Datum::Text(text.to_owned()))
}

fn clean(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains('\0'),
        Value::Array(items) => items.iter().all(clean),
        Value::Object(members) => members.iter().all(|(name, value)| !name.contains('\0') && clean(value)),
        _ => true,
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::String(text) => match text.as_str() {
            // Capital letters are how clients in Python write it in a form.
            "true" | "True" | "1" => Some(true),
            "false" | "False" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A day that both databases keep.
pub(crate) fn date(text: &str) -> Option<Date> {
    let date: Date = text.parse().ok()?;
    (date.year() > 0).then_some(date)
}

fn time(text: &str) -> Option<Time> {
    // As the wire writes it, and with seconds.
    (text.len() == 5 || text.len() == 8).then(|| text.parse().ok())?
}

/// A point in time; a day alone is its beginning, and without an offset it is UTC.
pub(crate) fn instant(text: &str) -> Option<Instant> {
    let timestamp = text.parse::<registry::Timestamp>().ok();
    let naive = || {
        let civil: registry::DateTime = text.parse().ok()?;
        registry::TimeZone::UTC.to_timestamp(civil).ok()
    };
    let timestamp = timestamp.or_else(naive)?;
    let millis = timestamp.as_millisecond();
    (millis > EARLIEST).then(|| Instant::from_millis(millis))
}

/// 0001-01-01T00:00:00Z.
const EARLIEST: i64 = -62_135_596_800_000;

/// An instant as a civil date and time in UTC.
pub(crate) fn instant_of(instant: Instant) -> registry::DateTime {
    registry::Timestamp::from_millisecond(instant.millis())
        .map_or(registry::DateTime::MIN, |timestamp| registry::TimeZone::UTC.to_datetime(timestamp))
}
