//! The decision: which rows of a resource somebody may reach.

use registry::{Company, Id, Kind, Reference, Resource, Role, Scopes};

use crate::{Person, Principal};

/// What is to be done with the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent {
    /// They are shown.
    Read,
    /// They are added, changed or deleted.
    Write,
}

/// The rows that a statement reaches. Storage asks for one wherever it touches a resource, and only this room makes
/// one, so no query is without a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    company: Id<Company>,
    reach: Reach,
}

/// Which rows of the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    Everything,
    /// Those whose column is this identifier.
    Only {
        /// The column that says whose row it is.
        column: &'static str,
        /// Who asks.
        id: i64,
    },
    /// None.
    Nothing,
}

/// Why nothing may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The token lacks this scope.
    Scope(&'static str),
    /// The person lacks the permission of this module.
    Permission(&'static str),
}

impl Grant {
    /// A decision that the program makes for itself: to check a reference, to keep a rule.
    pub fn system(company: Id<Company>, _reason: &'static str) -> Self {
        Self { company, reach: Reach::Everything }
    }

    /// The company to which it is bound.
    pub fn company(&self) -> Id<Company> {
        self.company
    }

    /// Which of its rows.
    pub fn reach(&self) -> Reach {
        self.reach
    }
}

/// Decides what a principal may do with a resource.
///
/// The company itself and administrators reach every row. Everybody else sees the rows that are about them, and writes
/// none.
pub fn decide(principal: &Principal, resource: &Resource, intent: Intent) -> Result<Grant, Denied> {
    if let (Some(scopes), Some(scope)) = (&principal.scopes, resource.scope())
        && !opened(scopes, scope.name, intent)
    {
        return Err(Denied::Scope(scope.name));
    }
    let reach = match principal.person() {
        Some(person) if !person.administrator => match intent {
            Intent::Read => own(person, resource),
            Intent::Write => return Err(Denied::Permission(resource.permission)),
        },
        _ => Reach::Everything,
    };
    Ok(Grant { company: principal.company, reach })
}

/// Whether scopes open a resource of a scope. The legacy pair opens everything, `read` for reading, `write` for writing.
fn opened(scopes: &Scopes, scope: &str, intent: Intent) -> bool {
    let legacy = match intent {
        Intent::Read => "read",
        Intent::Write => "write",
    };
    scopes.contains(scope) || scopes.contains(legacy)
}

/// The rows that are about a person.
fn own(person: &Person, resource: &Resource) -> Reach {
    let subject = resource.subject.and_then(|name| resource.field(name));
    // What is worked out cannot be asked of the database.
    let subject = subject.filter(|field| field.role == Role::Stored);
    let kind = subject.map(|field| (field.member.name, field.member.kind));
    match kind {
        Some((column, Kind::Id(Reference::Resource("employees/employees")))) => {
            Reach::Only { column, id: person.employee.get() }
        }
        Some((column, Kind::Id(Reference::Table("accesses")))) => {
            Reach::Only { column, id: person.access.get() }
        }
        _ => Reach::Nothing,
    }
}
