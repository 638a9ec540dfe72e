//! A month of planned and worked time: of the person who is logged in, or of somebody whom the person may see.

use std::collections::{HashMap, HashSet};

use access::Doing;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use engine::Error;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use registry::Date;
use serde_json::Value;

use super::people::choices;
use super::{clock, day, hours, month, name, neighbours};
use crate::App;
use crate::http::Fields;
use crate::web::Posted;
use crate::web::desk::{Desk, Object, body, complaints, date, text, whole};
use crate::web::errors::Failure;
use crate::web::pages::work::{AskedRow, DayRow, Decision, ShiftForm, ShiftRow, TimesheetPage};
use crate::web::pages::{FieldErrors, Nav};
use crate::web::visitor::{SignedIn, see_other};

const SHIFTS: &str = "attendance/shifts";
const REQUESTS: &str = "attendance/edit_timesheet_requests";
const REVIEWS: &str = "attendance/reviews";

/// More people than this are no choice any more; their timesheets are opened from their records.
const OFFERED: usize = 200;

pub(crate) async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    let query = signed_in.visitor.query();
    let named = query.text("month").to_owned();
    let form = match query.text("shift").parse() {
        Ok(id) => {
            let shift = Desk::of(&app, &signed_in).read(SHIFTS, id).await;
            let shift = shift.map_err(|error| Failure::engine(&signed_in.visitor, error))?;
            if text(&shift, "employee_id") != signed_in.person.employee.get().to_string() {
                return Err(Failure::not_found(&signed_in.visitor));
            }
            let text = |member| text(&shift, member).to_owned();
            ShiftForm {
                shift: text("id"),
                date: text("date"),
                start: text("clock_in"),
                end: text("clock_out"),
                remark: text("observations"),
            }
        }
        Err(_) => ShiftForm::default(),
    };
    page(&app, &signed_in, &named, form, FieldErrors::default()).await
}

/// Adds or changes a shift, or asks for that.
pub(crate) async fn save(State(app): State<App>, posted: Posted<SignedIn>) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let typed = typed(&form);
    let employee = signed_in.person.employee.get().to_string();
    let mut shift = body([
        ("date", &typed.date),
        ("clock_in", &typed.start),
        ("clock_out", &typed.end),
        ("observations", &typed.remark),
    ]);
    let named = typed.date.get(..7).unwrap_or_default().to_owned();
    if typed.end.is_empty() && form.text("do") != "ask_removal" {
        // The clock leaves an end open; whoever writes time down knows it.
        let errors = FieldErrors(vec![("clock_out".to_owned(), "Say when it ended.".to_owned())]);
        return page(&app, &signed_in, &named, typed, errors).await;
    }
    let desk = Desk::of(&app, &signed_in);
    let of = |mut object: Object| {
        object.insert("employee_id".to_owned(), employee.clone().into());
        object
    };
    if let (Ok(id), "save" | "ask") = (typed.shift.parse(), form.text("do")) {
        let known = desk.read(SHIFTS, id).await;
        let known = known.map_err(|error| Failure::engine(&signed_in.visitor, error))?;
        // What stays keeps its seconds, which a form does not show.
        shift.retain(|member, value| known.get(member) != Some(value));
    }
    let (saved, notice) = match (form.text("do"), typed.shift.parse()) {
        ("ask", Err(_)) => {
            let request = with(shift, &[("request_type", "create_shift")]);
            (desk.create(REQUESTS, &of(request)).await, "correction_sent")
        }
        (ask @ ("ask" | "ask_removal"), _) => {
            let kind = if ask == "ask" { "update_shift" } else { "delete_shift" };
            let request = with(shift, &[("request_type", kind), ("attendance_shift_id", &typed.shift)]);
            (desk.create(REQUESTS, &of(request)).await, "correction_sent")
        }
        (_, Err(_)) => (desk.create(SHIFTS, &of(shift)).await, "saved"),
        (_, Ok(id)) => (desk.update(SHIFTS, id, &shift).await, "saved"),
    };
    match saved {
        Ok(_) => Ok(see_other(&format!("/timesheet?month={}&notice={notice}", month_only(&named)))),
        Err(error) => {
            let errors = FieldErrors(complaints(&signed_in.visitor, error)?).within(&FIELDS);
            page(&app, &signed_in, &named, typed, errors).await
        }
    }
}

