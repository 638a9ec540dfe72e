//! Puts the parts together: looks for work, does it, writes down what came of it.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use accounts::Vault;
use accounts::outside::Reachable;
use engine::Engine;

use http::{HeaderMap, HeaderName, HeaderValue, Request};
use http_body_util::Full;
use hyper::body::Bytes;
use registry::{Company, Id};
use storage::{Database, Tx};
use tokio::sync::{Notify, Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::client::{Client, Resolve};
use crate::delivering::{Done, Job, Outcome, Ready};
use crate::notify::OwnerOf;
use crate::queue::{self, Post, Released, Room};
use crate::records::QueueRecord;
use crate::{Error, Passed, pass_on, signature};

/// Between two looks where there was nothing to do.
const PAUSE: Duration = Duration::from_millis(200);

/// Between two times that events are passed on, so that what happens together is passed on together: each time costs the
/// writes that go on meanwhile.
const GATHERING: Duration = Duration::from_millis(50);

/// Between two looks after the database failed.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Queues that a node has at the same time.
const QUEUES: usize = 64;

/// Of these, queues of one company, and of one host.
const OF_COMPANY: usize = 32;
const OF_HOST: usize = 16;

/// Requests that are under way at one host.
const AT_HOST: usize = 8;

/// Events that are passed on in one transaction.
const EVENTS: u64 = 500;

/// How long a node begins requests of one batch. With the longest request it stays below the lease.
const BATCH: Duration = Duration::from_secs(20);

/// Outcomes that wait to be written down while others are being written. Beyond that no request begins, so that a node which
/// dies has not sent much that nobody knows of, and that is sent again.
const UNWRITTEN: usize = 64;

/// Bytes of an answer that are kept in the log.
const KEPT: usize = 8 * 1024;

/// How a worker behaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address of the server, for links.
    pub base_url: String,
    /// What may be reached.
    pub reachable: Reachable,
    /// How long a receiver may take to answer.
    pub timeout: Duration,
    /// Which company an application belongs to.
    pub owner_of: OwnerOf,
}

/// Delivers until it is stopped.
pub struct Worker {
    db: Database,
    vault: Arc<Vault>,
    engine: &'static Engine,
    client: Client,
    settings: Settings,
    hosts: Mutex<HashMap<String, Arc<Semaphore>>>,
    /// Rings when queues were given back, which may have more to do.
    given_back: Notify,
    /// Tells the leases of this node apart.
    lease: i64,
}

/// What a queue's task has to say.
enum Report {
    Done(Done),
    Released(Released),
}

impl Worker {
    /// Puts one together. Fails where there is no encryption to be had.
    pub fn new(
        db: Database,
        vault: Arc<Vault>,
        engine: &'static Engine,
        resolver: Arc<dyn Resolve>,
        settings: Settings,
    ) -> Result<Self, rustls::Error> {
        let client = Client::new(resolver, settings.reachable, settings.timeout)?;
        let lease = i64::from_be_bytes(accounts::random());
        Ok(Self {
            db,
            vault,
            engine,
            client,
            settings,
            hosts: Mutex::default(),
            given_back: Notify::new(),
            lease,
        })
    }

    /// Delivers until told to stop. What is under way then is finished, as long as nobody loses patience.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let worker = Arc::new(self);
        let (reports, received) = mpsc::channel(UNWRITTEN);
        let settling = tokio::spawn(worker.clone().settle(received));
        let mut queues = Queues::default();
        if let Err(error) = worker.begin().await {
            tracing::error!(%error, "queues could not be taken over; they are free within a minute");
        }
        let mut gathered = Instant::now();
        while !*stopping.borrow() {
            let now = Instant::now();
            let pause = match worker.look(&mut queues, &reports, now >= gathered).await {
                Ok(found) => {
                    if found.passed.events > 0 {
                        gathered = if found.passed.more { now } else { now + GATHERING };
                    }
                    match found {
                        Found { waiting: true, .. } => gathered.saturating_duration_since(now),
                        Found { claimed: true, .. } => GATHERING,
                        _ => PAUSE,
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "deliveries could not be looked at; it is tried again");
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = worker.given_back.notified() => {}
                _ = stopping.wait_for(|stop| *stop) => break,
            }
        }
        while !queues.is_empty() {
            queues.ended().await;
        }
        drop(reports);
        let _ = settling.await;
    }

