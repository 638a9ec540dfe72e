//! Permission groups: what their members may do, and who is in which.

use access::{Doing, Person, Policy, modules};
use registry::{Access, Catalogue, Company, Id};
use storage::{Condition, Stale, Tx};

use crate::audit::{self, Actor};
use crate::credentials::group_of;
use crate::records::{
    ADMINISTRATORS, AccessRecord, CUSTOM, DEFAULT_EMPLOYEES, PermissionGroup, PermissionGroupRecord,
};
use crate::text::{self, Problems};
use crate::{Error, members, session};

/// A group of a company.
#[derive(Debug, Clone)]
pub struct Group {
    /// Which.
    pub id: Id<PermissionGroup>,
    /// What it is called.
    pub name: String,
    /// Whether its members may do everything. Such a group cannot be changed.
    pub administrators: bool,
    /// Whether administrators added it; only such a group can be deleted.
    pub custom: bool,
    /// How many people are in it, invited ones included.
    pub members: i64,
    /// What they may do.
    pub policy: Policy,
}

/// The groups of a company, in the order in which they were added.
pub fn list(tx: &mut Tx<'_>, company: Id<Company>) -> Result<Vec<Group>, Error> {
    let rows = tx
        .company(company)
        .list(Condition::<PermissionGroupRecord>::any().ascending(PermissionGroupRecord::id))?;
    let accesses = tx.company(company).list(Condition::<AccessRecord>::any())?;
    let group = |row: PermissionGroupRecord| {
        let members = accesses.iter().filter(|access| access.permission_group_id == row.id).count();
        let policy = group_of(&row).policy;
        Group {
            id: row.id,
            administrators: row.kind == ADMINISTRATORS,
            custom: row.kind == CUSTOM,
            members: i64::try_from(members).unwrap_or(i64::MAX),
            policy,
            name: row.name,
        }
    };
    Ok(rows.into_iter().map(group).collect())
}

/// One group of a company.
pub fn get(tx: &mut Tx<'_>, company: Id<Company>, id: Id<PermissionGroup>) -> Result<Group, Error> {
    list(tx, company)?.into_iter().find(|group| group.id == id).ok_or(Error::NotFound)
}

/// The memberships in a group.
pub fn members_of(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    id: Id<PermissionGroup>,
) -> Result<Vec<members::Member>, Error> {
    let all = members::list(tx, company)?;
    Ok(all.into_iter().filter(|member| member.group == id).collect())
}

/// Adds a group whose members may do what those of another one may, or what people may where nobody says otherwise.
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    name: &str,
    like: Option<Id<PermissionGroup>>,
) -> Result<Id<PermissionGroup>, Error> {
    let mut problems = Problems::default();
    let name = problems.take(text::name("name", name));
    problems.done()?;
    if tx.company(company).find(PermissionGroupRecord::name.eq(name.clone()))?.is_some() {
        return Err(Error::Conflict("name_taken"));
    }
    let policy = match like {
        Some(like) => get(tx, company, like)?.policy,
        None => Policy::default_employees(),
    };
    let id = tx.company(company).insert([
        PermissionGroupRecord::name.set(name.clone()),
        PermissionGroupRecord::kind.set(CUSTOM.to_owned()),
        PermissionGroupRecord::policy.set(Some(policy.text())),
    ])?;
    audit::record(tx, Some(company), actor, "permission_group.created", &name, "")?;
    Ok(id)
}

/// Renames a group that administrators added.
pub fn rename(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    id: Id<PermissionGroup>,
    name: &str,
) -> Result<(), Error> {
    let mut problems = Problems::default();
    let name = problems.take(text::name("name", name));
    problems.done()?;
    let group = get(tx, company, id)?;
    if !group.custom {
        return Err(Error::Conflict("built_in"));
    }
    if group.name == name {
        return Ok(());
    }
    if tx.company(company).find(PermissionGroupRecord::name.eq(name.clone()))?.is_some() {
        return Err(Error::Conflict("name_taken"));
    }
    tx.company(company)
        .update(PermissionGroupRecord::id.eq(id), [PermissionGroupRecord::name.set(name.clone())])?;
    tx.stale(Stale::Company(company.get()));
    audit::record(tx, Some(company), actor, "permission_group.renamed", &name, &group.name)?;
    Ok(())
}

/// Deletes a group that administrators added and in which nobody is.
pub fn delete(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    id: Id<PermissionGroup>,
) -> Result<(), Error> {
    let group = get(tx, company, id)?;
    if !group.custom {
        return Err(Error::Conflict("built_in"));
    }
    if group.members > 0 {
        return Err(Error::Conflict("not_empty"));
    }
    tx.company(company).delete(PermissionGroupRecord::id.eq(id))?;
    audit::record(tx, Some(company), actor, "permission_group.deleted", &group.name, "")?;
    Ok(())
}

