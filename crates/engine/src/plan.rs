//! What is known of a resource before anybody asks: its columns, what each version shows, who refers to it.

use access::Protected;
use registry::{Action, Catalogue, Entry, Field, Kind, Reference, Resource, Role, Test, Verb, Version};
use serde_json::Value;
use storage::Datum;

use crate::code::{
    Act, Effect, Errand, Facts, Hide, Join, Make, Narrow, Order, Parts, Remove, Rule, Take, Work,
};
use crate::compute::Compute;
use crate::error::Problem;
use crate::{Code, Context, Error, Object, Sets};

/// Where the value of a shown field comes from.
#[derive(Clone, Copy)]
pub(crate) enum Source {
    Column(usize),
    Derived(fn(&Facts<'_>) -> Value),
    /// At this place among the late values of the row.
    Late(usize),
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
    /// Whether what is nested in it is written as a text.
    pub(crate) text: bool,
    /// Where its module stands among the sensitive ones of the resource; `None`: it is shown with the row.
    pub(crate) sensitive: Option<usize>,
}

/// A field that needs more than its row, so that it is worked out for all rows of a page together.
pub(crate) struct Late {
    /// The first version that shows it and the last.
    pub(crate) field: &'static Field,
    pub(crate) from: From,
}

/// What late values are made of.
pub(crate) enum From {
    Joined {
        join: Join,
        table: &'static str,
        /// What links the rows, and what is taken.
        columns: &'static [&'static str],
    },
    Page(fn(&mut Context<'_, '_>, &[Object]) -> Result<Vec<Value>, Error>),
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
    /// The same, as decisions see it.
    pub protected: Protected,
    pub(crate) columns: &'static [&'static str],
    /// Slots for each version, oldest first.
    views: Vec<Vec<Slot>>,
    pub(crate) late: Vec<Late>,
    renames: &'static [(&'static str, &'static str)],
    pub(crate) rule: Option<Rule>,
    actions: &'static [(&'static str, Act)],
    filters: &'static [(&'static str, Narrow)],
    pub(crate) effect: Option<Effect>,
    pub(crate) removal: Option<Remove>,
    pub(crate) hide: Option<Hide>,
    pub(crate) order: Option<Order>,
    /// How it is worked out, where it has no table.
    pub compute: Option<Compute>,
    /// How one is made, where it has no table.
    pub(crate) make: Option<Make>,
    pub(crate) parts: Option<(&'static str, Parts)>,
    pub(crate) place: Option<crate::code::Place>,
    /// When rows are deleted by themselves.
    pub(crate) lapse: Option<(&'static str, i64)>,
    /// What is done by itself when its time has come.
    pub(crate) due: Option<(&'static str, crate::code::Due)>,
    errands: &'static [(&'static str, Errand)],
    pub(crate) referrers: Vec<Referrer>,
    /// The types of its events, by verb.
    events: Vec<(&'static str, String)>,
    /// Whether identities are made of its rows.
    pub(crate) identity: bool,
    /// Fields that are never null and that nothing works out yet.
    unknown: bool,
}

impl Plan {
    pub(crate) fn new(catalogue: &Catalogue, entry: &Entry, code: &Code, identity: bool) -> Self {
        let resource = entry.resource;
        // A computed object has whatever it shows in its cells.
        let has = |field: &Field| if resource.computed { field.role != Role::Input } else { field.kept() };
        let stored = resource.fields.iter().filter(|field| has(field));
        let names = stored.map(|field| field.member.name).filter(|name| *name != "id");
        let columns: Vec<_> = std::iter::once("id").chain(names).collect();
        // Once for each resource of the process, for as long as it runs.
        let columns: &'static [&'static str] = columns.leak();
        let late: Vec<_> = resource.fields.iter().filter_map(|field| late(catalogue, field, code)).collect();
        let source = |field: &Field| match field.role {
            _ if resource.computed => columns
                .iter()
                .position(|name| *name == field.member.name)
                .map_or(Source::Nowhere, Source::Column),
            role => match code.derived.iter().find(|derived| derived.field == field.member.name) {
                Some(derived) => match derived.work {
                    Work::Row(work) => Source::Derived(work),
                    _ => late
                        .iter()
                        .position(|late| late.field.member.name == field.member.name)
                        .map_or(Source::Nowhere, Source::Late),
                },
                // What is kept may still be shown in another form, such as a file as where it can be fetched.
                None if role == Role::Stored => columns
                    .iter()
                    .position(|name| *name == field.member.name)
                    .map_or(Source::Nowhere, Source::Column),
                None => Source::Nowhere,
            },
        };
        let protected = Protected::of(catalogue, resource);
        let shown = || resource.fields.iter().filter(|field| field.role != Role::Input);
        let view = |version: Version| {
            let living = shown().filter(|field| field.member.lives_in(version));
            let slot = |field: &Field| Slot {
                name: field.member.name,
                key: format!("{:?}:", field.member.name),
                source: source(field),
                kind: written(field),
                text: field.is_text_in(version),
                sensitive: protected.place(field),
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
            protected,
            renames: code.renames,
            rule: code.rule,
            actions: code.actions,
            filters: code.filters,
            effect: code.effect,
            removal: code.removal,
            hide: code.hide,
            order: code.order,
            compute: code.compute,
            make: code.make,
            parts: code.parts,
            place: code.place,
            lapse: code.lapse,
            due: code.due,
            errands: code.errands,
            referrers: referrers(catalogue, resource),
            events: events(resource),
            identity,
            unknown,
            late,
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
        match verb {
            Verb::Create if resource.computed => self.make.is_some(),
            _ if resource.computed => self.compute.is_some(),
            Verb::Create => {
                let needs = |field| needs_code(field, self.rule.is_some());
                !self.unknown && !resource.fields.iter().any(needs)
            }
            _ => !self.unknown,
        }
    }

    /// Fields that nothing works out yet. They are answered without a value.
    pub fn unknown_fields(&self) -> Vec<&'static str> {
        let nowhere = self.view(Version::NEWEST).iter().filter(|slot| matches!(slot.source, Source::Nowhere));
        nowhere.map(|slot| slot.name).collect()
    }

    /// Puts what a body gave under another name where it is kept. What is never null there cannot be null here.
    pub(crate) fn rename(&self, sets: &mut Sets) -> Result<(), Error> {
        let mut problems = Vec::new();
        for (given, kept) in self.renames {
            let Some(value) = sets.remove(given) else { continue };
            let field = self.resource().field(kept);
            if value == Datum::Null && field.is_some_and(|field| !field.member.nullable) {
                problems.push(Problem::new(given, "required", "It cannot be null."));
            } else {
                sets.insert(kept, value);
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }

    /// The type of the event of a verb, where there is one.
    pub(crate) fn event(&self, verb: &str) -> Option<&str> {
        self.events.iter().find(|(known, _)| *known == verb).map(|(_, kind)| kind.as_str())
    }

    /// The columns that keep files.
    pub(crate) fn files(&self) -> impl Iterator<Item = &'static str> {
        let files = |kind: Kind| matches!(kind, Kind::File | Kind::List(Kind::File));
        let taken = move |input: Option<registry::Input>| input.is_some_and(|input| files(input.kind));
        let fields = self.resource().fields.iter().filter(|field| field.kept());
        let fields = fields
            .filter(move |field| files(field.member.kind) || taken(field.create) || taken(field.update));
        fields.map(|field| field.member.name)
    }

    /// The code of an action, where there is some.
    pub fn act(&self, name: &str) -> Option<Act> {
        self.actions.iter().find(|(known, _)| *known == name).map(|(_, act)| *act)
    }

    /// The code of an errand, where there is some.
    pub(crate) fn errand(&self, name: &str) -> Option<Errand> {
        self.errands.iter().find(|(known, _)| *known == name).map(|(_, errand)| *errand)
    }

    /// The declaration of an action.
    pub(crate) fn action(&self, name: &str) -> Option<&'static Action> {
        self.entry.actions.iter().copied().find(|action| action.name == name)
    }

    /// Whether the server does an action.
    pub fn acts(&self, name: &str) -> bool {
        self.act(name).is_some()
    }

    /// The code of a parameter that looks at no single field, where there is some.
    pub(crate) fn narrows(&self, name: &str) -> Option<Narrow> {
        self.filters.iter().find(|(known, _)| *known == name).map(|(_, narrow)| *narrow)
    }

    /// Whether the list understands a parameter.
    pub fn understands(&self, filter: &registry::Filter) -> bool {
        self.compute.is_some()
            || self.hide.is_some_and(|hide| hide.unless == filter.name)
            || self.parts.is_some_and(|(parameter, _)| parameter == filter.name)
            || (filter.field.is_some() && filter.test != Test::Own)
            || self.narrows(filter.name).is_some()
    }
}

fn events(resource: &'static Resource) -> Vec<(&'static str, String)> {
    let own = |verb: &'static str| verb.rsplit('/').next().unwrap_or(verb);
    resource.event_types().map(|(kind, event)| (own(event.verb), kind)).collect()
}

/// How a field is written. A time of day that is worked out is written as its code says it, seconds and all.
fn written(field: &Field) -> Kind {
    match field.member.kind {
        Kind::Time if field.role == Role::Derived => Kind::Text,
        kind => kind,
    }
}

/// Whether a create takes a field that only code can make something of, and there is none.
fn needs_code(field: &Field, rule: bool) -> bool {
    let reshaped = field.create.is_some_and(|input| reshapes(field, input.kind));
    let begins = field.default == Some(registry::Default::Rule);
    (begins || reshaped) && !rule
}

/// Whether a body gives one value for what is kept as an object.
fn reshapes(field: &Field, given: Kind) -> bool {
    let nested = |kind| matches!(kind, Kind::Object(_));
    field.role == Role::Stored && nested(field.member.kind) != nested(given) && given != Kind::Text
}

/// How a field is worked out that needs more than its row.
fn late(catalogue: &Catalogue, field: &'static Field, code: &Code) -> Option<Late> {
    let derived = code.derived.iter().find(|derived| derived.field == field.member.name)?;
    let from = match derived.work {
        Work::Row(_) => return None,
        Work::Page(work) => From::Page(work),
        Work::Joined(join) => {
            let mut columns = vec![join.there];
            if let Take::One(taken) | Take::All(taken) | Take::Sum(taken) = join.take {
                columns.push(taken);
            }
            // Once for each field of the process, for as long as it runs.
            From::Joined { join, table: catalogue.find(join.path)?.resource.table, columns: columns.leak() }
        }
    };
    Some(Late { field, from })
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
