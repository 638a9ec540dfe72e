//! `timeoff/blocked_periods`

use registry::{Anything, Company, Date, Id, Object, Resource};

use crate::companies::LegalEntity;
use crate::locations::Location;
use crate::teams::Team;
use crate::timeoff::LeaveType;

/// A span in which chosen people cannot request some leave types.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/blocked_periods",
    object = "timeoff_blocked_periods_policy",
    permission = "timeoff",
    operations(list, read, create, update, delete),
    events("blocked_period/create", "blocked_period/delete", "blocked_period/update")
)]
pub struct BlockedPeriodsPolicy {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<BlockedPeriodsPolicy>,
    /// The company that it belongs to.
    #[field(create(required), filter(any = "company_ids[]"))]
    pub company_id: Id<Company>,
    /// Title of the blocked period.
    #[field(create(required), update(required))]
    pub name: String,
    /// Leave types that cannot be requested.
    #[field(create(required), update(required))]
    pub leave_type_ids: Vec<Id<LeaveType>>,
    /// Spans of time that are blocked.
    #[field(default(empty))]
    pub time_periods: Vec<TimePeriod>,
    /// How the people concerned are chosen.
    #[field(update(required), default = "all_employees")]
    pub strategy: String,
    /// Employees whom the block applies to.
    #[field(update, default(empty))]
    pub members: Vec<String>,
    /// Workplaces whose people are concerned.
    #[field(update)]
    pub location_ids: Option<Vec<Id<Location>>>,
    /// Teams whose people are concerned.
    #[field(update)]
    pub team_ids: Option<Vec<Id<Team>>>,
    /// Legal entities whose people are concerned.
    #[field(update)]
    pub legal_entity_ids: Option<Vec<Id<LegalEntity>>>,
    /// Spans to add, change or remove.
    #[field(input, update(required))]
    pub time_periods_attributes: Option<Vec<TimePeriodsAttribute>>,
    /// Rule that selects a dynamic group of people.
    #[field(input, update)]
    pub query: Option<String>,
}

/// The objects of `time_periods`.
#[derive(Debug, Object)]
pub struct TimePeriod {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Blocked period that the span belongs to.
    pub policy_id: Id<Anything>,
    /// Title of the span.
    pub name: String,
    /// Whether dates or a time since contract start define it.
    pub period_type: String,
    /// First blocked day.
    pub start_on: Option<Date>,
    /// Last blocked day, inclusive.
    pub finish_on: Option<Date>,
    /// Length counted from the start of the contract.
    pub duration: Option<i64>,
    /// Unit of the length, such as days or months.
    pub duration_unit: Option<String>,
}

/// The objects of `time_periods_attributes`.
#[derive(Debug, Object)]
pub struct TimePeriodsAttribute {
    /// Its identifier.
    pub id: Option<Id<Anything>>,
    /// Title of the span.
    pub name: Option<String>,
    /// True removes the span.
    pub _destroy: Option<bool>,
    /// Whether dates or a time since contract start define it.
    pub period_type: Option<String>,
    /// Length counted from the start of the contract.
    pub duration: Option<i64>,
    /// Unit of the length, such as days or months.
    pub duration_unit: Option<String>,
    /// First blocked day.
    pub start_on: Option<Date>,
    /// Last blocked day, inclusive.
    pub finish_on: Option<Date>,
}
