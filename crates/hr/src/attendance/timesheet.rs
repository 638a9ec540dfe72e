//! What happens to the shifts of people: clocking, filling in, and what a change of one has to respect.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Answer, Context, Draft, Error, Input, Object, Removal, Sets};
use registry::{Date, Time, TimeZone};
use serde_json::{Value, json};
use storage::{Datum, Look};

use crate::time::clock::{self, Refusal, Stretch};
use crate::time::{estimate, facts, load, wall};

const SHIFTS: &str = "attendance/shifts";
const RECORDS: &str = "project_management/time_records";
const WORKERS: &str = "project_management/project_workers";

/// How far back a shift may have begun that takes time of a later day, in days. Longer ones were forgotten.
const REACH: i64 = 8;

/// The person that an action is for, if the caller reaches that person; by default the caller.
pub(crate) fn whose(cx: &mut Context<'_, '_>, input: &Input) -> Result<i64, Error> {
    let named = input.int("employee_id").or(cx.caller.employee);
    let employee = named.ok_or_else(|| {
        Error::rule("employee_id", "required", "A company has no shifts of its own: name the employee.")
    })?;
    reach(cx, &[employee])?;
    Ok(employee)
}

/// Whether the caller reaches the records of all of some people.
pub(crate) fn reach(cx: &mut Context<'_, '_>, employees: &[i64]) -> Result<(), Error> {
    let reached = cx.people(Some(employees.to_vec()))?;
    if employees.iter().all(|employee| reached.contains(employee)) { Ok(()) } else { Err(Error::NotFound) }
}

/// The zone in which the days of a shift are told apart: of its workplace, or of where the person works.
fn zone(cx: &mut Context<'_, '_>, employee: i64, workplace: Option<i64>) -> Result<TimeZone, Error> {
    let place = match workplace {
        Some(place) => Some(place),
        None => {
            let person = cx.objects("employees/employees", vec![employee])?;
            person.get(&employee).and_then(|person| person.int("location_id"))
        }
    };
    let zones = facts::zones(cx)?;
    Ok(facts::zone_of(&zones, place))
}

/// When a shift began and ended. Rows that were never clocked or judged have days and times only.
pub(crate) fn stretch(row: &Object, zone: &TimeZone) -> Option<Stretch> {
    let date = row.date("date")?;
    let began_on_wall = time(row.text("clock_in"))?;
    let began = row.int("began_at").unwrap_or_else(|| wall::instant(zone, date, began_on_wall));
    let ended = time(row.text("clock_out"))
        .map(|ended| row.int("ended_at").unwrap_or_else(|| wall::end(zone, date, began_on_wall, ended)));
    Some(Stretch { id: row.int("id")?, began, ended, work: works(row) })
}

/// Whether a shift is work rather than a break.
pub(crate) fn works(row: &Object) -> bool {
    row.get("workable") == &Datum::Null || row.flag("workable")
}

fn time(text: Option<&str>) -> Option<Time> {
    text?.parse().ok()
}

/// The shifts of a person that may take time of a day or later: those of then, and all that are open.
fn stretches(
    cx: &mut Context<'_, '_>,
    employee: i64,
    zone: &TimeZone,
    day: Date,
) -> Result<(Vec<Object>, Vec<Stretch>), Error> {
    let looks = [
        Look::Equal("employee_id", Datum::Int(employee)),
        Look::Any(vec![Look::Null("clock_out"), Look::From("date", facts::text(wall::shifted(day, -REACH)))]),
    ];
    let rows = cx.facts(SHIFTS, &looks)?;
    let rows: Vec<Object> = rows.into_iter().filter(|row| row.text("clock_in").is_some()).collect();
    let stretches = rows.iter().filter_map(|row| stretch(row, zone)).collect();
    Ok((rows, stretches))
}

