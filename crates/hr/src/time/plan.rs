//! Which hours a person is meant to work on a day, whatever says so: planned shifts, a work schedule, or the contract.

use std::collections::BTreeMap;
use std::sync::Arc;

use registry::{Date, TimeZone};

/// Minutes of a full day where nothing says otherwise.
pub const FULL_DAY: i64 = 8 * 60;

/// When one person is meant to work. Everything that it is made of is in order of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// What plans the time from some day on.
    pub tools: Vec<(Date, Tool)>,
    /// The versions of the contract.
    pub contracts: Vec<Contract>,
    /// Planned shifts that hold, by the day on which they begin.
    pub shifts: BTreeMap<Date, Vec<Shift>>,
    /// Holidays of the workplace.
    pub holidays: Arc<BTreeMap<Date, Holiday>>,
    /// The workplace.
    pub place: Option<i64>,
    /// The time zone of the workplace, or else of the headquarters; `None` is UTC.
    pub zone: Option<TimeZone>,
    /// The last day in the company.
    pub until: Option<Date>,
}

/// What plans somebody's time.
#[derive(Debug, Clone, PartialEq)]
pub enum Tool {
    /// The contract.
    Contract,
    /// A work schedule.
    Schedule(Arc<Schedule>),
    /// Planned shifts.
    Shifts,
}

/// Conditions of a contract from some day on.
#[derive(Debug, Clone, PartialEq)]
pub struct Contract {
    /// First day on which they hold.
    pub effective_on: Date,
    /// First day of the contract.
    pub starts_on: Option<Date>,
    /// Last day of the contract.
    pub ends_on: Option<Date>,
    /// Weekdays on which is worked, Monday first.
    pub weekdays: [bool; 7],
    /// Minutes of each of those days.
    pub minutes: i64,
    /// Whether work is done on public holidays, too.
    pub works_on_holidays: bool,
    /// Whether hours are agreed at all.
    pub agreed: bool,
    /// Whether work is counted in days rather than in hours.
    pub in_days: bool,
    /// Whether it is less than full time.
    pub part_time: bool,
}

/// A pattern of working hours.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Schedule {
    /// Parts of the year.
    pub periods: Vec<Period>,
}

/// A part of every year with its own hours.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Period {
    /// Whether it applies where no other does.
    pub default: bool,
    /// Month and day on which it begins.
    pub begins: (i8, i8),
    /// Month and day on which it ends, included.
    pub ends: (i8, i8),
    /// Minutes of each weekday, Monday first.
    pub minutes: [i64; 7],
    /// The day configuration of each weekday.
    pub configurations: [Option<i64>; 7],
}

/// A planned shift.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shift {
    /// Which one.
    pub id: i64,
    /// When it begins, in milliseconds since 1970.
    pub begins: i64,
    /// From its beginning to its end, without unpaid breaks.
    pub minutes: i64,
    /// Whether it is kept in reserve because of an approved leave.
    pub backup: bool,
    /// Whether it comes on top of the normal hours.
    pub extra: bool,
    /// The workplace.
    pub place: Option<i64>,
    /// When it ends, in milliseconds since 1970.
    pub ends: i64,
}

/// How much of a day is a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holiday {
    /// All of it.
    Whole,
    /// Half of it.
    Half(Half),
}

/// A half of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Half {
    /// The first one.
    First,
    /// The second one.
    Second,
}

impl Half {
    /// From its name in the API.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "beginning_of_day" => Some(Half::First),
            "end_of_day" => Some(Half::Second),
            _ => None,
        }
    }
}

/// What says how long a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Planned shifts.
    ShiftManagement,
    /// A work schedule.
    WorkSchedule,
    /// The contract.
    ContractHours,
    /// Nothing: no contract is known, or none is in force.
    None,
}

impl Source {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Source::ShiftManagement => "shift_management",
            Source::WorkSchedule => "work_schedule",
            Source::ContractHours => "contract_hours",
            Source::None => "none",
        }
    }
}

/// What a day would be without holidays and leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Workday {
    /// What says so.
    pub source: Source,
    /// Minutes to work; none on a day of rest.
    pub minutes: i64,
}

impl Workday {
    /// Whether any work is planned.
    pub fn works(self) -> bool {
        self.minutes > 0
    }
}

