//! The browser of the page tests.

use crate::process;
use anyhow::{Context, Result};
use std::path::PathBuf;

/// Where the tests find the path of ChromeDriver, or `skip`.
pub const VARIABLE: &str = "MUSTER_TEST_BROWSER";

/// The path of ChromeDriver; installs it and Chromium when they are missing.
pub fn driver() -> Result<PathBuf> {
    if let Some(chosen) = std::env::var_os(VARIABLE) {
        return Ok(chosen.into());
    }
    if let Some(driver) = installed() {
        return Ok(driver);
    }
    process::install(&["chromium", "chromium-driver"])?;
    installed().context("chromedriver is still missing after its installation")
}

fn installed() -> Option<PathBuf> {
    let browsers = ["chromium", "chromium-browser", "google-chrome"];
    browsers.iter().find_map(|browser| process::find(browser, &[]))?;
    process::find("chromedriver", &[])
}
