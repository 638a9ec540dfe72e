//! From the description of a resource to what its page shows.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use engine::Engine;
use registry::{Entry, Kind, Reference, Role, Verb, Version};
use serde_json::{Map, Value, json};

use super::code::{self, Sent};
use super::{href, living};
use crate::App;
use crate::api::{self, oas};
use crate::web::pages::reference::{Field, Namespace, Operation, Piece, Resource, Run, RunInput, Summary};

/// What came of running an operation.
pub(super) struct Outcome {
    pub verb: String,
    /// What was given.
    pub given: Vec<(String, String)>,
    pub address: String,
    pub status: String,
    pub body: Vec<Piece>,
}

/// With a capital letter, and spaces.
pub(super) fn title(name: &str) -> String {
    let short = |word: &str| matches!(word, "ats" | "api" | "it" | "po" | "id" | "url");
    let words = name.split('_').map(|word| if short(word) { word.to_uppercase() } else { word.to_owned() });
    let name = words.collect::<Vec<_>>().join(" ");
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The last part of a resource's path.
pub(super) fn own_name(path: &str) -> &str {
    path.split_once('/').map_or(path, |(_, name)| name)
}

/// The namespaces of a version with what they have.
pub(super) fn namespaces(engine: &'static Engine, version: Version) -> Vec<Namespace> {
    let mut namespaces: Vec<Namespace> = Vec::new();
    for entry in living(engine, version) {
        let resource = entry.resource;
        let page = href(resource.path, version);
        let plain =
            resource.operations.iter().filter(|operation| operation.lives_in(version)).map(|operation| {
                let (method, name) = plain(operation.verb);
                (
                    method,
                    title(name),
                    format!("{page}#{name}"),
                    !api::served(engine, resource.path, operation.verb),
                )
            });
        let actions = entry.actions.iter().filter(|action| action.lives_in(version)).map(|action| {
            let served = api::acted(engine, resource.path, action.name);
            ("POST", title(action.name), format!("{page}#{}", action.name), !served)
        });
        let summary = Summary {
            title: title(own_name(resource.path)),
            path: resource.path,
            doc: resource.doc,
            operations: plain.chain(actions).collect(),
            href: page,
        };
        match namespaces.last_mut().filter(|namespace| namespace.name == resource.namespace()) {
            Some(namespace) => namespace.resources.push(summary),
            None => namespaces.push(Namespace {
                name: resource.namespace(),
                title: title(resource.namespace()),
                href: href(resource.namespace(), version),
                resources: vec![summary],
            }),
        }
    }
    namespaces
}

/// Method and name of a plain operation.
pub(super) fn plain(verb: Verb) -> (&'static str, &'static str) {
    match verb {
        Verb::List => ("GET", "list"),
        Verb::Read => ("GET", "read"),
        Verb::Create => ("POST", "create"),
        Verb::Update => ("PUT", "update"),
        Verb::Delete => ("DELETE", "delete"),
    }
}

/// Everything about a resource.
pub(super) fn resource(
    app: &App,
    entry: &'static Entry,
    version: Version,
    can_run: bool,
    outcome: Option<Outcome>,
) -> Resource {
    let resource = entry.resource;
    let document = oas::part(app.engine, std::iter::once(entry), version, &app.config.public_url);
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    let object = schemas.into_iter().find(|(name, _)| !matches!(name.as_str(), "PageMeta" | "Problem"));
    let object = object.map_or(&Value::Null, |(_, schema)| schema);
    let view = View { app, entry, version, document: &document };
    let example = openapi::example(&document, object, "");
    Resource {
        namespace: (resource.namespace(), href(resource.namespace(), version)),
        title: title(own_name(resource.path)),
        path: resource.path,
        doc: resource.doc,
        object: resource.object,
        facts: facts(entry),
        fields: view.fields(object),
        example: code::json(&example),
        operations: view.operations(can_run.then_some(outcome)),
        events: entry
            .event_types()
            .map(|(kind, event, notice)| {
                let tells = notice.map(|notice| format!("{} It carries an object of its own.", notice.doc));
                let never = event.uncaused.map(|why| format!("Nothing causes it. {why}"));
                (kind, tells.into_iter().chain(never).collect::<Vec<_>>().join(" "))
            })
            .collect(),
        referrers: referrers(app.engine, resource.path, version),
        can_run,
        log_in: String::new(),
    }
}

fn facts(entry: &Entry) -> Vec<(&'static str, String)> {
    let resource = entry.resource;
    let mut facts = vec![
        ("Object", format!("`{}`", resource.object)),
        (
            "Scope",
            resource.scope().map_or_else(
                || "Any token opens it.".to_owned(),
                |scope| format!("`{}`: {}", scope.name, scope.description),
            ),
        ),
        ("Permission", format!("Of the module `{}`.", resource.permission)),
    ];
    if let Some(subject) = resource.subject {
        facts.push(("Whose it is", format!("`{subject}` says it: by that it is decided who sees it.")));
    }
    if resource.computed {
        facts.push(("Nature", "Worked out when it is asked for. It cannot be changed.".to_owned()));
    }
    let sinces = resource.operations.iter().map(|operation| operation.since);
    let untils = resource.operations.iter().map(|operation| operation.until);
    let first = sinces.chain(entry.actions.iter().map(|action| action.since)).min().flatten();
    let last = untils.chain(entry.actions.iter().map(|action| action.until));
    let last = last.map(|until| until.unwrap_or(Version::NEWEST)).max();
    let last = last.filter(|until| *until < Version::NEWEST);
    match (first, last) {
        (None, None) => {}
        (Some(first), None) => facts.push(("Versions", format!("Since `{first}`."))),
        (None, Some(last)) => facts.push(("Versions", format!("Until `{last}`."))),
        (Some(first), Some(last)) => facts.push(("Versions", format!("From `{first}` until `{last}`."))),
    }
    facts
}

/// Fields of other resources that refer to one.
fn referrers(
    engine: &'static Engine,
    path: &str,
    version: Version,
) -> Vec<(String, &'static str, &'static str)> {
    let refers = |kind: &Kind| {
        let one = match kind {
            Kind::List(item) => item,
            one => one,
        };
        matches!(one, Kind::Id(Reference::Resource(target)) if *target == path)
    };
    living(engine, version)
        .map(|entry| entry.resource)
        .filter(|other| other.path != path)
        .flat_map(|other| {
            let shown = other.fields.iter().filter(|field| field.role != Role::Input);
            let fields = shown.filter(|field| field.member.lives_in(version) && refers(&field.member.kind));
            fields.map(move |field| {
                let name = field.member.name;
                (format!("{}#field-{name}", href(other.path, version)), other.path, name)
            })
        })
        .collect()
}

struct View<'a> {
    entry: &'static Entry,
    version: Version,
    app: &'a App,
    document: &'a Value,
}

