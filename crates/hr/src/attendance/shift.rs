//! `attendance/shifts`

use engine::{Code, Context, Derived, Error, Facts, Narrow};
use registry::{Action, Company, Date, Employee, Id, Instant, Resource, Time};
use storage::{Among, Datum, Look};

use crate::attendance::timesheet;
use crate::locations::Location;
use crate::project_management::Project;
use crate::project_management::ProjectWorker;
use crate::project_management::Subproject;
use crate::time::wall;
use crate::time_settings::BreakConfiguration;

/// Time that an employee worked, or a break, within one day.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/shifts",
    object = "attendance_shift",
    permission = "attendance",
    subject = "employee_id",
    operations(list, read, create, update, delete),
    events(
        "autofill",
        "break_end",
        "break_start",
        "clock_in",
        "clock_out",
        "create",
        "delete",
        "toggle_clock",
        "update"
    )
)]
#[parameter(name = "half_day", as = bool, doc = "True keeps half-day shifts. False does nothing.", required)]
#[parameter(name = "workable", as = bool, doc = "True keeps work, false keeps breaks. Without it both are listed.")]
#[parameter(name = "latest_shift", as = bool, doc = "True keeps the newest shift of each employee.")]
#[parameter(name = "sort_created_at_asc", as = bool, doc = "True sorts by creation, oldest first.", required)]
#[parameter(name = "breaks_with_time_configuration", as = bool, doc = "True also lists breaks that have a configured kind.")]
#[parameter(name = "last_working_shift", as = bool, doc = "True keeps the last shift of real work.")]
pub struct Shift {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Shift>,
    /// Who worked it.
    #[field(create, default(rule), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Calendar day of the shift.
    #[field(create(required), update)]
    pub date: Date,
    /// Day that it counts for. An overnight shift counts where it began.
    #[field(create, update, default(copy = "date"), filter(from = "start_on"), filter(to = "end_on"))]
    pub reference_date: Date,
    /// When it was created.
    pub created_at: Instant,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// When it was last changed.
    #[field(filter(from = "updated_at"))]
    pub updated_at: Instant,
    /// Length, in minutes.
    #[field(derived)]
    pub minutes: i64,
    /// Time of day when it began.
    #[field(create, update)]
    pub clock_in: Option<Time>,
    /// Time of day when it ended, null while open.
    #[field(create, update)]
    pub clock_out: Option<Time>,
    /// Device or program used to clock in.
    pub in_source: Option<String>,
    /// Device or program used to clock out.
    pub out_source: Option<String>,
    /// Remarks on the shift.
    #[field(create, update)]
    pub observations: Option<String>,
    /// Where the work was done.
    #[field(create, update)]
    pub location_type: Option<LocationType>,
    /// Half of the day that is covered. Null for a whole day.
    #[field(create(as = String))]
    pub half_day: Option<HalfDay>,
    /// Latitude at clock-in, in degrees.
    pub in_location_latitude: Option<f64>,
    /// Longitude at clock-in, in degrees.
    pub in_location_longitude: Option<f64>,
    /// Precision of the position at clock-in, in metres.
    pub in_location_accuracy: Option<f64>,
    /// Latitude at clock-out, in degrees.
    pub out_location_latitude: Option<f64>,
    /// Longitude at clock-out, in degrees.
    pub out_location_longitude: Option<f64>,
    /// Precision of the position at clock-out, in metres.
    pub out_location_accuracy: Option<f64>,
    /// True for work, false for a break.
    #[field(create, default = true)]
    pub workable: Option<bool>,
    /// Workplace of the shift.
    #[field(create(since = "2026-10-01"), update)]
    pub workplace_id: Option<Id<Location>>,
    /// Kind of break, if it is one.
    #[field(create, update)]
    pub time_settings_break_configuration_id: Option<Id<BreakConfiguration>>,
    /// Start time down to the second.
    #[field(derived)]
    pub clock_in_with_seconds: Option<Time>,
    /// Number of days that the shift takes.
    #[field(input, create)]
    pub day: Option<i64>,
    /// Device or program that records the shift.
    #[field(input, create)]
    pub source: Option<Source>,
    /// Project assignment that the time is booked on.
    #[field(input, create(since = "2026-10-01"))]
    pub project_worker_id: Option<Id<ProjectWorker>>,
    /// The point in time when it began. Times of day alone do not tell, where clocks are put back.
    #[field(input)]
    pub began_at: Option<Instant>,
    /// The point in time when it ended, which may be days later where somebody forgot.
    #[field(input)]
    pub ended_at: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::row("minutes", |facts| minutes(facts).into()),
        Derived::row("clock_in_with_seconds", |facts| {
            facts.time("clock_in").map(|time| time.strftime("%H:%M:%S").to_string()).into()
        }),
    ],
    rule: Some(timesheet::rule),
    effect: Some(timesheet::effect),
    removal: Some(timesheet::removal),
    errands: &[("standing", timesheet::standing)],
    actions: &[
        ("autofill", timesheet::autofill),
        ("break_end", timesheet::break_end),
        ("break_start", timesheet::break_start),
        ("clock_in", timesheet::clock_in),
        ("clock_out", timesheet::clock_out),
        ("toggle_clock", timesheet::toggle_clock),
    ],
    filters: &[
        ("half_day", Narrow::Flag(|_| Look::Not(Box::new(Look::Null("half_day"))))),
        ("sort_created_at_asc", Narrow::Idle),
        ("workable", Narrow::Code(workable)),
        ("breaks_with_time_configuration", Narrow::Idle),
        ("latest_shift", Narrow::Flag(|_| newest(Vec::new()))),
        ("last_working_shift", Narrow::Flag(|_| newest(vec![Look::Equal("workable", Datum::Bool(true))]))),
    ],
    ..Code::of("attendance/shifts")
};

