//! Telling caches what is no longer true.

/// Something that a cache may hold and that a committed write changed.
///
/// A write names it with [`crate::Tx::stale`]. The caches of this process hear of it before the write is
/// acknowledged, those of other nodes through the database (PostgreSQL `NOTIFY`, SQLite `data_version`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stale {
    /// Everything may have changed.
    All,
    /// Anything about one company or its people.
    Company(i64),
    /// Anything about one login user, in whichever company.
    User(i64),
    /// One credential, by the hash it is found with.
    Credential([u8; 32]),
    /// The clock was moved.
    Clock,
}

impl Stale {
    /// As a notification's payload.
    pub(crate) fn encode(&self) -> String {
        use std::fmt::Write;
        match self {
            Stale::All => "all".to_owned(),
            Stale::Clock => "clock".to_owned(),
            Stale::Company(id) => format!("company {id}"),
            Stale::User(id) => format!("user {id}"),
            Stale::Credential(hash) => hash.iter().fold("credential ".to_owned(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}");
                text
            }),
        }
    }

    /// From a notification's payload; what is not understood makes everything stale.
    pub(crate) fn decode(text: &str) -> Stale {
        fn credential(hex: &str) -> Option<[u8; 32]> {
            let mut hash = [0; 32];
            if hex.len() != 64 || !hex.is_ascii() {
                return None;
            }
            for (i, byte) in hash.iter_mut().enumerate() {
                *byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).ok()?;
            }
            Some(hash)
        }
        let decoded = match text.split_once(' ') {
            Some(("company", id)) => id.parse().ok().map(Stale::Company),
            Some(("user", id)) => id.parse().ok().map(Stale::User),
            Some(("credential", hex)) => credential(hex).map(Stale::Credential),
            None if text == "clock" => Some(Stale::Clock),
            _ => None,
        };
        decoded.unwrap_or(Stale::All)
    }
}

#[cfg(test)]
mod tests {
    use super::Stale;

    #[test]
    fn a_payload_survives_the_way_and_garbage_means_all() {
        for stale in [
            Stale::All,
            Stale::Clock,
            Stale::Company(7),
            Stale::User(i64::MAX),
            Stale::Credential(std::array::from_fn(|i| i as u8 * 7)),
        ] {
            assert_eq!(Stale::decode(&stale.encode()), stale);
        }
        for garbage in ["", "company", "company x", "credential zz", "user 1 2"] {
            assert_eq!(Stale::decode(garbage), Stale::All);
        }
    }
}