impl Plan {
    /// A day as planned, holidays and leaves aside.
    ///
    /// Planned shifts come first, where they plan the person's time and anything is planned for the week at all; then
    /// the work schedule; then the contract. Whoever has no contract works from Monday to Friday.
    pub fn on(&self, day: Date) -> Workday {
        if self.until.is_some_and(|until| until < day) {
            return Workday { source: Source::None, minutes: 0 };
        }
        match self.tool(day) {
            Some(Tool::Shifts) if self.plans_week_of(day) => Workday {
                source: Source::ShiftManagement,
                minutes: self.shifts.get(&day).map_or(0, |shifts| normal(shifts)),
            },
            Some(Tool::Schedule(schedule)) => match schedule.on(day) {
                Some(minutes) => Workday { source: Source::WorkSchedule, minutes },
                None => self.by_contract(day),
            },
            Some(Tool::Shifts | Tool::Contract) | None => self.by_contract(day),
        }
    }

    /// What plans the time on a day.
    pub fn tool(&self, day: Date) -> Option<&Tool> {
        self.tools.iter().rev().find(|(from, _)| *from <= day).map(|(_, tool)| tool)
    }

    /// The holiday on a day, unless the contract says that holidays are worked.
    pub fn holiday(&self, day: Date) -> Option<Holiday> {
        let works = self.contract(day).is_some_and(|contract| contract.works_on_holidays);
        if works { None } else { self.holidays.get(&day).copied() }
    }

    /// The version of the contract in force on a day; before the first one, that one.
    pub fn contract(&self, day: Date) -> Option<&Contract> {
        let begun = self.contracts.iter().rev().find(|contract| contract.effective_on <= day);
        begun.or_else(|| self.contracts.first())
    }

    /// The day on which the first contract begins.
    pub fn hired_on(&self) -> Option<Date> {
        self.contracts.iter().map(|contract| contract.starts_on.unwrap_or(contract.effective_on)).min()
    }

    fn by_contract(&self, day: Date) -> Workday {
        let weekday = weekday(day);
        match self.contract(day) {
            None => Workday { source: Source::None, minutes: if weekday < 5 { FULL_DAY } else { 0 } },
            Some(contract) if !contract.covers(day) => Workday { source: Source::None, minutes: 0 },
            Some(contract) => Workday {
                source: Source::ContractHours,
                minutes: if contract.weekdays[weekday] { contract.minutes } else { 0 },
            },
        }
    }

    /// Whether any shift is planned from the Monday before to the Sunday after.
    fn plans_week_of(&self, day: Date) -> bool {
        let back = i64::try_from(weekday(day)).unwrap_or(0);
        let (Some(monday), Some(sunday)) = (moved(day, -back), moved(day, 6 - back)) else { return false };
        self.shifts.range(monday..=sunday).next().is_some()
    }
}

impl Contract {
    /// Whether the contract runs on a day.
    pub fn covers(&self, day: Date) -> bool {
        self.starts_on.is_none_or(|first| first <= day) && self.ends_on.is_none_or(|last| day <= last)
    }
}

impl Schedule {
    /// Minutes of a day; `None` where no period applies.
    pub fn on(&self, day: Date) -> Option<i64> {
        Some(self.period(day)?.minutes[weekday(day)])
    }

    /// The period that applies on a day: its own, else the default.
    pub fn period(&self, day: Date) -> Option<&Period> {
        let own = self.periods.iter().find(|period| !period.default && period.has(day));
        own.or_else(|| self.periods.iter().find(|period| period.default))
    }
}

impl Period {
    /// Whether it shares a day of the year with another one.
    pub fn meets(&self, other: &Self) -> bool {
        // Every year has the days of a leap year at some time.
        let year = registry::date(2024, 1, 1);
        days(year, registry::date(2024, 12, 31)).any(|day| self.has(day) && other.has(day))
    }

    fn has(&self, day: Date) -> bool {
        let here = (day.month(), day.day());
        if self.begins <= self.ends {
            self.begins <= here && here <= self.ends
        } else {
            // Over the turn of the year.
            self.begins <= here || here <= self.ends
        }
    }
}

/// Minutes of normal work in some shifts.
fn normal(shifts: &[Shift]) -> i64 {
    shifts.iter().filter(|shift| !shift.extra).map(|shift| shift.minutes).sum()
}

