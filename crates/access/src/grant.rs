//! The decision: which rows and fields of a resource somebody may reach.

use registry::{Company, Id, Resource, Scopes};

use crate::people::{By, reached};
use crate::protected::people;
use crate::{Condition, Doing, Permission, Person, Principal, Protected, Reach, Visibility, organisation};

/// A decision. Storage asks for one wherever it touches a resource, and only this room makes one, so no query is without
/// a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    company: Id<Company>,
    /// `None` where everything is allowed.
    bounds: Option<Box<Bounds>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Bounds {
    person: Person,
    /// The resource that it is about.
    path: &'static str,
    permission: Permission,
    /// Rows that may be seen.
    sight: Condition,
    /// Rows that may be seen and for which the permission is held.
    touch: Condition,
}

/// Why nothing may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The token lacks this scope.
    Scope(&'static str),
    /// The person lacks this permission, at all or for these rows.
    Permission(Permission),
}

impl Grant {
    /// A decision that the program makes for itself: to check a reference, to keep a rule.
    pub fn system(company: Id<Company>, _reason: &'static str) -> Self {
        Self { company, bounds: None }
    }

    /// The company to which it is bound.
    pub fn company(&self) -> Id<Company> {
        self.company
    }

    /// Whether everything of the company is allowed.
    pub fn is_everything(&self) -> bool {
        self.bounds.is_none()
    }

    /// Whether it is about a resource, or about everything.
    pub fn is_about(&self, resource: &Resource) -> bool {
        self.bounds.as_ref().is_none_or(|bounds| bounds.path == resource.path)
    }

    /// The rows that exist for whoever asks.
    pub fn sight(&self) -> &Condition {
        self.bounds.as_ref().map_or(&Condition::Always, |bounds| &bounds.sight)
    }

    /// The rows with which may be done what was decided on.
    pub fn touch(&self) -> &Condition {
        self.bounds.as_ref().map_or(&Condition::Always, |bounds| &bounds.touch)
    }

    /// The permission that was decided on; `None` where everything is allowed.
    pub fn permission(&self) -> Option<Permission> {
        self.bounds.as_ref().map(|bounds| bounds.permission)
    }

    /// The person for whom it was decided; `None` where everything is allowed.
    pub fn person(&self) -> Option<&Person> {
        self.bounds.as_ref().map(|bounds| &bounds.person)
    }

    /// The rows of a resource for which a permission is held.
    pub fn rows(&self, protected: &Protected, permission: Permission) -> Condition {
        self.person().map_or(Condition::Always, |person| protected.rows(person, permission))
    }

    /// The rows of a resource in which is shown what stands at a place among what may be hidden.
    pub fn shown(&self, protected: &Protected, place: usize) -> Condition {
        self.person().map_or(Condition::Always, |person| protected.shown(person, place))
    }

    /// The employees for whose records a permission is held, the one that was decided on where none is named, as a
    /// condition on their table.
    pub fn people(&self, permission: Option<Permission>) -> Condition {
        let bounds = self.bounds.as_ref();
        bounds.map_or(Condition::Always, |b| people(&b.person, permission.unwrap_or(b.permission)))
    }

    /// The same person's decision on another resource, as far as the permission goes: what may be named, what may be
    /// looked at on the way. Scopes are not asked again.
    #[must_use]
    pub fn over(&self, protected: &Protected, doing: Doing) -> Self {
        match self.person() {
            None => self.clone(),
            Some(person) => bounded(self.company, person, protected, doing),
        }
    }

    /// Whom the person reaches through each part of a reach that the group has anything in, as conditions on the table of
    /// people. Nobody may widen that himself. What reaches everybody cannot be widened.
    pub fn circles(&self) -> Vec<(Reach, Condition)> {
        let Some(person) = self.person() else { return Vec::new() };
        let used = person.group.policy.iter().fold(Reach::NOTHING, |all, (_, _, reach)| all.and(reach));
        let parts = used.parts().map(|(part, _)| part).filter(|part| *part != Reach::OWN);
        let circles = parts.map(|part| (part, reached(person, part, organisation::PERSON, By::Employee)));
        circles.filter(|(_, circle)| *circle != Condition::Always).collect()
    }

    /// Whether any permission of the person reaches somebody who is within some of [`Grant::circles`], and would not if he
    /// were within others.
    pub fn gains(&self, before: Reach, after: Reach) -> bool {
        let Some(person) = self.person() else { return false };
        let policy = &person.group.policy;
        let everybody =
            |reach: Reach| reach.has(Reach::EVERYONE) && policy.visibility == Visibility::Everyone;
        let mut reaches = policy.iter().filter(|(_, doing, reach)| doing.reaches() && !everybody(*reach));
        reaches.any(|(_, _, reach)| reach.meets(after) && !reach.meets(before))
    }
}

/// Decides what a principal may do with a resource.
///
/// The company itself and administrators do everything. For everybody else the permission group decides. Reading is
/// never refused: what may not be seen is not there.
pub fn decide(principal: &Principal, protected: &Protected, doing: Doing) -> Result<Grant, Denied> {
    let resource = protected.resource;
    if let (Some(scopes), Some(scope)) = (&principal.scopes, resource.scope())
        && !opened(scopes, scope.name, doing)
    {
        return Err(Denied::Scope(scope.name));
    }
    let person = match principal.person() {
        Some(person) if !person.administrator => person,
        _ => return Ok(Grant { company: principal.company, bounds: None }),
    };
    let permission = Permission::of(resource, doing);
    let policy = &person.group.policy;
    if !permission.doing.reads() && policy.reach(permission).is_nothing() {
        // A change of nothing but guarded fields needs their permissions alone.
        let mut guards = protected.guards.iter();
        if doing != Doing::Edit || guards.all(|guard| policy.reach(*guard).is_nothing()) {
            return Err(Denied::Permission(permission));
        }
    }
    Ok(bounded(principal.company, person, protected, doing))
}

fn bounded(company: Id<Company>, person: &Person, protected: &Protected, doing: Doing) -> Grant {
    let permission = Permission::of(protected.resource, doing);
    let sight = protected.sight(person);
    let touch =
        if doing.reads() { sight.clone() } else { sight.clone().and(protected.rows(person, permission)) };
    let path = protected.resource.path;
    Grant {
        company,
        bounds: Some(Box::new(Bounds { person: person.clone(), path, permission, sight, touch })),
    }
}

/// Whether scopes open a resource of a scope. The legacy pair opens everything, `read` for reading, `write` for writing.
fn opened(scopes: &Scopes, scope: &str, doing: Doing) -> bool {
    let legacy = if doing.reads() { "read" } else { "write" };
    scopes.contains(scope) || scopes.contains(legacy)
}
