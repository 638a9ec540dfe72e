//! `work_schedule/day_configurations`

use std::collections::{BTreeMap, BTreeSet};

use engine::{Answer, Code, Context, Error, Input, Narrow, Sets};
use registry::{Action, Anything, Date, Id, Object, Resource};
use storage::{Datum, Look};

use crate::time::load::weekday_named;

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
    actions: &[("bulk_cud", bulk_cud)],
    ..Code::of(DAYS)
};

const DAYS: &str = "work_schedule/day_configurations";

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// The weekdays of the period are those given then: named ones change, new ones come, all others go.
fn bulk_cud(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let period = input.id("overlap_period_id");
    let of = Look::Equal("overlap_period_id", Datum::Int(period));
    let known = cx.facts(DAYS, std::slice::from_ref(&of))?;
    let known: BTreeSet<i64> = known.iter().filter_map(|day| day.int("id")).collect();
    let mut weekdays = BTreeSet::new();
    let (mut changed, mut new) = (BTreeMap::new(), Vec::new());
    for (at, item) in input.items("day_configurations").iter().enumerate() {
        let field = |name: &str| format!("day_configurations.{at}.{name}");
        let text = |name: &str| item.get(name).and_then(serde_json::Value::as_str);
        let weekday = text("weekday").unwrap_or_default().to_lowercase();
        let Some(place) = weekday_named(&weekday).filter(|_| weekday.len() > 5) else {
            return Err(Error::rule(&field("weekday"), "invalid", "It must be a weekday such as monday."));
        };
        if !weekdays.insert(place) {
            return Err(Error::rule(&field("weekday"), "twice", "A weekday is given once."));
        }
        let duration = item.get("duration_in_seconds").and_then(serde_json::Value::as_i64).unwrap_or(-1);
        if !(0..=DAY).contains(&duration) {
            return Err(Error::rule(
                &field("duration_in_seconds"),
                "invalid",
                "A day has 0 to 86400 seconds.",
            ));
        }
        let begins = text("start_at").map_or(Datum::Null, |day| Datum::Text(day.to_owned()));
        let sets = Sets::from([
            ("overlap_period_id", Datum::Int(period)),
            ("weekday", Datum::Text(weekday)),
            ("duration_in_seconds", Datum::Int(duration)),
            ("start_at", begins),
        ]);
        match text("id").and_then(|id| id.parse::<i64>().ok()) {
            Some(id) if known.contains(&id) => drop(changed.insert(id, sets)),
            Some(_) => return Err(Error::rule(&field("id"), "not_found", "The period has no such weekday.")),
            None => new.push(sets),
        }
    }
    let gone: Vec<_> =
        known.iter().filter(|id| !changed.contains_key(*id)).copied().map(Datum::Int).collect();
    cx.remove("time_planning/planned_breaks", &[Look::OneOf("day_configuration_id", gone.clone())])?;
    cx.remove(DAYS, &[Look::OneOf("id", gone)])?;
    let mut ids: Vec<i64> = changed.keys().copied().collect();
    for (id, sets) in changed {
        cx.change(DAYS, &[Look::Equal("id", Datum::Int(id))], sets)?;
    }
    ids.extend(cx.add_all(DAYS, new)?);
    Ok(Answer::Objects(ids))
}

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
#[action(of = DayConfiguration, name = "bulk_cud", one_until = "2026-07-01")]
pub struct BulkCud {
    /// Period whose weekdays are set.
    pub overlap_period_id: Id<OverlapPeriod>,
    /// All weekdays that the period shall have.
    pub day_configurations: Vec<BulkCudDayConfiguration>,
}
