//! Spans of time as people type them.

use registry::{DAY, HOUR, MINUTE, SECOND};

/// The furthest that the clock moves at once: ten years.
const FURTHEST: i64 = 3660 * DAY;

/// Text that is no span of time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a span of time: write a number and s, m, h or d, such as 90m, 3h or 8d; ten years at most"
)]
pub struct BadDuration(pub String);

/// Milliseconds of a span such as `90s`, `3h` or `1d12h`.
pub fn parse_duration(text: &str) -> Result<i64, BadDuration> {
    let bad = || BadDuration(text.chars().take(40).collect());
    let mut total: i64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(bad());
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
        let amount: i64 = rest[..digits].parse().map_err(|_| bad())?;
        let unit = rest[digits..].chars().next().ok_or_else(bad)?;
        let millis = match unit {
            's' => SECOND,
            'm' => MINUTE,
            'h' => HOUR,
            'd' => DAY,
            _ => return Err(bad()),
        };
        total = amount.checked_mul(millis).and_then(|span| total.checked_add(span)).ok_or_else(bad)?;
        rest = &rest[digits + 1..];
    }
    if (1..=FURTHEST).contains(&total) { Ok(total) } else { Err(bad()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_as_people_write_them() {
        for (text, millis) in
            [("3h", 3 * HOUR), ("90s", 90 * SECOND), (" 1d12h ", DAY + 12 * HOUR), ("7201s", 7201 * SECOND)]
        {
            assert_eq!(parse_duration(text), Ok(millis), "{text}");
        }
        for text in [
            "",
            "3",
            "h",
            "-3h",
            "3.5h",
            "3 h",
            "0s",
            "3w",
            "99999999999999999999d",
            "9000000000000000d",
            "3660d1s",
            "٣h",
        ] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
