//! From when to when an allowance runs.

use registry::{Date, Span};

/// How long a cycle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// So many months.
    Months(i64),
    /// For as long as somebody is there.
    Lifetime,
}

/// When cycles begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// On the first of a month.
    Month(i8),
    /// On the day on which somebody was hired.
    Hired,
}

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first one.
    pub first: Date,
    /// The last one.
    pub last: Date,
}

impl Days {
    /// How many there are.
    pub fn count(self) -> i64 {
        between(self.first, self.last) + 1
    }

    /// Whether a day is one of them.
    pub fn has(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Those that are in both.
    pub fn and(self, other: Self) -> Option<Self> {
        let both = Self { first: self.first.max(other.first), last: self.last.min(other.last) };
        (both.first <= both.last).then_some(both)
    }
}

/// The cycle that a day lies in.
pub fn at(frequency: Frequency, start: Start, hired: Date, day: Date) -> Days {
    let anchor = match start {
        Start::Hired => hired,
        Start::Month(month) => {
            let year = if month <= hired.month() { hired.year() } else { hired.year() - 1 };
            Date::new(year, month, 1).unwrap_or(hired)
        }
    };
    let months = match frequency {
        Frequency::Months(months) => months.max(1),
        Frequency::Lifetime => return Days { first: hired, last: Date::MAX },
    };
    let begin = |cycle: i64| months_after(anchor, cycle * months).unwrap_or(anchor);
    let distance = month_number(day) - month_number(anchor);
    let mut cycle = distance.div_euclid(months);
    // Cycles that do not begin on the first of a month begin later in it.
    if begin(cycle) > day {
        cycle -= 1;
    }
    let last = moved(begin(cycle + 1), -1).unwrap_or(Date::MAX);
    Days { first: begin(cycle), last }
}

/// The same day so many months later, or the last one of that month.
pub fn months_after(day: Date, months: i64) -> Option<Date> {
    Span::new().try_months(months).ok().and_then(|span| day.checked_add(span).ok())
}

/// Days from one to another.
pub fn between(first: Date, last: Date) -> i64 {
    engine::day_number(last) - engine::day_number(first)
}

fn month_number(day: Date) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month()) - 1
}

/// A day some days later, or earlier where they are negative.
pub fn moved(day: Date, days: i64) -> Option<Date> {
    Span::new().try_days(days).ok().and_then(|span| day.checked_add(span).ok())
}

/// Every day from the first to the last.
pub fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(Span::new().days(1)).take_while(move |day| *day <= last)
}

/// 0 for Monday, to 6.
pub fn weekday(day: Date) -> usize {
    usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0)
}