/// The newest shift of each person, of those that meet conditions.
fn newest(looks: Vec<Look>) -> Look {
    Look::Newest("employee_id", Among { table: "attendance_shifts", column: "id", looks })
}

/// Work or breaks; a configured break is listed with the work where the list says so.
fn workable(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let work = matches!(values.last().map(String::as_str), Some("true" | "1"));
    let mut looks = vec![Look::Equal("workable", Datum::Bool(work))];
    if work && cx.asked_for("breaks_with_time_configuration") {
        looks.push(Look::Not(Box::new(Look::Null("time_settings_break_configuration_id"))));
    }
    Ok(vec![Look::Any(looks)])
}

/// From the beginning to the end, which may lie beyond midnight; nothing while it is open.
fn minutes(facts: &Facts<'_>) -> i64 {
    const DAY: i64 = 24 * 60;
    if let (Some(_), Some(began), Some(ended)) =
        (facts.time("clock_out"), facts.instant("began_at"), facts.instant("ended_at"))
    {
        return wall::minutes(began, ended);
    }
    let minute = |time: Time| i64::from(time.hour()) * 60 + i64::from(time.minute());
    match (facts.time("clock_in"), facts.time("clock_out")) {
        (Some(begin), Some(end)) => (minute(end) - minute(begin)).rem_euclid(DAY),
        _ => 0,
    }
}

registry::choice! {
    /// The values of `location_type`.
    pub enum LocationType {
        BusinessTrip = "business_trip",
        Office = "office",
        WorkFromHome = "work_from_home",
    }
}

registry::choice! {
    /// The values of `half_day`.
    pub enum HalfDay {
        BeginningOfDay = "beginning_of_day",
        EndOfDay = "end_of_day",
    }
}

registry::choice! {
    /// The values of `source`.
    pub enum Source {
        Api = "api",
        Desktop = "desktop",
        FaceRecognition = "face_recognition",
        Mobile = "mobile",
        MobileGeolocation = "mobile_geolocation",
        OneAssistant = "one_assistant",
        QrCode = "qr_code",
        SharedDevice = "shared_device",
        System = "system",
    }
}