    /// Before the first look: where no other node can have a queue, whoever had it is gone.
    pub async fn begin(&self) -> Result<(), Error> {
        if self.db.alone() { self.db.write(queue::take_over).await } else { Ok(()) }
    }

    /// Does everything that is due, and says how many attempts it made. For tests, whose clock stands still.
    pub async fn round(self: &Arc<Self>) -> Result<usize, Error> {
        let mut made = 0;
        loop {
            let (reports, mut received) = mpsc::channel(100_000);
            let mut queues = Queues::default();
            let found = self.look(&mut queues, &reports, true).await?;
            while !queues.is_empty() {
                queues.ended().await;
            }
            drop(reports);
            let mut reports = Vec::new();
            while let Some(report) = received.recv().await {
                reports.push(report);
            }
            let (done, released) = sorted(&mut reports);
            made += done.len();
            self.write(done, released).await?;
            if !found.waiting && !found.claimed {
                return Ok(made);
            }
        }
    }

    /// Passes events on, if it is time for that, and begins queues that are due.
    ///
    /// What it writes needs no more than a snapshot: nodes that do the same change the same rows. That leaves the writes
    /// of others alone, which would otherwise clash with what is read here.
    async fn look(
        self: &Arc<Self>,
        queues: &mut Queues,
        reports: &mpsc::Sender<Report>,
        gathered: bool,
    ) -> Result<Found, Error> {
        // Most looks find nothing, and a look that only reads is cheap.
        let room = queues.what_fits();
        let (waiting, due) = self.db.read(anything).await?;
        let mut found = Found { waiting, ..Found::default() };
        if waiting && gathered {
            let vault = self.vault.clone();
            found.passed = self.db.write_on_snapshot(move |tx| pass_on(tx, &vault, EVENTS)).await?;
        }
        if room.queues == 0 || !(due || found.passed.events > 0) {
            return Ok(found);
        }
        let lease = self.lease.wrapping_add(queues.count);
        queues.count += 1;
        let claim = self.db.write_on_snapshot(move |tx| queue::claim(tx, &room, lease));
        let (claimed, any) = claim.await?;
        found.claimed = any;
        let (engine, vault) = (self.engine, self.vault.clone());
        let jobs = self.db.read(move |tx| queue::jobs(tx, engine, &vault, &claimed)).await?;
        for job in jobs {
            queues.begin(&job);
            let (worker, reports) = (self.clone(), reports.clone());
            let (host, company) = (job.host.clone(), job.company);
            queues.tasks.spawn(async move {
                worker.deliver(job, &reports).await;
                (host, company)
            });
        }
        Ok(found)
    }

    /// Delivers what one queue has: deliveries about the same object one after the other.
    async fn deliver(self: Arc<Self>, job: Job, reports: &mpsc::Sender<Report>) {
        let until = Instant::now() + BATCH;
        let [unreachable, failing] = [false, job.failing].map(|begin| Arc::new(AtomicBool::new(begin)));
        let job = Arc::new(job);
        let mut of_object: BTreeMap<(Option<i64>, usize), Vec<usize>> = BTreeMap::new();
        for (at, ready) in job.deliveries.iter().enumerate() {
            // What is about nothing in particular goes by itself.
            let alone = if ready.object.is_some() { 0 } else { at };
            of_object.entry((ready.object, alone)).or_default().push(at);
        }
        let mut lines: Vec<_> = of_object.into_values().collect();
        lines.sort_by_key(|line| line.first().copied());
        let lines = Arc::new(Mutex::new(lines.into_iter()));
        let mut tasks = JoinSet::new();
        for _ in 0..AT_HOST.min(job.deliveries.len()) {
            let (worker, job, reports) = (self.clone(), job.clone(), reports.clone());
            let (lines, host) = (lines.clone(), self.host(&job.host));
            let (unreachable, failing) = (unreachable.clone(), failing.clone());
            tasks.spawn(async move {
                let next = || lines.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some(line) = next() {
                    for at in line {
                        let Ok(_turn) = host.acquire().await else { return };
                        if unreachable.load(Ordering::Relaxed) || Instant::now() > until {
                            return;
                        }
                        let mut done = worker.attempt(&job, &job.deliveries[at]).await;
                        unreachable.fetch_or(done.outcome.unreachable, Ordering::Relaxed);
                        done.failing = failing.fetch_or(!done.outcome.delivered(), Ordering::Relaxed);
                        if reports.send(Report::Done(done)).await.is_err() {
                            return;
                        }
                    }
                }
            });
        }
        while tasks.join_next().await.is_some() {}
        let released = Released {
            queue: job.queue,
            lease: job.lease,
            company: job.company,
            subscription: job.subscription,
            unreachable: unreachable.load(Ordering::Relaxed),
            withheld: job.withheld.clone(),
        };
        let _ = reports.send(Report::Released(released)).await;
    }

