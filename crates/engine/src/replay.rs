//! Posts that carry an `Idempotency-Key`: the first is done and its answer kept, the same again is answered alike.

use registry::{Company, DAY, Id, Instant};
use storage::{Migration, Table, Tx, Type};

use crate::{Context, Error};

/// How long an answer is kept.
const KEPT: i64 = DAY;

/// Creates the table of kept answers.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        name: "0004_replays",
        additive: false,
        tables: || {
            vec![
                Table::new("replays")
                    .company()
                    .column("key_hash", Type::Bytes)
                    .column("request_hash", Type::Bytes)
                    .column("answer", Type::Bytes)
                    .column("created_at", Type::Instant)
                    .unique(&["company_id", "key_hash"])
                    .index(&["created_at"]),
            ]
        },
    },
    crate::event::MIGRATION,
    crate::file::MIGRATION,
];

/// Names the records of this table.
#[derive(Debug)]
pub enum Replay {}

storage::record! {
    /// The answer of a post that was done.
    pub struct ReplayRecord in "replays" company {
        pub id: Id<Replay>,
        /// Of whoever asked, and of the key.
        pub key_hash: [u8; 32],
        /// Of what was asked for.
        pub request_hash: [u8; 32],
        pub answer: Vec<u8>,
        pub created_at: Instant,
    }
}

storage::record! {
    /// What the clean-up looks at.
    pub struct ReplayAge in "replays" company {
        pub id: Id<Replay>,
        pub created_at: Instant,
    }
}

/// A post that is done once, however often it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// The hash of whoever asks together with the key.
    pub key: [u8; 32],
    /// The hash of what is asked for.
    pub request: [u8; 32],
}

impl Once {
    /// Does the work, unless the same was done under this key: then its answer is given again, and `true`.
    pub fn run(
        self,
        cx: &mut Context<'_, '_>,
        work: impl FnOnce(&mut Context<'_, '_>) -> Result<Vec<u8>, Error>,
    ) -> Result<(Vec<u8>, bool), Error> {
        let (company, now) = (cx.grant.company(), cx.tx.now());
        let same = ReplayRecord::key_hash.eq(self.key);
        match cx.tx.company(company).find(same)? {
            Some(kept) if kept.created_at + KEPT <= now => {
                cx.tx.company(company).delete(ReplayRecord::id.eq(kept.id)).map(drop)?;
            }
            Some(kept) if kept.request_hash == self.request => return Ok((kept.answer, true)),
            Some(_) => {
                let detail = "This Idempotency-Key was used with another request.";
                return Err(Error::rule("Idempotency-Key", "idempotency_key_reused", detail));
            }
            None => {}
        }
        let answer = work(cx)?;
        self.keep(cx.tx, company, &answer)?;
        Ok((answer, false))
    }

    fn keep(self, tx: &mut Tx<'_>, company: Id<Company>, answer: &[u8]) -> Result<(), storage::Error> {
        let now = tx.now();
        tx.company(company).put([
            ReplayRecord::key_hash.set(self.key),
            ReplayRecord::request_hash.set(self.request),
            ReplayRecord::answer.set(answer.to_vec()),
            ReplayRecord::created_at.set(now),
        ])
    }
}

/// Removes at most `limit` answers that are over, and says how many; call again while it is not zero.
pub fn clean(tx: &mut Tx<'_>, limit: u64) -> Result<u64, storage::Error> {
    let until = tx.now() - KEPT;
    let mut instance = tx.instance("what is over is removed for all companies");
    let over = ReplayAge::created_at.lte(until).ascending(ReplayAge::created_at).limit(limit);
    let over = instance.list(over)?;
    if over.is_empty() {
        return Ok(0);
    }
    instance.delete(ReplayAge::id.one_of(over.into_iter().map(|row| row.id)))
}
