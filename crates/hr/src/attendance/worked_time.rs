//! `attendance/worked_times`

use registry::{Anything, Company, Date, Employee, Id, Object, Resource};

/// What an employee worked on one day, sorted into pools.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/worked_times",
    object = "attendance_worked_time",
    permission = "attendance",
    computed,
    subject = "employee_id",
    operations(list, read(since = "2026-10-01"))
)]
#[parameter(name = "include_time_range_category", as = bool, doc = "True names the category of each block.", required)]
#[parameter(name = "include_non_attendable_employees", as = bool, doc = "True adds people who need not track time.", required)]
pub struct WorkedTime {
    /// Employee id and date, joined by an underscore.
    #[field(filter(any = "ids[]"(since = "2026-10-01")))]
    pub id: String,
    /// Whose work it was.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Day that was worked.
    #[field(filter(from = "start_on"), filter(to = "end_on"))]
    pub date: Date,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Minutes recorded by shifts.
    #[field(derived)]
    pub tracked_minutes: i64,
    /// Minutes after overtime factors.
    #[field(derived)]
    pub multiplied_minutes: i64,
    /// Minutes that still await approval.
    #[field(derived)]
    pub pending_minutes: i64,
    /// Minutes that count in all.
    #[field(derived)]
    pub minutes: i64,
    /// Unit of the record: minutes, half days or none.
    #[field(derived)]
    pub time_unit: TimeUnit,
    /// The day split by kind of time and destination.
    #[field(derived)]
    pub worked_time_blocks: Vec<WorkedTimeBlock>,
    /// Whether it is a workday, weekend day or holiday.
    #[field(derived)]
    pub day_type: DayType,
}

registry::choice! {
    /// The values of `time_unit`.
    pub enum TimeUnit {
        HalfDay = "half_day",
        Minute = "minute",
        None = "none",
    }
}

/// The objects of `worked_time_blocks`.
#[derive(Debug, Object)]
pub struct WorkedTimeBlock {
    /// Length of the block, in minutes.
    pub minutes: i64,
    /// Whether it is regular time, overtime or either.
    pub time_type: TimeType,
    /// Whether it counts as an extra hour.
    pub extra_hour: bool,
    /// Whether it tops up part-time hours.
    pub complementary_hour: bool,
    /// Length before factors, in hundredths of a minute.
    pub raw_minutes_in_cents: i64,
    /// Length after factors, in hundredths of a minute.
    pub equivalent_minutes_in_cents: i64,
    /// Where the time goes, such as payroll or time off.
    pub pool_type: PoolType,
    /// Day of the block.
    pub date: Date,
    /// Whether the time has been granted.
    pub approved: bool,
    /// True for work, false for a break.
    pub workable: bool,
    /// Whether it lies within planned hours.
    pub in_schedule: bool,
    /// Who worked the block.
    pub employee_id: Id<Employee>,
    /// Category of hours that it falls in.
    pub time_range_category_id: Option<Id<Anything>>,
    /// Kind of break, if it is one.
    pub time_settings_break_configuration_id: Option<Id<Anything>>,
    /// Title of the category of hours.
    pub time_range_category_name: Option<String>,
}

registry::choice! {
    /// The values of `time_type`.
    pub enum TimeType {
        AnyTime = "any_time",
        Overtime = "overtime",
        Regular = "regular",
    }
}

registry::choice! {
    /// The values of `pool_type`.
    pub enum PoolType {
        Balance = "balance",
        Buffer = "buffer",
        ComplementaryBuffer = "complementary_buffer",
        Discarded = "discarded",
        Payroll = "payroll",
        Timeoff = "timeoff",
        VirtualPayroll = "virtual_payroll",
        VirtualTimeoff = "virtual_timeoff",
    }
}

registry::choice! {
    /// The values of `day_type`.
    pub enum DayType {
        BankHoliday = "bank_holiday",
        Saturday = "saturday",
        Sunday = "sunday",
        Workday = "workday",
    }
}
