//! `attendance/edit_timesheet_requests`

use registry::{Date, Employee, Id, Resource, Time};

use crate::attendance::Shift;
use crate::locations::Location;
use crate::locations::WorkArea;
use crate::time_settings::BreakConfiguration;

/// A request to add, change or remove a shift.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/edit_timesheet_requests",
    object = "attendance_edit_timesheet_request",
    permission = "attendance",
    subject = "employee_id",
    operations(list, read, create, update, delete)
)]
#[parameter(name = "pending", as = bool, doc = "True keeps undecided requests. False does nothing.")]
#[parameter(name = "start_on", as = Date, doc = "First day wanted. Without end_on, the only day.")]
pub struct EditTimesheetRequest {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<EditTimesheetRequest>,
    /// What is asked: to create, update or delete a shift.
    #[field(create(required))]
    pub request_type: RequestType,
    /// Whose shift it is about.
    #[field(create(required), update(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// True approved, false rejected, null not yet decided.
    pub approved: Option<bool>,
    /// Whether the shift is work. False means a break.
    #[field(create)]
    pub workable: Option<bool>,
    /// Proposed start time.
    #[field(create, update)]
    pub clock_in: Option<Time>,
    /// Proposed end time.
    #[field(create, update)]
    pub clock_out: Option<Time>,
    /// Where the work is done.
    #[field(create, update)]
    pub location_type: Option<LocationType>,
    /// Why it was approved or rejected.
    #[field(create, update)]
    pub reason: Option<String>,
    /// Shift to change or remove. Null when one shall be added.
    #[field(create, update, filter(eq = "shift_id"))]
    pub attendance_shift_id: Option<Id<Shift>>,
    /// Kind of break, if it is one.
    #[field(create, update)]
    pub time_settings_break_configuration_id: Option<Id<BreakConfiguration>>,
    /// Remarks on the shift.
    #[field(create, update)]
    pub observations: Option<String>,
    /// Day of the shift.
    #[field(create, update, filter(to = "end_on"))]
    pub date: Option<Date>,
    /// Day that the shift counts for.
    #[field(create, update)]
    pub reference_date: Option<Date>,
    /// Workplace of the shift.
    #[field(create(since = "2026-10-01"), update(since = "2026-10-01"), since = "2026-10-01")]
    pub workplace_id: Option<Id<Location>>,
    /// Area of the workplace at the start.
    #[field(create(since = "2026-10-01"), update(since = "2026-10-01"), since = "2026-10-01")]
    pub clock_in_work_area_id: Option<Id<WorkArea>>,
    /// Area of the workplace at the end.
    #[field(create(since = "2026-10-01"), update(since = "2026-10-01"), since = "2026-10-01")]
    pub clock_out_work_area_id: Option<Id<WorkArea>>,
}

registry::choice! {
    /// The values of `request_type`.
    pub enum RequestType {
        CreateShift = "create_shift",
        DeleteShift = "delete_shift",
        UpdateShift = "update_shift",
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
