//! `cargo xtask fuzz`: requests that are made up of the description of the API, against a furnished sandbox. No answer may be a
//! failure, and none may be other than the description says.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::client::Client;
use crate::process;
use crate::python;
use crate::server::Setup;

/// What makes the requests up, from the Python package index.
const PACKAGE: (&str, &str) = ("schemathesis", "4.32.5");

/// The versions of the API that differ.
pub const VERSIONS: [&str; 3] = ["2026-10-01", "2026-07-01", "2026-04-01"];

/// What is looked at in every answer. The first is in `checks.py`.
const CHECKS: &str = "nothing_fails,response_schema_conformance,status_code_conformance,content_type_conformance,\
                      response_headers_conformance";

/// How long it goes on, for each version.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Requests of each operation that are drawn at random, at most.
    pub examples: u32,
    /// The time after which it ends.
    pub seconds: u64,
    /// Whether it begins with one request for each way in which the input can be wrong.
    pub systematic: bool,
}

/// The folder with the program; installs it if it is not there yet.
pub fn environment() -> Result<PathBuf> {
    let (name, release) = PACKAGE;
    python::packages(&process::target()?.join("fuzz").join(release), &[(name, release)])
}

/// Runs it in some versions, each against a server of its own, because it adds and changes.
pub fn run(binary: &Path, programs: &Path, versions: &[&str], extent: Extent) -> Result<()> {
    ensure!(binary.is_file(), "{} has not been built", binary.display());
    let runtime = tokio::runtime::Runtime::new()?;
    let mut failed = Vec::new();
    for version in versions {
        if let Err(error) = runtime.block_on(one(binary, programs, version, extent)) {
            println!("{error:#}");
            failed.push(*version);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("something was found in {}", failed.join(", ")) }
}

async fn one(binary: &Path, programs: &Path, version: &str, extent: Extent) -> Result<()> {
    let folder = tempfile::Builder::new().prefix("fuzz-").tempdir_in(process::target()?)?;
    let mut setup = Setup::muster(binary, folder.path(), None)?.with("MUSTER_POST_RATE_LIMIT", "0");
    let (server, _) = setup.start().await?;
    let sandbox = Client::new(server.address).sandbox("Fuzz").await?;
    let phases = if extent.systematic { "coverage,fuzzing" } else { "fuzzing" };
    println!("requests made up of the description of {version}");
    let mut command = Command::new(programs.join("schemathesis"));
    command
        .arg("run")
        .arg(format!("http://{}/oas?version={version}", server.address))
        .args(["--header", &format!("x-api-key: {}", sandbox.api_key)])
        .args(["--checks", CHECKS, "--phases", phases, "--continue-on-failure", "--no-shrink"])
        .args(["--max-examples", &extent.examples.to_string(), "--max-time", &extent.seconds.to_string()])
        .args(["--seed", "1", "--warnings", "off", "--no-color"])
        .env("PYTHONPATH", process::workspace().join("xtask/src/fuzz"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "checks")
        .current_dir(folder.path());
    process::run(&mut command).context("the program that makes requests up found something")?;
    server.stop().await
}
