//! `cargo xtask bench`: figures that hold on any machine, because each is a ratio of two things measured in turns.

use crate::client::{Client, Page, Sandbox, me_request, refresh_request};
use crate::load::{self, Caller, Measure, Repeat, median};
use crate::postgres::Postgres;
use crate::process;
use crate::server::{Server, Setup};
use anyhow::{Context, Result, ensure};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 5;
const STARTS: usize = 10;

/// What is measured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Everything.
    All,
    /// The refreshes only.
    Refreshes,
    /// The webhooks only.
    Webhooks,
}

/// Builds everything, measures all or a part, and prints the table.
pub fn run(round: Duration, part: Part) -> Result<()> {
    process::run(&mut process::cargo("build --release --locked -p muster"))?;
    process::run(&mut process::cargo("build --release --locked -p xtask --bin xtask --example bare"))?;
    if part == Part::All {
        process::run(&mut process::cargo(
            "build --release --locked -p demo --example lists --example month",
        ))?;
    }
    let target = process::target()?;
    if cfg!(debug_assertions) {
        // An unoptimised load generator would be the slowest part, and flatter every ratio.
        let seconds = round.as_secs().to_string();
        let optimised = target.join("release/xtask");
        let mut command = Command::new(optimised);
        let only = match part {
            Part::All => None,
            Part::Refreshes => Some("--refreshes"),
            Part::Webhooks => Some("--webhooks"),
        };
        command.args(["bench", "--seconds", &seconds]).args(only);
        let status = command.status()?;
        std::process::exit(status.code().unwrap_or(1));
    }
    tokio::runtime::Runtime::new()?.block_on(measure(&target, round, part))
}

async fn measure(target: &Path, round: Duration, part: Part) -> Result<()> {
    // Below the target folder, since that is a real disk, which a temporary folder often is not.
    let folder = tempfile::Builder::new().prefix("bench-").tempdir_in(target)?;
    let bench = Bench { target: target.to_owned(), folder: folder.path().to_owned(), round };
    let mut table = Table::default();

    if part == Part::All {
        let (setup, token) = bench.reading(&mut table).await?;
        bench.starting(setup, &token, &mut table).await?;
        bench.lists(&mut table)?;
        bench.month(&mut table)?;
    }
    if part != Part::Webhooks {
        bench.refreshing(None, &mut table).await?;
        match Postgres::running() {
            Ok(postgres) => {
                let [many, one] = [postgres.database()?, postgres.database()?];
                bench.refreshing(Some([&many.url, &one.url]), &mut table).await?;
            }
            Err(error) => println!("\nPostgreSQL is not measured: {error:#}"),
        }
    }
    if part != Part::Refreshes {
        bench.hooks(&mut table).await?;
    }
    table.print();
    ensure!(table.missed == 0, "{} targets missed", table.missed);
    Ok(())
}

struct Bench {
    target: PathBuf,
    folder: PathBuf,
    round: Duration,
}

impl Bench {
    fn muster(&self, name: &str, database: Option<&str>) -> Result<Setup> {
        Setup::muster(&self.target.join("release/muster"), &self.folder.join(name), database)
    }

    async fn bare(&self, name: &str, answer: &Page) -> Result<Server> {
        let binary = self.target.join("release/examples/bare");
        let mut setup = Setup::bare(&binary, &self.folder.join(name), &answer.body, &answer.content_type)?;
        Ok(setup.start().await?.0)
    }

    /// `GET /api/v1/me`; leaves a database behind for later starts, and a token in it.
    async fn reading(&self, table: &mut Table) -> Result<(Setup, String)> {
        println!("\nGET /api/v1/me:");
        let mut setup = self.muster("reading", None)?;
        let (server, _) = setup.start().await?;
        let mut person = Person::new(server.address).await?;
        let token = person.client.family(&person.sandbox).await?.access;
        let answer = person.client.me(&token).await?.expect(200, "GET /api/v1/me")?;
        let bare = self.bare("bare-me", &answer).await?;

        let callers = |address| vec![Repeat::new(me_request(address, &token)); CONNECTIONS];
        let sides = vec![
            Side::new("bare handler", &bare, callers(bare.address)),
            Side::new("muster", &server, callers(server.address)),
        ];
        let [bare, muster] = self.in_turns(sides).await?;
        table.side("GET /api/v1/me, bare handler", &bare);
        table.side("GET /api/v1/me", &muster);
        table.ratio("  of the bare handler's requests/s", muster.ratio(&bare), 0.7);
        server.stop().await?;
        Ok((setup, token))
    }

