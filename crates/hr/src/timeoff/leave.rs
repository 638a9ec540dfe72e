//! `timeoff/leaves`

use std::collections::HashMap;

use access::{Doing, Permission};
use engine::{Answer, Code, Context, Derived, Draft, Error, Hide, Input, Narrow, Object, Removal, Sets};
use registry::{Action, Company, Date, Employee, Id, Instant, Json, Object, Resource};
use serde_json::{Map, Value, json};
use storage::{Among, Datum, Look};

use super::books::{self, Books};
use super::rules::count::{Charge, total};
use super::rules::request::Refusal;
use super::{judge, judge::Authority};
use crate::approvals::flow;
use crate::approvals::rules::Outcome;

use crate::bookkeepers_management::incidence;
use crate::shift_management::on_leaves_changed;
use crate::time::today::{self, Days};
use crate::timeoff::LeaveType;

/// Time off that an employee requested or was given.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/leaves",
    object = "timeoff_leave",
    permission = "timeoff",
    subject = "employee_id",
    glimpse("absences", "approved", "deleted_at"),
    operations(list, read, create, update, delete),
    events("approve", "bulk_delete", "create", "delete", "reject", "update")
)]
#[parameter(name = "from", as = Date, doc = "Drops leaves that ended before this day. Open-ended ones stay.")]
#[parameter(name = "only_active", as = bool, doc = "True keeps only leaves in force.")]
#[parameter(name = "include_deleted_leaves", as = bool, doc = "True also lists deleted leaves.", required)]
#[parameter(name = "approved", as = bool, doc = "Decision to keep. With include_pending, undecided leaves come too.")]
#[parameter(name = "include_pending", as = bool, doc = "True alone keeps undecided leaves. With approved it adds them.")]
#[parameter(name = "include_leave_type", as = bool, doc = "True fills in the leave type.")]
#[parameter(name = "include_duration", as = bool, doc = "True fills in the length.")]
#[parameter(name = "include_duration_by_day", as = bool, doc = "True fills in the units of each day.", since = "2026-10-01")]
#[parameter(name = "type_is_workable", as = bool, doc = "Keeps leaves whose type counts as work, or not.")]
#[parameter(name = "type_is_payable", as = bool, doc = "Keeps leaves whose type is paid, or unpaid.")]
#[parameter(name = "forced_finish_on", as = Date, doc = "Day on which counting by day stops at the latest.", since = "2026-10-01")]
pub struct Leave {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Leave>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Who is away.
    #[field(create(required), update, filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// First day away.
    #[field(create(required), update, filter(to = "to"(as = String)))]
    pub start_on: Date,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Days charged in all.
    #[field(derived)]
    pub days_taken: f64,
    /// Last day away, inclusive. Null when open-ended.
    #[field(create, update)]
    pub finish_on: Option<Date>,
    /// Half that is taken: beginning_of_day or end_of_day. Null for whole days.
    #[field(create, update)]
    pub half_day: Option<String>,
    /// Remarks on the leave.
    #[field(sensitive = "medical", create, update)]
    pub description: Option<String>,
    /// Why the time off is taken.
    #[field(withheld)]
    pub reason: Option<String>,
    /// Kind of leave.
    #[field(withheld = "leave_type_id.visibility", create, update, filter(any = "leave_type_id[]"(as = String)))]
    pub leave_type_id: Option<Id<LeaveType>>,
    /// Title of the kind of leave.
    #[field(withheld = "leave_type_id.visibility", derived)]
    pub leave_type_name: Option<String>,
    /// True approved, false rejected, null not yet decided.
    #[field(entrusted = "timeoff.approve", update)]
    pub approved: Option<bool>,
    /// Full name of the person away.
    #[field(derived)]
    pub employee_full_name: Option<String>,
    /// Time of day when an hourly leave begins.
    #[field(create, update)]
    pub start_time: Option<String>,
    /// Length of an hourly leave, in hundredths of an hour.
    #[field(create, update)]
    pub hours_amount_in_cents: Option<i64>,
    /// When it was created.
    pub created_at: Option<Instant>,
    /// Moment of deletion, null while it exists.
    pub deleted_at: Option<Instant>,
    /// Summary of the length, when asked for.
    #[field(derived)]
    pub duration_attributes: Option<String>,
    /// Units of each day, when asked for.
    #[field(derived, since = "2026-10-01")]
    pub duration_by_day_attributes: Option<DurationByDayAttribute>,
    /// Code of the kind of medical leave.
    #[field(sensitive = "medical", input, create)]
    pub medical_leave_type: Option<i64>,
    /// Day when the medical leave takes effect.
    #[field(input, create)]
    pub effective_on: Option<Date>,
    /// Why the medical leave ended.
    #[field(sensitive = "medical", input, create)]
    pub medical_discharge_reason: Option<String>,
    /// Registration number of the doctor.
    #[field(sensitive = "medical", input, create)]
    pub colegiate_number: Option<i64>,
    /// Whether it continues an earlier medical leave.
    #[field(sensitive = "medical", input, create)]
    pub has_previous_relapse: Option<bool>,
    /// Earlier leave that it continues.
    #[field(sensitive = "medical", input, create)]
    pub relapse_leave_id: Option<Id<Leave>>,
    /// Day of the relapse.
    #[field(sensitive = "medical", input, create)]
    pub relapse_on: Option<Date>,
    /// Day of the accident.
    #[field(sensitive = "medical", input, create)]
    pub accident_on: Option<Date>,
    /// Day of the child's birth.
    #[field(input, create)]
    pub paternity_birth_on: Option<Date>,
    /// True sends no messages about the change.
    #[field(input, update)]
    pub skip_notifications: Option<bool>,
    /// True saves without checking the rules.
    #[field(entrusted = "timeoff.approve", input, update)]
    pub skip_validations: Option<bool>,
    /// True leaves medical data alone.
    #[field(input, update)]
    pub skip_medical_leave: Option<bool>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("days_taken", days_taken),
        Derived::through("leave_type_name", "leave_type_id", "timeoff/leave_types", "name"),
        Derived::page("employee_full_name", |cx, rows| crate::employees::full_names(cx, rows, "employee_id")),
        Derived::page("duration_attributes", durations),
        Derived::page("duration_by_day_attributes", by_day),
    ],
    rule: Some(rule),
    effect: Some(effect),
    removal: Some(removal),
    errands: &[("preview", judge::preview)],
    hide: Some(Hide { shown: |_| Ok(vec![Look::Null("deleted_at")]), unless: "include_deleted_leaves" }),
    actions: &[
        ("approve", |cx, input| act(cx, input, approve)),
        ("approve_all", |cx, input| act(cx, input, |cx, leave, _| settle(cx, leave, true, None))),
        ("reject", |cx, input| act(cx, input, reject)),
        ("bulk_delete", bulk_delete),
    ],
    filters: &[
        ("from", Narrow::Code(from)),
        ("only_active", Narrow::Code(only_active)),
        ("approved", Narrow::Code(approved)),
        ("include_pending", Narrow::Code(include_pending)),
        ("include_leave_type", Narrow::Idle),
        ("include_duration", Narrow::Idle),
        ("include_duration_by_day", Narrow::Idle),
        ("forced_finish_on", Narrow::Idle),
        ("type_is_workable", Narrow::Code(|cx, values| of_types(cx, "workable", values))),
        ("type_is_payable", Narrow::Code(|cx, values| of_types(cx, "payable", values))),
    ],
    ..Code::of("timeoff/leaves")
};

