//! SQLite: one thread that writes, one that waits for the disk, and a few that read.
//!
//! The writer commits without a sync, and hands what it committed to the thread that syncs the log and answers the
//! callers. Meanwhile it is busy with the next writes. That a write is answered only after it would survive a loss
//! of power rests on this:
//!
//! - In WAL mode a commit is a run of frames at the end of the log, the last of which says so. With
//!   `synchronous=NORMAL` SQLite leaves them to the operating system, with `FULL` it syncs the log after them. The sync
//!   here is the same call on the same file, only from another thread; it covers every commit before it, because all of
//!   them are in that one file.
//! - Whatever else is synced in `FULL` is also synced in `NORMAL`: the header of a log that begins anew, the folder of
//!   a new log, the log before its pages are brought home, and the database before the log is written over.
//! - A power failure before the sync may keep a part of the frames. Their checksums are a chain, so the log ends where
//!   the chain breaks, and what was acknowledged stands before that.
//! - After a sync that failed nobody knows what lasts, and a second one may claim success for pages that are lost. So
//!   that commit is not acknowledged, and no other one ever again until the program starts anew.
//!
//! Readers may see a commit a moment before it is on disk, but whoever wrote it is not told before.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OptionalExtension, TransactionBehavior, params_from_iter};
use sea_query::Value;

use crate::database::{Job, Shared};
use crate::schema::{self, Migration};
use crate::tx::{Backend, Sink, Tx};
use crate::{Dialect, Error, Row, Stale};

/// How long the writer waits for work before it looks whether another process wrote.
const GLANCE: Duration = Duration::from_millis(20);

/// Page cache of the writer in KiB: its indexes by hash are hit at random, and a page that is not there is read
/// while everybody waits.
pub(crate) const WRITER_CACHE: i64 = 64 * 1024;

/// Page cache of a reader in KiB; behind it stands that of the operating system.
pub(crate) const READER_CACHE: i64 = 8 * 1024;

/// Pages of the log (64 MiB) after which they are brought home. Pages that change often then go home once; a start
/// after a crash reads the log, which takes a fraction of a second.
const LOG: i32 = 16_000;

/// Pages that the writer brings home itself, since only who writes can begin the log anew.
const REST: i64 = 500;

/// How often at most the checkpointer looks at what was written meanwhile.
const PASSES: usize = 4;

/// How long a statement waits for another process that writes.
const BUSY: Duration = Duration::from_secs(10);

struct Param<'a>(&'a Value);

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self.0 {
            Value::Bool(Some(value)) => ValueRef::Integer((*value).into()),
            Value::Int(Some(value)) => ValueRef::Integer((*value).into()),
            Value::BigInt(Some(value)) => ValueRef::Integer(*value),
            Value::BigUnsigned(Some(value)) => ValueRef::Integer(i64::try_from(*value).unwrap_or(i64::MAX)),
            Value::Double(Some(value)) => ValueRef::Real(*value),
            Value::String(Some(text)) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(Some(bytes)) => ValueRef::Blob(bytes),
            Value::Bool(None)
            | Value::Int(None)
            | Value::BigInt(None)
            | Value::BigUnsigned(None)
            | Value::Double(None)
            | Value::String(None)
            | Value::Bytes(None) => ValueRef::Null,
            other => {
                let unsupported = format!("unsupported parameter {}", std::any::type_name_of_val(other));
                return Err(rusqlite::Error::ToSqlConversionFailure(unsupported.into()));
            }
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

/// A full disk ends a transaction by itself. What a closure that ignores the error changed after that would
/// last although its write failed, so it is refused.
fn prepared<'c>(connection: &'c Connection, sql: &str) -> Result<CachedStatement<'c>, Error> {
    let statement = connection.prepare_cached(sql)?;
    if connection.is_autocommit() && !statement.readonly() {
        return Err(Error::Driver("the transaction has ended".to_owned()));
    }
    Ok(statement)
}

pub(crate) fn query(
    connection: &Connection,
    sql: &str,
    values: &[Value],
    sink: &mut Sink<'_>,
) -> Result<(), Error> {
    let mut statement = prepared(connection, sql)?;
    let mut rows = statement.query(params_from_iter(values.iter().map(Param)))?;
    while let Some(row) = rows.next()? {
        sink(Row::Sqlite(row))?;
    }
    Ok(())
}