/// What the form has a field for.
const FIELDS: [&str; 4] = ["date", "clock_in", "clock_out", "observations"];

fn typed(form: &Fields) -> ShiftForm {
    let text = |name| form.text(name).trim().to_owned();
    ShiftForm {
        shift: text("shift"),
        date: text("date"),
        start: text("clock_in"),
        end: text("clock_out"),
        remark: text("observations"),
    }
}

fn with(mut object: Object, more: &[(&str, &str)]) -> Object {
    object.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())));
    object
}

pub(crate) async fn remove(
    State(app): State<App>,
    Path(id): Path<i64>,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    delete(&app, SHIFTS, id, posted).await
}

/// Takes back a correction that was asked for.
pub(crate) async fn take_back(
    State(app): State<App>,
    Path(id): Path<i64>,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    delete(&app, REQUESTS, id, posted).await
}

async fn delete(app: &App, path: &str, id: i64, posted: Posted<SignedIn>) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let named = form.text("month").to_owned();
    match Desk::of(app, &signed_in).delete(path, id).await {
        Ok(_) => Ok(see_other(&format!("/timesheet?month={}&notice=deleted", month_only(&named)))),
        Err(error) => {
            let errors = FieldErrors(complaints(&signed_in.visitor, error)?).within(&FIELDS);
            page(app, &signed_in, &named, ShiftForm::default(), errors).await
        }
    }
}

/// Whose timesheet an address names, by the parameter `employee`: nobody's who may not be seen.
async fn whose(desk: &Desk<'_>, signed_in: &SignedIn) -> Result<i64, Failure> {
    let own = signed_in.person.employee.get();
    let named = signed_in.visitor.query().text("employee").parse().unwrap_or(own);
    let reaches = async { Ok(named == own || desk.reaches(SHIFTS, Doing::See, named).await?) };
    if reaches.await.map_err(|error: Error| Failure::engine(&signed_in.visitor, error))? {
        Ok(named)
    } else {
        Err(Failure::not_found(&signed_in.visitor))
    }
}

/// Reviews days of somebody, or takes reviews of them back.
pub(crate) async fn review(State(app): State<App>, posted: Posted<SignedIn>) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let employee: i64 = form.text("employee").parse().unwrap_or_default();
    let (act, notice) = match form.text("do") {
        "review" => ("bulk_create", "reviewed"),
        _ => ("bulk_destroy", "reopened"),
    };
    let mut days = body([("start_on", form.text("start_on")), ("end_on", form.text("end_on"))]);
    days.insert("employee_ids".to_owned(), Value::from(vec![employee.to_string()]));
    if act == "bulk_create" {
        days.insert("reviewed_by".to_owned(), signed_in.person.employee.get().to_string().into());
    }
    match Desk::of(&app, &signed_in).act(REVIEWS, act, &days).await {
        Ok(_) => {
            let month = month_only(form.text("start_on"));
            Ok(see_other(&format!("/timesheet?month={month}&employee={employee}&notice={notice}")))
        }
        Err(error) => Err(Failure::engine(&signed_in.visitor, error)),
    }
}

/// The month as a file for a spreadsheet: a line for each day, times in hours with a point.
pub(crate) async fn export(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    let desk = Desk::of(&app, &signed_in);
    let failed = |error| Failure::engine(&signed_in.visitor, error);
    let employee = whose(&desk, &signed_in).await?;
    let today = desk.today().await.map_err(failed)?;
    let first = month(signed_in.visitor.query().text("month"), today);
    let facts = facts(&desk, employee, first).await.map_err(failed)?;
    let mut lines = vec!["date,recorded,worked_hours,planned_hours,notes,reviewed".to_owned()];
    for date in days(first) {
        let recorded = facts.shifts.get(&date).into_iter().flatten();
        let recorded: Vec<_> = recorded
            .map(|shift| format!("{}{}", shift.times, if shift.pause { " (break)" } else { "" }))
            .collect();
        let notes = facts.notes.get(&date).map(|notes| notes.join("; ")).unwrap_or_default();
        let cells = [
            date.to_string(),
            quoted(&recorded.join("; ")),
            decimal(facts.worked(date)),
            decimal(facts.planned(date)),
            quoted(&notes),
            facts.reviewed.contains(&date).to_string(),
        ];
        lines.push(cells.join(","));
    }
    let name = format!("attachment; filename=\"timesheet-{}.csv\"", first.strftime("%Y-%m"));
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, lines.join("\r\n") + "\r\n").into_response())
}

