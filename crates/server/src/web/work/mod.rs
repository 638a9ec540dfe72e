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

use super::desk::{Object, date, text, whole};
use crate::App;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/clock", post(clock::press))
        .route("/time-off", get(time_off::show).post(time_off::ask))
        .route("/time-off/{id}/delete", post(time_off::take_back))
        .route("/timesheet", get(timesheet::show).post(timesheet::save))
        .route("/timesheet.csv", get(timesheet::export))
        .route("/timesheet/review", post(timesheet::review))
        .route("/timesheet/{id}/delete", post(timesheet::remove))
        .route("/timesheet/requests/{id}/delete", post(timesheet::take_back))
        .route("/inbox", get(inbox::show).post(inbox::approve))
        .route("/inbox/{place}/{id}", post(inbox::decide))
        .route("/calendar", get(calendar::show))
        .route("/people", get(people::list))
        .route("/people/me", get(people::own))
        .route("/people/{id}", get(people::show))
}

/// A day as people write it.
fn day(date: Date) -> String {
    date.strftime("%a %-d %b %Y").to_string()
}

/// When a leave is, as people write it.
fn span(object: &Object) -> String {
    let (start, finish) = (date(object, "start_on"), date(object, "finish_on"));
    let half = match text(object, "half_day") {
        "beginning_of_day" => ", first half of the day",
        "end_of_day" => ", second half of the day",
        _ => "",
    };
    // The API writes the time of day, or the same after a day.
    let begins = text(object, "start_time");
    let begins = begins.rsplit_once('T').map_or(begins, |(_, time)| time).get(..5).unwrap_or_default();
    let begins = if begins.is_empty() { String::new() } else { format!(", from {begins}") };
    match (start, finish) {
        (Some(start), Some(finish)) if start == finish => format!("{}{half}{begins}", day(start)),
        (Some(start), Some(finish)) => format!("{} to {}{half}{begins}", day(start), day(finish)),
        (Some(start), None) => format!("from {}, without an end yet", day(start)),
        (None, _) => String::new(),
    }
}

/// What a leave costs, as people write it.
fn cost(leave: &Object) -> String {
    match whole(leave, "hours_amount_in_cents") {
        0 => days(leave.get("days_taken").and_then(serde_json::Value::as_f64).unwrap_or_default()),
        #[expect(clippy::cast_precision_loss, reason = "hours of a day are few")]
        cents => counted(cents as f64 / 100.0, "hours"),
    }
}

fn days(days: f64) -> String {
    counted(days, "days")
}

/// A number of something, by its plural.
fn counted(number: f64, plural: &str) -> String {
    let number = amount(number);
    let unit = if number == "1" { plural.trim_end_matches('s') } else { plural };
    format!("{number} {unit}")
}

/// A number without zeros that say nothing.
fn amount(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text.strip_prefix('-') {
        Some("0") => "0".to_owned(),
        Some(text) => format!("\u{2212}{text}"),
        None => text.to_owned(),
    }
}

/// Minutes as hours and minutes.
fn hours(minutes: i64) -> String {
    let sign = if minutes < 0 { "\u{2212}" } else { "" };
    format!("{sign}{}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
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
