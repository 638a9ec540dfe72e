//! Webhooks under fire: what was acknowledged is told at least once, whatever dies in between; what was not done is never
//! told. And how fast they are delivered.

use crate::client::{Client, Sandbox};
use crate::postgres::{Database, Postgres};
use crate::process;
use crate::server::{Server, Setup};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

const API: &str = "/api/2026-10-01/resources";

/// Who write at the same time.
pub const WRITERS: usize = 32;

/// Rounds of a comparison, after one that warms up.
const ROUNDS: usize = 15;

/// How long it may be silent when a node died with what there is to tell.
const PATIENCE: Duration = Duration::from_secs(100);

/// How long a run writes at most; what was written until then has to arrive.
const LONGEST: Duration = Duration::from_secs(20 * 60);

/// Kills the server while it tells of so many changes, on SQLite and, where there is one, on PostgreSQL; there, two
/// servers share the work, too, and either of them is killed.
pub fn on_all(binary: &Path, postgres: Option<&Postgres>, events: usize) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(killed(binary, &[None], events)).context("events on SQLite")?;
    if let Some(postgres) = postgres {
        let [one, two, either] = [postgres.database()?, postgres.database()?, postgres.database()?];
        runtime.block_on(killed(binary, &[Some(&one)], events)).context("events on PostgreSQL")?;
        runtime.block_on(shared(binary, &two, events)).context("events on two servers")?;
        let both = [Some(&either), Some(&either)];
        runtime.block_on(killed(binary, &both, events)).context("events on two servers that are killed")?;
    }
    Ok(())
}

/// Who is told: counts how often he hears of each name.
#[derive(Clone)]
struct Receiver {
    address: SocketAddr,
    heard: Arc<Mutex<HashMap<String, u32>>>,
    count: Arc<AtomicU64>,
}

impl Receiver {
    async fn new() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let receiver = Self { address: listener.local_addr()?, heard: Arc::default(), count: Arc::default() };
        let inner = receiver.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(inner.clone().serve(stream));
            }
        });
        Ok(receiver)
    }

    async fn serve(self, mut stream: TcpStream) -> Option<()> {
        let _ = stream.set_nodelay(true);
        let (mut read, mut some) = (Vec::new(), vec![0; 16 * 1024]);
        loop {
            let end = loop {
                if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                    break end + 4;
                }
                match stream.read(&mut some).await {
                    Ok(0) | Err(_) => return None,
                    Ok(count) => read.extend_from_slice(&some[..count]),
                }
            };
            let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
            let length: usize = length.trim().parse().ok()?;
            while read.len() < end + length {
                let count = stream.read(&mut some).await.ok().filter(|count| *count > 0)?;
                read.extend_from_slice(&some[..count]);
            }
            let body: Value = serde_json::from_slice(&read[end..end + length]).ok()?;
            read.drain(..end + length);
            let name = body["name"].as_str().unwrap_or_default().to_owned();
            *self.heard().entry(name).or_default() += 1;
            self.count.fetch_add(1, Ordering::Relaxed);
            stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.ok()?;
        }
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, HashMap<String, u32>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A company whose teams somebody is told of.
#[derive(Clone)]
struct Company {
    sandbox: Sandbox,
    receiver: Receiver,
    next: Arc<AtomicU64>,
    /// What was answered with success.
    acknowledged: Arc<Mutex<HashSet<String>>>,
    /// What was asked for, answered or not.
    asked: Arc<Mutex<HashSet<String>>>,
    /// How many writes a living server refused.
    refused: Arc<AtomicU64>,
    begun: Instant,
}

