//! Whether somebody may be away: what a request costs day by day, what it leaves of the balance, and everything that
//! stands in its way. Creating, changing and approving ask here, and so does whoever shows a request before it is sent.

use std::collections::{BTreeMap, BTreeSet};

use access::{Doing, Permission};
use engine::{Context, Draft, Error, Object};
use registry::Date;
use serde_json::{Value, json};
use storage::{Datum, Look};

use super::blocked_periods_policy::selected;
use super::books::{self, Books, Leave};
use super::rules::blocked::{Length, Period, touches};
use super::rules::count::{Charge, total};
use super::rules::overlap::{Place, clash};
use super::rules::request::{self, Refusal, Type, written};
use crate::time::today;

/// Who asks, as seen from the person whose leave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    /// The company itself, through a program.
    company: bool,
    /// Somebody who reaches everybody's leaves.
    administrator: bool,
    /// Somebody whose permissions let him decide on the person's leaves.
    approves: bool,
    /// The person.
    own: bool,
}

impl Authority {
    /// What the caller may decide about an employee's leaves.
    pub fn over(cx: &mut Context<'_, '_>, employee: i64) -> Result<Self, Error> {
        let found = Self::over_all(cx, BTreeSet::from([employee]))?;
        found.get(&employee).copied().ok_or(Error::NotFound)
    }

    /// What the caller may decide about the leaves of some employees, by employee.
    pub fn over_all(
        cx: &mut Context<'_, '_>,
        employees: BTreeSet<i64>,
    ) -> Result<BTreeMap<i64, Self>, Error> {
        let everything = cx.grant.is_everything();
        let company = cx.caller.access.is_none();
        let reached = match everything {
            true => employees.clone(),
            false => cx.people_with(Some(APPROVE), Some(employees.iter().copied().collect()))?,
        };
        let administrator = everything && !company;
        let over = |employee: i64| {
            let own = cx.caller.employee == Some(employee);
            Self { company, administrator, approves: reached.contains(&employee), own }
        };
        Ok(employees.into_iter().map(|employee| (employee, over(employee))).collect())
    }

    /// That of the company itself.
    pub const COMPANY: Self = Self { company: true, administrator: false, approves: true, own: false };

    /// Whether the caller decides on the leaves of the person.
    pub fn decides(self) -> bool {
        self.forces() || (self.approves && !self.own)
    }

    /// Whether the caller may decide in the place of everybody else.
    pub fn forces(self) -> bool {
        self.company || self.administrator
    }

    /// Whether what the caller enters needs no approval: it is somebody else's, and the caller would give it.
    pub fn enters_for_others(self) -> bool {
        !self.own && !self.company && self.approves
    }

    /// Whether blocked periods and restricted types do not stop the caller.
    pub fn passes(self) -> bool {
        self.administrator
    }

    /// The refusal of a decision that a member asks for.
    pub fn refused(self, field: &str) -> Error {
        Error::rule(field, "not_an_approver", "Others decide on this leave.")
    }
}

/// What deciding on leaves needs.
const APPROVE: Permission = Permission::new("timeoff", Doing::Approve);

/// A leave that is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Who would be away.
    pub employee: i64,
    /// The leave; its id is 0 while there is none.
    pub leave: Leave,
    /// What the person says about it.
    pub details: Option<String>,
}

impl Wanted {
    /// What a draft would be.
    pub fn of(draft: &mut Draft<'_>) -> Result<Self, Error> {
        let half = draft.text("half_day").map(str::to_owned);
        let half = match half.as_deref() {
            None | Some("" | "all_day") => None,
            // As older clients spell it.
            Some("beggining_of_day") => Some("beginning_of_day"),
            Some(half @ ("beginning_of_day" | "end_of_day")) => Some(half),
            Some(_) => {
                let message = "It must be beginning_of_day or end_of_day, or null for whole days.";
                return Err(Error::invalid("half_day", message));
            }
        };
        if draft.sets.contains_key("half_day") {
            draft.sets.insert("half_day", half.map_or(Datum::Null, |half| Datum::Text(half.to_owned())));
        }
        let begins = draft.text("start_time").and_then(books::minute_of_day);
        if draft.sets.contains_key("start_time") && draft.text("start_time").is_some() && begins.is_none() {
            return Err(Error::invalid("start_time", "It must be a time of day such as 09:30."));
        }
        let hours = draft.int("hours_amount_in_cents");
        let Some(first) = draft.date("start_on") else {
            return Err(Error::invalid("start_on", "It must be a day such as 2026-11-23."));
        };
        let mut last = draft.date("finish_on");
        if hours.is_some_and(|hours| hours > 0) && last.is_none() {
            last = Some(first);
            draft.sets.insert("finish_on", Datum::Text(first.to_string()));
        }
        let place = Place { first, last, part: books::part(half, hours), begins, workable: false };
        let id = draft.old.and_then(|old| old.int("id")).unwrap_or(0);
        let leave = Leave { id, kind: draft.int("leave_type_id"), place, approved: None };
        let employee = draft.int("employee_id").unwrap_or_default();
        Ok(Self { employee, leave, details: draft.text("description").map(str::to_owned) })
    }

