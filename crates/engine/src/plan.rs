//! What is known of a resource before anybody asks: its columns, what each version shows, who refers to it.

use registry::{
    Catalogue, Date, Entry, Field, Instant, Kind, Reference, Resource, Role, Test, Verb, Version,
};
use serde_json::Value;
use storage::{Cell, Row};

use crate::value::{date, instant_of};

/// A field that is worked out from the row itself.
#[derive(Debug, Clone, Copy)]
pub struct Derived {
    /// The field.
    pub field: &'static str,
    /// What it is, for a row at a time.
    pub work: fn(&Facts<'_>) -> Value,
}

/// A row and the time, for what is worked out from them.
pub struct Facts<'a> {
    pub(crate) row: &'a Row<'a>,
    pub(crate) columns: &'static [&'static str],
    /// The time of the request.
    pub now: Instant,
}

impl Facts<'_> {
    fn cell(&self, column: &str) -> Cell<'_> {
        let at = self.columns.iter().position(|name| *name == column);
        at.and_then(|at| self.row.cell(at).ok()).unwrap_or(Cell::Null)
    }

    /// The text in a column, if there is one.
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.cell(column) {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The day in a column, if there is one.
    pub fn date(&self, column: &str) -> Option<Date> {
        match self.cell(column) {
            Cell::Date(date) => Some(date),
            Cell::Text(text) => date(text),
            _ => None,
        }
    }

    /// The day of the request.
    pub fn today(&self) -> Date {
        instant_of(self.now).date()
    }
}

/// Where the value of a shown field comes from.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    Column(usize),
    Derived(fn(&Facts<'_>) -> Value),
    /// Nothing works it out yet.
    Nowhere,
}

/// A field as one version shows it.
pub(crate) struct Slot {
    name: &'static str,
    /// `"name":`
    pub(crate) key: String,
    pub(crate) source: Source,
    pub(crate) kind: Kind,
}

/// A field of another resource that refers to this one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Referrer {
    pub(crate) path: &'static str,
    pub(crate) table: &'static str,
    pub(crate) column: &'static str,
}

/// A resource, prepared.
pub struct Plan {
    /// Its declaration.
    pub entry: Entry,
    pub(crate) columns: &'static [&'static str],
    /// Slots for each version, oldest first.
    views: Vec<Vec<Slot>>,
    pub(crate) referrers: Vec<Referrer>,
    /// Whether identities are made of its rows.
    pub(crate) identity: bool,
    /// Fields that are never null and that nothing works out yet.
    unknown: bool,
}

impl Plan {
    pub(crate) fn new(catalogue: &Catalogue, entry: &Entry, derived: &[Derived], identity: bool) -> Self {
        let resource = entry.resource;
        let stored = resource.fields.iter().filter(|field| field.role == Role::Stored);
        let names = stored.map(|field| field.member.name).filter(|name| *name != "id");
        let columns: Vec<_> = std::iter::once("id").chain(names).collect();
        // Once for each resource of the process, for as long as it runs.
        let columns: &'static [&'static str] = columns.leak();
        let source = |field: &Field| match field.role {
            Role::Stored => columns
                .iter()
                .position(|name| *name == field.member.name)
                .map_or(Source::Nowhere, Source::Column),
            _ => derived
                .iter()
                .find(|derived| derived.field == field.member.name)
                .map_or(Source::Nowhere, |derived| Source::Derived(derived.work)),
        };
        let shown = || resource.fields.iter().filter(|field| field.role != Role::Input);
        let view = |version: Version| {
            let living = shown().filter(|field| field.member.lives_in(version));
            let slot = |field: &Field| Slot {
                name: field.member.name,
                key: format!("{:?}:", field.member.name),
                source: source(field),
                kind: field.member.kind,
            };
            living.map(slot).collect()
        };
        let unknown = shown().any(|field| {
            matches!(source(field), Source::Nowhere)
                && !field.member.nullable
                && !matches!(field.member.kind, Kind::List(_))
        });
        Self {
            entry: entry.clone(),
            columns,
            views: Version::SUPPORTED.into_iter().map(view).collect(),
            referrers: referrers(catalogue, resource),
            identity,
            unknown,
        }
    }

    /// The declaration.
    pub fn resource(&self) -> &'static Resource {
        self.entry.resource
    }

    pub(crate) fn view(&self, version: Version) -> &[Slot] {
        let at = Version::SUPPORTED.iter().position(|known| *known == version).unwrap_or(0);
        &self.views[at]
    }

    /// Whether the server does an operation; the others answer that they are not there yet.
    pub fn served(&self, verb: Verb) -> bool {
        let resource = self.resource();
        let shown = !resource.computed && !self.unknown;
        shown
            && match verb {
                Verb::Create => !resource.fields.iter().any(needs_code),
                Verb::Update => !resource.fields.iter().any(|field| {
                    field.role == Role::Input && field.update.is_some_and(|input| input.required)
                }),
                _ => true,
            }
    }

    /// Fields that nothing works out yet. They are answered without a value.
    pub fn unknown_fields(&self) -> Vec<&'static str> {
        let nowhere = self.view(Version::NEWEST).iter().filter(|slot| matches!(slot.source, Source::Nowhere));
        nowhere.map(|slot| slot.name).collect()
    }

    /// Whether the list understands a parameter.
    pub fn understands(&self, filter: &registry::Filter) -> bool {
        filter.field.is_some() && filter.test != Test::Own
    }
}

/// Whether code of the resource has to make something of what a create takes.
fn needs_code(field: &Field) -> bool {
    let taken = field.role == Role::Input && field.create.is_some_and(|input| input.required);
    let file = matches!(field.member.kind, Kind::File) && field.create.is_some_and(|input| input.required);
    taken || file || field.default == Some(registry::Default::Rule)
}

fn referrers(catalogue: &Catalogue, resource: &'static Resource) -> Vec<Referrer> {
    let kept = catalogue.iter().map(|entry| entry.resource).filter(|other| !other.computed);
    kept.flat_map(|other| {
        let refers = |field: &&Field| {
            field.role == Role::Stored && field.member.kind == Kind::Id(Reference::Resource(resource.path))
        };
        // An `id` that is the other's own is how rows of two tables are one thing.
        let fields = other.fields.iter().filter(refers).filter(|field| field.member.name != "id");
        fields.map(|field| Referrer { path: other.path, table: other.table, column: field.member.name })
    })
    .collect()
}