pub(crate) fn execute(connection: &Connection, sql: &str, values: &[Value]) -> Result<u64, Error> {
    let mut statement = prepared(connection, sql)?;
    let changed = statement.execute(params_from_iter(values.iter().map(Param)))?;
    Ok(changed as u64)
}

/// Opens a connection with the settings that every one of them needs.
pub(crate) fn open(file: &Path, cache: i64) -> Result<Connection, Error> {
    let connection =
        Connection::open(file).map_err(|error| Error::Unavailable(format!("{}: {error}", file.display())))?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(1024);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: a commit has been synced, also in WAL mode. Only the writer does that by itself.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    // Plans do not depend on the values bound; otherwise every new value parses its statement again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // The most memory of the connection's page cache, in KiB. It grows with the database.
    connection.pragma_update(None, "cache_size", -cache)?;
    Ok(connection)
}

/// Applies the migrations that are missing, in one transaction.
pub(crate) fn migrate(connection: &mut Connection, known: &[Migration]) -> Result<(), Error> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute_batch(&schema::ledger(Dialect::Sqlite))?;
    let applied = tx
        .prepare("SELECT name FROM schema_migrations")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<Vec<String>, _>>()?;
    for migration in schema::pending(known, &applied)? {
        for statement in schema::ddl(&(migration.tables)(), Dialect::Sqlite) {
            tx.execute_batch(&statement)?;
        }
        tx.execute("INSERT INTO schema_migrations (name) VALUES (?1)", [migration.name])?;
    }
    let wanted = schema::fingerprint(known, Dialect::Sqlite);
    let reached: Option<i64> = tx
        .query_row("SELECT value FROM instance_settings WHERE name = ?1", [schema::FINGERPRINT], |row| {
            row.get(0)
        })
        .optional()?;
    if reached != Some(wanted) {
        let mut existing = schema::Columns::new();
        let mut columns = tx.prepare(
            "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'
             UNION ALL SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
        )?;
        let mut rows = columns.query([])?;
        while let Some(row) = rows.next()? {
            existing.entry(row.get(0)?).or_default().insert(row.get(1)?);
        }
        drop(rows);
        drop(columns);
        for statement in schema::missing(schema::tables(known), &existing, Dialect::Sqlite) {
            tx.execute_batch(&statement)?;
        }
        let keep = "INSERT INTO instance_settings (name, value) VALUES (?1, ?2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        tx.execute(keep, (schema::FINGERPRINT, wanted))?;
    }
    tx.commit()?;
    Ok(())
}

/// Reads until the last handle of the database is gone.
pub(crate) fn reader(connection: &Connection, jobs: &flume::Receiver<Box<dyn Job>>, shared: &Shared) {
    while let Ok(mut job) = jobs.recv() {
        if job.abandoned() {
            continue;
        }
        let outcome = read(connection, job.as_mut(), shared);
        job.finish(outcome);
    }
}

fn read(connection: &Connection, job: &mut dyn Job, shared: &Shared) -> Result<(), Error> {
    run(connection, "BEGIN")?;
    let mut tx = Tx::new(Backend::Sqlite(connection), shared);
    let _ = job.run(&mut tx);
    run(connection, "ROLLBACK")
}

/// Writes of one commit.
pub(crate) type Group = Vec<Box<dyn Job>>;

/// The log of a database, to sync it. It exists while any connection is open. No lock is ever taken on it, so that
/// closing it takes none away from SQLite.
pub(crate) fn log(database: &Path) -> Result<File, Error> {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    OpenOptions::new()
        .write(true)
        .open(&name)
        .map_err(|error| Error::Unavailable(format!("the log: {error}")))
}

/// Makes commits last and answers them, until the writer is gone.
pub(crate) fn syncer(log: &File, committed: &flume::Receiver<Group>, shared: &Shared) {
    while let Ok(mut group) = committed.recv() {
        while group.len() < shared.group_commit
            && let Ok(mut more) = committed.try_recv()
        {
            group.append(&mut more);
        }
        let outcome = if shared.broken() {
            Err(broken())
        } else {
            log.sync_data().map_err(|error| {
                tracing::error!(%error, "the log could not be synced; nothing is written until the next start");
                shared.set_broken();
                broken()
            })
        };
        for job in group {
            job.finish(outcome.clone());
        }
    }
}

/// Brings the pages of a long log home while the writer goes on, and leaves it little to finish.
pub(crate) fn checkpointer(connection: &Connection, long: &flume::Receiver<()>, home: &AtomicBool) {
    while long.recv().is_ok() {
        for _ in 0..PASSES {
            let left = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?)
            });
            match left {
                Ok(left) if left > REST => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::warn!(%error, "the log could not be brought home");
                    break;
                }
            }
        }
        home.store(true, Ordering::Relaxed);
    }
}

