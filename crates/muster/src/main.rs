//! Muster: an open, self-hosted HR platform with a public API.
//!
//! The binary reads the configuration, wires the rooms together and hands over.

mod commands;
mod configuration;
mod declared;
mod instance;
mod listen;
mod mailer;
mod serve;
mod worker;

use clap::Parser;

use configuration::{Cli, Command, Engine};
use storage::Dialect;

/// A request is many small allocations on one thread that end on another, which this allocator is made for.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    match &cli.command {
        None | Some(Command::Serve) => serve::run(&cli.settings),
        Some(Command::Sandbox { command }) => commands::sandbox(&cli.settings, command),
        Some(Command::Application { command }) => commands::application(&cli.settings, command),
        Some(Command::Listen { forward_to, events, sandbox }) => {
            listen::run(&cli.settings, forward_to, events, sandbox.as_deref())
        }
        Some(Command::Trigger { event, sandbox }) => {
            listen::trigger(&cli.settings, event, sandbox.as_deref())
        }
        Some(Command::Holidays { command }) => commands::holidays(&cli.settings, command),
        Some(Command::Configuration) => commands::print(&configuration::markdown()),
        Some(Command::Operations { missing }) => declared::operations(*missing),
        Some(Command::Explain { email, resource, id, json }) => {
            commands::explain(&cli.settings, email, resource, *id, *json)
        }
        Some(Command::Permissions) => declared::permissions(),
        Some(Command::Openapi { version }) => declared::openapi(&cli.settings, version.as_deref()),
        Some(Command::Schema { database: Engine::Sqlite }) => declared::schema(Dialect::Sqlite),
        Some(Command::Schema { database: Engine::Postgres }) => declared::schema(Dialect::Postgres),
    }
}
