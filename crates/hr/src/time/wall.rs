//! Between points in time and what the clock on the wall of a workplace says.

use registry::{Date, DateTime, Span, Time, TimeZone, Timestamp};

/// A minute in milliseconds.
pub const MINUTE: i64 = 60_000;

/// The zone of a name; UTC where nobody knows the name.
pub fn zone(name: Option<&str>) -> TimeZone {
    name.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}

/// What the wall says at a point in time, in milliseconds since 1970.
pub fn civil(zone: &TimeZone, at: i64) -> DateTime {
    Timestamp::from_millisecond(at).map_or(DateTime::MIN, |at| zone.to_datetime(at))
}

/// The point in time at which the wall says this. Where it says so twice the first time counts; where it never does,
/// because the clock is put forward, the time goes on as if it had not been.
pub fn instant(zone: &TimeZone, day: Date, time: Time) -> i64 {
    zone.to_timestamp(day.to_datetime(time)).map_or(0, Timestamp::as_millisecond)
}

/// The beginning of a day.
pub fn midnight(zone: &TimeZone, day: Date) -> i64 {
    instant(zone, day, Time::midnight())
}

/// When something that begins on a day and ends at a time of day is over: the day after, if that is earlier than when
/// it began.
pub fn end(zone: &TimeZone, day: Date, began: Time, ended: Time) -> i64 {
    instant(zone, if ended >= began { day } else { next(day) }, ended)
}

/// The day after.
pub fn next(day: Date) -> Date {
    day.tomorrow().unwrap_or(day)
}

/// A day some days later, or earlier where they are negative.
pub fn shifted(day: Date, days: i64) -> Date {
    Span::new().try_days(days).and_then(|span| day.checked_add(span)).unwrap_or(day)
}

/// Every day from the first to the last.
pub fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(Span::new().days(1)).take_while(move |day| *day <= last)
}

/// A stretch of time cut at each midnight.
pub fn by_day(zone: &TimeZone, from: i64, to: i64) -> Vec<(i64, i64)> {
    let (mut parts, mut at) = (Vec::new(), from);
    loop {
        let over = midnight(zone, next(civil(zone, at).date()));
        if over >= to || over <= at {
            parts.push((at, to));
            return parts;
        }
        parts.push((at, over));
        at = over;
    }
}

/// Whole minutes from one point in time to another, as the wall counts them: seconds are cut off at both ends, so that
/// the lengths of what follows each other add up.
pub fn minutes(from: i64, to: i64) -> i64 {
    to.div_euclid(MINUTE) - from.div_euclid(MINUTE)
}

/// A point in time as a program writes it: with an offset, or as the wall at a place says it.
pub fn moment(text: &str, zone: &TimeZone) -> Option<i64> {
    let text = text.trim();
    let exact = text.parse::<Timestamp>().ok();
    let local = || zone.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    exact.or_else(local).map(Timestamp::as_millisecond).filter(|at| (FIRST..LAST).contains(at))
}

/// The years 1 and 9999: both databases keep what lies between.
const FIRST: i64 = -62_135_596_800_000;
const LAST: i64 = 253_370_764_800_000;