/// Days that were reviewed stay as they are. `field` says what asks for another.
fn unlocked(cx: &mut Context<'_, '_>, days: &BTreeSet<(i64, Date)>, field: &str) -> Result<(), Error> {
    let (Some(first), Some(last)) = (days.iter().map(|day| day.1).min(), days.iter().map(|day| day.1).max())
    else {
        return Ok(());
    };
    let employees: Vec<i64> = days.iter().map(|day| day.0).collect::<BTreeSet<_>>().into_iter().collect();
    let range = facts::between("date", first, last);
    let reviewed = load::of(cx, "attendance/reviews", &employees, &range)?;
    let locked =
        |row: &&Object| row.int("employee_id").zip(row.date("date")).is_some_and(|day| days.contains(&day));
    match reviewed.iter().find(locked).and_then(|row| row.date("date")) {
        Some(day) => Err(Error::conflict(
            field,
            "day_reviewed",
            format!("The timesheet of {day} was reviewed. Take the review back to change it."),
        )),
        None => Ok(()),
    }
}

fn refused(field: &str, refusal: Refusal) -> Error {
    if refusal.conflict() {
        Error::conflict(field, refusal.code(), refusal.sentence())
    } else {
        Error::rule(field, refusal.code(), refusal.sentence())
    }
}

/// A clocking in progress: who, where, when, and what is there already.
struct Clocking {
    employee: i64,
    zone: TimeZone,
    at: i64,
    field: &'static str,
    rows: Vec<Object>,
    shifts: Vec<Stretch>,
}

impl Clocking {
    fn begin(
        cx: &mut Context<'_, '_>,
        input: &Input,
        field: &'static str,
        workplace: Option<i64>,
    ) -> Result<Self, Error> {
        let employee = whose(cx, input)?;
        let zone = zone(cx, employee, workplace)?;
        let at = wall::moment(input.text(field).unwrap_or_default(), &zone).ok_or_else(|| {
            Error::invalid(field, "It must be a point in time such as 2026-11-23T09:30:00+01:00.")
        })?;
        let day = wall::civil(&zone, at).date();
        let (rows, shifts) = stretches(cx, employee, &zone, day)?;
        Ok(Self { employee, zone, at, field, rows, shifts })
    }

    /// Minutes that were due on the day of the open shift. Asked only where it has been open for long.
    fn due(&self, cx: &mut Context<'_, '_>) -> Result<i64, Error> {
        let Some(open) = clock::open(&self.shifts).filter(|open| clock::forgotten(open.began, 0, self.at))
        else {
            return Ok(0);
        };
        let day = wall::civil(&self.zone, open.began).date();
        let estimates = crate::time::estimates(cx, &[self.employee], day, day)?;
        Ok(estimates.on(self.employee, day).map_or(0, |day| day.minutes()))
    }

    fn decided(&self, decision: Result<clock::Change, Refusal>) -> Result<clock::Change, Error> {
        decision.map_err(|refusal| refused(self.field, refusal))
    }

    /// Ends a shift, as the input says about its end. Returns it as it was.
    fn close(
        &self,
        cx: &mut Context<'_, '_>,
        input: &Input,
        (id, ended): (i64, i64),
    ) -> Result<Option<&Object>, Error> {
        let row = self.rows.iter().find(|row| row.int("id") == Some(id));
        let day = row.and_then(|row| row.date("reference_date"));
        unlocked(cx, &day.map(|day| (self.employee, day)).into_iter().collect(), self.field)?;
        let mut sets = Sets::new();
        sets.insert(
            "clock_out",
            Datum::Text(wall::civil(&self.zone, ended).time().strftime("%H:%M:%S").to_string()),
        );
        sets.insert("ended_at", Datum::Int(ended));
        sets.insert("out_source", Datum::Text(source(cx).to_owned()));
        taken(input, &mut sets, &OUT);
        cx.change(SHIFTS, &[Look::Equal("id", Datum::Int(id))], sets)?;
        if let Some(began) = self.shifts.iter().find(|shift| shift.id == id).map(|shift| shift.began) {
            worked_on(cx, id, wall::minutes(began, ended))?;
        }
        Ok(row)
    }

