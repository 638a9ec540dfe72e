//! The timesheet of the person who is logged in: a month of planned and worked time.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::Response;
use engine::Error;
use http::StatusCode;
use registry::Date;

use super::{clock, day, hours, month, neighbours};
use crate::App;
use crate::web::Posted;
use crate::web::desk::{Desk, Object, body, complaints, date, text, whole};
use crate::web::errors::Failure;
use crate::web::pages::work::{DayRow, ShiftForm, TimesheetPage};
use crate::web::pages::{FieldErrors, Nav};
use crate::web::visitor::{SignedIn, see_other};

const SHIFTS: &str = "attendance/shifts";

pub(crate) async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    let named = signed_in.visitor.query().text("month").to_owned();
    page(&app, &signed_in, &named, ShiftForm::default(), FieldErrors::default()).await
}

pub(crate) async fn add(State(app): State<App>, posted: Posted<SignedIn>) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let text = |name| form.text(name).trim().to_owned();
    let typed = ShiftForm {
        date: text("date"),
        start: text("clock_in"),
        end: text("clock_out"),
        remark: text("observations"),
    };
    let employee = signed_in.person.employee.get().to_string();
    let shift = body([
        ("employee_id", &employee),
        ("date", &typed.date),
        ("clock_in", &typed.start),
        ("clock_out", &typed.end),
        ("observations", &typed.remark),
    ]);
    let named = typed.date.get(..7).unwrap_or_default().to_owned();
    match Desk::of(&app, &signed_in).create(SHIFTS, &shift).await {
        Ok(_) => Ok(see_other(&format!("/timesheet?month={named}&notice=saved"))),
        Err(error) => {
            let errors = FieldErrors(complaints(&signed_in.visitor, error)?);
            page(&app, &signed_in, &named, typed, errors).await
        }
    }
}

pub(crate) async fn remove(
    State(app): State<App>,
    Path(id): Path<i64>,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let named = form.text("month").to_owned();
    match Desk::of(&app, &signed_in).delete(SHIFTS, id).await {
        Ok(_) => Ok(see_other(&format!("/timesheet?month={}&notice=deleted", month_only(&named)))),
        Err(error) => {
            let errors = FieldErrors(complaints(&signed_in.visitor, error)?);
            page(&app, &signed_in, &named, ShiftForm::default(), errors).await
        }
    }
}

/// Nothing but what a month can be goes into an address.
fn month_only(named: &str) -> String {
    named.chars().filter(|c| c.is_ascii_digit() || *c == '-').take(7).collect()
}

async fn page(
    app: &App,
    signed_in: &SignedIn,
    named: &str,
    form: ShiftForm,
    errors: FieldErrors,
) -> Result<Response, Failure> {
    let desk = Desk::of(app, signed_in);
    let failed = |error| Failure::engine(&signed_in.visitor, error);
    let today = desk.today();
    let first = month(named, today);
    let facts = facts(&desk, signed_in.person.employee.get(), first).await.map_err(failed)?;
    let days = first.series(registry::Span::new().days(1)).take_while(|day| day.month() == first.month());
    let (mut planned, mut worked) = (0, 0);
    let rows: Vec<_> = days
        .map(|date| {
            planned += facts.planned(date);
            worked += facts.worked(date);
            facts.row(date, today)
        })
        .collect();
    let (previous, next) = neighbours(first);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = TimesheetPage {
        page: signed_in.visitor.page("Timesheet", Nav::Timesheet),
        month: first.strftime("%B %Y").to_string(),
        previous: format!("/timesheet?month={previous}"),
        next: format!("/timesheet?month={next}"),
        clock: clock::state(&desk, signed_in.person.employee.get()).await.map_err(failed)?,
        days: rows,
        totals: (hours(planned), hours(worked), hours(worked - planned)),
        form: if form.date.is_empty() { ShiftForm { date: today.to_string(), ..form } } else { form },
        errors,
    };
    Ok(signed_in.visitor.show(status, &page))
}

