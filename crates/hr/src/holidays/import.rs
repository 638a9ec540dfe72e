//! Days off from a file, for a workplace.

use std::collections::BTreeMap;

use access::Grant;
use accounts::{Actor, audit};
use engine::{Caller, Context, Engine, Error, Object, Sets};
use registry::{Company, Id, Version};
use storage::{Datum, Look, Tx};

use super::calendar::{Day, Refused, read};
use super::company_holiday::{HalfDay, PATH};

const PLACES: &str = "locations/locations";

/// Years after this one in which what repeats every year is written down.
const AHEAD: i16 = 2;

/// What became of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Days that are off now.
    pub added: Vec<Day>,
    /// Days that were off, and are called differently or longer now.
    pub changed: Vec<Day>,
    /// Days that are as they were.
    pub same: Vec<Day>,
    /// Events that are no days off, and why.
    pub refused: Vec<Refused>,
}

/// Takes the days off of a file over for a workplace. A day that is off already becomes what the file says of it, so
/// the same file again changes nothing. A file that cannot be read changes nothing either.
pub fn import(cx: &mut Context<'_, '_>, location: i64, text: &str) -> Result<Report, Error> {
    if cx.objects(PLACES, vec![location])?.is_empty() {
        return Err(Error::rule("location", "not_found", "There is no such workplace."));
    }
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

/// [`import`] for a company, outside of an operation of the API. It is noted in the audit log.
pub fn import_for(
    engine: &Engine,
    tx: &mut Tx<'_>,
    company: Id<Company>,
    actor: &Actor,
    location: i64,
    text: &str,
) -> Result<Report, Error> {
    let grant = system(company);
    let mut cx = Context::new(engine, tx, &grant, Caller::default(), Version::NEWEST);
    let report = import(&mut cx, location, text)?;
    let place = cx.objects(PLACES, vec![location])?.remove(&location);
    let place = place.and_then(|place| place.text("name").map(str::to_owned)).unwrap_or_default();
    let details = format!("{} added, {} changed", report.added.len(), report.changed.len());
    audit::record(tx, Some(company), actor, "holidays.imported", &place, &details)?;
    Ok(report)
}

/// The workplace of a name or an id; the headquarters without one.
pub fn place(
    engine: &Engine,
    tx: &mut Tx<'_>,
    company: Id<Company>,
    name: Option<&str>,
) -> Result<i64, Error> {
    let grant = system(company);
    let mut cx = Context::new(engine, tx, &grant, Caller::default(), Version::NEWEST);
    let all = cx.facts(PLACES, &[])?;
    let wanted = |place: &&Object| match name {
        Some(name) => {
            place.text("name") == Some(name) || place.int("id").is_some_and(|id| id.to_string() == name)
        }
        None => place.flag("main"),
    };
    let found: Vec<i64> = all.iter().filter(wanted).filter_map(|place| place.int("id")).collect();
    let names: Vec<&str> = all.iter().filter_map(|place| place.text("name")).collect();
    match found[..] {
        [place] => Ok(place),
        _ => {
            let message = format!("Say which workplace, by its name or id. There are: {}.", names.join(", "));
            Err(Error::rule("location", "not_found", message))
        }
    }
}

fn system(company: Id<Company>) -> Grant {
    Grant::system(company, "whoever runs the server, or administers the company, says when people are off")
}
