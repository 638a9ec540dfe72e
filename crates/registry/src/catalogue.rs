//! All resources together, and whether what they say of each other holds.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Action, Declared, DeclaredAction, Default, Event, Field, Kind, Member, Notice, Reference, Resource, Role,
    Verb,
};

/// A resource with its actions.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The resource.
    pub resource: &'static Resource,
    /// Its operations beyond the plain five.
    pub actions: Vec<&'static Action>,
    /// Events about it whose payload is something else.
    pub notices: Vec<&'static Notice>,
}

impl Entry {
    /// The entry of a declared resource.
    pub fn of<R: Declared>() -> Self {
        Self { resource: const { &R::RESOURCE }, actions: Vec::new(), notices: Vec::new() }
    }

    /// With an action. That it belongs to the resource is checked with everything else.
    pub fn action<A: DeclaredAction>(mut self) -> Self {
        self.actions.push(const { &A::ACTION });
        self
    }

    /// With events about it whose payload is something else.
    pub fn notice(mut self, notice: &'static Notice) -> Self {
        self.notices.push(notice);
        self
    }

    /// All its events by their types, each with its notice where the payload is something else.
    pub fn event_types(&self) -> impl Iterator<Item = (String, &'static Event, Option<&'static Notice>)> {
        let own = self.resource.event_types().map(|(kind, event)| (kind, event, None));
        let notices = self.notices.iter().flat_map(|notice| {
            let notice: &'static Notice = notice;
            notice.event_types().map(move |(kind, event)| (kind, event, Some(notice)))
        });
        own.chain(notices)
    }

    /// How many operations it has, in any version.
    pub fn operations(&self) -> usize {
        self.resource.operations.len() + self.actions.len()
    }
}

/// Something that people look for under a name that the API does not have.
#[derive(Debug, Clone, Copy)]
pub struct Sought {
    /// What it is called.
    pub what: &'static str,
    /// Other words for it.
    pub words: &'static str,
    /// Where it is: resources by their path, or fields of theirs as `path#field`. The first is the best.
    pub at: &'static [&'static str],
    /// What there is to know about it.
    pub answer: &'static str,
}

/// Every resource of the API, by path.
#[derive(Debug, Clone)]
pub struct Catalogue {
    entries: BTreeMap<&'static str, Entry>,
    sought: &'static [Sought],
}

impl Catalogue {
    /// Puts entries together and checks them; every fault is named.
    pub fn new(entries: impl IntoIterator<Item = Entry>) -> Result<Self, Vec<String>> {
        let mut faults = Vec::new();
        let mut all = BTreeMap::new();
        for entry in entries {
            let path = entry.resource.path;
            if all.insert(path, entry).is_some() {
                faults.push(format!("{path} is declared twice"));
            }
        }
        let catalogue = Self { entries: all, sought: &[] };
        for entry in catalogue.iter() {
            catalogue.check(entry, &mut faults);
        }
        if faults.is_empty() { Ok(catalogue) } else { Err(faults) }
    }

    /// With what is sought in it; each has to be where it is said to be.
    pub fn answering(self, sought: &'static [Sought]) -> Result<Self, Vec<String>> {
        let known = |at: &str| {
            let (path, field) = at.split_once('#').map_or((at, None), |(path, field)| (path, Some(field)));
            let entry = self.find(path);
            entry.is_some_and(|entry| field.is_none_or(|field| entry.resource.field(field).is_some()))
        };
        let fault = |sought: &Sought| {
            let missing: Vec<_> = sought.at.iter().copied().filter(|at| !known(at)).collect();
            let fault = format!("{} is said to be at {missing:?}", sought.what);
            (sought.at.is_empty() || !missing.is_empty()).then_some(fault)
        };
        let faults: Vec<_> = sought.iter().filter_map(fault).collect();
        if faults.is_empty() { Ok(Self { sought, ..self }) } else { Err(faults) }
    }