    /// From the start of the process to its first answer, and the memory it needs.
    async fn starting(&self, mut setup: Setup, token: &str, table: &mut Table) -> Result<()> {
        println!("\n{STARTS} starts:");
        let mut times = Vec::new();
        for _ in 0..STARTS {
            let (server, time) = setup.start().await?;
            server.stop().await?;
            times.push(time);
        }
        let time = median(times).as_secs_f64();
        println!("  {:.0} ms", time * 1000.0);
        table.limit("start to first answer, existing database", time * 1000.0, 300.0, "ms");

        println!("\nidle memory:");
        if !cfg!(target_os = "linux") {
            println!("  not measured: this needs Linux");
            return Ok(());
        }
        let (server, _) = setup.start().await?;
        let mut client = Client::new(server.address);
        for _ in 0..200 {
            client.me(token).await?.expect(200, "GET /api/v1/me")?;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        let mebibytes = server.memory()? as f64 / f64::from(1 << 20);
        println!("  {mebibytes:.1} MiB");
        table.limit("idle memory", mebibytes, 64.0, "MiB");
        server.stop().await
    }

    /// Pages of lists, which another program measures inside one process.
    fn lists(&self, table: &mut Table) -> Result<()> {
        println!("\nlists (a million rows are planted first):");
        let figure = self.figures("lists")?;
        table.limit("provisioning of the demo company", figure("provisioning")?, 3.0, "s");
        table.ratio("100 employees, of their rows/s by hand", figure("employees")?, 0.5);
        table.ratio(
            "100 shifts for their manager, of the same for an administrator",
            figure("manager")?,
            0.7,
        );
        table.ratio("100 of a filtered list, of the same by hand", figure("filtered")?, 0.5);
        table.limit("page 10,000 of a million rows, of page 1", figure("page")?, 1.2, "times");
        Ok(())
    }

    /// What is worked out of the time of a thousand people, which another program measures on one core.
    fn month(&self, table: &mut Table) -> Result<()> {
        println!("\na month of 1,000 people:");
        let figure = self.figures("month")?;
        table.rate("worked times, employee-days", figure("attendance/worked_times")?, 5000.0);
        table.rate("estimated times, employee-days", figure("attendance/estimated_times")?, 5000.0);
        table.rate("balances of time off", figure("timeoff/allowance_stats")?, 5000.0);
        Ok(())
    }

    /// Runs a program that prints figures, each with its name.
    fn figures(&self, program: &str) -> Result<impl Fn(&str) -> Result<f64>> {
        let program = self.target.join("release/examples").join(program);
        let output = Command::new(program).arg(&self.folder).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let output = String::from_utf8(output.stdout)?;
        print!("{output}");
        Ok(move |name: &str| -> Result<f64> {
            let mut lines = output.lines().filter_map(|line| line.split_once('\t'));
            let (_, value) = lines.find(|line| line.0 == name).with_context(|| format!("no {name}"))?;
            Ok(value.parse()?)
        })
    }

    /// Deliveries of webhooks, and what an event costs the write that it tells of.
    async fn hooks(&self, table: &mut Table) -> Result<()> {
        println!("\nwebhooks:");
        let postgres = Postgres::running().ok();
        let binary = self.target.join("release/muster");
        let figures = crate::hooks::measure(&binary, &self.folder, postgres.as_ref()).await?;
        for (subscriptions, rate) in figures.delivered {
            table.figure(&format!("deliveries, {subscriptions} subscriptions"), rate, "/s");
        }
        for (kind, cost) in figures.cost {
            table.ratio(&format!("a write that is told of, of others, {kind}"), cost.alone, 0.85);
            table.information(&format!("  with {} writers at a time", crate::hooks::WRITERS), cost.together);
        }
        Ok(())
    }

    /// Refreshes that are on disk when they are answered. The databases, if any, are for many and for one commit each.
    async fn refreshing(&self, databases: Option<[&str; 2]>, table: &mut Table) -> Result<()> {
        let kind = if databases.is_some() { "PostgreSQL" } else { "SQLite" };
        println!("\nPOST /oauth/token, {kind}:");
        let mut setups = [
            self.muster(&format!("many-{kind}"), databases.map(|[many, _]| many))?,
            self.muster(&format!("one-{kind}"), databases.map(|[_, one]| one))?
                .with("MUSTER_GROUP_COMMIT", "1"),
        ];
        let [many, one] = &mut setups;
        let (many, _) = many.start().await?;
        let (one, _) = one.start().await?;
        let (callers, answer) = Refresher::all(many.address).await?;
        let (single_callers, _) = Refresher::all(one.address).await?;

        // The bare handler gets the requests of a caller and answers a real pair; the generator does the same work.
        let bare = self.bare(&format!("bare-token-{kind}"), &answer).await?;
        let bare_callers = callers.iter().map(|caller| caller.at(bare.address)).collect();

        let sides = vec![
            Side::new("bare handler", &bare, bare_callers),
            Side::new("muster", &many, callers),
            Side::new("muster, one commit each", &one, single_callers),
        ];
        let [bare, many, one] = self.in_turns(sides).await?;
        table.side(&format!("refresh, bare handler ({kind} turn)"), &bare);
        table.side(&format!("refresh, {kind}"), &many);
        table.side(&format!("refresh, {kind}, one commit each"), &one);
        if databases.is_none() {
            table.ratio("  of the bare handler's requests/s", many.ratio(&bare), 0.2);
            table.ratio("  of one commit each", many.ratio(&one), 2.0);
        } else {
            table.information("  of the bare handler's requests/s", many.ratio(&bare));
            table.information("  of one commit each", many.ratio(&one));
        }
        Ok(())
    }

    /// Measures all sides round by round, so that whatever else the machine does troubles all alike.
    async fn in_turns<C: Caller, const N: usize>(&self, mut sides: Vec<Side<C>>) -> Result<[Rounds; N]> {
        for number in 0..=ROUNDS {
            for side in &mut sides {
                let callers = std::mem::take(&mut side.callers);
                // The first round warms up.
                let time = if number == 0 { self.round / 3 } else { self.round };
                let (measure, callers) = load::run(side.address, callers, time).await.context(side.name)?;
                side.callers = callers;
                if number > 0 {
                    println!("  {:<24} {:>9.0} /s", side.name, measure.rate);
                    side.rounds.0.push(measure);
                }
            }
        }
        let rounds: Vec<_> = sides.into_iter().map(|side| side.rounds).collect();
        rounds.try_into().ok().context("a side is missing")
    }
}

/// What one side did, round by round.
#[derive(Default)]
struct Rounds(Vec<Measure>);

impl Rounds {
    fn median(&self) -> Measure {
        Measure::median(&self.0)
    }

