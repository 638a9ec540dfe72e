//! `project_management/time_records`

use engine::{
    Answer, Body, Code, Context, Derived, Draft, Error, Input, Narrow, Object, Sets, by, id_of, one_of,
};
use registry::{Action, Date, Employee, Id, Instant, Object, Resource};

use storage::{Datum, Look};

use crate::attendance::Shift;
use crate::project_management::Project;
use crate::project_management::ProjectTask;
use crate::project_management::ProjectWorker;
use crate::project_management::Subproject;
use crate::time::today;

/// Time that a person worked for a project, from a shift or entered directly.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/time_records",
    object = "project_management_time_record",
    permission = "project_management",
    subject = "project_worker_id.employee_id",
    operations(list, read, create, delete),
    events("create", "delete", "update_imputed_minutes", "update_observations", "update_project_worker")
)]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Narrows the list by values that are worked out.")]
#[parameter(name = "month", as = i64, doc = "Only days in this month, from 1 to 12.")]
#[parameter(name = "year", as = i64, doc = "Only days in this year, used together with month.")]
pub struct TimeRecord {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<TimeRecord>,
    /// Project membership that the time counts for.
    #[field(create(required), event = "update_project_worker", filter(any = "project_worker_ids[]"))]
    pub project_worker_id: Id<ProjectWorker>,
    /// Who did the work.
    #[field(derived, since = "2026-10-01")]
    pub employee_id: Id<Employee>,
    /// Project the time goes to.
    #[field(derived, since = "2026-10-01")]
    pub project_id: Id<Project>,
    /// Shift the time was tracked in. Empty when entered directly.
    #[field(create, filter(any = "attendance_shift_ids[]"))]
    pub attendance_shift_id: Option<Id<Shift>>,
    /// Subproject the time goes to, if there is one.
    #[field(create, filter(any = "subproject_ids[]"))]
    pub subproject_id: Option<Id<Subproject>>,
    /// Project task the time goes to, if there is one.
    #[field(create(since = "2026-10-01"), filter(any = "project_task_ids[]"(since = "2026-10-01")), since = "2026-10-01")]
    pub project_task_id: Option<Id<ProjectTask>>,
    /// Day the work counts for.
    #[field(create(since = "2026-10-01"))]
    pub date: Option<Date>,
    /// Time charged, in minutes.
    #[field(create(since = "2026-10-01"), event = "update_imputed_minutes")]
    pub imputed_minutes: Option<i64>,
    /// When the shift began.
    #[field(derived)]
    pub clock_in: Option<Instant>,
    /// When the shift ended.
    #[field(derived)]
    pub clock_out: Option<Instant>,
    /// Note on the work.
    #[field(event = "update_observations", since = "2026-07-01")]
    pub observations: Option<String>,
    /// When it was last changed.
    #[field(input, filter(from = "updated_after"(as = String)))]
    pub updated_at: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::through(
            "employee_id",
            "project_worker_id",
            "project_management/project_workers",
            "employee_id",
        ),
        Derived::through(
            "project_id",
            "project_worker_id",
            "project_management/project_workers",
            "project_id",
        ),
        Derived::page("clock_in", |cx, rows| clocked(cx, rows, "clock_in")),
        Derived::page("clock_out", |cx, rows| clocked(cx, rows, "clock_out")),
    ],
    rule: Some(rule),
    actions: &[
        ("bulk_delete", bulk_delete),
        ("bulk_process", bulk_process),
        ("update_observations", update_observations),
        ("update_project_worker", update_project_worker),
    ],
    filters: &[
        (
            "employee_ids[]",
            Narrow::through("project_worker_id", "project_management/project_workers", "id", "employee_id"),
        ),
        ("month", Narrow::Code(in_month)),
        ("year", Narrow::Code(in_month)),
    ],
    ..Code::of(PATH)
};

/// The days of a month of a year, the present one where only the month is said, or of a whole year.
fn in_month(cx: &mut Context<'_, '_>, _: &[String]) -> Result<Vec<Look>, Error> {
    let this = today::here(cx)?.year();
    let number = |name: &str| match cx.asked(name).map(str::parse::<i16>) {
        Some(Err(_)) => Err(Error::invalid(name, "It must be a whole number.")),
        given => Ok(given.and_then(Result::ok)),
    };
    let year = number("year")?.unwrap_or(this);
    let month = number("month")?.map(i8::try_from).transpose();
    let month = month.map_err(|_| Error::invalid("month", "It must be 1 to 12."))?;
    let first = Date::new(year, month.unwrap_or(1), 1);
    let last = Date::new(year, month.unwrap_or(12), 1).map(Date::last_of_month);
    let (Ok(first), Ok(last)) = (first, last) else {
        return Err(Error::invalid("month", "It must be 1 to 12, of a year such as 2026."));
    };
    Ok(crate::time::facts::between("date", first, last).into())
}

