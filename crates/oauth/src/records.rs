//! The tables of the authorization server, as structs.

use accounts::Hash;
use registry::{Access, Company, Id, Instant, Scope, Scopes};

/// An application that people can let in.
#[derive(Debug)]
pub enum Application {}

storage::record! {
    /// An application (RFC 6749 calls it a client).
    pub struct ApplicationRecord in "oauth_applications" company {
        pub id: Id<Application>,
        /// The company whose administrators manage it.
        pub company_id: Id<Company>,
        /// Its public name in the protocol, 64 hex digits.
        pub client_id: String,
        pub name: String,
        /// One per line; see [`ApplicationRecord::redirects`].
        pub redirect_uris: String,
        /// Whether it can keep a secret (RFC 6749 section 2.1).
        pub confidential: bool,
        /// What it may ask for; empty for the legacy pair. See [`ApplicationRecord::allowed`].
        pub scopes: String,
        /// Whether people of other companies can let it in too.
        pub shared: bool,
        /// Whether it must use PKCE although it is confidential.
        pub require_pkce: bool,
        /// Seconds; the instance's where null.
        pub access_token_lifetime: Option<i64>,
        /// Seconds; the instance's where null.
        pub refresh_token_lifetime: Option<i64>,
        pub created_at: Instant,
        pub updated_at: Instant,
    }
}

impl ApplicationRecord {
    /// The registered redirect URIs.
    pub fn redirects(&self) -> impl Iterator<Item = &str> {
        self.redirect_uris.lines()
    }

    /// What it may ask for.
    pub fn allowed(&self) -> Scopes {
        if self.scopes.is_empty() { Scopes::legacy() } else { known(&self.scopes) }
    }

    /// Whether it must use PKCE: a public application always must (RFC 9700 section 2.1.1).
    pub fn needs_pkce(&self) -> bool {
        self.require_pkce || !self.confidential
    }
}

/// Stored scopes, without those that this version of the program no longer has.
pub(crate) fn known(stored: &str) -> Scopes {
    if let Ok(all) = Scopes::parse(stored) {
        return all;
    }
    let names: Vec<_> = stored.split(' ').filter(|name| Scope::find(name).is_some()).collect();
    Scopes::parse(&names.join(" ")).unwrap_or_default()
}

/// A client secret.
#[derive(Debug)]
pub enum ClientSecret {}

storage::record! {
    /// A live secret of an application. It has one or two.
    pub struct SecretRecord in "oauth_secrets" company {
        pub id: Id<ClientSecret>,
        pub company_id: Id<Company>,
        pub application_id: Id<Application>,
        pub secret_hash: Hash,
        /// The last four characters.
        pub hint: String,
        pub created_at: Instant,
    }
}

storage::record! {
    /// An authorization code.
    pub struct CodeRecord in "oauth_codes" company {
        /// The company that the grant will be for.
        pub company_id: Id<Company>,
        pub code_hash: Hash,
        pub application_id: Id<Application>,
        /// Who let the application in; null where it will act as the company.
        pub access_id: Option<Id<Access>>,
        pub scopes: String,
        /// As it was asked for: the exchange must repeat it (RFC 6749 section 4.1.3).
        pub redirect_uri: String,
        pub challenge: Option<String>,
        /// `S256` or `plain`.
        pub challenge_method: Option<String>,
        pub expires_at: Instant,
        pub used_at: Option<Instant>,
        /// What it gave, so that using it again can take that back (RFC 6749 section 4.1.2).
        pub grant_id: Option<Id<Grant>>,
    }
}

/// What somebody allowed an application: a family of token pairs.
#[derive(Debug)]
pub enum Grant {}

storage::record! {
    /// A family of token pairs. Revoking it ends all of them.
    pub struct GrantRecord in "oauth_grants" company {
        pub id: Id<Grant>,
        pub company_id: Id<Company>,
        pub application_id: Id<Application>,
        /// In whose name it acts; null for the company itself.
        pub access_id: Option<Id<Access>>,
        pub scopes: String,
        pub created_at: Instant,
        pub last_used_at: Option<Instant>,
        pub revoked_at: Option<Instant>,
        /// When all of its pairs have expired, unless there is a newer one; null for the company itself.
        pub expires_at: Option<Instant>,
    }
}

/// A pair of tokens.
#[derive(Debug)]
pub enum Token {}

storage::record! {
    /// An access token and the refresh token that came with it.
    pub struct TokenRecord in "oauth_tokens" company {
        pub id: Id<Token>,
        pub company_id: Id<Company>,
        pub grant_id: Id<Grant>,
        /// The pair whose refresh gave this one.
        pub parent_id: Option<Id<Token>>,
        pub access_hash: Hash,
        /// Null for a company token, which never expires.
        pub refresh_hash: Option<Hash>,
        pub scopes: String,
        pub created_at: Instant,
        pub expires_at: Option<Instant>,
        pub refresh_expires_at: Option<Instant>,
        /// Whether the access token was ever used.
        pub used: bool,
        /// From here on the pair is no longer good; [`NEVER`] until it is refreshed.
        pub ends_at: Instant,
    }
}

/// When a pair ends that nothing has ended yet, in the year 4000. It takes as many bytes as a real moment, so a row
/// that ends keeps its length and is changed in its place.
pub(crate) const NEVER: Instant = Instant::from_millis(64_060_588_800_000);

storage::record! {
    /// What is told to caches of a pair that ends.
    pub struct EndedRecord in "oauth_tokens" company {
        pub id: Id<Token>,
        pub access_hash: Hash,
        pub ends_at: Instant,
    }
}

storage::record! {
    /// What a person last allowed an application, so that he need not be asked again.
    pub struct ConsentRecord in "oauth_consents" company {
        pub company_id: Id<Company>,
        pub application_id: Id<Application>,
        pub access_id: Id<Access>,
        pub scopes: String,
        pub created_at: Instant,
    }
}

/// A failed request of an application.
#[derive(Debug)]
pub enum Failure {}

storage::record! {
    /// A request of an application that was refused, for whoever develops it.
    pub struct FailureRecord in "oauth_failures" company {
        pub id: Id<Failure>,
        pub company_id: Id<Company>,
        pub application_id: Id<Application>,
        pub at: Instant,
        /// `authorize`, `token`, `revoke` or `introspect`.
        pub endpoint: String,
        /// The code of the protocol.
        pub error: String,
        /// What was wrong, in words.
        pub reason: String,
        /// Network address it came from.
        pub address: String,
        /// What was sent, as far as it is no secret.
        pub sent: String,
    }
}
