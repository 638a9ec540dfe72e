//! Who is away in a month.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use engine::Error;
use http::StatusCode;
use registry::Date;
use serde_json::Value;

use super::people::choices;
use super::{day, month, name, neighbours, span};
use crate::App;
use crate::web::desk::{Desk, Object, date, text};
use crate::web::errors::Failure;
use crate::web::pages::Nav;
use crate::web::pages::work::{CalendarPage, CalendarRow, Line};
use crate::web::visitor::SignedIn;

/// The letters of the weekdays, Monday first.
const LETTERS: [&str; 7] = ["M", "T", "W", "T", "F", "S", "S"];

pub(crate) async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    let desk = Desk::of(&app, &signed_in);
    let failed = |error| Failure::engine(&signed_in.visitor, error);
    let query = signed_in.visitor.query();
    let today = desk.today().await.map_err(failed)?;
    let first = month(query.text("month"), today);
    let last = first.last_of_month();
    let (from, to) = (first.to_string(), last.to_string());
    let team = query.text("team").to_owned();
    let members: Option<Vec<String>> = match team.as_str() {
        "" => None,
        team => {
            let places = desk.list("teams/memberships", &[("team_ids[]", team)]).await.map_err(failed)?;
            Some(places.iter().map(|place| text(place, "employee_id").to_owned()).collect())
        }
    };
    let mut asked = vec![("from", from.as_str()), ("to", to.as_str())];
    asked.extend(members.iter().flatten().map(|member| ("employee_ids[]", member.as_str())));
    let leaves = match &members {
        // Without anybody in it a filter would be none.
        Some(members) if members.is_empty() => Vec::new(),
        _ => desk.list("timeoff/leaves", &asked).await.map_err(failed)?,
    };
    let wanted = |leave: &&Object| leave.get("approved") != Some(&false.into());
    let mut of_people: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
    for leave in leaves.iter().filter(wanted) {
        of_people.entry(text(leave, "employee_id")).or_default().push(leave);
    }
    let people = desk.named("employees/employees", of_people.keys().map(|id| (*id).to_owned())).await;
    let people = people.map_err(failed)?;
    let mut rows: Vec<_> = of_people
        .into_iter()
        .filter_map(|(id, leaves)| Some(row(name(people.get(id)?), &leaves, first)))
        .collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    let teams = desk.list("teams/teams", &[]).await.map_err(failed)?;
    let holidays = holidays(&desk, first).await.map_err(failed)?;
    let (previous, next) = neighbours(first);
    let chosen = |month: &str| {
        let team: String = team.chars().filter(char::is_ascii_digit).collect();
        if team.is_empty() {
            format!("/calendar?month={month}")
        } else {
            format!("/calendar?month={month}&team={team}")
        }
    };
    let page = CalendarPage {
        page: signed_in.visitor.page("Calendar", Nav::Calendar),
        month: first.strftime("%B %Y").to_string(),
        previous: chosen(&previous),
        next: chosen(&next),
        value: first.strftime("%Y-%m").to_string(),
        teams: choices(&teams),
        team: team.clone(),
        closed: closed(&desk, &holidays, first).await.map_err(failed)?,
        days: days(&holidays, first),
        rows,
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

/// The holidays of a month, by day.
async fn holidays(desk: &Desk<'_>, first: Date) -> Result<BTreeMap<Date, String>, Error> {
    let (start, end) = (format!("{first}T00:00:00Z"), format!("{}T23:59:59Z", first.last_of_month()));
    let holidays = desk.list("holidays/company_holidays", &[("start_at", &start), ("end_at", &end)]).await?;
    let mut named = BTreeMap::new();
    for holiday in holidays {
        if let Some(date) = date(&holiday, "date") {
            named.entry(date).or_insert_with(|| text(&holiday, "summary").to_owned());
        }
    }
    Ok(named)
}

/// Holidays of a month, and spans in which some kinds of leave are not granted.
async fn closed(desk: &Desk<'_>, holidays: &BTreeMap<Date, String>, first: Date) -> Result<Vec<Line>, Error> {
    let line = |title: &str, text: String| Line { title: title.to_owned(), text, href: String::new() };
    let mut lines: Vec<_> = holidays.iter().map(|(date, name)| line(name, day(*date))).collect();
    for policy in desk.list("timeoff/blocked_periods", &[]).await? {
        for period in policy.get("time_periods").and_then(Value::as_array).into_iter().flatten() {
            let on = |member: &str| period[member].as_str().and_then(|day| day.parse::<Date>().ok());
            let Some((start, finish)) = on("start_on").zip(on("finish_on")) else { continue };
            if start <= first.last_of_month() && finish >= first {
                let when = format!("{} to {}: no time off is granted", day(start), day(finish));
                lines.push(line(text(&policy, "name"), when));
            }
        }
    }
    Ok(lines)
}

fn days(named: &BTreeMap<Date, String>, first: Date) -> Vec<(i8, &'static str, bool, String)> {
    let month = first.series(registry::Span::new().days(1)).take_while(|day| day.month() == first.month());
    let cell = |day: Date| {
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
        (day.day(), LETTERS[weekday], weekday > 4, named.get(&day).cloned().unwrap_or_default())
    };
    month.map(cell).collect()
}

fn row(name: String, leaves: &[&Object], first: Date) -> CalendarRow {
    let last = first.last_of_month();
    let mut days = vec![""; usize::try_from(last.day()).unwrap_or_default()];
    for leave in leaves {
        let Some(start) = date(leave, "start_on") else { continue };
        let finish = date(leave, "finish_on").unwrap_or(last).min(last);
        let look = if leave.get("approved").is_none_or(Value::is_null) {
            "pending"
        } else if text(leave, "half_day").is_empty() {
            "away"
        } else {
            "half"
        };
        let away = start.max(first).series(registry::Span::new().days(1)).take_while(|day| *day <= finish);
        for day in away {
            if let Some(cell) = usize::try_from(day.day()).ok().and_then(|at| days.get_mut(at - 1)) {
                *cell = look;
            }
        }
    }
    let said = |leave: &&Object| {
        let kind = text(leave, "leave_type_name");
        format!("{}: {}", if kind.is_empty() { "Absent" } else { kind }, span(leave))
    };
    CalendarRow { name, days, spans: leaves.iter().map(said).collect() }
}
