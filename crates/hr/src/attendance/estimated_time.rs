//! `attendance/estimated_times`

use registry::{Anything, Company, Date, Employee, Id, Instant, Object, Resource};

/// How long an employee is due to work on one day.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/estimated_times",
    object = "attendance_estimated_time",
    permission = "attendance",
    computed,
    subject = "employee_id",
    operations(list)
)]
pub struct EstimatedTime {
    /// Employee id and date, joined by an underscore.
    pub id: String,
    /// Day that the estimate is for.
    #[field(filter(from = "start_on"(required)), filter(to = "end_on"(required)))]
    pub date: Date,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Who is due to work.
    #[field(filter(any = "employee_ids[]"(required)))]
    pub employee_id: Id<Employee>,
    /// Minutes planned before holidays and time off are considered.
    #[field(derived)]
    pub expected_minutes: f64,
    /// Minutes of normal work due that day.
    #[field(derived)]
    pub regular_minutes: f64,
    /// Minutes of planned overtime. Needs shift management.
    #[field(derived)]
    pub overtime_minutes: f64,
    /// Breaks planned for the day.
    #[field(derived)]
    pub breaks: Vec<Break>,
    /// Unit of the plan: minutes, half days or none.
    #[field(derived)]
    pub time_unit: TimeUnit,
    /// Half days to work.
    #[field(derived)]
    pub estimated_half_days: i64,
    /// Shifts planned for the day.
    #[field(derived)]
    pub shifts: Vec<Shift>,
    /// Plan that the figures come from.
    #[field(derived)]
    pub source: Source,
    /// Minutes to work in all.
    #[field(derived)]
    pub minutes: f64,
}

/// The objects of `breaks`.
#[derive(Debug, Object)]
pub struct Break {
    /// Moment when it begins.
    pub start_at: Instant,
    /// Moment when it ends.
    pub end_at: Instant,
    /// Length, in minutes.
    pub duration: i64,
    /// Kind of break.
    pub break_configuration_id: Id<Anything>,
    /// Title of the kind of break.
    pub break_configuration_name: String,
    /// True if people are paid during the break.
    pub break_configuration_paid: bool,
    /// How strictly the break is timed.
    pub break_type: BreakType,
    /// IANA time zone of the times.
    pub timezone: String,
    /// Planned shift that the break is part of.
    pub shift_id: Option<Id<Anything>>,
}

registry::choice! {
    /// The values of `break_type`.
    pub enum BreakType {
        Fixed = "fixed",
        Flexible = "flexible",
        SemiFlexible = "semi_flexible",
    }
}

registry::choice! {
    /// The values of `time_unit`.
    pub enum TimeUnit {
        HalfDay = "half_day",
        Minute = "minute",
        None = "none",
    }
}

/// The objects of `shifts`.
#[derive(Debug, Object)]
pub struct Shift {
    /// Employee id and date, joined by an underscore.
    pub id: Id<Anything>,
    /// Moment when it begins.
    pub start_at: Instant,
    /// Moment when it ends.
    pub end_at: Instant,
    /// Workplace of the shift.
    pub location_id: Option<Id<Anything>>,
    /// IANA time zone of the times.
    pub timezone: Option<String>,
    /// Whether the shift comes on top of normal hours.
    pub extra_hours: Option<bool>,
}

registry::choice! {
    /// The values of `source`.
    pub enum Source {
        ContractHours = "contract_hours",
        None = "none",
        ShiftManagement = "shift_management",
        WorkSchedule = "work_schedule",
    }
}
