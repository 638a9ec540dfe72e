//! `shift_management/shifts`

use std::collections::{BTreeMap, BTreeSet, HashMap};

use engine::{Answer, Body, Code, Context, Derived, Draft, Error, Input, Narrow, Object, Removal, Sets};
use registry::{Access, Action, Anything, Company, Employee, Id, Instant, Object, Resource};
use storage::{Datum, Look};

use crate::attendance::timesheet;
use crate::locations::Location;
use crate::locations::WorkArea;
use crate::time::estimate::Leave;
use crate::time::{facts, load, wall};
use crate::time_planning::planned_break;

const SHIFTS: &str = "shift_management/shifts";

/// A planned shift of an employee.
#[derive(Debug, Resource)]
#[resource(
    path = "shift_management/shifts",
    object = "shift_management_shift",
    permission = "shift_management",
    subject = "employee_id",
    operations(list, read, create, delete),
    events("bulk_create", "bulk_delete", "create", "delete")
)]
#[parameter(name = "without_ids[]", as = Id<Anything>, doc = "Leaves out the shifts named here.")]
#[parameter(name = "start_at", as = Instant, doc = "Only shifts that end on or after this day. The time is ignored.")]
#[parameter(name = "end_at", as = Instant, doc = "Only shifts that begin on or before this day. The time is ignored.")]
#[parameter(name = "only_published", as = bool, doc = "True lists published shifts only; false lists every state.")]
#[parameter(name = "split_overnight_shifts", as = bool, doc = "True gives shifts across midnight as two, one per day.")]
pub struct Shift {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Shift>,
    /// The company that it belongs to.
    #[field(create(required))]
    pub company_id: Id<Company>,
    /// Draft is for managers only, published is final, backup is a reserve.
    #[field(default = "draft", filter(any = "only_states[]"))]
    pub state: State,
    /// Who shall work the shift.
    #[field(create(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Moment when the shift begins.
    #[field(create(required))]
    pub start_at: Instant,
    /// Moment when the shift ends.
    #[field(create(required))]
    pub end_at: Instant,
    /// Whether it comes on top of normal hours.
    #[field(default = false)]
    pub extra_hours: bool,
    /// IANA time zone in which the local times are given.
    #[field(derived)]
    pub timezone: String,
    /// Beginning in local time.
    #[field(derived)]
    pub local_start_at: Instant,
    /// End in local time.
    #[field(derived)]
    pub local_end_at: Instant,
    /// Title of the shift. Otherwise that of its template is shown.
    #[field(create)]
    pub name: Option<String>,
    /// Workplace of the shift, when not the employee's usual one.
    #[field(create, filter(any = "location_ids[]"))]
    pub location_id: Option<Id<Location>>,
    /// Area of the workplace where it takes place.
    pub locations_work_area_id: Option<Id<WorkArea>>,
    /// Remarks for those who plan.
    #[field(create)]
    pub notes: Option<String>,
    /// Title of the template that it was made from.
    pub default_shift_title: Option<String>,
    /// Area of the workplace where it takes place.
    #[field(input, create)]
    pub work_area_id: Option<Id<WorkArea>>,
    /// Leave because of which it is kept in reserve.
    #[field(input)]
    pub leave_id: Option<Id<Anything>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("timezone", timezones),
        Derived::page("local_start_at", |cx, rows| local(cx, rows, "start_at")),
        Derived::page("local_end_at", |cx, rows| local(cx, rows, "end_at")),
    ],
    renames: &[("work_area_id", "locations_work_area_id")],
    filters: &[
        ("without_ids[]", Narrow::Except("id")),
        (
            "start_at",
            Narrow::Code(|_, values| Ok(vec![Look::From("end_at", midnight("start_at", values, 0)?)])),
        ),
        (
            "end_at",
            Narrow::Code(|_, values| Ok(vec![Look::Before("start_at", midnight("end_at", values, 1)?)])),
        ),
        ("only_published", Narrow::Flag(|_| Look::Equal("state", Datum::Text("published".to_owned())))),
    ],
    rule: Some(rule),
    removal: Some(removal),
    parts: Some(("split_overnight_shifts", days)),
    actions: &[("bulk_create", bulk_create), ("bulk_delete", bulk_delete)],
    ..Code::of(SHIFTS)
};

