//! Dated API versions.

use std::fmt;

/// A dated version of the API, as in `/api/2026-10-01/resources/...`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(&'static str);

impl Version {
    /// The supported versions, oldest first.
    pub const SUPPORTED: [Version; 5] = [
        Version("2025-10-01"),
        Version("2026-01-01"),
        Version("2026-04-01"),
        Version("2026-07-01"),
        Version("2026-10-01"),
    ];

    /// The newest supported version.
    pub const NEWEST: Version = Self::SUPPORTED[Self::SUPPORTED.len() - 1];

    /// The oldest supported version; requests for a version that is not supported are served with it.
    pub const OLDEST: Version = Self::SUPPORTED[0];

    /// Whether text has the form of a version, supported or not.
    pub fn is_dated(text: &str) -> bool {
        let bytes = text.as_bytes();
        bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| match i {
                4 | 7 => *b == b'-',
                _ => b.is_ascii_digit(),
            })
    }

    /// The supported version with this name.
    pub fn supported(text: &str) -> Option<Version> {
        Self::SUPPORTED.into_iter().find(|version| version.0 == text)
    }

    /// The supported version with this name, for declarations.
    ///
    /// # Panics
    /// If there is none, which for a constant is an error of compilation.
    #[allow(clippy::panic, reason = "it speaks at compile time")]
    pub const fn named(text: &str) -> Version {
        let mut at = 0;
        while at < Self::SUPPORTED.len() {
            if same(Self::SUPPORTED[at].0.as_bytes(), text.as_bytes()) {
                return Self::SUPPORTED[at];
            }
            at += 1;
        }
        panic!("not a supported version")
    }

    /// Whether identifiers are JSON strings in this version (integers before `2026-07-01`).
    pub fn ids_are_strings(self) -> bool {
        self.0 >= "2026-07-01"
    }
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_from_other_path_segments() {
        for (text, dated) in [
            ("2026-10-01", true),
            ("1999-01-01", true),
            ("v1", false),
            ("2026-10-1", false),
            ("2026/10/01", false),
            ("２026-10-0", false),
        ] {
            assert_eq!(Version::is_dated(text), dated, "{text}");
        }
        assert_eq!(Version::supported("2026-10-01"), Some(Version::NEWEST));
        assert_eq!(Version::supported("2024-01-01"), None);
        assert!(Version::NEWEST.ids_are_strings() && !Version::OLDEST.ids_are_strings());
    }
}