    /// What a row of `timeoff/leaves` is.
    pub fn of_row(row: &Object) -> Result<Self, Error> {
        let leave = Leave::of(row, &Default::default()).ok_or(Error::NotFound)?;
        let employee = row.int("employee_id").unwrap_or_default();
        Ok(Self { employee, leave, details: row.text("description").map(str::to_owned) })
    }
}

/// What a request would be.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Its type.
    pub kind: Type,
    /// What each day costs, and why. A leave without an end is counted up to today.
    pub charges: Vec<Charge>,
    /// For each allowance that pays: what the request takes, and what is left after it at the end of its last day.
    pub paid: Vec<Paid>,
    /// Leaves in its way.
    pub conflicts: Vec<i64>,
    /// Titles of blocked periods in its way.
    pub blocked: Vec<String>,
    /// Everything that stands in its way, the first first.
    pub refusals: Vec<Refusal>,
}

/// What a request takes of an allowance, in hundredths of its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// The allowance.
    pub allowance: i64,
    /// Its title.
    pub name: String,
    /// Whether its unit is the hour.
    pub hours: bool,
    /// What is taken.
    pub units: i64,
    /// What there is to spend at the end of the last day, without the request.
    pub before: i64,
    /// The same with it.
    pub after: i64,
    /// Whether there is no limit.
    pub unlimited: bool,
}

/// The errand that asks what a request would be before it is sent, as the body of a create: what each day costs and why,
/// what is left of the allowances that pay, and everything that stands in its way, as seen by whoever asks.
pub(crate) fn preview(cx: &mut Context<'_, '_>, asked: &Value) -> Result<Value, Error> {
    let mut sets = cx.drafted("timeoff/leaves", asked.as_object().ok_or(Error::NotFound)?)?;
    let wanted = Wanted::of(&mut Draft { old: None, sets: &mut sets, instead: None })?;
    let authority = Authority::over(cx, wanted.employee)?;
    let judged = judge(cx, &wanted, authority)?;
    let charge = |charge: &Charge| {
        let Charge { day, used, why, .. } = charge;
        let (day, hours) = (day.to_string(), used.hours());
        let (code, sentence) = (why.name(), why.sentence());
        json!({ "date": day, "days_in_cents": used.days, "hours_in_cents": hours, "why": code, "sentence": sentence })
    };
    let paid = |paid: &Paid| {
        json!({
            "name": paid.name,
            "unit": if paid.hours { "hours" } else { "days" },
            "before_in_cents": paid.before,
            "after_in_cents": paid.after,
            "unlimited": paid.unlimited,
        })
    };
    Ok(json!({
        "charges": judged.charges.iter().map(charge).collect::<Vec<_>>(),
        "paid": judged.paid.iter().map(paid).collect::<Vec<_>>(),
        "obstacles": judged.refusals.iter().map(|refusal| &refusal.message).collect::<Vec<_>>(),
    }))
}

/// Judges a request.
pub fn judge(cx: &mut Context<'_, '_>, wanted: &Wanted, authority: Authority) -> Result<Judged, Error> {
    let now = cx.tx.now();
    let horizon = today::horizon(cx);
    let first = wanted.leave.place.first;
    let until = wanted.leave.place.last.unwrap_or(horizon).max(first);
    let mut books = Books::open(cx, &[wanted.employee], Some((first, until)), horizon.max(first))?;
    let hired = books.people.get(&wanted.employee).ok_or(Error::NotFound)?.hired;
    let blocked = blocked(cx, wanted, hired)?;
    let today = books.day(wanted.employee, now);
    weigh(&mut books, wanted, authority, blocked, today)
}