/// Minutes in hours, with two decimals.
fn decimal(minutes: i64) -> String {
    let hundredths = (minutes * 100 + 30 * minutes.signum()) / 60;
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}

/// A cell that is text: RFC 4180, section 2, and never a formula for the program that opens it.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// The days of a month.
fn days(first: Date) -> impl Iterator<Item = Date> {
    first.series(registry::Span::new().days(1)).take_while(move |day| day.month() == first.month())
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
    let (own, employee) = (signed_in.person.employee.get(), whose(&desk, signed_in).await?);
    let (clock, today) = clock::state(&desk, employee).await.map_err(failed)?;
    let first = month(named, today);
    let facts = facts(&desk, employee, first).await.map_err(failed)?;
    let mut reached = desk.reached(SHIFTS, Doing::See, None).await.map_err(failed)?;
    if reached.len() > OFFERED {
        reached.clear();
        reached.extend(Some(employee).filter(|_| employee != own));
    }
    let named = reached.iter().map(ToString::to_string);
    let people = desk.named("employees/employees", named).await.map_err(failed)?;
    let of = people.get(&employee.to_string()).filter(|_| employee != own);
    let of = of.map(|person| (employee.to_string(), name(person)));
    let reviews = desk.reaches(REVIEWS, Doing::Approve, employee).await.map_err(failed)?;
    let reviews = reviews && (employee != own || signed_in.person.administrator);
    let over = first.last_of_month().min(today);
    let review = (reviews && first <= today).then(|| (first.to_string(), over.to_string()));
    let shown = |path: &str| format!("{path}employee={employee}");
    let (mut planned, mut worked, mut difference) = (0, 0, 0);
    let rows: Vec<_> = days(first)
        .map(|date| {
            planned += facts.planned(date);
            worked += facts.worked(date);
            // What is not over yet is no debt, and no gain.
            difference += if date < today { facts.worked(date) - facts.planned(date) } else { 0 };
            facts.row(date, today)
        })
        .collect();
    let (previous, next) = neighbours(first);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = of.as_ref().map_or("Timesheet".to_owned(), |(_, who)| format!("Timesheet of {who}"));
    let page = TimesheetPage {
        page: signed_in.visitor.page(title, Nav::Timesheet),
        month: first.strftime("%B %Y").to_string(),
        previous: shown(&format!("/timesheet?month={previous}&")),
        next: shown(&format!("/timesheet?month={next}&")),
        export: shown(&format!("/timesheet.csv?month={}&", first.strftime("%Y-%m"))),
        employee: employee.to_string(),
        of,
        people: choices(&named_people(people)),
        review,
        value: first.strftime("%Y-%m").to_string(),
        clock,
        days: rows,
        totals: (hours(planned), hours(worked), hours(difference)),
        form: if form.date.is_empty() && errors.is_empty() {
            ShiftForm { date: today.to_string(), ..form }
        } else {
            form
        },
        errors,
        writes: desk.may(SHIFTS, Doing::Edit),
        asked: facts.asked,
    };
    Ok(signed_in.visitor.show(status, &page))
}

/// People with what they are called where a choice wants it.
fn named_people(people: HashMap<String, Object>) -> Vec<Object> {
    let named = |mut person: Object| {
        person.insert("name".to_owned(), name(&person).into());
        person
    };
    people.into_values().map(named).collect()
}

