//! Time off of the person who is logged in: what is left, what was asked for, and asking for more.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::Error;
use hr::timeoff::judge;
use hr::timeoff::rules::count::{Charge, Why};
use http::StatusCode;
use serde_json::Value;

use super::{amount, day, span};
use crate::App;
use crate::http::Fields;
use crate::web::Posted;
use crate::web::desk::{Desk, Object, body, complaints, date, text};
use crate::web::errors::Failure;
use crate::web::pages::work::{Balance, Decision, LeaveForm, LeaveRow, Line, Preview, TimeOffPage};
use crate::web::pages::{FieldErrors, Nav};
use crate::web::visitor::{SignedIn, see_other};

const LEAVES: &str = "timeoff/leaves";

pub(crate) async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    page(&app, &signed_in, LeaveForm::default(), FieldErrors::default(), None).await
}

pub(crate) async fn ask(State(app): State<App>, posted: Posted<SignedIn>) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let typed = typed(&form);
    let desk = Desk::of(&app, &signed_in);
    if form.text("do") == "check" {
        return match preview(&desk, signed_in.person.employee.get(), &typed).await {
            Ok(preview) => page(&app, &signed_in, typed, FieldErrors::default(), Some(preview)).await,
            Err(error) => {
                let errors = FieldErrors(complaints(&signed_in.visitor, error)?);
                page(&app, &signed_in, typed, errors, None).await
            }
        };
    }
    match desk.create(LEAVES, &request(&signed_in, &typed)).await {
        Ok(leave) => {
            let approved = leave.get("approved") == Some(&true.into());
            Ok(see_other(if approved {
                "/time-off?notice=leave_approved"
            } else {
                "/time-off?notice=leave_sent"
            }))
        }
        Err(error) => {
            let errors = FieldErrors(complaints(&signed_in.visitor, error)?);
            page(&app, &signed_in, typed, errors, None).await
        }
    }
}

pub(crate) async fn take_back(
    State(app): State<App>,
    Path(id): Path<i64>,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    let signed_in = posted.by;
    match Desk::of(&app, &signed_in).delete(LEAVES, id).await {
        Ok(_) => Ok(see_other("/time-off?notice=leave_taken_back")),
        Err(error) => {
            let errors = FieldErrors(complaints(&signed_in.visitor, error)?);
            page(&app, &signed_in, LeaveForm::default(), errors, None).await
        }
    }
}

/// Who is away today, as far as the person may see.
pub(crate) async fn away(desk: &Desk<'_>) -> Result<Vec<Line>, Error> {
    let today = desk.today().to_string();
    let leaves = desk.list(LEAVES, &[("from", &today), ("to", &today)]).await?;
    let leaves: Vec<_> = leaves.iter().filter(|leave| leave.get("approved") == Some(&true.into())).collect();
    let people = leaves.iter().map(|leave| text(leave, "employee_id").to_owned());
    let people = desk.named("employees/employees", people).await?;
    let line = |leave: &&Object| {
        let person = people.get(text(leave, "employee_id"))?;
        let href = format!("/people/{}", text(person, "id"));
        Some(Line { title: super::name(person), text: span(leave), href })
    };
    Ok(leaves.iter().filter_map(line).collect())
}

/// Leaves of the person that run or are to come, the next one first.
pub(crate) async fn upcoming(desk: &Desk<'_>, signed_in: &SignedIn) -> Result<Vec<LeaveRow>, Error> {
    let (employee, today) = (signed_in.person.employee.get().to_string(), desk.today());
    let mut leaves =
        desk.list(LEAVES, &[("employee_ids[]", &employee), ("from", &today.to_string())]).await?;
    leaves.sort_by_key(|leave| date(leave, "start_on"));
    Ok(leaves.iter().take(5).map(|leave| row(leave, today)).collect())
}

fn typed(form: &Fields) -> LeaveForm {
    let text = |name| form.text(name).trim().to_owned();
    LeaveForm {
        kind: text("leave_type_id"),
        start: text("start_on"),
        finish: text("finish_on"),
        half: text("half_day"),
        description: text("description"),
    }
}

/// What the form asks the API for.
fn request(signed_in: &SignedIn, form: &LeaveForm) -> Object {
    let employee = signed_in.person.employee.get().to_string();
    // One day needs to be said once.
    let finish = if form.finish.is_empty() { &form.start } else { &form.finish };
    body([
        ("employee_id", &employee),
        ("leave_type_id", &form.kind),
        ("start_on", &form.start),
        ("finish_on", finish),
        ("half_day", &form.half),
        ("description", &form.description),
    ])
}

/// What a request would cost, day by day, and what stands in its way.
async fn preview(desk: &Desk<'_>, employee: i64, form: &LeaveForm) -> Result<Preview, Error> {
    let kind = form.kind.parse().map_err(|_| Error::invalid("leave_type_id", "Choose a kind."))?;
    let given = |text: &str, field: &str| {
        text.parse().map_err(|_| Error::invalid(field, "It must be a day such as 2026-11-23."))
    };
    let first = given(&form.start, "start_on")?;
    let last = if form.finish.is_empty() { first } else { given(&form.finish, "finish_on")? };
    let half = Some(form.half.clone()).filter(|half| !half.is_empty());
    let details = Some(form.description.clone()).filter(|details| !details.is_empty());
    let judged = desk.consider(LEAVES, move |cx| {
        let mut wanted = judge::Wanted::new(employee, kind, first, Some(last), half.as_deref(), None);
        wanted.details.clone_from(&details);
        let authority = judge::Authority::over(cx, employee)?;
        judge::judge(cx, &wanted, authority)
    });
    let judged = judged.await?;
    let days: i64 = judged.charges.iter().map(|charge| charge.used.days).sum();
    let left = judged.paid.iter().filter(|paid| !paid.unlimited).map(|paid| {
        let unit = if paid.hours { "hours" } else { "days" };
        format!(
            "{}: {} of {} {unit} would be left.",
            paid.name,
            hundredths(paid.after),
            hundredths(paid.before)
        )
    });
    let cost = |charge: &Charge| {
        let why = if charge.why == Why::Work { "" } else { charge.why.sentence() };
        (day(charge.day), hundredths(charge.used.days), why.to_owned())
    };
    Ok(Preview {
        total: format!("This costs {} {}.", hundredths(days), if days == 100 { "day" } else { "days" }),
        days: judged.charges.iter().take(MOST_DAYS).map(cost).collect(),
        after: left.collect::<Vec<_>>().join(" "),
        obstacles: judged.refusals.into_iter().map(|refusal| refusal.message).collect(),
    })
}

