//! `attendance/open_shifts`

use registry::{Date, Employee, Id, Instant, Resource};

use crate::locations::Location;
use crate::time_settings::BreakConfiguration;

/// A shift or break that someone has begun and not ended.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/open_shifts",
    object = "attendance_open_shift",
    permission = "attendance",
    computed,
    subject = "employee_id",
    operations(list)
)]
pub struct OpenShift {
    /// Identifies it, for good.
    pub id: Id<OpenShift>,
    /// Who is clocked in.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Day when it began.
    #[field(derived)]
    pub date: Date,
    /// Day that the shift counts for.
    #[field(derived)]
    pub reference_date: Date,
    /// Moment of clocking in. Only the time of day matters.
    #[field(derived)]
    pub clock_in: Instant,
    /// Whether it is created, opened or closed.
    #[field(derived)]
    pub status: Status,
    /// Whether it is work. False means a break.
    #[field(derived)]
    pub workable: bool,
    /// Whether the system clocked in by itself.
    #[field(derived)]
    pub automatic_clock_in: bool,
    /// Moment of clocking out, null while still open.
    #[field(derived)]
    pub clock_out: Option<Instant>,
    /// Where the work is done.
    #[field(derived)]
    pub location_type: Option<String>,
    /// Workplace of the shift.
    #[field(derived)]
    pub workplace_id: Option<Id<Location>>,
    /// Kind of break, if it is one.
    #[field(derived)]
    pub time_settings_break_configuration_id: Option<Id<BreakConfiguration>>,
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Closed = "closed",
        Created = "created",
        Opened = "opened",
    }
}
