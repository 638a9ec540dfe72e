//! Time off of the person who is logged in: what is left, what was asked for, and asking for more.

use access::Doing;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::Error;
use http::StatusCode;
use serde_json::Value;

use super::{amount, cost, counted, day, days, span};
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
                let errors = FieldErrors(complaints(&signed_in.visitor, error)?).within(&FIELDS);
                page(&app, &signed_in, typed, errors, None).await
            }
        };
    }
    let asked = match request(signed_in.person.employee.get(), &typed) {
        Ok(request) => desk.create(LEAVES, &request).await,
        Err(error) => Err(error),
    };
    match asked {
        Ok(leave) => {
            let approved = leave.get("approved") == Some(&true.into());
            Ok(see_other(if approved {
                "/time-off?notice=leave_approved"
            } else {
                "/time-off?notice=leave_sent"
            }))
        }
        Err(error) => {
            let errors = FieldErrors(complaints(&signed_in.visitor, error)?).within(&FIELDS);
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
            let errors = FieldErrors(complaints(&signed_in.visitor, error)?).within(&FIELDS);
            page(&app, &signed_in, LeaveForm::default(), errors, None).await
        }
    }
}

/// Who is away today, as far as the person may see.
pub(crate) async fn away(desk: &Desk<'_>) -> Result<Vec<Line>, Error> {
    let leaves = desk.list(LEAVES, &[("only_active", "true")]).await?;
    let people = leaves.iter().map(|leave| text(leave, "employee_id").to_owned());
    let people = desk.named("employees/employees", people).await?;
    let line = |leave: &Object| {
        let person = people.get(text(leave, "employee_id"))?;
        let href = format!("/people/{}", text(person, "id"));
        Some(Line { title: super::name(person), text: span(leave), href })
    };
    Ok(leaves.iter().filter_map(line).collect())
}

/// Leaves of the person that run or are to come, the next one first.
pub(crate) async fn upcoming(desk: &Desk<'_>, signed_in: &SignedIn) -> Result<Vec<LeaveRow>, Error> {
    let (employee, today) = (signed_in.person.employee.get().to_string(), desk.today().await?);
    let mut leaves =
        desk.list(LEAVES, &[("employee_ids[]", &employee), ("from", &today.to_string())]).await?;
    leaves.sort_by_key(|leave| date(leave, "start_on"));
    Ok(leaves.iter().take(5).map(|leave| row(leave, today)).collect())
}

/// What the form has a field for.
const FIELDS: [&str; 7] = [
    "leave_type_id",
    "half_day",
    "start_on",
    "finish_on",
    "start_time",
    "hours_amount_in_cents",
    "description",
];

fn typed(form: &Fields) -> LeaveForm {
    let text = |name| form.text(name).trim().to_owned();
    LeaveForm {
        kind: text("leave_type_id"),
        start: text("start_on"),
        finish: text("finish_on"),
        part: text("part"),
        begins: text("start_time"),
        hours: text("hours"),
        description: text("description"),
    }
}

/// The time that a form asks for. Fields that its part of the day does not need say nothing.
struct Asked<'f> {
    finish: Option<&'f str>,
    half: Option<&'f str>,
    hours: Option<i64>,
    begins: Option<&'f str>,
}

impl<'f> Asked<'f> {
    fn of(form: &'f LeaveForm) -> Result<Self, Error> {
        let day = Some(form.start.as_str());
        let asked = Self { finish: day, half: None, hours: None, begins: None };
        match form.part.as_str() {
            "open" => Ok(Self { finish: None, ..asked }),
            "hours" => {
                let hours = cents(&form.hours).filter(|hours| (1..=24 * 100).contains(hours));
                let message = "Say how many hours, such as 2 or 1:30.";
                let hours = hours.ok_or_else(|| Error::invalid("hours_amount_in_cents", message))?;
                let begins = Some(form.begins.as_str()).filter(|begins| !begins.is_empty());
                Ok(Self { hours: Some(hours), begins, ..asked })
            }
            // One day needs to be said once.
            "" if form.finish.is_empty() => Ok(asked),
            "" => Ok(Self { finish: Some(&form.finish), ..asked }),
            half => Ok(Self { half: Some(half), ..asked }),
        }
    }
}

