//! Values as JSON Schema.

use registry::{Kind, Member, Reference, Version};
use serde_json::{Map, Value, json};

/// The members of a schema.
pub(crate) type Schema = Map<String, Value>;

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the client.
    Answer,
    /// From the client, as JSON.
    Body,
    /// From the client, as text: in a form or a query, where nothing is null.
    Form,
}

/// Writes values that go one way in one version.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values {
    pub version: Version,
    pub way: Way,
}

impl Values {
    /// A value, or null where it may be.
    pub fn value(self, kind: &Kind, nullable: bool) -> Schema {
        let mut schema = self.plain(kind);
        if nullable && self.way != Way::Form {
            admit_null(&mut schema);
        }
        schema
    }

    fn plain(self, kind: &Kind) -> Schema {
        match kind {
            Kind::Id(reference) => self.id(*reference),
            Kind::Text => typed("string"),
            Kind::Integer => formatted("integer", "int64"),
            Kind::Number => formatted("number", "double"),
            Kind::Bool => typed("boolean"),
            Kind::Date => formatted("string", "date"),
            Kind::Time => with(typed("string"), "pattern", TIME),
            Kind::Instant => formatted("string", "date-time"),
            // Generators of clients want to hear what is in a list, even if that is anything.
            Kind::Any => {
                let any = ["string", "number", "boolean", "array", "object"];
                with(with(Schema::new(), "type", any), "items", Schema::new())
            }
            Kind::Map => typed("object"),
            Kind::File => with(formatted("string", "binary"), "contentMediaType", "application/octet-stream"),
            Kind::Choice(texts) => with(typed("string"), "enum", *texts),
            Kind::List(item) => with(typed("array"), "items", self.plain(item)),
            Kind::Object(members) => self.nested(members),
        }
    }

    /// Requests may write any identifier both ways.
    fn id(self, reference: Reference) -> Schema {
        let schema = match self.way {
            Way::Answer if self.version.ids_are_strings() => typed("string"),
            Way::Answer => formatted("integer", "int64"),
            Way::Body | Way::Form => {
                let both = with(Schema::new(), "type", ["string", "integer"]);
                with(with(both, "pattern", "^[0-9]+$"), "minimum", 1)
            }
        };
        match reference {
            Reference::Resource(path) => with(schema, "x-refers-to", path),
            Reference::Table(_) | Reference::Anything => schema,
        }
    }

    /// An object within another. It is kept as it was taken, so that whatever may be null may also be absent, and the
    /// other way round.
    fn nested(self, members: &[Member]) -> Schema {
        let mut object = Object::default();
        for member in members.iter().filter(|member| member.lives_in(self.version)) {
            let value = self.value(&member.kind, member.nullable);
            let value = bounded(described(value, member.doc), member.since, member.until);
            object.add(member.name, !member.nullable, value);
        }
        object.schema()
    }
}

/// An object that is being put together.
#[derive(Default)]
pub(crate) struct Object {
    properties: Schema,
    required: Vec<Value>,
}

impl Object {
    /// With one more member.
    pub fn add(&mut self, name: &str, required: bool, value: Schema) {
        if required {
            self.required.push(name.into());
        }
        self.properties.insert(name.to_owned(), value.into());
    }

    /// Whether it has a member of this name.
    pub fn has(&self, name: &str) -> bool {
        self.properties.contains_key(name)
    }

    /// Whether it has no member.
    pub fn is_empty(&self) -> bool {
        self.properties.is_empty()
    }

    /// Its schema.
    pub fn schema(self) -> Schema {
        let mut schema = typed("object");
        schema.insert("properties".to_owned(), self.properties.into());
        if !self.required.is_empty() {
            schema.insert("required".to_owned(), self.required.into());
        }
        schema
    }
}

/// Hours and minutes; seconds where they are known.
const TIME: &str = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$";

/// A schema of one type.
pub(crate) fn typed(name: &str) -> Schema {
    with(Schema::new(), "type", name)
}

/// A schema of one type with a format.
pub(crate) fn formatted(name: &str, format: &str) -> Schema {
    with(typed(name), "format", format)
}

/// A schema that says what the value means.
pub(crate) fn described(schema: Schema, doc: &str) -> Schema {
    with(schema, "description", doc)
}

/// A schema that says one thing more.
pub(crate) fn with(mut schema: Schema, key: &str, value: impl Into<Value>) -> Schema {
    schema.insert(key.to_owned(), value.into());
    schema
}

/// A schema that says which versions have the value, where not all have it.
pub(crate) fn bounded(mut schema: Schema, since: Option<Version>, until: Option<Version>) -> Schema {
    for (key, bound) in [("x-since", since), ("x-until", until)] {
        if let Some(version) = bound {
            schema = with(schema, key, version.to_string());
        }
    }
    schema
}

fn admit_null(schema: &mut Schema) {
    if let Some(kind) = schema.get_mut("type") {
        match kind {
            Value::Array(types) => types.push("null".into()),
            one => *one = json!([one.take(), "null"]),
        }
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
}
