//! How many units an allowance grants, and when. Amounts are in hundredths of a unit, a day or an hour.

use registry::Date;

use super::count::{Counting, ratio};
use super::cycle::{self, Days, Frequency, Start, months_after, moved};
use crate::time::plan::FULL_DAY;

/// The terms of an allowance.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    /// Whether its units are hours.
    pub hours: bool,
    /// Where its units come from.
    pub source: Source,
    /// When the units of a cycle become available.
    pub strategy: Strategy,
    /// Whether what is earned in a cycle can be spent in the next one only.
    pub next_cycle: bool,
    /// Units of a cycle.
    pub base: i64,
    /// Whether a part of a cycle gives a part of the units.
    pub prorated: bool,
    /// How what has accrued is rounded.
    pub rounding: Rounding,
    /// The most that accrues in a cycle.
    pub cap: Option<i64>,
    /// How long a cycle is.
    pub frequency: Frequency,
    /// When cycles begin.
    pub start: Start,
    /// More units for length of service, the shortest service first.
    pub tenure: Vec<Tenure>,
    /// When a tenure that is reached within a cycle takes effect.
    pub transition: Transition,
    /// What moves to the next cycle.
    pub carry: Carry,
    /// The first year at the end of whose cycles anything is carried over.
    pub carry_from_year: Option<i64>,
    /// Months after which carried units are lost.
    pub expiry: Option<i64>,
    /// Whether the balance may fall below zero.
    pub negative: bool,
    /// Whether there is no limit.
    pub unlimited: bool,
    /// How the days of a leave are counted.
    pub counting: Counting,
}

/// Where units come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A number of units for each cycle.
    Base,
    /// So many units for every so many hours worked, both in hundredths.
    Worked {
        /// Units for a block.
        factor: i64,
        /// Hours of a block.
        per: i64,
    },
    /// The approved overtime, hour by hour; eight hours are a day.
    Overtime,
}

/// When the units of a cycle become available.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// All on the first day.
    AtOnce,
    /// Some every day.
    Daily,
    /// On the last day of each month.
    MonthEnd,
    /// On the first day of each month.
    MonthStart,
    /// On each day of the month on which the person was hired.
    Mensiversary,
    /// On the fifteenth of each month.
    Fifteenth,
    /// On the first and on the fifteenth.
    FirstAndFifteenth,
    /// On the fifteenth and on the last day.
    FifteenthAndLast,
}

impl Strategy {
    /// From its name in the API.
    pub fn named(name: &str) -> Self {
        match name {
            "generated_days" => Self::Daily,
            "generated_days_monthly" => Self::MonthEnd,
            "generated_days_monthly_first_day" => Self::MonthStart,
            "mensiversary" => Self::Mensiversary,
            "monthly_fifteenth" => Self::Fifteenth,
            "bimonthly_first_and_fifteenth" => Self::FirstAndFifteenth,
            "bimonthly_fifteenth_and_last" => Self::FifteenthAndLast,
            _ => Self::AtOnce,
        }
    }
}

/// How what has accrued is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To hundredths.
    Decimals,
    /// To the nearest half.
    Half,
    /// To the nearest quarter.
    Quarters,
    /// Up to a whole unit.
    Up,
}

impl Rounding {
    /// From its name in the API.
    pub fn named(name: &str) -> Self {
        match name {
            "half_day" => Self::Half,
            "quarters" => Self::Quarters,
            "round_up" => Self::Up,
            _ => Self::Decimals,
        }
    }

    fn of(self, amount: i64) -> i64 {
        match self {
            Self::Decimals => amount,
            Self::Half => ratio(amount, 1, 50) * 50,
            Self::Quarters => ratio(amount, 1, 25) * 25,
            Self::Up => -(-amount).div_euclid(100) * 100,
        }
    }
}

/// More units for length of service. Of those that are reached the one with the longest service holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tenure {
    /// Months of service.
    pub months: i64,
    /// Units on top of the base.
    pub units: i64,
    /// Another rate for hours worked, where units come from those: units for a block, hours of it.
    pub rate: Option<(i64, i64)>,
}

