//! The pages of the web application as plain data.
//!
//! Every page is one struct with an askama template of the same shape under `templates/`. A handler fills in the struct and
//! renders it; a template decides nothing but how things look. Every struct carries a [`Page`]: what the frame around it
//! needs to know.

pub mod account;
pub mod applications;
pub mod docs;
pub mod home;
pub mod oauth;
pub mod permissions;
pub mod reference;
pub mod sandbox;
pub mod settings;
pub mod sight;
pub mod webhooks;
pub mod work;

#[cfg(test)]
mod samples;

/// What the frame around every page needs to know.
#[derive(Clone, Debug)]
pub struct Page {
    /// The title of the document; the frame appends the name of the product.
    pub title: String,
    /// The token every form of the page carries in its `_csrf` field.
    pub csrf: String,
    /// Whether this is the demo environment; if so, every page says that its data may be deleted at any moment.
    pub demo: bool,
    /// Whether anybody may sign up a company.
    pub signup_open: bool,
    /// The person who is logged in.
    pub viewer: Option<Viewer>,
    /// As whom an administrator looks at the page, if he does.
    pub preview: Option<PreviewBar>,
    /// What the last action of this person led to.
    pub notice: Option<Notice>,
    /// Which entry of the navigation this page belongs to.
    pub active: Nav,
    /// Path and query of this page.
    pub path: String,
}

impl Page {
    /// The navigation of the person who is logged in: only what he may open.
    #[must_use]
    pub fn navigation(&self) -> Vec<NavGroup> {
        let entry = |nav: Nav, href, label, icon| NavEntry { href, label, icon, current: self.active == nav };
        let mut groups = vec![
            NavGroup {
                label: "",
                entries: vec![
                    entry(Nav::Home, "/home", "Home", "home"),
                    entry(Nav::Inbox, "/inbox", "Inbox", "check"),
                ],
            },
            NavGroup {
                label: "Work",
                entries: vec![
                    entry(Nav::Timesheet, "/timesheet", "Timesheet", "clock"),
                    entry(Nav::TimeOff, "/time-off", "Time off", "sun"),
                    entry(Nav::Calendar, "/calendar", "Calendar", "calendar"),
                    entry(Nav::People, "/people", "People", "people"),
                ],
            },
            NavGroup {
                label: "You",
                entries: vec![
                    entry(Nav::Profile, "/people/me", "Profile", "person"),
                    entry(Nav::Security, "/account/security", "Security", "shield"),
                    entry(
                        Nav::Authorized,
                        "/oauth/authorized_applications",
                        "Authorized applications",
                        "plug",
                    ),
                ],
            },
        ];
        if self.administers() {
            groups.push(NavGroup {
                label: "Company settings",
                entries: vec![
                    entry(Nav::Company, "/settings/company", "Company", "building"),
                    entry(Nav::Users, "/settings/users", "Users", "people"),
                    entry(Nav::Permissions, "/settings/permissions", "Permissions", "shield"),
                    entry(Nav::Holidays, "/settings/holidays", "Holidays", "calendar"),
                    entry(Nav::AuditLog, "/settings/audit-log", "Audit log", "list"),
                ],
            });
            groups.push(NavGroup {
                label: "Developers",
                entries: vec![
                    entry(Nav::Applications, "/oauth/applications", "Applications", "grid"),
                    entry(Nav::ApiKeys, "/settings/api-keys", "API keys", "key"),
                    entry(Nav::Webhooks, "/settings/webhooks", "Webhooks", "bolt"),
                ],
            });
        }
        if self.viewer.as_ref().is_some_and(|viewer| viewer.delegate && !viewer.administrator) {
            groups.push(NavGroup {
                label: "Company settings",
                entries: vec![entry(Nav::Permissions, "/settings/permissions", "Permissions", "shield")],
            });
        }
        if self.demo {
            groups.push(NavGroup {
                label: "Demo environment",
                entries: vec![
                    entry(Nav::Sandbox, "/sandbox", "Sandboxes and clock", "flask"),
                    entry(Nav::Mails, "/sandbox/mails", "Mail", "mail"),
                ],
            });
        }
        groups.push(NavGroup {
            label: "",
            entries: vec![
                entry(Nav::Docs, "/docs", "Documentation", "book"),
                entry(Nav::Reference, "/reference", "API reference", "code"),
            ],
        });
        groups
    }

