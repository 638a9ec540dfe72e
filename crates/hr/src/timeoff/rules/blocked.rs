//! Days on which some people cannot be away.

use registry::Date;

use super::cycle::{months_after, moved};

/// A span that is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// From a day to a day; an open side is open for ever.
    Dates(Option<Date>, Option<Date>),
    /// So long from the day on which the contract starts.
    AfterHiring(Length),
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// In days.
    Days(i64),
    /// In weeks.
    Weeks(i64),
    /// In months.
    Months(i64),
    /// In years.
    Years(i64),
}

impl Length {
    /// From its number and its unit.
    pub fn named(number: i64, unit: &str) -> Self {
        match unit {
            "week" | "weeks" => Self::Weeks(number),
            "month" | "months" => Self::Months(number),
            "year" | "years" => Self::Years(number),
            _ => Self::Days(number),
        }
    }

    /// The first day that is not in it any more.
    pub fn after(self, first: Date) -> Option<Date> {
        match self {
            Self::Days(days) => moved(first, days),
            Self::Weeks(weeks) => moved(first, weeks * 7),
            Self::Months(months) => months_after(first, months),
            Self::Years(years) => months_after(first, years * 12),
        }
    }
}

/// Whether a leave from a day to a day, or without an end, touches a blocked span of somebody who was hired on a day.
pub fn touches(period: Period, hired: Date, first: Date, last: Option<Date>) -> bool {
    let (from, to) = match period {
        Period::Dates(from, to) => (from, to),
        Period::AfterHiring(length) => {
            let last = length.after(hired).and_then(|after| moved(after, -1));
            (Some(hired), last)
        }
    };
    from.is_none_or(|from| last.is_none_or(|last| from <= last)) && to.is_none_or(|to| first <= to)
}