const PATH: &str = "project_management/time_records";
const SHIFTS: &str = "attendance/shifts";

/// When the shift of each record began or ended.
fn clocked(cx: &mut Context<'_, '_>, rows: &[Object], column: &str) -> Result<Vec<serde_json::Value>, Error> {
    let shifts = cx.referred(SHIFTS, rows, "attendance_shift_id")?;
    let at = |row: &Object| {
        let shift = shifts.get(&row.int("attendance_shift_id")?)?;
        let (begun, time) = (shift.text("clock_in")?, shift.text(column)?);
        let mut day = shift.date("date")?;
        // What ends before it began ends on the next day.
        if column == "clock_out" && time < begun {
            day = day.tomorrow().ok()?;
        }
        let at = day.to_datetime(time.parse().ok()?);
        let at = registry::TimeZone::UTC.to_timestamp(at).ok()?;
        Some(at.as_millisecond())
    };
    Ok(rows.iter().map(|row| at(row).into()).collect())
}

/// The minutes of a shift that is over.
fn minutes(shift: &Object) -> Option<i64> {
    let minute = |column: &str| {
        let time: registry::Time = shift.text(column)?.parse().ok()?;
        Some(i64::from(time.hour()) * 60 + i64::from(time.minute()))
    };
    Some((minute("clock_out")? - minute("clock_in")?).rem_euclid(24 * 60))
}

/// Time goes to an open project of which the person is part, and that of a shift lies where the shift does.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let Some(worker) = draft.int("project_worker_id") else { return Ok(()) };
    let worker = place(cx, worker)?;
    super::subproject::of_project(cx, draft.int("subproject_id"), worker.int("project_id"))?;
    if let Some(id) = draft.int("attendance_shift_id") {
        let shift = cx.objects(SHIFTS, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
        if shift.int("employee_id") != worker.int("employee_id") {
            let why = "The shift is that of somebody else.";
            return Err(Error::rule("attendance_shift_id", "other_employee", why));
        }
        draft.begin("date", || shift.get("reference_date").clone());
        draft.begin("imputed_minutes", || minutes(&shift).map_or(Datum::Null, Datum::Int));
    }
    Ok(())
}

