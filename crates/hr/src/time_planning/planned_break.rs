//! `time_planning/planned_breaks`

use engine::{Code, Derived};
use registry::{Action, Anything, Id, Instant, Object, Resource};

use crate::shift_management::Shift;
use crate::time_settings::BreakConfiguration;
use crate::work_schedule::DayConfiguration;

/// A break that is part of a planned day or shift.
#[derive(Debug, Resource)]
#[resource(
    path = "time_planning/planned_breaks",
    object = "time_planning_planned_break",
    permission = "time_planning",
    subject = "shift_id.employee_id",
    operations(list, read)
)]
#[parameter(name = "paid", as = bool, doc = "Narrows the list by values that are worked out.", required)]
#[parameter(name = "active_break_configuration", as = bool, doc = "True drops breaks whose kind is archived.", required)]
pub struct PlannedBreak {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"(required)))]
    pub id: Id<PlannedBreak>,
    /// How strictly it is timed: fixed, flexible or semi_flexible.
    pub break_type: BreakType,
    /// Kind of break.
    pub break_configuration_id: Id<BreakConfiguration>,
    /// Title of the kind of break.
    #[field(derived)]
    pub break_configuration_name: String,
    /// True if people are paid during the break.
    #[field(derived)]
    pub break_configuration_paid: bool,
    /// Moment when the break begins.
    pub start_at: Option<Instant>,
    /// Moment when the break ends.
    pub end_at: Option<Instant>,
    /// Length, in minutes.
    pub duration: Option<i64>,
    /// Shift template that has the break.
    #[field(filter(any = "default_shift_ids[]"(required)))]
    pub default_shift_id: Option<Id<Anything>>,
    /// Shift settings that have the break.
    #[field(filter(any = "shift_configuration_ids[]"(required)))]
    pub shift_configuration_id: Option<Id<Anything>>,
    /// Planned shift that has the break.
    #[field(filter(any = "shift_ids[]"(required)))]
    pub shift_id: Option<Id<Shift>>,
    /// Weekday of a work schedule that has the break.
    #[field(filter(any = "day_configuration_ids[]"(required)))]
    pub day_configuration_id: Option<Id<DayConfiguration>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::through(
            "break_configuration_name",
            "break_configuration_id",
            "time_settings/break_configurations",
            "name",
        ),
        Derived::through(
            "break_configuration_paid",
            "break_configuration_id",
            "time_settings/break_configurations",
            "paid",
        ),
    ],
    ..Code::of("time_planning/planned_breaks")
};

registry::choice! {
    /// The values of `break_type`.
    pub enum BreakType {
        Fixed = "fixed",
        Flexible = "flexible",
        SemiFlexible = "semi_flexible",
    }
}

/// The objects of `planned_breaks`.
#[derive(Debug, Object)]
pub struct BulkCreatePlannedBreak {
    /// Kind of break.
    pub break_configuration_id: Id<BreakConfiguration>,
    /// Its identifier.
    pub id: Option<Id<Anything>>,
    /// Moment when the break begins.
    pub start_at: Option<Instant>,
    /// Moment when the break ends.
    pub end_at: Option<Instant>,
    /// Length, in minutes.
    pub duration: Option<i64>,
    /// How strictly the break is timed.
    pub break_type: Option<String>,
    /// Shift template to add it to.
    pub default_shift_id: Option<Id<Anything>>,
    /// Planned shift to add it to.
    pub shift_id: Option<Id<Shift>>,
    /// Weekday of a work schedule to add it to.
    pub day_configuration_id: Option<Id<DayConfiguration>>,
    /// Shift settings to add it to.
    pub shift_configuration_id: Option<Id<Anything>>,
}

/// Plans several breaks at once.
#[derive(Debug, Action)]
#[action(of = PlannedBreak, name = "bulk_create")]
pub struct BulkCreate {
    /// Breaks to plan.
    pub planned_breaks: Vec<BulkCreatePlannedBreak>,
}
