//! The objects that resources answer and take.

use access::{Doing, Permission};
use registry::{Default, Field, Input, Kind, Operation, Resource, Role, Verb, Version};
use serde_json::{Value, json};

use crate::schema::{Object, Schema, Values, Way, bounded, described, typed, with};

/// An object as a version shows it.
pub(crate) fn answer(resource: &Resource, version: Version) -> Schema {
    let values = Values { version, way: Way::Answer };
    let shown = resource.fields.iter().filter(|field| field.role != Role::Input);
    let mut object = Object::default();
    for field in shown.filter(|field| field.member.lives_in(version)) {
        let member = field.member;
        // Clients of the matched API cannot read null there: an object is left out, a list is empty.
        let (nullable, required) = match member.kind {
            Kind::Object(_) => (false, !member.nullable),
            Kind::List(_) => (false, true),
            _ => (member.nullable, true),
        };
        let kind = if field.is_text_in(version) { Kind::Text } else { member.kind };
        let mut value = described(values.value(&kind, nullable), member.doc);
        if field.role == Role::Derived {
            value = with(value, "x-derived", true);
        }
        let own = || field.withheld.map(|_| Permission::of(resource, Doing::See));
        let reading = field.sensitive.map(|module| Permission::new(module, Doing::See)).or_else(own);
        if let Some(permission) = reading {
            value = with(value, "x-permission", permission.to_string());
        }
        object.add(member.name, required, bounded(value, member.since, member.until));
    }
    described(object.schema(), resource.doc)
}

/// What the body of an operation may be, by its media type.
pub(crate) fn contents(resource: &Resource, operation: &Operation, version: Version) -> Schema {
    let taken: Vec<_> = taken(resource, operation.verb, version).collect();
    let files = operation.multipart || taken.iter().any(|(_, input)| carries_file(&input.kind));
    let mut contents = Schema::new();
    let mut add = |media: &str, way| {
        let schema = body(&taken, operation.verb, Values { version, way });
        if !schema.is_empty() {
            contents.insert(media.to_owned(), json!({ "schema": schema.schema() }));
        }
    };
    if !operation.multipart {
        add("application/json", Way::Body);
    }
    if files {
        add("multipart/form-data", Way::Form);
    }
    contents
}

/// The fields that an operation takes in a version.
fn taken(resource: &Resource, verb: Verb, version: Version) -> impl Iterator<Item = (&'static Field, Input)> {
    let input = move |field: &'static Field| match verb {
        Verb::Create => field.create,
        Verb::Update => field.update,
        Verb::List | Verb::Read | Verb::Delete => None,
    };
    let inputs = resource.fields.iter().filter_map(move |field| Some((field, input(field)?)));
    inputs.filter(move |(_, input)| input.lives_in(version))
}

fn body(taken: &[(&Field, Input)], verb: Verb, values: Values) -> Object {
    let mut object = Object::default();
    // A file is nothing that JSON can carry.
    let possible = |input: &Input| values.way == Way::Form || !carries_file(&input.kind);
    for (field, input) in taken.iter().filter(|(_, input)| possible(input)) {
        let new = verb == Verb::Create;
        let kind = narrower(input.kind, field.member.kind);
        let nullable = if new { !input.required } else { field.member.nullable };
        let mut value = described(values.value(&kind, nullable), field.member.doc);
        if new {
            value = start(value, field);
        } else if input.required {
            // An update leaves alone what it does not name, whatever it is.
            value = with(value, "x-documented-as-required", true);
        }
        if let Some(permission) = Permission::guarding(field) {
            value = with(value, "x-permission", permission.to_string());
        }
        value = bounded(value, input.since, input.until);
        object.add(&name(input.name, &kind, values.way), new && input.required, value);
    }
    if verb == Verb::Update && !object.has("id") {
        let id = with(Schema::new(), "type", ["string", "integer"]);
        object.add("id", false, described(id, "May repeat the one of the address, which counts."));
    }
    object
}

/// As in JSON, or as in a form, where the name of a list says that it is one.
fn name(name: &str, kind: &Kind, way: Way) -> String {
    let plain = name.trim_end_matches("[]");
    match (way, kind) {
        (Way::Form, Kind::List(_)) => format!("{plain}[]"),
        _ => plain.to_owned(),
    }
}

/// Of what is taken as text and kept as something else, what is kept is possible.
pub(crate) fn narrower(taken: Kind, kept: Kind) -> Kind {
    if taken == Kind::Text { kept } else { taken }
}

fn carries_file(kind: &Kind) -> bool {
    match kind {
        Kind::File => true,
        Kind::List(item) => carries_file(item),
        _ => false,
    }
}

/// With what a new object starts with where the body does not say.
fn start(value: Schema, field: &Field) -> Schema {
    let told = |words: &str| format!("{} By default {words}.", field.member.doc);
    match field.default {
        Some(Default::Text(text)) => with(value, "default", text),
        Some(Default::Integer(number)) => with(value, "default", number),
        Some(Default::Bool(truth)) => with(value, "default", truth),
        Some(Default::Now) => described(value, &told("the time of the request")),
        Some(Default::Today) => described(value, &told("the day of the request")),
        Some(Default::Copy(other)) => described(value, &told(&format!("the same as `{other}`"))),
        Some(Default::Empty | Default::Rule) | None => value,
    }
}

/// A page of objects.
pub(crate) fn page(object: Value) -> Schema {
    let list = described(with(typed("array"), "items", object), "The objects of the page.");
    let mut page = Object::default();
    page.add("data", true, list);
    page.add("meta", true, with(Schema::new(), "$ref", "#/components/schemas/PageMeta"));
    described(page.schema(), "A page of the list.")
}
