//! PostgreSQL: a few threads, each with a connection, and one that listens.
//!
//! What a transaction costs is mostly the way to the server and back. So a statement of whose outcome nothing is needed at
//! once, as the beginning of a transaction, waits and goes out together with the next one; the server takes them in their
//! order. If it fails, that is the failure of the next one, which the server does not carry out then.

use std::collections::{BTreeSet, HashMap};
use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::TryStreamExt;
use futures_util::future::{join, join_all};
use registry::{Date, Time};
use sea_query::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Notification, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::database::{Job, Kind, Shared};
use crate::record::{POSTGRES_EPOCH, POSTGRES_EPOCH_MILLIS};
use crate::schema::{self, Migration};
use crate::tx::{Backend, Sink, Tx};
use crate::{Cell, Dialect, Error, Field, Row, Stale};

/// Transactions of one closure before the caller hears of the clash.
const ATTEMPTS: u32 = 20;

/// Statements that wait for the next one at most. What is sent for nothing, because an earlier one failed, stays small.
const UNSENT: usize = 8;

/// Statements that a connection keeps prepared, so that neither side's memory grows for ever.
const STATEMENTS: usize = 1000;

/// Attempts of a write beside the others of its node, before it goes alone.
const TOGETHER: u32 = 4;

/// The channel on which nodes tell each other what is stale.
const CHANNEL: &str = "muster_stale";

/// The channel on which a write asks whether what it told before was heard, and the one for the answers.
const ASKED: &str = "muster_asked";
const HEARD: &str = "muster_heard";

/// What the listener of a node calls itself, by which the others know that it is there.
const LISTENER: &str = "muster listener";

/// How long a write waits for the other nodes to hear of it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Serializes migrations of nodes that start together ("muster" in ASCII).
const MIGRATION_LOCK: i64 = 0x6d75_7374_6572;

/// Writes share it from when they look for other nodes until they are committed; a node that begins to listen waits for
/// those that did not see it.
const JOINING_LOCK: i64 = MIGRATION_LOCK + 1;

/// Looks of the listener, of half a second at most, between two questions whether the server is still there.
const PROBE: u64 = 10;

#[derive(Debug)]
struct Param<'a>(&'a Value);

impl ToSql for Param<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self.0 {
            Value::Bool(Some(value)) => value.to_sql(kind, out),
            Value::Int(Some(value)) => number((*value).into(), kind, out),
            Value::BigInt(Some(value)) => number(*value, kind, out),
            Value::BigUnsigned(Some(value)) => number(i64::try_from(*value)?, kind, out),
            Value::Double(Some(value)) => value.to_sql(kind, out),
            Value::String(Some(text)) => text_as(text, kind, out),
            Value::Bytes(Some(bytes)) => bytes.to_sql(kind, out),
            Value::Bool(None)
            | Value::Int(None)
            | Value::BigInt(None)
            | Value::BigUnsigned(None)
            | Value::Double(None)
            | Value::String(None)
            | Value::Bytes(None) => Ok(IsNull::Yes),
            _ => Err("unsupported parameter".into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn to_sql_checked(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        self.to_sql(kind, out)
    }
}

/// Text as the parameter's type wants it; days and times of day come as ISO 8601.
fn text_as(
    text: &str,
    kind: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
    match *kind {
        Type::DATE => {
            let days = text.parse::<Date>()?.since(POSTGRES_EPOCH)?.get_days();
            days.to_sql(&Type::INT4, out)
        }
        Type::TIME => {
            let micros = text.parse::<Time>()?.duration_since(Time::midnight()).as_micros();
            i64::try_from(micros)?.to_sql(&Type::INT8, out)
        }
        _ => {
            out.extend_from_slice(text.as_bytes());
            Ok(IsNull::No)
        }
    }
}

/// An integer as the parameter's type wants it.
fn number(
    value: i64,
    kind: &Type,
    out: &mut BytesMut,
) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
    match *kind {
        Type::TIMESTAMPTZ => {
            (value.saturating_sub(POSTGRES_EPOCH_MILLIS).saturating_mul(1000)).to_sql(&Type::INT8, out)
        }
        Type::INT4 => i32::try_from(value)?.to_sql(kind, out),
        #[expect(clippy::cast_precision_loss, reason = "a column of numbers with a fraction keeps no more")]
        Type::FLOAT8 => (value as f64).to_sql(kind, out),
        _ => value.to_sql(&Type::INT8, out),
    }
}

