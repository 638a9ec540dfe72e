//! Clocking in and out in one click.

use access::Doing;
use axum::extract::State;
use axum::response::Response;
use engine::Error;
use registry::DateTime;
use serde_json::{Value, json};

use super::{day, hours};
use crate::App;
use crate::web::Posted;
use crate::web::desk::{Desk, body, complaints, whole};
use crate::web::errors::Failure;
use crate::web::pages::work::{Clock, ClockState, Line};
use crate::web::visitor::{SignedIn, see_other};

const SHIFTS: &str = "attendance/shifts";

/// How the clock of the person stands, and which day it is where the person works.
pub(crate) async fn state(desk: &Desk<'_>, employee: i64) -> Result<(Clock, registry::Date), Error> {
    let asked = json!({ "employee_id": employee });
    let standing = desk.ask(SHIFTS, Doing::See, "standing", asked).await;
    let standing = match standing {
        // Whose time is not tracked has no clock.
        Err(Error::Denied(_) | Error::NotFound) => return Ok((Clock::default(), desk.today().await?)),
        standing => standing?,
    };
    let at = |time: &Value| time.as_str().and_then(|time| time.parse::<DateTime>().ok()).unwrap_or_default();
    let (today, id) = (at(&standing["now"]).date(), employee.to_string());
    let open = standing["open"].as_object();
    let works = open.is_some_and(|open| open.get("workable") == Some(&true.into()));
    let on = today.to_string();
    let range = [("employee_ids[]", id.as_str()), ("start_on", &on), ("end_on", &on)];
    let due = desk.list("attendance/estimated_times", &range).await?;
    let done = desk.list("attendance/worked_times", &range).await?;
    let minutes = |rows: &[_]| rows.first().map_or(0, |row| whole(row, "minutes"));
    let going = open.filter(|_| works).map_or(0, |open| whole(open, "minutes"));
    let (due, done) = (due.first().map_or(0, expected), minutes(&done) + going);
    let since = open.map(|open| {
        let at = at(&open["since"]);
        let time = at.strftime("%H:%M");
        if at.date() == today { time.to_string() } else { format!("{time} on {}", day(at.date())) }
    });
    let line = |shift: &Value| {
        let (id, began) = (shift["id"].as_str().unwrap_or_default(), at(&shift["since"]));
        Line {
            title: day(began.date()),
            text: began.strftime("%H:%M").to_string(),
            href: format!("/timesheet?month={}&shift={id}#add-heading", began.strftime("%Y-%m")),
        }
    };
    let clock = Clock {
        state: match since {
            None => ClockState::Out,
            Some(since) if works => ClockState::In(since),
            Some(since) => ClockState::Break(since),
        },
        today: match (done, due) {
            (0, 0) => String::new(),
            (done, 0) => format!("{} today", hours(done)),
            (done, due) => format!("{} of {} today", hours(done), hours(due)),
        },
        forgotten: standing["forgotten"].as_array().into_iter().flatten().map(line).collect(),
    };
    Ok((clock, today))
}

/// Minutes that are due on a day.
pub(crate) fn expected(row: &crate::web::desk::Object) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a day has few minutes")]
    row.get("minutes").and_then(Value::as_f64).map_or(0, |minutes| minutes.round() as i64)
}

pub(crate) async fn press(State(app): State<App>, posted: Posted<SignedIn>) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let desk = Desk::of(&app, &signed_in);
    let (name, notice) = match form.text("do") {
        "in" => ("clock_in", "clocked_in"),
        "out" => ("clock_out", "clocked_out"),
        "break" => ("break_start", "break_started"),
        "resume" => ("break_end", "break_ended"),
        _ => return Err(Failure::not_found(&signed_in.visitor)),
    };
    let employee = signed_in.person.employee.get().to_string();
    let now = app.db.clock().now().to_string();
    let members =
        body([("now", &now), ("employee_id", &employee), ("location_type", form.text("location_type"))]);
    let back = if form.text("back") == "timesheet" { "/timesheet" } else { "/home" };
    match desk.act(SHIFTS, name, &members).await {
        Ok(_) => Ok(see_other(&format!("{back}?notice={notice}"))),
        Err(error) => {
            let said = complaints(&signed_in.visitor, error)?;
            let sentence = said.first().map_or("", |(_, sentence)| sentence.as_str());
            Err(Failure::page(
                &signed_in.visitor,
                http::StatusCode::UNPROCESSABLE_ENTITY,
                "Not done",
                sentence,
            ))
        }
    }
}