impl Company {
    async fn new(address: SocketAddr, subscriptions: usize) -> Result<Self> {
        let mut client = Client::new(address);
        let sandbox = client.sandbox("Events").await?;
        let receiver = Receiver::new().await?;
        let people = client.api("GET", &format!("{API}/employees/employees"), &sandbox.api_key, None).await?;
        let people: Value = serde_json::from_str(&people.expect(200, "people")?.body)?;
        for number in 0..subscriptions {
            let body = json!({
                "subscription_type": "teams/team/create",
                "target_url": format!("http://{}/{number}", receiver.address),
                "company_id": people["data"][0]["company_id"],
            });
            let path = format!("{API}/api_public/webhook_subscriptions");
            client.api("POST", &path, &sandbox.api_key, Some(&body)).await?.expect(201, "a subscription")?;
        }
        Ok(Self {
            sandbox,
            receiver,
            next: Arc::default(),
            acknowledged: Arc::default(),
            asked: Arc::default(),
            refused: Arc::default(),
            begun: Instant::now(),
        })
    }

    /// Makes teams until there are enough of them, or the server dies.
    async fn write(self, address: SocketAddr, most: u64, dying: Arc<AtomicBool>) -> Result<()> {
        let mut client = Client::new(address);
        let path = format!("{API}/teams/teams");
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= most || self.begun.elapsed() > LONGEST {
                return Ok(());
            }
            let name = format!("Team {number}");
            locked(&self.asked).insert(name.clone());
            let body = json!({ "name": name });
            match client.api("POST", &path, &self.sandbox.api_key, Some(&body)).await {
                // Under this load a database may refuse a write after all; then nobody was promised anything.
                Ok(page) if page.status >= 500 => drop(self.refused.fetch_add(1, Ordering::Relaxed)),
                Ok(page) => {
                    page.expect(201, "a team")?;
                    locked(&self.acknowledged).insert(name);
                }
                Err(error) if dying.load(Ordering::SeqCst) => {
                    let _ = error;
                    return Ok(());
                }
                Err(error) => return Err(error.context("a living server did not answer")),
            }
        }
    }

    /// Some who write to one server.
    fn writers(&self, count: usize, address: SocketAddr, most: u64) -> Writers {
        let (mut tasks, dying) = (JoinSet::new(), Arc::new(AtomicBool::new(false)));
        for _ in 0..count {
            tasks.spawn(self.clone().write(address, most, dying.clone()));
        }
        Writers { tasks, dying }
    }

    /// Waits until everything acknowledged was told, and looks whether anything else was.
    async fn check(&self, address: SocketAddr, what: &str, most_twice: Option<f64>) -> Result<()> {
        let (begin, took) = (Instant::now(), self.begun.elapsed().as_secs());
        let mut progress = (begin, 0);
        loop {
            let missing = {
                let heard = self.receiver.heard();
                locked(&self.acknowledged).iter().filter(|name| !heard.contains_key(*name)).count()
            };
            if missing == 0 {
                break;
            }
            let count = self.receiver.count.load(Ordering::Relaxed);
            if count > progress.1 {
                progress = (Instant::now(), count);
            }
            ensure!(progress.0.elapsed() < PATIENCE, "{missing} events were never told");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        // What was done and whose answer got lost is told, too; give it the time.
        let mut client = Client::new(address);
        let path = format!("{API}/teams/teams?limit=1");
        let teams = client.api("GET", &path, &self.sandbox.api_key, None).await?;
        let teams: Value = serde_json::from_str(&teams.expect(200, "teams")?.body)?;
        let teams = teams["meta"]["total"].as_u64().unwrap_or_default();
        let told = Instant::now();
        while (self.receiver.heard().len() as u64) < teams && told.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let heard = self.receiver.heard();
        ensure!(heard.len() as u64 == teams, "{} of {teams} changes were told", heard.len());
        let asked = locked(&self.asked);
        ensure!(heard.keys().all(|name| asked.contains(name)), "something was told that never happened");
        let twice: u32 = heard.values().map(|times| times - 1).sum();
        let refused = self.refused.load(Ordering::Relaxed);
        println!(
            "  {what}: {teams} events told, {twice} of them again; {refused} writes refused; written within {took} s, the \
             last was told {} ms later",
            begin.elapsed().as_millis()
        );
        if let Some(most) = most_twice {
            ensure!(f64::from(twice) <= most * teams as f64, "{twice} of {teams} events were told again");
        }
        Ok(())
    }
}

