//! What there is to permit: a module and what is done there. Everything follows from the declarations.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use registry::{Action, Catalogue, Field, Resource, Verb};

/// What is done with the records of a module.
///
/// The first five reach for records that are about somebody. The last two are on or off: they are for what is the
/// company's and nobody's in particular, as kinds of leave, posts and holidays are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doing {
    /// Reading records about people.
    See,
    /// Adding records about people.
    Create,
    /// Changing records about people.
    Edit,
    /// Deleting records about people.
    Delete,
    /// Deciding on what people ask for.
    Approve,
    /// Reading what is the company's.
    Browse,
    /// Adding, changing and deleting what is the company's.
    Manage,
}

impl Doing {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::See, Self::Create, Self::Edit, Self::Delete, Self::Approve, Self::Browse, Self::Manage];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::Create => "create",
            Self::Edit => "edit",
            Self::Delete => "delete",
            Self::Approve => "approve",
            Self::Browse => "browse",
            Self::Manage => "manage",
        }
    }

    /// The one that is written so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|doing| doing.name() == name)
    }

    /// Whether it reaches for records about people; the others are on or off.
    pub fn reaches(self) -> bool {
        !matches!(self, Self::Browse | Self::Manage)
    }

    /// Whether nothing is changed by it.
    pub fn reads(self) -> bool {
        matches!(self, Self::See | Self::Browse)
    }

    /// What nobody can do who cannot do this, too.
    pub fn prerequisite(self) -> Option<Self> {
        match self {
            Self::Create | Self::Edit | Self::Delete | Self::Approve => Some(Self::See),
            Self::Manage => Some(Self::Browse),
            Self::See | Self::Browse => None,
        }
    }

    /// What a plain operation does.
    pub fn of(verb: Verb) -> Self {
        match verb {
            Verb::List | Verb::Read => Self::See,
            Verb::Create => Self::Create,
            Verb::Update => Self::Edit,
            Verb::Delete => Self::Delete,
        }
    }

    /// What an action does: as its declaration says, or its name.
    pub fn of_action(action: &Action) -> Self {
        if let Some(doing) = action.needs.and_then(Self::named) {
            return doing;
        }
        let words = || action.name.split('_').filter(|word| *word != "bulk");
        match words().next().unwrap_or_default() {
            "approve" | "reject" => Self::Approve,
            "create" | "add" | "apply" | "copy" | "duplicate" | "initiate" => Self::Create,
            "delete" | "destroy" | "remove" => Self::Delete,
            _ => Self::Edit,
        }
    }
}

/// A module and what is done there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission {
    /// The module.
    pub module: &'static str,
    /// What is done.
    pub doing: Doing,
}

impl Permission {
    /// Of a module.
    pub const fn new(module: &'static str, doing: Doing) -> Self {
        Self { module, doing }
    }

    /// Under which a resource's records are. What is nobody's in particular is browsed and managed.
    pub fn of(resource: &Resource, doing: Doing) -> Self {
        let doing = match (resource.subject, doing.reads()) {
            (Some(_), _) => doing,
            (None, true) => Doing::Browse,
            (None, false) => Doing::Manage,
        };
        Self { module: resource.permission, doing }
    }

    /// What writing a field needs in place of the permission of its resource.
    pub fn guarding(field: &Field) -> Option<Self> {
        field.entrusted.and_then(Self::parse).or_else(|| Some(Self::new(field.sensitive?, Doing::Edit)))
    }

    /// As it is written in a declaration: `timeoff.approve`.
    pub fn parse(text: &'static str) -> Option<Self> {
        let (module, doing) = text.split_once('.')?;
        Some(Self { module, doing: Doing::named(doing)? })
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.doing.name())
    }
}

/// The permission that a plain operation needs.
pub fn permission_of(resource: &Resource, verb: Verb) -> Permission {
    Permission::of(resource, Doing::of(verb))
}

/// The permission that an action needs.
pub fn permission_of_action(resource: &Resource, action: &Action) -> Permission {
    Permission::of(resource, Doing::of_action(action))
}

/// A module: everything that is permitted together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Module {
    /// What can be done there.
    pub doings: BTreeSet<Doing>,
    /// The paths of the resources whose records are under it.
    pub resources: BTreeSet<&'static str>,
    /// Fields of other resources that are under it, `path.field`.
    pub fields: BTreeSet<String>,
}

/// All modules, by name.
pub fn modules(catalogue: &Catalogue) -> BTreeMap<&'static str, Module> {
    let mut modules: BTreeMap<&'static str, Module> = BTreeMap::new();
    let mut add = |permission: Permission, resource: Option<&'static str>, field: Option<String>| {
        let module = modules.entry(permission.module).or_default();
        module.doings.extend([permission.doing].into_iter().chain(permission.doing.prerequisite()));
        module.resources.extend(resource);
        module.fields.extend(field);
    };
    for entry in catalogue.iter() {
        let resource = entry.resource;
        let path = Some(resource.path);
        add(Permission::of(resource, Doing::See), path, None);
        if let Some(glimpse) = resource.glimpse {
            add(Permission::new(glimpse.module, Doing::See), path, None);
        }
        for operation in resource.operations {
            add(permission_of(resource, operation.verb), path, None);
        }
        for action in &entry.actions {
            add(permission_of_action(resource, action), path, None);
        }
        for field in resource.fields {
            let named = || Some(format!("{}.{}", resource.path, field.member.name));
            if let Some(module) = field.sensitive {
                let written = field.create.is_some() || field.update.is_some();
                let doing = if written { Doing::Edit } else { Doing::See };
                add(Permission::new(module, doing), None, named());
            }
            if let Some(permission) = field.entrusted.and_then(Permission::parse) {
                add(permission, None, named());
            }
        }
    }
    modules
}
