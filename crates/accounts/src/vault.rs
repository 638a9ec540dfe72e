//! The key of the instance, and what is done with it.

use std::fmt;

use chacha20poly1305::aead::Aead;
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use registry::{Id, User};
use sha2::{Digest, Sha256};

use crate::{Hash, hex, random, same};

/// Bytes of a nonce of XChaCha20: long enough to be drawn at random for every message.
const NONCE: usize = 24;

/// Seals what the database must not hold in clear, and signs what it need not hold at all.
pub struct Vault {
    sealing: Hash,
    tagging: Hash,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// A vault with the key of the instance, 32 random bytes that are kept beside the database.
    pub fn new(key: [u8; 32]) -> Self {
        // A key for each use, so that no use can weaken another.
        Self { sealing: hmac(&key, &[b"seal"]), tagging: hmac(&key, &[b"tag"]) }
    }

    /// Encrypts (XChaCha20-Poly1305): 24 bytes of nonce, then the sealed text.
    #[expect(clippy::expect_used, reason = "the cipher refuses only what is 256 GiB long")]
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let nonce = random::<NONCE>();
        let sealed =
            self.cipher().encrypt(&XNonce::from(nonce), plain).expect("a message of reasonable length");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Decrypts; `None` if it was sealed with another key or changed since.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher().decrypt(&XNonce::from(*nonce), sealed).ok()
    }

    /// HMAC-SHA-256 of data for one purpose.
    pub fn tag(&self, purpose: &str, data: &[u8]) -> Hash {
        // The length keeps purpose and data apart.
        hmac(&self.tagging, &[&(purpose.len() as u64).to_be_bytes(), purpose.as_bytes(), data])
    }

    /// A token for a browser in which somebody has logged in with the password of this hash, so that it is known
    /// again until there is another password.
    pub fn device_token(&self, user: Id<User>, password_hash: &str) -> String {
        let serial = hex(&random::<16>());
        let tag = hex(&self.device_tag(user, password_hash, &serial));
        format!("{serial}.{tag}")
    }

    /// Whether a token was issued to this person's browser, for the present password.
    pub fn is_device(&self, user: Id<User>, password_hash: &str, token: &str) -> bool {
        let Some((serial, tag)) = token.split_once('.') else {
            return false;
        };
        // Hashes are compared, because they have one length and nothing to learn from their order.
        same(&crate::hash(tag), &crate::hash(&hex(&self.device_tag(user, password_hash, serial))))
    }

    fn device_tag(&self, user: Id<User>, password_hash: &str, serial: &str) -> Hash {
        let password = crate::hash(password_hash);
        self.tag("device", &[&user.get().to_be_bytes(), password.as_slice(), serial.as_bytes()].concat())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.sealing))
    }
}

/// RFC 2104 with SHA-256 and a key of 32 bytes, over the parts one after the other.
pub fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> Hash {
    let padded = |pad: u8| {
        let mut block = [pad; 64];
        for (byte, key) in block.iter_mut().zip(key) {
            *byte ^= key;
        }
        Sha256::new_with_prefix(block)
    };
    let inner = parts.iter().fold(padded(0x36), Sha256::chain_update).finalize();
    padded(0x5c).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_that_of_the_rfc() {
        // RFC 4231, test cases 1 and 2; shorter keys are filled up with zeros.
        let key = |bytes: &[u8]| std::array::from_fn(|i| bytes.get(i).copied().unwrap_or(0));
        for (key, data, expected) in [
            (
                key(&[0x0b; 20]),
                "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            ),
            (
                key(b"Jefe"),
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ] {
            assert_eq!(hex(&hmac(&key, &[data.as_bytes()])), expected);
            let (a, b) = data.split_at(4);
            assert_eq!(hex(&hmac(&key, &[a.as_bytes(), b.as_bytes()])), expected);
        }
    }

    #[test]
    fn what_is_sealed_opens_unchanged_with_the_same_key_only() {
        let vault = Vault::new([7; 32]);
        for plain in [&b""[..], b"a link that works once", &[0; 4096]] {
            let sealed = vault.seal(plain);
            assert_eq!(vault.open(&sealed).as_deref(), Some(plain));
            assert_eq!(Vault::new([8; 32]).open(&sealed), None);
            assert_ne!(vault.seal(plain), sealed, "a nonce of its own");
            for at in 0..sealed.len().min(64) {
                let mut changed = sealed.clone();
                changed[at] ^= 1;
                assert_eq!(vault.open(&changed), None, "byte {at}");
                assert_eq!(vault.open(&sealed[..at.min(39)]), None);
            }
        }
        assert_eq!(format!("{vault:?}"), "Vault(…)");
    }

    #[test]
    fn tags_depend_on_key_purpose_and_data() {
        let vault = Vault::new([7; 32]);
        let tag = vault.tag("csrf", b"1");
        assert_eq!(tag, vault.tag("csrf", b"1"));
        for other in [vault.tag("csrf", b"2"), vault.tag("csr", b"f1"), Vault::new([8; 32]).tag("csrf", b"1")]
        {
            assert_ne!(tag, other);
        }
    }

    #[test]
    fn a_device_belongs_to_one_person_with_one_password() {
        let (vault, ada, bob) = (Vault::new([7; 32]), Id::new(1), Id::new(2));
        let token = vault.device_token(ada, "$old");
        let known = |user, token: &str| vault.is_device(user, "$old", token);
        assert!(known(ada, &token));
        assert!(!known(bob, &token));
        assert!(!vault.is_device(ada, "$new", &token));
        for forged in ["", ".", "x", "00.00", &token[1..], &token[..token.len() - 1], &format!("{token}0")] {
            assert!(!known(ada, forged), "{forged}");
        }
        assert!(!Vault::new([8; 32]).is_device(ada, "$old", &token));
    }
}
