//! `work_schedule/overlap_periods`

use registry::{Id, Object, Resource};

use crate::work_schedule::Schedule;

/// Part of the year, repeated yearly, with its own working hours.
#[derive(Debug, Resource)]
#[resource(
    path = "work_schedule/overlap_periods",
    object = "work_schedule_overlap_period",
    permission = "work_schedule",
    operations(list, read, create, update, delete)
)]
pub struct OverlapPeriod {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<OverlapPeriod>,
    /// Whether it applies where no other period does.
    #[field(default = false)]
    pub default: bool,
    /// Work schedule that it is part of.
    #[field(create(required))]
    pub schedule_id: Id<Schedule>,
    /// Month of the first day, 1 to 12.
    #[field(default = 1)]
    pub start_month: i64,
    /// First day, as a day of its month.
    #[field(default = 1)]
    pub start_day: i64,
    /// Month of the last day, 1 to 12.
    #[field(default = 12)]
    pub end_month: i64,
    /// Last day, as a day of its month.
    #[field(default = 31)]
    pub end_day: i64,
    /// Whether hours are flexible or fixed.
    #[field(default = "fixed")]
    pub schedule_type: String,
    /// Days of the year and kind of the new period.
    #[field(input, create)]
    pub create_params: Option<CreateParam>,
    /// Days of the year to change.
    #[field(input, update)]
    pub update_params: Option<UpdateParam>,
}

/// The objects of `create_params`.
#[derive(Debug, Object)]
pub struct CreateParam {
    /// Whether it applies where no other period does.
    pub default: bool,
    /// First day, as a day of its month.
    pub start_day: i64,
    /// Month of the first day, 1 to 12.
    pub start_month: i64,
    /// Last day, as a day of its month.
    pub end_day: i64,
    /// Month of the last day, 1 to 12.
    pub end_month: i64,
    /// Whether hours are flexible or fixed.
    pub schedule_type: String,
}

/// The objects of `update_params`.
#[derive(Debug, Object)]
pub struct UpdateParam {
    /// First day, as a day of its month.
    pub start_day: Option<i64>,
    /// Month of the first day, 1 to 12.
    pub start_month: Option<i64>,
    /// Last day, as a day of its month.
    pub end_day: Option<i64>,
    /// Month of the last day, 1 to 12.
    pub end_month: Option<i64>,
}
