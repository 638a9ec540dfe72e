//! Facts that several decisions about time need, looked up for many people with one statement.

use std::collections::HashMap;

use engine::{Context, Error, Object};
use registry::{Date, TimeZone};
use storage::{Datum, Look};

use super::estimate::{Leave, Off, Part};
use super::plan::Half;
use super::{load, wall};

/// A day as a column keeps it.
pub fn text(date: Date) -> Datum {
    Datum::Text(date.to_string())
}

/// Conditions of a column being a day within a range.
pub fn between(column: &'static str, first: Date, last: Date) -> [Look; 2] {
    [Look::From(column, text(first)), Look::To(column, text(last))]
}

/// The first day of a list that a parameter says: without a last day (`end_on`) it is the only one.
pub fn first_day(
    cx: &mut Context<'_, '_>,
    column: &'static str,
    values: &[String],
) -> Result<Vec<Look>, Error> {
    let day = day("start_on", values)?;
    Ok(vec![if cx.asked("end_on").is_some() { Look::From(column, day) } else { Look::Equal(column, day) }])
}

/// The last day of a list that a parameter says.
pub fn last_day(column: &'static str, values: &[String]) -> Result<Vec<Look>, Error> {
    Ok(vec![Look::To(column, day("end_on", values)?)])
}

/// The day that a parameter says.
pub fn day(parameter: &str, values: &[String]) -> Result<Datum, Error> {
    let day = values.last().and_then(|text| text.get(..10).unwrap_or(text).parse::<Date>().ok());
    day.map(text).ok_or_else(|| Error::invalid(parameter, "It must be a day such as 2026-11-23."))
}

/// The zones of workplaces, by id; the one of the headquarters, or of the first, under 0.
pub fn zones(cx: &mut Context<'_, '_>) -> Result<HashMap<i64, TimeZone>, Error> {
    let places = cx.facts("locations/locations", &[])?;
    let zone = |place: &Object| wall::zone(place.text("timezone"));
    let mut zones: HashMap<i64, TimeZone> =
        places.iter().filter_map(|place| Some((place.int("id")?, zone(place)))).collect();
    let main = places.iter().find(|place| place.flag("main")).or(places.first());
    zones.insert(0, main.map_or(TimeZone::UTC, zone));
    Ok(zones)
}

/// The zone of a workplace, or that of the headquarters.
pub fn zone_of(zones: &HashMap<i64, TimeZone>, location: Option<i64>) -> TimeZone {
    let zone = location.and_then(|id| zones.get(&id)).or_else(|| zones.get(&0));
    zone.cloned().unwrap_or(TimeZone::UTC)
}

/// Minutes of a planned break.
pub fn length(row: &Object) -> i64 {
    let ends = row.int("start_at").zip(row.int("end_at"));
    row.int("duration").or(ends.map(|(from, to)| wall::minutes(from, to))).unwrap_or(0).max(0)
}

/// The approved leaves of some people that touch a range of days, by employee. Who works elsewhere is not away.
pub fn leaves(
    cx: &mut Context<'_, '_>,
    employees: &[i64],
    first: Date,
    last: Date,
) -> Result<HashMap<i64, Vec<Leave>>, Error> {
    let looks = [
        Look::Equal("approved", Datum::Bool(true)),
        Look::Null("deleted_at"),
        Look::To("start_on", text(last)),
        Look::Any(vec![Look::Null("finish_on"), Look::From("finish_on", text(first))]),
    ];
    let rows = load::of(cx, "timeoff/leaves", employees, &looks)?;
    let types = cx.referred("timeoff/leave_types", &rows, "leave_type_id")?;
    let mut found: HashMap<i64, Vec<Leave>> = HashMap::new();
    for row in &rows {
        let works =
            row.int("leave_type_id").and_then(|id| types.get(&id)).is_some_and(|t| t.flag("workable"));
        if let (Some(employee), Some(leave), false) = (row.int("employee_id"), taken(row), works) {
            found.entry(employee).or_default().push(leave);
        }
    }
    Ok(found)
}

/// What a leave takes, if it is approved, not deleted, and no kind of work.
pub fn leave(row: &Object, kinds: &HashMap<i64, Object>) -> Option<Leave> {
    let works =
        row.int("leave_type_id").and_then(|id| kinds.get(&id)).is_some_and(|kind| kind.flag("workable"));
    let holds = row.flag("approved") && row.get("deleted_at") == &Datum::Null && !works;
    taken(row).filter(|_| holds)
}

/// A day in hundredths of an hour; nobody is away for longer within one.
const DAY: i64 = 24 * 100;

fn taken(row: &Object) -> Option<Leave> {
    let part = match row.int("hours_amount_in_cents").filter(|hours| *hours > 0) {
        Some(hours) => Part::Minutes(hours.min(DAY) * 60 / 100),
        None => Part::Off(Off::of(row.text("half_day").and_then(Half::named))),
    };
    Some(Leave { from: row.date("start_on")?, to: row.date("finish_on"), part })
}