    /// Begins a shift that counts for the day on which it begins, or for that of the shift that it goes on from.
    fn open(
        &self,
        cx: &mut Context<'_, '_>,
        input: &Input,
        (began, work): (i64, bool),
        from: Option<&Object>,
    ) -> Result<i64, Error> {
        let civil = wall::civil(&self.zone, began);
        let day = from.and_then(|row| row.date("reference_date")).unwrap_or_else(|| civil.date());
        unlocked(cx, &BTreeSet::from([(self.employee, day)]), self.field)?;
        let mut sets = Sets::new();
        sets.insert("employee_id", Datum::Int(self.employee));
        sets.insert("date", facts::text(civil.date()));
        sets.insert("reference_date", facts::text(day));
        sets.insert("clock_in", Datum::Text(civil.time().strftime("%H:%M:%S").to_string()));
        sets.insert("began_at", Datum::Int(began));
        sets.insert("workable", Datum::Bool(work));
        sets.insert("in_source", Datum::Text(source(cx).to_owned()));
        if let Some(row) = from {
            for column in ["location_type", "workplace_id"] {
                sets.insert(column, row.get(column).clone());
            }
        }
        taken(input, &mut sets, &IN);
        cx.add(SHIFTS, sets)
    }
}

/// The errand that asks how the clock of an `employee_id` stands, by the clock on the wall where the person works: what that
/// says `now`; the shift that is `open`, since when, for how many minutes, and whether it is work; and those that somebody
/// has `forgotten` to end.
pub(crate) fn standing(cx: &mut Context<'_, '_>, asked: &Value) -> Result<Value, Error> {
    let employee = asked["employee_id"].as_i64().ok_or(Error::NotFound)?;
    reach(cx, &[employee])?;
    let zone = zone(cx, employee, None)?;
    let at = cx.tx.now().millis();
    let now = wall::civil(&zone, at);
    let (rows, mut shifts) = stretches(cx, employee, &zone, now.date())?;
    shifts.retain(|shift| shift.ended.is_none() && shift.began <= at);
    let clocking = Clocking { employee, zone, at, field: "now", rows, shifts };
    let due = clocking.due(cx)?;
    let since = |shift: &Stretch| wall::civil(&clocking.zone, shift.began).to_string();
    let last = clock::open(&clocking.shifts).filter(|open| !clock::forgotten(open.began, due, at));
    let open = last.map(|shift| {
        json!({ "since": since(&shift), "minutes": wall::minutes(shift.began, at), "workable": shift.work })
    });
    let forgotten = clocking.shifts.iter().filter(|shift| last != Some(**shift));
    let forgotten: Vec<_> =
        forgotten.map(|shift| json!({ "id": shift.id.to_string(), "since": since(shift) })).collect();
    Ok(json!({ "now": now.to_string(), "open": open, "forgotten": forgotten }))
}

/// Members of an input and the columns that they go to.
type Taken = [(&'static str, &'static str)];

const IN: [(&str, &str); 7] = [
    ("latitude", "in_location_latitude"),
    ("longitude", "in_location_longitude"),
    ("accuracy", "in_location_accuracy"),
    ("observations", "observations"),
    ("location_type", "location_type"),
    ("workplace_id", "workplace_id"),
    ("time_settings_break_configuration_id", "time_settings_break_configuration_id"),
];

const OUT: [(&str, &str); 4] = [
    ("latitude", "out_location_latitude"),
    ("longitude", "out_location_longitude"),
    ("accuracy", "out_location_accuracy"),
    ("observations", "observations"),
];

fn taken(input: &Input, sets: &mut Sets, members: &Taken) {
    for (member, column) in members {
        if let Some(value) = input.get(member).filter(|value| **value != Datum::Null) {
            sets.insert(column, value.clone());
        }
    }
}

