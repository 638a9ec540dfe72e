//! Clocking in and out in one click.

use axum::extract::State;
use axum::response::Response;
use engine::Error;

use crate::App;
use crate::web::desk::{Desk, body, complaints, text};
use crate::web::errors::Failure;
use crate::web::pages::work::Clock;
use crate::web::visitor::{SignedIn, see_other};
use crate::web::{Posted, work};

/// How the clock of the person stands.
pub(crate) async fn state(desk: &Desk<'_>, employee: i64) -> Result<Clock, Error> {
    let employee = employee.to_string();
    let open = desk.list("attendance/open_shifts", &[("employee_ids[]", &employee)]).await;
    let open = match open {
        Err(Error::NotYet(_)) => Vec::new(),
        open => open?,
    };
    let running = open.iter().rfind(|shift| matches!(text(shift, "status"), "opened" | ""));
    Ok(running.map_or(Clock::Out, |shift| {
        let since = work::moment(text(shift, "clock_in"));
        if shift.get("workable") == Some(&false.into()) { Clock::Break(since) } else { Clock::In(since) }
    }))
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
    match desk.act("attendance/shifts", name, &members).await {
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
