//! Days off from a file, for a workplace.

use std::collections::BTreeMap;

use engine::{Context, Error, Object, Sets};
use serde_json::{Value, json};
use storage::{Datum, Look};

use super::calendar::{Day, Refused, read};
use super::company_holiday::{HalfDay, PATH};

const PLACES: &str = "locations/locations";

/// Years after this one in which what repeats every year is written down.
const AHEAD: i16 = 2;

/// What became of a file.
#[derive(Debug, Default)]
struct Report {
    /// Days that are off now.
    added: Vec<Day>,
    /// Days that were off, and are called differently or longer now.
    changed: Vec<Day>,
    /// Days that are as they were.
    same: Vec<Day>,
    /// Events that are no days off, and why.
    refused: Vec<Refused>,
}

/// Takes the days off of a file over for a workplace. A day that is off already becomes what the file says of it, so
/// the same file again changes nothing. A file that cannot be read changes nothing either.
fn import(cx: &mut Context<'_, '_>, location: i64, text: &str) -> Result<Report, Error> {
    let until = cx.today().year() + AHEAD;
    let calendar = read(text, until).map_err(|fault| Error::rule("calendar", "unreadable", fault))?;
    let mut known: BTreeMap<String, Object> = BTreeMap::new();
    for row in cx.facts(PATH, &[Look::Equal("location_id", Datum::Int(location))])? {
        if let Some(day) = row.text("date").map(str::to_owned) {
            known.entry(day).or_insert(row);
        }
    }
    let mut report = Report { refused: calendar.refused, ..Report::default() };
    let mut rows = Vec::new();
    for day in calendar.days {
        let text = |text: Option<&str>| text.map_or(Datum::Null, |text| Datum::Text(text.to_owned()));
        let sets = Sets::from([
            ("location_id", Datum::Int(location)),
            ("date", Datum::Text(day.date.to_string())),
            ("summary", text(Some(&day.summary))),
            ("description", text(day.description.as_deref())),
            ("half_day", text(day.half_day.map(HalfDay::text))),
        ]);
        match known.get(&day.date.to_string()) {
            None => {
                rows.push(sets);
                report.added.push(day);
            }
            Some(row) if sets.iter().all(|(column, value)| row.get(column) == value) => report.same.push(day),
            Some(row) => {
                cx.change(PATH, &[Look::Equal("id", row.get("id").clone())], sets)?;
                report.changed.push(day);
            }
        }
    }
    if !rows.is_empty() {
        cx.add_all(PATH, rows)?;
    }
    Ok(report)
}

/// The errand that takes over the `calendar` of somebody for a `location`: a workplace by its name or id, without one the
/// headquarters. Says what became of each day.
pub(crate) fn errand(cx: &mut Context<'_, '_>, asked: &Value) -> Result<Value, Error> {
    let text = |member: &str| asked[member].as_str();
    let (location, name) = place(cx, text("location"))?;
    let report = import(cx, location, text("calendar").unwrap_or_default())?;
    let days = |days: &[Day]| -> Vec<Value> {
        let day = |day: &Day| {
            let half = day.half_day.map(HalfDay::text);
            json!({ "date": day.date.to_string(), "summary": day.summary, "half_day": half })
        };
        days.iter().map(day).collect()
    };
    let refused = |refused: &Refused| json!({ "name": refused.name, "why": refused.why });
    Ok(json!({
        "location": name,
        "added": days(&report.added),
        "changed": days(&report.changed),
        "same": days(&report.same),
        "refused": report.refused.iter().map(refused).collect::<Vec<_>>(),
    }))
}

/// The workplace of a name or an id, with its name; the headquarters without one.
fn place(cx: &mut Context<'_, '_>, name: Option<&str>) -> Result<(i64, String), Error> {
    let all = cx.facts(PLACES, &[])?;
    let wanted = |place: &&Object| match name {
        Some(name) => {
            place.text("name") == Some(name) || place.int("id").is_some_and(|id| id.to_string() == name)
        }
        None => place.flag("main"),
    };
    let told = |place: &Object| Some((place.int("id")?, place.text("name")?.to_owned()));
    let mut found: Vec<_> = all.iter().filter(wanted).filter_map(told).collect();
    match (found.pop(), found.pop()) {
        (Some(place), None) => Ok(place),
        _ => {
            let names: Vec<&str> = all.iter().filter_map(|place| place.text("name")).collect();
            let message = format!("Say which workplace, by its name or id. There are: {}.", names.join(", "));
            Err(Error::rule("location", "not_found", message))
        }
    }
}
