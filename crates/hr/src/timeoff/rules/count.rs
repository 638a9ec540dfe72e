//! What each day of a leave costs, and why.

use registry::Date;

use super::cycle::{days, moved, weekday};

/// Days after the end of a leave that a counter may reach into at most.
const MOST_AFTER: i64 = 31;

/// When somebody would work, leaves aside.
pub trait Calendar {
    /// Minutes that are planned on a day, holidays aside; none on a day of rest.
    fn planned(&self, day: Date) -> i64;
    /// Minutes of a day that counts though no work is planned.
    fn nominal(&self, day: Date) -> i64;
    /// Which halves of a day are a holiday that the person keeps.
    fn holiday(&self, day: Date) -> [bool; 2];
}

/// A half of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Half::First => "beginning_of_day",
            Half::Second => "end_of_day",
        }
    }
}

/// The days that a leave takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub first: Date,
    /// Last day, included.
    pub last: Date,
    /// How much of each day.
    pub part: Part,
}

/// How much of a day a leave takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// Half of it.
    Half(Half),
    /// So many minutes in all.
    Minutes(i64),
}

/// How the days of a leave are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counting {
    /// Which days.
    pub counter: Counter,
    /// Whether holidays cost like any other day.
    pub holidays_count: bool,
}

/// Which days of a leave are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Counter {
    /// Those on which the person would work.
    #[default]
    Working,
    /// Every day of the calendar.
    Natural {
        /// Days of rest right after the leave, too.
        trailing: bool,
    },
    /// *Jours ouvrables*: every day but Sundays, from the first day missed to the day before the return.
    FrenchCalendar,
    /// *Jours ouvrés*: Monday to Friday, from the first day missed to the day before the return.
    FrenchOuvres,
}

impl Counter {
    /// From the values of an allowance.
    pub fn named(days_type: &str, range_type: &str) -> Self {
        match days_type {
            "natural_days" => Self::Natural { trailing: range_type == "extra_non_working_days_at_end" },
            "natural_days_only_range" => Self::Natural { trailing: false },
            "french_calendar_days" => Self::FrenchCalendar,
            "french_ouvres" => Self::FrenchOuvres,
            _ => Self::Working,
        }
    }
}

/// An amount of time off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amount {
    /// In hundredths of a day.
    pub days: i64,
    /// In minutes.
    pub minutes: i64,
}

impl Amount {
    /// In hundredths of an hour.
    pub fn hours(self) -> i64 {
        ratio(self.minutes, 100, 60)
    }

    fn plus(self, other: Self) -> Self {
        Self { days: self.days + other.days, minutes: self.minutes + other.minutes }
    }
}

/// What one day of a leave costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Charge {
    /// The day.
    pub day: Date,
    /// What would have been worked.
    pub workable: Amount,
    /// What is charged.
    pub used: Amount,
    /// Why.
    pub why: Why,
}

/// Why a day costs what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A day of work.
    Work,
    /// No work is planned.
    Rest,
    /// A holiday of the workplace.
    Holiday,
    /// Half of it is a holiday of the workplace.
    HalfHoliday,
    /// Every day of the calendar counts.
    Calendar,
    /// A day of rest after the leave, before work begins again.
    BeforeReturn,
}

impl Why {
    /// For programs.
    pub fn name(self) -> &'static str {
        match self {
            Why::Work => "work",
            Why::Rest => "rest",
            Why::Holiday => "holiday",
            Why::HalfHoliday => "half_holiday",
            Why::Calendar => "calendar",
            Why::BeforeReturn => "before_return",
        }
    }

    /// For people.
    pub fn sentence(self) -> &'static str {
        match self {
            Why::Work => "A day of work.",
            Why::Rest => "No work is planned.",
            Why::Holiday => "A holiday of the workplace.",
            Why::HalfHoliday => "Half of it is a holiday of the workplace.",
            Why::Calendar => "Every day of the calendar counts.",
            Why::BeforeReturn => "A day of rest before work begins again counts, too.",
        }
    }
}

/// Every day of a leave with its cost, in order. `next` is the first day of the person's next leave: days after a leave
/// are charged up to there, so that no day is paid for twice.
pub fn charges(plan: &dyn Calendar, span: Span, counting: Counting, next: Option<Date>) -> Vec<Charge> {
    let mut left = match span.part {
        Part::Minutes(minutes) => minutes,
        _ => 0,
    };
    let mut found: Vec<_> = days(span.first, span.last)
        .map(|day| {
            let shape = Shape::of(plan, day, counting);
            let used = shape.taken(span.part, &mut left);
            Charge { day, workable: shape.workable(), used, why: shape.why() }
        })
        .collect();
    match counting.counter {
        Counter::Working => {}
        Counter::Natural { trailing } => {
            for charge in &mut found {
                charge.used = natural(plan, charge, span.part);
                charge.why = Why::Calendar;
            }
            if trailing && span.part == Part::Whole {
                let rest = until_return(plan, span.last, counting, next);
                found.extend(rest.map(|day| whole(plan, day, Why::BeforeReturn)));
            }
        }
        Counter::FrenchCalendar => french(plan, &mut found, span, counting, next, 6),
        Counter::FrenchOuvres => french(plan, &mut found, span, counting, next, 5),
    }
    found
}