/// What flows of approval call a leave.
pub const KIND: &str = "Timeoff::Leave";

const LEAVES: &str = "timeoff/leaves";

/// What shows all of a leave.
const SEE: Permission = Permission::new("timeoff", Doing::See);

/// The charges of the leaves of a page. A leave without an end is counted up to today, or to the day that the list asks for.
fn charged(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Vec<Charge>>, Error> {
    let forced = cx.asked("forced_finish_on").and_then(|day| day.parse::<Date>().ok());
    let (now, horizon) = (cx.tx.now(), forced.unwrap_or_else(|| today::horizon(cx)));
    let people =
        rows.iter().filter_map(|row| row.int("employee_id")).collect::<std::collections::BTreeSet<_>>();
    let people: Vec<i64> = people.into_iter().collect();
    // Deleted leaves are not in the books, but their days have to be known.
    let dates = rows.iter().flat_map(|row| [row.date("start_on"), row.date("finish_on")]).flatten();
    let days = dates.fold(None, |all: Option<(Date, Date)>, day| {
        Some(all.map_or((day, day), |(first, last)| (first.min(day), last.max(day))))
    });
    let books = Books::open(cx, &people, days, horizon)?;
    let charges = |row: &Object| {
        let leave = books::Leave::of(row, &books.types)?;
        let employee = row.int("employee_id")?;
        let mut charges = books.charges(employee, &leave, forced.unwrap_or_else(|| books.day(employee, now)));
        if let Some(forced) = forced {
            charges.retain(|charge| charge.day <= forced);
        }
        Some(charges)
    };
    Ok(rows.iter().map(|row| charges(row).unwrap_or_default()).collect())
}

fn days_taken(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Value>, Error> {
    let charged = charged(cx, rows)?;
    Ok(charged.iter().map(|charges| decimal(total(charges).days).into()).collect())
}

/// The length of each leave in days and hours, as a small object in JSON, where the list asks for it.
fn durations(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Value>, Error> {
    if !cx.asked_for("include_duration") {
        return Ok(vec![Value::Null; rows.len()]);
    }
    let length = |charges: &Vec<Charge>| {
        let total = total(charges);
        let length = json!({ "days": decimal(total.days), "hours": decimal(total.hours()) });
        Value::String(length.to_string())
    };
    Ok(charged(cx, rows)?.iter().map(length).collect())
}

fn by_day(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Value>, Error> {
    if !cx.asked_for("include_duration_by_day") {
        return Ok(vec![Value::Null; rows.len()]);
    }
    let units = |charges: &[Charge], of: fn(&Charge) -> i64| {
        let day = |charge: &Charge| (charge.day.to_string(), decimal(of(charge)).into());
        Value::Object(charges.iter().map(day).collect::<Map<_, _>>())
    };
    let shown = |charges: &Vec<Charge>| {
        json!({
            "workable_units_by_day": {
                "days": units(charges, |charge| charge.workable.days),
                "hours": units(charges, |charge| charge.workable.hours()),
            },
            "used_units_by_day": {
                "days": units(charges, |charge| charge.used.days),
                "hours": units(charges, |charge| charge.used.hours()),
            },
        })
    };
    Ok(charged(cx, rows)?.iter().map(shown).collect())
}

/// Hundredths as a number.
#[expect(clippy::cast_precision_loss, reason = "units of time off are few")]
pub(crate) fn decimal(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

/// Completes and judges a leave that is entered or changed.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    draft.need("leave_type_id", "A leave is of some kind.")?;
    let employee = draft.int("employee_id").unwrap_or_default();
    let authority = Authority::over(cx, employee)?;
    if let Some(old) = draft.old {
        if old.int("deleted_at").is_some() {
            return Err(Error::conflict("id", "leave_deleted", "The leave is deleted."));
        }
        if draft.sets.contains_key("approved") && draft.changes("approved") && !authority.decides() {
            return Err(authority.refused("approved"));
        }
        let moved = MEASURES.iter().any(|column| draft.sets.contains_key(column) && draft.changes(column));
        if moved && !authority.decides() {
            unlocked(cx, std::iter::once(old))?;
        }
        if !moved && !draft.changes("approved") {
            return Ok(());
        }
        if draft.flag("skip_validations") && authority.forces() {
            return Ok(());
        }
        let kind = books::types(cx)?.remove(&draft.int("leave_type_id").unwrap_or_default());
        if moved && old.flag("approved") && !authority.decides() && kind.is_some_and(|kind| kind.approval) {
            // What was approved was something else.
            draft.sets.insert("approved", Datum::Null);
        }
    }
    let judged = judge::judge(cx, &judge::Wanted::of(draft)?, authority)?;
    if let Some(refusal) = judged.refusals.into_iter().next() {
        return Err(refusal.into());
    }
    if draft.old.is_none() {
        let at_once = !judged.kind.approval || authority.enters_for_others();
        draft.sets.insert("approved", if at_once { Datum::Bool(true) } else { Datum::Null });
    }
    Ok(())
}

/// Columns that say when and how long a leave is, whose, and of which kind.
const MEASURES: [&str; 7] = [
    "employee_id",
    "start_on",
    "finish_on",
    "half_day",
    "leave_type_id",
    "start_time",
    "hours_amount_in_cents",
];

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Error::rule(refusal.field, refusal.code, refusal.message)
    }
}

/// Begins the approval of what is not decided yet, and ends the one of what is.
fn effect(cx: &mut Context<'_, '_>, id: i64, old: Option<&Object>) -> Result<(), Error> {
    let Some(leave) = cx.objects(LEAVES, vec![id])?.remove(&id) else { return Ok(()) };
    let pending = *leave.get("approved") == Datum::Null;
    let running = match old {
        None => None,
        Some(_) => flow::of(cx, KIND, id)?.filter(flow::runs),
    };
    match (pending, running) {
        (true, None) => begin(cx, &leave)?,
        (false, Some(running)) => flow::settle(cx, &running, leave.flag("approved"), None)?,
        _ => {}
    }
    changed(cx, &[id])
}

/// Planned shifts make way for a leave or come back, and payroll hears of it.
fn changed(cx: &mut Context<'_, '_>, ids: &[i64]) -> Result<(), Error> {
    let leaves: Vec<Object> = cx.objects(LEAVES, ids.to_vec())?.into_values().collect();
    let kinds = cx.referred("timeoff/leave_types", &leaves, "leave_type_id")?;
    on_leaves_changed(cx, &leaves, &kinds)?;
    payroll(cx, &leaves, &kinds)
}

/// Payroll knows of approved leaves only, and of no others any more.
fn payroll(cx: &mut Context<'_, '_>, leaves: &[Object], kinds: &HashMap<i64, Object>) -> Result<(), Error> {
    let known = |leave: &Object| {
        let kind = leave.int("leave_type_id").and_then(|id| kinds.get(&id));
        let holds = leave.flag("approved") && leave.int("deleted_at").is_none();
        let kind = kind.filter(|kind| holds && !kind.flag("workable"))?;
        Some((incidence::absence(kind.text("identifier")?)?, kind.text("name")))
    };
    for name in incidence::ABSENCES {
        let others = leaves.iter().filter(|leave| known(leave).is_none_or(|(own, _)| own != name));
        let others: Vec<i64> = others.filter_map(|leave| leave.int("id")).collect();
        incidence::withdraw_targets(cx, name, &others)?;
    }
    for leave in leaves {
        let Some(((name, title), id)) = known(leave).zip(leave.int("id")) else { continue };
        let about = incidence::Note::about(name, KIND, id, leave.int("employee_id").unwrap_or_default());
        let custom_name = title.filter(|_| name == incidence::LEAVE).map(str::to_owned);
        let (starts_on, ends_on) = (leave.date("start_on"), leave.date("finish_on"));
        incidence::note(cx, &incidence::Note { starts_on, ends_on, custom_name, ..about })?;
    }
    Ok(())
}

fn begin(cx: &mut Context<'_, '_>, leave: &Object) -> Result<(), Error> {
    let (Some(id), Some(employee)) = (leave.int("id"), leave.int("employee_id")) else { return Ok(()) };
    let url = format!("/timeoff/leaves/{id}");
    let request =
        flow::Request { kind: KIND, id, employee, leave_type: leave.int("leave_type_id"), url: &url };
    if flow::begin(cx, request)? {
        decided(cx, leave, true, None)?;
    }
    Ok(())
}

/// Finds the leave that an action is about, and does it.
fn act(
    cx: &mut Context<'_, '_>,
    input: &Input,
    what: fn(&mut Context<'_, '_>, &Object, &Input) -> Result<(), Error>,
) -> Result<Answer, Error> {
    let id = input.id("id");
    let plan = cx.plan(LEAVES)?;
    let leave = cx.own(plan, id)?;
    if leave.int("deleted_at").is_some() {
        return Err(Error::conflict("id", "leave_deleted", "The leave is deleted."));
    }
    what(cx, &leave, input)?;
    Ok(Answer::Object(id))
}

/// Approves the current level of the leave's flow, or the leave where no flow runs.
fn approve(cx: &mut Context<'_, '_>, leave: &Object, _: &Input) -> Result<(), Error> {
    ballot(cx, leave, true, None)
}

fn reject(cx: &mut Context<'_, '_>, leave: &Object, input: &Input) -> Result<(), Error> {
    ballot(cx, leave, false, input.text("reason"))
}

/// Decides the current level of the flow of a leave, for who is asked by its flow rather than by the leave.
pub(crate) fn vote(
    cx: &mut Context<'_, '_>,
    id: i64,
    approve: bool,
    reason: Option<&str>,
) -> Result<(), Error> {
    let leave = cx.objects(LEAVES, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
    if leave.int("deleted_at").is_some() {
        return Err(Error::conflict("id", "leave_deleted", "The leave is deleted."));
    }
    ballot(cx, &leave, approve, reason)
}

fn ballot(
    cx: &mut Context<'_, '_>,
    leave: &Object,
    approve: bool,
    reason: Option<&str>,
) -> Result<(), Error> {
    let running = flow::of(cx, KIND, leave.int("id").unwrap_or_default())?.filter(flow::runs);
    let Some(running) = running else { return settle(cx, leave, approve, reason) };
    let authority = Authority::over(cx, leave.int("employee_id").unwrap_or_default())?;
    if approve {
        affordable(cx, leave, authority)?;
    }
    match flow::vote(cx, &running, approve, authority.forces(), reason)? {
        Outcome::Running => Ok(()),
        Outcome::Approved => decided(cx, leave, true, None),
        Outcome::Rejected => decided(cx, leave, false, reason),
    }
}

/// Decides on a leave whatever its flow says.
fn settle(
    cx: &mut Context<'_, '_>,
    leave: &Object,
    approve: bool,
    reason: Option<&str>,
) -> Result<(), Error> {
    let authority = Authority::over(cx, leave.int("employee_id").unwrap_or_default())?;
    if !authority.decides() {
        return Err(authority.refused("id"));
    }
    let is = *leave.get("approved") != Datum::Null;
    match (is.then(|| leave.flag("approved")), approve) {
        (Some(true), true) => {
            return Err(Error::conflict("id", "already_approved", "The leave is approved already."));
        }
        (Some(false), false) => {
            return Err(Error::conflict("id", "already_rejected", "The leave is rejected already."));
        }
        _ => {}
    }
    if approve {
        affordable(cx, leave, authority)?;
    }
    if let Some(flow) = flow::of(cx, KIND, leave.int("id").unwrap_or_default())? {
        flow::settle(cx, &flow, approve, reason)?;
    }
    decided(cx, leave, approve, reason)
}

/// Refuses to approve what nobody may take any more: pending leaves do not lower a balance, approved ones do.
fn affordable(cx: &mut Context<'_, '_>, leave: &Object, authority: Authority) -> Result<(), Error> {
    let kind = books::types(cx)?.remove(&leave.int("leave_type_id").unwrap_or_default());
    if kind.is_some_and(|kind| kind.attachment) {
        let files = [Look::Equal("leave_id", Datum::Int(leave.int("id").unwrap_or_default()))];
        if cx.facts("documents/documents", &files)?.is_empty() {
            let message = "Leaves of this kind need a file before they are approved.";
            return Err(Error::rule("id", "attachment_required", message));
        }
    }
    let wanted = judge::Wanted::of_row(leave)?;
    let judged = judge::judge(cx, &wanted, authority)?;
    let stops = |refusal: &Refusal| matches!(refusal.code, "balance_exceeded" | "overlaps");
    match judged.refusals.into_iter().find(stops) {
        Some(refusal) => Err(refusal.into()),
        None => Ok(()),
    }
}

/// Writes down what was decided on a leave, and what follows for planned shifts.
fn decided(
    cx: &mut Context<'_, '_>,
    leave: &Object,
    approve: bool,
    reason: Option<&str>,
) -> Result<(), Error> {
    let Some(id) = leave.int("id") else { return Ok(()) };
    let mut sets = Sets::from([("approved", Datum::Bool(approve))]);
    if let Some(reason) = reason {
        sets.insert("reason", Datum::Text(reason.to_owned()));
    }
    cx.change(LEAVES, &[Look::Equal("id", Datum::Int(id))], sets)?;
    changed(cx, &[id])
}

/// A deleted leave keeps its row; its days are free again.
fn removal(cx: &mut Context<'_, '_>, leave: &Object) -> Result<Removal, Error> {
    deletable(cx, std::slice::from_ref(leave))?;
    bury(cx, std::slice::from_ref(leave))?;
    Ok(Removal::Kept)
}

/// Deletes several leaves, all or none.
fn bulk_delete(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let mut ids = input.ids("ids");
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Err(Error::invalid("ids", "It must name a leave."));
    }
    let plan = cx.plan(LEAVES)?;
    let leaves = cx.owned(plan, &ids)?;
    if leaves.len() < ids.len() {
        return Err(Error::NotFound);
    }
    deletable(cx, &leaves)?;
    bury(cx, &leaves)?;
    Ok(Answer::Objects(ids))
}

fn deletable(cx: &mut Context<'_, '_>, leaves: &[Object]) -> Result<(), Error> {
    if leaves.iter().any(|leave| leave.int("deleted_at").is_some()) {
        return Err(Error::NotFound);
    }
    let employees = leaves.iter().filter_map(|leave| leave.int("employee_id")).collect();
    let authorities = Authority::over_all(cx, employees)?;
    let decides = |leave: &&Object| {
        let over = leave.int("employee_id").and_then(|id| authorities.get(&id));
        over.is_some_and(|authority| authority.decides())
    };
    unlocked(cx, leaves.iter().filter(|leave| !decides(leave)))
}

/// Whoever does not decide on leaves changes and deletes only what is not decided yet, or has not begun.
fn unlocked<'o>(cx: &mut Context<'_, '_>, leaves: impl Iterator<Item = &'o Object>) -> Result<(), Error> {
    let decided: Vec<&Object> = leaves.filter(|leave| *leave.get("approved") != Datum::Null).collect();
    let people: Vec<i64> = decided.iter().filter_map(|leave| leave.int("employee_id")).collect();
    let days = if people.is_empty() { HashMap::new() } else { today::of_all(cx, &people)? };
    let to_come = |leave: &&Object| {
        let today = leave.int("employee_id").and_then(|id| days.get(&id));
        leave.date("start_on").zip(today).is_some_and(|(first, today)| first > *today)
    };
    if decided.iter().all(to_come) {
        return Ok(());
    }
    Err(Error::conflict(
        "id",
        "leave_locked",
        "The leave has begun. Only those who decide on leaves change it now.",
    ))
}

fn bury(cx: &mut Context<'_, '_>, leaves: &[Object]) -> Result<(), Error> {
    let ids: Vec<i64> = leaves.iter().filter_map(|leave| leave.int("id")).collect();
    let now = Datum::Int(cx.tx.now().millis());
    let these = Look::OneOf("id", ids.iter().copied().map(Datum::Int).collect());
    cx.change(LEAVES, &[these], Sets::from([("deleted_at", now)]))?;
    changed(cx, &ids)?;
    flow::stop(cx, KIND, &ids)
}

/// The objects of `duration_by_day_attributes`.
#[derive(Debug, Object)]
pub struct DurationByDayAttribute {
    /// Units that would have been worked on each date.
    pub workable_units_by_day: WorkableUnitsByDay,
    /// Units charged for each date.
    pub used_units_by_day: WorkableUnitsByDay,
}

/// The objects of `workable_units_by_day`.
#[derive(Debug, Object)]
pub struct WorkableUnitsByDay {
    /// Amount in days, by date.
    pub days: Json,
    /// Amount in hours, by date.
    pub hours: Json,
}

/// Approves the current step of the leave's approval, or the leave itself.
#[derive(Debug, Action)]
#[action(of = Leave, name = "approve")]
pub struct Approve {
    /// Leave to approve.
    pub id: Id<Leave>,
}

/// Approves the leave outright, past all remaining steps.
#[derive(Debug, Action)]
#[action(of = Leave, name = "approve_all")]
pub struct ApproveAll {
    /// Leave to approve.
    pub id: Id<Leave>,
}

/// Deletes several leaves, all or none.
#[derive(Debug, Action)]
#[action(of = Leave, name = "bulk_delete", since = "2026-10-01")]
pub struct BulkDelete {
    /// Leaves to delete.
    pub ids: Vec<Id<Leave>>,
}

/// Turns the leave down.
#[derive(Debug, Action)]
#[action(of = Leave, name = "reject")]
pub struct Reject {
    /// Leave to reject.
    pub id: Id<Leave>,
    /// Why it is rejected.
    pub reason: Option<String>,
}

/// Leaves that end on the day or later, and those that have no end.
fn from(_: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let day: Date = match values.last().map(|day| day.parse()) {
        Some(Ok(day)) => day,
        _ => return Err(Error::invalid("from", "It must be a day such as 2026-11-23.")),
    };
    Ok(vec![ends_from(day)])
}

fn ends_from(day: Date) -> Look {
    Look::Any(vec![Look::Null("finish_on"), Look::From("finish_on", Datum::Text(day.to_string()))])
}

/// Approved leaves that today lies in.
fn only_active(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    if !truth("only_active", values)? {
        return Ok(Vec::new());
    }
    let days = Days::load(cx)?;
    let mut looks = vec![Look::Equal("approved", Datum::Bool(true))];
    looks.extend(days.looks("employee_id", |today| Look::To("start_on", Datum::Text(today.to_string()))));
    looks.extend(days.looks("employee_id", ends_from));
    Ok(looks)
}

/// Leaves with a decision; together with `include_pending`, those without one, too.
fn approved(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let decided = Look::Equal("approved", Datum::Bool(truth("approved", values)?));
    let either = cx.asked_for("include_pending");
    Ok(vec![if either { Look::Any(vec![decided, Look::Null("approved")]) } else { decided }])
}

fn include_pending(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let alone = truth("include_pending", values)? && cx.asked("approved").is_none();
    Ok(if alone { vec![Look::Null("approved")] } else { Vec::new() })
}

/// Leaves of types of which something holds, or does not. Nothing is found out so about those of which the type is hidden.
fn of_types(cx: &mut Context<'_, '_>, column: &'static str, values: &[String]) -> Result<Vec<Look>, Error> {
    let wanted = truth(column, values)?;
    let holds = Look::Equal(column, Datum::Bool(wanted));
    // Who never said is taken to say no.
    let looks = if wanted { vec![holds] } else { vec![Look::Any(vec![holds, Look::Null(column)])] };
    let seen = Look::Granted(cx.grant.rows(&cx.plan(LEAVES)?.protected, SEE));
    Ok(vec![Look::Among("leave_type_id", Among { table: "timeoff_leave_types", column: "id", looks }), seen])
}

fn truth(name: &str, values: &[String]) -> Result<bool, Error> {
    match values.last().map(String::as_str) {
        Some("true" | "1") => Ok(true),
        Some("false" | "0") => Ok(false),
        _ => Err(Error::invalid(name, "It must be true or false.")),
    }
}
