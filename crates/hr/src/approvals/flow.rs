//! Flows of approval: begun with a request, decided level by level, stopped with it.

use engine::{Context, Error, Object, Sets};
use registry::Date;
use serde_json::{Value, json};
use storage::{Datum, Look};

use super::rules::{Decider, Outcome, Refusal, Seat, State, current, decide};
use crate::employees::rules::active;
use crate::time::today::{self, Days};

const FLOWS: &str = "approvals/materialized_approvals_flows";

/// Milliseconds after which a request that nobody decides lapses: a quarter.
const LAPSES: i64 = 90 * registry::DAY;

/// What has to be decided.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Its type, such as `Timeoff::Leave`.
    pub kind: &'static str,
    /// Which one.
    pub id: i64,
    /// Whom it is about.
    pub employee: i64,
    /// The kind of leave, where it is one.
    pub leave_type: Option<i64>,
    /// Where it can be opened.
    pub url: &'a str,
}

/// Begins the approval of a request. Answers whether it is approved at once.
pub fn begin(cx: &mut Context<'_, '_>, request: Request<'_>) -> Result<bool, Error> {
    let owner = cx.objects("employees/employees", vec![request.employee])?.remove(&request.employee);
    let owner = owner.ok_or(Error::NotFound)?;
    let template = template(cx, request)?;
    let automatic = template.as_ref().is_some_and(|template| template.flag("automatic"));
    let levels = template.as_ref().map(|template| template.json("levels"));
    let approvers = if automatic { Value::Array(Vec::new()) } else { seats(cx, &owner, levels)? };
    let now = cx.tx.now().millis();
    let author = cx.author()?;
    let mut sets = Sets::new();
    let text = |text: &str| Datum::Text(text.to_owned());
    sets.insert("author_id", Datum::Int(author));
    sets.insert("owner_id", owner.int("access_id").map_or(Datum::Null, Datum::Int));
    sets.insert("author_employee_id", cx.caller.employee.map_or(Datum::Null, Datum::Int));
    sets.insert("owner_employee_id", Datum::Int(request.employee));
    sets.insert("resource_type", text(request.kind));
    sets.insert("resource_id", Datum::Int(request.id));
    sets.insert("resource_url", text(request.url));
    sets.insert("status", text(if automatic { "approved" } else { "running" }));
    sets.insert("expires_at", Datum::Int(now + LAPSES));
    sets.insert("approval_flow_id", Datum::Int(template.and_then(|one| one.int("id")).unwrap_or(0)));
    sets.insert("approvers", Datum::Text(approvers.to_string()));
    sets.insert("email_detail_blocks", text("[]"));
    sets.insert("action_type", text("create"));
    if automatic {
        sets.insert("final_decision_at", Datum::Int(now));
        sets.insert("rules_decision", text("approved"));
        sets.insert("auto_approval_description", text("Requests of this kind are approved at once."));
    }
    cx.add(FLOWS, sets)?;
    Ok(automatic)
}

/// The newest flow of a request.
pub fn of(cx: &mut Context<'_, '_>, kind: &str, id: i64) -> Result<Option<Object>, Error> {
    let looks = [
        Look::Equal("resource_type", Datum::Text(kind.to_owned())),
        Look::Equal("resource_id", Datum::Int(id)),
    ];
    Ok(cx.facts(FLOWS, &looks)?.pop())
}

/// Whether a flow is still to be decided.
pub fn runs(flow: &Object) -> bool {
    flow.text("status") == Some("running")
}