/// A client with the statements that it has prepared.
pub(crate) struct Connection {
    /// Of this thread: what the client sends and receives goes on while something is waited for.
    runtime: Runtime,
    client: Arc<Client>,
    statements: HashMap<String, Statement>,
    unsent: Vec<Unsent>,
    notifications: mpsc::UnboundedReceiver<Notification>,
}

/// A statement that is sent when it is first polled.
type Unsent = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

impl Connection {
    pub(crate) fn open(config: &Config) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
        let runtime = runtime.map_err(|error| Error::Unavailable(error.to_string()))?;
        // The error of a failed connection names host and user, never the password.
        let (client, notifications) = match config.get_ssl_mode() {
            SslMode::Require => {
                let tls = verified_tls()?;
                runtime.block_on(async { config.connect(tls).await.map(driven) })?
            }
            _ => runtime.block_on(async { config.connect(NoTls).await.map(driven) })?,
        };
        let (client, statements) = (Arc::new(client), HashMap::new());
        let mut connection = Self { runtime, client, statements, unsent: Vec::new(), notifications };
        // A sequential scan, which the planner likes for small tables, takes a predicate lock on the whole table;
        // then every serializable write to it clashes with every other.
        connection.run("SET enable_seqscan = off")?;
        Ok(connection)
    }

    /// Sends what waits and then this, and waits for all of it. The first failure is the cause of the others.
    fn wait<T>(&mut self, last: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let before = std::mem::take(&mut self.unsent);
        let (before, last) = self.runtime.block_on(join(join_all(before), last));
        before.into_iter().collect::<Result<(), Error>>()?;
        last
    }

    /// Sends a statement together with the next one.
    fn later(&mut self, statement: impl Future<Output = Result<(), Error>> + 'static) -> Result<(), Error> {
        self.unsent.push(Box::pin(statement));
        if self.unsent.len() < UNSENT { Ok(()) } else { self.wait(async { Ok(()) }) }
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        let client = self.client.clone();
        let statement = self.wait(async move { Ok(client.prepare(sql).await?) })?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn query(&mut self, sql: &str, values: &[Value], sink: &mut Sink<'_>) -> Result<(), Error> {
        let (client, statement) = (self.client.clone(), self.prepare(sql)?);
        self.wait(async move {
            let mut rows = pin!(client.query_raw(&statement, values.iter().map(Param)).await?);
            while let Some(row) = rows.try_next().await? {
                sink(Row::Postgres(&row))?;
            }
            Ok(())
        })
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let (client, statement) = (self.client.clone(), self.prepare(sql)?);
        self.wait(async move { Ok(client.execute_raw(&statement, values.iter().map(Param)).await?) })
    }

    /// As [`Connection::execute`], where nothing of the outcome is needed: a failure is that of the next statement.
    pub(crate) fn execute_later(&mut self, sql: &str, values: Vec<Value>) -> Result<(), Error> {
        let (client, statement) = (self.client.clone(), self.prepare(sql)?);
        self.later(async move {
            client.execute_raw(&statement, values.iter().map(Param)).await?;
            Ok(())
        })
    }

    fn run(&mut self, sql: &str) -> Result<(), Error> {
        let client = self.client.clone();
        self.wait(async move { Ok(client.batch_execute(sql).await?) })
    }

    fn begin(&mut self, mode: &'static str) -> Result<(), Error> {
        let client = self.client.clone();
        self.later(async move { Ok(client.batch_execute(mode).await?) })
    }

    /// Whatever failed before does not matter any more.
    fn roll_back(&mut self) -> Result<(), Error> {
        let client = self.client.clone();
        let before = std::mem::take(&mut self.unsent);
        self.runtime.block_on(async move {
            let (_, done) = join(join_all(before), client.batch_execute("ROLLBACK")).await;
            Ok(done?)
        })
    }

    /// The next notification, unless none comes for some time.
    fn notified(&mut self, within: Duration) -> Option<Notification> {
        let next = self.notifications.recv();
        self.runtime.block_on(async { tokio::time::timeout(within, next).await.ok().flatten() })
    }

    fn notify(&mut self, channel: &str, payload: String) -> Result<(), Error> {
        let values = [channel.to_owned(), payload].map(|text| Value::String(Some(text)));
        self.query("SELECT pg_notify($1, $2)", &values, &mut |_| Ok(()))
    }

    /// Tells the other nodes, when the transaction is committed, and has them say that they heard. Where there is no
    /// other, nothing is sent: of the commits of a server that notify, only one at a time goes through.
    fn tell<'n>(&mut self, stale: &[Stale], nodes: &'n Nodes) -> Result<Option<Question<'n>>, Error> {
        if stale.is_empty() {
            return Ok(None);
        }
        let lock = [Value::BigInt(Some(JOINING_LOCK))];
        self.query("SELECT pg_advisory_xact_lock_shared($1)", &lock, &mut |_| Ok(()))?;
        let others = self.others(nodes.own.load(Ordering::SeqCst))?;
        if others.is_empty() {
            return Ok(None);
        }
        let question = nodes.ask(others);
        for stale in stale {
            self.notify(CHANNEL, stale.encode())?;
        }
        self.notify(ASKED, question.text())?;
        Ok(Some(question))
    }

    /// The listeners of other nodes.
    fn others(&mut self, own: i32) -> Result<BTreeSet<i32>, Error> {
        let sql = "SELECT pid::bigint FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1";
        let mut pids = BTreeSet::new();
        self.query(sql, &[Value::String(Some(LISTENER.to_owned()))], &mut |row| {
            if let Cell::Int(pid) = row.cell(0)? {
                pids.extend(i32::try_from(pid).ok().filter(|pid| *pid != own));
            }
            Ok(())
        })?;
        Ok(pids)
    }

    /// Applies the migrations that are missing, in one transaction, one node at a time.
    pub(crate) fn migrate(&mut self, known: &[Migration]) -> Result<(), Error> {
        self.begin("BEGIN")?;
        match self.migrated(known) {
            Ok(()) => self.run("COMMIT"),
            Err(error) => {
                let _ = self.roll_back();
                Err(error)
            }
        }
    }

    fn migrated(&mut self, known: &[Migration]) -> Result<(), Error> {
        let text = |text: &str| Value::String(Some(text.to_owned()));
        self.run(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))?;
        self.run(&schema::ledger(Dialect::Postgres))?;
        let mut applied: Vec<String> = Vec::new();
        self.query("SELECT name FROM schema_migrations", &[], &mut |row| {
            applied.extend(String::read(row.cell(0)?));
            Ok(())
        })?;
        for migration in schema::pending(known, &applied)? {
            for statement in schema::ddl(&(migration.tables)(), Dialect::Postgres) {
                self.run(&statement)?;
            }
            self.execute("INSERT INTO schema_migrations (name) VALUES ($1)", &[text(migration.name)])?;
        }
        let wanted = schema::fingerprint(known, Dialect::Postgres);
        let (mut reached, name) = (None, text(schema::FINGERPRINT));
        let find = "SELECT value FROM instance_settings WHERE name = $1";
        self.query(find, std::slice::from_ref(&name), &mut |row| {
            reached = i64::read(row.cell(0)?);
            Ok(())
        })?;
        if reached != Some(wanted) {
            let mut existing = schema::Columns::new();
            let columns = "SELECT table_name::text, column_name::text FROM information_schema.columns
                WHERE table_schema = current_schema()
                UNION ALL SELECT c.relname::text, t.tgname::text FROM pg_trigger t
                JOIN pg_class c ON c.oid = t.tgrelid
                WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace";
            self.query(columns, &[], &mut |row| {
                if let (Some(table), Some(column)) = (String::read(row.cell(0)?), String::read(row.cell(1)?))
                {
                    existing.entry(table).or_default().insert(column);
                }
                Ok(())
            })?;
            let statements = schema::missing(schema::tables(known), &existing, Dialect::Postgres);
            self.run(&statements.join(";\n"))?;
            let keep = "INSERT INTO instance_settings (name, value) VALUES ($1, $2)
                ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            self.execute(keep, &[name, Value::BigInt(Some(wanted))])?;
        }
        Ok(())
    }

    pub(crate) fn reload_clock(&mut self, shared: &Shared) {
        let offset = Tx::new(Backend::Postgres(self), shared).clock_offset();
        match offset {
            Ok(offset) => shared.clock.set_offset(offset),
            Err(error) => tracing::error!(%error, "the clock's offset could not be read"),
        }
    }

    fn read(&mut self, job: &mut dyn Job, shared: &Shared) -> Result<(), Error> {
        self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let _ = job.run(&mut Tx::new(Backend::Postgres(self), shared));
        self.roll_back()
    }

    /// Runs a write until it meets no concurrent transaction.
    fn write(&mut self, job: &mut dyn Job, begin: &'static str, shared: &Shared) -> Result<(), Error> {
        let mut doubted = false;
        for attempt in 1..=ATTEMPTS {
            // A write that keeps losing goes alone: the others of this node wait until it is through.
            let turn = if attempt <= TOGETHER {
                (Some(shared.turns.read().unwrap_or_else(PoisonError::into_inner)), None)
            } else {
                (None, Some(shared.turns.write().unwrap_or_else(PoisonError::into_inner)))
            };
            self.begin(begin)?;
            let mut tx = Tx::new(Backend::Postgres(&mut *self), shared);
            let keep = job.run(&mut tx);
            let (mut failed, stale) = (tx.failed.take(), std::mem::take(&mut tx.stale));
            if keep && failed.is_none() {
                let told = self.tell(&stale, &shared.nodes);
                match told.and_then(|question| self.run("COMMIT").map(|()| question)) {
                    Ok(question) => {
                        if stale.contains(&Stale::Clock) {
                            self.reload_clock(shared);
                        }
                        shared.publish(&stale);
                        drop(turn);
                        // While this node does not listen, nobody would take the answers.
                        if let Some(question) = question.filter(|_| shared.coherent()) {
                            question.wait();
                        }
                        return Ok(());
                    }
                    Err(error) => failed = Some(error),
                }
            }
            let again = match failed {
                Some(Error::Serialization) => true,
                // The row that is in the way, or missing, may be the doing of a concurrent transaction: then the closure
                // could not see it, and the next time it can.
                Some(Error::Duplicate | Error::Reference) => !std::mem::replace(&mut doubted, true),
                _ => false,
            };
            self.roll_back()?;
            if !again {
                return match failed {
                    // A commit of a transaction in which a statement failed keeps nothing, and does not say so.
                    Some(error) if keep => Err(error),
                    _ => Ok(()),
                };
            }
            drop(turn);
            // Waiting longer each time, and not as long as the others, lets one of them finish.
            let most = u64::from(attempt) * 4;
            pause(Duration::from_millis(1 + RandomState::new().hash_one(attempt) % most));
        }
        Err(Error::Serialization)
    }
}