/// Those who write to one server.
struct Writers {
    tasks: JoinSet<Result<()>>,
    /// Set just before the server is killed: from then on an answer may stay away.
    dying: Arc<AtomicBool>,
}

impl Writers {
    /// Waits until all of them have ended.
    async fn ended(&mut self) -> Result<()> {
        while let Some(task) = self.tasks.join_next().await {
            task??;
        }
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn setup(binary: &Path, folder: &Path, database: Option<&Database>) -> Result<Setup> {
    let setup = Setup::muster(binary, folder, database.map(|database| database.url.as_str()))?;
    let setup = setup.with("MUSTER_FURNISH_SANDBOXES", "false").with("MUSTER_POST_RATE_LIMIT", "0");
    // Servers that share a database share the key.
    Ok(setup.with("MUSTER_SECRET_KEY", &"07".repeat(32)))
}

/// A server that is started again whenever it was killed, and those who write to it.
struct Node {
    setup: Setup,
    server: Server,
    writers: Writers,
}

/// Servers, one for each database, of which now this one and now that one is killed while all are written to.
async fn killed(binary: &Path, databases: &[Option<&Database>], events: usize) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("events-").tempdir_in(process::target()?)?;
    let (most, mut kills) = (events as u64, 0);
    let mut started = Vec::new();
    for (number, database) in databases.iter().enumerate() {
        let mut setup = setup(binary, &folder.path().join(number.to_string()), *database)?;
        let server = setup.start().await?.0;
        started.push((setup, server));
    }
    let company = Company::new(started[0].0.address(), 1).await?;
    let each = WRITERS / databases.len();
    let mut nodes: Vec<Node> = started
        .into_iter()
        .map(|(setup, server)| {
            let writers = company.writers(each, setup.address(), most);
            Node { setup, server, writers }
        })
        .collect();
    while company.next.load(Ordering::Relaxed) < most && company.begun.elapsed() < LONGEST {
        tokio::time::sleep(Duration::from_millis(crate::soak::random(300, 2500))).await;
        let at = usize::try_from(crate::soak::random(0, nodes.len() as u64))?;
        let Node { mut setup, server, mut writers } = nodes.swap_remove(at);
        writers.dying.store(true, Ordering::SeqCst);
        server.kill()?;
        kills += 1;
        writers.ended().await.with_context(|| format!("the end of the log:\n{}", setup.log_end()))?;
        let server = setup.start().await?.0;
        let writers = company.writers(each, setup.address(), most);
        nodes.push(Node { setup, server, writers });
    }
    for node in &mut nodes {
        node.writers.ended().await?;
    }
    let kind = match databases {
        [None] => "SQLite",
        [_] => "PostgreSQL",
        _ => "two servers on PostgreSQL",
    };
    let checked = company.check(nodes[0].setup.address(), &format!("{kind}, {kills} kills"), None).await;
    checked.with_context(|| format!("the end of the server's log:\n{}", nodes[0].setup.log_end()))?;
    for node in nodes {
        node.server.stop().await?;
    }
    Ok(())
}

async fn shared(binary: &Path, database: &Database, events: usize) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("events-").tempdir_in(process::target()?)?;
    let mut one = setup(binary, &folder.path().join("one"), Some(database))?;
    let (first, _) = one.start().await?;
    let mut two = setup(binary, &folder.path().join("two"), Some(database))?;
    let (second, _) = two.start().await?;
    let company = Company::new(one.address(), 1).await?;
    let both = [one.address(), two.address()];
    for mut writers in both.map(|address| company.writers(WRITERS / 2, address, events as u64)) {
        writers.ended().await?;
    }
    company.check(one.address(), "two servers on PostgreSQL", Some(0.001)).await?;
    second.stop().await?;
    first.stop().await
}