/// Hundredths of an hour, as people write hours: `2`, `1.5`, `1,5` or `1:30`.
fn cents(hours: &str) -> Option<i64> {
    if let Some((hours, minutes)) = hours.split_once(':') {
        let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
        return ((0..=24).contains(&hours) && (0..60).contains(&minutes))
            .then_some(hours * 100 + minutes * 100 / 60);
    }
    let hours: f64 = hours.replace(',', ".").parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "it is between 0 and 24")]
    (0.0..=24.0).contains(&hours).then_some((hours * 100.0).round() as i64)
}

/// What the form asks the API for.
fn request(employee: i64, form: &LeaveForm) -> Result<Object, Error> {
    let asked = Asked::of(form)?;
    let mut request = body([
        ("employee_id", &employee.to_string()),
        ("leave_type_id", &form.kind),
        ("start_on", &form.start),
        ("finish_on", asked.finish.unwrap_or_default()),
        ("half_day", asked.half.unwrap_or_default()),
        ("start_time", asked.begins.unwrap_or_default()),
        ("description", &form.description),
    ]);
    request.extend(asked.hours.map(|hours| ("hours_amount_in_cents".to_owned(), hours.into())));
    Ok(request)
}

/// What a request would cost, day by day, and what stands in its way.
async fn preview(desk: &Desk<'_>, employee: i64, form: &LeaveForm) -> Result<Preview, Error> {
    let asked = Asked::of(form)?;
    let judged = desk.ask(LEAVES, Doing::Create, "preview", request(employee, form)?.into()).await?;
    let all = |member: &str| judged[member].as_array().into_iter().flatten();
    let hundredths = |of: &Value, member: &str| of[member].as_i64().unwrap_or_default();
    // Hours are told where hours are asked for, or where hours are what is paid with.
    let in_hours = asked.hours.is_some() || all("paid").any(|paid| paid["unit"] == "hours");
    let (unit, of) = if in_hours { ("hours", "hours_in_cents") } else { ("days", "days_in_cents") };
    let left = all("paid").filter(|paid| paid["unlimited"] == false).map(|paid| {
        let (name, unit) = (said(&paid["name"]), said(&paid["unit"]));
        let (before, after) = (hundredths(paid, "before_in_cents"), hundredths(paid, "after_in_cents"));
        format!("{name}: {} of {} left.", amount(decimal(after)), counted(decimal(before), unit))
    });
    let cost = |charge: &Value| {
        let why = if charge["why"] == "work" { "" } else { said(&charge["sentence"]) };
        let date = said(&charge["date"]).parse().map(day).unwrap_or_default();
        (date, amount(decimal(hundredths(charge, of))), why.to_owned())
    };
    let sum = all("charges").map(|charge| hundredths(charge, of)).sum();
    Ok(Preview {
        total: match asked.finish {
            None => "It goes on until somebody ends it.".to_owned(),
            Some(_) => format!("This costs {}.", counted(decimal(sum), unit)),
        },
        days: all("charges").take(MOST_DAYS).map(cost).collect(),
        after: left.collect::<Vec<_>>().join(" "),
        obstacles: all("obstacles").map(|sentence| said(sentence).to_owned()).collect(),
    })
}

fn said(text: &Value) -> &str {
    text.as_str().unwrap_or_default()
}

/// Days that a preview lists.
const MOST_DAYS: usize = 62;

