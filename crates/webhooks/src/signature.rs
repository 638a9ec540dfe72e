//! Signatures as Standard Webhooks describes them, so that a receiver can tell who sent a request.

use accounts::random;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// What a secret begins with.
const PREFIX: &str = "whsec_";

/// A new secret.
pub fn secret() -> [u8; 32] {
    random::<32>()
}

/// A secret as whoever checks signatures is given it.
pub fn shown(secret: &[u8; 32]) -> String {
    format!("{PREFIX}{}", BASE64_STANDARD.encode(secret))
}

/// The header `webhook-signature`: one signature for each secret that is good, over id, time in seconds and body.
pub fn header(secrets: &[[u8; 32]], id: &str, timestamp: i64, body: &[u8]) -> String {
    let begin = format!("{id}.{timestamp}.");
    let signed = secrets.iter().map(|secret| {
        let code = accounts::hmac(secret, &[begin.as_bytes(), body]);
        format!("v1,{}", BASE64_STANDARD.encode(code))
    });
    signed.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        let key: [u8; 32] = std::array::from_fn(|at| u8::try_from(at).unwrap());
        assert_eq!(shown(&key), "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let one = header(&[key], "msg_1", 1_614_265_330, b"{\"test\": 2432232314}");
        // Worked out with Python's hmac.
        assert_eq!(one, "v1,GWvjEzx3AphU7wha3hNZPXJnymF9Fg+ZdvPQqWPOjZ0=");
        let two = header(&[key, [7; 32]], "msg_1", 1_614_265_330, b"{\"test\": 2432232314}");
        assert!(two.starts_with(&format!("{one} v1,")));
    }
}
