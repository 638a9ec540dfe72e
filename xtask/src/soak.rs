//! `cargo xtask soak`: what the server acknowledged outlives its sudden death, and no secret is left in a file.

use crate::client::{Client, Sandbox, Tokens, code};
use crate::postgres::{Database, Postgres};
use crate::process;
use crate::search::Search;
use crate::server::Setup;
use anyhow::{Context, Result, bail, ensure};
use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const REFRESHERS: usize = 12;
const EXCHANGERS: usize = 4;

/// The long form, with the optimised server.
pub fn run(time: Duration, events: usize) -> Result<()> {
    process::run(&mut process::cargo("build --release --locked -p muster"))?;
    let binary = process::target()?.join("release/muster");
    let postgres = Postgres::running();
    if let Err(error) = &postgres {
        println!("PostgreSQL is left out: {error:#}");
    }
    on_all(&binary, postgres.as_ref().ok(), Limit::Time(time))?;
    crate::hooks::on_all(&binary, postgres.as_ref().ok(), events)
}

/// When to end.
#[derive(Clone, Copy)]
pub enum Limit {
    /// After the first kill past this time.
    Time(Duration),
    /// After so many kills.
    Kills(u32),
}

impl Limit {
    fn is_reached(self, begin: Instant, kills: u32) -> bool {
        match self {
            Self::Time(time) => begin.elapsed() >= time,
            Self::Kills(most) => kills >= most,
        }
    }
}

/// The test on SQLite and, where there is one, on PostgreSQL.
pub fn on_all(binary: &Path, postgres: Option<&Postgres>, limit: Limit) -> Result<()> {
    ensure!(binary.is_file(), "{} has not been built", binary.display());
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(on_one(binary, None, limit)).context("soak on SQLite")?;
    if let Some(postgres) = postgres {
        let database = postgres.database()?;
        runtime.block_on(on_one(binary, Some(&database), limit)).context("soak on PostgreSQL")?;
    }
    Ok(())
}

async fn on_one(binary: &Path, database: Option<&Database>, limit: Limit) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("soak-").tempdir_in(process::target()?)?;
    let mut setup = Setup::muster(binary, folder.path(), database.map(|database| database.url.as_str()))?;
    let soak = Soak::default();
    if let Err(error) = soak.until(limit, &mut setup).await {
        return Err(error.context(format!("the end of the server's log:\n{}", setup.log_end())));
    }

    let secrets = soak.secrets();
    let search = Search::new(secrets.iter().map(String::as_str))?;
    let (bytes, mut found) = search.find_below(folder.path())?;
    if let Some(database) = database {
        let dump = database.dump()?;
        let contains = |text: &str| search.find(text.as_bytes()).is_some();
        // Secrets have lower-case digits, and a dump shows bytes with upper-case ones.
        if contains(&dump) || contains(&dump.to_ascii_lowercase()) {
            found.push("the database contains a secret".into());
        }
    }
    ensure!(found.is_empty(), "secrets are left behind:\n{}", found.join("\n"));
    let kind = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    println!("  {kind}: none of {} secrets in {bytes} bytes of files", secrets.len());
    Ok(())
}

/// What all clients of one run share.
#[derive(Clone, Default)]
struct Soak {
    /// Every secret that the server ever gave away.
    secrets: Arc<Mutex<HashSet<String>>>,
    /// Set just before a kill: from then on, an answer may stay away.
    dying: Arc<AtomicBool>,
}

