//! What an instance configures.

use registry::SECOND;

/// How the authorization server of an instance behaves. Spans are in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long an access token works, unless its application says otherwise.
    pub access_token_lifetime: i64,
    /// How long a refresh token works, unless its application says otherwise.
    pub refresh_token_lifetime: i64,
    /// How long a pair stays good after it was refreshed, if the new one is never used.
    pub refresh_grace: i64,
    /// How long an authorization code works.
    pub code_lifetime: i64,
    /// Whether redirect URIs may be plain `http` elsewhere than on the person's own machine.
    pub allow_http_redirects: bool,
    /// The issuer (RFC 8414 section 2): the public URL of the instance.
    pub issuer: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            access_token_lifetime: 7200,
            refresh_token_lifetime: 604_800,
            refresh_grace: 60,
            code_lifetime: 600,
            allow_http_redirects: false,
            issuer: "http://127.0.0.1:3000".to_owned(),
        }
    }
}

impl Settings {
    /// The grace in the unit of instants.
    pub(crate) fn grace_millis(&self) -> i64 {
        self.refresh_grace * SECOND
    }
}
