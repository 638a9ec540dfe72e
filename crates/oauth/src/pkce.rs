//! Proof key for code exchange (RFC 7636).

use accounts::{hash, same};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use crate::ProtocolError;
use crate::records::ApplicationRecord;

const S256: &str = "S256";
const PLAIN: &str = "plain";

/// A challenge that came with an authorization request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The challenge itself.
    pub text: String,
    /// `S256` or `plain`.
    pub method: &'static str,
}

impl Challenge {
    /// The challenge of a verifier (RFC 7636 section 4.2).
    pub fn s256(verifier: &str) -> Self {
        Self { text: BASE64_URL_SAFE_NO_PAD.encode(hash(verifier)), method: S256 }
    }
}

/// The challenge of an authorization request, if the application may use it, or do without.
pub(crate) fn requested(
    challenge: Option<&str>,
    method: Option<&str>,
    application: &ApplicationRecord,
) -> Result<Option<Challenge>, ProtocolError> {
    let Some(text) = challenge else {
        return match method {
            // Whoever strips the challenge from a request must not get a code without one (RFC 9700 section 2.1.1).
            Some(_) => Err(ProtocolError::invalid_request(
                "There is a code_challenge_method without a code_challenge.",
            )),
            None if application.needs_pkce() => Err(ProtocolError::invalid_request(
                "This application must use PKCE: send a code_challenge with the code_challenge_method S256.",
            )),
            None => Ok(None),
        };
    };
    let method = match method {
        Some(S256) => S256,
        // RFC 7636 section 4.3: without a method it is plain.
        None | Some(PLAIN) if application.confidential => PLAIN,
        None | Some(PLAIN) => {
            return Err(ProtocolError::invalid_request(
                "A public application must use the code_challenge_method S256 (plain is meant where there is none).",
            ));
        }
        Some(_) => {
            return Err(ProtocolError::invalid_request(
                "The code_challenge_method is not supported; use S256.",
            ));
        }
    };
    // An S256 challenge is 32 bytes in base64url.
    if !well_formed(text) || (method == S256 && text.len() != 43) {
        return Err(ProtocolError::invalid_request(
            "The code_challenge must be 43 (S256) or 43 to 128 (plain) unreserved characters.",
        ));
    }
    Ok(Some(Challenge { text: text.to_owned(), method }))
}

/// Checks the verifier of an exchange (RFC 7636 section 4.6); says what is wrong with it.
pub(crate) fn verify(
    challenge: Option<&str>,
    method: Option<&str>,
    verifier: Option<&str>,
) -> Result<(), &'static str> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        // RFC 9700 section 2.1.1: otherwise a challenge stripped from the request would go unnoticed.
        (None, Some(_)) => {
            Err("There is a code_verifier, but the code was asked for without a code_challenge.")
        }
        (Some(_), None) => Err("The code_verifier is missing."),
        (Some(_), Some(verifier)) if !well_formed(verifier) => {
            Err("The code_verifier must be 43 to 128 unreserved characters (RFC 7636 section 4.1).")
        }
        (Some(challenge), Some(verifier)) => {
            let derived = if method == Some(S256) {
                BASE64_URL_SAFE_NO_PAD.encode(hash(verifier))
            } else {
                verifier.to_owned()
            };
            // Hashes are compared so that the time tells nothing.
            if same(&hash(&derived), &hash(challenge)) {
                Ok(())
            } else {
                Err("The code_verifier does not belong to the code_challenge.")
            }
        }
    }
}

/// 43 to 128 unreserved characters.
fn well_formed(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn a_verifier_must_belong_to_its_challenge() {
        let long = "a".repeat(129);
        for (challenge, method, verifier, good) in [
            (None, None, None, true),
            (Some(CHALLENGE), Some(S256), Some(VERIFIER), true),
            (Some(VERIFIER), Some(PLAIN), Some(VERIFIER), true),
            (Some(CHALLENGE), Some(S256), Some(CHALLENGE), false),
            (Some(CHALLENGE), Some(PLAIN), Some(VERIFIER), false),
            (Some(CHALLENGE), Some(S256), None, false),
            (None, None, Some(VERIFIER), false),
            (Some("abc"), Some(PLAIN), Some("abc"), false),
            (Some(long.as_str()), Some(PLAIN), Some(long.as_str()), false),
        ] {
            assert_eq!(
                verify(challenge, method, verifier).is_ok(),
                good,
                "{challenge:?} {method:?} {verifier:?}"
            );
        }
    }
}
