//! Who is asking, and what they may do. Pure functions: no database, no waiting.

mod condition;
mod grant;
mod matrix;
mod people;
mod permission;
mod policy;
mod protected;

use std::sync::Arc;

pub use condition::{Condition, Set};
pub use grant::{Denied, Grant, decide};
pub use matrix::{Column, matrix};
pub use people::{organisation, reaching, visible};
pub use permission::{Doing, Module, Permission, modules, permission_of, permission_of_action};
pub use policy::{Chosen, Policy, Reach, Visibility};
pub use protected::Protected;
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
    /// The permission group.
    pub group: Arc<Group>,
}

/// A permission group, as decisions see it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Group {
    /// What it is called.
    pub name: String,
    /// What its members may do. Administrators may do everything, whatever it says.
    pub policy: Policy,
}

impl Person {
    /// Whether the person may give any permission to groups, without being an administrator.
    pub fn delegates(&self) -> bool {
        self.group.policy.delegates_anything()
    }
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