    fn host(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that nobody uses are forgotten.
        if hosts.len() > 10_000 {
            hosts.retain(|_, turns| Arc::strong_count(turns) > 1);
        }
        hosts.entry(host.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(AT_HOST))).clone()
    }

    async fn attempt(&self, job: &Job, ready: &Ready) -> Done {
        let at = self.db.clock().now();
        let begun = Instant::now();
        let outcome = self.outcome(job, ready, at.millis() / 1000).await;
        let took = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        Done {
            id: ready.id,
            company: job.company,
            subscription: job.subscription,
            attempt: ready.attempt,
            at,
            took,
            version: ready.version.clone(),
            hidden: ready.hidden.clone(),
            failing: job.failing,
            outcome,
        }
    }

    async fn outcome(&self, job: &Job, ready: &Ready, seconds: i64) -> Outcome {
        let (headers, shown) = headers(job, ready, seconds);
        let mut request = Request::post(&job.target_url);
        if let Some(all) = request.headers_mut() {
            *all = headers;
        }
        let request = match request.body(Full::new(Bytes::from(ready.body.clone()))) {
            Ok(request) => request,
            Err(error) => {
                let error = Some(format!("There is no request to this address: {error}."));
                return Outcome { error, request_headers: shown, ..Outcome::default() };
            }
        };
        match self.client.post(request).await {
            Ok(answer) => {
                let success = (200..300).contains(&answer.status);
                Outcome {
                    status: Some(answer.status),
                    error: (!success).then(|| refused(answer.status)),
                    unreachable: false,
                    request_headers: shown,
                    response_headers: lines(&answer.headers),
                    response_body: kept(&answer.body),
                }
            }
            Err(failure) => Outcome {
                error: Some(failure.why),
                unreachable: failure.unreachable,
                request_headers: shown,
                ..Outcome::default()
            },
        }
    }

    /// Writes reports down, as many at a time as there are.
    async fn settle(self: Arc<Self>, mut reports: mpsc::Receiver<Report>) {
        let mut some = Vec::new();
        while reports.recv_many(&mut some, UNWRITTEN).await > 0 {
            let (done, released) = sorted(&mut some);
            let given_back = !released.is_empty();
            // While the database fails nothing new can be claimed either, so waiting costs nobody anything.
            while let Err(error) = self.write(done.clone(), released.clone()).await {
                tracing::error!(%error, "deliveries could not be written down; it is tried again");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
            if given_back {
                self.given_back.notify_one();
            }
        }
    }

    async fn write(&self, done: Vec<Done>, released: Vec<Released>) -> Result<(), Error> {
        if done.is_empty() && released.is_empty() {
            return Ok(());
        }
        let (vault, engine) = (self.vault.clone(), self.engine);
        let (base_url, owner_of) = (self.settings.base_url.clone(), self.settings.owner_of);
        // A failure may disable the subscription, which is a change like any other.
        let failed = done.iter().any(|done| !done.outcome.delivered());
        let write = move |tx: &mut Tx<'_>| {
            let post = Post { vault: &vault, base_url: &base_url, owner_of };
            queue::settle(tx, engine, &post, &done, &released)
        };
        if failed { self.db.write(write).await } else { self.db.write_at_once(write).await }
    }
}

/// Attempts that were made, and queues that are given back.
fn sorted(reports: &mut Vec<Report>) -> (Vec<Done>, Vec<Released>) {
    let (mut done, mut released) = (Vec::new(), Vec::new());
    for report in reports.drain(..) {
        match report {
            Report::Done(one) => done.push(one),
            Report::Released(one) => released.push(one),
        }
    }
    (done, released)
}

/// What a look came upon.
#[derive(Default)]
struct Found {
    /// Whether there were events to pass on.
    waiting: bool,
    passed: Passed,
    /// Whether there were queues to do.
    claimed: bool,
}

