//! `attendance/break_configurations`

use engine::{Code, Context, Derived, Draft, Error};
use registry::{Anything, Id, Resource};
use storage::Look;

/// Says whether a kind of break is open to some employees.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/break_configurations",
    object = "attendance_break_configuration",
    permission = "attendance",
    operations(list, read, create, update)
)]
pub struct BreakConfiguration {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<BreakConfiguration>,
    /// Attendance settings that it belongs to.
    #[field(create(required), filter(eq = "attendance_employees_setting_id"))]
    pub attendance_employees_setting_id: Id<Anything>,
    /// Kind of break.
    #[field(create(required), filter(any = "time_settings_break_configuration_ids[]"))]
    pub time_settings_break_configuration_id: Id<crate::time_settings::BreakConfiguration>,
    /// Whether the break can be taken.
    #[field(create(required), update, filter(eq = "enabled"))]
    pub enabled: bool,
    /// Title of the kind of break.
    #[field(derived)]
    pub name: Option<String>,
    /// True if people are paid during the break.
    #[field(derived)]
    pub paid: Option<bool>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::through(
            "name",
            "time_settings_break_configuration_id",
            "time_settings/break_configurations",
            "name",
        ),
        Derived::through(
            "paid",
            "time_settings_break_configuration_id",
            "time_settings/break_configurations",
            "paid",
        ),
    ],
    rule: Some(rule),
    ..Code::of("attendance/break_configurations")
};

/// A kind of break has one configuration for each setting.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.old.is_some() {
        return Ok(());
    }
    let columns = ["attendance_employees_setting_id", "time_settings_break_configuration_id"];
    let looks = columns.map(|column| Look::Equal(column, draft.get(column).clone()));
    if cx.facts("attendance/break_configurations", &looks)?.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(
        "time_settings_break_configuration_id",
        "taken",
        "The break is configured for these people already.",
    ))
}
