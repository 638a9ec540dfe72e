//! `cargo xtask test`: every check and every test, with what they need.

use crate::browser;
use crate::fuzz::{self, Extent};
use crate::hooks;
use crate::postgres::{self, Postgres};
use crate::process::{self, banner, cargo};
use crate::sdk;
use crate::soak::{self, Limit};
use anyhow::{Result, bail, ensure};
use std::process::Command;
use std::time::{Duration, Instant};

/// Runs everything or, with a filter, the tests that it names.
pub fn run(filter: &[String]) -> Result<()> {
    let mut report = Report::new();
    let postgres = report.prerequisite("PostgreSQL", postgres::VARIABLE, "half of the tests", || {
        let postgres = Postgres::any()?;
        println!("PostgreSQL: {} ({})", postgres.url, postgres.origin());
        Ok(postgres)
    })?;
    let driver = report.prerequisite("browser", browser::VARIABLE, "the tests of the pages", || {
        let driver = browser::driver()?;
        ensure!(driver.as_os_str() != "skip", "{} says so", browser::VARIABLE);
        println!("browser: {}", driver.display());
        Ok(driver)
    })?;
    let fuzzer = filter.is_empty().then(fuzz::environment);
    let sdks = if filter.is_empty() { sdk::environments() } else { Ok(Vec::new()) };
    let skip = || "skip".to_owned();
    let url = postgres.as_ref().map_or_else(skip, |postgres| postgres.url.clone());
    let driver = driver.map_or_else(skip, |driver| driver.display().to_string());

    if filter.is_empty() {
        report.step("format", &mut cargo("fmt --all --check"));
        report.step("clippy", &mut cargo("clippy --workspace --all-targets --locked -- -D warnings"));
        let mut documentation = cargo("doc --workspace --no-deps --locked");
        report.step("documentation", documentation.env("RUSTDOCFLAGS", "-D warnings"));
        if process::find("cargo-deny", &[]).is_some() {
            report.step("licences and sources", &mut cargo("deny check bans licenses sources"));
        } else {
            report.skip("licences and sources", "cargo-deny is not installed");
        }
    }

    if report.step("build", &mut cargo("test --workspace --locked --no-run")) {
        let mut tests = cargo("test --workspace --locked --no-fail-fast --");
        tests.args(filter).env(postgres::VARIABLE, url).env(browser::VARIABLE, driver);
        report.step("tests", &mut tests);
        if filter.is_empty() {
            let binary = process::target()?.join("debug/muster");
            // It comes from a package index that may be out of reach, which says nothing about the server.
            match sdks {
                Ok(sdks) => drop(report.part("the vendor's SDK", || sdk::run(&binary, &sdks))),
                Err(error) => report.unavailable("the vendor's SDK", &error),
            }
            match fuzzer.unwrap_or_else(fuzz::environment) {
                Ok(programs) => {
                    let extent = Extent { examples: 1, seconds: 40, systematic: false };
                    let newest = &fuzz::VERSIONS[..1];
                    report.part("made up requests", || fuzz::run(&binary, &programs, newest, extent));
                }
                Err(error) => report.unavailable("made up requests", &error),
            }
            report.part("kill -9 under load", || soak::on_all(&binary, postgres.as_ref(), Limit::Kills(3)));
            report.part("events and kill -9", || hooks::on_all(&binary, postgres.as_ref(), 2000));
        }
    }
    report.end()
}

/// What was done so far.
struct Report {
    begin: Instant,
    lines: Vec<String>,
    failed: usize,
    skipped: bool,
}

impl Report {
    fn new() -> Self {
        Self { begin: Instant::now(), lines: Vec::new(), failed: 0, skipped: false }
    }

    /// Something that tests need. Where it cannot be had, they are skipped: loudly here, and not at all in CI.
    fn prerequisite<T>(
        &mut self,
        name: &str,
        variable: &str,
        loss: &str,
        get: impl FnOnce() -> Result<T>,
    ) -> Result<Option<T>> {
        let error = match get() {
            Ok(value) => return Ok(Some(value)),
            Err(error) => error,
        };
        if process::is_ci() {
            return Err(error.context(format!("{name} is missing, and CI must not skip {loss}")));
        }
        banner(&[
            &format!("{} WILL BE SKIPPED: there is no {name}.", loss.to_uppercase()),
            &format!("{error:#}"),
            &format!("Install it, or say with {variable} where it is."),
        ]);
        self.skip(&format!("{loss} ({name})"), &format!("{error:#}"));
        Ok(None)
    }

    fn step(&mut self, name: &str, command: &mut Command) -> bool {
        self.part(name, || process::run(command))
    }

    fn part(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        println!("\n=== {name} (after {})", clock(self.begin.elapsed()));
        let begin = Instant::now();
        let result = work();
        let verdict = if result.is_ok() { "ok" } else { "FAILED" };
        if let Err(error) = &result {
            println!("{error:#}");
        }
        let time = clock(begin.elapsed());
        println!("=== {name}: {verdict} in {time}");
        self.failed += usize::from(result.is_err());
        self.lines.push(format!("{verdict:<8} {time:>6}  {name}"));
        result.is_ok()
    }

    fn skip(&mut self, name: &str, why: &str) {
        self.skipped = true;
        self.lines.push(format!("{:<8} {:>6}  {name}: {why}", "SKIPPED", ""));
    }

    /// Skips what comes from a package index that is out of reach.
    fn unavailable(&mut self, name: &str, error: &anyhow::Error) {
        banner(&[
            &format!("{} WILL BE SKIPPED: it cannot be installed.", name.to_uppercase()),
            &format!("{error:#}"),
        ]);
        self.skip(name, &format!("{error:#}"));
    }

    fn end(self) -> Result<()> {
        println!("\n{}", self.lines.join("\n"));
        let time = clock(self.begin.elapsed());
        if self.failed > 0 {
            bail!("{} of the steps above failed, after {time}", self.failed);
        }
        let except = if self.skipped { ", except what was skipped" } else { "" };
        println!("\neverything passed in {time}{except}");
        Ok(())
    }
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