/// Whether there are events to pass on, and queues to do.
fn anything(tx: &mut Tx<'_>) -> Result<(bool, bool), storage::Error> {
    let now = tx.now();
    let waiting = !tx.instance(crate::ALL).list(pass_on::waiting().limit(1))?.is_empty();
    let free = QueueRecord::leased_until.is_null().or(QueueRecord::leased_until.lte(Some(now)));
    let due = QueueRecord::due_at.lte(Some(now)).and(free).ascending(QueueRecord::due_at).limit(1);
    Ok((waiting, !tx.instance(crate::ALL).list(due)?.is_empty()))
}

/// Queues that this node has.
#[derive(Default)]
struct Queues {
    tasks: JoinSet<(String, Id<Company>)>,
    hosts: HashMap<String, usize>,
    companies: HashMap<Id<Company>, usize>,
    count: i64,
}

impl Queues {
    fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    fn room(&self) -> usize {
        QUEUES.saturating_sub(self.tasks.len())
    }

    fn what_fits(&mut self) -> Room {
        while let Some(ended) = self.tasks.try_join_next() {
            self.forget(ended);
        }
        let full = |count: &usize, most: usize| *count >= most;
        Room {
            queues: self.room().min(OF_COMPANY / 2) as u64,
            busy_hosts: self.hosts.iter().filter(|(_, n)| full(n, OF_HOST)).map(|(h, _)| h.clone()).collect(),
            busy_companies: self
                .companies
                .iter()
                .filter(|(_, n)| full(n, OF_COMPANY))
                .map(|(c, _)| *c)
                .collect(),
        }
    }

    fn begin(&mut self, job: &Job) {
        *self.hosts.entry(job.host.clone()).or_default() += 1;
        *self.companies.entry(job.company).or_default() += 1;
    }

    /// Waits until one of them ends.
    async fn ended(&mut self) {
        if let Some(ended) = self.tasks.join_next().await {
            self.forget(ended);
        }
    }

    fn forget(&mut self, ended: Result<(String, Id<Company>), tokio::task::JoinError>) {
        let Ok((host, company)) = ended else { return };
        let less = |count: &mut usize| {
            *count = count.saturating_sub(1);
            *count > 0
        };
        self.hosts.retain(|known, count| *known != host || less(count));
        self.companies.retain(|known, count| *known != company || less(count));
    }
}

/// The headers of a request, and the same as the log keeps them.
fn headers(job: &Job, ready: &Ready, seconds: i64) -> (HeaderMap, String) {
    let id = format!("msg_{}", ready.event);
    let mut headers = HeaderMap::new();
    let mut put = |name: &'static str, value: &str, secret: bool| {
        if let Ok(mut value) = HeaderValue::from_str(value) {
            value.set_sensitive(secret);
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    put("content-type", "application/json", false);
    put("user-agent", concat!("muster/", env!("CARGO_PKG_VERSION")), false);
    if let Some(challenge) = &job.challenge {
        put("x-factorial-wh-challenge", challenge, true);
    }
    if let Some((kind, id)) = &ready.author {
        put("x-factorial-author-id", &id.to_string(), false);
        put("x-factorial-author-type", kind, false);
    }
    put("muster-event", &ready.kind, false);
    put("muster-delivery", &ready.id.to_string(), false);
    put("muster-attempt", &ready.attempt.to_string(), false);
    put("webhook-id", &id, false);
    put("webhook-timestamp", &seconds.to_string(), false);
    put("webhook-signature", &signature::header(&job.secrets, &id, seconds, &ready.body), true);
    let shown = lines(&headers);
    (headers, shown)
}

/// Headers as lines. What is secret, or looks like it, is left out.
fn lines(headers: &HeaderMap) -> String {
    const SECRET: [&str; 4] = ["set-cookie", "authorization", "proxy-authorization", "www-authenticate"];
    let line = |(name, value): (&HeaderName, &HeaderValue)| {
        let hidden = value.is_sensitive() || SECRET.contains(&name.as_str());
        let value = if hidden { "…".into() } else { String::from_utf8_lossy(value.as_bytes()) };
        format!("{name}: {}", value.replace('\0', ""))
    };
    headers.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The beginning of a body, as text that both databases keep.
fn kept(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(KEPT)]).replace('\0', "\u{fffd}")
}

fn refused(status: u16) -> String {
    match status {
        300..400 => format!("It answered {status}, and redirects are not followed."),
        _ => format!("It answered {status}."),
    }
}