    /// What is sought most.
    pub fn sought(&self) -> &'static [Sought] {
        self.sought
    }

    /// In the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The resource at a path, `namespace/resource`.
    pub fn find(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// The fields on the way from a resource to a person, as in `contract_version_id.employee_id`: each with its
    /// resource. What refers to no declared resource by its type names it in parentheses.
    pub fn way(
        &self,
        resource: &'static Resource,
        way: &'static str,
    ) -> Option<Vec<(&'static Resource, &'static Field)>> {
        let mut at = resource;
        let mut steps = Vec::new();
        let mut rest = Some(way);
        while let Some(text) = rest {
            let (step, further) =
                text.split_once('.').map_or((text, None), |(step, more)| (step, Some(more)));
            let (name, named) = match step.split_once('(') {
                Some((name, target)) => (name, Some(target.trim_end_matches(')'))),
                None => (step, None),
            };
            let field = at.field(name)?;
            steps.push((at, field));
            if further.is_some() {
                let referred = match field.member.kind {
                    Kind::Id(Reference::Resource(path)) => Some(path),
                    _ => None,
                };
                at = self.find(named.or(referred)?)?.resource;
            }
            rest = further;
        }
        Some(steps)
    }

    fn check(&self, entry: &Entry, faults: &mut Vec<String>) {
        let resource = entry.resource;
        let path = resource.path;
        let mut fault = |text: String| faults.push(format!("{path}: {text}"));
        if resource.doc.is_empty() {
            fault("it has no doc".to_owned());
        }
        if resource.permission.is_empty() {
            fault("no permission opens it".to_owned());
        }
        if !resource.object.starts_with(resource.namespace()) {
            fault(format!("its object {:?} is not named after its namespace", resource.object));
        }
        let mut verbs = BTreeSet::new();
        for operation in resource.operations {
            if !verbs.insert(operation.verb) {
                fault(format!("{:?} is declared twice", operation.verb));
            }
            if !resource.keyed && !matches!(operation.verb, Verb::List | Verb::Create) {
                fault(format!("{:?} needs an id", operation.verb));
            }
        }
        if resource.computed
            && resource.operations.iter().any(|o| matches!(o.verb, Verb::Update | Verb::Delete))
        {
            fault("what is computed cannot be changed".to_owned());
        }
        for way in resource.subject.iter().chain(resource.involved) {
            if self.way(resource, way).is_none() {
                fault(format!("{way} does not lead to a person"));
            }
        }
        if let Some((name, _)) = resource.subject_if
            && resource.field(name).is_none()
        {
            fault(format!("its subject depends on {name}, which is no field"));
        }
        for column in resource.glimpse.iter().flat_map(|glimpse| [glimpse.only, glimpse.without]) {
            if !resource.field(column).is_some_and(Field::kept) {
                fault(format!("a glimpse depends on {column}, which is no column"));
            }
        }
        let mut names = BTreeSet::new();
        for field in resource.fields {
            let name = field.member.name;
            if let Some(said) = field.withheld {
                let leads = said.is_empty() || self.way(resource, said).is_some_and(|way| way.len() == 2);
                if !leads || !field.member.nullable || resource.glimpse.is_none() || field.sensitive.is_some()
                {
                    fault(format!("{name} cannot be withheld"));
                }
            }
            if !names.insert(name) {
                fault(format!("{name} is declared twice"));
            }
            self.check_member(&field.member, name, &mut fault);
            if field.event.is_some_and(|verb| resource.events.iter().all(|event| event.verb != verb)) {
                fault(format!("a change of {name} is told as an event that there is not: {:?}", field.event));
            }
            if field.default.is_some_and(|default| !fits(resource, field.member.kind, default)) {
                fault(format!("{name} cannot be what a new object starts with: {:?}", field.default));
            }
            if !resource.computed && verbs.contains(&Verb::Create) && !starts(field) {
                fault(format!("{name} is never null, and a new object does not know what it is"));
            }
        }
        let mut filters = BTreeSet::new();
        for filter in resource.filters {
            if let Some(name) = filter.field {
                match resource.field(name) {
                    Some(field) if resource.computed || field.kept() => {}
                    _ => fault(format!("{} looks at {name}, which is not stored", filter.name)),
                }
                if !filters.insert((filter.name, name)) {
                    fault(format!("the filter {} is declared twice", filter.name));
                }
            } else if filter.doc.is_empty() {
                fault(format!("the parameter {} has no doc", filter.name));
            }
        }
        for notice in &entry.notices {
            if notice.doc.is_empty() || notice.events.is_empty() {
                fault(format!("{} has no doc, or no events", notice.name));
            }
            self.check_kind(&notice.payload, notice.name, &mut fault);
        }
        for (kind, event, notice) in entry.event_types() {
            let plain = verbs.iter().any(|verb| verb.name() == event.verb);
            let acted = entry.actions.iter().any(|action| action.name == event.verb);
            let caused = notice.is_none() && (plain || acted);
            match event.uncaused {
                Some("") => fault(format!("{kind} does not say why nothing causes it")),
                Some(_) if caused => fault(format!("{kind} is caused by the operation of its name")),
                _ => {}
            }
        }
        let mut actions = BTreeSet::new();
        for action in &entry.actions {
            if !actions.insert(action.name) {
                fault(format!("the action {} is declared twice", action.name));
            }
            if action.doc.is_empty() {
                fault(format!("the action {} has no doc", action.name));
            }
            for member in action.input {
                self.check_member(member, &format!("{}.{}", action.name, member.name), &mut fault);
            }
        }
    }

    fn check_member(&self, member: &Member, at: &str, fault: &mut impl FnMut(String)) {
        if member.doc.is_empty() {
            fault(format!("{at} has no doc"));
        }
        if let (Some(since), Some(until)) = (member.since, member.until)
            && since > until
        {
            fault(format!("{at} ends before it begins"));
        }
        self.check_kind(&member.kind, at, fault);
    }

    fn check_kind(&self, kind: &Kind, at: &str, fault: &mut impl FnMut(String)) {
        match kind {
            Kind::Id(Reference::Resource(target)) if self.find(target).is_none() => {
                fault(format!("{at} refers to {target}, which is not declared"));
            }
            Kind::Choice([]) => fault(format!("{at} has nothing to choose from")),
            Kind::List(kind) => self.check_kind(kind, at, fault),
            Kind::Object(members) => {
                for member in *members {
                    self.check_member(member, &format!("{at}.{}", member.name), fault);
                }
            }
            _ => {}
        }
    }
}

/// Whether a field of a kind can be what a new object starts with.
fn fits(resource: &Resource, kind: Kind, default: Default) -> bool {
    match (default, kind) {
        (Default::Text(text), Kind::Choice(texts)) => texts.contains(&text),
        (Default::Text(_), Kind::Text) | (Default::Bool(_), Kind::Bool) | (Default::Rule, _) => true,
        (Default::Integer(_), Kind::Integer | Kind::Number) | (Default::Now, Kind::Instant) => true,
        (Default::Today, Kind::Date) => true,
        (Default::Empty, Kind::List(_) | Kind::Object(_) | Kind::Map | Kind::Any) => true,
        (Default::Copy(other), _) => resource.field(other).is_some_and(|field| field.member.kind == kind),
        _ => false,
    }
}

/// Whether a new object has a value for the field, or needs none.
fn starts(field: &Field) -> bool {
    const GIVEN: [&str; 4] = ["id", "company_id", "created_at", "updated_at"];
    field.role != Role::Stored
        || field.member.nullable
        || field.default.is_some()
        || field.create.is_some_and(|input| input.required)
        || GIVEN.contains(&field.member.name)
}