/// Hundredths of a unit as units.
#[expect(clippy::cast_precision_loss, reason = "what people have left is small")]
fn decimal(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
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
    let today = desk.today().await.map_err(failed)?;
    let on = signed_in.visitor.query().text("on").parse().unwrap_or(today);
    let leaves = desk.list(LEAVES, &[("employee_ids[]", &employee)]).await.map_err(failed)?;
    let balances = balances(&desk, &employee, on, &leaves).await.map_err(failed)?;
    let (rejected, leaves): (Vec<_>, Vec<_>) =
        leaves.iter().partition(|leave| leave.get("approved") == Some(&false.into()));
    let (mut upcoming, past): (Vec<_>, Vec<_>) =
        leaves.into_iter().partition(|leave| date(leave, "finish_on").is_none_or(|finish| finish >= today));
    upcoming.sort_by_key(|leave| date(leave, "start_on"));
    let latest = |mut leaves: Vec<&Object>| -> Vec<LeaveRow> {
        leaves.sort_by_key(|leave| std::cmp::Reverse(date(leave, "start_on")));
        leaves.into_iter().take(20).map(|leave| row(leave, today)).collect()
    };
    let types = desk.list("timeoff/leave_types", &[("active", "true")]).await.map_err(failed)?;
    let endless = types.iter().any(|kind| kind.get("allow_endless") == Some(&true.into()));
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
        balances,
        on: on.to_string(),
        upcoming: upcoming.into_iter().map(|leave| row(leave, today)).collect(),
        past: latest(past),
        rejected: latest(rejected),
        types,
        endless,
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
        cost: cost(leave),
        state,
        reason: text(leave, "reason").to_owned(),
        open: state == Decision::Pending || (!begun && state == Decision::Approved),
    }
}

async fn balances(
    desk: &Desk<'_>,
    employee: &str,
    on: registry::Date,
    leaves: &[Object],
) -> Result<Vec<Balance>, Error> {
    let asked = [("employee_ids[]", employee), ("reference_date", &on.to_string())];
    let stats = desk.list("timeoff/allowance_stats", &asked).await?;
    let ids = stats.iter().map(|stat| text(stat, "allowance_id").to_owned());
    let allowances = desk.named("timeoff/allowances", ids).await?;
    let pending: Vec<_> = leaves.iter().filter(|leave| leave.get("approved") == Some(&Value::Null)).collect();
    let balance = |stat: &Object| {
        let allowance = allowances.get(text(stat, "allowance_id"));
        let hours = allowance.is_some_and(|allowance| text(allowance, "allowance_type") == "hours");
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
        let draws = |leave: &&&Object| {
            let kinds = allowance.and_then(|allowance| allowance.get("leave_type_ids")?.as_array());
            kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == text(leave, "leave_type_id")))
        };
        let cycle = cycle(stat);
        let within = |leave: &&&Object| {
            date(leave, "start_on")
                .is_some_and(|day| cycle.is_some_and(|(first, last)| (first..=last).contains(&day)))
        };
        let waiting: Vec<_> = pending.iter().filter(draws).filter(within).collect();
        let costs = waiting.iter().filter_map(|leave| leave.get("days_taken")?.as_f64()).sum();
        Balance {
            name: allowance.map_or("Allowance", |allowance| text(allowance, "name")).to_owned(),
            available: amount(value("available_days")),
            unit: if hours { "hours" } else { "days" },
            cycle: cycle.map_or_else(String::new, |(first, last)| format!("{} to {}", day(first), day(last))),
            asked: match waiting.len() {
                0 => String::new(),
                _ => format!("{} asked for, not decided yet", days(costs)),
            },
            formula: formula.into_iter().filter(counts).map(|(what, units)| (what, amount(units))).collect(),
        }
    };
    Ok(stats.iter().map(balance).collect())
}

/// The first and the last day of the cycle that counters are about.
fn cycle(stat: &Object) -> Option<(registry::Date, registry::Date)> {
    let last = stat.get("cycles")?.as_array()?.last()?.as_object()?;
    let on = |member| text(last, member).get(..10)?.parse().ok();
    on("start_at").zip(on("end_at"))
}

#[cfg(test)]
mod tests {
    use super::cents;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (written, hundredths) in [
            ("2", Some(200)),
            ("1.5", Some(150)),
            ("1,25", Some(125)),
            ("1:30", Some(150)),
            ("0:20", Some(33)),
            ("", None),
            ("25", None),
            ("1:75", None),
            ("-1", None),
            ("NaN", None),
            ("two", None),
        ] {
            assert_eq!(cents(written), hundredths, "{written:?}");
        }
    }
}
