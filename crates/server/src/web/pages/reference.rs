//! The reference of the API.

use askama::Template;

use super::Page;

/// What all pages of the reference have.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The version that is described.
    pub version: String,
    /// The same as a query, with its question mark; empty for the newest version.
    pub suffix: String,
    /// Whether it is the newest.
    pub newest: bool,
    /// The versions, newest first: name, where this page is in it, whether it is this one.
    pub versions: Vec<(String, String, bool)>,
    /// What is searched for.
    pub query: String,
    /// Namespaces with their resources, for the navigation.
    pub groups: Vec<Group>,
}

/// A namespace in the navigation.
#[derive(Debug, Clone)]
pub struct Group {
    /// As in addresses.
    pub name: &'static str,
    /// Whether the page is about it.
    pub open: bool,
    /// Address, name, and whether the page is about it.
    pub resources: Vec<(String, &'static str, bool)>,
}

/// `/reference`
#[derive(Debug, Template)]
#[template(path = "reference/index.html")]
pub struct ReferencePage {
    /// The frame.
    pub page: Page,
    /// What all pages have.
    pub reference: Reference,
    /// Resources and operations of the version.
    pub counts: (usize, usize),
    /// Where the API is.
    pub base: String,
    /// A first request.
    pub first: Vec<Piece>,
    /// Where things are that people look for in vain.
    pub sought: Vec<Sought>,
    /// The namespaces.
    pub namespaces: Vec<Namespace>,
}

/// `/reference?q=`
#[derive(Debug, Template)]
#[template(path = "reference/search.html")]
pub struct ReferenceSearchPage {
    /// The frame.
    pub page: Page,
    /// What all pages have.
    pub reference: Reference,
    /// Answers to what people often ask.
    pub sought: Vec<Sought>,
    /// What was found, best first.
    pub hits: Vec<Hit>,
    /// How much was found in all.
    pub total: usize,
}

/// `/reference/NAMESPACE`
#[derive(Debug, Template)]
#[template(path = "reference/namespace.html")]
pub struct ReferenceNamespacePage {
    /// The frame.
    pub page: Page,
    /// What all pages have.
    pub reference: Reference,
    /// What it has.
    pub namespace: Namespace,
}

/// `/reference/NAMESPACE/RESOURCE`
#[derive(Debug, Template)]
#[template(path = "reference/resource.html")]
pub struct ReferenceResourcePage {
    /// The frame.
    pub page: Page,
    /// What all pages have.
    pub reference: Reference,
    /// The resource.
    pub resource: Resource,
}

/// An answer to what people often ask.
#[derive(Debug, Clone)]
pub struct Sought {
    /// What they look for.
    pub what: &'static str,
    /// What there is to know.
    pub answer: &'static str,
    /// Address and name of where it is.
    pub at: Vec<(String, &'static str)>,
}

/// A namespace with what it has.
#[derive(Debug, Clone)]
pub struct Namespace {
    /// As in addresses.
    pub name: &'static str,
    /// For people.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Its resources.
    pub resources: Vec<Summary>,
}

/// A resource in a list.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Its page.
    pub href: String,
    /// For people.
    pub title: String,
    /// What follows `/resources/`.
    pub path: &'static str,
    /// What one object is.
    pub doc: &'static str,
    /// What can be done: method, what, address of its description, and whether it is not there yet.
    pub operations: Vec<(&'static str, String, String, bool)>,
}

/// Something that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What kind of thing it is.
    pub kind: &'static str,
    /// Where it is described.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What it belongs to.
    pub of: String,
    /// What it means.
    pub doc: String,
}

/// A resource with everything that is said about it.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Its namespace, and the page of that.
    pub namespace: (&'static str, String),
    /// For people.
    pub title: String,
    /// What follows `/resources/`.
    pub path: &'static str,
    /// What one object is.
    pub doc: &'static str,
    /// The name of one object.
    pub object: &'static str,
    /// Label and text of what else there is to know.
    pub facts: Vec<(&'static str, String)>,
    /// The fields of an object.
    pub fields: Vec<Field>,
    /// What an object could look like.
    pub example: Vec<Piece>,
    /// What can be done.
    pub operations: Vec<Operation>,
    /// The types of its events, each with what else there is to say of it.
    pub events: Vec<(String, String)>,
    /// Fields of others that refer to it: address, path, field.
    pub referrers: Vec<(String, &'static str, &'static str)>,
    /// Whether the reader is logged in, so that he can run what only reads.
    pub can_run: bool,
    /// Where to log in and come back from.
    pub log_in: String,
}

/// A field, a parameter, or a member of a body.
#[derive(Debug, Clone)]
pub struct Field {
    /// The id of the element.
    pub anchor: String,
    /// What it is a member of, with the dot; empty for what stands by itself.
    pub within: String,
    /// Its name.
    pub name: String,
    /// How deep it is nested, at most 3.
    pub depth: usize,
    /// Its type, in words.
    pub kind: String,
    /// The resource that it refers to: address and path.
    pub refers: Option<(String, String)>,
    /// What is special about it: kind of the badge, and its text.
    pub badges: Vec<(&'static str, String)>,
    /// What it means.
    pub doc: String,
    /// What it can be, where only some texts are possible.
    pub values: Vec<String>,
}

/// An operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The id of the element.
    pub anchor: String,
    /// In capitals.
    pub method: &'static str,
    /// For people.
    pub title: String,
    /// What follows the host.
    pub address: String,
    /// What it does, a paragraph each.
    pub doc: Vec<String>,
    /// What is special about it, like that of a field.
    pub badges: Vec<(&'static str, String)>,
    /// Whether the server does it.
    pub served: bool,
    /// Title and members of what it takes.
    pub takes: Vec<(String, Vec<Field>)>,
    /// What all operations of its kind take.
    pub common: Vec<Field>,
    /// Status and meaning of the good answer.
    pub success: (String, String),
    /// Status and meaning of what can go wrong.
    pub faults: Vec<(String, String)>,
    /// The types of the events that it sends.
    pub events: Vec<String>,
    /// A command that does it.
    pub command: Vec<Piece>,
    /// What the answer could look like.
    pub answer: Vec<Piece>,
    /// How it is run from the page, if it can be.
    pub run: Option<Run>,
}

/// What an operation takes when it is run from the page.
#[derive(Debug, Clone)]
pub struct Run {
    /// Those that are always shown.
    pub first: Vec<RunInput>,
    /// The others.
    pub more: Vec<RunInput>,
    /// Whether one of the others is in use.
    pub open: bool,
    /// What came of it: the request, the status, the answer.
    pub outcome: Option<(String, String, Vec<Piece>)>,
}

/// An input of the form that runs an operation.
#[derive(Debug, Clone)]
pub struct RunInput {
    /// The id of the element.
    pub id: String,
    /// As in the form.
    pub name: String,
    /// As in the operation.
    pub label: String,
    /// What is in it.
    pub value: String,
    /// What can be chosen, if anything.
    pub choices: Vec<String>,
    /// Whether it must be filled in.
    pub required: bool,
}

/// A piece of code, with how it is shown: as it is, accented, or muted.
pub type Piece = (Tone, String);

/// How a piece of code is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// A value.
    Accent,
    /// Less important.
    Muted,
}

impl Operation {
    /// What it does and where, in a few words: its address within the API.
    #[must_use]
    pub fn short(&self) -> &str {
        self.address.split_once("/resources").map_or(&self.address, |(_, rest)| rest)
    }
}
