//! What only the demo environment has: sandboxes, a clock that can be moved, and the mail that was not sent.

use askama::Template;

use super::{Moment, Page};

/// `/sandbox`
#[derive(Debug, Template)]
#[template(path = "sandbox/sandbox.html")]
pub struct SandboxPage {
    /// The frame.
    pub page: Page,
    /// Field `company_name`.
    pub name: String,
    /// What was wrong with the last try.
    pub error: Option<String>,
    /// The time of this environment.
    pub clock: Moment,
    /// How far it is ahead, in words: "3 hours ahead". Empty when it is not.
    pub offset: String,
    /// Whether whoever looks may move it.
    pub movable: bool,
}

/// `/sandbox` after a sandbox was made; shown once.
#[derive(Debug, Template)]
#[template(path = "sandbox/ready.html")]
pub struct SandboxReadyPage {
    /// The frame.
    pub page: Page,
    /// The public address of this server.
    pub base_url: String,
    /// For example "Integrations - Acme".
    pub company_name: String,
    /// The client id of its OAuth application.
    pub client_id: String,
    /// The client secret of it.
    pub client_secret: String,
    /// The redirect URI of it.
    pub redirect_uri: String,
    /// Its API key.
    pub api_key: String,
    /// The e-mail address of its administrator.
    pub admin_email: String,
    /// His password.
    pub admin_password: String,
    /// People as whom an integration can be tried.
    pub personas: Vec<PersonaRow>,
    /// The address that asks him for a code.
    pub authorize_url: String,
    /// The command that exchanges the code.
    pub token_curl: String,
    /// The command that makes a first call.
    pub me_curl: String,
    /// The command that refreshes the token.
    pub refresh_curl: String,
}

/// Somebody as whom an integration can be tried.
#[derive(Debug)]
pub struct PersonaRow {
    /// Which of them, such as `team_lead`.
    pub persona: String,
    /// What is special about it.
    pub about: String,
    /// The address to log in with.
    pub email: String,
    /// The access token.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: String,
}

/// `/sandbox/mails`
#[derive(Debug, Template)]
#[template(path = "sandbox/mails.html")]
pub struct MailsPage {
    /// The frame.
    pub page: Page,
    /// The mails, newest first.
    pub rows: Vec<MailRow>,
    /// The one being read.
    pub opened: Option<MailView>,
}

impl MailsPage {
    /// Whether this is the mail being read.
    #[must_use]
    pub fn reading(&self, row: &MailRow) -> bool {
        self.opened
            .as_ref()
            .is_some_and(|mail| mail.to == row.to && mail.subject == row.subject && mail.at.iso == row.at.iso)
    }
}

/// One mail in the list.
#[derive(Clone, Debug)]
pub struct MailRow {
    /// The query parameter `id` that opens it.
    pub id: i64,
    /// When it would have been sent.
    pub at: Moment,
    /// To whom.
    pub to: String,
    /// What about.
    pub subject: String,
}

/// One mail.
#[derive(Clone, Debug)]
pub struct MailView {
    /// To whom.
    pub to: String,
    /// What about.
    pub subject: String,
    /// When it would have been sent.
    pub at: Moment,
    /// What it says.
    pub paragraphs: Vec<String>,
    /// Label and address of its button.
    pub link: Option<(String, String)>,
}