    /// The requests/s as a part of another side's: the median of the ratios of each turn, because what slowed one side
    /// of a turn down slowed the other too.
    fn ratio(&self, other: &Self) -> f64 {
        median(self.0.iter().zip(&other.0).map(|(own, other)| own.rate / other.rate).collect())
    }
}

/// One of the things that are measured in turns.
struct Side<C> {
    name: &'static str,
    address: SocketAddr,
    callers: Vec<C>,
    rounds: Rounds,
}

impl<C> Side<C> {
    fn new(name: &'static str, server: &Server, callers: Vec<C>) -> Self {
        Self { name, address: server.address, callers, rounds: Rounds::default() }
    }
}

/// Someone who is logged in to a sandbox of his own.
struct Person {
    client: Client,
    sandbox: Sandbox,
}

impl Person {
    async fn new(address: SocketAddr) -> Result<Self> {
        let mut client = Client::new(address);
        let sandbox = client.sandbox("Bench").await?;
        client.log_in(&sandbox).await?;
        Ok(Self { client, sandbox })
    }
}

/// A program that refreshes all the time, each time with what it got the last time.
struct Refresher {
    address: SocketAddr,
    sandbox: Sandbox,
    refresh_token: String,
    request: Vec<u8>,
}

impl Refresher {
    /// As many as there are connections, with a family each, and a specimen of the answers that they will get.
    async fn all(address: SocketAddr) -> Result<(Vec<Self>, Page)> {
        let Person { mut client, sandbox } = Person::new(address).await?;
        let mut all = Vec::new();
        for _ in 0..CONNECTIONS {
            let refresh_token = client.family(&sandbox).await?.refresh;
            all.push(Self { address, sandbox: sandbox.clone(), refresh_token, request: Vec::new() });
        }
        let other = client.family(&sandbox).await?;
        let answer = client.refresh(&sandbox, &other.refresh).await?.expect(200, "refresh")?;
        Ok((all, answer))
    }

