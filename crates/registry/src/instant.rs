//! Points in time.

use std::fmt;
use std::ops::{Add, Sub};

/// One second in milliseconds, the unit of every span that is added to an [`Instant`].
pub const SECOND: i64 = 1000;
/// One minute in milliseconds.
pub const MINUTE: i64 = 60 * SECOND;
/// One hour in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// A day of 24 hours in milliseconds.
pub const DAY: i64 = 24 * HOUR;

/// A point in time: milliseconds since 1970-01-01T00:00:00Z.
///
/// Displayed as the wire writes it: `2026-11-23T09:30:00.123Z`, always with milliseconds and `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch (`created_at` of a token response, RFC 7662 `exp`).
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(SECOND)
    }
}

impl Add<i64> for Instant {
    type Output = Self;

    /// Later by a number of milliseconds.
    fn add(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

impl Sub<i64> for Instant {
    type Output = Self;

    /// Earlier by a number of milliseconds.
    fn sub(self, millis: i64) -> Self {
        Self(self.0.saturating_sub(millis))
    }
}

impl Sub for Instant {
    type Output = i64;

    /// Milliseconds from `other` to `self`.
    fn sub(self, other: Self) -> i64 {
        self.0.saturating_sub(other.0)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The clamp keeps the formatter total; nothing real lies outside of it.
        let millis = self.0.clamp(-62_135_596_800_000, 253_402_207_200_000);
        match jiff::Timestamp::from_millisecond(millis) {
            Ok(timestamp) => write!(f, "{timestamp:.3}"),
            Err(_) => Err(fmt::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_with_milliseconds_and_z() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_426_200_123, "2026-11-23T09:30:00.123Z"),
            (1_795_426_200_000, "2026-11-23T09:30:00.000Z"),
        ] {
            assert_eq!(Instant::from_millis(millis).to_string(), text);
        }
    }

    #[test]
    fn extremes_still_print() {
        for millis in [i64::MIN, i64::MAX] {
            assert!(Instant::from_millis(millis).to_string().ends_with('Z'));
        }
    }
}
