//! The server under test, as a child process with a data folder of its own.

use crate::client::Client;
use anyhow::{Context, Result, bail, ensure};
use std::fs::{self, File};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The longest time a start may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// How to start a server, as often as needed.
pub struct Setup {
    command: Command,
    address: SocketAddr,
    log: PathBuf,
}

impl Setup {
    /// Muster in the demo environment; its data and its log lie in the folder.
    pub fn muster(binary: &Path, folder: &Path, database: Option<&str>) -> Result<Self> {
        let address = free_address()?;
        let data = folder.join("data");
        let mut command = Command::new(binary);
        command.args(["serve", "--environment", "demo", "--listen", &address.to_string(), "--data-dir"]);
        command.arg(&data).env("MUSTER_PUBLIC_URL", format!("http://{address}"));
        match database {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
        Self::new(command, address, folder)
    }

    /// The yardstick, answering with the body of this answer.
    pub fn bare(binary: &Path, folder: &Path, body: &str, content_type: &str) -> Result<Self> {
        let address = free_address()?;
        let file = folder.join("body");
        fs::create_dir_all(folder)?;
        fs::write(&file, body)?;
        let mut command = Command::new(binary);
        command.arg(address.port().to_string()).arg(&file).arg(content_type);
        Self::new(command, address, folder)
    }

    fn new(command: Command, address: SocketAddr, folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let log = folder.join("server.log");
        Ok(Self { command, address, log })
    }

    /// The same with an environment variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Where the server listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Starts it, waits for its first answer, and says how long that took.
    pub async fn start(&mut self) -> Result<(Server, Duration)> {
        let log = File::options().create(true).append(true).open(&self.log)?;
        // The first start of a demo prints credentials; they belong to the person who started it, not to the log.
        self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let begin = Instant::now();
        let child = self.command.spawn().with_context(|| format!("cannot start {:?}", self.command))?;
        let mut server = Server { child, address: self.address };
        loop {
            if let Ok(page) = Client::new(self.address).get("/health").await
                && page.status == 200
            {
                return Ok((server, begin.elapsed()));
            }
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended with {status}:\n{}", self.log_end());
            }
            ensure!(begin.elapsed() < PATIENCE, "the server does not answer:\n{}", self.log_end());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The last lines of the log.
    pub fn log_end(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}

/// A running server; it ends with this value at the latest.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Server {
    /// Kills it in the middle of whatever it does.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end, and waits until it has.
    pub async fn stop(mut self) -> Result<()> {
        let id = self.child.id();
        crate::process::run(Command::new("sh").args(["-c", &format!("kill -TERM {id}")]))?;
        let begin = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(begin.elapsed() < Duration::from_secs(10), "the server does not stop when asked to");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }

    /// Its resident memory in bytes.
    pub fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .context("the memory of a process can be read on Linux only")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address of this machine on which nothing listens.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}