/// What records a clocking: a program, or a person in the browser.
fn source(cx: &Context<'_, '_>) -> &'static str {
    if cx.caller.access.is_some() && cx.caller.application.is_none() { "desktop" } else { "api" }
}

/// `clock_in`
pub(crate) fn clock_in(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let clocking = Clocking::begin(cx, input, "now", input.int("workplace_id"))?;
    let worker = worker(cx, clocking.employee, input)?;
    let kind = input.int("time_settings_break_configuration_id");
    offered(cx, kind)?;
    let due = clocking.due(cx)?;
    let change = clocking.decided(clock::clock_in(&clocking.shifts, due, clocking.at, kind.is_none()))?;
    begun(cx, input, &clocking, change, worker)
}

/// `clock_out`
pub(crate) fn clock_out(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let clocking = Clocking::begin(cx, input, "now", None)?;
    let change = clocking.decided(clock::clock_out(&clocking.shifts, clocking.at))?;
    begun(cx, input, &clocking, change, None)
}

/// `break_start`
pub(crate) fn break_start(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let clocking = Clocking::begin(cx, input, "now", None)?;
    let change = clocking.decided(clock::break_start(&clocking.shifts, clocking.at))?;
    offered(cx, input.int("time_settings_break_configuration_id"))?;
    begun(cx, input, &clocking, change, None)
}

/// `break_end`
pub(crate) fn break_end(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let clocking = Clocking::begin(cx, input, "now", None)?;
    let change = clocking.decided(clock::break_end(&clocking.shifts, clocking.at))?;
    let worker = worker(cx, clocking.employee, input)?;
    begun(cx, input, &clocking, change, worker)
}

/// `toggle_clock`: with a kind of break it begins or ends a break, otherwise it clocks in or out.
pub(crate) fn toggle_clock(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let clocking = Clocking::begin(cx, input, "clock_time", None)?;
    let kind = input.int("time_settings_break_configuration_id");
    let due = clocking.due(cx)?;
    let (shifts, at) = (&clocking.shifts, clocking.at);
    let open = clock::open(shifts).filter(|open| !clock::forgotten(open.began, due, at));
    let decision = match (open, kind) {
        (None, _) => clock::clock_in(shifts, due, at, kind.is_none()),
        (Some(open), Some(_)) if open.work => clock::break_start(shifts, at),
        (Some(_), Some(_)) => clock::break_end(shifts, at),
        (Some(_), None) => clock::clock_out(shifts, at),
    };
    let change = clocking.decided(decision)?;
    let worker = match input.int("project_id") {
        Some(project) if change.close.is_none() => Some(assigned(cx, clocking.employee, project)?),
        _ => None,
    };
    if change.open.is_some_and(|(_, work)| !work) {
        offered(cx, kind)?;
    }
    begun(cx, input, &clocking, change, worker)
}

/// Does what was decided, and answers the shift that began or else the one that ended.
fn begun(
    cx: &mut Context<'_, '_>,
    input: &Input,
    clocking: &Clocking,
    change: clock::Change,
    worker: Option<i64>,
) -> Result<Answer, Error> {
    let closed = match change.close {
        // What is remarked about the next shift is not about this one.
        Some(close) if change.open.is_some() => clocking.close(cx, &Input::default(), close)?,
        Some(close) => clocking.close(cx, input, close)?,
        None => None,
    };
    let Some(open) = change.open else {
        return Ok(change.close.map_or(0, |(id, _)| id).into());
    };
    let id = clocking.open(cx, input, open, closed)?;
    if let Some(worker) = worker {
        record(cx, worker, id, input.int("subproject_id"))?;
    }
    Ok(id.into())
}

