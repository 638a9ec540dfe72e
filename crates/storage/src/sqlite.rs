//! SQLite: one thread that writes and a few that read.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
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
    // FULL: an acknowledged write has been synced, also in WAL mode.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.pragma_update(None, "secure_delete", "ON")?;
    // Plans do not depend on the values bound; otherwise every new value parses its statement again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // The most memory of the connection's page cache, in KiB. It grows with the database.
    connection.pragma_update(None, "cache_size", -cache)?;
    // Pages of the log (64 MiB) after which they are brought home. Pages that change often then go home once; a
    // start after a crash reads the log, which takes a fraction of a second.
    connection.pragma_update(None, "wal_autocheckpoint", 16_000)?;
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
            "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'",
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

/// Writes until the last handle of the database is gone. All waiting writes go into one commit, so that
/// they share one sync of the disk.
pub(crate) fn writer(connection: &Connection, jobs: &flume::Receiver<Box<dyn Job>>, shared: &Shared) {
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
            group(connection, first, jobs, shared);
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
    shared: &Shared,
) {
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
    if let Err(error) = &outcome {
        tracing::error!(%error, "a commit failed; nothing of it is acknowledged");
        let _ = run(connection, "ROLLBACK");
        // Where a commit broke off nobody knows what lasted, so nothing is taken from a cache.
        reload_clock(connection, shared);
        shared.publish(&[Stale::All]);
    }
    for job in group {
        job.finish(outcome.clone());
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

/// Makes it last, then tells the caches, then lets the callers know.
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
