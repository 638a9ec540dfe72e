//! Removing what is over, so that no table grows for ever.

use registry::{DAY, Id, Instant};
use storage::{Column, Error, Record, Tx};

use crate::records::{MailRecord, MailedLinkRecord, SessionRecord, ThrottleRecord};
use crate::session::SESSION_IDLE;

/// How long a link is remembered after it expired, to tell its receiver so.
const LINKS: i64 = 30 * DAY;

/// How long mails are kept, sent or given up.
const MAILS: i64 = 30 * DAY;

/// Removes at most `limit` rows of each table and says how many went; call again while it is not zero.
pub fn clean(tx: &mut Tx<'_>, limit: u64) -> Result<u64, Error> {
    let now = tx.now();
    let expired = remove(tx, SessionRecord::expires_at, now, SessionRecord::id, |row| row.id, limit)?;
    let (idle, rest) = (now - SESSION_IDLE, limit - expired);
    let sessions =
        expired + remove(tx, SessionRecord::last_seen_at, idle, SessionRecord::id, |row| row.id, rest)?;
    let links =
        remove(tx, MailedLinkRecord::expires_at, now - LINKS, MailedLinkRecord::id, |row| row.id, limit)?;
    let throttles = remove(tx, ThrottleRecord::window_ends_at, now, ThrottleRecord::id, |row| row.id, limit)?;
    let mails = remove(tx, MailRecord::created_at, now - MAILS, MailRecord::id, |row| row.id, limit)?;
    Ok(sessions + links + throttles + mails)
}

/// The oldest rows up to a time. Neither database deletes with a limit, so they are looked up first, in the order of
/// the index of that time.
fn remove<R: Record>(
    tx: &mut Tx<'_>,
    time: Column<R, Instant>,
    until: Instant,
    column: Column<R, Id<R::Key>>,
    id: impl Fn(&R) -> Id<R::Key>,
    limit: u64,
) -> Result<u64, Error> {
    let mut instance = tx.instance("what is over is removed for all companies");
    let rows = instance.list(time.lte(until).ascending(time).limit(limit))?;
    if rows.is_empty() {
        return Ok(0);
    }
    instance.delete(column.one_of(rows.iter().map(id)))
}