/// The nodes that share the database, as far as they listen.
#[derive(Default)]
pub(crate) struct Nodes {
    /// The process of this node's listener, by which its questions are told from those of others.
    own: AtomicI32,
    asked: AtomicU64,
    waiting: Mutex<Waiting>,
    answered: Condvar,
}

#[derive(Default)]
struct Waiting {
    /// Questions that are open, each with the listeners that have not said yet that they heard.
    questions: HashMap<u64, BTreeSet<i32>>,
    /// Listeners that did not answer in time. Nobody waits for them until they do.
    silent: BTreeSet<i32>,
}

/// Asks the other nodes whether they heard of a write.
struct Question<'n> {
    nodes: &'n Nodes,
    node: i32,
    number: u64,
}

impl Nodes {
    fn ask(&self, others: BTreeSet<i32>) -> Question<'_> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        self.lock().questions.insert(number, others);
        Question { nodes: self, node: self.own.load(Ordering::SeqCst), number }
    }

    /// The number of a question, if it is one of this node.
    fn own(&self, question: &str) -> Option<u64> {
        let (node, number) = question.split_once(' ')?;
        (node.parse() == Ok(self.own.load(Ordering::SeqCst))).then(|| number.parse().ok())?
    }

    fn heard(&self, question: &str, who: i32) {
        let number = self.own(question);
        let mut waiting = self.lock();
        waiting.silent.remove(&who);
        if let Some(others) = number.and_then(|number| waiting.questions.get_mut(&number)) {
            others.remove(&who);
            self.answered.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Question<'_> {
    fn text(&self) -> String {
        format!("{} {}", self.node, self.number)
    }

    /// Waits until the other nodes have heard, so that what a write changed counts on every node from the next request on.
    fn wait(&self) {
        let missing = |waiting: &Waiting| -> Vec<i32> {
            let others = waiting.questions.get(&self.number);
            others.into_iter().flat_map(|others| others.difference(&waiting.silent)).copied().collect()
        };
        let waits = |waiting: &mut Waiting| !missing(waiting).is_empty();
        let waited = self.nodes.answered.wait_timeout_while(self.nodes.lock(), PATIENCE, waits);
        let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let silent = missing(&waiting);
        if !silent.is_empty() {
            tracing::warn!(nodes = silent.len(), "other nodes do not hear of changes in time");
            waiting.silent.extend(silent);
        }
    }
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        self.nodes.lock().questions.remove(&self.number);
    }
}

