//! Slowing down those who guess, without telling them which accounts exist.

use std::net::IpAddr;

use registry::{Company, Id, MINUTE, SECOND};
use storage::Tx;

use crate::records::ThrottleRecord;
use crate::text::normal_email;
use crate::{Error, Hash, hash};

/// Failures are counted until there was none for this long.
const WINDOW: i64 = 15 * MINUTE;

/// The first pause; each further failure doubles it.
const SHORTEST_PAUSE: i64 = 30 * SECOND;

/// The longest pause.
const LONGEST_PAUSE: i64 = 15 * MINUTE;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    hash: Hash,
    free: i64,
}

impl Key {
    /// Guesses at one account, whether it exists or not: five, then pauses.
    pub fn account(email: &str) -> Self {
        Self::guess("account", &normal_email(email), 5)
    }

    /// Guesses from a browser that its owner has logged in with before. They are counted apart, so that a
    /// stranger's guesses do not keep the owner out.
    pub fn device(token: &str) -> Self {
        Self::guess("device", token, 5)
    }

    /// Guesses from one network address: fifty, because offices share one.
    pub fn address(address: &str) -> Self {
        Self::guess("address", &network(address), 50)
    }

    /// Mails for a new password, whether the account exists or not.
    pub(crate) fn reset(email: &str) -> Self {
        Self::guess("password_reset_account", email, i64::MAX)
    }

    /// Invitations that a company sends.
    pub(crate) fn invitations(company: Id<Company>) -> Self {
        Self::guess("invitations", &company.to_string(), i64::MAX)
    }

    /// Invitations, and other mails that nobody asked for, that an address is sent.
    pub fn invited(email: &str) -> Self {
        Self::guess("invited", email, i64::MAX)
    }

    /// Anything else that is limited with [`count`]: what is done, and by which network address.
    pub fn new(kind: &str, address: &str) -> Self {
        Self::guess(kind, &network(address), i64::MAX)
    }

    fn guess(kind: &str, text: &str, free: i64) -> Self {
        Self { hash: hash(&format!("{kind}\0{text}")), free }
    }
}

/// An IPv6 customer has a whole /64, so that is what counts as one address.
pub fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) if v6.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(IpAddr::V6(v6)) => v6.to_canonical().to_string(),
        _ => address.to_owned(),
    }
}

/// Refuses while any of the keys is paused.
pub fn check(tx: &mut Tx<'_>, keys: &[Key]) -> Result<(), Error> {
    let now = tx.now();
    for key in keys {
        if let Some(row) = find(tx, key)?
            && row.blocked_until > now
        {
            return Err(throttled(row.blocked_until - now));
        }
    }
    Ok(())
}

/// Counts a failure.
pub fn failed(tx: &mut Tx<'_>, keys: &[Key]) -> Result<(), Error> {
    let now = tx.now();
    for key in keys {
        let row = find(tx, key)?.filter(|row| row.window_ends_at > now);
        let failures = row.map_or(0, |row| row.failures).saturating_add(1);
        let pause = match u32::try_from(failures - key.free) {
            Ok(over) => SHORTEST_PAUSE.saturating_mul(1 << over.min(10)).min(LONGEST_PAUSE),
            Err(_) => 0,
        };
        write(tx, key, failures, now + pause, now + pause + WINDOW)?;
    }
    Ok(())
}

/// Forgets the failures of an account or a device, because its owner is there.
pub fn succeeded(tx: &mut Tx<'_>, key: &Key) -> Result<(), Error> {
    table(tx).delete(ThrottleRecord::key_hash.eq(key.hash))?;
    Ok(())
}

/// Takes back one failure that turned out to be none.
pub(crate) fn forgive(tx: &mut Tx<'_>, key: &Key) -> Result<(), Error> {
    let now = tx.now();
    if let Some(row) = find(tx, key)? {
        let failures = row.failures.saturating_sub(1).max(0);
        let blocked_until = if failures < key.free { now } else { row.blocked_until };
        write(tx, key, failures, blocked_until, row.window_ends_at)?;
    }
    Ok(())
}

/// Whether a pause is on.
pub(crate) fn is_paused(tx: &mut Tx<'_>, key: &Key) -> Result<bool, Error> {
    let now = tx.now();
    Ok(find(tx, key)?.is_some_and(|row| row.blocked_until > now))
}

/// Counts something that is no guess but must not be done too often: at most `limit` times in `window_ms`
/// milliseconds.
pub fn count(tx: &mut Tx<'_>, key: &Key, limit: i64, window_ms: i64) -> Result<(), Error> {
    let now = tx.now();
    match find(tx, key)?.filter(|row| row.window_ends_at > now) {
        Some(row) if row.failures >= limit => Err(throttled(row.window_ends_at - now)),
        Some(row) => write(tx, key, row.failures.saturating_add(1), now, row.window_ends_at),
        None => write(tx, key, 1, now, now + window_ms),
    }
}

fn find(tx: &mut Tx<'_>, key: &Key) -> Result<Option<ThrottleRecord>, Error> {
    Ok(table(tx).find(ThrottleRecord::key_hash.eq(key.hash))?)
}

fn write(
    tx: &mut Tx<'_>,
    key: &Key,
    failures: i64,
    blocked_until: registry::Instant,
    window_ends_at: registry::Instant,
) -> Result<(), Error> {
    let counts = || {
        [
            ThrottleRecord::failures.set(failures),
            ThrottleRecord::blocked_until.set(blocked_until),
            ThrottleRecord::window_ends_at.set(window_ends_at),
        ]
    };
    if table(tx).update(ThrottleRecord::key_hash.eq(key.hash), counts())? == 0 {
        let row = [ThrottleRecord::key_hash.set(key.hash)].into_iter().chain(counts());
        table(tx).put_if_absent(row)?;
    }
    Ok(())
}

fn table<'t, 'c>(tx: &'t mut Tx<'c>) -> storage::Bound<'t, 'c, storage::Anywhere> {
    tx.instance("guesses are counted before anybody is known")
}

fn throttled(millis: i64) -> Error {
    Error::Throttled { retry_after_seconds: (millis + SECOND - 1) / SECOND }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_network() {
        for (address, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
            ("", ""),
            ("unknown", "unknown"),
        ] {
            assert_eq!(network(address), expected);
        }
    }
}
