//! What a person sees when an application asks to be let in, and afterwards.

use askama::Template;

use super::Moment;
use super::Page;

/// `/oauth/authorize`: the question.
#[derive(Debug, Template)]
#[template(path = "oauth/consent.html")]
pub struct ConsentPage {
    /// The frame.
    pub page: Page,
    /// The application that asks.
    pub application: String,
    /// The company it belongs to.
    pub application_company: String,
    /// Whether it serves several companies.
    pub shared: bool,
    /// The company whose data it would reach.
    pub company: String,
    /// The e-mail address of the person asked.
    pub email: String,
    /// For whom it would act.
    pub resource: ConsentResource,
    /// What it asks for.
    pub scopes: Vec<ConsentScope>,
    /// All parameters of the request, to be sent again.
    pub hidden: Vec<(String, String)>,
    /// Where the person is sent afterwards, in words: a host, or "a page of this server that shows the code".
    pub redirect_host: String,
}

impl ConsentPage {
    /// Whether anything can be unticked.
    #[must_use]
    pub fn any_optional(&self) -> bool {
        self.scopes.iter().any(|scope| scope.optional)
    }

    /// The first letter of the application's name.
    #[must_use]
    pub fn initial(&self) -> String {
        super::initials(&self.application)
    }
}

/// For whom an application would act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentResource {
    /// For the person: it may do what he may do.
    Person,
    /// For the company as a whole.
    Company,
}

/// One scope that is asked for.
#[derive(Clone, Debug)]
pub struct ConsentScope {
    /// What programs call it.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it opens, in one sentence. May be empty.
    pub description: String,
    /// Whether it can be unticked.
    pub optional: bool,
}

/// `/oauth/authorize/native`: the code.
#[derive(Debug, Template)]
#[template(path = "oauth/code.html")]
pub struct CodePage {
    /// The frame.
    pub page: Page,
    /// The authorization code.
    pub code: String,
    /// How many minutes it works.
    pub minutes: u32,
}

/// An error that must not be redirected, because the client or the redirect URI cannot be trusted.
#[derive(Debug, Template)]
#[template(path = "oauth/error.html")]
pub struct AuthorizationErrorPage {
    /// The frame.
    pub page: Page,
    /// The code of the error: `invalid_client`.
    pub error: String,
    /// What it means.
    pub description: String,
    /// The parameters of the request.
    pub sent: Vec<(String, String)>,
    /// The redirect URIs of the application.
    pub registered: Vec<String>,
    /// The application, when it is known.
    pub application: Option<String>,
}

/// `/oauth/authorized_applications`: whom a person let in.
#[derive(Debug, Template)]
#[template(path = "oauth/authorized.html")]
pub struct AuthorizedPage {
    /// The frame.
    pub page: Page,
    /// The applications.
    pub rows: Vec<AuthorizedRow>,
}

/// One application that was let in.
#[derive(Clone, Debug)]
pub struct AuthorizedRow {
    /// The id in the address of its form.
    pub application_id: i64,
    /// Its name.
    pub name: String,
    /// The company it belongs to.
    pub company: String,
    /// What it may do, in words.
    pub scopes: Vec<String>,
    /// When it was let in.
    pub since: Moment,
    /// When it was last here.
    pub last_used: Option<Moment>,
    /// Whether it acts for the whole company.
    pub whole_company: bool,
}

impl AuthorizedRow {
    /// One or two letters that stand for the application.
    #[must_use]
    pub fn initials(&self) -> String {
        super::initials(&self.name)
    }
}