impl View<'_> {
    fn resolved<'d>(&'d self, value: &'d Value) -> &'d Value {
        let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        pointer.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }

    /// The fields of the object.
    fn fields(&self, object: &Value) -> Vec<Field> {
        let resource = self.entry.resource;
        let mut fields = self.members(object, "field", false);
        let unknown = api::unknown_fields(self.app.engine, resource.path);
        for field in fields.iter_mut().filter(|field| field.depth == 0) {
            let declared = resource.field(&field.name);
            let taken =
                |input: Option<registry::Input>| input.is_some_and(|input| input.lives_in(self.version));
            if field.name == "id" {
                field.refers = None;
            }
            if declared.is_some_and(|field| field.role == Role::Derived) {
                field.badges.push(("", "worked out".to_owned()));
            } else if declared.is_some_and(|field| !taken(field.create) && !taken(field.update)) {
                field.badges.push(("", "read only".to_owned()));
            }
            if unknown.contains(&field.name.as_str()) {
                field.badges.push(("warning", "no value yet".to_owned()));
            }
        }
        fields
    }

    /// The members of an object and of those nested in it, in order.
    fn members(&self, object: &Value, prefix: &str, asked: bool) -> Vec<Field> {
        let mut fields = Vec::new();
        self.gather(object, prefix, "", 0, asked, &mut fields);
        fields
    }

    fn gather(
        &self,
        object: &Value,
        prefix: &str,
        within: &str,
        depth: usize,
        asked: bool,
        all: &mut Vec<Field>,
    ) {
        let required: Vec<_> =
            object["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (name, schema) in object["properties"].as_object().into_iter().flatten() {
            let schema = self.resolved(schema);
            let mut field = self.field(prefix, within, name, schema, depth);
            if asked && required.contains(&name.as_str()) {
                field.badges.insert(0, ("accent", "required".to_owned()));
            }
            all.push(field);
            let (inner, mark) =
                if schema["items"].is_object() { (&schema["items"], "[]") } else { (schema, "") };
            let inner = self.resolved(inner);
            if inner["properties"].is_object() {
                let within = format!("{within}{name}{mark}.");
                self.gather(inner, prefix, &within, depth + 1, asked, all);
            }
        }
    }

    fn field(&self, prefix: &str, within: &str, name: &str, schema: &Value, depth: usize) -> Field {
        let anchor = format!("{prefix}-{within}{name}").replace("[]", "");
        let inner = if schema["items"].is_object() { &schema["items"] } else { schema };
        let refers = inner["x-refers-to"].as_str().map(|path| (href(path, self.version), path.to_owned()));
        let texts = inner["enum"].as_array().into_iter().flatten();
        let mut badges = Vec::new();
        if types(schema).contains(&"null") {
            badges.push(("", "nullable".to_owned()));
        }
        if let Some(default) = schema.get("default") {
            let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
            badges.push(("", format!("default {default}")));
        }
        if let Some(permission) = schema["x-permission"].as_str() {
            badges.push(("accent", format!("permission {permission}")));
        }
        badges.extend(bounds(schema));
        Field {
            anchor,
            within: within.to_owned(),
            name: name.to_owned(),
            depth: depth.min(3),
            kind: kind(schema),
            refers,
            badges,
            doc: schema["description"].as_str().unwrap_or_default().to_owned(),
            values: texts.filter_map(Value::as_str).map(str::to_owned).collect(),
        }
    }

    /// The operations in the order of their declaration. `run`: what came of running one, where they can be run.
    fn operations(&self, mut run: Option<Option<Outcome>>) -> Vec<Operation> {
        let mut operations = Vec::new();
        let plain_ones =
            self.entry.resource.operations.iter().filter(|operation| operation.lives_in(self.version));
        let mut verbs: Vec<_> = plain_ones.map(|operation| operation.verb).collect();
        verbs.sort();
        let base = format!("/api/{}/resources/{}", self.version, self.entry.resource.path);
        for verb in verbs {
            let (method, name) = plain(verb);
            let rest = if matches!(verb, Verb::List | Verb::Create) { "" } else { "/{id}" };
            let mut operation = self.operation(method, &format!("{base}{rest}"), name);
            operation.run = run
                .as_mut()
                .filter(|_| method == "GET" && operation.served)
                .map(|outcome| runnable(&operation, outcome));
            operations.push(operation);
        }
        for action in self.entry.actions.iter().filter(|action| action.lives_in(self.version)) {
            operations.push(self.operation("POST", &format!("{base}/{}", action.name), action.name));
        }
        operations
    }

    fn operation(&self, method: &'static str, address: &str, name: &str) -> Operation {
        let described = &self.document["paths"][address][method.to_lowercase()];
        let served = described["x-not-implemented"] != true;
        let text = |key: &str| described[key].as_str().unwrap_or_default();
        // What the resource is has been said.
        let doc = text("description");
        let doc = doc.strip_prefix(self.entry.resource.doc).unwrap_or(doc).trim();
        let mut badges = bounds(described);
        if !served {
            badges.push(("warning", "not there yet".to_owned()));
        }
        let (mut address_takes, mut filters, mut common) = (Vec::new(), Vec::new(), Vec::new());
        for parameter in described["parameters"].as_array().into_iter().flatten() {
            let shared = parameter["$ref"].is_string();
            let parameter = self.resolved(parameter);
            let name_of = parameter["name"].as_str().unwrap_or_default();
            let mut field = self.field(name, "", name_of, &parameter["schema"], 0);
            field.badges.extend(bounds(parameter));
            if parameter["x-not-implemented"] == true {
                field.badges.push(("warning", "not there yet".to_owned()));
            }
            match (parameter["in"].as_str(), shared) {
                (Some("path"), _) => {
                    // A body may have one of the same name.
                    field.anchor = format!("{name}-address-{name_of}");
                    address_takes.push(field);
                }
                (Some("header"), _) => {
                    field.badges.push(("", "header".to_owned()));
                    common.push(field);
                }
                (_, true) => common.push(field),
                _ => filters.push(field),
            }
        }
        let mut takes =
            vec![("In the address".to_owned(), address_takes), ("Parameters".to_owned(), filters)];
        takes.extend(self.bodies(described, name));
        takes.retain(|(_, fields)| !fields.is_empty());
        let answers = || described["responses"].as_object().into_iter().flatten();
        let meaning =
            |answer: &Value| self.resolved(answer)["description"].as_str().unwrap_or_default().to_owned();
        let good = answers().find(|(status, _)| status.starts_with('2'));
        let faults = answers().filter(|(status, _)| status.bytes().all(|byte| byte.is_ascii_digit()));
        let faults = faults.filter(|(status, _)| !status.starts_with('2'));
        let schema = good.map(|(_, answer)| &answer["content"]["application/json"]["schema"]);
        Operation {
            anchor: name.to_owned(),
            method,
            title: if name == "list" || name == "read" {
                text("summary").to_owned()
            } else {
                headline(text("summary"))
            },
            address: address.to_owned(),
            doc: doc.split("\n\n").map(str::to_owned).collect(),
            badges,
            served,
            takes,
            common,
            success: good.map_or_else(Default::default, |(status, answer)| (status.clone(), meaning(answer))),
            faults: faults.map(|(status, answer)| (status.clone(), meaning(answer))).collect(),
            events: self.events(name),
            command: self.command(method, address, name, described),
            answer: schema.map_or_else(Vec::new, |schema| code::json(&self.answer(schema))),
            run: None,
        }
    }

    /// The types of the events that an operation causes by its name.
    fn events(&self, name: &str) -> Vec<String> {
        let events = self.entry.resource.event_types();
        events
            .filter(|(_, event)| event.verb.rsplit('/').next() == Some(name))
            .map(|(kind, _)| kind)
            .collect()
    }

    /// The members of the body: those that JSON carries, then those that only a form does.
    fn bodies(&self, described: &Value, name: &str) -> Vec<(String, Vec<Field>)> {
        let content = &described["requestBody"]["content"];
        let json = self.members(&content["application/json"]["schema"], name, true);
        let form = self.members(&content["multipart/form-data"]["schema"], name, true);
        if json.is_empty() {
            return vec![("Form (multipart/form-data)".to_owned(), form)];
        }
        let known = |field: &Field| json.iter().any(|known| known.anchor == field.anchor);
        let files = form.into_iter().filter(|field| !known(field)).collect();
        vec![
            ("Body".to_owned(), json),
            ("Files (multipart/form-data, with the same members)".to_owned(), files),
        ]
    }

    fn answer(&self, schema: &Value) -> Value {
        let resolved = self.resolved(schema);
        let mut answer = openapi::example(self.document, schema, "");
        if resolved["properties"]["meta"].is_object() {
            let id = answer["data"][0]["id"].clone();
            let cursor = match id.as_str().map(str::to_owned).or_else(|| id.as_i64().map(|id| id.to_string()))
            {
                Some(id) => BASE64_STANDARD.encode(id).into(),
                None => Value::Null,
            };
            answer["meta"] = json!({
                "limit": 2, "total": 1, "has_next_page": false, "has_previous_page": false,
                "start_cursor": cursor, "end_cursor": cursor,
            });
        }
        answer
    }

    fn command(&self, method: &str, address: &str, name: &str, described: &Value) -> Vec<Piece> {
        let id = openapi::example(self.document, &json!({ "type": "integer" }), "id");
        let mut url = format!("{}{}", self.app.config.public_url, address.replace("{id}", &id.to_string()));
        if name == "list" {
            url.push_str("?limit=2");
        }
        let content = &described["requestBody"]["content"];
        let sent = if content["application/json"].is_object() {
            Sent::Json(self.sent(&content["application/json"]["schema"], method).into())
        } else if content.is_object() {
            let schema = &content["multipart/form-data"]["schema"];
            let members = self.sent(schema, method).into_iter().map(|(name, value)| {
                let (schema, value) = (&schema["properties"][&name], value);
                let file = schema["format"] == "binary" || schema["items"]["format"] == "binary";
                let value = if let Value::Array(items) = &value { items[0].clone() } else { value };
                (name, value.as_str().map_or_else(|| value.to_string(), str::to_owned), file)
            });
            Sent::Form(members.collect())
        } else {
            Sent::Nothing
        };
        code::command(method, &url, &sent)
    }

    /// A body that says what it must, and a little of what it may.
    fn sent(&self, schema: &Value, method: &str) -> Map<String, Value> {
        let required: Vec<_> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let least = if method == "PUT" { 2 } else { 3 };
        let mut room = least_of(least, required.len());
        let mut body = Map::new();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let needed = required.contains(&name.as_str());
            let simple = !matches!(types(schema).first(), Some(&"object" | &"array")) && name != "id";
            let example = openapi::example(self.document, schema, name);
            if needed {
                body.insert(name.clone(), example);
            } else if simple && room > 0 && !example.is_null() {
                room -= 1;
                body.insert(name.clone(), example);
            }
        }
        body
    }
}

