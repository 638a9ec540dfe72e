//! What administrators set up for their company.

use askama::Template;

use super::{FieldErrors, Moment, Page};

/// `/settings/users`
#[derive(Debug, Template)]
#[template(path = "settings/users.html")]
pub struct UsersPage {
    /// The frame.
    pub page: Page,
    /// Everybody who may log in to the company.
    pub rows: Vec<UserRow>,
    /// Whether there is a single administrator, who must remain one.
    pub only_one_administrator: bool,
    /// What was wrong with the last invitation.
    pub errors: FieldErrors,
    /// What was typed into it.
    pub invite: InviteForm,
}

/// What is typed to invite somebody.
#[derive(Clone, Debug, Default)]
pub struct InviteForm {
    /// Field `first_name`.
    pub first_name: String,
    /// Field `last_name`.
    pub last_name: String,
    /// Field `email`.
    pub email: String,
}

/// One person who may log in.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// The id in the addresses of its forms.
    pub access_id: i64,
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// How far the invitation went.
    pub state: UserState,
    /// Whether he is an administrator.
    pub administrator: bool,
    /// Whether he is the person looking.
    pub you: bool,
    /// When he was last here.
    pub last_seen: Option<Moment>,
}

impl UserRow {
    /// One or two letters that stand for the person.
    #[must_use]
    pub fn initials(&self) -> String {
        super::initials(&self.name)
    }

    /// Whether he can be sent the invitation again.
    #[must_use]
    pub fn waiting(&self) -> bool {
        !matches!(self.state, UserState::Active)
    }
}

/// How far the invitation of a person went.
#[derive(Clone, Debug)]
pub enum UserState {
    /// He accepted, or never needed one.
    Active,
    /// It is on its way.
    Invited {
        /// Until when its link works.
        expires: Moment,
    },
    /// Its link does not work any more.
    InvitationExpired,
}

/// `/settings/company`
#[derive(Debug, Template)]
#[template(path = "settings/company.html")]
pub struct CompanyPage {
    /// The frame.
    pub page: Page,
    /// Field `name`.
    pub name: String,
    /// Field `legal_name`.
    pub legal_name: String,
    /// Field `tin`: the tax identification number.
    pub tin: String,
    /// What was wrong with the last try.
    pub errors: FieldErrors,
    /// When the company signed up.
    pub created: Moment,
}

/// `/settings/holidays`
#[derive(Debug, Template)]
#[template(path = "settings/holidays.html")]
pub struct HolidaysPage {
    /// The frame.
    pub page: Page,
    /// Days off from this year on, the earliest first.
    pub rows: Vec<HolidayRow>,
    /// Workplaces: id and name.
    pub places: Vec<(String, String)>,
    /// The workplace that was chosen.
    pub chosen: String,
    /// What became of the file that was just sent.
    pub report: Option<Taken>,
    /// What was wrong with it.
    pub errors: FieldErrors,
}

/// A day off.
#[derive(Clone, Debug)]
pub struct HolidayRow {
    /// When.
    pub date: String,
    /// What it is called.
    pub name: String,
    /// Which part of the day, in words.
    pub half: &'static str,
    /// Where.
    pub place: String,
}

/// What became of a file.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Days that are off now.
    pub added: Vec<HolidayRow>,
    /// Days that are called differently or longer now.
    pub changed: Vec<HolidayRow>,
    /// How many days are as they were.
    pub same: usize,
    /// What was left out: its name, and why.
    pub refused: Vec<(String, String)>,
}

/// `/settings/audit-log`
#[derive(Debug, Template)]
#[template(path = "settings/audit_log.html")]
pub struct AuditPage {
    /// The frame.
    pub page: Page,
    /// The events, newest first.
    pub rows: Vec<AuditRow>,
    /// The address of the next page of older events.
    pub older: Option<String>,
    /// What the list is narrowed down to (query parameter `filter`).
    pub filter: String,
}

/// One security event.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// When.
    pub at: Moment,
    /// Who.
    pub actor: String,
    /// What, in words.
    pub action: String,
    /// What, for programs: `session.created`.
    pub code: String,
    /// To whom or to what. May be empty.
    pub target: String,
    /// From which network address. May be empty.
    pub address: String,
    /// More, in words. May be empty.
    pub details: String,
}

/// `/settings/api-keys`
#[derive(Debug, Template)]
#[template(path = "settings/api_keys.html")]
pub struct ApiKeysPage {
    /// The frame.
    pub page: Page,
    /// The keys of the company.
    pub rows: Vec<ApiKeyRow>,
    /// Name and text of the key just created; never shown again.
    pub issued: Option<(String, String)>,
    /// What was wrong with the last try.
    pub errors: FieldErrors,
    /// Field `name`.
    pub name: String,
}

/// One API key.
#[derive(Clone, Debug)]
pub struct ApiKeyRow {
    /// The id in the address of its form.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// Its last four characters.
    pub hint: String,
    /// When it was created.
    pub created: Moment,
    /// By whom.
    pub created_by: String,
    /// When it was last used.
    pub last_used: Option<Moment>,
}