/// Whether a kind of break can be taken; without a kind, whether breaks can be taken at all.
fn offered(cx: &mut Context<'_, '_>, kind: Option<i64>) -> Result<(), Error> {
    const FIELD: &str = "time_settings_break_configuration_id";
    let mut looks = Vec::new();
    if let Some(kind) = kind {
        let kinds = cx.objects("time_settings/break_configurations", vec![kind])?;
        if kinds.get(&kind).is_some_and(|kind| kind.flag("archived")) {
            return Err(Error::rule(FIELD, "break_archived", "This kind of break is no longer offered."));
        }
        looks.push(Look::Equal(FIELD, Datum::Int(kind)));
    }
    let settings = cx.facts("attendance/break_configurations", &looks)?;
    if !settings.is_empty() && !settings.iter().any(|setting| setting.flag("enabled")) {
        return Err(Error::rule(FIELD, "breaks_disabled", "Breaks of this kind cannot be taken here."));
    }
    Ok(())
}

/// The project assignment that an input names, if it is that of the person.
fn worker(cx: &mut Context<'_, '_>, employee: i64, input: &Input) -> Result<Option<i64>, Error> {
    let Some(worker) = input.int("project_worker_id") else { return Ok(None) };
    own_worker(cx, employee, worker)?;
    Ok(Some(worker))
}

fn own_worker(cx: &mut Context<'_, '_>, employee: i64, worker: i64) -> Result<(), Error> {
    let own = |row: &Object| row.int("employee_id") == Some(employee) && row.flag("assigned");
    let workers = cx.objects(WORKERS, vec![worker])?;
    if workers.get(&worker).is_some_and(own) { Ok(()) } else { Err(Error::NotFound) }
}

/// The assignment of a person to a project.
fn assigned(cx: &mut Context<'_, '_>, employee: i64, project: i64) -> Result<i64, Error> {
    let looks = [
        Look::Equal("project_id", Datum::Int(project)),
        Look::Equal("employee_id", Datum::Int(employee)),
        Look::Equal("assigned", Datum::Bool(true)),
    ];
    let workers = cx.facts(WORKERS, &looks)?;
    workers.first().and_then(|worker| worker.int("id")).ok_or(Error::NotFound)
}

/// Books a shift on a project.
fn record(cx: &mut Context<'_, '_>, worker: i64, shift: i64, part: Option<i64>) -> Result<(), Error> {
    let row = cx.objects(SHIFTS, vec![shift])?.remove(&shift).ok_or(Error::NotFound)?;
    let mut sets = Sets::new();
    sets.insert("project_worker_id", Datum::Int(worker));
    sets.insert("attendance_shift_id", Datum::Int(shift));
    sets.insert("date", row.get("reference_date").clone());
    sets.insert("imputed_minutes", Datum::Int(length(&row)));
    if let Some(part) = part {
        sets.insert("subproject_id", Datum::Int(part));
    }
    cx.add(RECORDS, sets)?;
    Ok(())
}

/// Minutes of a row; none while it is open.
fn length(row: &Object) -> i64 {
    row.int("began_at").zip(row.int("ended_at")).map_or(0, |(from, to)| wall::minutes(from, to))
}

/// What is booked of a shift on projects is as long as the shift.
fn worked_on(cx: &mut Context<'_, '_>, shift: i64, minutes: i64) -> Result<(), Error> {
    let other = Look::Not(Box::new(Look::Equal("imputed_minutes", Datum::Int(minutes))));
    let sets = Sets::from([("imputed_minutes", Datum::Int(minutes))]);
    cx.change(RECORDS, &[Look::Equal("attendance_shift_id", Datum::Int(shift)), other], sets)?;
    Ok(())
}

