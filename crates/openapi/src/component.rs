//! What the document says once and refers to.

use std::collections::BTreeMap;

use registry::{Entry, Resource};
use serde_json::{Value, json};

use crate::schema::Schema;
use crate::words;

/// The name of each resource's schema, by path.
pub(crate) struct Names(BTreeMap<&'static str, String>);

impl Names {
    /// Named after the objects. Where two resources have objects of one name, the second is named after its path.
    pub fn new(living: &[&Entry]) -> Self {
        let mut names: BTreeMap<&'static str, String> = BTreeMap::new();
        for resource in living.iter().map(|entry| entry.resource) {
            let object = words::camel(resource.object);
            let taken = names.values().any(|name| *name == object);
            names.insert(resource.path, if taken { words::camel(resource.path) } else { object });
        }
        Self(names)
    }

    /// The name of a resource's schema.
    pub fn of(&self, resource: &Resource) -> &str {
        self.0.get(resource.path).map_or(resource.object, String::as_str)
    }
}

/// A reference to a component.
pub(crate) fn reference(room: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/components/{room}/{name}") })
}

/// The schemas that belong to no resource.
pub(crate) fn shared() -> Schema {
    let mut schemas = Schema::new();
    schemas.insert("PageMeta".to_owned(), page_meta());
    schemas.insert("Problem".to_owned(), problem());
    schemas
}

fn page_meta() -> Value {
    json!({
        "type": "object",
        "description": "Where a page lies in its list.",
        "properties": {
            "limit": {
                "type": "integer", "minimum": 1, "maximum": 100,
                "description": "Objects of a page at most.",
            },
            "total": { "type": "integer", "format": "int64", "minimum": 0, "description": "Objects of the whole list." },
            "has_next_page": { "type": "boolean", "description": "Whether objects follow." },
            "has_previous_page": { "type": "boolean", "description": "Whether objects come before." },
            "start_cursor": {
                "type": ["string", "null"],
                "description": "Cursor of the first object, for `before_id`. Null on an empty page.",
            },
            "end_cursor": {
                "type": ["string", "null"],
                "description": "Cursor of the last object, for `after_id`. Null on an empty page.",
            },
        },
        "required": ["limit", "total", "has_next_page", "has_previous_page", "start_cursor", "end_cursor"],
    })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "What went wrong (RFC 9457).",
        "properties": {
            "type": { "type": "string", "format": "uri-reference", "description": "`about:blank`: the status says it." },
            "title": { "type": "string", "description": "The status in words." },
            "status": { "type": "integer", "minimum": 400, "maximum": 599, "description": "The status." },
            "detail": { "type": "string", "description": "A sentence for people." },
            "code": { "type": "string", "description": "The kind of problem, for programs. It is never reworded." },
            "request_id": { "type": "string", "description": "What the log of the server has it under." },
            "errors": {
                "type": "object",
                "description": "Sentences about each part of the input that is wrong, by its name.",
                "additionalProperties": { "type": "array", "items": { "type": "string" } },
            },
            "problems": {
                "type": "array",
                "description": "The same for programs, in the order in which it was found.",
                "items": {
                    "type": "object",
                    "properties": {
                        "field": {
                            "type": "string",
                            "description": "The member, parameter or header; `id` for the object itself. Members of nested objects are joined with dots.",
                        },
                        "code": { "type": "string", "description": "What is wrong with it, for programs." },
                        "message": { "type": "string", "description": "What is wrong with it, for people." },
                    },
                    "required": ["field", "code", "message"],
                },
            },
        },
        "required": ["type", "title", "status", "detail", "code"],
    })
}
