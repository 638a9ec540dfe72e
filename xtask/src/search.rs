//! Looking for many secrets in many bytes at once.

use anyhow::{Result, ensure};
use std::collections::HashMap;
use std::path::Path;

/// Secrets are told apart by their first bytes; none is shorter.
const PREFIX: usize = 8;

/// A set of secrets to look for.
pub struct Search {
    secrets: HashMap<[u8; PREFIX], Vec<Vec<u8>>>,
    /// Which hashes of prefixes exist: nearly every position is ruled out with one look at it.
    filter: Vec<bool>,
}

impl Search {
    pub fn new<'a>(secrets: impl Iterator<Item = &'a str>) -> Result<Self> {
        let mut search = Self { secrets: HashMap::new(), filter: vec![false; 1 << 24] };
        for secret in secrets {
            ensure!(secret.len() >= PREFIX, "a secret of {} characters is none", secret.len());
            search.add(secret.as_bytes().to_vec());
            // A column of bytes would hold the digits' value.
            if let Some(bytes) = unhex(secret) {
                search.add(bytes);
            }
        }
        Ok(search)
    }

    fn add(&mut self, secret: Vec<u8>) {
        if let Some(prefix) = secret.first_chunk::<PREFIX>().copied() {
            self.filter[hash(prefix)] = true;
            self.secrets.entry(prefix).or_default().push(secret);
        }
    }

    /// The first secret that these bytes contain.
    pub fn find(&self, bytes: &[u8]) -> Option<&[u8]> {
        for position in 0..bytes.len().saturating_sub(PREFIX - 1) {
            let rest = &bytes[position..];
            let Some(prefix) = rest.first_chunk::<PREFIX>().copied() else {
                break;
            };
            if self.filter[hash(prefix)]
                && let Some(secrets) = self.secrets.get(&prefix)
                && let Some(secret) = secrets.iter().find(|secret| rest.starts_with(secret))
            {
                return Some(secret);
            }
        }
        None
    }

    /// Searches all files below a folder; says how many bytes that were, and which file contains a secret.
    pub fn find_below(&self, folder: &Path) -> Result<(u64, Vec<String>)> {
        let mut searched = 0;
        let mut found = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    folders.push(entry.path());
                    continue;
                }
                let bytes = std::fs::read(entry.path())?;
                searched += bytes.len() as u64;
                if let Some(secret) = self.find(&bytes) {
                    let start = String::from_utf8_lossy(&secret[..PREFIX]);
                    found.push(format!("{} contains the secret {start:?}…", entry.path().display()));
                }
            }
        }
        Ok((searched, found))
    }
}

fn hash(prefix: [u8; PREFIX]) -> usize {
    (u64::from_le_bytes(prefix).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if digits.len() < 2 * PREFIX || !digits.len().is_multiple_of(2) {
        return None;
    }
    digits.chunks(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_found_as_text_and_as_bytes() {
        let search =
            Search::new(["00112233445566778899aabbccddeeff", "correct horse battery"].into_iter()).unwrap();
        assert!(search.find(b"..00112233445566778899aabbccddeef0").is_none());
        assert!(search.find(b"..00112233445566778899aabbccddeeff..").is_some());
        assert!(
            search.find(b"\xff\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff").is_some()
        );
        assert!(search.find(b"correct horse battery").is_some());
        assert!(search.find(b"correct").is_none());
    }
}
