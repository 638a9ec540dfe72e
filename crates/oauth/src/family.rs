//! Grants and the token pairs that descend from each other in them.
//!
//! A pair is *good* until it ends. Refreshing it supersedes it: from then on it is good for the grace only, and it ends at
//! once when a pair that came out of it is used, because then the answer has arrived.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

use accounts::{Presented, Secret, random, same};
use registry::{Company, DAY, Id, Instant, SECOND, Scopes};
use storage::{Condition, Stale, Tx};

use crate::Settings;
use crate::records::{ApplicationRecord, EndedRecord, Grant, GrantRecord, NEVER, Token, TokenRecord};
use crate::token::TokenResponse;

/// More companies than this make all caches stale, rather than each by itself.
const MANY: usize = 32;

/// By how much a grant outlives its pairs, so that not every refresh has to write how long it lasts.
const SLACK: i64 = DAY;

/// The secrets of a new pair. Each of them says which row the pair is in.
#[derive(Debug, Clone)]
pub struct Pair {
    id: Id<Token>,
    /// The access token.
    pub access: Secret,
    /// The refresh token.
    pub refresh: Secret,
}

impl Pair {
    /// A new one.
    pub fn generate() -> Self {
        // The rows of a program's run follow each other, so that what is written together lies together. Runs and
        // nodes do not meet, as each begins anywhere among 2^62 numbers.
        static NEXT: LazyLock<AtomicI64> =
            LazyLock::new(|| AtomicI64::new((u64::from_ne_bytes(random()) >> 2).cast_signed()));
        let row = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { id: Id::new(row), access: Secret::kept_in(row), refresh: Secret::kept_in(row) }
    }
}

/// Which token of a pair was presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Access,
    Refresh,
}

/// Whether an access token works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It works until then.
    Live(Option<Instant>),
    Expired,
    Revoked,
}

impl TokenRecord {
    /// Whether the pair was replaced, or ended by itself, for good.
    pub(crate) fn is_over(&self, now: Instant) -> bool {
        self.ends_at <= now
    }

    /// Whether its access token works.
    pub(crate) fn state(&self, grant: &GrantRecord, now: Instant) -> State {
        if grant.revoked_at.is_some() || self.is_over(now) {
            State::Revoked
        } else if self.expires_at.is_some_and(|at| at <= now) {
            State::Expired
        } else {
            let ends_at = (self.ends_at != NEVER).then_some(self.ends_at);
            State::Live([self.expires_at, ends_at].into_iter().flatten().min())
        }
    }
}

/// The pair of a token, its grant, and which of the two tokens it is.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    presented: &Presented,
) -> Result<Option<(TokenRecord, GrantRecord, Kind)>, storage::Error> {
    let mut tables = tx.instance("a token says which company it is for");
    let Some(token) = tables.find(TokenRecord::id.eq(Id::new(presented.row)))? else {
        return Ok(None);
    };
    let kind = if same(&token.access_hash, &presented.hash) {
        Kind::Access
    } else if token.refresh_hash.is_some_and(|hash| same(&hash, &presented.hash)) {
        Kind::Refresh
    } else {
        return Ok(None);
    };
    let grant = tables.find(GrantRecord::id.eq(token.grant_id))?;
    Ok(grant.map(|grant| (token, grant, kind)))
}

/// Adds a pair to a family.
pub(crate) fn issue(
    tx: &mut Tx<'_>,
    settings: &Settings,
    application: &ApplicationRecord,
    grant: &GrantRecord,
    parent: Option<Id<Token>>,
    scopes: &Scopes,
    pair: &Pair,
) -> Result<TokenResponse, storage::Error> {
    let now = tx.now();
    // The company's token does not expire, so there is nothing to refresh.
    let expires = grant.access_id.is_some();
    let access_lifetime = application.access_token_lifetime.unwrap_or(settings.access_token_lifetime);
    let refresh_lifetime = application.refresh_token_lifetime.unwrap_or(settings.refresh_token_lifetime);
    let last = now + access_lifetime.max(refresh_lifetime) * SECOND;
    let mut tables = tx.company(grant.company_id);
    if expires && grant.expires_at.is_none_or(|at| at < last) {
        let lasts = GrantRecord::expires_at.set(Some(last + SLACK));
        tables.update(GrantRecord::id.eq(grant.id), [lasts])?;
    }
    tables.put([
        TokenRecord::id.set(pair.id),
        TokenRecord::grant_id.set(grant.id),
        TokenRecord::parent_id.set(parent),
        TokenRecord::access_hash.set(pair.access.hash()),
        TokenRecord::refresh_hash.set(expires.then(|| pair.refresh.hash())),
        TokenRecord::scopes.set(scopes.to_string()),
        TokenRecord::created_at.set(now),
        TokenRecord::expires_at.set(expires.then(|| now + access_lifetime * SECOND)),
        TokenRecord::refresh_expires_at.set(expires.then(|| now + refresh_lifetime * SECOND)),
        TokenRecord::used.set(false),
        TokenRecord::ends_at.set(NEVER),
    ])?;
    Ok(TokenResponse {
        access_token: pair.access.clone(),
        token_type: "Bearer",
        expires_in: expires.then_some(access_lifetime),
        refresh_token: expires.then(|| pair.refresh.clone()),
        scope: scopes.to_string(),
        created_at: now.seconds(),
    })
}