/// Judges a request on the books of the person. `blocked` are the titles of blocked periods that it touches.
pub fn weigh(
    books: &mut Books,
    wanted: &Wanted,
    authority: Authority,
    blocked: Vec<String>,
    today: Date,
) -> Result<Judged, Error> {
    let employee = wanted.employee;
    let first = wanted.leave.place.first;
    let horizon = today.max(first);
    let until = wanted.leave.place.last.unwrap_or(horizon).max(first);
    let kind_id = wanted.leave.kind.unwrap_or_default();
    let kind = books
        .types
        .get(&kind_id)
        .cloned()
        .ok_or_else(|| Error::rule("leave_type_id", "type_unknown", "There is no such kind of leave."))?;
    let mut leave = wanted.leave;
    leave.place.workable = kind.workable;
    let mut judged = Judged {
        kind: kind.clone(),
        charges: Vec::new(),
        paid: Vec::new(),
        conflicts: Vec::new(),
        blocked: Vec::new(),
        refusals: Vec::new(),
    };
    let asked = request::Request {
        first,
        last: leave.place.last,
        part: leave.place.part,
        details: wanted.details.as_deref(),
        by_decider: authority.passes() || authority.enters_for_others(),
    };
    if let Err(refusal) = request::shape(&kind, &asked) {
        judged.refusals.push(refusal);
        if leave.place.last.is_some_and(|last| last < first) {
            return Ok(judged);
        }
    }
    let Some(book) = books.people.get_mut(&employee) else { return Err(Error::NotFound) };
    // What is changed is not in its own way.
    book.leaves.retain(|other| other.id != leave.id || other.id == 0);
    let book = book.clone();
    if book.left.is_some_and(|last| first > last) {
        let message = "The person has left the company by then.";
        judged.refusals.push(Refusal {
            field: "start_on",
            code: "after_termination",
            message: message.into(),
        });
    }
    judged.charges = books.charges(employee, &leave, horizon);
    let counted = leave.place.last.map(|_| total(&judged.charges).days);
    judged.refusals.extend(request::length(&kind, counted).err());
    let in_the_way = |other: &&Leave| other.approved != Some(false) && clash(&leave.place, &other.place);
    judged.conflicts = book.leaves.iter().filter(in_the_way).map(|other| other.id).collect();
    if let Some(other) = book.leaves.iter().find(in_the_way) {
        let message = format!("Another leave begins on {}.", other.place.first);
        judged.refusals.push(Refusal { field: "start_on", code: "overlaps", message });
    }
    if granted(books, &book.timeline, kind_id, &kind, first) {
        pay(books, employee, leave, horizon, until, &mut judged);
    } else {
        let message = format!("The policy of the person does not grant {}.", kind.name);
        judged.refusals.push(Refusal { field: "leave_type_id", code: "type_not_granted", message });
    }
    judged.blocked = blocked;
    if let Some(name) = judged.blocked.first().filter(|_| !authority.passes()) {
        let message = format!("These days are blocked: {name}.");
        judged.refusals.push(Refusal { field: "start_on", code: "blocked_period", message });
    }
    Ok(judged)
}

/// Whether a policy gives somebody a type that is charged: whoever has no policy may take all, and so may everybody a type
/// that no allowance names.
fn granted(
    books: &Books,
    timeline: &super::rules::timeline::Timeline,
    id: i64,
    kind: &Type,
    day: Date,
) -> bool {
    let Some(policy) = timeline.policy(day).filter(|_| kind.accrues && !kind.workable) else { return true };
    let named = books.allowances.iter().any(|one| one.types.contains(&id));
    !named || books.drawn(policy, id).is_some()
}

