//! How long a person is due to work on a day, and why: the plan, less holidays and leaves.

use std::collections::HashMap;

use registry::{Date, Time, TimeZone};

use super::plan::{Half, Holiday, Plan, Shift, Source, Tool, weekday};
use super::wall;

/// Time off that was approved and is no kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// The first day.
    pub from: Date,
    /// The last day; `None` without an end.
    pub to: Option<Date>,
    /// How much of each day.
    pub part: Part,
}

impl Leave {
    /// Whether the day lies within.
    pub fn covers(&self, date: Date) -> bool {
        self.from <= date && self.to.is_none_or(|to| to >= date)
    }

    /// Whether it takes whole days.
    pub fn whole(&self) -> bool {
        self.part == Part::Off(Off::of(None))
    }
}

/// How much of a day is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All, or half of it.
    Off(Off),
    /// Some minutes.
    Minutes(i64),
}

/// Which halves of a day are free.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Off {
    /// The first half.
    pub first: bool,
    /// The second half.
    pub second: bool,
}

impl Off {
    /// A half, or all of it where none is named.
    pub fn of(half: Option<Half>) -> Self {
        Self { first: half != Some(Half::Second), second: half != Some(Half::First) }
    }

    /// What a holiday leaves free.
    pub fn on(holiday: Option<Holiday>) -> Self {
        match holiday {
            None => Self::default(),
            Some(Holiday::Whole) => Self::of(None),
            Some(Holiday::Half(half)) => Self::of(Some(half)),
        }
    }

    /// What is free in one or in the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { first: self.first || other.first, second: self.second || other.second }
    }

    /// How many halves are left.
    pub fn left(self) -> i64 {
        i64::from(!self.first) + i64::from(!self.second)
    }
}

/// Why a day has the hours that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It is planned like that.
    Planned,
    /// The plan gives a day of rest.
    Rest,
    /// It is a holiday at the workplace, or half of it is.
    Holiday,
    /// A leave takes it, or part of it.
    Leave,
    /// Nothing plans it, or the person has no contract on that day.
    Unplanned,
}

/// What is due on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Where the hours come from.
    pub source: Source,
    /// Minutes of normal work that the plan gives, holidays and leaves aside.
    pub expected: i64,
    /// Minutes of normal work that are due.
    pub regular: i64,
    /// Minutes of planned overtime that are due.
    pub overtime: i64,
    /// Half days that are due, where work is counted in days; `None` where it is counted in minutes.
    pub half_days: Option<i64>,
    /// Why.
    pub why: Why,
}

impl Estimate {
    /// Minutes that are due in all.
    pub fn minutes(&self) -> i64 {
        self.regular + self.overtime
    }
}

/// What is due on a day.
pub fn estimate(plan: &Plan, leaves: &[Leave], date: Date) -> Estimate {
    let planned = plan.on(date);
    let contract = plan.contract(date);
    // Who agreed on no hours owes none; who has no contract at all neither.
    let agreed = match planned.source {
        Source::ContractHours => contract.is_some_and(|contract| contract.agreed),
        Source::None => false,
        Source::ShiftManagement | Source::WorkSchedule => true,
    };
    let source = if agreed { planned.source } else { Source::None };
    let expected = if agreed { planned.minutes } else { 0 };
    let extra: i64 = extra(plan, source, date).map(|shift| shift.minutes).sum();
    let works = planned.works() || extra > 0;
    let holiday = Off::on(plan.holiday(date));
    let (mut away, mut hours) = (Off::default(), 0);
    for leave in leaves.iter().filter(|leave| leave.covers(date)) {
        match leave.part {
            Part::Off(part) => away = away.and(part),
            Part::Minutes(minutes) => hours += minutes,
        }
    }
    let left = holiday.and(away).left();
    let regular = (expected * left / 2 - hours).max(0);
    let why = match (agreed, works) {
        (false, _) => Why::Unplanned,
        (true, false) => Why::Rest,
        (true, true) if away != Off::default() || hours > 0 => Why::Leave,
        (true, true) if holiday != Off::default() => Why::Holiday,
        (true, true) => Why::Planned,
    };
    let in_days = contract.is_some_and(|contract| contract.in_days) && source != Source::None;
    let half_days = if works { left } else { 0 };
    Estimate {
        source,
        expected,
        regular,
        overtime: extra * left / 2,
        half_days: in_days.then_some(half_days),
        why,
    }
}

/// Planned shifts on top of the normal hours.
fn extra(plan: &Plan, source: Source, date: Date) -> impl Iterator<Item = &Shift> {
    let shifts = plan.shifts.get(&date).filter(|_| source == Source::ShiftManagement);
    shifts.into_iter().flatten().filter(|shift| shift.extra && !shift.backup)
}

/// Planned shifts of a day that are to be worked.
pub fn shifts(plan: &Plan, date: Date) -> impl Iterator<Item = &Shift> {
    let shifts = plan.shifts.get(&date).filter(|_| plan.on(date).source == Source::ShiftManagement);
    shifts.into_iter().flatten().filter(|shift| !shift.backup)
}

/// The weekday of a schedule that a day follows.
pub fn configuration(plan: &Plan, date: Date) -> Option<i64> {
    match plan.tool(date) {
        Some(Tool::Schedule(schedule)) => schedule.period(date)?.configurations[weekday(date)],
        _ => None,
    }
}

/// When a person is due to work on a day, as points in time: the planned shifts, or from nine o'clock on.
pub fn stretches(plan: &Plan, leaves: &[Leave], date: Date) -> Vec<(i64, i64)> {
    let mut left = estimate(plan, leaves, date).minutes();
    let mut found = Vec::new();
    for shift in shifts(plan, date) {
        let minutes = shift.minutes.min(left);
        left -= minutes;
        found.push((shift.begins, shift.begins + minutes * wall::MINUTE));
    }
    if found.is_empty() {
        let nine = wall::instant(&zone(plan), date, Time::constant(9, 0, 0, 0));
        found.push((nine, nine + left * wall::MINUTE));
    }
    found.retain(|(began, ended)| began < ended);
    found
}

/// The zone in which the days of a person are told apart.
pub fn zone(plan: &Plan) -> TimeZone {
    plan.zone.clone().unwrap_or(TimeZone::UTC)
}

/// The plans of some people with their leaves.
#[derive(Debug, Default)]
pub struct Estimates {
    /// By employee.
    pub plans: HashMap<i64, Plan>,
    /// By employee.
    pub leaves: HashMap<i64, Vec<Leave>>,
}

impl Estimates {
    /// What is due of a person on a day.
    pub fn on(&self, employee: i64, date: Date) -> Option<Estimate> {
        Some(estimate(self.plans.get(&employee)?, self.leaves(employee), date))
    }

    /// The leaves of a person.
    pub fn leaves(&self, employee: i64) -> &[Leave] {
        self.leaves.get(&employee).map_or(&[], Vec::as_slice)
    }
}