fn least_of(least: usize, have: usize) -> usize {
    least.saturating_sub(have)
}

/// `Clock in: shifts` as `Clock in`.
fn headline(summary: &str) -> String {
    summary.split_once(": ").map_or(summary, |(action, _)| action).to_owned()
}

/// Which versions have it, where not all do.
fn bounds(value: &Value) -> Vec<(&'static str, String)> {
    let bound =
        |key: &str, word: &str| value[key].as_str().map(|version| ("info", format!("{word} {version}")));
    [bound("x-since", "since"), bound("x-until", "until")].into_iter().flatten().collect()
}

fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// A type in words.
fn kind(schema: &Value) -> String {
    let id = schema["x-refers-to"].is_string();
    let mut types = types(schema);
    types.retain(|kind| *kind != "null");
    let text = |key: &str| schema[key].as_str().unwrap_or_default();
    match types.as_slice() {
        ["array"] => format!("list of {}", kind(&schema["items"])),
        ["string", "integer"] => "id".to_owned(),
        [one] if id => format!("id, {one}"),
        ["string"] if schema["enum"].is_array() => "one of".to_owned(),
        ["string"] => match text("format") {
            "date" => "date",
            "date-time" => "timestamp",
            "binary" => "file",
            _ if text("pattern").contains(':') => "time of day",
            _ => "string",
        }
        .to_owned(),
        [one] => (*one).to_owned(),
        _ => "any JSON".to_owned(),
    }
}