/// Has the checkpointer called whenever the log is long, instead of a checkpoint by the writer.
pub(crate) fn watch(
    connection: &mut Connection,
    long: flume::Sender<()>,
    home: Arc<AtomicBool>,
) -> Result<(), Error> {
    let mut next = LOG;
    connection.wal_hook(Some(move |log: &mut Wal, pages| {
        if home.swap(false, Ordering::Relaxed) {
            // Where a reader needs the log as it is, it grows on, and the next attempt comes later.
            next = pages + LOG;
            // The commit before it stands, whatever comes of this.
            if let Err(error) = log.checkpoint() {
                tracing::warn!(%error, "the log could not be begun anew");
            }
            return Ok(());
        }
        if pages >= next {
            next = pages + LOG;
            let _ = long.try_send(());
        } else if pages < LOG {
            next = LOG;
        }
        Ok(())
    }))?;
    Ok(())
}

fn broken() -> Error {
    Error::Unavailable("its disk failed, so nothing is written until the server starts anew".to_owned())
}

/// Writes until the last handle of the database is gone. All waiting writes go into one commit, so that
/// they share one sync of the disk.
pub(crate) fn writer(
    connection: &Connection,
    jobs: &flume::Receiver<Box<dyn Job>>,
    committed: &flume::Sender<Group>,
    shared: &Shared,
) {
    if let Err(error) = connection.pragma_update(None, "synchronous", "NORMAL") {
        tracing::error!(%error, "every commit is synced twice");
    }
    let mut seen = data_version(connection);
    loop {
        let first = match jobs.recv_timeout(GLANCE) {
            Ok(job) => Some(job),
            Err(flume::RecvTimeoutError::Timeout) => None,
            Err(flume::RecvTimeoutError::Disconnected) => return,
        };
        // Changes only when another process wrote: this is the only connection here that does.
        let version = data_version(connection);
        if version != seen {
            seen = version;
            reload_clock(connection, shared);
            shared.publish(&[Stale::All]);
        }
        if let Some(first) = first {
            group(connection, first, jobs, committed, shared);
        }
    }
}

fn data_version(connection: &Connection) -> Option<i64> {
    connection.prepare_cached("PRAGMA data_version").and_then(|mut s| s.query_row([], |row| row.get(0))).ok()
}

pub(crate) fn reload_clock(connection: &Connection, shared: &Shared) {
    let offset = Tx::new(Backend::Sqlite(connection), shared).clock_offset();
    match offset {
        Ok(offset) => shared.clock.set_offset(offset),
        Err(error) => tracing::error!(%error, "the clock's offset could not be read"),
    }
}

/// Runs all waiting writes in one transaction.
fn group(
    connection: &Connection,
    first: Box<dyn Job>,
    jobs: &flume::Receiver<Box<dyn Job>>,
    committed: &flume::Sender<Group>,
    shared: &Shared,
) {
    if shared.broken() {
        first.finish(Err(broken()));
        return;
    }
    let mut group = Vec::new();
    let mut next = Some(first);
    let waiting =
        std::iter::from_fn(|| next.take().into_iter().chain(jobs.try_iter()).find(|job| !job.abandoned()));
    let outcome = together(connection, waiting.take(shared.group_commit), &mut group, shared);
    let outcome = match outcome {
        // One of them failed half-way. They all may run again, and this time each can be undone alone.
        Ok(Together::Spoiled) => apart(connection, &mut group, shared),
        Ok(Together::Committed) => Ok(()),
        Err(error) => Err(error),
    };
    let Err(error) = outcome else {
        // Waits while the group before is synced, which lets this one's successor grow.
        let _ = committed.send(group);
        return;
    };
    tracing::error!(%error, "a commit failed; nothing of it is acknowledged");
    let _ = run(connection, "ROLLBACK");
    // Where a commit broke off nobody knows what lasted, so nothing is taken from a cache.
    reload_clock(connection, shared);
    shared.publish(&[Stale::All]);
    for job in group {
        job.finish(Err(error.clone()));
    }
}

enum Together {
    Committed,
    Spoiled,
}