/// Decides the current level of a flow for whoever asks. `overrides` says whether he may decide in everybody's place.
pub fn vote(
    cx: &mut Context<'_, '_>,
    flow: &Object,
    approve: bool,
    overrides: bool,
    reason: Option<&str>,
) -> Result<Outcome, Error> {
    if !runs(flow) {
        return Err(refused(Refusal::Over));
    }
    let entries = match flow.json("approvers") {
        Value::Array(entries) => entries,
        _ => Vec::new(),
    };
    let mut seats: Vec<_> = entries.iter().map(seat).collect();
    let gone = gone(cx, &seats)?;
    // In the place of whoever has left the administrators decide.
    for seat in seats.iter_mut().filter(|seat| seat.employee.is_some_and(|one| gone.contains(&one))) {
        seat.employee = None;
    }
    let stands_for = stands_for(cx)?;
    let who = Decider { employee: cx.caller.employee, stands_for: &stands_for, overrides };
    let before = seats.clone();
    let (outcome, instead) = match current(&seats) {
        // Nobody is asked by name.
        None if overrides => (if approve { Outcome::Approved } else { Outcome::Rejected }, true),
        None => return Err(refused(Refusal::Stranger)),
        Some(_) => decide(&mut seats, who, approve).map_err(refused)?,
    };
    let now = instant(cx);
    let changed = entries.into_iter().zip(seats.iter().zip(&before)).map(|(mut entry, (seat, was))| {
        if seat != was {
            entry["status"] = seat.state.name().into();
            entry["updated_at"] = now.clone().into();
        }
        entry
    });
    let approvers = Value::Array(changed.collect());
    let mut sets = Sets::new();
    sets.insert("approvers", Datum::Text(approvers.to_string()));
    if outcome != Outcome::Running {
        end(cx, &mut sets, outcome, instead, reason);
    } else if instead {
        overridden(cx, &mut sets);
    }
    save(cx, flow, sets)?;
    Ok(outcome)
}

/// Those of whoever has to decide that have left.
fn gone(cx: &mut Context<'_, '_>, seats: &[Seat]) -> Result<Vec<i64>, Error> {
    let asked = seats.iter().filter(|seat| seat.state == State::Pending).filter_map(|seat| seat.employee);
    let people = cx.objects("employees/employees", asked.collect())?;
    let days = Days::load(cx)?;
    let left = |person: &Object| !active(person.date("terminated_on"), days.of(person));
    Ok(people.into_iter().filter(|(_, person)| left(person)).map(|(id, _)| id).collect())
}

/// Somebody else decides from now on what somebody was asked to decide. On his own request an administrator does.
pub fn hand_over(cx: &mut Context<'_, '_>, from: i64, to: i64) -> Result<(), Error> {
    let running = [Look::Equal("status", Datum::Text("running".to_owned()))];
    let running = cx.facts(FLOWS, &running)?;
    let access = cx.objects("employees/employees", vec![to])?.remove(&to);
    let access = access.and_then(|person| person.int("access_id")).map(|id| id.to_string());
    let now = instant(cx);
    for flow in running {
        let mut approvers = flow.json("approvers");
        let entries = approvers.as_array_mut().into_iter().flatten();
        let his = |entry: &&mut Value| {
            let seat = seat(entry);
            seat.state == State::Pending && seat.employee == Some(from)
        };
        let mut count = 0;
        for entry in entries.filter(his) {
            let own = flow.int("owner_employee_id") == Some(to);
            entry["employee_id"] = if own { Value::Null } else { to.to_string().into() };
            entry["access_id"] = if own { Value::Null } else { access.clone().into() };
            if own {
                entry["selection_criteria"] = "administrator".into();
            }
            entry["updated_at"] = now.clone().into();
            count += 1;
        }
        if count > 0 {
            let sets = Sets::from([("approvers", Datum::Text(approvers.to_string()))]);
            save(cx, &flow, sets)?;
        }
    }
    Ok(())
}

/// Decides a flow whatever its levels say.
pub fn settle(
    cx: &mut Context<'_, '_>,
    flow: &Object,
    approve: bool,
    reason: Option<&str>,
) -> Result<(), Error> {
    let mut sets = Sets::new();
    let outcome = if approve { Outcome::Approved } else { Outcome::Rejected };
    end(cx, &mut sets, outcome, true, reason);
    save(cx, flow, sets)
}