/// The form that runs an operation.
fn runnable(operation: &Operation, outcome: &mut Option<Outcome>) -> Run {
    let mine = outcome.as_ref().is_some_and(|outcome| outcome.verb == operation.anchor);
    let outcome = if mine { outcome.take() } else { None };
    let given = |name: &str| {
        let given = outcome.as_ref().map(|outcome| outcome.given.iter());
        given.and_then(|mut given| given.find(|(known, _)| known == name)).map(|(_, value)| value.clone())
    };
    let input = |name: &str, value: String, choices: Vec<String>, required: bool| RunInput {
        id: format!("run-{}-{name}", operation.anchor).replace("[]", ""),
        name: format!("p.{name}"),
        label: name.to_owned(),
        value,
        choices,
        required,
    };
    let first = if operation.anchor == "read" {
        input("id", given("id").unwrap_or_default(), Vec::new(), true)
    } else {
        let limit = given("limit").unwrap_or_else(|| "3".to_owned());
        input("limit", limit, Vec::new(), false)
    };
    let filters =
        operation.takes.iter().filter(|(title, _)| title == "Parameters").flat_map(|(_, fields)| fields);
    let pages =
        operation.common.iter().filter(|field| matches!(field.name.as_str(), "after_id" | "before_id"));
    let more: Vec<_> = filters
        .chain(pages.filter(|_| operation.anchor == "list"))
        .map(|field| {
            let truth = || ["true", "false"].map(str::to_owned).to_vec();
            let several = field.name.ends_with("[]");
            let choices = match field.kind.as_str() {
                "boolean" => truth(),
                _ if several => Vec::new(),
                _ => field.values.clone(),
            };
            input(&field.name, given(&field.name).unwrap_or_default(), choices, false)
        })
        .collect();
    let open = more.iter().any(|input| !input.value.is_empty());
    let outcome = outcome.map(|outcome| (format!("GET {}", outcome.address), outcome.status, outcome.body));
    Run { first: vec![first], more, open, outcome }
}
