//! The real program, started for one test, and somebody who talks to it.

#![allow(dead_code, reason = "every test file uses its own part")]

pub mod http;
pub mod server;
pub mod webdriver;

use std::time::{Duration, Instant};

pub use http::Client;
pub use server::{Instance, Server};

/// How long anything may take that needs no clock to move.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Waits for something that happens elsewhere.
#[track_caller]
pub fn eventually<T>(what: &str, patience: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let begin = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begin.elapsed() < patience, "waited {patience:?} in vain for: {what}");
        pause(Duration::from_millis(20));
    }
}

#[expect(clippy::disallowed_methods, reason = "what is waited for happens in another process")]
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// A variable that the test command may set.
#[expect(clippy::disallowed_methods, reason = "tests are configured by the command that runs them")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Says what is not tested and why.
pub fn skipped(what: &str, why: &str) {
    eprintln!("\n*** SKIPPED: {what}: {why} ***\n");
}

/// A fresh PostgreSQL database, gone with the value; `None` where tests run without a server.
pub fn postgres() -> Option<(storage::testing::TestDatabase, String)> {
    let Some(database) = storage::testing::postgres(&[]) else {
        skipped("PostgreSQL", "MUSTER_TEST_POSTGRES says so");
        return None;
    };
    let storage::Target::Postgres(url) = &database.options.target else { unreachable!("it is PostgreSQL") };
    let url = url.clone();
    Some((database, url))
}