/// What a shift that is written or changed by hand has to respect.
pub(crate) fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    match cx.caller.employee {
        Some(employee) => draft.begin("employee_id", || Datum::Int(employee)),
        None => draft.need("employee_id", "A company has no shifts of its own: name the employee.")?,
    }
    draft.begin("reference_date", || Datum::Null);
    if draft.get("reference_date") == &Datum::Null {
        let date = draft.get("date").clone();
        draft.sets.insert("reference_date", date);
    }
    let source = draft.text("source").unwrap_or(source(cx)).to_owned();
    draft.begin("in_source", || Datum::Text(source.clone()));
    if draft.changes("clock_out") && draft.text("clock_out").is_some() {
        draft.sets.insert("out_source", Datum::Text(source));
    }
    let (Some(employee), Some(date)) = (draft.int("employee_id"), draft.date("date")) else { return Ok(()) };
    if let (Some(worker), true) = (draft.int("project_worker_id"), draft.changes("project_worker_id")) {
        own_worker(cx, employee, worker)?;
    }
    let before = draft.old.and_then(|old| old.int("employee_id").zip(old.date("reference_date")));
    let after = draft.date("reference_date").map(|day| (employee, day));
    unlocked(cx, &before.into_iter().chain(after).collect(), "date")?;
    if !["date", "clock_in", "clock_out", "workplace_id"].iter().any(|column| draft.changes(column)) {
        return Ok(());
    }
    let Some(clock_in) = time(draft.text("clock_in")) else {
        let none = ["began_at", "ended_at"].map(|column| (column, Datum::Null));
        draft.sets.extend(none);
        return match draft.text("clock_out") {
            Some(_) => Err(Error::rule("clock_in", "required", "A shift that ends has to begin.")),
            None => Ok(()),
        };
    };
    let zone = zone(cx, employee, draft.int("workplace_id"))?;
    let moved = draft.changes("date") || draft.changes("clock_in") || draft.changes("workplace_id");
    let known = draft.old.and_then(|old| old.int("began_at")).filter(|_| !moved);
    let began = known.unwrap_or_else(|| wall::instant(&zone, date, clock_in));
    let ended = time(draft.text("clock_out")).map(|ended| wall::end(&zone, date, clock_in, ended));
    draft.sets.insert("began_at", Datum::Int(began));
    draft.sets.insert("ended_at", ended.map_or(Datum::Null, Datum::Int));
    let (_, shifts) = stretches(cx, employee, &zone, date)?;
    let own = draft.old.and_then(|old| old.int("id"));
    if clock::overlaps(&shifts, own, began, ended) {
        return Err(refused("clock_in", Refusal::Overlaps));
    }
    let others: Vec<Stretch> = shifts.into_iter().filter(|shift| Some(shift.id) != own).collect();
    let opens = ended.is_none() && draft.old.is_none_or(|old| old.text("clock_out").is_some());
    if opens && clock::open(&others).is_some_and(|open| !clock::forgotten(open.began, 0, began)) {
        return Err(refused("clock_out", Refusal::ClockedIn));
    }
    Ok(())
}

/// What follows from a shift that was written by hand: what is booked on projects goes along.
pub(crate) fn effect(cx: &mut Context<'_, '_>, id: i64, old: Option<&Object>) -> Result<(), Error> {
    let Some(row) = cx.objects(SHIFTS, vec![id])?.remove(&id) else { return Ok(()) };
    match (old, row.int("project_worker_id")) {
        (None, Some(worker)) => record(cx, worker, id, None),
        (None, None) => Ok(()),
        (Some(old), _) if length(old) != length(&row) => worked_on(cx, id, length(&row)),
        (Some(_), _) => Ok(()),
    }
}

/// A shift goes with what is booked on projects of it; requests about it stay.
pub(crate) fn removal(cx: &mut Context<'_, '_>, shift: &Object) -> Result<Removal, Error> {
    let day = shift.int("employee_id").zip(shift.date("reference_date"));
    unlocked(cx, &day.into_iter().collect(), "id")?;
    let id = shift.int("id").unwrap_or_default();
    let of = [Look::Equal("attendance_shift_id", Datum::Int(id))];
    cx.remove(RECORDS, &of)?;
    let sets = Sets::from([("attendance_shift_id", Datum::Null)]);
    cx.change("attendance/edit_timesheet_requests", &of, sets)?;
    Ok(Removal::Gone)
}