    /// Whether an administrator looks at it.
    #[must_use]
    pub fn administers(&self) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.administrator)
    }

    /// Whether this page belongs to the given entry of the navigation.
    #[must_use]
    pub fn at(&self, nav: Nav) -> bool {
        self.active == nav
    }
}

/// The person who is logged in, as the frame shows him.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Full name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// The company he is working in.
    pub company: String,
    /// Its id.
    pub company_id: i64,
    /// Whether he is an administrator of it.
    pub administrator: bool,
    /// Whether he may give permissions to groups that administrators let his group hand on.
    pub delegate: bool,
    /// All companies he belongs to, for the switcher.
    pub companies: Vec<(i64, String)>,
}

impl Viewer {
    /// One or two letters that stand for the person.
    #[must_use]
    pub fn initials(&self) -> String {
        initials(&self.name)
    }
}

/// As whom an administrator looks at a page.
#[derive(Clone, Debug)]
pub struct PreviewBar {
    /// The person.
    pub name: String,
    /// The permission group that holds.
    pub group: String,
    /// Whether it is another one than the person's own.
    pub other_group: bool,
}

/// The first letters of the first and the last word.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut letters = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = letters.next();
    let last = letters.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

/// What the last action led to, shown at the top of the next page.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How it went.
    pub kind: NoticeKind,
    /// One or two sentences.
    pub text: String,
}

/// How an action went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// It was done.
    Success,
    /// Something to know.
    Info,
    /// Something to watch out for.
    Warning,
    /// It was not done.
    Error,
}

impl NoticeKind {
    /// The name of its look in the stylesheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// What a screen reader says first, because colour is not enough.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Success => "Done:",
            Self::Info => "Note:",
            Self::Warning => "Attention:",
            Self::Error => "Error:",
        }
    }
}

/// The entries of the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nav {
    /// A page that is not in the navigation.
    None,
    /// `/home`
    Home,
    /// `/inbox`
    Inbox,
    /// `/timesheet`
    Timesheet,
    /// `/time-off`
    TimeOff,
    /// `/calendar`
    Calendar,
    /// `/people`
    People,
    /// `/people/me`
    Profile,
    /// `/settings/users`
    Users,
    /// `/settings/permissions`
    Permissions,
    /// `/settings/api-keys`
    ApiKeys,
    /// `/settings/webhooks`
    Webhooks,
    /// `/oauth/applications`
    Applications,
    /// `/oauth/authorized_applications`
    Authorized,
    /// `/settings/holidays`
    Holidays,
    /// `/settings/audit-log`
    AuditLog,
    /// `/account/security`
    Security,
    /// `/sandbox/mails`
    Mails,
    /// `/sandbox`
    Sandbox,
    /// `/docs`
    Docs,
    /// `/reference`
    Reference,
    /// `/settings/company`
    Company,
}

/// A titled part of the navigation.
#[derive(Clone, Debug)]
pub struct NavGroup {
    /// Empty for the first one.
    pub label: &'static str,
    /// What it holds.
    pub entries: Vec<NavEntry>,
}

/// One link of the navigation.
#[derive(Clone, Debug)]
pub struct NavEntry {
    /// Where it leads.
    pub href: &'static str,
    /// What it says.
    pub label: &'static str,
    /// The name of its icon in `parts.html`.
    pub icon: &'static str,
    /// Whether this is the page being shown.
    pub current: bool,
}

/// What is wrong with the fields of a form, in the order to be shown. The field named `""` stands for the form as a whole.
#[derive(Clone, Debug, Default)]
pub struct FieldErrors(pub Vec<(String, String)>);

impl FieldErrors {
    /// What is wrong with one field.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, message)| message.as_str())
    }

    /// The same, where what is said of anything but these fields is said of the whole form.
    #[must_use]
    pub fn within(mut self, fields: &[&str]) -> Self {
        self.0
            .iter_mut()
            .filter(|(name, _)| !fields.contains(&name.as_str()))
            .for_each(|(name, _)| name.clear());
        self
    }

    /// Whether everything is fine.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A point in time, formatted twice.
#[derive(Clone, Debug)]
pub struct Moment {
    /// RFC 3339, for programs.
    pub iso: String,
    /// For people, in UTC; a browser with scripts shows it in its own time zone.
    pub text: String,
}

/// Gives example states of a page (empty, filled, with errors) for the test that renders everything.
#[cfg(test)]
pub(crate) trait Sample: Sized {
    /// Pairs of the name of a state and the page in it.
    fn samples() -> Vec<(&'static str, Self)>;
}
