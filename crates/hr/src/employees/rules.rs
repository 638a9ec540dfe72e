//! What is decided about people: pure functions of what is known.

use std::collections::HashMap;

use registry::{Date, Instant, TimeZone, Timestamp};

use crate::time::plan::moved;

/// The midnight that ends a day in a time zone.
pub fn midnight_after(day: Date, zone: &TimeZone) -> Instant {
    let next = moved(day, 1).unwrap_or(day);
    // Where clocks skip midnight, the first moment of the next day.
    let at = zone.to_timestamp(next.at(0, 0, 0, 0));
    Instant::from_millis(at.map_or(i64::MAX, Timestamp::as_millisecond))
}

/// The midnight that begins a day in a time zone.
pub fn midnight_before(day: Date, zone: &TimeZone) -> Instant {
    moved(day, -1).map_or(Instant::from_millis(i64::MIN), |before| midnight_after(before, zone))
}

/// Whether somebody is in the company on a day: on the last one, too.
pub fn active(last: Option<Date>, today: Date) -> bool {
    last.is_none_or(|last| last >= today)
}

/// Why somebody whose contracts begin on some days cannot leave on a day.
pub fn too_early(begins: impl Iterator<Item = Date>, last: Date) -> Option<String> {
    let first = begins.min().filter(|first| last < *first)?;
    Some(format!("It is before the first day of the contract, {first}."))
}

/// The people above somebody, the nearest first, as far as the links go without meeting anybody twice.
pub fn chain(bosses: &HashMap<i64, i64>, person: i64) -> Vec<i64> {
    let mut chain = Vec::new();
    let mut at = person;
    while let Some(boss) = bosses.get(&at).filter(|boss| **boss != person && !chain.contains(*boss)) {
        chain.push(*boss);
        at = *boss;
    }
    chain
}

/// Whether somebody would report to himself, directly or through others, with this manager.
pub fn circular(bosses: &HashMap<i64, i64>, person: i64, manager: i64) -> bool {
    person == manager || chain(bosses, manager).contains(&person)
}

/// To whom each direct report of somebody who leaves reports then: to the successor, or where that would go in a circle,
/// because the successor is that report or is below, to whomever the leaver reported to.
pub fn handed_over(
    bosses: &HashMap<i64, i64>,
    leaver: i64,
    reports: &[i64],
    successor: i64,
) -> Vec<(i64, Option<i64>)> {
    let above = bosses.get(&leaver).copied();
    let over = chain(bosses, successor);
    let hand = |report: i64| {
        let round = report == successor || over.contains(&report);
        (report, if round { above } else { Some(successor) })
    };
    reports.iter().copied().map(hand).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_that_of_the_workplace() {
        for (zone, day, expected) in [
            ("UTC", "2026-11-25", "2026-11-26T00:00:00.000Z"),
            ("Europe/Madrid", "2026-11-25", "2026-11-25T23:00:00.000Z"),
            ("Europe/Madrid", "2026-07-01", "2026-07-01T22:00:00.000Z"),
            // The night in which clocks go back, and that in which they go forward.
            ("Europe/Madrid", "2026-10-24", "2026-10-24T22:00:00.000Z"),
            ("Europe/Madrid", "2026-10-25", "2026-10-25T23:00:00.000Z"),
            ("America/Los_Angeles", "2026-11-25", "2026-11-26T08:00:00.000Z"),
            ("Pacific/Kiritimati", "2026-11-25", "2026-11-25T10:00:00.000Z"),
            // Midnight itself was skipped on that day.
            ("America/Sao_Paulo", "2018-11-03", "2018-11-04T03:00:00.000Z"),
        ] {
            let (day, zone) = (day.parse().unwrap(), TimeZone::get(zone).unwrap());
            assert_eq!(midnight_after(day, &zone).to_string(), expected, "{day} {zone:?}");
            assert_eq!(midnight_before(moved(day, 1).unwrap(), &zone), midnight_after(day, &zone));
        }
    }

    #[test]
    fn nobody_reports_to_himself() {
        // 1 leads 2 and 3, 2 leads 4, 4 leads 5; 8 and 9 lead each other already.
        let bosses = HashMap::from([(2, 1), (3, 1), (4, 2), (5, 4), (8, 9), (9, 8)]);
        for (person, manager, expected) in [
            (1, 1, true),
            (1, 2, true),
            (1, 5, true),
            (2, 4, true),
            (2, 5, true),
            (5, 1, false),
            (5, 3, false),
            (3, 5, false),
            (4, 3, false),
            (7, 1, false),
            (1, 7, false),
            (1, 8, false),
            (8, 9, true),
        ] {
            assert_eq!(circular(&bosses, person, manager), expected, "{manager} over {person}");
        }
        assert_eq!(chain(&bosses, 5), [4, 2, 1]);
        assert_eq!(chain(&bosses, 8), [9]);
    }

    #[test]
    fn reports_are_handed_over_without_circles() {
        let bosses = HashMap::from([(2, 1), (3, 1), (4, 2), (5, 2), (6, 4)]);
        for (leaver, reports, successor, expected) in [
            // A colleague takes over.
            (2, vec![4, 5], 3, vec![(4, Some(3)), (5, Some(3))]),
            // One of the reports takes over, and reports to whom the leaver did.
            (2, vec![4, 5], 4, vec![(4, Some(1)), (5, Some(4))]),
            // Somebody further below takes over: the one in between moves up.
            (2, vec![4, 5], 6, vec![(4, Some(1)), (5, Some(6))]),
            // Nobody was above.
            (1, vec![2, 3], 2, vec![(2, None), (3, Some(2))]),
            (1, vec![2, 3], 6, vec![(2, None), (3, Some(6))]),
            // The leaver's own boss takes over.
            (2, vec![4, 5], 1, vec![(4, Some(1)), (5, Some(1))]),
        ] {
            assert_eq!(
                handed_over(&bosses, leaver, &reports, successor),
                expected,
                "{leaver} to {successor}"
            );
        }
    }
}