/// The usual way: without savepoints, because a write that fails has rarely changed anything before.
fn together(
    connection: &Connection,
    waiting: impl Iterator<Item = Box<dyn Job>>,
    group: &mut Vec<Box<dyn Job>>,
    shared: &Shared,
) -> Result<Together, Error> {
    let mut stale = Vec::new();
    let mut spoiled = false;
    let begun = run(connection, "BEGIN IMMEDIATE");
    for mut job in waiting {
        if begun.is_ok() && !spoiled {
            let mut tx = Tx::new(Backend::Sqlite(connection), shared);
            let keep = job.run(&mut tx);
            // A full disk ends the transaction by itself; what would follow stood outside of any.
            spoiled = (!keep && tx.wrote) || connection.is_autocommit();
            if keep {
                stale.append(&mut tx.stale);
            }
        }
        group.push(job);
        if spoiled {
            break;
        }
    }
    begun?;
    if spoiled {
        run(connection, "ROLLBACK")?;
        return Ok(Together::Spoiled);
    }
    commit(connection, &stale, shared)?;
    Ok(Together::Committed)
}

/// Each write in a savepoint of its own. Where a savepoint cannot be made, undone or released, as after the
/// transaction ended by itself, all of them fail.
fn apart(connection: &Connection, group: &mut [Box<dyn Job>], shared: &Shared) -> Result<(), Error> {
    let mut stale = Vec::new();
    run(connection, "BEGIN IMMEDIATE")?;
    for job in group {
        write(connection, job.as_mut(), shared, &mut stale)?;
        if connection.is_autocommit() {
            return Err(Error::Driver("the transaction has ended".to_owned()));
        }
    }
    commit(connection, &stale, shared)
}

/// Commits, then tells the caches; the callers hear when it lasts.
fn commit(connection: &Connection, stale: &[Stale], shared: &Shared) -> Result<(), Error> {
    run(connection, "COMMIT")?;
    if stale.contains(&Stale::Clock) {
        reload_clock(connection, shared);
    }
    shared.publish(stale);
    Ok(())
}

fn write(
    connection: &Connection,
    job: &mut dyn Job,
    shared: &Shared,
    stale: &mut Vec<Stale>,
) -> Result<(), Error> {
    run(connection, "SAVEPOINT job")?;
    let mut tx = Tx::new(Backend::Sqlite(connection), shared);
    let keep = job.run(&mut tx);
    let mut told = std::mem::take(&mut tx.stale);
    if keep {
        stale.append(&mut told);
    } else {
        run(connection, "ROLLBACK TO job")?;
    }
    run(connection, "RELEASE job")
}

fn run(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::{Clock, Options, Target};

    type Told = Arc<Mutex<Vec<Result<(), Error>>>>;

    struct Write(Told);

    impl Job for Write {
        fn run(&mut self, _: &mut Tx<'_>) -> bool {
            true
        }

        fn abandoned(&self) -> bool {
            false
        }

        fn finish(self: Box<Self>, outcome: Result<(), Error>) {
            self.0.lock().expect("no panic").push(outcome);
        }
    }

    #[test]
    fn after_a_failed_sync_nothing_is_acknowledged_any_more() {
        let shared = Shared::new(&Options::new(Target::Sqlite("".into())), Clock::system(), &[]);
        let told = Told::default();
        let sync = |file: &str| {
            let log = OpenOptions::new().write(true).create(true).truncate(false).open(file).expect("a file");
            let (groups, committed) = flume::unbounded();
            groups.send(vec![Box::new(Write(told.clone())) as Box<dyn Job>]).expect("a receiver");
            drop(groups);
            syncer(&log, &committed, &shared);
            told.lock().expect("no panic").pop().expect("an answer")
        };
        let folder = tempfile::tempdir().expect("a folder");
        let good = folder.path().join("log").display().to_string();
        assert!(sync(&good).is_ok());
        // A device that knows no sync.
        assert!(matches!(sync("/dev/null"), Err(Error::Unavailable(_))));
        assert!(matches!(sync(&good), Err(Error::Unavailable(_))));

        let connection = open(&folder.path().join("database"), READER_CACHE).expect("a database");
        let (jobs, waiting) = flume::unbounded();
        let (groups, committed) = flume::unbounded();
        jobs.send(Box::new(Write(told.clone())) as Box<dyn Job>).expect("a receiver");
        drop(jobs);
        writer(&connection, &waiting, &groups, &shared);
        assert!(committed.is_empty());
        assert!(matches!(told.lock().expect("no panic").pop(), Some(Err(Error::Unavailable(_)))));
    }
}