/// TLS that trusts the certificate authorities of the system (also `SSL_CERT_FILE`). Encryption that does not
/// know the other side would protect from nobody, so `sslmode=require` means this, and anything less none.
fn verified_tls() -> Result<MakeRustlsConnect, Error> {
    match MakeRustlsConnect::with_native_certs() {
        Ok((connector, _)) => Ok(connector),
        Err(_) => Err(Error::Unavailable(
            "the system has no certificate authorities for sslmode=require".to_owned(),
        )),
    }
}

/// Has the current runtime do what the client asks for, and hands on what the server says by itself.
fn driven<S, T>(
    (client, mut connection): (Client, tokio_postgres::Connection<S, T>),
) -> (Client, mpsc::UnboundedReceiver<Notification>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (heard, notifications) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        // It ends with the client or with the connection, which the client notices.
        while let Some(Ok(message)) = poll_fn(|cx| connection.poll_message(cx)).await {
            if let AsyncMessage::Notification(notification) = message {
                let _ = heard.send(notification);
            }
        }
    });
    (client, notifications)
}

/// Serves reads and writes until the last handle of the database is gone.
pub(crate) fn worker(config: &Config, jobs: &flume::Receiver<(Kind, Box<dyn Job>)>, shared: &Shared) {
    let mut connection = None;
    while let Ok((kind, mut job)) = jobs.recv() {
        if job.abandoned() {
            continue;
        }
        if connection.as_ref().is_none_or(|open: &Connection| open.client.is_closed()) {
            match Connection::open(config) {
                Ok(opened) => connection = Some(opened),
                Err(error) => {
                    job.finish(Err(error));
                    continue;
                }
            }
        }
        let Some(open) = connection.as_mut() else { continue };
        let outcome = match kind {
            Kind::Read => open.read(job.as_mut(), shared),
            Kind::Write => open.write(job.as_mut(), "BEGIN ISOLATION LEVEL SERIALIZABLE", shared),
            Kind::Snapshot | Kind::Urgent => {
                open.write(job.as_mut(), "BEGIN ISOLATION LEVEL REPEATABLE READ", shared)
            }
        };
        if outcome.is_err() {
            // Whatever state the session is in, a fresh one is in a known one.
            connection = None;
        }
        job.finish(outcome);
    }
}

