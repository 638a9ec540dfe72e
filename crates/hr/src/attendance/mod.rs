//! Clocked, estimated and worked time.

pub mod break_configuration;
pub mod edit_timesheet_request;
pub mod estimated_time;
pub mod open_shift;
pub mod overtime_request;
pub mod review;
pub mod shift;
pub(crate) mod times;
pub(crate) mod timesheet;
pub mod worked_time;

pub use break_configuration::BreakConfiguration;
pub use edit_timesheet_request::EditTimesheetRequest;
pub use estimated_time::EstimatedTime;
pub use open_shift::OpenShift;
pub use overtime_request::OvertimeRequest;
pub use review::Review;
pub use shift::Shift;
pub use worked_time::WorkedTime;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<BreakConfiguration>(),
        Entry::of::<EditTimesheetRequest>(),
        Entry::of::<EstimatedTime>(),
        Entry::of::<OpenShift>(),
        Entry::of::<OvertimeRequest>()
            .action::<overtime_request::Approve>()
            .action::<overtime_request::Reject>(),
        Entry::of::<Review>().action::<review::BulkCreate>().action::<review::BulkDestroy>(),
        Entry::of::<Shift>()
            .action::<shift::Autofill>()
            .action::<shift::BreakEnd>()
            .action::<shift::BreakStart>()
            .action::<shift::ClockIn>()
            .action::<shift::ClockOut>()
            .action::<shift::ToggleClock>(),
        Entry::of::<WorkedTime>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[
    break_configuration::CODE,
    edit_timesheet_request::CODE,
    estimated_time::CODE,
    open_shift::CODE,
    overtime_request::CODE,
    review::CODE,
    shift::CODE,
    worked_time::CODE,
];
