//! When a delivery is tried again. Pure: the same delivery always waits the same.

use registry::{MINUTE, SECOND};

/// How often a delivery is tried.
pub const ATTEMPTS: i64 = 20;

/// The pauses after each attempt but the last, in seconds: about 40 hours in all.
const PAUSES: [i64; 19] = [
    30, 60, 120, 300, 600, 900, 1800, 2700, 3600, 5400, 7200, 9000, 10800, 12600, 14400, 16200, 18000, 19800,
    21600,
];

/// The longest rest of a queue whose receiver cannot be reached.
const LONGEST_REST: i64 = 5 * MINUTE;

/// Milliseconds between an attempt that failed, counted from 1, and the next; `None` after the last. Grows, and differs
/// a little from delivery to delivery, so that what failed together is not tried again together.
pub fn pause(delivery: i64, attempt: i64) -> Option<i64> {
    let at = usize::try_from(attempt).ok()?.checked_sub(1)?;
    let pause = PAUSES.get(at)? * SECOND;
    let (part, chance) =
        (pause / 25, mixed(delivery.unsigned_abs().rotate_left(32) ^ attempt.unsigned_abs()));
    let jitter = i64::try_from(chance % (2 * part.unsigned_abs() + 1)).unwrap_or(0) - part;
    Some(pause + jitter)
}

/// Milliseconds that a whole queue rests after so many failures in a row.
pub fn rest(streak: i64) -> i64 {
    let doublings = streak.saturating_sub(1).clamp(0, 16);
    (SECOND << doublings).min(LONGEST_REST)
}

/// Whether people hear of it that a delivery failed for the so manieth time.
pub fn tells_people(failures: i64) -> bool {
    failures == 1 || (failures > 0 && failures % 5 == 0)
}

/// SplitMix64: spreads numbers that lie close together.
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use registry::HOUR;

    use super::*;

    #[test]
    fn twenty_attempts_fit_into_two_days_and_grow_apart() {
        for delivery in (0..2000).chain([i64::MAX]) {
            let pauses: Vec<_> = (1..ATTEMPTS).map(|attempt| pause(delivery, attempt).unwrap()).collect();
            let total: i64 = pauses.iter().sum();
            // With room for what a queue rests and a request takes before each.
            assert!((36 * HOUR..46 * HOUR).contains(&total), "{delivery}: {total}");
            assert!(pauses.windows(2).all(|pair| pair[0] < pair[1]), "{delivery}: {pauses:?}");
            assert_eq!(pause(delivery, ATTEMPTS), None);
            assert_eq!(pause(delivery, 0), None);
            assert_eq!(pause(delivery, 7), pause(delivery, 7));
        }
        let firsts: std::collections::BTreeSet<_> = (0..1000).map(|delivery| pause(delivery, 5)).collect();
        assert!(firsts.len() > 900, "what failed together would be tried again together");
    }

    #[test]
    fn a_queue_rests_longer_and_longer_but_not_long() {
        assert_eq!(rest(1), SECOND);
        assert!((1..20).all(|streak| rest(streak) <= rest(streak + 1)));
        assert_eq!(rest(i64::MAX), LONGEST_REST);
    }

    #[test]
    fn people_hear_of_the_first_failure_and_of_every_fifth() {
        let told: Vec<_> = (0..=ATTEMPTS).filter(|failures| tells_people(*failures)).collect();
        assert_eq!(told, [1, 5, 10, 15, 20]);
    }
}