/// What is known of each day.
struct Facts {
    planned: HashMap<Date, i64>,
    worked: HashMap<Date, i64>,
    shifts: HashMap<Date, Vec<ShiftRow>>,
    notes: HashMap<Date, Vec<String>>,
    reviewed: HashSet<Date>,
    asked: Vec<AskedRow>,
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
            date: date.to_string(),
            begun: date <= today,
            today: date == today,
            free: planned == 0,
            planned: shown(planned),
            worked: shown(worked),
            difference: if date < today { shown(worked - planned) } else { String::new() },
            notes: self.notes.get(&date).cloned().unwrap_or_default(),
            reviewed: self.reviewed.contains(&date),
            shifts: self.shifts.get(&date).cloned().unwrap_or_default(),
        }
    }
}

/// The time of day of a point in time, where a plan is for.
fn on_wall(iso: &str, zone: &str) -> Option<String> {
    let zone = registry::TimeZone::get(zone).ok()?;
    Some(zone.to_datetime(iso.parse().ok()?).strftime("%H:%M").to_string())
}

/// A correction that was asked for.
fn asked(request: &Object) -> AskedRow {
    let (what, text_of) = super::inbox::change(request);
    AskedRow {
        id: text(request, "id").to_owned(),
        what,
        text: text_of,
        state: Decision::of(request.get("approved").and_then(Value::as_bool)),
    }
}

async fn facts(desk: &Desk<'_>, employee: i64, first: Date) -> Result<Facts, Error> {
    let employee = employee.to_string();
    let (from, to) = (first.to_string(), first.last_of_month().to_string());
    let range = [("employee_ids[]", employee.as_str()), ("start_on", &from), ("end_on", &to)];
    let minutes = |rows: &[Object], of: fn(&Object) -> i64| {
        rows.iter().filter_map(|row| Some((date(row, "date")?, of(row)))).collect::<HashMap<_, _>>()
    };
    let due = desk.list("attendance/estimated_times", &range).await?;
    let done = desk.list("attendance/worked_times", &range).await?;
    let mut facts = Facts {
        planned: minutes(&due, clock::expected),
        worked: minutes(&done, |row| whole(row, "minutes")),
        shifts: HashMap::new(),
        notes: HashMap::new(),
        reviewed: HashSet::new(),
        asked: Vec::new(),
    };
    for plan in &due {
        for shift in plan.get("shifts").and_then(Value::as_array).into_iter().flatten() {
            let at =
                |member: &str| on_wall(shift[member].as_str()?, shift["timezone"].as_str().unwrap_or("UTC"));
            if let (Some(date), Some((from, to))) = (date(plan, "date"), at("start_at").zip(at("end_at"))) {
                facts.notes.entry(date).or_default().push(format!("Shift {from} to {to}"));
            }
        }
    }
    for shift in desk.list(SHIFTS, &range).await? {
        let Some(date) = date(&shift, "reference_date").or_else(|| date(&shift, "date")) else { continue };
        let start = text(&shift, "clock_in");
        let times = match text(&shift, "clock_out") {
            _ if start.is_empty() => "Half a day".to_owned(),
            "" => format!("{start}, not ended"),
            end => format!("{start} to {end}"),
        };
        facts.shifts.entry(date).or_default().push(ShiftRow {
            id: text(&shift, "id").to_owned(),
            times,
            pause: shift.get("workable") == Some(&false.into()),
            remark: text(&shift, "observations").to_owned(),
        });
    }
    for shifts in facts.shifts.values_mut() {
        shifts.sort_by(|one, other| one.times.cmp(&other.times));
    }
    for review in desk.list("attendance/reviews", &range).await? {
        facts.reviewed.extend(date(&review, "date"));
    }
    facts.asked = desk.list(REQUESTS, &range).await?.iter().map(asked).collect();
    let leaves = [("employee_ids[]", employee.as_str()), ("from", &from), ("to", &to)];
    for leave in desk.list("timeoff/leaves", &leaves).await? {
        if leave.get("approved") == Some(&false.into()) {
            continue;
        }
        let (Some(start), finish) = (date(&leave, "start_on"), date(&leave, "finish_on")) else { continue };
        let last = finish.unwrap_or(first.last_of_month()).min(first.last_of_month());
        for day in start.max(first).series(registry::Span::new().days(1)).take_while(|day| *day <= last) {
            let kind = text(&leave, "leave_type_name");
            let kind = if kind.is_empty() { "Absent" } else { kind };
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