/// Minutes of a day of work, from the hundredths of an hour that are agreed for some span of time.
pub fn daily(hours: i64, frequency: &str, days_in_week: i64) -> i64 {
    // Hundredths of an hour are 0.6 minutes.
    let agreed = hours.saturating_mul(60) / 100;
    match frequency {
        "day" | "daily" => agreed,
        "month" | "monthly" => agreed.saturating_mul(12) / (52 * days_in_week),
        "year" | "yearly" | "annual" | "annually" => agreed / (52 * days_in_week),
        _ => agreed / days_in_week,
    }
}

/// 0 for Monday, to 6.
pub fn weekday(day: Date) -> usize {
    usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0)
}

/// A day some days later, or earlier where they are negative.
pub fn moved(day: Date, days: i64) -> Option<Date> {
    registry::Span::new().try_days(days).ok().and_then(|span| day.checked_add(span).ok())
}

/// Every day from the first to the last.
pub fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(registry::Span::new().days(1)).take_while(move |day| *day <= last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::date;

    fn contract(from: Date, weekdays: [bool; 7], minutes: i64) -> Contract {
        Contract {
            effective_on: from,
            starts_on: Some(from),
            ends_on: None,
            weekdays,
            minutes,
            works_on_holidays: false,
            agreed: true,
            in_days: false,
            part_time: false,
        }
    }

    const WEEK: [bool; 7] = [true, true, true, true, true, false, false];

    #[test]
    fn without_a_contract_is_monday_to_friday() {
        let plan = Plan::default();
        assert_eq!(plan.on(date(2026, 11, 27)), Workday { source: Source::None, minutes: FULL_DAY });
        assert!(!plan.on(date(2026, 11, 28)).works());
    }

    #[test]
    fn the_contract_in_force_decides_and_nothing_outside_of_it() {
        let mut part = contract(date(2026, 6, 1), [true, true, false, false, false, false, false], 300);
        part.starts_on = Some(date(2026, 1, 5));
        part.ends_on = Some(date(2026, 12, 31));
        let plan = Plan { contracts: vec![contract(date(2026, 1, 5), WEEK, 480), part], ..Plan::default() };
        assert_eq!(plan.on(date(2026, 5, 29)).minutes, 480);
        assert_eq!(plan.on(date(2026, 6, 1)).minutes, 300);
        assert_eq!(plan.on(date(2026, 6, 3)).minutes, 0);
        assert_eq!(plan.on(date(2026, 1, 2)), Workday { source: Source::None, minutes: 0 });
        assert_eq!(plan.on(date(2027, 1, 4)), Workday { source: Source::None, minutes: 0 });
    }

    #[test]
    fn a_schedule_has_its_periods_also_over_the_turn_of_the_year() {
        let usual = Period { default: true, minutes: [480, 480, 480, 480, 480, 0, 0], ..Period::default() };
        let winter = Period { begins: (12, 15), ends: (1, 15), minutes: [420; 7], ..Period::default() };
        let schedule = Arc::new(Schedule { periods: vec![usual, winter] });
        let plan = Plan { tools: vec![(date(2026, 1, 1), Tool::Schedule(schedule))], ..Plan::default() };
        assert_eq!(plan.on(date(2026, 12, 14)).minutes, 480);
        assert_eq!(plan.on(date(2026, 12, 20)).minutes, 420);
        assert_eq!(plan.on(date(2027, 1, 15)).minutes, 420);
        assert_eq!(plan.on(date(2027, 1, 16)).minutes, 0);
    }

    #[test]
    fn shifts_decide_in_the_weeks_for_which_some_are_planned() {
        let shift = Shift { minutes: 600, ..Shift::default() };
        let plan = Plan {
            tools: vec![(date(2026, 1, 1), Tool::Shifts)],
            contracts: vec![contract(date(2026, 1, 1), WEEK, 480)],
            shifts: [(date(2026, 11, 28), vec![shift])].into(),
            ..Plan::default()
        };
        assert_eq!(plan.on(date(2026, 11, 28)), Workday { source: Source::ShiftManagement, minutes: 600 });
        assert_eq!(plan.on(date(2026, 11, 27)), Workday { source: Source::ShiftManagement, minutes: 0 });
        assert_eq!(plan.on(date(2026, 11, 30)), Workday { source: Source::ContractHours, minutes: 480 });
    }
}
