//! Removing what nobody needs any more, a few rows at a time.

use std::collections::BTreeSet;

use registry::{DAY, Id};
use storage::{Condition, Error, Tx};

use crate::family;
use crate::records::{Application, CodeRecord, FailureRecord, GrantRecord, TokenRecord};

/// How long a revoked grant is kept.
const REVOKED: i64 = 30 * DAY;

/// How many failed requests of an application are kept.
const FAILURES: u64 = 200;

/// Removes at most about `limit` rows of each kind and says how many; call it again while that is not zero.
///
/// A pair stays until its refresh token would have expired, superseded or not: until then its reuse is
/// recognised as theft. A code stays until it expires, so that its reuse is recognised.
pub fn clean(tx: &mut Tx<'_>, limit: u64) -> Result<u64, Error> {
    Ok(codes(tx, limit)? + pairs(tx, limit)? + grants(tx, limit)? + failures(tx, limit)?)
}

/// Why these statements are not bound to a company.
const REASON: &str = "the instance cleans up after every company";

fn codes(tx: &mut Tx<'_>, limit: u64) -> Result<u64, Error> {
    let now = tx.now();
    let mut tables = tx.instance(REASON);
    let expired = CodeRecord::expires_at.lte(now).ascending(CodeRecord::expires_at).limit(limit);
    match tables.list(expired)?.last() {
        Some(last) => tables.delete(CodeRecord::expires_at.lte(last.expires_at)),
        None => Ok(0),
    }
}

fn pairs(tx: &mut Tx<'_>, limit: u64) -> Result<u64, Error> {
    let now = tx.now();
    let mut tables = tx.instance(REASON);
    // A changed configuration may let an access token live longer than its refresh token.
    let expired =
        |until| TokenRecord::refresh_expires_at.lte(Some(until)).and(TokenRecord::expires_at.lte(Some(now)));
    let rows = tables.list(expired(now).ascending(TokenRecord::refresh_expires_at).limit(limit))?;
    let Some(last) = rows.last().and_then(|row| row.refresh_expires_at) else {
        return Ok(0);
    };
    tables.delete(expired(last))
}

fn grants(tx: &mut Tx<'_>, limit: u64) -> Result<u64, Error> {
    let now = tx.now();
    let old = GrantRecord::revoked_at.lte(Some(now - REVOKED));
    // All of its pairs have expired, so it can never be used again.
    let expired = GrantRecord::expires_at.lte(Some(now));
    let mut removed = 0;
    for over in [old.ascending(GrantRecord::revoked_at), expired.ascending(GrantRecord::expires_at)] {
        let grants = tx.instance(REASON).list(over.limit(limit))?;
        family::forget(tx, &grants)?;
        let ids = grants.iter().map(|grant| grant.id);
        removed += tx.instance(REASON).delete(GrantRecord::id.one_of(ids))?;
    }
    Ok(removed)
}

/// Looks at the applications whose requests failed last: only they can have grown beyond the bound.
fn failures(tx: &mut Tx<'_>, limit: u64) -> Result<u64, Error> {
    let mut tables = tx.instance(REASON);
    let newest: Vec<FailureRecord> =
        tables.list(Condition::any().descending(FailureRecord::id).limit(limit))?;
    let applications: BTreeSet<_> = newest.iter().map(|failure| failure.application_id).collect();
    applications.into_iter().try_fold(0, |removed, application| Ok(removed + trim(tx, application, limit)?))
}

fn trim(tx: &mut Tx<'_>, application: Id<Application>, limit: u64) -> Result<u64, Error> {
    let mut tables = tx.instance(REASON);
    let of = || FailureRecord::application_id.eq(application);
    let newest = tables.list(of().descending(FailureRecord::id).limit(FAILURES + 1))?;
    let Some(first_too_many) = newest.get(FAILURES as usize) else {
        return Ok(0);
    };
    let old = of().and(FailureRecord::id.lte(first_too_many.id));
    match tables.list(old.ascending(FailureRecord::id).limit(limit))?.last() {
        Some(last) => tables.delete(of().and(FailureRecord::id.lte(last.id))),
        None => Ok(0),
    }
}
