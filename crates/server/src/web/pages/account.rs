//! Signing up, logging in, passwords, invitations, sessions, and what is shown when something goes wrong.

use askama::Template;

use super::{FieldErrors, Moment, Page};

/// `/`: what Muster is.
#[derive(Debug, Template)]
#[template(path = "account/landing.html")]
pub struct LandingPage {
    /// The frame.
    pub page: Page,
    /// Whether anybody may get a sandbox here.
    pub sandbox: bool,
    /// Whether anybody may sign up a company here.
    pub signup_open: bool,
    /// The public address of this server, without a slash at the end.
    pub base_url: String,
}

/// `/signup`: a new company and its first administrator.
#[derive(Debug, Template)]
#[template(path = "account/signup.html")]
pub struct SignupPage {
    /// The frame.
    pub page: Page,
    /// Field `company_name`.
    pub company_name: String,
    /// Field `first_name`.
    pub first_name: String,
    /// Field `last_name`.
    pub last_name: String,
    /// Field `email`.
    pub email: String,
    /// What was wrong with the last try.
    pub errors: FieldErrors,
    /// How many characters a password has at least.
    pub minimum_password: usize,
}

/// `/login`
#[derive(Debug, Template)]
#[template(path = "account/login.html")]
pub struct LoginPage {
    /// The frame.
    pub page: Page,
    /// Field `email`.
    pub email: String,
    /// Where to go afterwards, sent back as a hidden field. Empty for the start page.
    pub return_to: String,
    /// Why the last try failed.
    pub error: Option<String>,
    /// Whether anybody may sign up a company here.
    pub signup_open: bool,
    /// The application that sent the person here.
    pub application: Option<String>,
}

/// `/password/forgot`
#[derive(Debug, Template)]
#[template(path = "account/forgot.html")]
pub struct ForgotPage {
    /// The frame.
    pub page: Page,
    /// Field `email`.
    pub email: String,
    /// Whether the form was sent; says nothing about whether the account exists.
    pub sent: bool,
}

/// `/password/reset`
#[derive(Debug, Template)]
#[template(path = "account/reset.html")]
pub struct ResetPage {
    /// The frame.
    pub page: Page,
    /// The token of the link, sent back as a hidden field.
    pub token: String,
    /// Whether the link is of no use any more.
    pub expired: bool,
    /// What was wrong with the last try.
    pub errors: FieldErrors,
    /// How many characters a password has at least.
    pub minimum_password: usize,
}

/// `/addresses/confirm`
#[derive(Debug, Template)]
#[template(path = "account/address.html")]
pub struct AddressPage {
    /// The frame.
    pub page: Page,
    /// The token of the link, sent back as a hidden field.
    pub token: String,
    /// The address that the link is for; `None` where it is of no use any more.
    pub address: Option<String>,
    /// Whether it was confirmed just now.
    pub confirmed: bool,
}

/// `/invitations/accept`
#[derive(Debug, Template)]
#[template(path = "account/invitation.html")]
pub struct InvitationPage {
    /// The frame.
    pub page: Page,
    /// The token of the link, sent back as a hidden field.
    pub token: String,
    /// What the link is worth.
    pub state: InvitationState,
    /// The company that invites. Empty when unknown.
    pub company: String,
    /// The address the invitation was sent to.
    pub email: String,
    /// The first name of the person invited.
    pub first_name: String,
    /// Whether the person has no password yet, here or from another company.
    pub needs_password: bool,
    /// What was wrong with the last try.
    pub errors: FieldErrors,
    /// How many characters a password has at least.
    pub minimum_password: usize,
}

/// What the link of an invitation is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationState {
    /// It can be accepted.
    Valid,
    /// It was sent too long ago.
    Expired,
    /// There is none, it was used, or a newer one was sent.
    Unknown,
}

/// `/account/security`: password and sessions.
#[derive(Debug, Template)]
#[template(path = "account/security.html")]
pub struct SecurityPage {
    /// The frame.
    pub page: Page,
    /// Where the person is logged in.
    pub sessions: Vec<SessionRow>,
    /// What was wrong with the last change of the password (`current_password`, `password`).
    pub errors: FieldErrors,
    /// How many characters a password has at least.
    pub minimum_password: usize,
}

/// One place where the person is logged in.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The id in the address of its form.
    pub id: i64,
    /// For example "Firefox on Linux".
    pub device: String,
    /// The network address it was last seen from.
    pub address: String,
    /// When the person logged in.
    pub started: Moment,
    /// When it was last used.
    pub last_seen: Moment,
    /// Whether it is the one this page is shown in.
    pub current: bool,
}

/// Any failure, as a page.
#[derive(Debug, Template)]
#[template(path = "account/error.html")]
pub struct ErrorPage {
    /// The frame.
    pub page: Page,
    /// The status of the answer.
    pub status: u16,
    /// What happened, in a few words.
    pub heading: String,
    /// What it means and what to do now.
    pub text: String,
    /// What to look for in the logs.
    pub request_id: String,
}