/// When a tenure that is reached within a cycle takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transition {
    /// For the whole cycle.
    BeginningOfCycle,
    /// From the next cycle on.
    EndOfCycle,
    /// From that day on.
    AfterMilestone,
}

/// What moves to the next cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carry {
    /// Nothing.
    Nothing,
    /// So many units at most.
    UpTo(i64),
    /// Everything.
    Everything,
}

/// Whose units they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// First day in the company.
    pub hired: Date,
    /// Day from which length of service counts.
    pub seniority: Date,
    /// The days on which the person is employed and under the policy.
    pub covered: Days,
}

/// A cycle as one person has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycle {
    /// All of it.
    pub regular: Days,
    /// The part on which the person is covered.
    pub own: Days,
}

/// Minutes worked, by day.
pub type Worked = [(Date, i64)];

impl Terms {
    /// The cycle of a day, and the part of it on which the person is covered, if there is any.
    pub fn cycle(&self, service: &Service, day: Date) -> Option<Cycle> {
        let regular = cycle::at(self.frequency, self.start, service.hired, day);
        regular.and(service.covered).map(|own| Cycle { regular, own })
    }

    /// Units of a whole cycle for somebody, with those for length of service.
    pub fn entitlement(&self, service: &Service, cycle: &Cycle) -> i64 {
        self.parts(service, cycle).iter().map(|part| part.units).sum()
    }

    /// Units of a cycle, scaled to the part on which the person is covered.
    pub fn prorated(&self, service: &Service, cycle: &Cycle) -> i64 {
        self.parts(service, cycle).iter().map(|part| self.scaled(cycle, part)).sum()
    }

    /// What has accrued in a cycle by the end of a day, rounded and capped.
    pub fn accrued(&self, service: &Service, cycle: &Cycle, day: Date, worked: &Worked) -> i64 {
        let amount = match self.source {
            Source::Overtime => self.by_overtime(cycle, day, worked),
            Source::Worked { factor, per } => self.by_work(service, cycle, day, worked, factor, per),
            Source::Base => self
                .parts(service, cycle)
                .iter()
                .map(|part| {
                    let window = Days { first: part.from, last: cycle.own.last };
                    let (done, all) = self.progress(service, window, day);
                    ratio(self.scaled(cycle, part), done, all)
                })
                .sum(),
        };
        let rounded = self.rounding.of(amount);
        self.cap.map_or(rounded, |cap| rounded.min(cap))
    }

    /// The base, and what each tenure adds to what was before, from the day on which it takes effect.
    fn parts(&self, service: &Service, cycle: &Cycle) -> Vec<Granted> {
        let mut parts = vec![Granted { units: self.base, from: cycle.own.first }];
        let mut before = 0;
        for tenure in &self.tenure {
            let Some(reached) = months_after(service.seniority, tenure.months) else { continue };
            let from = match self.transition {
                _ if reached <= cycle.own.first => Some(cycle.own.first),
                Transition::BeginningOfCycle if reached <= cycle.regular.last => Some(cycle.own.first),
                Transition::AfterMilestone if reached <= cycle.own.last => Some(reached),
                _ => None,
            };
            if let Some(from) = from {
                parts.push(Granted { units: tenure.units - before, from });
                before = tenure.units;
            }
        }
        parts
    }

    fn scaled(&self, cycle: &Cycle, part: &Granted) -> i64 {
        let endless = self.frequency == Frequency::Lifetime;
        let window = Days { first: part.from, last: cycle.own.last };
        if !self.prorated || endless {
            return part.units;
        }
        ratio(part.units, window.count(), cycle.regular.count())
    }

    /// How much of what a window gives is there by the end of a day: a part, and the whole.
    fn progress(&self, service: &Service, window: Days, day: Date) -> (i64, i64) {
        if day < window.first {
            return (0, 1);
        }
        let endless = self.frequency == Frequency::Lifetime;
        if self.strategy == Strategy::AtOnce || endless || day >= window.last {
            return (1, 1);
        }
        if self.strategy == Strategy::Daily {
            return (Days { first: window.first, last: day }.count(), window.count());
        }
        let points = self.points(service, window);
        let weight = |points: &mut dyn Iterator<Item = &(Date, i64)>| points.map(|(_, weight)| weight).sum();
        let done: i64 = weight(&mut points.iter().filter(|(on, _)| *on <= day));
        let all: i64 = weight(&mut points.iter());
        (done, all.max(1))
    }