/// What of a shift lies on each day at its workplace.
fn days(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Vec<Object>>, Error> {
    let zones = zones(cx, rows)?;
    let split = |(row, zone): (&Object, &String)| {
        let (Some(begins), Some(ends)) = (row.int("start_at"), row.int("end_at")) else {
            return vec![row.clone()];
        };
        let zone = wall::zone(Some(zone));
        let part = |(from, to): (i64, i64)| {
            row.clone().with("start_at", Datum::Int(from)).with("end_at", Datum::Int(to))
        };
        wall::by_day(&zone, begins, ends).into_iter().map(part).collect()
    };
    Ok(rows.iter().zip(&zones).map(split).collect())
}

/// The beginning of the day that a parameter says, or of one some days later.
fn midnight(parameter: &str, values: &[String], later: i64) -> Result<Datum, Error> {
    let day = facts::day(parameter, values)?;
    let Datum::Text(day) = &day else { return Err(Error::NotFound) };
    let day = day.parse().map_err(|_| Error::invalid(parameter, "It must be a day."))?;
    Ok(Datum::Int(wall::midnight(&registry::TimeZone::UTC, wall::shifted(day, later))))
}

/// A planned shift, as far as conflicts go.
#[derive(Debug, Clone, Copy)]
struct Span {
    employee: i64,
    begins: i64,
    ends: i64,
}

impl Span {
    fn new(employee: i64, begins: i64, ends: i64, field: &str) -> Result<Self, Error> {
        const LONGEST: i64 = 48 * 60 * wall::MINUTE;
        if ends <= begins {
            return Err(Error::rule(field, "ends_before_it_begins", "A shift ends after it begins."));
        }
        if ends - begins > LONGEST {
            return Err(Error::rule(field, "too_long", "A shift takes two days at most."));
        }
        Ok(Self { employee, begins, ends })
    }

    fn meets(self, other: Self) -> bool {
        self.employee == other.employee && self.begins < other.ends && other.begins < self.ends
    }
}

/// Whether published shifts, by their place in the request, go together with what is there: other published shifts, and
/// approved leaves.
fn publishable(cx: &mut Context<'_, '_>, new: &BTreeMap<usize, Span>) -> Result<(), Error> {
    const WHY: &str =
        "This person has another published shift at that time. Resolve the conflict before publishing.";
    let (Some(first), Some(last)) =
        (new.values().map(|span| span.begins).min(), new.values().map(|span| span.ends).max())
    else {
        return Ok(());
    };
    let employees: Vec<i64> = new.values().map(|span| span.employee).collect();
    let looks = [
        Look::Equal("state", Datum::Text(State::Published.text().to_owned())),
        Look::After("end_at", Datum::Int(first)),
        Look::Before("start_at", Datum::Int(last)),
    ];
    let there = load::of(cx, SHIFTS, &employees, &looks)?;
    let span = |row: &Object| {
        Some(Span {
            employee: row.int("employee_id")?,
            begins: row.int("start_at")?,
            ends: row.int("end_at")?,
        })
    };
    let there: Vec<Span> = there.iter().filter_map(span).collect();
    let begins = |at: &usize| format!("shifts.{at}.start_at");
    for (at, one) in new {
        if there.iter().chain(new.range(..at).map(|(_, one)| one)).any(|other| one.meets(*other)) {
            return Err(Error::conflict(&begins(at), "shifts_overlap", WHY));
        }
    }
    let zones = facts::zones(cx)?;
    let people = cx.objects("employees/employees", employees.clone())?;
    let day = |span: &Span| {
        let place = people.get(&span.employee).and_then(|person| person.int("location_id"));
        wall::civil(&facts::zone_of(&zones, place), span.begins).date()
    };
    let (Some(from), Some(to)) = (new.values().map(day).min(), new.values().map(day).max()) else {
        return Ok(());
    };
    let leaves = facts::leaves(cx, &employees, from, to)?;
    let away = |span: &Span| {
        let leaves = leaves.get(&span.employee).map_or(&[][..], Vec::as_slice);
        leaves.iter().any(|leave| leave.covers(day(span)) && leave.whole())
    };
    if let Some((at, _)) = new.iter().find(|(_, span)| away(span)) {
        let why = "This person is on leave that day. Plan the shift as a backup, or choose somebody else.";
        return Err(Error::conflict(&begins(at), "on_leave", why));
    }
    Ok(())
}

/// A new shift is a draft, which may be in conflict with others until it is published.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let (Some(employee), Some(begins), Some(ends)) =
        (draft.int("employee_id"), draft.int("start_at"), draft.int("end_at"))
    else {
        return Ok(());
    };
    timesheet::reach(cx, &[employee])?;
    Span::new(employee, begins, ends, "end_at").map(drop)
}

