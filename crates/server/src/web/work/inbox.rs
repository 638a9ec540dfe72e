//! What waits for an answer of the person who is logged in.

use std::collections::{BTreeSet, HashMap};

use access::Doing;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::Error;
use http::StatusCode;
use registry::Date;
use serde_json::Value;

use super::{amount, cost, counted, day, days, name, span};
use crate::App;
use crate::web::Posted;
use crate::web::desk::{Desk, Object, body, complaints, date, text, whole};
use crate::web::errors::Failure;
use crate::web::pages::work::{InboxPage, InboxRow};
use crate::web::pages::{FieldErrors, Nav};
use crate::web::visitor::{SignedIn, see_other};

/// A kind of request: its place in addresses, its resource, which are open, and how one is shown.
struct Kind {
    place: &'static str,
    path: &'static str,
    open: (&'static str, &'static str),
    row: fn(&Object, Date) -> InboxRow,
}

const LEAVES: &str = "timeoff/leaves";

const KINDS: [Kind; 3] = [
    Kind { place: "leaves", path: LEAVES, open: ("include_pending", "true"), row: leave },
    Kind {
        place: "timesheets",
        path: "attendance/edit_timesheet_requests",
        open: ("pending", "true"),
        row: correction,
    },
    Kind {
        place: "overtime",
        path: "attendance/overtime_requests",
        open: ("status", "pending"),
        row: overtime,
    },
];

pub(crate) async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    page(&app, &signed_in, FieldErrors::default(), None).await
}

/// Answers one request.
pub(crate) async fn decide(
    State(app): State<App>,
    Path((place, id)): Path<(String, i64)>,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let kind = KINDS.iter().find(|kind| kind.place == place);
    let kind = kind.ok_or_else(|| Failure::not_found(&signed_in.visitor))?;
    let yes = form.text("do") == "approve";
    match answer(&Desk::of(&app, &signed_in), kind, id, yes, form.text("reason").trim()).await {
        Ok(_) => Ok(see_other(if yes { "/inbox?notice=approved" } else { "/inbox?notice=rejected" })),
        Err(error) => {
            let said = complaints(&signed_in.visitor, error)?;
            let said = said.into_iter().map(|(field, sentence)| {
                let before = if field == "reason" { "reason-" } else { "" };
                (format!("{before}{place}-{id}"), sentence)
            });
            let errors = FieldErrors(said.collect());
            let typed = (place, id.to_string(), form.text("reason").to_owned());
            page(&app, &signed_in, errors, Some(typed)).await
        }
    }
}

/// Approves all requests that are chosen. What cannot be approved stays, and the page says why.
pub(crate) async fn approve(State(app): State<App>, posted: Posted<SignedIn>) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let desk = Desk::of(&app, &signed_in);
    let mut errors = FieldErrors::default();
    for chosen in form.all("pick") {
        let Some((place, Ok(id))) = chosen.split_once('/').map(|(place, id)| (place, id.parse())) else {
            continue;
        };
        let Some(kind) = KINDS.iter().find(|kind| kind.place == place) else { continue };
        if let Err(error) = answer(&desk, kind, id, true, "").await {
            let said = complaints(&signed_in.visitor, error)?;
            errors.0.extend(said.into_iter().map(|(_, sentence)| (format!("{place}-{id}"), sentence)));
        }
    }
    if errors.is_empty() {
        return Ok(see_other("/inbox?notice=approved"));
    }
    page(&app, &signed_in, errors, None).await
}

async fn answer(desk: &Desk<'_>, kind: &Kind, id: i64, yes: bool, reason: &str) -> Result<Object, Error> {
    let named = id.to_string();
    match (kind.place, yes) {
        ("timesheets", _) => {
            let mut change = body([("reason", reason)]);
            change.insert("approved".to_owned(), yes.into());
            desk.update(kind.path, id, &change).await
        }
        (_, true) => desk.act(kind.path, "approve", &body([("id", &named)])).await,
        (_, false) => {
            // Where it is empty, too: whoever needs one says so.
            let mut no = body([("id", &named)]);
            no.insert("reason".to_owned(), reason.into());
            desk.act(kind.path, "reject", &no).await
        }
    }
}

