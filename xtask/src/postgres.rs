//! A PostgreSQL for the tests: the one that is there, or a temporary one.

use crate::client::decoded;
use crate::process;
use crate::server::free_address;
use anyhow::{Context, Result, bail, ensure};
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// Where the tests find a server on which they may create databases, or `skip`.
pub const VARIABLE: &str = "MUSTER_TEST_POSTGRES";

const DEFAULT: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// A server for tests.
pub struct Postgres {
    /// How to reach it.
    pub url: String,
    /// The server itself, when this program started it.
    own: Option<Temporary>,
}

impl Postgres {
    /// The server that the environment names or, without one, the local one, if it answers.
    pub fn running() -> Result<Self> {
        if let Ok(url) = std::env::var(VARIABLE) {
            ensure!(url != "skip", "{VARIABLE} says so");
            let session = Session::open(&url)
                .with_context(|| format!("{VARIABLE} is set, but its server is of no use"));
            // A server that wants a better proof than this program knows is still one for the tests.
            return session.map(|_| Self { url, own: None });
        }
        Session::open(DEFAULT)?.ready().context("the local PostgreSQL wants a password")?;
        Ok(Self { url: DEFAULT.into(), own: None })
    }

    /// The running server or else a temporary one, installed if need be.
    pub fn any() -> Result<Self> {
        if std::env::var_os(VARIABLE).is_some() {
            return Self::running();
        }
        if let Ok(running) = Self::running() {
            return Ok(running);
        }
        if program("initdb").is_none() {
            process::install(&["postgresql"])?;
        }
        let own = Temporary::start()?;
        Ok(Self { url: own.url.clone(), own: Some(own) })
    }

    /// Where it comes from.
    pub fn origin(&self) -> &'static str {
        match self.own {
            Some(_) => "started for the tests",
            None => "already running",
        }
    }

    /// A new, empty database.
    pub fn database(&self) -> Result<Database> {
        let name = format!("muster_xtask_{}_{}", std::process::id(), free_address()?.port());
        Session::open(&self.url)?.ready()?.query(&format!("CREATE DATABASE {name}"))?;
        let url = Url::parse(&self.url)?.with_database(&name);
        Ok(Database { server: self.url.clone(), name, url })
    }
}

/// A database that is dropped with this value.
pub struct Database {
    server: String,
    name: String,
    /// How to reach it.
    pub url: String,
}

impl Database {
    /// Everything that it holds, as text; bytes as upper-case hex digits.
    pub fn dump(&self) -> Result<String> {
        let mut session = Session::open(&self.url)?.ready()?;
        session.query("SET xmlbinary = 'hex'")?;
        session.query("SELECT database_to_xml(true, false, '')")
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let dropped = Session::open(&self.server)
            .and_then(Opened::ready)
            .and_then(|mut session| session.query(&format!("DROP DATABASE {} WITH (FORCE)", self.name)));
        if let Err(error) = dropped {
            println!("the database {} is left behind: {error}", self.name);
        }
    }
}

/// A server in a temporary folder; it ends with this value.
struct Temporary {
    folder: TempDir,
    url: String,
}

impl Temporary {
    fn start() -> Result<Self> {
        let port = free_address()?.port();
        let folder = tempfile::Builder::new().prefix("muster-postgres-").tempdir()?;
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let server = Self { folder, url };
        if process::is_root() {
            process::run(Command::new("chown").arg(user()).arg(server.folder.path()))?;
        }
        let quiet = |command: &mut Command| process::run(command.stdout(Stdio::null()));
        quiet(server.command("initdb")?.args([
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-locale",
            "-N",
        ]))?;
        // The tests do not pull the plug, so it need not wait for the disk.
        let sockets = server.folder.path().display();
        let options = format!("-p {port} -h 127.0.0.1 -k {sockets} -c fsync=off -c max_connections=300");
        let log = server.folder.path().join("log");
        quiet(server.command("pg_ctl")?.args(["start", "-w", "-o", &options, "-l"]).arg(log))?;
        Session::open(&server.url)?.ready()?;
        Ok(server)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A program of PostgreSQL on this server's data; it refuses to run as root.
    fn command(&self, name: &str) -> Result<Command> {
        let program = program(name).with_context(|| format!("{name} is not installed"))?;
        let mut command = if process::is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", user(), "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.arg("-D").arg(self.data()).current_dir(self.folder.path());
        Ok(command)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Ok(mut stop) = self.command("pg_ctl") {
            process::succeeds(stop.args(["stop", "-w", "-m", "immediate"]));
        }
    }
}

/// The user that a server runs as when this program is root.
fn user() -> &'static str {
    if process::succeeds(Command::new("id").arg("postgres")) { "postgres" } else { "nobody" }
}

/// Debian keeps the server's programs outside of `PATH`.
fn program(name: &str) -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    process::find(name, &folders).filter(|program| Path::new(program).is_file())
}

/// The parts of a URL that this program needs.
#[derive(Debug, PartialEq)]
struct Url {
    user: String,
    password: String,
    host: String,
    port: u16,
    database: String,
    parameters: String,
}

