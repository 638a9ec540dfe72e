//! `time_settings/break_configurations`

use engine::{Code, Narrow};
use registry::{Id, Resource};
use storage::{Datum, Look};

/// A kind of break that the company knows.
#[derive(Debug, Resource)]
#[resource(
    path = "time_settings/break_configurations",
    object = "time_settings_break_configuration",
    permission = "time_settings",
    operations(list, read, create, update)
)]
#[parameter(name = "active", as = bool, doc = "True drops archived kinds.", required)]
pub struct BreakConfiguration {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<BreakConfiguration>,
    /// Title of the kind of break.
    #[field(create(required), update)]
    pub name: String,
    /// True if people are paid during the break.
    #[field(create(required), update)]
    pub paid: bool,
    /// Whether it is no longer offered.
    #[field(update, default = false)]
    pub archived: bool,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[("active", Narrow::Flag(|_| Look::Equal("archived", Datum::Bool(false))))],
    ..Code::of("time_settings/break_configurations")
};
