//! Databases for tests: made for one test, gone after it.

use std::str::FromStr;

use registry::Instant;

use crate::{Clock, Database, Migration, Options, Target};

/// When the clock of a test database stands: 2026-11-23T09:00:00Z.
pub const START: Instant = Instant::from_millis(1_795_424_400_000);

/// A database of a test's own with a clock that only moves by hand.
pub struct TestDatabase {
    /// Which engine it is, for messages.
    pub engine: &'static str,
    /// The database.
    pub db: Database,
    /// How it was opened, to open it once more (another node, a restart).
    pub options: Options,
    _home: Home,
}

enum Home {
    Sqlite { _folder: tempfile::TempDir },
    Postgres { name: String },
}

impl Drop for Home {
    fn drop(&mut self) {
        if let Home::Postgres { name } = self {
            let (config, name) = (server(), name.clone());
            // A thread of its own: the client cannot run inside an async runtime.
            let dropping = std::thread::spawn(move || {
                if let Ok(mut client) = config.map_or(Err(()), |c| c.connect(postgres::NoTls).map_err(drop)) {
                    let _ = client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
                }
            });
            let _ = dropping.join();
        }
    }
}

/// The PostgreSQL server for tests; `None` when `MUSTER_TEST_POSTGRES=skip` says that there is none.
#[allow(clippy::disallowed_methods, reason = "tests are configured by the command that runs them")]
fn server() -> Option<postgres::Config> {
    let url = std::env::var("MUSTER_TEST_POSTGRES");
    let url = url.as_deref().unwrap_or("postgres://postgres@127.0.0.1:5432/postgres");
    if url == "skip" { None } else { postgres::Config::from_str(url).ok() }
}

/// A fresh SQLite database.
///
/// # Panics
/// If it cannot be made.
#[allow(clippy::expect_used, reason = "a test without its database has failed")]
pub fn sqlite(migrations: &[Migration]) -> TestDatabase {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = Options::new(Target::Sqlite(folder.path().join("muster.db")));
    let db = Database::open(&options, Clock::stopped(START), migrations).expect("an SQLite database");
    TestDatabase { engine: "SQLite", db, options, _home: Home::Sqlite { _folder: folder } }
}

/// A fresh PostgreSQL database, unless tests run without a server.
///
/// # Panics
/// If it cannot be made.
#[allow(clippy::expect_used, reason = "a test without its database has failed")]
#[allow(clippy::disallowed_methods, reason = "names of test databases are no secrets")]
pub fn postgres(migrations: &[Migration]) -> Option<TestDatabase> {
    let config = server()?;
    let mut random = [0; 8];
    getrandom::fill(&mut random).expect("randomness");
    let name = format!("muster_test_{:016x}", u64::from_ne_bytes(random));
    let created = name.clone();
    let admin = config.clone();
    std::thread::spawn(move || {
        let mut client = admin.connect(postgres::NoTls).expect("a PostgreSQL server for tests");
        client.batch_execute(&format!("CREATE DATABASE {created}")).expect("a database for a test");
    })
    .join()
    .expect("a database for a test");
    let home = Home::Postgres { name: name.clone() };
    let host = match config.get_hosts().first() {
        Some(postgres::config::Host::Tcp(host)) => host.clone(),
        _ => "127.0.0.1".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let user = config.get_user().unwrap_or("postgres");
    let password =
        config.get_password().map_or(String::new(), |p| format!(":{}", String::from_utf8_lossy(p)));
    let url = format!("postgres://{user}{password}@{host}:{port}/{name}");
    let options = Options { threads: 4, ..Options::new(Target::Postgres(url)) };
    let (opening, migrations) = (options.clone(), migrations.to_vec());
    let db = std::thread::spawn(move || Database::open(&opening, Clock::stopped(START), &migrations))
        .join()
        .expect("a thread")
        .expect("a PostgreSQL database");
    Some(TestDatabase { engine: "PostgreSQL", db, options, _home: home })
}

/// A fresh database of each engine.
pub fn databases(migrations: &[Migration]) -> Vec<TestDatabase> {
    std::iter::once(sqlite(migrations)).chain(postgres(migrations)).collect()
}
