//! `time_settings/split_custom_time_range_categories`

use registry::{Anything, Company, Id, Resource};

/// One half, regular or overtime, of a company's category of hours.
#[derive(Debug, Resource)]
#[resource(
    path = "time_settings/split_custom_time_range_categories",
    object = "time_settings_split_custom_time_range_category",
    permission = "time_settings",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
pub struct SplitCustomTimeRangeCategory {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SplitCustomTimeRangeCategory>,
    /// Title of the category that it is part of.
    pub name: String,
    /// Whether it covers regular time, overtime or either.
    pub time_type: TimeType,
    /// Whether its category is in use.
    #[field(filter(eq = "active"))]
    pub active: bool,
    /// The company that it belongs to.
    #[field(filter(eq = "company_id"))]
    pub company_id: Id<Company>,
    /// Category that it is part of.
    pub custom_time_range_category_id: Id<Anything>,
}

registry::choice! {
    /// The values of `time_type`.
    pub enum TimeType {
        AnyTime = "any_time",
        Overtime = "overtime",
        Regular = "regular",
    }
}
