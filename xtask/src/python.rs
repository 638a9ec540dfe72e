//! Packages of the Python package index, each in an environment of its own below the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The folder with the programs of a release of a package; installs it if it is not there yet.
pub fn package(home: &Path, name: &str, release: &str) -> Result<PathBuf> {
    let programs = home.join("bin");
    let installed = home.join("installed");
    if installed.exists() {
        return Ok(programs);
    }
    println!("installing {name} {release}");
    let make = || process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(home));
    make()
        .or_else(|_| process::install(&["python3", "python3-venv"]).and_then(|()| make()))
        .context("python3 makes no environment")?;
    let mut install = Command::new(programs.join("python"));
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    process::run(install.arg(format!("{name}=={release}")))?;
    std::fs::write(installed, "")?;
    Ok(programs)
}