/// What the allowances pay, and whether they can.
fn pay(books: &Books, employee: i64, leave: Leave, horizon: Date, until: Date, judged: &mut Judged) {
    let mut takes: BTreeMap<i64, (i64, Date)> = BTreeMap::new();
    for charge in &judged.charges {
        let Some(pays) = books.paying(employee, leave.kind, charge.day) else { continue };
        let units = if pays.terms.hours { charge.used.hours() } else { charge.used.days };
        if units > 0 {
            takes.entry(pays.id).and_modify(|(sum, _)| *sum += units).or_insert((units, charge.day));
        }
    }
    let Some(book) = books.people.get(&employee) else { return };
    for (id, (units, first)) in takes {
        let Some(allowance) = books.allowance(id) else { continue };
        let with = [Leave { approved: Some(true), ..leave }];
        let horizon = horizon.max(until);
        let ledger = |with: &[Leave]| {
            let used = books.used(employee, allowance, horizon, with, None);
            books.ledger(employee, allowance, &book.timeline, first, used)
        };
        let (Some(without), Some(with)) = (ledger(&[]), ledger(&with)) else { continue };
        let last = judged.charges.iter().rev().find(|charge| charge.used.days > 0).map_or(first, |c| c.day);
        judged.paid.push(Paid {
            allowance: id,
            name: allowance.name.clone(),
            hours: allowance.terms.hours,
            units,
            before: without.at(last).available(),
            after: with.at(last).available(),
            unlimited: allowance.terms.unlimited,
        });
        if allowance.terms.negative || allowance.terms.unlimited {
            continue;
        }
        if let Some((day, missing)) = with.short(first) {
            let unit = if allowance.terms.hours { "hours" } else { "days" };
            let message = format!("{} would be {} {unit} short on {day}.", allowance.name, written(missing));
            judged.refusals.push(Refusal { field: "finish_on", code: "balance_exceeded", message });
        }
    }
}

/// The titles of blocked periods that concern somebody and that a leave touches.
fn blocked(cx: &mut Context<'_, '_>, wanted: &Wanted, hired: Date) -> Result<Vec<String>, Error> {
    let policies = cx.facts("timeoff/blocked_periods", &[])?;
    let kind = wanted.leave.kind.unwrap_or_default();
    let place = wanted.leave.place;
    let mut found = Vec::new();
    for policy in policies.iter().filter(|policy| policy.ids("leave_type_ids").contains(&kind)) {
        let periods = policy.json("time_periods");
        let periods = periods.as_array().into_iter().flatten();
        let hit = periods.filter_map(period).any(|period| touches(period, hired, place.first, place.last));
        if hit && concerns(cx, policy, wanted.employee)? {
            found.push(policy.text("name").unwrap_or_default().to_owned());
        }
    }
    Ok(found)
}

fn period(item: &Value) -> Option<Period> {
    let day = |name: &str| item[name].as_str().and_then(|day| day.parse::<Date>().ok());
    match item["duration"].as_i64() {
        Some(length) if day("start_on").is_none() => {
            let unit = item["duration_unit"].as_str().unwrap_or("days");
            Some(Period::AfterHiring(Length::named(length, unit)))
        }
        _ => {
            let dates = (day("start_on"), day("finish_on"));
            (dates != (None, None)).then_some(Period::Dates(dates.0, dates.1))
        }
    }
}

/// Whether a blocked period is for somebody: everybody, or whom its people selectors name.
fn concerns(cx: &mut Context<'_, '_>, policy: &Object, employee: i64) -> Result<bool, Error> {
    let members = policy.ids("members");
    let (places, teams) = (policy.ids("location_ids"), policy.ids("team_ids"));
    let entities = policy.ids("legal_entity_ids");
    let query = policy.text("query").filter(|query| !query.trim().is_empty());
    let all = query.is_none() && [&members, &places, &teams, &entities].iter().all(|ids| ids.is_empty());
    if policy.text("strategy").unwrap_or("all_employees") == "all_employees" || all {
        return Ok(true);
    }
    let person = cx.objects("employees/employees", vec![employee])?.remove(&employee);
    let is = |column: &str, ids: &[i64]| {
        person.as_ref().and_then(|person| person.int(column)).is_some_and(|id| ids.contains(&id))
    };
    if members.contains(&employee) || is("location_id", &places) || is("legal_entity_id", &entities) {
        return Ok(true);
    }
    let looks = [
        Look::Equal("employee_id", Datum::Int(employee)),
        Look::OneOf("team_id", teams.iter().copied().map(Datum::Int).collect()),
    ];
    if !teams.is_empty() && !cx.facts("teams/memberships", &looks)?.is_empty() {
        return Ok(true);
    }
    // One that was kept before queries were read selects nobody if it cannot be read.
    let Some(Ok(Some(mut selected))) = query.map(|query| selected(cx, query)) else { return Ok(false) };
    selected.push(engine::by(employee));
    Ok(!cx.facts("employees/employees", &selected)?.is_empty())
}