/// What is known of each day.
struct Facts {
    planned: HashMap<Date, i64>,
    worked: HashMap<Date, i64>,
    shifts: HashMap<Date, Vec<(String, String, bool)>>,
    notes: HashMap<Date, Vec<String>>,
}

impl Facts {
    fn planned(&self, date: Date) -> i64 {
        self.planned.get(&date).copied().unwrap_or_default()
    }

    fn worked(&self, date: Date) -> i64 {
        self.worked.get(&date).copied().unwrap_or_default()
    }

    fn row(&self, date: Date, today: Date) -> DayRow {
        let (planned, worked) = (self.planned(date), self.worked(date));
        let shown = |minutes| if minutes == 0 { String::new() } else { hours(minutes) };
        DayRow {
            label: day(date),
            today: date == today,
            free: planned == 0,
            planned: shown(planned),
            worked: shown(worked),
            // What is still to come is no debt.
            difference: if date > today { String::new() } else { shown(worked - planned) },
            note: self.notes.get(&date).map(|notes| notes.join(", ")).unwrap_or_default(),
            shifts: self.shifts.get(&date).cloned().unwrap_or_default(),
        }
    }
}

async fn facts(desk: &Desk<'_>, employee: i64, first: Date) -> Result<Facts, Error> {
    let employee = employee.to_string();
    let (from, to) = (first.to_string(), first.last_of_month().to_string());
    let range = [("employee_ids[]", employee.as_str()), ("start_on", &from), ("end_on", &to)];
    let minutes = |rows: Result<Vec<Object>, Error>, member: &str| match rows {
        // A computed list that is not there yet has nothing to tell.
        Err(Error::NotYet(_)) => Ok(HashMap::new()),
        rows => rows.map(|rows| {
            rows.iter()
                .filter_map(|row| Some((date(row, "date")?, whole(row, member))))
                .collect::<HashMap<_, _>>()
        }),
    };
    let planned = minutes(desk.list("attendance/estimated_times", &range).await, "minutes")?;
    let worked = minutes(desk.list("attendance/worked_times", &range).await, "minutes")?;
    let mut facts = Facts { planned, worked, shifts: HashMap::new(), notes: HashMap::new() };
    for shift in desk.list(SHIFTS, &range).await? {
        let Some(date) = date(&shift, "reference_date").or_else(|| date(&shift, "date")) else { continue };
        let end = match text(&shift, "clock_out") {
            "" => "now",
            end => end,
        };
        let times = format!("{} to {end}", text(&shift, "clock_in"));
        let pause = shift.get("workable") == Some(&false.into());
        facts.shifts.entry(date).or_default().push((text(&shift, "id").to_owned(), times, pause));
    }
    let leaves = [("employee_ids[]", employee.as_str()), ("from", &from), ("to", &to)];
    for leave in desk.list("timeoff/leaves", &leaves).await? {
        if leave.get("approved") == Some(&false.into()) {
            continue;
        }
        let (Some(start), finish) = (date(&leave, "start_on"), date(&leave, "finish_on")) else { continue };
        let last = finish.unwrap_or(first.last_of_month()).min(first.last_of_month());
        for day in start.max(first).series(registry::Span::new().days(1)).take_while(|day| *day <= last) {
            let kind = text(&leave, "leave_type_name");
            let kind = if kind.is_empty() { "Away" } else { kind };
            facts.notes.entry(day).or_default().push(kind.to_owned());
        }
    }
    let (start, end) = (format!("{from}T00:00:00Z"), format!("{to}T23:59:59Z"));
    let holidays = [("employee_ids[]", employee.as_str()), ("start_at", &start), ("end_at", &end)];
    for holiday in desk.list("holidays/company_holidays", &holidays).await? {
        if let Some(date) = date(&holiday, "date") {
            facts.notes.entry(date).or_default().push(text(&holiday, "summary").to_owned());
        }
    }
    Ok(facts)
}
