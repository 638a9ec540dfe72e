//! `shift_management/shifts`

use engine::{Code, Context, Derived, Error, Narrow, Object};
use registry::{Access, Action, Anything, Company, Employee, Id, Instant, Object, Resource};
use storage::{Datum, Look};

use crate::locations::Location;
use crate::locations::WorkArea;

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
        ("only_published", Narrow::Flag(|_| Look::Equal("state", Datum::Text("published".to_owned())))),
    ],
    ..Code::of("shift_management/shifts")
};

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
