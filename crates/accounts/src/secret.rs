//! Secrets: made in one place, shown once, stored as hashes.

use std::fmt;

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The SHA-256 hash under which a secret is stored and found.
pub type Hash = [u8; 32];

/// Bytes from the system's random source: the only place that asks for randomness.
///
/// # Panics
/// If the system has none, because then nothing that is issued could be trusted.
#[allow(clippy::disallowed_methods, clippy::expect_used, reason = "the one place that asks for randomness")]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system's random source");
    bytes
}

/// A token, code, client id or secret: 64 hex digits, at least 192 bits of them random. Never printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub fn generate() -> Self {
        Self(hex(&random::<32>()))
    }

    /// A new one that says which row it is kept in, so that finding it needs no index: beside the number there are 192
    /// random bits, some of which cover it.
    pub fn kept_in(row: i64) -> Self {
        let random = random::<24>();
        let mut bytes: Vec<u8> =
            row.to_be_bytes().iter().zip(random).map(|(row, cover)| row ^ cover).collect();
        bytes.extend(random);
        Self(hex(&bytes))
    }

    /// One that somebody presents, whatever it looks like.
    pub fn presented(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one who may see it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored and what it is found by.
    pub fn hash(&self) -> Hash {
        hash(&self.0)
    }

    /// The last four characters, by which a person tells one from another.
    pub fn hint(&self) -> String {
        let from = self.0.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        self.0[from..].to_owned()
    }
}

/// What a presented secret is found by.
#[derive(Debug, Clone, Copy)]
pub struct Presented {
    /// The hash that must be stored.
    pub hash: Hash,
    /// The row that it names, if it is a secret that does: see [`Secret::kept_in`].
    pub row: i64,
}

impl Presented {
    /// Of the text that somebody sent, whatever it looks like.
    pub fn new(text: &str) -> Self {
        let digits = |from: usize| text.get(from..from + 16).and_then(|it| u64::from_str_radix(it, 16).ok());
        let row = digits(0).unwrap_or_default() ^ digits(16).unwrap_or_default();
        Self { hash: hash(text), row: row.cast_signed() }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The hash of a presented secret.
pub fn hash(text: &str) -> Hash {
    digest(text.as_bytes())
}

/// SHA-256 of bytes.
pub fn digest(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Compares hashes in a time that does not depend on where they differ.
pub fn same(a: &Hash, b: &Hash) -> bool {
    a.ct_eq(b).into()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_says_which_row_it_is_kept_in() {
        for row in [0, 1, -1, 42, i64::MAX, i64::MIN] {
            let [one, other] = [(); 2].map(|()| Secret::kept_in(row));
            assert_ne!(one, other);
            for secret in [one, other] {
                assert_eq!(secret.expose().len(), 64);
                let presented = Presented::new(secret.expose());
                assert_eq!((presented.row, presented.hash), (row, secret.hash()));
            }
        }
        // Whatever is sent names some row.
        for text in ["", "ab", "äöüäöüäöüäöüäöüäöü", &"z".repeat(64), &"+1".repeat(40)] {
            assert_eq!(Presented::new(text).hash, hash(text));
        }
    }
}
