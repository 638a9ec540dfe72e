//! Development tasks of Muster, as `cargo xtask COMMAND`.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a tool for developers prints, reads its environment, and connects to the servers that it starts"
)]

mod bench;
mod browser;
mod client;
mod facts;
mod fuzz;
mod hooks;
mod http;
mod load;
mod postgres;
mod process;
mod python;
mod sdk;
mod search;
mod server;
mod soak;
mod test;

use clap::{Parser, Subcommand};
use fuzz::Extent;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Development tasks of Muster.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_version_flag = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs every check and every test, and installs what they need.
    Test {
        /// Run only the tests whose names contain this; more words go to the test harness as they are.
        #[arg(last = true)]
        filter: Vec<String>,
    },
    /// Measures the server side by side with a bare handler, and prints the ratios.
    Bench {
        /// Length of one round; every figure is the median of several.
        #[arg(long, default_value_t = 3)]
        seconds: u64,
        /// Measure the refreshes only.
        #[arg(long)]
        refreshes: bool,
        /// Measure the webhooks only.
        #[arg(long, conflicts_with = "refreshes")]
        webhooks: bool,
    },
    /// Compares the description of the API with facts about the matched one, after `cargo build`.
    Facts {
        /// The folder with a file for each namespace.
        folder: PathBuf,
    },
    /// Sends requests that are made up of the description of the API to a server that was built with `cargo build`.
    Fuzz {
        /// How long to go on, for each version of the API.
        #[arg(long, default_value_t = 300)]
        seconds: u64,
        /// Requests of each operation that are drawn at random, at most.
        #[arg(long, default_value_t = 30)]
        examples: u32,
    },
    /// Drives the matched vendor's SDK against a server that was built with `cargo build`.
    Sdk,
    /// Kills the server under load again and again: it must lose no token and no event, and leave no secret in a file.
    Soak {
        /// How long to go on, for each database.
        #[arg(long, default_value_t = 300)]
        seconds: u64,
        /// How many events have to arrive, on each database.
        #[arg(long, default_value_t = 100_000)]
        events: usize,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Test { filter } => test::run(&filter),
        Command::Bench { seconds, refreshes, webhooks } => {
            let part = match (refreshes, webhooks) {
                (true, _) => bench::Part::Refreshes,
                (_, true) => bench::Part::Webhooks,
                _ => bench::Part::All,
            };
            bench::run(Duration::from_secs(seconds), part)
        }
        Command::Facts { folder } => {
            process::target().and_then(|target| facts::run(&target.join("debug/muster"), &folder))
        }
        Command::Fuzz { seconds, examples } => {
            let extent = Extent { examples, seconds, systematic: true };
            fuzz::environment().and_then(|programs| {
                fuzz::run(&process::target()?.join("debug/muster"), &programs, &fuzz::VERSIONS, extent)
            })
        }
        Command::Sdk => sdk::environments()
            .and_then(|environments| sdk::run(&process::target()?.join("debug/muster"), &environments)),
        Command::Soak { seconds, events } => soak::run(Duration::from_secs(seconds), events),
    };
    if let Err(error) = result {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
