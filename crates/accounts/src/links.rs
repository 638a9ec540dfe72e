//! Links that are sent by mail and work once.

use registry::{Access, Id, User};
use storage::Tx;

use crate::records::MailedLinkRecord;
use crate::{Error, Secret};

/// Remembers a link. Earlier ones of the same kind for the same purpose die.
pub(crate) fn issue(
    tx: &mut Tx<'_>,
    kind: &str,
    user: Id<User>,
    access: Option<Id<Access>>,
    token: &Secret,
    lifetime: i64,
) -> Result<(), Error> {
    let now = tx.now();
    withdraw(tx, kind, user, access)?;
    table(tx).insert([
        MailedLinkRecord::kind.set(kind.to_owned()),
        MailedLinkRecord::user_id.set(user),
        MailedLinkRecord::access_id.set(access),
        MailedLinkRecord::token_hash.set(token.hash()),
        MailedLinkRecord::created_at.set(now),
        MailedLinkRecord::expires_at.set(now + lifetime),
    ])?;
    Ok(())
}

/// Forgets the links of a kind for a purpose.
pub(crate) fn withdraw(
    tx: &mut Tx<'_>,
    kind: &str,
    user: Id<User>,
    access: Option<Id<Access>>,
) -> Result<(), Error> {
    let mut same = MailedLinkRecord::kind.eq(kind.to_owned()).and(MailedLinkRecord::user_id.eq(user));
    if access.is_some() {
        same = same.and(MailedLinkRecord::access_id.eq(access));
    }
    table(tx).delete(same)?;
    Ok(())
}

/// The link of a token, unless it was used. It may have expired.
pub(crate) fn find(tx: &mut Tx<'_>, kind: &str, token: &Secret) -> Result<Option<MailedLinkRecord>, Error> {
    let unused = MailedLinkRecord::token_hash
        .eq(token.hash())
        .and(MailedLinkRecord::kind.eq(kind.to_owned()))
        .and(MailedLinkRecord::used_at.is_null());
    Ok(table(tx).find(unused)?)
}

/// Uses a link up. One statement decides, so that of two who try at once one wins.
pub(crate) fn consume(tx: &mut Tx<'_>, kind: &str, token: &Secret) -> Result<MailedLinkRecord, Error> {
    let now = tx.now();
    let live = MailedLinkRecord::token_hash
        .eq(token.hash())
        .and(MailedLinkRecord::kind.eq(kind.to_owned()))
        .and(MailedLinkRecord::used_at.is_null())
        .and(MailedLinkRecord::expires_at.gt(now));
    let used = table(tx).update_returning(live, [MailedLinkRecord::used_at.set(Some(now))])?;
    used.into_iter().next().ok_or(Error::NotFound)
}

fn table<'t, 'c>(tx: &'t mut Tx<'c>) -> storage::Bound<'t, 'c, storage::Anywhere> {
    tx.instance("whoever follows a link is not logged in yet")
}