/// Changes what the members of a group may do. `by` is the person who does it; without one, and for administrators, every
/// permission may be given and taken, for others those that were delegated to them. [`Error::Conflict`] `changed` where the
/// group is no longer what `seen` says, as whoever made the choice saw it.
pub fn set_policy(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    id: Id<PermissionGroup>,
    policy: &Policy,
    seen: Option<&str>,
    by: Option<&Person>,
) -> Result<(), Error> {
    let group = get(tx, company, id)?;
    if group.administrators {
        return Err(Error::Conflict("administrators"));
    }
    if seen.is_some_and(|seen| seen != fingerprint(&group.policy)) {
        return Err(Error::Conflict("changed"));
    }
    let changes = difference(&group.policy, policy);
    if changes.is_empty() {
        return Ok(());
    }
    if let Some(person) = by.filter(|person| !person.administrator) {
        let own = &person.group.policy;
        let delegated = changes.iter().all(|change| match change {
            Change::Permission { module, doing, .. } => own.delegates(module, *doing),
            Change::Delegation { .. } | Change::Visibility => false,
        });
        if !delegated {
            return Err(Error::Forbidden("not_delegated"));
        }
    }
    tx.company(company)
        .update(PermissionGroupRecord::id.eq(id), [PermissionGroupRecord::policy.set(Some(policy.text()))])?;
    tx.stale(Stale::Company(company.get()));
    let details: Vec<_> = changes.iter().map(ToString::to_string).collect();
    audit::record(tx, Some(company), actor, "permission_group.changed", &group.name, &details.join("; "))?;
    Ok(())
}

/// Tells one state of a policy from another.
pub fn fingerprint(policy: &Policy) -> String {
    crate::hex(&crate::hash(&policy.text()))
}

/// Moves somebody into a group. *Administrators* takes only whoever has accepted the invitation, and does not lose its last
/// member.
pub fn move_to(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    access: Id<Access>,
    id: Id<PermissionGroup>,
) -> Result<(), Error> {
    let membership = tx.company(company).find(AccessRecord::id.eq(access))?.ok_or(Error::NotFound)?;
    let (from, to) = (get(tx, company, membership.permission_group_id)?, get(tx, company, id)?);
    if from.id == to.id {
        return Ok(());
    }
    if to.administrators && membership.accepted_at.is_none() {
        return Err(Error::Conflict("not_accepted"));
    }
    if from.administrators {
        members::not_the_last(tx, company, access)?;
    }
    tx.company(company).update(AccessRecord::id.eq(access), [AccessRecord::permission_group_id.set(id)])?;
    tx.stale(Stale::Company(company.get()));
    let email = session::login(tx, membership.user_id)?.email;
    let details = format!("{} -> {}", from.name, to.name);
    audit::record(tx, Some(company), actor, "permission_group.moved", &email, &details)?;
    Ok(())
}

/// One thing that is different between what two policies say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// How far a permission reaches.
    Permission {
        /// The module.
        module: String,
        /// What is done there.
        doing: Doing,
        /// The reach before.
        before: access::Reach,
        /// The reach after.
        after: access::Reach,
    },
    /// Whether a permission may be handed on.
    Delegation {
        /// The module.
        module: String,
        /// What is done there.
        doing: Doing,
        /// Whether it may be from now on.
        after: bool,
    },
    /// Whom the members see at all.
    Visibility,
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Permission { module, doing, before, after } => {
                write!(f, "{module}.{}: {before} -> {after}", doing.name())
            }
            Self::Delegation { module, doing, after } => {
                let word = if *after { "delegated" } else { "no longer delegated" };
                write!(f, "{module}.{}: {word}", doing.name())
            }
            Self::Visibility => f.write_str("visible people"),
        }
    }
}

/// What is different, by module.
pub fn difference(before: &Policy, after: &Policy) -> Vec<Change> {
    let mut names: std::collections::BTreeSet<(String, Doing)> = std::collections::BTreeSet::new();
    for policy in [before, after] {
        names.extend(policy.iter().map(|(module, doing, _)| (module.to_owned(), doing)));
        names.extend(policy.delegations().map(|(module, doing)| (module.to_owned(), doing)));
    }
    let mut changes = Vec::new();
    for (module, doing) in names {
        let reach = |policy: &Policy| policy.reach_of(&module, doing);
        if reach(before) != reach(after) {
            let (before, after) = (reach(before), reach(after));
            changes.push(Change::Permission { module: module.clone(), doing, before, after });
        }
        let delegated = |policy: &Policy| policy.delegates(&module, doing);
        if delegated(before) != delegated(after) {
            changes.push(Change::Delegation { after: delegated(after), module, doing });
        }
    }
    if before.visibility != after.visibility {
        changes.push(Change::Visibility);
    }
    changes
}

/// A policy with everything that there is to permit, reaching everybody: as a beginning, to take things away from.
pub fn everything(catalogue: &Catalogue) -> Policy {
    let mut policy = Policy::default();
    for (name, module) in modules(catalogue) {
        module.doings.into_iter().for_each(|doing| policy.set(name, doing, access::Reach::EVERYONE));
    }
    policy
}

/// The id of the group in which people are where nobody says otherwise.
pub fn default_group(tx: &mut Tx<'_>, company: Id<Company>) -> Result<Id<PermissionGroup>, Error> {
    crate::company::group(tx, company, DEFAULT_EMPLOYEES)
}