/// The requests that wait for an answer of the person. Nobody answers his own, unless he runs the company.
async fn open(desk: &Desk<'_>, signed_in: &SignedIn, kind: &Kind) -> Result<Vec<Object>, Error> {
    let me = signed_in.person.employee.get();
    let mut open = desk.list(kind.path, &[kind.open]).await?;
    let whose = |object: &Object| text(object, "employee_id").parse().unwrap_or_default();
    let decided = desk.reached(kind.path, Doing::Approve, Some(open.iter().map(whose).collect())).await?;
    open.retain(|object| {
        let of = whose(object);
        decided.contains(&of) && (signed_in.person.administrator || of != me)
    });
    open.sort_by(|one, other| text(one, "created_at").cmp(text(other, "created_at")));
    Ok(open)
}

/// How many requests wait.
pub(crate) async fn waiting(desk: &Desk<'_>, signed_in: &SignedIn) -> Result<usize, Error> {
    let mut waiting = 0;
    for kind in &KINDS {
        waiting += open(desk, signed_in, kind).await?.len();
    }
    Ok(waiting)
}

/// The requests that wait, oldest first, with what would follow from a yes.
async fn rows(desk: &Desk<'_>, signed_in: &SignedIn) -> Result<Vec<InboxRow>, Error> {
    let (mut rows, today) = (Vec::new(), desk.today().await?);
    for kind in &KINDS {
        let open = open(desk, signed_in, kind).await?;
        let people = open.iter().map(|object| text(object, "employee_id").to_owned());
        let people = desk.named("employees/employees", people).await?;
        let mut impact = if kind.path == LEAVES { impact(desk, &open).await? } else { HashMap::new() };
        rows.extend(open.iter().map(|object| InboxRow {
            who: people.get(text(object, "employee_id")).map(name).unwrap_or_default(),
            impact: impact.remove(text(object, "id")).unwrap_or_default(),
            ..(kind.row)(object, today)
        }));
    }
    Ok(rows)
}

/// What would be left of allowances, and who else is away, by leave.
async fn impact(desk: &Desk<'_>, leaves: &[Object]) -> Result<HashMap<String, Vec<String>>, Error> {
    let Some(first) = leaves.iter().filter_map(|leave| date(leave, "start_on")).min() else {
        return Ok(HashMap::new());
    };
    let last =
        leaves.iter().map(|leave| date(leave, "finish_on")).reduce(|one, other| Some(one?.max(other?)));
    let (first, last) = (first.to_string(), last.flatten().map(|last| last.to_string()));
    let mut around = vec![("from", first.as_str()), ("approved", "true")];
    around.extend(last.as_deref().map(|last| ("to", last)));
    let away = desk.list(LEAVES, &around).await?;
    let of: Vec<_> = leaves.iter().map(|leave| ("employee_ids[]", text(leave, "employee_id"))).collect();
    let stats = desk.list("timeoff/allowance_stats", &of).await?;
    let allowances = desk.list("timeoff/allowances", &[]).await?;
    let of_leave = |leave: &Object| {
        let draws = |allowance: &&Object| {
            let kinds = allowance.get("leave_type_ids").and_then(Value::as_array);
            kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == text(leave, "leave_type_id")))
        };
        let left = stats.iter().filter(|stat| text(stat, "employee_id") == text(leave, "employee_id"));
        let left = left.filter_map(|stat| {
            let allowance = allowances.iter().find(|one| text(one, "id") == text(stat, "allowance_id"));
            let allowance = allowance.filter(draws)?;
            let available: f64 = text(stat, "available_days").parse().ok()?;
            let taken = match text(allowance, "allowance_type") {
                "hours" => return Some(format!("{} left before it", counted(available, "hours"))),
                _ => leave.get("days_taken")?.as_f64()?,
            };
            Some(format!("{} of {} would be left", amount(available - taken), days(available)))
        });
        let with = |other: &&Object| {
            text(other, "employee_id") != text(leave, "employee_id")
                && date(other, "start_on").zip(date(leave, "start_on")).is_some_and(|(theirs, own)| {
                    date(leave, "finish_on").is_none_or(|last| theirs <= last)
                        && date(other, "finish_on").is_none_or(|last| last >= own)
                })
        };
        let others: BTreeSet<_> =
            away.iter().filter(with).map(|one| text(one, "employee_full_name")).collect();
        let others: Vec<_> = others.into_iter().collect();
        let also = match others.len() {
            0 => "nobody else is away".to_owned(),
            1..=4 => format!("also away: {}", others.join(", ")),
            many => format!("also away: {} and {} more", others[..3].join(", "), many - 3),
        };
        left.chain([also]).collect()
    };
    Ok(leaves.iter().map(|leave| (text(leave, "id").to_owned(), of_leave(leave))).collect())
}