/// Days that a preview lists.
const MOST_DAYS: usize = 62;

/// Hundredths of a unit, for people.
#[expect(clippy::cast_precision_loss, reason = "what people have left is small")]
fn hundredths(value: i64) -> String {
    amount(value as f64 / 100.0)
}

async fn page(
    app: &App,
    signed_in: &SignedIn,
    form: LeaveForm,
    errors: FieldErrors,
    preview: Option<Preview>,
) -> Result<Response, Failure> {
    let desk = Desk::of(app, signed_in);
    let failed = |error| Failure::engine(&signed_in.visitor, error);
    let employee = signed_in.person.employee.get().to_string();
    let today = desk.today();
    let leaves = desk.list(LEAVES, &[("employee_ids[]", &employee)]).await.map_err(failed)?;
    let (mut upcoming, mut past): (Vec<_>, Vec<_>) =
        leaves.iter().partition(|leave| date(leave, "finish_on").is_none_or(|finish| finish >= today));
    upcoming.sort_by_key(|leave| date(leave, "start_on"));
    past.sort_by_key(|leave| std::cmp::Reverse(date(leave, "start_on")));
    let types = desk.list("timeoff/leave_types", &[("active", "true")]).await.map_err(failed)?;
    let types = types.iter().map(|kind| (text(kind, "id").to_owned(), label(kind))).collect();
    let (start, end) = (format!("{today}T00:00:00Z"), format!("{}T00:00:00Z", later(today)));
    let holidays = [("employee_ids[]", employee.as_str()), ("start_at", &start), ("end_at", &end)];
    let mut holidays = desk.list("holidays/company_holidays", &holidays).await.unwrap_or_default();
    holidays.sort_by_key(|holiday| date(holiday, "date"));
    let holidays = holidays.iter().take(3).map(|holiday| Line {
        title: text(holiday, "summary").to_owned(),
        text: date(holiday, "date").map(day).unwrap_or_default(),
        href: String::new(),
    });
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = TimeOffPage {
        page: signed_in.visitor.page("Time off", Nav::TimeOff),
        balances: balances(&desk, &employee).await.map_err(failed)?,
        upcoming: upcoming.into_iter().map(|leave| row(leave, today)).collect(),
        past: past.into_iter().take(20).map(|leave| row(leave, today)).collect(),
        types,
        form,
        errors,
        preview,
        holidays: holidays.collect(),
    };
    Ok(signed_in.visitor.show(status, &page))
}

fn later(day: registry::Date) -> registry::Date {
    day.checked_add(registry::Span::new().months(6)).unwrap_or(day)
}

fn label(kind: &Object) -> String {
    let translated = text(kind, "translated_name");
    if translated.is_empty() { text(kind, "name").to_owned() } else { translated.to_owned() }
}

fn row(leave: &Object, today: registry::Date) -> LeaveRow {
    let state = Decision::of(leave.get("approved").and_then(Value::as_bool));
    let begun = date(leave, "start_on").is_some_and(|start| start <= today);
    LeaveRow {
        id: text(leave, "id").to_owned(),
        kind: text(leave, "leave_type_name").to_owned(),
        span: span(leave),
        days: amount(leave.get("days_taken").and_then(Value::as_f64).unwrap_or_default()),
        state,
        open: state == Decision::Pending || (!begun && state == Decision::Approved),
    }
}

async fn balances(desk: &Desk<'_>, employee: &str) -> Result<Vec<Balance>, Error> {
    let stats = match desk.list("timeoff/allowance_stats", &[("employee_ids[]", employee)]).await {
        Err(Error::NotYet(_)) => return Ok(Vec::new()),
        stats => stats?,
    };
    let ids = stats.iter().map(|stat| text(stat, "allowance_id").to_owned());
    let allowances = desk.named("timeoff/allowances", ids).await?;
    Ok(stats
        .iter()
        .map(|stat| {
            let allowance = allowances.get(text(stat, "allowance_id"));
            let value = |member| text(stat, member).parse::<f64>().unwrap_or_default();
            let gained = value("total_accrued_units") + value("accumulated_carry_over") + value("incidences");
            let formula = [
                ("Accrued", value("total_accrued_units")),
                ("Carried over", value("accumulated_carry_over")),
                ("Adjusted", value("incidences")),
                ("Expired", value("total") - gained),
                ("Taken", -value("used_units_until_reference_date")),
                ("Planned", -value("outstanding_units")),
            ];
            let counts = |(_, units): &(_, f64)| units.abs() >= 0.005;
            Balance {
                name: allowance.map_or("Allowance", |allowance| text(allowance, "name")).to_owned(),
                available: amount(value("available_days")),
                formula: formula
                    .into_iter()
                    .filter(counts)
                    .map(|(what, units)| (what, amount(units)))
                    .collect(),
            }
        })
        .collect())
}
