//! When people would work, as the rules of time off want to know it.

use std::collections::HashMap;

use engine::{Context, Error};
use registry::{Date, Instant, TimeZone};

use super::rules::count::Calendar;
use crate::time::plan::{FULL_DAY, Half, Holiday, Plan};
use crate::time::wall;

/// The calendars of some people.
#[derive(Debug, Default)]
pub struct Calendars(HashMap<i64, Plan>);

/// The calendar of one person.
#[derive(Debug, Clone, Copy)]
pub struct Personal<'a>(Option<&'a Plan>);

impl Calendars {
    /// Those of some plans, by employee.
    pub fn new(plans: HashMap<i64, Plan>) -> Self {
        Self(plans)
    }

    /// Those of some employees from a day to a day.
    pub fn load(cx: &mut Context<'_, '_>, employees: &[i64], first: Date, last: Date) -> Result<Self, Error> {
        Ok(Self(crate::time::plans(cx, employees, first, last)?))
    }

    /// That of an employee.
    pub fn of(&self, employee: i64) -> Personal<'_> {
        Personal(self.0.get(&employee))
    }
}

impl Personal<'_> {
    /// The day that it is at a point in time.
    pub fn day(&self, now: Instant) -> Date {
        let zone = self.0.and_then(|plan| plan.zone.clone()).unwrap_or(TimeZone::UTC);
        wall::civil(&zone, now.millis()).date()
    }

    /// The day on which the first contract begins.
    pub fn hired(&self) -> Option<Date> {
        self.0.and_then(Plan::hired_on)
    }
}

impl Calendar for Personal<'_> {
    fn planned(&self, day: Date) -> i64 {
        self.0.map_or(0, |plan| plan.on(day).minutes)
    }

    fn nominal(&self, day: Date) -> i64 {
        self.0.and_then(|plan| plan.contract(day)).map_or(FULL_DAY, |contract| contract.minutes)
    }

    fn holiday(&self, day: Date) -> [bool; 2] {
        match self.0.and_then(|plan| plan.holiday(day)) {
            None => [false, false],
            Some(Holiday::Whole) => [true, true],
            Some(Holiday::Half(half)) => [half == Half::First, half == Half::Second],
        }
    }
}
