//! The description of the API that programs read: one OpenAPI 3.1 document for each version, made of the declarations
//! alone. It knows no resource by name, and the same declarations make the same bytes.

mod component;
mod example;
mod object;
mod operation;
mod parameter;
mod response;
mod schema;
mod security;
mod words;

use std::collections::BTreeMap;

use registry::{Catalogue, Entry, Filter, Verb, Version};
use serde_json::{Value, json};

use crate::component::Names;
use crate::operation::Writer;
use crate::schema::{Schema, Values, Way};

pub use example::example;

/// What a server does of what is declared. The rest is in the document, and marked `x-not-implemented`.
pub struct Served<'a> {
    /// Whether it does a plain operation of the resource at a path.
    pub operation: &'a dyn Fn(&str, Verb) -> bool,
    /// Whether it does an action, by its name, of the resource at a path.
    pub action: &'a dyn Fn(&str, &str) -> bool,
    /// Whether the list of the resource at a path understands a parameter.
    pub parameter: &'a dyn Fn(&str, &Filter) -> bool,
}

impl Served<'static> {
    /// Everything that is declared.
    pub fn everything() -> Self {
        Self { operation: &|_, _| true, action: &|_, _| true, parameter: &|_, _| true }
    }
}

/// The document of one version of the API, as the server with this public URL answers it.
pub fn document(catalogue: &Catalogue, version: Version, server: &str, served: &Served<'_>) -> Value {
    part(catalogue.iter(), version, server, served)
}

/// The part of the document that is about some resources, a document by itself. What they refer to of others is only named.
pub fn part<'e>(
    entries: impl Iterator<Item = &'e Entry>,
    version: Version,
    server: &str,
    served: &Served<'_>,
) -> Value {
    let living: Vec<_> = entries.filter(|entry| lives_in(entry, version)).collect();
    let names = Names::new(&living);
    let mut schemas = component::shared();
    let mut paths = Schema::new();
    for entry in &living {
        schemas.insert(names.of(entry.resource).to_owned(), object::answer(entry.resource, version).into());
        let writer = Writer { entry, version, served, object: names.of(entry.resource) };
        writer.write(&mut paths);
    }
    let values = Values { version, way: Way::Answer };
    for notice in living.iter().flat_map(|entry| &entry.notices) {
        let schema = schema::described(values.value(&notice.payload, false), notice.doc);
        schemas.insert(words::camel(notice.name), schema.into());
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Muster API",
            "version": version.to_string(),
            "summary": "People, their time and their pay: every resource of a company.",
            "description": words::INTRODUCTION,
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": server, "description": "This server." }],
        "security": security::any(),
        "tags": tags(&living),
        "paths": paths,
        "webhooks": webhooks(&living, &names),
        "components": {
            "schemas": schemas,
            "parameters": parameter::shared(),
            "headers": response::headers(),
            "responses": response::shared(),
            "securitySchemes": security::schemes(server),
        },
    })
}

/// Whether a version has anything of a resource.
pub fn lives_in(entry: &Entry, version: Version) -> bool {
    entry.resource.operations.iter().any(|operation| operation.lives_in(version))
        || entry.actions.iter().any(|action| action.lives_in(version))
}

/// A tag for each namespace, which tells what is in it.
fn tags(living: &[&Entry]) -> Value {
    let mut namespaces: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for resource in living.iter().map(|entry| entry.resource) {
        namespaces.entry(resource.namespace()).or_default().push(words::plural(resource));
    }
    let tag = |(name, what): (&str, Vec<String>)| json!({ "name": name, "description": format!("{}.", words::sentence(&what.join(", "))) });
    namespaces.into_iter().map(tag).collect()
}

/// A request of this server for each type of event.
fn webhooks(living: &[&Entry], names: &Names) -> Schema {
    let mut webhooks = Schema::new();
    for entry in living {
        for (kind, event, notice) in entry.event_types() {
            let (object, doc) = match notice {
                None => (component::reference("schemas", names.of(entry.resource)), entry.resource.doc),
                Some(notice) => (component::reference("schemas", &words::camel(notice.name)), notice.doc),
            };
            let why = event.uncaused.map_or_else(String::new, |why| format!(" {why}"));
            let mut hook = json!({
                "post": {
                    "tags": [kind.split('/').next()],
                    "summary": kind,
                    "description": format!(
                        "Sent to the addresses that subscribed to `{kind}`, with the object that it happened to. {doc}{why}",
                    ),
                    "security": [{}],
                    "requestBody": {
                        "description": "The object.",
                        "required": true,
                        "content": { "application/json": { "schema": object } },
                    },
                    "responses": { "2XX": { "description": "Any of them says that the event has arrived." } },
                },
            });
            if let Some(why) = event.uncaused {
                hook["post"]["x-uncaused"] = why.into();
            }
            // Two resources may show the same objects; the first one tells of them.
            webhooks.entry(kind).or_insert(hook);
        }
    }
    webhooks
}
