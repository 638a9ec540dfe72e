//! `work_schedule/schedules`

use registry::{Action, Anything, Company, Employee, Id, Instant, Object, Resource};

/// A pattern of working hours that employees can follow.
#[derive(Debug, Resource)]
#[resource(
    path = "work_schedule/schedules",
    object = "work_schedule_schedule",
    permission = "work_schedule",
    operations(list, read, create, update),
    events("create", "toggle_archive", "update")
)]
#[parameter(name = "with_employee_ids", as = bool, doc = "Whether to list the employees of each schedule.", required)]
#[parameter(name = "with_periods", as = bool, doc = "Whether to list the periods of each schedule.", required)]
pub struct Schedule {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Schedule>,
    /// What the work schedule is called.
    #[field(create(required), update)]
    pub name: String,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Employees who follow the schedule.
    #[field(derived)]
    pub employee_ids: Vec<Id<Employee>>,
    /// Parts of the year that make up the schedule.
    #[field(derived)]
    pub periods: Vec<Period>,
    /// Moment when it was archived. Null while in use.
    pub archived_at: Option<Instant>,
    /// Whether hours are flexible or fixed.
    #[field(input, create(required))]
    pub schedule_type: Option<String>,
}

/// The objects of `periods`.
#[derive(Debug, Object)]
pub struct Period {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Whether it applies where no other period does.
    pub default: bool,
    /// Work schedule that it is part of.
    pub schedule_id: Id<Anything>,
    /// Month of the first day, 1 to 12.
    pub start_month: i64,
    /// First day, as a day of its month.
    pub start_day: i64,
    /// Month of the last day, 1 to 12.
    pub end_month: i64,
    /// Last day, as a day of its month.
    pub end_day: i64,
    /// First day of the period, as a date.
    pub start_date: String,
    /// Last day of the period, as a date.
    pub end_date: String,
    /// Whether hours are flexible or fixed.
    pub schedule_type: String,
}

/// Archives a schedule, or brings an archived one back.
#[derive(Debug, Action)]
#[action(of = Schedule, name = "toggle_archive")]
pub struct ToggleArchive {
    /// Schedule to archive or bring back.
    pub id: Id<Schedule>,
}
