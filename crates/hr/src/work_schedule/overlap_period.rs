//! `work_schedule/overlap_periods`

use engine::{Code, Context, Draft, Error, Object as Row, Removal};
use registry::{Id, Object, Resource};
use storage::{Datum, Look};

use crate::time::plan::Period;

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

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { rule: Some(rule), removal: Some(removal), ..Code::of("work_schedule/overlap_periods") };

const PERIODS: &str = "work_schedule/overlap_periods";
const DAYS: &str = "work_schedule/day_configurations";

/// A period lies in the calendar, there is one default, and no two others of a schedule share a day.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    for given in ["create_params", "update_params"] {
        let Some(params) = draft.sets.get(given).cloned() else { continue };
        let Datum::Text(json) = params else { continue };
        let params: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
        for column in ["start_day", "start_month", "end_day", "end_month"] {
            if let Some(number) = params.get(column).and_then(serde_json::Value::as_i64) {
                draft.sets.insert(column, Datum::Int(number));
            }
        }
        if given == "create_params" {
            if let Some(default) = params.get("default").and_then(serde_json::Value::as_bool) {
                draft.sets.insert("default", Datum::Bool(default));
            }
            if let Some(kind) = params.get("schedule_type").and_then(serde_json::Value::as_str) {
                draft.sets.insert("schedule_type", Datum::Text(kind.to_owned()));
            }
        }
    }
    draft.begin("start_month", || Datum::Int(1));
    draft.begin("start_day", || Datum::Int(1));
    draft.begin("end_month", || Datum::Int(12));
    draft.begin("end_day", || Datum::Int(31));
    let own = period(|column| draft.int(column), draft.flag("default"))?;
    let looks = [Look::Equal("schedule_id", draft.get("schedule_id").clone())];
    let id = draft.old.and_then(|old| old.int("id"));
    for other in cx.facts(PERIODS, &looks)?.iter().filter(|other| other.int("id") != id) {
        let other = period(|column| other.int(column), other.flag("default"))?;
        if own.default && other.default {
            return Err(Error::conflict(
                "create_params",
                "second_default",
                "The schedule has a default period already.",
            ));
        }
        if !own.default && !other.default && own.meets(&other) {
            return Err(Error::rule(
                "create_params",
                "periods_overlap",
                "Another period of the schedule has some of these days.",
            ));
        }
    }
    Ok(())
}

fn period(number: impl Fn(&str) -> Option<i64>, default: bool) -> Result<Period, Error> {
    let part = |month: &str, day: &str| {
        let part = number(month).zip(number(day));
        let part = part.and_then(|(month, day)| Some((i8::try_from(month).ok()?, i8::try_from(day).ok()?)));
        // The 29th of February is a day of some years.
        let lies = |(month, day): &(i8, i8)| registry::Date::new(2024, *month, *day).is_ok();
        let wrong = || Error::rule(day, "no_such_day", "There is no such day in the year.");
        part.filter(lies).ok_or_else(wrong)
    };
    Ok(Period {
        default,
        begins: part("start_month", "start_day")?,
        ends: part("end_month", "end_day")?,
        ..Period::default()
    })
}

/// A period goes with its weekdays; the default one stays.
fn removal(cx: &mut Context<'_, '_>, period: &Row) -> Result<Removal, Error> {
    if period.flag("default")
        && cx.facts(PERIODS, &[Look::Equal("schedule_id", period.get("schedule_id").clone())])?.len() > 1
    {
        return Err(Error::conflict(
            "id",
            "default_period",
            "The default period goes last: it applies where no other does.",
        ));
    }
    let days = cx.referring(DAYS, "overlap_period_id", std::slice::from_ref(period))?;
    let ids: Vec<_> = days.iter().filter_map(|day| day.int("id")).map(Datum::Int).collect();
    cx.remove("time_planning/planned_breaks", &[Look::OneOf("day_configuration_id", ids.clone())])?;
    cx.remove(DAYS, &[Look::OneOf("id", ids)])?;
    Ok(Removal::Gone)
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
