//! `cargo xtask sdk`: the matched vendor's own Python SDK, unmodified, against a furnished sandbox: what it calls, and what
//! it is told of.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};

use crate::client::Client;
use crate::process;
use crate::python;
use crate::server::Setup;

/// Versions of the SDK, each for one version of the API.
const VERSIONS: [&str; 3] = ["3.0.0", "2.0.4", "1.3.3"];

/// Name of the package on the Python package index.
const PACKAGE: &str = "factorial-api-client";

/// Checks signatures of webhooks, as receivers would.
const SIGNATURES: (&str, &str) = ("standardwebhooks", "1.1.0");

/// The SDKs, each in an environment of its own; installs those that are not there yet.
pub fn environments() -> Result<Vec<(&'static str, PathBuf)>> {
    let folder = process::target()?.join("sdk");
    let python = |version: &&'static str| {
        let programs = python::packages(&folder.join(version), &[(PACKAGE, version), SIGNATURES])?;
        Ok((*version, programs.join("python")))
    };
    VERSIONS.iter().map(python).collect()
}

/// Runs the suite with every SDK, each against a server of its own, because it adds and changes.
pub fn run(binary: &Path, environments: &[(&str, PathBuf)]) -> Result<()> {
    ensure!(binary.is_file(), "{} has not been built", binary.display());
    let runtime = tokio::runtime::Runtime::new()?;
    let mut failed = Vec::new();
    for (version, python) in environments {
        if let Err(error) = runtime.block_on(suite(binary, python)) {
            println!("{error:#}");
            failed.push(*version);
        }
    }
    ensure!(failed.is_empty(), "the suite failed with {}", failed.join(", "));
    Ok(())
}

async fn suite(binary: &Path, python: &Path) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("sdk-").tempdir_in(process::target()?)?;
    let mut setup = Setup::muster(binary, folder.path(), None)?.with("MUSTER_POST_RATE_LIMIT", "0");
    let (server, _) = setup.start().await?;
    let folder = process::workspace().join("crates/muster/tests/sdk");
    // Each in a sandbox of its own, because it changes whatever it finds.
    let programs =
        [("events.py", None), ("actions.py", None), ("suite.py", Some(folder.join("expected.json")))];
    for (program, arguments) in programs {
        let sandbox = Client::new(server.address).sandbox("SDK").await?;
        let mut command = Command::new(python);
        command.arg("-B").arg(folder.join(program)).args(arguments);
        command.env("FACTORIAL_BASE_URL", format!("http://{}", server.address));
        process::run(command.env("FACTORIAL_API_KEY", sandbox.api_key))?;
    }
    server.stop().await
}
