//! The declaration of a resource, as data.

use crate::kind::lives;
use crate::{Kind, Member, Scope, Version};

/// A struct with `#[derive(Resource)]`.
pub trait Declared {
    /// Its declaration.
    const RESOURCE: Resource;
}

/// A struct with `#[derive(Action)]`: what an operation beyond the plain five takes.
pub trait DeclaredAction {
    /// The resource that it belongs to.
    type Of: Declared;
    /// Its declaration.
    const ACTION: Action;
}

/// Everything that is known of a resource before anybody asks for one.
#[derive(Debug, Clone, Copy)]
pub struct Resource {
    /// `namespace/resource`, what follows `/resources/` in its addresses.
    pub path: &'static str,
    /// The name of one object; also what events carry.
    pub object: &'static str,
    /// Its table.
    pub table: &'static str,
    /// What one object is.
    pub doc: &'static str,
    /// The module of the permission that opens it.
    pub permission: &'static str,
    /// What says whose record it is: a field, or fields through which one gets there, as in
    /// `contract_version_id.employee_id`. `None` where it is the company's.
    pub subject: Option<&'static str>,
    /// A field that must have this value for the subject to say whose record it is; the other records are the company's.
    pub subject_if: Option<(&'static str, &'static str)>,
    /// Fields, or ways to them, that name people whose own it is, too.
    pub involved: &'static [&'static str],
    /// What may be seen of records that are nobody's to see otherwise.
    pub glimpse: Option<Glimpse>,
    /// Whether it is worked out when it is asked for, and has no table.
    pub computed: bool,
    /// Whether objects have an `id`.
    pub keyed: bool,
    /// The fields, in the order of the struct.
    pub fields: &'static [Field],
    /// What its list can be asked for.
    pub filters: &'static [Filter],
    /// The plain operations that it has.
    pub operations: &'static [Operation],
    /// Its events.
    pub events: &'static [Event],
}

/// That there is a record, without what is withheld: for whoever has a permission of another module.
#[derive(Debug, Clone, Copy)]
pub struct Glimpse {
    /// The module.
    pub module: &'static str,
    /// Only records of which this column is true,
    pub only: &'static str,
    /// and this one has no value.
    pub without: &'static str,
}

/// A field of a resource.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Name, meaning, kind, versions.
    pub member: Member,
    /// Whether it is kept, worked out, or only taken.
    pub role: Role,
    /// How the body of a create may give it; `None`: it may not.
    pub create: Option<Input>,
    /// How the body of an update may give it; `None`: it may not.
    pub update: Option<Input>,
    /// What a new object starts with.
    pub default: Option<Default>,
    /// The module whose permissions it needs in place of those of its resource, to be read and to be written.
    pub sensitive: Option<&'static str>,
    /// Whether it is hidden from whoever has no more than a glimpse of the record, unless what this leads to is true:
    /// a reference and a field of what it refers to, or nothing.
    pub withheld: Option<&'static str>,
    /// The permission, as in `timeoff.approve`, that writing it needs in place of that of its resource.
    pub entrusted: Option<&'static str>,
    /// The last version that writes what is nested in it as a text of JSON.
    pub text_until: Option<Version>,
    /// The verb of the event that a change of it is, where it has one of its own.
    pub event: Option<&'static str>,
}

impl Field {
    /// Whether a version writes what is nested in it as a text of JSON.
    pub fn is_text_in(&self, version: Version) -> bool {
        self.text_until.is_some_and(|last| version <= last)
    }

    /// Whether it has a column.
    pub fn kept(&self) -> bool {
        self.role != Role::Derived
    }
}

/// Where the value of a field lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// In a column, and answered.
    Stored,
    /// Worked out when it is read.
    Derived,
    /// Taken from bodies, or from nobody where no body gives it, kept in a column for code of the resource, and never
    /// answered.
    Input,
}

/// How a body gives a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// As in the body; with `[]` where the matched API spells a list so.
    pub name: &'static str,
    /// What it takes, which may be wider or narrower than what is answered.
    pub kind: Kind,
    /// Whether the body must have it.
    pub required: bool,
    /// The first version that takes it.
    pub since: Option<Version>,
    /// The last version that takes it.
    pub until: Option<Version>,
}

impl Input {
    /// Whether a version takes it.
    pub fn lives_in(&self, version: Version) -> bool {
        lives(self.since, self.until, version)
    }
}

/// What a field of a new object is when nobody says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Default {
    /// A text or a choice.
    Text(&'static str),
    /// An integer.
    Integer(i64),
    /// True or false.
    Bool(bool),
    /// A list or an object with nothing in it.
    Empty,
    /// The time of the request.
    Now,
    /// The day of the request.
    Today,
    /// What another field is.
    Copy(&'static str),
    /// What code of the resource makes of the request.
    Rule,
}

/// A parameter of a list.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// As in the query, with `[]` where it takes several.
    pub name: &'static str,
    /// The field that it looks at; `None` where code of its own understands it.
    pub field: Option<&'static str>,
    /// What one value of it is.
    pub kind: Kind,
    /// How it looks at the field.
    pub test: Test,
    /// What it does, where the test does not say it.
    pub doc: &'static str,
    /// Whether the matched API documents it as required. No list insists on it.
    pub required: bool,
    /// The first version that has it.
    pub since: Option<Version>,
    /// The last version that has it.
    pub until: Option<Version>,
}