impl Soak {
    async fn until(&self, limit: Limit, setup: &mut Setup) -> Result<()> {
        let begin = Instant::now();
        let (mut server, _) = setup.start().await?;
        let mut person = Client::new(setup.address());
        let sandbox = person.sandbox("Soak").await?;
        person.log_in(&sandbox).await?;
        self.remember([&sandbox.client_secret, &sandbox.api_key, &sandbox.admin_password]);
        // A short cookie is a preference and no secret.
        self.remember(person.cookies().filter(|value| value.len() >= 32));

        let mut families = Vec::new();
        for _ in 0..REFRESHERS {
            families.push(self.family(&mut person, &sandbox).await?);
        }
        let mut kills = 0;
        while !limit.is_reached(begin, kills) {
            self.dying.store(false, Ordering::SeqCst);
            let mut refreshers = JoinSet::new();
            for family in families.drain(..) {
                refreshers.spawn(self.clone().refresh(Client::new(setup.address()), sandbox.clone(), family));
            }
            let mut exchangers = JoinSet::new();
            for _ in 0..EXCHANGERS {
                exchangers.spawn(self.clone().exchange(person.sibling(), sandbox.clone()));
            }

            tokio::time::sleep(Duration::from_millis(random(500, 3000))).await;
            self.dying.store(true, Ordering::SeqCst);
            server.kill()?;
            kills += 1;

            let mut refreshes = 0;
            while let Some(task) = refreshers.join_next().await {
                let (family, count) = task??;
                families.push(family);
                refreshes += count;
            }
            let mut exchanged = Vec::new();
            while let Some(task) = exchangers.join_next().await {
                exchanged.extend(task??);
            }

            let (restarted, time) = setup.start().await?;
            server = restarted;
            let time = time.as_millis();
            println!(
                "  kill {kills}: {refreshes} refreshes and {} codes were acknowledged; back after {time} ms",
                exchanged.len()
            );
            // A connection of before the kill is dead.
            person = person.sibling();
            for family in families.iter_mut().chain(&mut exchanged) {
                self.check(&mut person, &sandbox, family).await?;
            }
        }
        server.stop().await
    }

    /// The last acknowledged pair must work, even if the answer to a later refresh was lost.
    async fn check(&self, client: &mut Client, sandbox: &Sandbox, family: &mut Tokens) -> Result<()> {
        client.me(&family.access).await?.expect(200, "an acknowledged access token after a kill")?;
        let page = client.refresh(sandbox, &family.refresh).await?;
        *family = self.acknowledged(page.tokens("an acknowledged refresh token after a kill")?);
        Ok(())
    }

    async fn family(&self, client: &mut Client, sandbox: &Sandbox) -> Result<Tokens> {
        let code = code(&client.authorize(sandbox).await?)?;
        self.remember([&code]);
        let page = client.exchange(sandbox, &code).await?;
        Ok(self.acknowledged(page.tokens("exchange of a code")?))
    }

    /// Refreshes one family until the server dies.
    async fn refresh(
        self,
        mut client: Client,
        sandbox: Sandbox,
        mut family: Tokens,
    ) -> Result<(Tokens, u32)> {
        let mut count = 0;
        loop {
            // Using the new access token is what ends the pair before it.
            if random(0, 4) == 0 {
                match client.me(&family.access).await {
                    Ok(page) => page.expect(200, "an acknowledged access token")?,
                    Err(error) => return self.excused(error).map(|()| (family, count)),
                };
            }
            match client.refresh(&sandbox, &family.refresh).await {
                Ok(page) => family = self.acknowledged(page.tokens("an acknowledged refresh token")?),
                Err(error) => return self.excused(error).map(|()| (family, count)),
            }
            count += 1;
        }
    }

    /// Gets new families until the server dies.
    async fn exchange(self, mut client: Client, sandbox: Sandbox) -> Result<Vec<Tokens>> {
        let mut families = Vec::new();
        loop {
            let page = match client.authorize(&sandbox).await {
                Ok(page) => page,
                Err(error) => return self.excused(error).map(|()| families),
            };
            let code = code(&page)?;
            self.remember([&code]);
            match client.exchange(&sandbox, &code).await {
                Ok(page) => families.push(self.acknowledged(page.tokens("exchange of a code")?)),
                Err(error) => return self.excused(error).map(|()| families),
            }
            // Families pile up, and each is checked after the kill.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// No answer came, which only a dying server may do.
    fn excused(&self, error: anyhow::Error) -> Result<()> {
        if !self.dying.load(Ordering::SeqCst) {
            bail!(error.context("a living server did not answer"));
        }
        Ok(())
    }

    fn acknowledged(&self, tokens: Tokens) -> Tokens {
        self.remember([&tokens.access, &tokens.refresh]);
        tokens
    }

    fn remember<T: AsRef<str>>(&self, secrets: impl IntoIterator<Item = T>) {
        let mut all = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(secrets.into_iter().map(|secret| secret.as_ref().to_owned()));
    }

    fn secrets(&self) -> HashSet<String> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A number of this range. A hasher's random keys are random enough here, and need no dependency.
pub fn random(from: u64, to: u64) -> u64 {
    from + RandomState::new().build_hasher().finish() % (to - from)
}
