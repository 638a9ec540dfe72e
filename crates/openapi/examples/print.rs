//! Prints the document of a version: `cargo run -p openapi --example print -- 2026-10-01`.

use std::io::{Error, Write};

use registry::Version;

fn main() -> Result<(), Error> {
    let named = std::env::args().nth(1);
    let version = named.as_deref().map_or(Some(Version::NEWEST), Version::supported);
    let version = version.ok_or_else(|| Error::other("there is no such version"))?;
    let catalogue = hr::catalogue().map_err(|faults| Error::other(faults.join("\n")))?;
    let document =
        openapi::document(&catalogue, version, "https://muster.example", &openapi::Served::everything());
    writeln!(std::io::stdout(), "{document:#}")
}