/// A shift goes with its breaks.
fn removal(cx: &mut Context<'_, '_>, shift: &Object) -> Result<Removal, Error> {
    cx.remove("time_planning/planned_breaks", &[Look::Equal("shift_id", shift.get("id").clone())])?;
    Ok(Removal::Gone)
}

fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let items = input.items("shifts");
    let mut rows = Vec::new();
    let mut published = BTreeMap::new();
    let mut employees = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let id = |name: &str| item.get(name).and_then(|id| id.as_str()?.parse::<i64>().ok());
        let moment = |name: &str| {
            let at = item.get(name)?.as_str()?.parse::<registry::Timestamp>().ok()?;
            Some(at.as_millisecond())
        };
        let (Some(employee), Some(begins), Some(ends)) =
            (id("employee_id"), moment("start_at"), moment("end_at"))
        else {
            return Err(Error::invalid(&format!("shifts.{at}"), "It must be a shift."));
        };
        let span = Span::new(employee, begins, ends, &format!("shifts.{at}.end_at"))?;
        employees.push(employee);
        let state = item.get("state").and_then(serde_json::Value::as_str).unwrap_or("draft");
        if state == State::Published.text() {
            published.insert(at, span);
        }
        let text = |name: &str| item.get(name).and_then(|text| text.as_str());
        let mut sets = Sets::from([
            ("employee_id", Datum::Int(employee)),
            ("start_at", Datum::Int(begins)),
            ("end_at", Datum::Int(ends)),
            ("state", Datum::Text(state.to_owned())),
            (
                "extra_hours",
                Datum::Bool(item.get("extra_hours").and_then(serde_json::Value::as_bool).unwrap_or(false)),
            ),
        ]);
        for name in ["name", "notes"] {
            sets.insert(name, text(name).map_or(Datum::Null, |text| Datum::Text(text.to_owned())));
        }
        let ids = [
            ("location_id", "location_id"),
            ("locations_work_area_id", "work_area_id"),
            ("leave_id", "leave_id"),
        ];
        for (column, name) in ids {
            sets.insert(column, id(name).map_or(Datum::Null, Datum::Int));
        }
        rows.push(sets);
    }
    timesheet::reach(cx, &employees)?;
    publishable(cx, &published)?;
    let ids = cx.add_all(SHIFTS, rows)?;
    // Breaks that name no shift are those of every new one.
    let breaks = input.items("planned_breaks");
    let named = |item: &&Body| item.get("shift_id").is_some_and(|id| !id.is_null());
    let (own, common): (Vec<_>, Vec<_>) = breaks.iter().partition(named);
    let own: Vec<Body> = own.into_iter().cloned().collect();
    planned_break::plan(cx, &own, None)?;
    let common: Vec<Body> = common.into_iter().cloned().collect();
    if !common.is_empty() {
        for id in &ids {
            planned_break::plan(cx, &common, Some(*id))?;
        }
    }
    Ok(Answer::Objects(ids))
}

fn bulk_delete(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let mut looks = Vec::new();
    let given = |name: &str| input.get(name).is_some_and(|value| *value != Datum::Null);
    for (name, column) in [("ids", "id"), ("employee_ids", "employee_id")] {
        if given(name) {
            looks.push(Look::OneOf(column, input.ids(name).into_iter().map(Datum::Int).collect()));
        }
    }
    let day = |name: &str| input.int(name).map(|at| wall::civil(&registry::TimeZone::UTC, at).date());
    if let Some(day) = day("start_at") {
        looks.push(Look::From("end_at", Datum::Int(wall::midnight(&registry::TimeZone::UTC, day))));
    }
    if let Some(day) = day("end_at") {
        let next = wall::midnight(&registry::TimeZone::UTC, wall::next(day));
        looks.push(Look::Before("start_at", Datum::Int(next)));
    }
    if looks.is_empty() {
        let why = "Say which shifts to delete: their ids, whose they are, or when they are.";
        return Err(Error::rule("ids", "required", why));
    }
    if input.flag("destroy_backup_shifts") != Some(true) {
        looks.push(Look::Not(Box::new(Look::Equal("state", Datum::Text(State::Backup.text().to_owned())))));
    }
    let people = cx.people(None)?;
    let found = cx.facts(SHIFTS, &looks)?;
    let reached = |row: &&Object| row.int("employee_id").is_some_and(|employee| people.contains(&employee));
    let ids: Vec<i64> = found.iter().filter(reached).filter_map(|row| row.int("id")).collect();
    let gone = cx.read_all(cx.plan(SHIFTS)?, ids.clone())?;
    for chunk in ids.chunks(500) {
        let ids: Vec<_> = chunk.iter().copied().map(Datum::Int).collect();
        cx.remove("time_planning/planned_breaks", &[Look::OneOf("shift_id", ids.clone())])?;
        cx.remove(SHIFTS, &[Look::OneOf("id", ids)])?;
    }
    Ok(Answer::Body(gone))
}