/// The inbox. `typed` is what was typed as a reason: at which place, about which request.
async fn page(
    app: &App,
    signed_in: &SignedIn,
    errors: FieldErrors,
    typed: Option<(String, String, String)>,
) -> Result<Response, Failure> {
    let desk = Desk::of(app, signed_in);
    let rows = rows(&desk, signed_in).await;
    let mut rows = rows.map_err(|error| Failure::engine(&signed_in.visitor, error))?;
    if let Some((place, id, reason)) = typed
        && let Some(row) = rows.iter_mut().find(|row| row.place == place && row.id == id)
    {
        row.reason = reason;
    }
    let shown = rows.iter().flat_map(|row| {
        let name = format!("{}-{}", row.place, row.id);
        [format!("reason-{name}"), name]
    });
    let shown: Vec<String> = shown.collect();
    let errors = errors.within(&shown.iter().map(String::as_str).collect::<Vec<_>>());
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = InboxPage { page: signed_in.visitor.page("Inbox", Nav::Inbox), rows, errors };
    Ok(signed_in.visitor.show(status, &page))
}

fn request(place: &'static str, object: &Object, today: Date) -> InboxRow {
    let asked = text(object, "created_at").get(..10).and_then(|day| day.parse().ok());
    InboxRow {
        place,
        id: text(object, "id").to_owned(),
        who: String::new(),
        what: String::new(),
        facts: Vec::new(),
        impact: Vec::new(),
        asked: asked.map(|date: Date| ago(date, today)).unwrap_or_default(),
        reason_needed: false,
        reason: String::new(),
    }
}

fn ago(date: Date, today: Date) -> String {
    match today.since((registry::Unit::Day, date)).map_or(0, |span| span.get_days()) {
        ..=0 => "asked today".to_owned(),
        1 => "asked yesterday".to_owned(),
        days @ 2..=30 => format!("asked {days} days ago"),
        _ => format!("asked on {}", day(date)),
    }
}

/// A text, where there is one.
fn said(object: &Object, member: &str) -> Option<String> {
    Some(text(object, member).to_owned()).filter(|text| !text.is_empty())
}

fn leave(leave: &Object, today: Date) -> InboxRow {
    let mut facts = vec![format!("{}: {}", span(leave), cost(leave))];
    facts.extend(said(leave, "description"));
    let kind = text(leave, "leave_type_name");
    let what = if kind.is_empty() { "Time off" } else { kind };
    InboxRow { what: what.to_owned(), facts, ..request("leaves", leave, today) }
}

/// What a correction changes, and when.
pub(super) fn change(asked: &Object) -> (String, String) {
    let what = match text(asked, "request_type") {
        "create_shift" => "Add time",
        "delete_shift" => "Remove time",
        _ => "Change time",
    };
    let date = date(asked, "date").map(day).unwrap_or_default();
    let times = match (text(asked, "clock_in"), text(asked, "clock_out")) {
        ("", "") => date,
        (start, "") => format!("{date}, from {start}"),
        ("", end) => format!("{date}, to {end}"),
        (start, end) => format!("{date}, {start} to {end}"),
    };
    let said = ["observations", "reason"].into_iter().filter_map(|member| said(asked, member));
    (what.to_owned(), std::iter::once(times).chain(said).collect::<Vec<_>>().join(" · "))
}

fn correction(asked: &Object, today: Date) -> InboxRow {
    let (what, fact) = change(asked);
    InboxRow { what, facts: vec![fact], ..request("timesheets", asked, today) }
}

fn overtime(asked: &Object, today: Date) -> InboxRow {
    #[expect(clippy::cast_precision_loss, reason = "hours of a day are few")]
    let hours = counted(whole(asked, "hours_amount_in_cents") as f64 / 100.0, "hours");
    let mut facts = vec![format!("{}: {hours}", date(asked, "date").map(day).unwrap_or_default())];
    facts.extend(said(asked, "description"));
    InboxRow { what: "Overtime".to_owned(), facts, reason_needed: true, ..request("overtime", asked, today) }
}