/// A place in an open project that its person still has.
fn place(cx: &mut Context<'_, '_>, id: i64) -> Result<Object, Error> {
    const WORKERS: &str = "project_management/project_workers";
    let worker = cx.objects(WORKERS, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
    if !worker.flag("assigned") {
        let why = "The person is not assigned to the project any more.";
        return Err(Error::rule("project_worker_id", "not_assigned", why));
    }
    super::project::open(cx, worker.int("project_id").unwrap_or_default(), "project_worker_id")?;
    Ok(worker)
}

fn bulk_delete(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let day = input.get("date").cloned().unwrap_or(Datum::Null);
    let mut looks = vec![by_worker(input.id("project_worker_id")), Look::Equal("date", day)];
    looks.extend(input.int("subproject_id").map(|id| one_of("subproject_id", &[id])));
    let found = cx.facts(PATH, &looks)?;
    let ids: Vec<i64> = found.iter().filter_map(|record| record.int("id")).collect();
    cx.delete_all(cx.plan(PATH)?, &ids)
}

fn by_worker(id: i64) -> Look {
    one_of("project_worker_id", &[id])
}

/// Without an id an item makes a record, with nothing but an id it deletes one, and otherwise it changes one. All of
/// them are done, or none.
fn bulk_process(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let plan = cx.plan(PATH)?;
    let mut done = Vec::new();
    for mut item in input.items("items") {
        item.retain(|_, value| !value.is_null());
        let id = item.remove("time_record_id").as_ref().and_then(id_of);
        match id {
            None => done.push(cx.make(plan, &item)?),
            Some(id) if item.is_empty() => {
                cx.delete_all(plan, &[id])?;
            }
            Some(id) => {
                cx.own(plan, id)?;
                done.push(id);
                moved(cx, id, &item)?;
            }
        }
    }
    Ok(Answer::Objects(done))
}

/// Gives a record what an item says.
fn moved(cx: &mut Context<'_, '_>, id: i64, item: &Body) -> Result<(), Error> {
    let old = cx.objects(PATH, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
    let mut sets = Sets::new();
    for name in
        ["project_worker_id", "attendance_shift_id", "subproject_id", "project_task_id", "imputed_minutes"]
    {
        sets.extend(item.get(name).and_then(id_of).map(|id| (name, Datum::Int(id))));
    }
    sets.extend(item.get("date").and_then(|day| Some(("date", Datum::Text(day.as_str()?.to_owned())))));
    // In another project a subproject of the old one is none.
    if sets.contains_key("project_worker_id") && !sets.contains_key("subproject_id") {
        sets.insert("subproject_id", Datum::Null);
    }
    rule(cx, &mut Draft { old: Some(&old), sets: &mut sets, instead: None })?;
    sets.retain(|name, value| old.get(name) != value);
    if !sets.is_empty() {
        cx.change(PATH, &[by(id)], sets)?;
    }
    Ok(())
}

/// The time of a shift is explained where the shift is.
fn update_observations(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let record = cx.own(cx.plan(PATH)?, id)?;
    if record.int("attendance_shift_id").is_some() {
        return Err(Error::conflict(
            "id",
            "has_shift",
            "The time is that of a shift, which has a note of its own.",
        ));
    }
    let text = input.text("observations").map_or(Datum::Null, |text| Datum::Text(text.to_owned()));
    cx.change(PATH, &[by(id)], [("observations", text)].into())?;
    Ok(id.into())
}

/// Another project, and the same person.
fn update_project_worker(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let record = cx.own(cx.plan(PATH)?, id)?;
    let before = record.int("project_worker_id").unwrap_or_default();
    let to = input.id("project_worker_id");
    let places = cx.objects("project_management/project_workers", vec![before, to])?;
    let employee = |id: i64| places.get(&id).and_then(|place| place.int("employee_id"));
    if employee(before) != employee(to) {
        let why = "The time is that of somebody else.";
        return Err(Error::rule("project_worker_id", "other_employee", why));
    }
    let mut item = Body::new();
    for member in ["project_worker_id", "subproject_id", "project_task_id"] {
        item.extend(input.int(member).map(|id| (member.to_owned(), id.into())));
    }
    moved(cx, id, &item)?;
    Ok(id.into())
}

/// The objects of `items`.
#[derive(Debug, Object)]
pub struct Item {
    /// Entry to change or delete. Empty makes a new one.
    pub time_record_id: Option<Id<TimeRecord>>,
    /// Shift that the time belongs to.
    pub attendance_shift_id: Option<Id<Shift>>,
    /// Project membership that the time counts for.
    pub project_worker_id: Option<Id<ProjectWorker>>,
    /// Subproject the time goes to.
    pub subproject_id: Option<Id<Subproject>>,
    /// Project task the time goes to.
    pub project_task_id: Option<Id<ProjectTask>>,
    /// Time in minutes, when there is no shift.
    pub imputed_minutes: Option<i64>,
    /// Day of the work, when there is no shift.
    pub date: Option<Date>,
}

/// Deletes all time of a person on a project in one day.
#[derive(Debug, Action)]
#[action(of = TimeRecord, name = "bulk_delete")]
pub struct BulkDelete {
    /// Day to clear.
    pub date: Date,
    /// Project membership whose time is deleted.
    pub project_worker_id: Id<ProjectWorker>,
    /// Limits the deletion to this subproject.
    pub subproject_id: Option<Id<Subproject>>,
}

/// Creates, changes and deletes several entries in one call.
#[derive(Debug, Action)]
#[action(of = TimeRecord, name = "bulk_process")]
pub struct BulkProcess {
    /// Entries to handle, in order. An id alone deletes.
    pub items: Vec<Item>,
}

/// Writes or clears the note on time without a shift.
#[derive(Debug, Action)]
#[action(of = TimeRecord, name = "update_observations", since = "2026-10-01")]
pub struct UpdateObservations {
    /// Entry to annotate.
    pub id: Id<TimeRecord>,
    /// Text of the note. Null removes it.
    pub observations: Option<String>,
}

/// Moves an entry to another project, subproject or task.
#[derive(Debug, Action)]
#[action(of = TimeRecord, name = "update_project_worker")]
pub struct UpdateProjectWorker {
    /// Entry to move.
    pub id: Id<TimeRecord>,
    /// Project membership it moves to.
    pub project_worker_id: Id<ProjectWorker>,
    /// Subproject it moves to.
    pub subproject_id: Option<Id<Subproject>>,
    /// Project task it moves to.
    #[field(since = "2026-10-01")]
    pub project_task_id: Option<Id<ProjectTask>>,
}