/// What some charges come to.
pub fn total(charges: &[Charge]) -> Amount {
    charges.iter().map(|charge| charge.used).fold(Amount::default(), Amount::plus)
}

/// The halves of a day that can be worked.
struct Shape {
    /// Minutes of the whole day as planned.
    planned: i64,
    /// Whether work would be done in each half.
    halves: [bool; 2],
}

impl Shape {
    fn of(plan: &dyn Calendar, day: Date, counting: Counting) -> Self {
        let planned = plan.planned(day);
        let free = holiday(plan, day, counting);
        Self { planned, halves: free.map(|free| planned > 0 && !free) }
    }

    fn amount(&self, wanted: [bool; 2]) -> Amount {
        let halves = (0..2).filter(|at| self.halves[*at] && wanted[*at]).count();
        let halves = i64::try_from(halves).unwrap_or(0);
        Amount { days: 50 * halves, minutes: self.planned * halves / 2 }
    }

    fn workable(&self) -> Amount {
        self.amount([true, true])
    }

    fn taken(&self, part: Part, left: &mut i64) -> Amount {
        match part {
            Part::Whole => self.amount([true, true]),
            Part::Half(Half::First) => self.amount([true, false]),
            Part::Half(Half::Second) => self.amount([false, true]),
            Part::Minutes(_) => {
                let minutes = self.workable().minutes.min(*left);
                *left -= minutes;
                Amount { days: ratio(minutes, 100, self.planned.max(1)), minutes }
            }
        }
    }

    fn why(&self) -> Why {
        match self.halves {
            _ if self.planned == 0 => Why::Rest,
            [true, true] => Why::Work,
            [false, false] => Why::Holiday,
            _ => Why::HalfHoliday,
        }
    }
}

/// A day of the calendar that counts wholly.
fn whole(plan: &dyn Calendar, day: Date, why: Why) -> Charge {
    let used = Amount { days: 100, minutes: length(plan, day) };
    Charge { day, workable: Amount::default(), used, why }
}

/// A day of the calendar under a leave.
fn natural(plan: &dyn Calendar, charge: &Charge, part: Part) -> Amount {
    let minutes = length(plan, charge.day);
    match part {
        Part::Whole => Amount { days: 100, minutes },
        Part::Half(_) => Amount { days: 50, minutes: minutes / 2 },
        Part::Minutes(_) => charge.used,
    }
}

/// How long a day is that counts, whether it is worked or not.
fn length(plan: &dyn Calendar, day: Date) -> i64 {
    let planned = plan.planned(day);
    if planned > 0 { planned } else { plan.nominal(day) }
}

/// The halves of a day that are a holiday which is not charged.
fn holiday(plan: &dyn Calendar, day: Date, counting: Counting) -> [bool; 2] {
    if counting.holidays_count { [false, false] } else { plan.holiday(day) }
}

/// The days after a leave on which no work is done, up to the return or to the next leave.
fn until_return(
    plan: &dyn Calendar,
    last: Date,
    counting: Counting,
    next: Option<Date>,
) -> impl Iterator<Item = Date> + use<'_> {
    let after = (1..=MOST_AFTER).map_while(move |days| moved(last, days));
    let free = move |day: &Date| {
        next.is_none_or(|next| *day < next) && Shape::of(plan, *day, counting).halves == [false, false]
    };
    after.take_while(free)
}

/// The French counters: `week` days of each week count, from the first day missed to the day before the return.
fn french(
    plan: &dyn Calendar,
    found: &mut Vec<Charge>,
    span: Span,
    counting: Counting,
    next: Option<Date>,
    week: usize,
) {
    if let Part::Whole = span.part {
        let missed = found.iter().position(|charge| charge.workable.days > 0);
        let open = |day: Date| weekday(day) < week && holiday(plan, day, counting) != [true, true];
        for (at, charge) in found.iter_mut().enumerate() {
            // A half that is a holiday is as free as the person has it.
            let half = charge.why == Why::HalfHoliday;
            if missed.is_none_or(|missed| at < missed) || !open(charge.day) {
                charge.used = Amount::default();
            } else if !half {
                *charge = Charge { workable: charge.workable, ..whole(plan, charge.day, charge.why) };
                if charge.workable.days == 0 {
                    charge.why = Why::Calendar;
                }
            }
        }
        if missed.is_some() {
            let rest = until_return(plan, span.last, counting, next).filter(|day| open(*day));
            found.extend(rest.map(|day| whole(plan, day, Why::BeforeReturn)));
        }
    }
}

/// `value * times / of`, rounded half up.
pub fn ratio(value: i64, times: i64, of: i64) -> i64 {
    let (value, of) = (i128::from(value) * i128::from(times), i128::from(of.max(1)));
    i64::try_from((2 * value + of).div_euclid(2 * of)).unwrap_or(0)
}