/// Supersedes a pair, unless it is over. One statement decides, also between two refreshes, or a refresh and
/// the first use of a successor. False: it was over.
pub(crate) fn supersede(
    tx: &mut Tx<'_>,
    settings: &Settings,
    token: &TokenRecord,
) -> Result<bool, storage::Error> {
    let now = tx.now();
    let good = TokenRecord::id.eq(token.id).and(TokenRecord::ends_at.gt(now));
    let grace = TokenRecord::ends_at.set_least(now + settings.grace_millis());
    if tx.company(token.company_id).update(good, [grace])? == 0 {
        return Ok(false);
    }
    // A cache must learn when the access token now ends.
    tx.stale(Stale::Credential(token.access_hash));
    // Who refreshes a pair has received it, used or not: its parent is no longer the preceding one.
    if !token.used {
        end_parent(tx, token)?;
    }
    Ok(true)
}

/// Notes the first use of an access token: its answer has arrived, so the pair before it ends.
pub(crate) fn first_use(tx: &mut Tx<'_>, id: Id<Token>) -> Result<(), storage::Error> {
    let now = tx.now();
    let unused = TokenRecord::id.eq(id).and(TokenRecord::used.eq(false)).and(TokenRecord::ends_at.gt(now));
    let used = tx
        .instance("a token is named by its id, which a cache remembered")
        .update_returning(unused, [TokenRecord::used.set(true)])?;
    used.iter().try_for_each(|token| end_parent(tx, token))
}

fn end_parent(tx: &mut Tx<'_>, token: &TokenRecord) -> Result<(), storage::Error> {
    token.parent_id.map_or(Ok(()), |parent| end_pair(tx, token.company_id, parent))
}

/// Ends one pair at once; the others of its family live on.
pub(crate) fn end_pair(tx: &mut Tx<'_>, company: Id<Company>, id: Id<Token>) -> Result<(), storage::Error> {
    let now = tx.now();
    let alive = || EndedRecord::id.eq(id).and(EndedRecord::ends_at.gt(now));
    let mut tokens = tx.company(company);
    if let Some(token) = tokens.find(alive())? {
        tokens.update(alive(), [EndedRecord::ends_at.set(now)])?;
        tx.stale(Stale::Credential(token.access_hash));
    }
    Ok(())
}

/// Revokes the grants that meet a condition with everything that came out of them. Says how many there were.
pub(crate) fn revoke(tx: &mut Tx<'_>, condition: Condition<GrantRecord>) -> Result<usize, storage::Error> {
    let now = tx.now();
    let revoked = tx.instance("a shared application has grants in several companies").update_returning(
        condition.and(GrantRecord::revoked_at.is_null()),
        [GrantRecord::revoked_at.set(Some(now))],
    )?;
    let companies: BTreeSet<_> = revoked.iter().map(|grant| grant.company_id.get()).collect();
    if companies.len() > MANY {
        tx.stale(Stale::All);
    } else {
        companies.into_iter().for_each(|company| tx.stale(Stale::Company(company)));
    }
    Ok(revoked.len())
}

/// Removes the tokens of grants that are about to go, where they would not expire.
pub(crate) fn forget(tx: &mut Tx<'_>, grants: &[GrantRecord]) -> Result<(), storage::Error> {
    let companies = grants.iter().filter(|grant| grant.access_id.is_none()).map(|grant| grant.id);
    let lasting = TokenRecord::refresh_expires_at.is_null().and(TokenRecord::grant_id.one_of(companies));
    tx.instance("a shared application has grants in several companies").delete(lasting)?;
    Ok(())
}

/// Revokes one family.
pub(crate) fn revoke_one(tx: &mut Tx<'_>, grant: Id<Grant>) -> Result<bool, storage::Error> {
    Ok(revoke(tx, GrantRecord::id.eq(grant))? > 0)
}