/// Stops a flow whose request is gone.
pub fn stop(cx: &mut Context<'_, '_>, kind: &str, ids: &[i64]) -> Result<(), Error> {
    let looks = [
        Look::Equal("resource_type", Datum::Text(kind.to_owned())),
        Look::OneOf("resource_id", ids.iter().copied().map(Datum::Int).collect()),
        Look::Equal("status", Datum::Text("running".to_owned())),
    ];
    let sets = Sets::from([("status", Datum::Text("stopped".to_owned()))]);
    cx.change(FLOWS, &looks, sets)?;
    Ok(())
}

/// Lets somebody decide in the place of an approver from a day to a day.
pub fn delegate(
    cx: &mut Context<'_, '_>,
    employee: i64,
    delegate: i64,
    first: Date,
    last: Option<Date>,
) -> Result<i64, Error> {
    let mut sets = Sets::new();
    sets.insert("employee_id", Datum::Int(employee));
    sets.insert("delegate_id", Datum::Int(delegate));
    sets.insert("starts_on", Datum::Text(first.to_string()));
    sets.insert("finishes_on", last.map_or(Datum::Null, |last| Datum::Text(last.to_string())));
    cx.add("approvals/delegations", sets)
}

/// Employees in whose place the caller decides today.
pub fn stands_for(cx: &mut Context<'_, '_>) -> Result<Vec<i64>, Error> {
    let Some(employee) = cx.caller.employee else { return Ok(Vec::new()) };
    let today = Datum::Text(today::of(cx, employee)?.to_string());
    let looks = [
        Look::Equal("delegate_id", Datum::Int(employee)),
        Look::To("starts_on", today.clone()),
        Look::Any(vec![Look::Null("finishes_on"), Look::From("finishes_on", today)]),
    ];
    let found = cx.facts("approvals/delegations", &looks)?;
    Ok(found.iter().filter_map(|one| one.int("employee_id")).collect())
}

/// Whether somebody is among those who decide at the current level of a flow.
pub fn asks(flow: &Object, employees: &[i64]) -> bool {
    let seats: Vec<_> = flow.json("approvers").as_array().into_iter().flatten().map(seat).collect();
    let level = current(&seats);
    runs(flow)
        && seats.iter().any(|seat| {
            Some(seat.level) == level
                && seat.state == State::Pending
                && seat.employee.is_some_and(|employee| employees.contains(&employee))
        })
}

/// The flow that the company has for a request: one that names its kind or its person goes before the default one.
fn template(cx: &mut Context<'_, '_>, request: Request<'_>) -> Result<Option<Object>, Error> {
    let kind = Look::Equal("resource_type", Datum::Text(request.kind.to_owned()));
    let flows = cx.facts("approvals/approval_flows", &[kind])?;
    let fits = |flow: &Object| {
        let (types, people) = (flow.ids("leave_type_ids"), flow.ids("employee_ids"));
        let named = |ids: &[i64], id: Option<i64>| ids.is_empty() || id.is_some_and(|id| ids.contains(&id));
        named(&types, request.leave_type) && named(&people, Some(request.employee))
    };
    let narrow = |flow: &Object| {
        u8::from(!flow.flag("default"))
            + u8::from(!flow.ids("leave_type_ids").is_empty())
            + 2 * u8::from(!flow.ids("employee_ids").is_empty())
    };
    Ok(flows.into_iter().filter(fits).max_by_key(narrow))
}

