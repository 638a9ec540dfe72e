//! Packages of the Python package index, each in an environment of its own below the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// The folder with the programs of releases of some packages; installs them if they are not there yet.
pub fn packages(home: &Path, releases: &[(&str, &str)]) -> Result<PathBuf> {
    let programs = home.join("bin");
    let installed = home.join("installed");
    let wanted: Vec<_> = releases.iter().map(|(name, release)| format!("{name}=={release}")).collect();
    if std::fs::read_to_string(&installed).is_ok_and(|there| there == wanted.join(" ")) {
        return Ok(programs);
    }
    println!("installing {}", wanted.join(", "));
    let make = || process::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(home));
    make()
        .or_else(|_| process::install(&["python3", "python3-venv"]).and_then(|()| make()))
        .context("python3 makes no environment")?;
    let mut install = Command::new(programs.join("python"));
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    process::run(install.args(&wanted))?;
    std::fs::write(installed, wanted.join(" "))?;
    Ok(programs)
}
