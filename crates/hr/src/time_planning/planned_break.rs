//! `time_planning/planned_breaks`

use engine::{Answer, Body, Code, Context, Derived, Error, Input, Narrow, Sets};
use registry::{Action, Anything, Id, Instant, Object, Resource};
use storage::{Among, Datum, Look};

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
    actions: &[("bulk_create", bulk_create)],
    filters: &[
        (
            "paid",
            Narrow::Code(|_, values| {
                Ok(vec![kind("paid", matches!(values.last().map(String::as_str), Some("true" | "1")))])
            }),
        ),
        ("active_break_configuration", Narrow::Flag(|_| kind("archived", false))),
    ],
    ..Code::of(BREAKS)
};

const BREAKS: &str = "time_planning/planned_breaks";

/// Breaks of which the kind is, or is not, something.
fn kind(column: &'static str, value: bool) -> Look {
    let looks = vec![Look::Equal(column, Datum::Bool(value))];
    Look::Among(
        "break_configuration_id",
        Among { table: "time_settings_break_configurations", column: "id", looks },
    )
}

fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let breaks = input.items("planned_breaks");
    let ids = plan(cx, &breaks, None)?;
    Ok(Answer::Objects(ids))
}

/// Plans breaks, each within what it belongs to: by default that shift.
pub(crate) fn plan(cx: &mut Context<'_, '_>, breaks: &[Body], shift: Option<i64>) -> Result<Vec<i64>, Error> {
    const OWNERS: [&str; 4] =
        ["shift_id", "day_configuration_id", "default_shift_id", "shift_configuration_id"];
    let id = |item: &Body, name: &str| item.get(name).and_then(|id| id.as_str()?.parse::<i64>().ok());
    let instant = |item: &Body, name: &str| {
        let text = item.get(name)?.as_str()?;
        Some(text.parse::<registry::Timestamp>().ok()?.as_millisecond())
    };
    let named = breaks.iter().filter_map(|item| id(item, "shift_id")).chain(shift).collect();
    let shifts = cx.objects("shift_management/shifts", named)?;
    let mut rows = Vec::new();
    for (at, item) in breaks.iter().enumerate() {
        let field = |name: &str| format!("planned_breaks.{at}.{name}");
        let mut sets = Sets::new();
        for owner in OWNERS {
            if let Some(id) = id(item, owner) {
                sets.insert(owner, Datum::Int(id));
            }
        }
        if let (true, Some(shift)) = (sets.is_empty(), shift) {
            sets.insert("shift_id", Datum::Int(shift));
        }
        if sets.len() != 1 {
            let why = "A break belongs to one shift, or to one weekday of a schedule.";
            return Err(Error::rule(&field("shift_id"), "one_owner", why));
        }
        let kind = item.get("break_type").and_then(serde_json::Value::as_str).unwrap_or("flexible");
        if ![BreakType::Fixed, BreakType::Flexible, BreakType::SemiFlexible]
            .iter()
            .any(|known| known.text() == kind)
        {
            return Err(Error::rule(
                &field("break_type"),
                "invalid",
                "It must be fixed, flexible or semi_flexible.",
            ));
        }
        let (from, to) = (instant(item, "start_at"), instant(item, "end_at"));
        let duration = item.get("duration").and_then(serde_json::Value::as_i64);
        let length = duration.or(from.zip(to).map(|(from, to)| (to - from) / 60_000));
        if !length.is_some_and(|length| (1..=24 * 60).contains(&length)) {
            return Err(Error::rule(
                &field("duration"),
                "invalid",
                "A break takes a minute at least, and a day at most.",
            ));
        }
        if let Some(Datum::Int(shift)) = sets.get("shift_id")
            && let Some((begins, ends)) =
                shifts.get(shift).and_then(|shift| shift.int("start_at").zip(shift.int("end_at")))
            && (from.is_some_and(|from| from < begins) || to.is_some_and(|to| to > ends))
        {
            return Err(Error::rule(
                &field("start_at"),
                "outside_shift",
                "The break does not lie within its shift.",
            ));
        }
        sets.insert("break_type", Datum::Text(kind.to_owned()));
        sets.insert(
            "break_configuration_id",
            id(item, "break_configuration_id").map_or(Datum::Null, Datum::Int),
        );
        sets.insert("start_at", from.map_or(Datum::Null, Datum::Int));
        sets.insert("end_at", to.map_or(Datum::Null, Datum::Int));
        sets.insert("duration", length.map_or(Datum::Null, Datum::Int));
        rows.push(sets);
    }
    cx.add_all(BREAKS, rows)
}

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