impl Url {
    fn parse(url: &str) -> Result<Self> {
        let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"));
        let rest = rest.context("the URL of a PostgreSQL begins with postgres://")?;
        let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (credentials, host) = authority.rsplit_once('@').unwrap_or(("postgres", authority));
        let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
        let (host, port) = match host.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().context("the port is no number")?),
            None => (host, 5432),
        };
        ensure!(!host.is_empty() && !host.contains('%'), "the tests reach PostgreSQL over TCP");
        let database = if database.is_empty() { user } else { database };
        Ok(Self {
            user: decoded(user),
            password: decoded(password),
            host: host.to_owned(),
            port,
            database: decoded(database),
            parameters: parameters.to_owned(),
        })
    }

    fn with_database(&self, database: &str) -> String {
        let Self { user, password, host, port, parameters, .. } = self;
        let login = crate::client::encoded(&[(user, password)]).replacen('=', ":", 1);
        let question = if parameters.is_empty() { "" } else { "?" };
        format!("postgres://{}@{host}:{port}/{database}{question}{parameters}", login.trim_end_matches(':'))
    }
}

/// What a server said to a first greeting.
enum Opened {
    Ready(Session),
    WantsProof,
}

impl Opened {
    fn ready(self) -> Result<Session> {
        match self {
            Self::Ready(session) => Ok(session),
            Self::WantsProof => {
                bail!("the server wants a proof of the password that this program does not know")
            }
        }
    }
}

/// A connection, with as much of the protocol as a few statements need.
struct Session(TcpStream);

impl Session {
    fn open(url: &str) -> Result<Opened> {
        let url = Url::parse(url)?;
        let address =
            (url.host.as_str(), url.port).to_socket_addrs()?.next().context("the host has no address")?;
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(3))
            .with_context(|| format!("no PostgreSQL answers on {address}"))?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        let mut session = Self(stream);

        const VERSION_3: u32 = 196_608;
        let fields = format!("user\0{}\0database\0{}\0\0", url.user, url.database);
        let mut greeting = VERSION_3.to_be_bytes().to_vec();
        greeting.extend(fields.as_bytes());
        session.send(None, &greeting)?;
        loop {
            let (kind, body) = session.receive()?;
            match (kind, body.first_chunk().copied().map(u32::from_be_bytes)) {
                (b'R', Some(0)) => {}
                (b'R', Some(3)) => session.send(Some(b'p'), format!("{}\0", url.password).as_bytes())?,
                (b'R', _) => return Ok(Opened::WantsProof),
                (b'Z', _) => return Ok(Opened::Ready(session)),
                _ => {}
            }
        }
    }

    /// Runs one statement; the first column of its last row.
    fn query(&mut self, statement: &str) -> Result<String> {
        self.send(Some(b'Q'), format!("{statement}\0").as_bytes())?;
        let mut value = String::new();
        loop {
            let (kind, body) = self.receive().with_context(|| statement.to_owned())?;
            match kind {
                // A row: the number of columns, then the length and the bytes of each.
                b'D' => value = String::from_utf8_lossy(body.get(6..).unwrap_or_default()).into_owned(),
                b'Z' => return Ok(value),
                _ => {}
            }
        }
    }

    fn send(&mut self, kind: Option<u8>, body: &[u8]) -> Result<()> {
        let mut message: Vec<u8> = kind.into_iter().collect();
        message.extend((u32::try_from(body.len())? + 4).to_be_bytes());
        message.extend(body);
        Ok(self.0.write_all(&message)?)
    }

    fn receive(&mut self) -> Result<(u8, Vec<u8>)> {
        let mut head = [0; 5];
        self.0.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let length = (u32::from_be_bytes(length) as usize).checked_sub(4).context("this is no PostgreSQL")?;
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        if kind == b'E' {
            let text = String::from_utf8_lossy(&body);
            bail!("{}", text.split('\0').find_map(|field| field.strip_prefix('M')).unwrap_or("an error"));
        }
        Ok((kind, body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_taken_apart_and_put_together() {
        let url = Url::parse("postgresql://anna:p%40ss@db.example:5433/hr?sslmode=disable").unwrap();
        assert_eq!((url.user.as_str(), url.password.as_str()), ("anna", "p@ss"));
        assert_eq!((url.host.as_str(), url.port, url.database.as_str()), ("db.example", 5433, "hr"));
        assert_eq!(url.with_database("x"), "postgres://anna:p%40ss@db.example:5433/x?sslmode=disable");
        let url = Url::parse("postgres://postgres@127.0.0.1/").unwrap();
        assert_eq!((url.port, url.database.as_str()), (5432, "postgres"));
        assert_eq!(url.with_database("x"), "postgres://postgres@127.0.0.1:5432/x");
        assert!(Url::parse("mysql://root@localhost").is_err());
        assert!(Url::parse("postgres://%2Frun%2Fpostgresql/x").is_err());
    }
}