    /// The days of a window on which something is granted, with the weight of each: a whole month weighs [`MONTH`], a
    /// part of one that part.
    fn points(&self, service: &Service, window: Days) -> Vec<(Date, i64)> {
        let mut points = Vec::new();
        let grant = |points: &mut Vec<(Date, i64)>, slice: Days, on: Date, weight: i64| {
            if let Some(covered) = slice.and(window) {
                let on = on.clamp(window.first, window.last);
                points.push((on, ratio(weight, covered.count(), slice.count())));
            }
        };
        let by_hiring = self.strategy == Strategy::Mensiversary;
        let first = if by_hiring { service.hired } else { first_of_month(window.first) };
        // Months since the day of hiring, so that the 31st does not wander to the 28th for good.
        let skip = if by_hiring { (cycle::between(first, window.first) / 31).max(0) } else { 0 };
        for month in skip.. {
            let (Some(begin), Some(next)) = (months_after(first, month), months_after(first, month + 1))
            else {
                break;
            };
            if begin > window.last {
                break;
            }
            let slice = Days { first: begin, last: moved(next, -1).unwrap_or(next) };
            let split = |day: i64| {
                let middle = moved(begin, day - 1).unwrap_or(begin);
                (
                    Days { first: begin, last: moved(middle, -1).unwrap_or(begin) },
                    Days { first: middle, last: slice.last },
                )
            };
            match self.strategy {
                Strategy::AtOnce | Strategy::Daily => {}
                Strategy::MonthEnd => grant(&mut points, slice, slice.last, MONTH),
                Strategy::MonthStart => grant(&mut points, slice, slice.first, MONTH),
                // A month that is complete counts wholly, whichever cycle it began in; one that is complete with the
                // window belongs to it.
                Strategy::Mensiversary if window.first < next && slice.last <= window.last => {
                    points.push((next.min(window.last), MONTH));
                }
                Strategy::Mensiversary => {}
                Strategy::Fifteenth => grant(&mut points, slice, moved(begin, 14).unwrap_or(begin), MONTH),
                Strategy::FirstAndFifteenth => {
                    let (early, late) = split(15);
                    grant(&mut points, early, early.first, MONTH / 2);
                    grant(&mut points, late, late.first, MONTH / 2);
                }
                Strategy::FifteenthAndLast => {
                    let (early, late) = split(16);
                    grant(&mut points, early, early.last, MONTH / 2);
                    grant(&mut points, late, late.last, MONTH / 2);
                }
            }
        }
        points
    }

    fn by_overtime(&self, cycle: &Cycle, day: Date, worked: &Worked) -> i64 {
        let minutes = minutes_in(cycle, day, worked);
        minutes * 100 / if self.hours { 60 } else { FULL_DAY }
    }

    fn by_work(
        &self,
        service: &Service,
        cycle: &Cycle,
        day: Date,
        worked: &Worked,
        factor: i64,
        per: i64,
    ) -> i64 {
        let reached = self.tenure.iter().rev().find(|tenure| {
            months_after(service.seniority, tenure.months).is_some_and(|reached| reached <= cycle.own.first)
        });
        let (factor, per) = reached.and_then(|tenure| tenure.rate).unwrap_or((factor, per));
        let minutes = minutes_in(cycle, day, worked);
        if per <= 0 { 0 } else { (minutes * 100 / 60) / per * factor }
    }
}

/// Minutes of the days of a cycle up to a day.
fn minutes_in(cycle: &Cycle, day: Date, worked: &Worked) -> i64 {
    let until = cycle.own.last.min(day);
    let counts = |on: &Date| cycle.own.first <= *on && *on <= until;
    worked.iter().filter(|(on, _)| counts(on)).map(|(_, minutes)| minutes).sum()
}

/// The weight of a month.
const MONTH: i64 = 1_000_000;

/// Units, and the day from which they are granted.
struct Granted {
    units: i64,
    from: Date,
}

fn first_of_month(day: Date) -> Date {
    Date::new(day.year(), day.month(), 1).unwrap_or(day)
}
