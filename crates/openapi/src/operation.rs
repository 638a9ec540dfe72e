//! Operations at their addresses.

use access::{Permission, permission_of, permission_of_action};
use registry::{Action, Entry, Operation, Resource, Role, Verb, Version};
use serde_json::{Value, json};

use crate::Served;
use crate::component::reference;
use crate::object;
use crate::parameter;
use crate::response::{Success, answers};
use crate::schema::{Object, Schema, Values, Way, bounded, described, with};
use crate::security;
use crate::words;

/// Writes the operations of one resource.
pub(crate) struct Writer<'a> {
    pub entry: &'a Entry,
    pub version: Version,
    pub served: &'a Served<'a>,
    /// The name of its schema.
    pub object: &'a str,
}

/// What makes an operation itself.
struct Call {
    id: String,
    summary: String,
    doc: String,
    reads: bool,
    permission: Permission,
    served: bool,
    since: Option<Version>,
    until: Option<Version>,
    parameters: Vec<Value>,
    body: Option<Value>,
    success: Success,
    faults: Vec<&'static str>,
}

impl Writer<'_> {
    /// Adds what the version has of them.
    pub fn write(&self, paths: &mut Schema) {
        let base = format!("/api/{}/resources/{}", self.version, self.resource().path);
        let plain = self.resource().operations.iter();
        for operation in plain.filter(|operation| operation.lives_in(self.version)) {
            let (method, rest) = match operation.verb {
                Verb::List => ("get", ""),
                Verb::Create => ("post", ""),
                Verb::Read => ("get", "/{id}"),
                Verb::Update => ("put", "/{id}"),
                Verb::Delete => ("delete", "/{id}"),
            };
            add(paths, &format!("{base}{rest}"), method, self.described(self.plain(operation)));
        }
        for action in self.entry.actions.iter().filter(|action| action.lives_in(self.version)) {
            add(paths, &format!("{base}/{}", action.name), "post", self.described(self.action(action)));
        }
    }

    fn resource(&self) -> &'static Resource {
        self.entry.resource
    }

    fn id(&self, verb: &str) -> String {
        format!("{}_{verb}", self.resource().path.replace('/', "_"))
    }

    fn plain(&self, operation: &Operation) -> Call {
        let resource = self.resource();
        let verb = operation.verb;
        let one = reference("schemas", self.object);
        let (status, doc, schema) = match verb {
            Verb::List => ("200", "The page.", object::page(one).into()),
            Verb::Read => ("200", "The object.", one),
            Verb::Create => ("201", "The new object.", one),
            Verb::Update => ("200", "The object as it is now.", one),
            Verb::Delete => ("200", "The object as it was.", one),
        };
        let lenient = matches!(verb, Verb::List | Verb::Create | Verb::Update);
        let mut parameters = match verb {
            Verb::List => parameter::of_list(resource, self.version, self.served),
            Verb::Create => vec![parameter::refer("idempotency_key")],
            Verb::Read | Verb::Update | Verb::Delete => vec![parameter::refer("id")],
        };
        if lenient {
            parameters.push(parameter::refer("prefer"));
        }
        let contents = object::contents(resource, operation, self.version);
        // A body of which no member is required may as well be none.
        let required = contents.values().any(|content| content.pointer("/schema/required").is_some());
        let served = (self.served.operation)(resource.path, verb);
        let mut faults = match verb {
            Verb::List => vec!["400"],
            Verb::Read => vec!["404"],
            Verb::Create => vec!["400", "409", "413", "422", "429"],
            Verb::Update => vec!["400", "404", "409", "413", "422"],
            Verb::Delete => vec!["404", "409"],
        };
        let partly = parameters.iter().any(|parameter| parameter.get("x-not-implemented").is_some());
        if partly {
            faults.push("501");
        }
        Call {
            id: self.id(verb.name()),
            summary: words::summary(resource, verb),
            doc: format!("{} {}", resource.doc, words::effect(verb)),
            reads: matches!(verb, Verb::List | Verb::Read),
            permission: permission_of(resource, verb),
            served,
            since: operation.since,
            until: operation.until,
            parameters,
            body: (!contents.is_empty()).then(|| {
                json!({ "description": "The members of the object.", "required": required, "content": contents })
            }),
            success: Success {
                status,
                doc: doc.to_owned(),
                schema,
                lenient,
                posted: verb == Verb::Create,
            },
            faults,
        }
    }

    fn action(&self, action: &Action) -> Call {
        let values = Values { version: self.version, way: Way::Body };
        let mut input = Object::default();
        for member in action.input.iter().filter(|member| member.lives_in(self.version)) {
            let value = described(values.value(&member.kind, member.nullable), member.doc);
            let value = bounded(value, member.since, member.until);
            input.add(member.name.trim_end_matches("[]"), !member.nullable, value);
        }
        let body = (!input.is_empty()).then(|| {
            let schema = input.schema();
            let required = schema.contains_key("required");
            let content = json!({ "application/json": { "schema": schema } });
            json!({ "description": "What the action takes.", "required": required, "content": content })
        });
        let shown = self.resource().fields.iter().any(|field| field.role != Role::Input);
        let one = if shown { reference("schemas", self.object) } else { json!({}) };
        let (doc, schema) = if action.lists_in(self.version) {
            ("The objects that it was done to.", json!({ "type": "array", "items": one }))
        } else {
            ("The object that it was done to.", one)
        };
        Call {
            id: self.id(action.name),
            summary: format!(
                "{}: {}",
                words::sentence(&action.name.replace('_', " ")),
                words::plural(self.resource())
            ),
            doc: action.doc.to_owned(),
            reads: false,
            permission: permission_of_action(self.resource(), action),
            served: (self.served.action)(self.resource().path, action.name),
            since: action.since,
            until: action.until,
            parameters: ["idempotency_key", "prefer"].map(parameter::refer).into(),
            body,
            success: Success { status: "200", doc: doc.to_owned(), schema, lenient: true, posted: true },
            faults: vec!["400", "404", "409", "413", "422", "429"],
        }
    }

    /// What all operations say alike.
    fn described(&self, call: Call) -> Value {
        let resource = self.resource();
        let mut faults = call.faults;
        faults.extend(["401", "4XX", "5XX"]);
        // Who reads without the permission sees less, or nothing.
        if resource.scope().is_some() || !call.reads {
            faults.push("403");
        }
        if !call.served {
            faults.push("501");
        }
        let mut operation = Schema::new();
        let mut say = |key: &str, value: Value| operation.insert(key.to_owned(), value);
        say("operationId", call.id.into());
        say("tags", json!([resource.namespace()]));
        say("summary", call.summary.into());
        say("description", format!("{}\n\n{}", call.doc, words::access(resource, call.permission)).into());
        say("security", security::of(resource, call.reads));
        if !call.parameters.is_empty() {
            say("parameters", call.parameters.into());
        }
        if let Some(body) = call.body {
            say("requestBody", body);
        }
        say("responses", answers(&call.success, &faults).into());
        say("x-scope", resource.scope().map_or(Value::Null, |scope| scope.name.into()));
        say("x-permission", call.permission.to_string().into());
        if let Some(since) = call.since {
            say("x-since", since.to_string().into());
        }
        if let Some(until) = call.until {
            say("x-until", until.to_string().into());
        }
        if !call.served {
            say("x-not-implemented", true.into());
        }
        operation.into()
    }
}

fn add(paths: &mut Schema, path: &str, method: &str, operation: Value) {
    let known = paths.remove(path).and_then(|known| match known {
        Value::Object(known) => Some(known),
        _ => None,
    });
    paths.insert(path.to_owned(), with(known.unwrap_or_default(), method, operation).into());
}
