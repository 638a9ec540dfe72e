//! `work_schedule/day_configurations`

use engine::{Code, Narrow};
use registry::{Action, Anything, Date, Id, Object, Resource};

use crate::work_schedule::OverlapPeriod;

/// Working time on one weekday within a period of a work schedule.
#[derive(Debug, Resource)]
#[resource(
    path = "work_schedule/day_configurations",
    object = "work_schedule_day_configuration",
    permission = "work_schedule",
    operations(list, read)
)]
#[parameter(name = "schedule_id", as = Id<Anything>, doc = "Only weekdays in periods of this work schedule.")]
pub struct DayConfiguration {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<DayConfiguration>,
    /// Period of the schedule that it applies to.
    #[field(filter(eq = "overlap_period_id"))]
    pub overlap_period_id: Id<OverlapPeriod>,
    /// Day of the week, by its English name.
    pub weekday: String,
    /// Working time on that day, in seconds.
    pub duration_in_seconds: i64,
    /// When work begins on that day, if fixed.
    pub start_at: Option<Date>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[(
        "schedule_id",
        Narrow::through("overlap_period_id", "work_schedule/overlap_periods", "id", "schedule_id"),
    )],
    ..Code::of("work_schedule/day_configurations")
};

/// The objects of `day_configurations`.
#[derive(Debug, Object)]
pub struct BulkCudDayConfiguration {
    /// Day of the week, by its English name.
    pub weekday: String,
    /// Working time on that day, in seconds.
    pub duration_in_seconds: i64,
    /// Existing weekday to change. Without it a new one is added.
    pub id: Option<Id<Anything>>,
    /// When work begins on that day, if fixed.
    pub start_at: Option<Date>,
}

/// Replaces the weekdays of a period, adding, changing and removing as needed.
#[derive(Debug, Action)]
#[action(of = DayConfiguration, name = "bulk_cud")]
pub struct BulkCud {
    /// Period whose weekdays are set.
    pub overlap_period_id: Id<OverlapPeriod>,
    /// All weekdays that the period shall have.
    pub day_configurations: Vec<BulkCudDayConfiguration>,
}
