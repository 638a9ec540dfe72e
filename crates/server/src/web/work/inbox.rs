//! What waits for an answer of the person who is logged in.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::Error;
use http::StatusCode;
use registry::Date;

use super::{amount, day, name, span};
use crate::App;
use crate::web::Posted;
use crate::web::desk::{Desk, Object, body, complaints, date, text, whole};
use crate::web::errors::Failure;
use crate::web::pages::work::{InboxPage, InboxRow};
use crate::web::pages::{FieldErrors, Nav};
use crate::web::visitor::{SignedIn, see_other};

/// A kind of request: its place in addresses, its resource, and how it is answered.
struct Kind {
    place: &'static str,
    path: &'static str,
    row: fn(&Object, Date) -> InboxRow,
}

const KINDS: [Kind; 3] = [
    Kind { place: "leaves", path: "timeoff/leaves", row: leave },
    Kind { place: "timesheets", path: "attendance/edit_timesheet_requests", row: correction },
    Kind { place: "overtime", path: "attendance/overtime_requests", row: overtime },
];

pub(crate) async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    page(&app, &signed_in, FieldErrors::default()).await
}

pub(crate) async fn decide(
    State(app): State<App>,
    Path((place, id)): Path<(String, i64)>,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let kind = KINDS.iter().find(|kind| kind.place == place);
    let kind = kind.ok_or_else(|| Failure::not_found(&signed_in.visitor))?;
    let yes = form.text("do") == "approve";
    let desk = Desk::of(&app, &signed_in);
    let (id, reason) = (id.to_string(), form.text("reason").trim());
    let answered = match (kind.place, yes) {
        ("timesheets", _) => {
            let mut change = Object::new();
            change.insert("approved".to_owned(), yes.into());
            if !reason.is_empty() {
                change.insert("reason".to_owned(), reason.into());
            }
            desk.update(kind.path, id.parse().unwrap_or_default(), &change).await
        }
        (_, true) => desk.act(kind.path, "approve", &body([("id", &id)])).await,
        (_, false) => desk.act(kind.path, "reject", &body([("id", &id), ("reason", reason)])).await,
    };
    match answered {
        Ok(_) => Ok(see_other(if yes { "/inbox?notice=approved" } else { "/inbox?notice=rejected" })),
        Err(error) => {
            let errors = FieldErrors(complaints(&signed_in.visitor, error)?);
            page(&app, &signed_in, errors).await
        }
    }
}

/// The requests that wait, oldest first. Nobody answers his own, unless he runs the company.
pub(crate) async fn waiting(desk: &Desk<'_>, signed_in: &SignedIn) -> Result<Vec<InboxRow>, Error> {
    let me = signed_in.person.employee.get().to_string();
    let mut rows = Vec::new();
    for kind in KINDS {
        let objects = match kind.place {
            "leaves" => desk.list(kind.path, &[("from", &desk.today().to_string())]).await?,
            "timesheets" => desk.list(kind.path, &[]).await?,
            _ => desk.list(kind.path, &[("status", "pending")]).await?,
        };
        let open = |object: &&Object| match kind.place {
            "overtime" => text(object, "status") == "pending",
            _ => object.get("approved").is_none_or(serde_json::Value::is_null),
        };
        let foreign = |object: &&Object| signed_in.person.administrator || text(object, "employee_id") != me;
        let open: Vec<_> = objects.iter().filter(open).filter(foreign).collect();
        let people = open.iter().map(|object| text(object, "employee_id").to_owned());
        let people = desk.named("employees/employees", people).await?;
        rows.extend(open.into_iter().map(|object| InboxRow {
            who: people.get(text(object, "employee_id")).map(name).unwrap_or_default(),
            ..(kind.row)(object, desk.today())
        }));
    }
    Ok(rows)
}

async fn page(app: &App, signed_in: &SignedIn, errors: FieldErrors) -> Result<Response, Failure> {
    let desk = Desk::of(app, signed_in);
    let rows = waiting(&desk, signed_in).await;
    let rows = rows.map_err(|error| Failure::engine(&signed_in.visitor, error))?;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = InboxPage { page: signed_in.visitor.page("Inbox", Nav::Inbox), rows, errors };
    Ok(signed_in.visitor.show(status, &page))
}

fn request(place: &'static str, object: &Object) -> InboxRow {
    let asked = text(object, "created_at").get(..10).and_then(|day| day.parse().ok());
    InboxRow {
        place,
        id: text(object, "id").to_owned(),
        who: String::new(),
        what: String::new(),
        facts: Vec::new(),
        asked: asked.map(|date: Date| format!("asked on {}", day(date))).unwrap_or_default(),
        reason_needed: false,
    }
}

fn leave(leave: &Object, _: Date) -> InboxRow {
    let days = amount(leave.get("days_taken").and_then(serde_json::Value::as_f64).unwrap_or_default());
    let mut facts =
        vec![format!("{}: costs {days} {}", span(leave), if days == "1" { "day" } else { "days" })];
    facts.extend(Some(text(leave, "description").to_owned()).filter(|text| !text.is_empty()));
    let kind = text(leave, "leave_type_name");
    let what = if kind.is_empty() { "Time off" } else { kind };
    InboxRow { what: what.to_owned(), facts, ..request("leaves", leave) }
}

fn correction(asked: &Object, _: Date) -> InboxRow {
    let what = match text(asked, "request_type") {
        "create_shift" => "Add time",
        "delete_shift" => "Remove time",
        _ => "Change time",
    };
    let date = date(asked, "date").map(day).unwrap_or_default();
    let times = match (text(asked, "clock_in"), text(asked, "clock_out")) {
        ("", "") => date,
        (start, end) => format!("{date}, {start} to {end}"),
    };
    let mut facts = vec![times];
    facts.extend(Some(text(asked, "reason").to_owned()).filter(|text| !text.is_empty()));
    facts.retain(|fact| !fact.is_empty());
    InboxRow { what: what.to_owned(), facts, ..request("timesheets", asked) }
}

fn overtime(asked: &Object, _: Date) -> InboxRow {
    #[expect(clippy::cast_precision_loss, reason = "hours of a day are few")]
    let hours = amount(whole(asked, "hours_amount_in_cents") as f64 / 100.0);
    let mut facts = vec![format!("{}: {hours} hours", date(asked, "date").map(day).unwrap_or_default())];
    facts.extend(Some(text(asked, "description").to_owned()).filter(|text| !text.is_empty()));
    InboxRow { what: "Overtime".to_owned(), facts, reason_needed: true, ..request("overtime", asked) }
}