/// Who decides on a request of somebody, as the flow keeps it. Without levels it is his time-off supervisor, else his
/// manager, else the administrators.
fn seats(cx: &mut Context<'_, '_>, owner: &Object, levels: Option<Value>) -> Result<Value, Error> {
    let usual =
        || json!([{ "id": "1", "approvers": [{ "id": "1", "selection_criteria": "timeoff_manager" }] }]);
    let levels =
        levels.filter(|levels| levels.as_array().is_some_and(|all| !all.is_empty())).unwrap_or_else(usual);
    let own = owner.int("id");
    let mut found: Vec<(i64, i64, String, Option<i64>)> = Vec::new();
    for (at, level) in levels.as_array().into_iter().flatten().enumerate() {
        let step = i64::try_from(at + 1).unwrap_or(1);
        let mut asked = Vec::new();
        for (place, one) in level["approvers"].as_array().into_iter().flatten().enumerate() {
            let criteria = one["selection_criteria"].as_str().unwrap_or("administrator");
            let supervisor = || owner.int("timeoff_manager_id").or_else(|| owner.int("manager_id"));
            let named = || one["employee_id"].as_str().and_then(|id| id.parse().ok());
            let employee = match criteria {
                "employee" => named(),
                "manager" => owner.int("manager_id"),
                "timeoff_manager" => supervisor(),
                _ => None,
            };
            // Nobody decides on his own request.
            let employee = employee.filter(|employee| Some(*employee) != own);
            let entry = one["id"].as_str().and_then(|id| id.parse().ok());
            let entry = entry.unwrap_or_else(|| step * 100 + i64::try_from(place).unwrap_or(0));
            let criteria = if employee.is_some() { criteria } else { "administrator" };
            let seat = (step, entry, criteria.to_owned(), employee);
            if !asked.iter().any(|(.., other): &(_, _, _, Option<i64>)| *other == employee) {
                asked.push(seat);
            }
        }
        found.append(&mut asked);
    }
    let people = cx.objects("employees/employees", found.iter().filter_map(|seat| seat.3).collect())?;
    let (now, days) = (instant(cx), Days::load(cx)?);
    for seat in &mut found {
        let person = seat.3.and_then(|id| people.get(&id));
        if person.is_some_and(|person| !active(person.date("terminated_on"), days.of(person))) {
            (seat.2, seat.3) = ("administrator".to_owned(), None);
        }
    }
    let entries = found.into_iter().enumerate().map(|(at, (step, entry, criteria, employee))| {
        let access = employee.and_then(|id| people.get(&id)?.int("access_id"));
        json!({
            "id": (at + 1).to_string(), "materialized_approval_step_id": step.to_string(),
            "approval_step_approver_id": entry.to_string(), "status": State::Pending.name(), "updated_at": now,
            "access_id": access.map(|id| id.to_string()), "employee_id": employee.map(|id| id.to_string()),
            "selection_criteria": criteria,
        })
    });
    Ok(entries.collect())
}

fn seat(entry: &Value) -> Seat {
    let id = |name: &str| entry[name].as_str().and_then(|id| id.parse().ok());
    Seat {
        level: id("materialized_approval_step_id").unwrap_or(0),
        employee: id("employee_id"),
        state: State::named(entry["status"].as_str().unwrap_or_default()),
    }
}

fn end(cx: &Context<'_, '_>, sets: &mut Sets, outcome: Outcome, instead: bool, reason: Option<&str>) {
    let status = if outcome == Outcome::Approved { "approved" } else { "rejected" };
    sets.insert("status", Datum::Text(status.to_owned()));
    sets.insert("final_decision_at", Datum::Int(cx.tx.now().millis()));
    sets.insert("reason", reason.map_or(Datum::Null, |reason| Datum::Text(reason.to_owned())));
    if instead {
        overridden(cx, sets);
    }
}

fn overridden(cx: &Context<'_, '_>, sets: &mut Sets) {
    let known = |id: Option<i64>| id.map_or(Datum::Null, Datum::Int);
    sets.insert("override_approver_id", known(cx.caller.access));
    sets.insert("override_approver_employee_id", known(cx.caller.employee));
}

fn save(cx: &mut Context<'_, '_>, flow: &Object, sets: Sets) -> Result<(), Error> {
    let Some(id) = flow.int("id") else { return Ok(()) };
    cx.change(FLOWS, &[Look::Equal("id", Datum::Int(id))], sets)?;
    Ok(())
}

fn instant(cx: &Context<'_, '_>) -> String {
    cx.tx.now().to_string()
}

fn refused(why: Refusal) -> Error {
    match why {
        Refusal::Over => Error::conflict("id", "already_decided", "This is decided already."),
        Refusal::Stranger => Error::rule("id", "not_an_approver", "Others decide on this."),
        Refusal::NotYet => Error::rule("id", "not_your_turn", "It is the turn of others to decide on this."),
    }
}