/// Leaves were approved, changed or removed: whole days off turn the shifts that they cover to backup, and a leave that
/// holds no longer gives its shifts back as drafts. `kinds` are the types of the leaves.
pub fn on_leaves_changed(
    cx: &mut Context<'_, '_>,
    leaves: &[Object],
    kinds: &HashMap<i64, Object>,
) -> Result<(), Error> {
    let set = |state: State, leave: Datum| {
        Sets::from([("state", Datum::Text(state.text().to_owned())), ("leave_id", leave)])
    };
    // Of each shift that a leave has taken: which leave.
    let mut covered: BTreeMap<i64, i64> = BTreeMap::new();
    for shift in cx.referring(SHIFTS, "leave_id", leaves)? {
        covered.extend(shift.int("id").zip(shift.int("leave_id")));
    }
    let whole = |row: &Object| facts::leave(row, kinds).filter(Leave::whole);
    let whole: Vec<(i64, i64, Leave)> = leaves
        .iter()
        .filter_map(|row| Some((row.int("id")?, row.int("employee_id")?, whole(row)?)))
        .collect();
    let mut taken: BTreeMap<i64, Vec<Datum>> = BTreeMap::new();
    if let Some(first) = whole.iter().map(|(.., leave)| leave.from).min() {
        let utc = registry::TimeZone::UTC;
        let last = whole.iter().map(|(.., leave)| leave.to.unwrap_or(wall::shifted(leave.from, 366))).max();
        let looks = [
            Look::From("start_at", Datum::Int(wall::midnight(&utc, wall::shifted(first, -1)))),
            Look::To("start_at", Datum::Int(wall::midnight(&utc, wall::shifted(last.unwrap_or(first), 2)))),
        ];
        let employees: BTreeSet<i64> = whole.iter().map(|(_, employee, _)| *employee).collect();
        let shifts = load::of(cx, SHIFTS, &employees.into_iter().collect::<Vec<_>>(), &looks)?;
        let zones = zones(cx, &shifts)?;
        for (shift, zone) in shifts.iter().zip(&zones) {
            let begins = shift.int("start_at").unwrap_or_default();
            let day = wall::civil(&wall::zone(Some(zone)), begins).date();
            let id = shift.int("id").unwrap_or_default();
            let by = whole.iter().find(|(_, employee, leave)| {
                shift.int("employee_id") == Some(*employee) && leave.covers(day)
            });
            let Some((leave, ..)) = by else { continue };
            if covered.get(&id) == Some(leave) {
                covered.remove(&id);
            } else if shift.text("state") != Some(State::Backup.text()) {
                taken.entry(*leave).or_default().push(Datum::Int(id));
            }
        }
    }
    let given: Vec<_> = covered.into_keys().map(Datum::Int).collect();
    if !given.is_empty() {
        cx.change(SHIFTS, &[Look::OneOf("id", given)], set(State::Draft, Datum::Null))?;
    }
    for (leave, shifts) in taken {
        cx.change(SHIFTS, &[Look::OneOf("id", shifts)], set(State::Backup, Datum::Int(leave)))?;
    }
    Ok(())
}

