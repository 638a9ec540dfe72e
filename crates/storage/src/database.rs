//! The handle that everybody holds, and the storage threads behind it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::schema::{self, COUNTING, Migration, OWN, Table};
use crate::statement::Statements;
use crate::{Clock, Dialect, Error, Stale, Tx, postgres, sqlite};

/// Where the data is.
#[derive(Clone)]
pub enum Target {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL connection string.
    Postgres(String),
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Sqlite(file) => write!(f, "SQLite at {}", file.display()),
            // The connection string may hold a password.
            Target::Postgres(_) => f.write_str("PostgreSQL"),
        }
    }
}

/// How the database is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the data is.
    pub target: Target,
    /// The most writes that share one commit (SQLite).
    pub group_commit: usize,
    /// Threads that read (SQLite), or connections (PostgreSQL).
    pub threads: usize,
}

impl Options {
    /// The usual settings.
    pub fn new(target: Target) -> Self {
        let threads = match target {
            Target::Sqlite(_) => 2,
            Target::Postgres(_) => 8,
        };
        Self { target, group_commit: 512, threads }
    }
}

/// Jobs that may wait in a queue. Beyond that, callers hear at once that there is too much to do.
const QUEUE: usize = 10_000;

/// Commits that may wait for the sync that runs.
const COMMITTED: usize = 0;

/// A piece of work for a storage thread.
pub(crate) trait Job: Send {
    /// Runs the closure. True if its changes are to be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Whether the caller went away. A job that has not begun is then not worth beginning.
    fn abandoned(&self) -> bool;
    /// Answers the caller: with what the closure said, or with why that does not count.
    fn finish(self: Box<Self>, outcome: Result<(), Error>);
}

struct Closure<F, T, E> {
    work: F,
    answer: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Closure<F, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        // A panic fails this job only: its thread serves everybody.
        let answer = catch_unwind(AssertUnwindSafe(|| (self.work)(tx))).unwrap_or_else(|_| {
            // Whatever it did before must be undone.
            tx.wrote = true;
            tracing::error!("a job panicked on a storage thread");
            Err(Error::Driver("the transaction panicked".to_owned()).into())
        });
        let keep = answer.is_ok();
        self.answer = Some(answer);
        keep
    }

    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn finish(self: Box<Self>, outcome: Result<(), Error>) {
        let answer = match (outcome, self.answer) {
            (Ok(()), Some(answer)) => answer,
            (Ok(()), None) => Err(Error::Closed.into()),
            (Err(error), _) => Err(error.into()),
        };
        // A caller that went away does not want to know.
        let _ = self.reply.send(answer);
    }
}

/// What a job wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Write,
    /// A write that meets others only where they change the same row.
    Snapshot,
    /// The same, on a connection of its own.
    Urgent,
}

type Listener = Box<dyn Fn(&Stale) + Send + Sync>;

/// What the handle and its threads have in common.
pub(crate) struct Shared {
    pub(crate) clock: Clock,
    pub(crate) group_commit: usize,
    pub(crate) tables: Vec<Table>,
    pub(crate) statements: Statements,
    /// Statements that ran.
    pub(crate) ran: AtomicU64,
    listeners: RwLock<Vec<Listener>>,
    coherent: AtomicBool,
    closed: AtomicBool,
    /// Whether a sync of the disk failed.
    broken: AtomicBool,
    /// Other nodes on the same PostgreSQL.
    pub(crate) nodes: postgres::Nodes,
    /// Writes of PostgreSQL that go together, and those that go alone.
    pub(crate) turns: RwLock<()>,
}

impl Shared {
    pub(crate) fn new(options: &Options, clock: Clock, known: &[Migration]) -> Self {
        Self {
            clock,
            group_commit: options.group_commit.max(1),
            tables: schema::tables(known),
            statements: Statements::default(),
            ran: AtomicU64::new(0),
            listeners: RwLock::new(Vec::new()),
            coherent: AtomicBool::new(true),
            closed: AtomicBool::new(false),
            broken: AtomicBool::new(false),
            nodes: postgres::Nodes::default(),
            turns: RwLock::new(()),
        }
    }

    pub(crate) fn publish(&self, stale: &[Stale]) {
        if let Ok(listeners) = self.listeners.read() {
            for stale in stale {
                for listener in listeners.iter() {
                    // Its thread serves everybody, and the other listeners have to hear, too.
                    if catch_unwind(AssertUnwindSafe(|| listener(stale))).is_err() {
                        tracing::error!("a cache panicked when it was told what is stale");
                    }
                }
            }
        }
    }

