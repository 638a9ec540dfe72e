//! The days off of each workplace, and taking them over from a holiday calendar.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;

use super::desk::{Desk, complaints, text};
use super::errors::Failure;
use super::form::Posted;
use super::pages::settings::{HolidayRow, HolidaysPage, Taken};
use super::pages::{FieldErrors, Nav};
use super::visitor::{Administrator, SignedIn};
use crate::App;
use crate::errands::import_holidays;

pub(crate) async fn show(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    page(&app, &signed_in, "", FieldErrors::default(), None).await
}

/// The report is part of this answer; what it tells of stays.
pub(crate) async fn import(
    State(app): State<App>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let (place, calendar) = (form.text("location").to_owned(), form.text("calendar").to_owned());
    let (engine, location) = (app.engine, place.clone());
    if calendar.is_empty() {
        let errors = FieldErrors(vec![("calendar".to_owned(), "Choose a file.".to_owned())]);
        return page(&app, &signed_in, &place, errors, None).await;
    }
    let write =
        app.db.write(move |tx| import_holidays(engine, tx, company, &actor, Some(&location), &calendar));
    match write.await {
        Ok(report) => page(&app, &signed_in, &place, FieldErrors::default(), Some(report)).await,
        Err(error) => {
            let errors = FieldErrors(complaints(&signed_in.visitor, error)?);
            page(&app, &signed_in, &place, errors, None).await
        }
    }
}

async fn page(
    app: &App,
    signed_in: &SignedIn,
    chosen: &str,
    errors: FieldErrors,
    report: Option<Value>,
) -> Result<Response, Failure> {
    let desk = Desk::of(app, signed_in);
    let failed = |error| Failure::engine(&signed_in.visitor, error);
    let places = desk.list("locations/locations", &[]).await.map_err(failed)?;
    let from = format!("{}-01-01", desk.today().await.map_err(failed)?.year());
    let mut days = desk.list("holidays/company_holidays", &[("start_at", &from)]).await.map_err(failed)?;
    days.sort_by(|one, other| {
        (text(one, "date"), text(one, "id")).cmp(&(text(other, "date"), text(other, "id")))
    });
    let places: Vec<(String, String)> =
        places.iter().map(|place| (text(place, "id").to_owned(), text(place, "name").to_owned())).collect();
    let named =
        |id: &str| places.iter().find(|(place, _)| place == id).map_or("", |(_, name)| name).to_owned();
    let rows = days.iter().map(|day| HolidayRow {
        date: text(day, "date").to_owned(),
        name: text(day, "summary").to_owned(),
        half: half(text(day, "half_day")),
        place: named(text(day, "location_id")),
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = HolidaysPage {
        page: signed_in.visitor.page("Holidays", Nav::Holidays),
        rows: rows.collect(),
        report: report.map(|report| taken(&report)),
        chosen: chosen.to_owned(),
        places,
        errors,
    };
    Ok(signed_in.visitor.show(status, &page))
}

fn half(half_day: &str) -> &'static str {
    match half_day {
        "beginning_of_day" => "in the morning",
        "end_of_day" => "in the afternoon",
        _ => "all day",
    }
}

fn taken(report: &Value) -> Taken {
    let said = |of: &Value, member: &str| of[member].as_str().unwrap_or_default().to_owned();
    let days = |member: &str| report[member].as_array().into_iter().flatten();
    let row = |day: &Value| HolidayRow {
        date: said(day, "date"),
        name: said(day, "summary"),
        half: half(&said(day, "half_day")),
        place: said(report, "location"),
    };
    Taken {
        added: days("added").map(row).collect(),
        changed: days("changed").map(row).collect(),
        same: days("same").count(),
        refused: days("refused").map(|one| (said(one, "name"), said(one, "why"))).collect(),
    }
}
