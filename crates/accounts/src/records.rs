//! The tables of accounts, as structs.

use registry::{Access, Company, Employee, Id, Instant, User};
use storage::Condition;

use crate::Hash;

storage::record! {
    /// A company: the tenant that every row belongs to.
    pub struct CompanyRecord in "companies" {
        pub id: Id<Company>,
        /// What people call it.
        pub name: String,
        /// The name in the commercial register.
        pub legal_name: Option<String>,
        /// Tax identification number.
        pub tin: Option<String>,
        pub created_at: Instant,
    }
}

storage::record! {
    /// Somebody who can log in, in any number of companies.
    pub struct UserRecord in "users" {
        pub id: Id<User>,
        /// The address to log in with, in lower case; unique in the instance.
        pub email: String,
        /// Argon2id in PHC form; null until the first invitation is accepted.
        pub password_hash: Option<String>,
        pub created_at: Instant,
    }
}

/// A permission group of a company.
#[derive(Debug)]
pub enum PermissionGroup {}

storage::record! {
    /// A permission group. Every person of a company is in exactly one.
    pub struct PermissionGroupRecord in "permission_groups" company {
        pub id: Id<PermissionGroup>,
        pub company_id: Id<Company>,
        pub name: String,
        /// [`ADMINISTRATORS`], [`DEFAULT_EMPLOYEES`] or [`CUSTOM`].
        pub kind: String,
        /// What its members may do, once somebody has said it.
        pub policy: Option<String>,
    }
}

/// Kind of the group that has every permission and is never empty.
pub const ADMINISTRATORS: &str = "administrators";

/// Kind of the group that people are in when nobody says otherwise.
pub const DEFAULT_EMPLOYEES: &str = "default_employees";

/// Kind of the groups that administrators add.
pub const CUSTOM: &str = "custom";

storage::record! {
    /// A person's membership in one company.
    pub struct AccessRecord in "accesses" company {
        pub id: Id<Access>,
        pub company_id: Id<Company>,
        pub user_id: Id<User>,
        pub permission_group_id: Id<PermissionGroup>,
        /// Null while an invitation waits to be accepted.
        pub accepted_at: Option<Instant>,
        /// When the person last looked at the company in a browser.
        pub last_seen_at: Option<Instant>,
        pub created_at: Instant,
        /// From when on it lets somebody in; at once where it is null.
        pub starts_at: Option<Instant>,
        /// From when on it lets nobody in any more; never where it is null.
        pub ends_at: Option<Instant>,
    }
}

impl AccessRecord {
    /// Those that let somebody in at a time.
    pub(crate) fn open(now: Instant) -> Condition<Self> {
        let begun = Self::starts_at.is_null().or(Self::starts_at.lte(Some(now)));
        let lasts = Self::ends_at.is_null().or(Self::ends_at.gt(Some(now)));
        Self::accepted_at.is_not_null().and(begun).and(lasts)
    }
}

storage::record! {
    /// What accounts needs of an employee.
    pub struct EmployeeRecord in "employees" company {
        pub id: Id<Employee>,
        pub company_id: Id<Company>,
        pub access_id: Id<Access>,
        pub first_name: String,
        pub last_name: String,
        /// Address for messages of the company; the log-in address where it is null.
        pub email: Option<String>,
        /// The log-in address.
        pub login_email: Option<String>,
        pub created_at: Instant,
        pub updated_at: Instant,
    }
}

/// A session.
#[derive(Debug)]
pub enum Session {}

storage::record! {
    /// A browser in which somebody is logged in.
    pub struct SessionRecord in "sessions" {
        pub id: Id<Session>,
        pub user_id: Id<User>,
        /// The company that it shows.
        pub access_id: Id<Access>,
        /// As whom an administrator looks at it.
        pub preview_access_id: Option<Id<Access>>,
        /// As a member of which group.
        pub preview_group_id: Option<Id<PermissionGroup>>,
        pub token_hash: Hash,
        pub address: String,
        pub user_agent: String,
        pub created_at: Instant,
        pub last_seen_at: Instant,
        pub expires_at: Instant,
    }
}

/// A link sent by mail.
#[derive(Debug)]
pub enum MailedLink {}

storage::record! {
    /// A link that was sent by mail and works once.
    pub struct MailedLinkRecord in "mailed_links" {
        pub id: Id<MailedLink>,
        /// [`PASSWORD_RESET`] or [`INVITATION`].
        pub kind: String,
        pub user_id: Id<User>,
        /// The membership that an invitation is for.
        pub access_id: Option<Id<Access>>,
        pub token_hash: Hash,
        pub created_at: Instant,
        pub expires_at: Instant,
        pub used_at: Option<Instant>,
    }
}

/// Kind of a link that lets somebody set a new password.
pub const PASSWORD_RESET: &str = "password_reset";

/// Kind of a link that lets somebody join a company.
pub const INVITATION: &str = "invitation";

/// An API key.
#[derive(Debug)]
pub enum ApiKey {}

storage::record! {
    /// A key that acts as the company.
    pub struct ApiKeyRecord in "api_keys" company {
        pub id: Id<ApiKey>,
        pub company_id: Id<Company>,
        pub name: String,
        pub key_hash: Hash,
        /// The last four characters.
        pub hint: String,
        /// Name of who created it.
        pub created_by: String,
        pub created_at: Instant,
        pub last_used_at: Option<Instant>,
    }
}

/// An entry of the audit log.
#[derive(Debug)]
pub enum AuditEvent {}

storage::record! {
    /// A security event: who did what to what, when and from where.
    pub struct AuditEventRecord in "audit_events" {
        pub id: Id<AuditEvent>,
        /// The company it concerns; null for what concerns a login alone.
        pub company_id: Option<Id<Company>>,
        pub at: Instant,
        pub user_id: Option<Id<User>>,
        /// Who, as they were called then.
        pub actor: String,
        /// A stable code such as `session.created`.
        pub action: String,
        /// What it was done to.
        pub target: String,
        /// Network address it came from.
        pub address: String,
        /// More, in words. Never a secret.
        pub details: String,
    }
}

/// A count of guesses.
#[derive(Debug)]
pub enum Throttle {}

storage::record! {
    /// How often something was tried without success.
    pub struct ThrottleRecord in "throttles" {
        pub id: Id<Throttle>,
        /// SHA-256 of what is counted, so that no list of addresses can be read from the table.
        pub key_hash: Hash,
        pub failures: i64,
        pub window_ends_at: Instant,
        pub blocked_until: Instant,
    }
}

/// A mail.
#[derive(Debug)]
pub enum Mail {}

storage::record! {
    /// A mail that waits to be sent, or was. Its text may hold a link that works once, so it is sealed.
    pub struct MailRecord in "mails" {
        pub id: Id<Mail>,
        /// The company whose administrators may see it in the demo environment.
        pub company_id: Option<Id<Company>>,
        pub recipient: String,
        pub subject: String,
        /// The text, encrypted with the key of the instance.
        pub sealed_body: Vec<u8>,
        pub created_at: Instant,
        pub sent_at: Option<Instant>,
        pub attempts: i64,
        pub next_attempt_at: Instant,
    }
}