/// What was measured.
pub struct Figures {
    /// Deliveries per second with so many subscriptions.
    pub delivered: Vec<(usize, f64)>,
    /// On each database, what an event costs.
    pub cost: Vec<(&'static str, Cost)>,
}

/// Writes per second with a subscription, of those without.
pub struct Cost {
    /// Where one comes after the other: about the time that a write takes.
    pub alone: f64,
    /// With many writers at a time: about the whole server, which also passes the events on meanwhile.
    pub together: f64,
}

/// Measures deliveries to a receiver on this machine, and what an event costs the write that it tells of.
pub async fn measure(binary: &Path, folder: &Path, postgres: Option<&Postgres>) -> Result<Figures> {
    let mut delivered = Vec::new();
    for (subscriptions, teams) in [(1, 5000), (100, 100), (1000, 20)] {
        let mut setup = setup(binary, &folder.join(format!("hooks-{subscriptions}")), None)?;
        let (server, _) = setup.start().await?;
        let company = Company::new(setup.address(), subscriptions).await?;
        let begin = Instant::now();
        written(&company, &server, WRITERS, teams).await?;
        let wanted = teams * subscriptions as u64;
        while company.receiver.count.load(Ordering::Relaxed) < wanted {
            ensure!(begin.elapsed() < Duration::from_secs(300), "deliveries do not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        delivered.push((subscriptions, wanted as f64 / begin.elapsed().as_secs_f64()));
        server.stop().await?;
    }
    let mut costs = vec![("SQLite", cost(binary, &folder.join("cost"), [None, None]).await?)];
    if let Some(postgres) = postgres {
        let [without, with] = [postgres.database()?, postgres.database()?];
        let databases = [Some(&without), Some(&with)];
        costs.push(("PostgreSQL", cost(binary, &folder.join("cost-postgres"), databases).await?));
    }
    Ok(Figures { delivered, cost: costs })
}

/// What an event costs, measured in turns, so that whatever else the machine does troubles both alike. Nothing is delivered meanwhile: the subscription is
/// disabled, so that its events are written and passed on, and not sent.
async fn cost(binary: &Path, folder: &Path, databases: [Option<&Database>; 2]) -> Result<Cost> {
    let mut sides = Vec::new();
    for (subscriptions, database) in databases.into_iter().enumerate() {
        let mut setup = setup(binary, &folder.join(subscriptions.to_string()), database)?;
        let (server, _) = setup.start().await?;
        let company = Company::new(setup.address(), subscriptions).await?;
        if subscriptions == 1 {
            let path = format!("{API}/api_public/webhook_subscriptions/1");
            let (mut client, body) = (Client::new(setup.address()), json!({ "enabled": false }));
            let changed = client.api("PUT", &path, &company.sandbox.api_key, Some(&body)).await?;
            changed.expect(200, "a disabled subscription")?;
        }
        sides.push((server, company));
    }
    let alone = ratio(&sides, 1, 400).await?;
    let together = ratio(&sides, WRITERS, 2000).await?;
    for (server, _) in sides {
        server.stop().await?;
    }
    Ok(Cost { alone, together })
}

/// What the second of two sides writes in a time, of what the first does.
async fn ratio(sides: &[(Server, Company)], writers: usize, writes: u64) -> Result<f64> {
    let mut ratios = Vec::new();
    for round in 0..=ROUNDS {
        let mut rates = Vec::new();
        for (server, company) in sides {
            let most = company.next.load(Ordering::Relaxed) + writes;
            let begin = Instant::now();
            written(company, server, writers, most).await?;
            rates.push(writes as f64 / begin.elapsed().as_secs_f64());
        }
        // The first round warms up.
        if let ([without, with], true) = (rates.as_slice(), round > 0) {
            ratios.push(with / without);
        }
    }
    Ok(crate::load::median(ratios))
}

async fn written(company: &Company, server: &Server, writers: usize, most: u64) -> Result<()> {
    company.writers(writers, server.address, most).ended().await?;
    company.next.store(most, Ordering::Relaxed);
    Ok(())
}