    pub(crate) fn set_coherent(&self, coherent: bool) {
        self.coherent.store(coherent, Ordering::SeqCst);
    }

    pub(crate) fn coherent(&self) -> bool {
        self.coherent.load(Ordering::SeqCst)
    }

    pub(crate) fn broken(&self) -> bool {
        self.broken.load(Ordering::SeqCst)
    }

    pub(crate) fn set_broken(&self) {
        self.broken.store(true, Ordering::SeqCst);
    }

    pub(crate) fn closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}

enum Queues {
    Sqlite { reads: flume::Sender<Box<dyn Job>>, writes: flume::Sender<Box<dyn Job>> },
    Postgres { jobs: flume::Sender<(Kind, Box<dyn Job>)>, urgent: flume::Sender<(Kind, Box<dyn Job>)> },
}

struct Inner {
    queues: Option<Queues>,
    threads: Vec<thread::JoinHandle<()>>,
    shared: Arc<Shared>,
}

impl Drop for Inner {
    /// Lets the threads finish what is queued, so that the file is closed when the handle is gone.
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Relaxed);
        self.queues = None;
        // The last handle may be dropped by a job, on a storage thread itself, for which another one may wait.
        let own = thread::current().id();
        if self.threads.iter().any(|thread| thread.thread().id() == own) {
            return;
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// The database. Cheap to clone; the last clone closes it.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

impl Database {
    /// Opens the database, brings its schema up to date and starts the storage threads.
    ///
    /// Migrations are applied in the order of their names. Fails with [`Error::NewerSchema`] if the
    /// database was used by a newer version of the program.
    pub fn open(options: &Options, clock: Clock, migrations: &[Migration]) -> Result<Self, Error> {
        let mut known = vec![OWN, COUNTING];
        known.extend_from_slice(migrations);
        known.sort_by_key(|migration| migration.name);
        let shared = Arc::new(Shared::new(options, clock, &known));
        let mut threads = Vec::new();
        let queues = match &options.target {
            Target::Sqlite(file) => {
                let mut connection = sqlite::open(file, sqlite::WRITER_CACHE)?;
                sqlite::migrate(&mut connection, &known)?;
                sqlite::reload_clock(&connection, &shared);
                let log = sqlite::log(file)?;
                // One notice is as good as two.
                let (long, notices) = flume::bounded(1);
                let home = Arc::new(AtomicBool::new(false));
                sqlite::watch(&mut connection, long, home.clone())?;
                let checkpoints = sqlite::open(file, sqlite::READER_CACHE)?;
                threads.push(spawn("storage-checkpointer", move || {
                    sqlite::checkpointer(&checkpoints, &notices, &home);
                })?);
                let (writes, jobs) = flume::bounded(QUEUE);
                let (groups, committed) = flume::bounded(COMMITTED);
                let context = shared.clone();
                threads.push(spawn("storage-writer", move || {
                    sqlite::writer(&connection, &jobs, &groups, &context);
                })?);
                let context = shared.clone();
                threads.push(spawn("storage-syncer", move || sqlite::syncer(&log, &committed, &context))?);
                let (reads, jobs) = flume::bounded(QUEUE);
                for _ in 0..options.threads.max(1) {
                    let connection = sqlite::open(file, sqlite::READER_CACHE)?;
                    let (jobs, context) = (jobs.clone(), shared.clone());
                    threads.push(spawn("storage-reader", move || {
                        sqlite::reader(&connection, &jobs, &context);
                    })?);
                }
                Queues::Sqlite { reads, writes }
            }
            Target::Postgres(url) => {
                let mut config = tokio_postgres::Config::from_str(url)
                    .map_err(|_| Error::Unavailable("DATABASE_URL cannot be understood".to_owned()))?;
                config.application_name("muster");
                if config.get_connect_timeout().is_none() {
                    config.connect_timeout(Duration::from_secs(5));
                }
                // On a thread of its own: the blocking client must not run inside an async runtime.
                thread::scope(|scope| {
                    let prepare = || {
                        let mut connection = postgres::Connection::open(&config)?;
                        connection.migrate(&known)?;
                        connection.reload_clock(&shared);
                        Ok::<(), Error>(())
                    };
                    scope.spawn(prepare).join().unwrap_or(Err(Error::Closed))
                })?;
                shared.set_coherent(false);
                let (context, listening) = (shared.clone(), config.clone());
                threads.push(spawn("storage-listener", move || postgres::listener(&listening, &context))?);
                let (jobs, common) = flume::bounded(QUEUE);
                let (urgent, hurried) = flume::bounded(QUEUE);
                let all = std::iter::repeat_n(common, options.threads.max(1)).chain([hurried]);
                for jobs in all {
                    let (context, config) = (shared.clone(), config.clone());
                    threads.push(spawn("storage", move || postgres::worker(&config, &jobs, &context))?);
                }
                Queues::Postgres { jobs, urgent }
            }
        };
        Ok(Self(Arc::new(Inner { queues: Some(queues), threads, shared })))
    }

    /// The clock of the instance.
    pub fn clock(&self) -> &Clock {
        &self.0.shared.clock
    }

    /// Which SQL the database speaks.
    pub fn dialect(&self) -> Dialect {
        match self.0.queues {
            Some(Queues::Postgres { .. }) => Dialect::Postgres,
            _ => Dialect::Sqlite,
        }
    }

    /// How many statements of closures ran since it was opened, those of other nodes not counted.
    pub fn ran(&self) -> u64 {
        self.0.shared.ran.load(Ordering::Relaxed)
    }

    /// Whether no other node can share it, so that whatever was under way at a start died with the process before.
    pub fn alone(&self) -> bool {
        self.dialect() == Dialect::Sqlite
    }

    /// Whether caches hear of every change. While they do not, nothing may be answered from them.
    pub fn coherent(&self) -> bool {
        self.0.shared.coherent()
    }

    /// Calls a function for everything that becomes stale, before the write that did it is acknowledged.
    pub fn on_stale(&self, listener: impl Fn(&Stale) + Send + Sync + 'static) {
        if let Ok(mut listeners) = self.0.shared.listeners.write() {
            listeners.push(Box::new(listener));
        }
    }

    /// Runs a closure that only reads, on a consistent state of the database.
    pub async fn read<T, E>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.ask(Kind::Read, move |tx| work(tx)).await
    }

    /// Runs a closure in a transaction that is kept if it answers `Ok`, and is on disk before this returns.
    ///
    /// It may be run again after a serialization failure, so it has no effect outside of its transaction.
    pub async fn write<T, E>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.ask(Kind::Write, work).await
    }

    /// [`Database::write`] for what is done so often that PostgreSQL should not watch all that it reads: several at a time
    /// clash only where they change the same row. So each race must be decided by a row that every contender changes.
    pub async fn write_on_snapshot<T, E>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.ask(Kind::Snapshot, work).await
    }

    /// [`Database::write_on_snapshot`] for what has happened outside and would happen again if this process died before it
    /// is written down: on PostgreSQL nothing else waits for the connection that it takes.
    pub async fn write_at_once<T, E>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.ask(Kind::Urgent, work).await
    }

    /// [`Database::read`] for the command line and other threads that may wait.
    pub fn read_blocking<T, E>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let answer = self.submit(Kind::Read, work)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// [`Database::write`] for the command line and other threads that may wait.
    pub fn write_blocking<T, E>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let answer = self.submit(Kind::Write, work)?;
        answer.blocking_recv().unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    async fn ask<T, E>(
        &self,
        kind: Kind,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let answer = self.submit(kind, work)?;
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    fn submit<T, E>(
        &self,
        kind: Kind,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, E>>, Error>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Box<dyn Job> = Box::new(Closure { work, answer: None, reply });
        let sent = match (&self.0.queues, kind) {
            (Some(Queues::Sqlite { reads, .. }), Kind::Read) => offer(reads, job),
            (Some(Queues::Sqlite { writes, .. }), Kind::Write | Kind::Snapshot | Kind::Urgent) => {
                offer(writes, job)
            }
            (Some(Queues::Postgres { urgent, .. }), Kind::Urgent) => offer(urgent, (kind, job)),
            (Some(Queues::Postgres { jobs, .. }), kind) => offer(jobs, (kind, job)),
            (None, _) => Err(Error::Closed),
        };
        sent.map(|()| answer)
    }
}

/// Queues without waiting: a caller that waits for room would only make the queue longer.
fn offer<T>(queue: &flume::Sender<T>, job: T) -> Result<(), Error> {
    queue.try_send(job).map_err(|refused| match refused {
        flume::TrySendError::Full(_) => Error::Unavailable("too much work is waiting for it".to_owned()),
        flume::TrySendError::Disconnected(_) => Error::Closed,
    })
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<thread::JoinHandle<()>, Error> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|error| Error::Unavailable(format!("no thread for storage: {error}")))
}