    fn at(&self, address: SocketAddr) -> Self {
        let Self { sandbox, refresh_token, .. } = self;
        Self { address, sandbox: sandbox.clone(), refresh_token: refresh_token.clone(), request: Vec::new() }
    }
}

impl Caller for Refresher {
    fn request(&mut self) -> &[u8] {
        self.request = refresh_request(self.address, &self.sandbox, &self.refresh_token);
        &self.request
    }

    fn answered(&mut self, status: u16, body: &[u8]) -> Result<()> {
        let body = str::from_utf8(body)?;
        ensure!(status == 200, "answered {status}: {body}");
        // Reading one member takes the generator less than reading the JSON would.
        let (_, rest) = body.split_once("\"refresh_token\":").context("no refresh_token")?;
        let value = rest.split('"').nth(1).context("no refresh_token")?;
        self.refresh_token.clear();
        self.refresh_token.push_str(value);
        Ok(())
    }
}

/// The lines of the result.
#[derive(Default)]
struct Table {
    lines: Vec<String>,
    missed: usize,
}

impl Table {
    fn side(&mut self, name: &str, rounds: &Rounds) {
        let measure = rounds.median();
        let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
        self.lines.push(format!(
            "{name:<44} {:>9.0} /s     p50 {:>6.2} ms   p99 {:>6.2} ms",
            measure.rate,
            milliseconds(measure.p50),
            milliseconds(measure.p99)
        ));
    }

    fn ratio(&mut self, name: &str, value: f64, least: f64) {
        let verdict = self.verdict(value >= least);
        self.lines.push(format!("{name:<44} {value:>9.2} times  at least {least:<4}            {verdict}"));
    }

    fn limit(&mut self, name: &str, value: f64, most: f64, unit: &str) {
        let verdict = self.verdict(value <= most);
        self.lines.push(format!("{name:<44} {value:>9.1} {unit:<6} at most {most:<5}            {verdict}"));
    }

    fn rate(&mut self, name: &str, value: f64, least: f64) {
        let verdict = self.verdict(value >= least);
        self.lines.push(format!("{name:<44} {value:>9.0} /s     at least {least:<4}            {verdict}"));
    }

    fn figure(&mut self, name: &str, value: f64, unit: &str) {
        self.lines.push(format!("{name:<44} {value:>9.0} {unit}"));
    }

    fn information(&mut self, name: &str, value: f64) {
        self.lines.push(format!("{name:<44} {value:>9.2} times"));
    }

    fn verdict(&mut self, reached: bool) -> &'static str {
        self.missed += usize::from(!reached);
        if reached { "pass" } else { "FAIL" }
    }

    fn print(&self) {
        println!(
            "\nMedians of at least {ROUNDS} rounds in turns, {CONNECTIONS} connections if nothing else is said, the generator on \
             the same cores:\n"
        );
        for line in &self.lines {
            println!("{line}");
        }
        println!();
    }
}
