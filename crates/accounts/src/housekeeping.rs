//! Removing what is over, so that no table grows for ever.

use registry::{DAY, Id};
use storage::{Column, Condition, Error, Record, Tx};

use crate::records::{MailRecord, MailedLinkRecord, SessionRecord, ThrottleRecord};
use crate::session::SESSION_IDLE;

/// How long a link is remembered after it expired, to tell its receiver so.
const LINKS: i64 = 30 * DAY;

/// How long mails are kept, sent or given up.
const MAILS: i64 = 30 * DAY;

/// Removes at most `limit` rows of each table and says how many went; call again while it is not zero.
pub fn clean(tx: &mut Tx<'_>, limit: u64) -> Result<u64, Error> {
    let now = tx.now();
    let idle = SessionRecord::last_seen_at.lte(now - SESSION_IDLE);
    let over = SessionRecord::expires_at.lte(now).or(idle);
    let sessions = remove(tx, SessionRecord::id, over, |row| row.id, limit)?;
    let over = MailedLinkRecord::expires_at.lte(now - LINKS);
    let links = remove(tx, MailedLinkRecord::id, over, |row| row.id, limit)?;
    let over = ThrottleRecord::window_ends_at.lte(now);
    let throttles = remove(tx, ThrottleRecord::id, over, |row| row.id, limit)?;
    let over = MailRecord::created_at.lte(now - MAILS);
    let mails = remove(tx, MailRecord::id, over, |row| row.id, limit)?;
    Ok(sessions + links + throttles + mails)
}

/// Neither database deletes with a limit, so the rows are looked up first.
fn remove<R: Record>(
    tx: &mut Tx<'_>,
    column: Column<R, Id<R::Key>>,
    over: Condition<R>,
    id: impl Fn(&R) -> Id<R::Key>,
    limit: u64,
) -> Result<u64, Error> {
    let mut instance = tx.instance("what is over is removed for all companies");
    let rows = instance.list(over.ascending(column).limit(limit))?;
    if rows.is_empty() {
        return Ok(0);
    }
    instance.delete(column.one_of(rows.iter().map(id)))
}