/// The zone of the workplace of each shift: its own, or the one where the employee works.
fn zones(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<String>, Error> {
    let people = cx.referred("employees/employees", rows, "employee_id")?;
    let place = |row: &Object| {
        row.int("location_id").or_else(|| people.get(&row.int("employee_id")?)?.int("location_id"))
    };
    let places = cx.objects("locations/locations", rows.iter().filter_map(place).collect())?;
    let zone = |row: &Object| places.get(&place(row)?)?.text("timezone").map(str::to_owned);
    Ok(rows.iter().map(|row| zone(row).unwrap_or_else(|| "UTC".to_owned())).collect())
}

fn timezones(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    Ok(zones(cx, rows)?.into_iter().map(Into::into).collect())
}

/// What the clock on the wall says, written as a point in time.
fn local(cx: &mut Context<'_, '_>, rows: &[Object], column: &str) -> Result<Vec<serde_json::Value>, Error> {
    let zones = zones(cx, rows)?;
    let wall = |row: &Object, zone: &str| {
        let at = registry::Timestamp::from_millisecond(row.int(column)?).ok()?;
        let zone = registry::TimeZone::get(zone).unwrap_or(registry::TimeZone::UTC);
        let civil = zone.to_datetime(at);
        Some(registry::TimeZone::UTC.to_timestamp(civil).ok()?.as_millisecond())
    };
    Ok(rows.iter().zip(&zones).map(|(row, zone)| wall(row, zone).into()).collect())
}

registry::choice! {
    /// The values of `state`.
    pub enum State {
        Backup = "backup",
        Draft = "draft",
        Published = "published",
    }
}

/// The objects of `shifts`.
#[derive(Debug, Object)]
pub struct BulkCreateShift {
    /// Moment when the shift begins.
    pub start_at: Instant,
    /// Moment when the shift ends.
    pub end_at: Instant,
    /// State that the shift starts in.
    pub state: State,
    /// Whether a person or the system planned it.
    pub creation_mode: CreationMode,
    /// Who shall work the shift.
    pub employee_id: Id<Employee>,
    /// Company that the shift belongs to.
    pub company_id: Id<Company>,
    /// Title of the shift.
    pub name: Option<String>,
    /// Remarks for those who plan.
    pub notes: Option<String>,
    /// Whether it comes on top of normal hours.
    pub extra_hours: Option<bool>,
    /// Workplace of the shift.
    pub location_id: Option<Id<Location>>,
    /// Area of the workplace.
    pub work_area_id: Option<Id<WorkArea>>,
    /// Template that the shift is made from.
    pub default_shift_id: Option<Id<Anything>>,
    /// Weekly pattern that the shift is made from.
    pub template_week_id: Option<Id<Anything>>,
    /// Open shift that this one fills.
    pub unassigned_shift_id: Option<Id<Anything>>,
    /// Time off that the shift has to do with.
    pub leave_id: Option<Id<Anything>>,
    /// Access of whoever plans it. By default the caller.
    pub author_id: Option<Id<Access>>,
}

registry::choice! {
    /// The values of `creation_mode`.
    pub enum CreationMode {
        Automatic = "automatic",
        Manual = "manual",
    }
}

/// The objects of `planned_breaks`.
#[derive(Debug, Object)]
pub struct PlannedBreak {
    /// Kind of break to plan.
    pub break_configuration_id: Id<Anything>,
    /// Existing planned break, if any.
    pub id: Option<Id<Anything>>,
    /// Moment when the break begins.
    pub start_at: Option<Instant>,
    /// Moment when the break ends.
    pub end_at: Option<Instant>,
    /// Length of the break, in minutes.
    pub duration: Option<i64>,
    /// How strictly the break is timed: fixed, flexible or semi_flexible.
    pub break_type: Option<String>,
    /// Shift template that the break belongs to.
    pub default_shift_id: Option<Id<Anything>>,
    /// Shift that the break belongs to.
    pub shift_id: Option<Id<Anything>>,
    /// Weekday of a work schedule that has the break.
    pub day_configuration_id: Option<Id<Anything>>,
    /// Shift settings that the break belongs to.
    pub shift_configuration_id: Option<Id<Anything>>,
}

/// Plans many shifts at once.
#[derive(Debug, Action)]
#[action(of = Shift, name = "bulk_create")]
pub struct BulkCreate {
    /// Shifts to plan.
    pub shifts: Vec<BulkCreateShift>,
    /// Breaks to plan within the shifts.
    pub planned_breaks: Option<Vec<PlannedBreak>>,
}

/// Deletes all shifts that meet the conditions given.
#[derive(Debug, Action)]
#[action(of = Shift, name = "bulk_delete")]
pub struct BulkDelete {
    /// Access of whoever deletes them.
    pub author_id: Id<Access>,
    /// Only these shifts.
    pub ids: Option<Vec<Id<Shift>>>,
    /// Only shifts that end on or after this day.
    pub start_at: Option<Instant>,
    /// Only shifts that begin on or before this day.
    pub end_at: Option<Instant>,
    /// Only shifts of these employees.
    pub employee_ids: Option<Vec<Id<Employee>>>,
    /// Whether to delete backup shifts too, which are otherwise kept.
    #[field(since = "2026-07-01")]
    pub destroy_backup_shifts: Option<bool>,
}
