//! The dashboard of a company's OAuth applications.

use askama::Template;

use super::{FieldErrors, Moment, Page};

/// `/oauth/applications`
#[derive(Debug, Template)]
#[template(path = "applications/list.html")]
pub struct ApplicationsPage {
    /// The frame.
    pub page: Page,
    /// The applications of the company.
    pub rows: Vec<ApplicationRow>,
}

/// One application in the list.
#[derive(Clone, Debug)]
pub struct ApplicationRow {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it calls itself with.
    pub client_id: String,
    /// Whether it can keep a secret.
    pub confidential: bool,
    /// Where it may send people.
    pub redirect_uris: Vec<String>,
    /// How many people let it in.
    pub people: i64,
    /// When it was created.
    pub created: Moment,
}

/// `/oauth/applications/new` and `/oauth/applications/ID/edit`
#[derive(Debug, Template)]
#[template(path = "applications/form.html")]
pub struct ApplicationFormPage {
    /// The frame.
    pub page: Page,
    /// The application being edited; a new one has none.
    pub id: Option<i64>,
    /// Field `application[name]`, error `name`.
    pub name: String,
    /// Field `application[redirect_uri]`, error `redirect_uri`: one per line.
    pub redirect_uri: String,
    /// Field `application[confidential]`.
    pub confidential: bool,
    /// Field `application[scopes][]`, error `scopes`.
    pub scopes: Vec<ScopeChoice>,
    /// Field `application[access_token_lifetime]`, error `access_token_lifetime`: seconds, empty for the default.
    pub access_token_lifetime: String,
    /// Field `application[refresh_token_lifetime]`, error `refresh_token_lifetime`: seconds, empty for the default.
    pub refresh_token_lifetime: String,
    /// Field `application[require_pkce]`.
    pub require_pkce: bool,
    /// What was wrong with the last try.
    pub errors: FieldErrors,
    /// What an empty lifetime of access tokens stands for, in seconds.
    pub default_access_token_lifetime: u32,
    /// What an empty lifetime of refresh tokens stands for, in seconds.
    pub default_refresh_token_lifetime: u32,
}

impl ApplicationFormPage {
    /// How many scopes are chosen.
    #[must_use]
    pub fn chosen(&self) -> usize {
        self.scopes.iter().filter(|scope| scope.chosen).count()
    }

    /// Whether the part of the form that few need holds something.
    #[must_use]
    pub fn advanced(&self) -> bool {
        self.require_pkce
            || !self.access_token_lifetime.is_empty()
            || !self.refresh_token_lifetime.is_empty()
            || self.errors.get("access_token_lifetime").is_some()
            || self.errors.get("refresh_token_lifetime").is_some()
    }
}

/// One scope to choose.
#[derive(Clone, Debug)]
pub struct ScopeChoice {
    /// What programs call it.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it opens, in one sentence. May be empty.
    pub description: String,
    /// Whether it is ticked.
    pub chosen: bool,
}

/// `/oauth/applications/ID`
#[derive(Debug, Template)]
#[template(path = "applications/show.html")]
pub struct ApplicationPage {
    /// The frame.
    pub page: Page,
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it calls itself with.
    pub client_id: String,
    /// Its secrets that work.
    pub secrets: Vec<SecretRow>,
    /// The secret just created; never shown again.
    pub issued_secret: Option<String>,
    /// Whether it can keep a secret.
    pub confidential: bool,
    /// Where it may send people.
    pub redirect_uris: Vec<RedirectRow>,
    /// Its scopes. Empty with `legacy_scopes`.
    pub scopes: Vec<String>,
    /// Whether no scope was chosen, so that it has `read write`.
    pub legacy_scopes: bool,
    /// Whether it serves several companies.
    pub shared: bool,
    /// The company that owns it.
    pub company: String,
    /// The command that exchanges a code, ready to paste.
    pub token_curl: String,
    /// Seconds that access tokens and refresh tokens live.
    pub lifetimes: (u32, u32),
    /// Its latest requests that failed, newest first.
    pub failures: Vec<FailureRow>,
    /// How many people let it in.
    pub grants: i64,
}

impl ApplicationPage {
    /// How long an access token lives, in words.
    #[must_use]
    pub fn access_token_lives(&self) -> String {
        duration(self.lifetimes.0)
    }

    /// How long a refresh token lives, in words.
    #[must_use]
    pub fn refresh_token_lives(&self) -> String {
        duration(self.lifetimes.1)
    }
}

/// One secret of an application.
#[derive(Clone, Debug)]
pub struct SecretRow {
    /// The id in the address of its form.
    pub id: i64,
    /// Its last characters.
    pub hint: String,
    /// When it was created.
    pub created: Moment,
}

/// One redirect URI of an application.
#[derive(Clone, Debug)]
pub struct RedirectRow {
    /// The URI.
    pub uri: String,
    /// Where its Authorize button leads.
    pub authorize_href: String,
    /// The address to send people to, ready to copy.
    pub authorization_url: String,
}

impl RedirectRow {
    /// Whether the code is shown on a page instead of being sent somewhere.
    #[must_use]
    pub fn out_of_band(&self) -> bool {
        self.uri == "urn:ietf:wg:oauth:2.0:oob"
    }
}

/// One failed request of an application.
#[derive(Clone, Debug)]
pub struct FailureRow {
    /// When.
    pub at: Moment,
    /// Where: `POST /oauth/token`.
    pub endpoint: String,
    /// What was answered: `invalid_grant`.
    pub error: String,
    /// Why, in words.
    pub reason: String,
    /// From which network address.
    pub address: String,
    /// What was sent, without secrets.
    pub sent: String,
}

/// Seconds in words: `7200` is "2 hours".
fn duration(seconds: u32) -> String {
    let (count, unit) = match seconds {
        s if s >= 86_400 && s.is_multiple_of(86_400) => (s / 86_400, "day"),
        s if s >= 3_600 && s.is_multiple_of(3_600) => (s / 3_600, "hour"),
        s if s >= 60 && s.is_multiple_of(60) => (s / 60, "minute"),
        s => (s, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