/// Hears what other nodes changed. While it cannot, [`Shared::coherent`] is false and caches are not used.
pub(crate) fn listener(config: &Config, shared: &Shared) {
    while !shared.closed() {
        if let Err(error) = listen(config, shared) {
            shared.set_coherent(false);
            tracing::warn!(%error, "not hearing of changes by other nodes; caches are off until the database answers");
            pause(Duration::from_millis(500));
        }
    }
}

fn listen(config: &Config, shared: &Shared) -> Result<(), Error> {
    // A connection that the network dropped without a word must not pass for silence.
    let mut config = config.clone();
    config.tcp_user_timeout(Duration::from_secs(10)).keepalives_idle(Duration::from_secs(5));
    let mut connection = Connection::open(&config)?;
    let mut own = 0;
    connection.query("SELECT pg_backend_pid()::bigint", &[], &mut |row| {
        own = if let Cell::Int(pid) = row.cell(0)? { i32::try_from(pid).unwrap_or_default() } else { 0 };
        Ok(())
    })?;
    shared.nodes.own.store(own, Ordering::SeqCst);
    // Whoever writes from here on waits until this node says that it heard.
    connection.run(&format!(
        "SET application_name = '{LISTENER}'; LISTEN {CHANNEL}; LISTEN {ASKED}; LISTEN {HEARD}"
    ))?;
    // Those that did not see it did not tell it either, so it begins after them, with empty caches.
    connection.run(&format!(
        "SELECT pg_advisory_lock({JOINING_LOCK}); SELECT pg_advisory_unlock({JOINING_LOCK})"
    ))?;
    connection.reload_clock(shared);
    shared.publish(&[Stale::All]);
    shared.set_coherent(true);
    for look in 1u64.. {
        if shared.closed() {
            break;
        }
        if look.is_multiple_of(PROBE) {
            connection.run("SELECT 1")?;
        }
        let heard = connection.notified(Duration::from_millis(500));
        if connection.client.is_closed() {
            return Err(Error::Unavailable("the connection was closed".to_owned()));
        }
        let Some(heard) = heard else { continue };
        match heard.channel() {
            ASKED if shared.nodes.own(heard.payload()).is_none() => {
                let question = heard.payload().to_owned();
                connection.notify(HEARD, question)?;
                continue;
            }
            ASKED => continue,
            HEARD => {
                shared.nodes.heard(heard.payload(), heard.process_id());
                continue;
            }
            _ => {}
        }
        let stale = Stale::decode(heard.payload());
        if matches!(stale, Stale::Clock | Stale::All) {
            connection.reload_clock(shared);
        }
        shared.publish(&[stale]);
    }
    Ok(())
}

#[allow(clippy::disallowed_methods, reason = "storage threads are synchronous and may wait")]
fn pause(duration: Duration) {
    std::thread::sleep(duration);
}
