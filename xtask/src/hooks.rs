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
const WRITERS: usize = 32;

/// How long it may be silent when a node died with what there is to tell.
const PATIENCE: Duration = Duration::from_secs(100);

/// Kills the server while it tells of so many changes, on SQLite and, where there is one, on PostgreSQL; there, two
/// servers share the work, too.
pub fn on_all(binary: &Path, postgres: Option<&Postgres>, events: usize) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(killed(binary, None, events)).context("events on SQLite")?;
    if let Some(postgres) = postgres {
        let [one, two] = [postgres.database()?, postgres.database()?];
        runtime.block_on(killed(binary, Some(&one), events)).context("events on PostgreSQL")?;
        runtime.block_on(shared(binary, &two, events)).context("events on two servers")?;
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
    dying: Arc<AtomicBool>,
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
            dying: Arc::default(),
            begun: Instant::now(),
        })
    }

    /// Makes teams until there are enough of them, or the server dies.
    async fn write(self, address: SocketAddr, most: u64) -> Result<()> {
        let mut client = Client::new(address);
        let path = format!("{API}/teams/teams");
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= most {
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
                Err(error) if self.dying.load(Ordering::SeqCst) => {
                    let _ = error;
                    return Ok(());
                }
                Err(error) => return Err(error.context("a living server did not answer")),
            }
        }
    }

    fn all(&self, addresses: &[SocketAddr], most: u64) -> JoinSet<Result<()>> {
        let mut tasks = JoinSet::new();
        for writer in 0..WRITERS {
            tasks.spawn(self.clone().write(addresses[writer % addresses.len()], most));
        }
        tasks
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

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn setup(binary: &Path, folder: &Path, database: Option<&Database>) -> Result<Setup> {
    let setup = Setup::muster(binary, folder, database.map(|database| database.url.as_str()))?;
    let setup = setup.with("MUSTER_FURNISH_SANDBOXES", "false").with("MUSTER_POST_RATE_LIMIT", "0");
    // Servers that share a database share the key.
    Ok(setup.with("MUSTER_SECRET_KEY", &"07".repeat(32)))
}

async fn killed(binary: &Path, database: Option<&Database>, events: usize) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("events-").tempdir_in(process::target()?)?;
    let mut setup = setup(binary, folder.path(), database)?;
    let (mut server, _) = setup.start().await?;
    let company = Company::new(setup.address(), 1).await?;
    let (most, mut kills) = (events as u64, 0);
    while company.next.load(Ordering::Relaxed) < most {
        company.dying.store(false, Ordering::SeqCst);
        let mut tasks = company.all(&[setup.address()], most);
        tokio::time::sleep(Duration::from_millis(crate::soak::random(300, 2500))).await;
        company.dying.store(true, Ordering::SeqCst);
        server.kill()?;
        kills += 1;
        while let Some(task) = tasks.join_next().await {
            task?.with_context(|| format!("the end of the log:\n{}", setup.log_end()))?;
        }
        server = setup.start().await?.0;
    }
    let kind = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    let checked = company.check(setup.address(), &format!("{kind}, {kills} kills"), None).await;
    checked.with_context(|| format!("the end of the server's log:\n{}", setup.log_end()))?;
    server.stop().await
}

async fn shared(binary: &Path, database: &Database, events: usize) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("events-").tempdir_in(process::target()?)?;
    let mut one = setup(binary, &folder.path().join("one"), Some(database))?;
    let (first, _) = one.start().await?;
    let mut two = setup(binary, &folder.path().join("two"), Some(database))?;
    let (second, _) = two.start().await?;
    let company = Company::new(one.address(), 1).await?;
    let mut tasks = company.all(&[one.address(), two.address()], events as u64);
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    company.check(one.address(), "two servers on PostgreSQL", Some(0.001)).await?;
    second.stop().await?;
    first.stop().await
}

/// What was measured.
pub struct Figures {
    /// Deliveries per second with so many subscriptions.
    pub delivered: Vec<(usize, f64)>,
    /// Writes per second with a subscription, of those without.
    pub cost: f64,
}

/// Measures deliveries to a receiver on this machine, and what an event costs the write that it tells of.
pub async fn measure(binary: &Path, folder: &Path) -> Result<Figures> {
    let mut delivered = Vec::new();
    for (subscriptions, teams) in [(1, 5000), (100, 100), (1000, 20)] {
        let mut setup = setup(binary, &folder.join(format!("hooks-{subscriptions}")), None)?;
        let (server, _) = setup.start().await?;
        let company = Company::new(setup.address(), subscriptions).await?;
        let begin = Instant::now();
        written(&company, &server, teams).await?;
        let wanted = teams * subscriptions as u64;
        while company.receiver.count.load(Ordering::Relaxed) < wanted {
            ensure!(begin.elapsed() < Duration::from_secs(300), "deliveries do not end");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        delivered.push((subscriptions, wanted as f64 / begin.elapsed().as_secs_f64()));
        server.stop().await?;
    }
    // In turns, so that whatever else the machine does troubles both alike. Nothing is delivered meanwhile: the
    // subscription is disabled, which writes the event and does not send it.
    let mut sides = Vec::new();
    for subscriptions in [0, 1] {
        let mut setup = setup(binary, &folder.join(format!("cost-{subscriptions}")), None)?;
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
    let mut rates = [Vec::new(), Vec::new()];
    for round in 0..7 {
        for ((server, company), rates) in sides.iter().zip(&mut rates) {
            let begin = Instant::now();
            written(company, server, (round + 1) * 2000).await?;
            // The first round warms up.
            if round > 0 {
                rates.push(2000.0 / begin.elapsed().as_secs_f64());
            }
        }
    }
    let [without, with] = rates.map(crate::load::median);
    for (server, _) in sides {
        server.stop().await?;
    }
    Ok(Figures { delivered, cost: with / without })
}

async fn written(company: &Company, server: &Server, most: u64) -> Result<()> {
    company.next.fetch_min(most, Ordering::Relaxed);
    let mut tasks = company.all(&[server.address], most);
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    company.next.store(most, Ordering::Relaxed);
    Ok(())
}
