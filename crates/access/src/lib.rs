//! Who is asking, and what they may do. Pure functions: no database, no waiting.

mod grant;

pub use grant::{Denied, Grant, Intent, Reach, decide};
use registry::{Access, Company, Employee, Id, Scopes, User};

/// Somebody who asks, as the rest of the system sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The company in which they act. Nothing outside of it exists for them.
    pub company: Id<Company>,
    /// In whose name they act.
    pub acts_as: ActsAs,
    /// What narrows a token; `None` where nothing does (sessions and API keys).
    pub scopes: Option<Scopes>,
}

/// In whose name a principal acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActsAs {
    /// A person: a session or a user token.
    Person(Person),
    /// The company itself, with all permissions: a company token or an API key.
    Company,
}

/// A person in one company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The login.
    pub user: Id<User>,
    /// The membership in the company.
    pub access: Id<Access>,
    /// The employee record that hangs on the membership.
    pub employee: Id<Employee>,
    /// Whether the permission group is *Administrators*.
    pub administrator: bool,
}

impl Principal {
    /// The person, unless the company itself acts.
    pub fn person(&self) -> Option<&Person> {
        match &self.acts_as {
            ActsAs::Person(person) => Some(person),
            ActsAs::Company => None,
        }
    }

    /// Whether everything in the company is allowed, scopes aside.
    pub fn is_administrator(&self) -> bool {
        self.person().is_none_or(|person| person.administrator)
    }
}
