//! The pages of daily work. Each asks for operations of the API in the name of whoever looks at it.

pub(crate) mod calendar;
pub(crate) mod clock;
pub(crate) mod inbox;
pub(crate) mod people;
pub(crate) mod time_off;
pub(crate) mod timesheet;

use axum::Router;
use axum::routing::{get, post};
use registry::Date;

use super::desk::{Object, date, text};
use super::pages::Moment;
use crate::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/clock", post(clock::press))
        .route("/time-off", get(time_off::show).post(time_off::ask))
        .route("/time-off/{id}/delete", post(time_off::take_back))
        .route("/timesheet", get(timesheet::show).post(timesheet::add))
        .route("/timesheet/{id}/delete", post(timesheet::remove))
        .route("/inbox", get(inbox::show))
        .route("/inbox/{place}/{id}", post(inbox::decide))
        .route("/calendar", get(calendar::show))
        .route("/people", get(people::list))
        .route("/people/{id}", get(people::show))
}

/// A day as people write it.
fn day(date: Date) -> String {
    date.strftime("%a %-d %b %Y").to_string()
}

/// A span of days as people write it.
fn span(object: &Object) -> String {
    let (start, finish) = (date(object, "start_on"), date(object, "finish_on"));
    let half = match text(object, "half_day") {
        "beginning_of_day" => ", first half of the day",
        "end_of_day" => ", second half of the day",
        _ => "",
    };
    match (start, finish) {
        (Some(start), Some(finish)) if start == finish => format!("{}{half}", day(start)),
        (Some(start), Some(finish)) => format!("{} to {}{half}", day(start), day(finish)),
        (Some(start), None) => format!("from {}, without an end yet", day(start)),
        (None, _) => String::new(),
    }
}

/// A number without zeros that say nothing.
fn amount(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Minutes as hours and minutes.
fn hours(minutes: i64) -> String {
    let sign = if minutes < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// A point in time of the API.
fn moment(iso: &str) -> Moment {
    let text = iso.parse::<registry::Timestamp>();
    let text = text.map_or_else(
        |_| iso.to_owned(),
        |at| registry::TimeZone::UTC.to_datetime(at).strftime("%-d %b %Y, %H:%M UTC").to_string(),
    );
    Moment { iso: iso.to_owned(), text }
}

/// A month that an address names, `2026-11`, or the month of a day.
fn month(named: &str, today: Date) -> Date {
    format!("{named}-01").parse().unwrap_or_else(|_| today.first_of_month())
}

/// The months before and after, as addresses name them.
fn neighbours(month: Date) -> (String, String) {
    let name = |months: i64| {
        let other = month.checked_add(registry::Span::new().months(months)).unwrap_or(month);
        other.strftime("%Y-%m").to_string()
    };
    (name(-1), name(1))
}

/// The full name of somebody.
pub(crate) fn name(person: &Object) -> String {
    match text(person, "full_name") {
        "" => format!("{} {}", text(person, "first_name"), text(person, "last_name")).trim().to_owned(),
        name => name.to_owned(),
    }
}