/// `autofill`: days without any shift get one as planned. Days that are not over, and reviewed ones, are left alone.
pub(crate) fn autofill(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let employees: BTreeSet<i64> = input.ids("employee_ids").into_iter().collect();
    let everyone: Vec<i64> = employees.iter().copied().collect();
    reach(cx, &everyone)?;
    let (first, last) = range(input)?;
    let estimates = crate::time::estimates(cx, &everyone, first, last)?;
    let there = load::of(cx, SHIFTS, &everyone, &facts::between("reference_date", first, last))?;
    let reviewed = load::of(cx, "attendance/reviews", &everyone, &facts::between("date", first, last))?;
    let day = |column: &'static str| move |row: &Object| row.int("employee_id").zip(row.date(column));
    let mut full: BTreeSet<_> = there.iter().filter_map(day("reference_date")).collect();
    full.extend(reviewed.iter().filter_map(day("date")));
    let source = input.text("source").unwrap_or("system").to_owned();
    let now = cx.tx.now().millis();
    let mut made = Vec::new();
    for employee in &everyone {
        let Some(plan) = estimates.plans.get(employee) else { continue };
        let zone = estimate::zone(plan);
        for date in wall::days(first, last).filter(|date| !full.contains(&(*employee, *date))) {
            let due = estimate::stretches(plan, estimates.leaves(*employee), date);
            for (began, ended) in due.into_iter().filter(|(_, ended)| *ended <= now) {
                let (from, to) = (wall::civil(&zone, began), wall::civil(&zone, ended));
                let at = |time: Time| Datum::Text(time.strftime("%H:%M:%S").to_string());
                let sets = Sets::from([
                    ("employee_id", Datum::Int(*employee)),
                    ("date", facts::text(from.date())),
                    ("reference_date", facts::text(date)),
                    ("clock_in", at(from.time())),
                    ("clock_out", at(to.time())),
                    ("began_at", Datum::Int(began)),
                    ("ended_at", Datum::Int(ended)),
                    ("workable", Datum::Bool(true)),
                    ("in_source", Datum::Text(source.clone())),
                    ("out_source", Datum::Text(source.clone())),
                    ("workplace_id", plan.place.map_or(Datum::Null, Datum::Int)),
                ]);
                made.push(sets);
            }
        }
    }
    Ok(Answer::Objects(cx.add_all(SHIFTS, made)?))
}

/// The days of an action, which are not too many.
pub(crate) fn range(input: &Input) -> Result<(Date, Date), Error> {
    const MOST: i32 = 366;
    let (Some(first), Some(last)) = (input.date("start_on"), input.date("end_on")) else {
        return Err(Error::invalid("start_on", "It must be a day such as 2026-11-23."));
    };
    if last < first {
        return Err(Error::rule("end_on", "ends_before_it_begins", "The last day lies before the first."));
    }
    if first.until(last).map_or(i32::MAX, |span| span.get_days()) > MOST {
        return Err(Error::rule("end_on", "too_long", "That is more than a year at once."));
    }
    Ok((first, last))
}

/// The open shifts of everybody whom the caller reaches, by id.
pub(crate) fn all_open(
    cx: &mut Context<'_, '_>,
    wanted: Option<Vec<i64>>,
) -> Result<BTreeMap<i64, Object>, Error> {
    let people = cx.people(wanted)?;
    let rows = cx.facts(SHIFTS, &[Look::Null("clock_out"), Look::Not(Box::new(Look::Null("clock_in")))])?;
    let reached = |row: &Object| row.int("employee_id").is_some_and(|employee| people.contains(&employee));
    Ok(rows.into_iter().filter(reached).filter_map(|row| Some((row.int("id")?, row))).collect())
}