impl Filter {
    /// Whether a version has it.
    pub fn lives_in(&self, version: Version) -> bool {
        lives(self.since, self.until, version)
    }

    /// Whether it takes several values.
    pub fn several(&self) -> bool {
        self.name.ends_with("[]")
    }
}

/// How a filter looks at its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// The field is the value.
    Equal,
    /// The field is one of the values.
    OneOf,
    /// `true`: the field is true; `false`: no restriction.
    Flag,
    /// The field is the value or later.
    From,
    /// The field is the value or earlier.
    To,
    /// The field is later than the value.
    After,
    /// The field is earlier than the value.
    Before,
    /// The text is somewhere in the field, in any case; in one of the fields where several carry the filter.
    Search,
    /// The field begins with the text, in any case.
    Prefix,
    /// The list in the field has the value in it.
    Has,
    /// Code of its own.
    Own,
}

/// The five operations that need no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// `GET path`.
    List,
    /// `GET path/{id}`.
    Read,
    /// `POST path`.
    Create,
    /// `PUT path/{id}`, or `PATCH`.
    Update,
    /// `DELETE path/{id}`.
    Delete,
}

impl Verb {
    /// In one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// A plain operation of a resource.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// Which one.
    pub verb: Verb,
    /// The first version that has it.
    pub since: Option<Version>,
    /// The last version that has it.
    pub until: Option<Version>,
    /// Whether its body is `multipart/form-data`, because it carries files.
    pub multipart: bool,
}

impl Operation {
    /// Whether a version has it.
    pub fn lives_in(&self, version: Version) -> bool {
        lives(self.since, self.until, version)
    }
}

/// An operation beyond the plain five: `POST path/name`.
#[derive(Debug, Clone, Copy)]
pub struct Action {
    /// The last segment of its address.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// What it takes; a member that is not nullable is required.
    pub input: &'static [Member],
    /// What it does to the records, for the permission: `create`, `edit`, `delete` or `approve`; `None` where its name
    /// tells.
    pub needs: Option<&'static str>,
    /// Whether it is done to several objects, and answers a list of them.
    pub several: bool,
    /// The last version in which it answers the first of them alone.
    pub one_until: Option<Version>,
    /// The first version that has it.
    pub since: Option<Version>,
    /// The last version that has it.
    pub until: Option<Version>,
}

impl Action {
    /// Whether it answers a list in a version.
    pub fn lists_in(&self, version: Version) -> bool {
        self.several && self.one_until.is_none_or(|last| version > last)
    }

    /// Whether a version has it.
    pub fn lives_in(&self, version: Version) -> bool {
        lives(self.since, self.until, version)
    }
}

/// Something that happens, and that can be subscribed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The verb, as in `namespace/object/verb`; `object/verb` where events call the object otherwise.
    pub verb: &'static str,
    /// Why no operation of the API causes it; `None` where one does.
    pub uncaused: Option<&'static str>,
}

impl Event {
    /// One that an operation causes.
    pub const fn of(verb: &'static str) -> Self {
        Self { verb, uncaused: None }
    }

    /// One that no operation causes, and why.
    pub const fn uncaused(verb: &'static str, why: &'static str) -> Self {
        Self { verb, uncaused: Some(why) }
    }
}

/// Events whose payload is no object of a resource.
#[derive(Debug, Clone, Copy)]
pub struct Notice {
    /// `namespace/object`, what the types of its events begin with.
    pub name: &'static str,
    /// What one tells.
    pub doc: &'static str,
    /// Its events.
    pub events: &'static [Event],
    /// What the payload is: an object.
    pub payload: Kind,
}

impl Notice {
    /// Its events by their types, `namespace/object/verb`.
    pub fn event_types(&self) -> impl Iterator<Item = (String, &'static Event)> {
        self.events.iter().map(|event| (format!("{}/{}", self.name, event.verb), event))
    }
}

impl Resource {
    /// The namespace.
    pub fn namespace(&self) -> &'static str {
        self.path.split_once('/').map_or(self.path, |(namespace, _)| namespace)
    }

    /// The scope that opens it; `None` where none is needed.
    pub fn scope(&self) -> Option<&'static Scope> {
        Scope::opening(self.path)
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.member.name == name)
    }

    /// Its plain operation of this kind.
    pub fn operation(&self, verb: Verb) -> Option<&'static Operation> {
        self.operations.iter().find(|operation| operation.verb == verb)
    }

    /// Its events by their types, `namespace/object/verb`. A verb that names another object itself keeps it.
    pub fn event_types(&self) -> impl Iterator<Item = (String, &'static Event)> {
        let prefix = self.object.strip_prefix(self.namespace()).map_or(self.object, |rest| &rest[1..]);
        self.events.iter().map(move |event| {
            let (namespace, verb) = (self.namespace(), event.verb);
            let kind = match verb.contains('/') {
                true => format!("{namespace}/{verb}"),
                false => format!("{namespace}/{prefix}/{verb}"),
            };
            (kind, event)
        })
    }
}