/// Fills a range of days with shifts as planned.
#[derive(Debug, Action)]
#[action(of = Shift, name = "autofill", several, needs = "create")]
pub struct Autofill {
    /// Whose days to fill.
    pub employee_ids: Vec<Id<Employee>>,
    /// First day to fill.
    pub start_on: Date,
    /// Last day to fill, inclusive.
    pub end_on: Date,
    /// Device or program that records the shifts.
    pub source: Option<String>,
}

/// Ends the current break and resumes work.
#[derive(Debug, Action)]
#[action(of = Shift, name = "break_end", needs = "create")]
pub struct BreakEnd {
    /// Moment of the event, with its time zone.
    pub now: String,
    /// Who it is for. By default the caller.
    pub employee_id: Option<Id<Employee>>,
    /// Remarks to store with the shift.
    pub observations: Option<String>,
    /// Project assignment to resume work on.
    pub project_worker_id: Option<Id<ProjectWorker>>,
    /// Part of the project to resume work on.
    pub subproject_id: Option<Id<Subproject>>,
}

/// Interrupts work for a break.
#[derive(Debug, Action)]
#[action(of = Shift, name = "break_start", needs = "create")]
pub struct BreakStart {
    /// Moment of the event, with its time zone.
    pub now: String,
    /// Who it is for. By default the caller.
    pub employee_id: Option<Id<Employee>>,
    /// Remarks to store with the shift.
    pub observations: Option<String>,
    /// Kind of break.
    pub time_settings_break_configuration_id: Option<Id<BreakConfiguration>>,
}

/// Starts a shift. Refused while another one is open.
#[derive(Debug, Action)]
#[action(of = Shift, name = "clock_in", needs = "create")]
pub struct ClockIn {
    /// Moment of the event, with its time zone.
    pub now: String,
    /// Who it is for. By default the caller.
    pub employee_id: Option<Id<Employee>>,
    /// Latitude of the person, in degrees.
    pub latitude: Option<f64>,
    /// Longitude of the person, in degrees.
    pub longitude: Option<f64>,
    /// Precision of the position, in metres.
    pub accuracy: Option<f64>,
    /// Remarks to store with the shift.
    pub observations: Option<String>,
    /// Where the work is done.
    pub location_type: Option<LocationType>,
    /// Workplace where the shift begins.
    pub workplace_id: Option<Id<Location>>,
    /// Kind of break.
    pub time_settings_break_configuration_id: Option<Id<BreakConfiguration>>,
    /// Project assignment to work on.
    pub project_worker_id: Option<Id<ProjectWorker>>,
    /// Part of the project to work on.
    pub subproject_id: Option<Id<Subproject>>,
}

/// Ends the most recent open shift.
#[derive(Debug, Action)]
#[action(of = Shift, name = "clock_out", needs = "create")]
pub struct ClockOut {
    /// Moment of the event, with its time zone.
    pub now: String,
    /// Who it is for. By default the caller.
    pub employee_id: Option<Id<Employee>>,
    /// Latitude of the person, in degrees.
    pub latitude: Option<f64>,
    /// Longitude of the person, in degrees.
    pub longitude: Option<f64>,
    /// Precision of the position, in metres.
    pub accuracy: Option<f64>,
    /// Remarks to store with the shift.
    pub observations: Option<String>,
}

/// Clocks in or out, whichever comes next.
#[derive(Debug, Action)]
#[action(of = Shift, name = "toggle_clock", needs = "create")]
pub struct ToggleClock {
    /// Who clocks in or out.
    pub employee_id: Id<Employee>,
    /// Moment of the event, with its time zone.
    pub clock_time: String,
    /// Where the work is done.
    pub location_type: Option<LocationType>,
    /// Remarks to store with the shift.
    pub observations: Option<String>,
    /// Kind of break to start or end.
    pub time_settings_break_configuration_id: Option<Id<BreakConfiguration>>,
    /// Project to work on. Ignored when clocking out.
    pub project_id: Option<Id<Project>>,
}
