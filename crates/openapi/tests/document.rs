//! What the documents of all versions must be.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use openapi::Served;
use registry::{Catalogue, Entry, Field, Input, Kind, Role, Verb, Version};
use serde_json::{Map, Value, json};

const SERVER: &str = "https://muster.example";

fn catalogue() -> Catalogue {
    hr::catalogue().unwrap_or_else(|faults| panic!("{} faults:\n{}", faults.len(), faults.join("\n")))
}

fn of(version: Version) -> Value {
    openapi::document(&catalogue(), version, SERVER, &Served::everything())
}

fn all() -> impl Iterator<Item = (Version, Value)> {
    Version::SUPPORTED.into_iter().map(|version| (version, of(version)))
}

/// Every operation with its path and method.
fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object().expect("paths").iter();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().expect("an item").iter();
        operations.map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

/// Every value in a document with the place where it stands.
fn walk<'d>(value: &'d Value, at: &str, see: &mut dyn FnMut(&str, &'d Value)) {
    see(at, value);
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                walk(value, &format!("{at}/{name}"), see);
            }
        }
        Value::Array(items) => {
            for (i, value) in items.iter().enumerate() {
                walk(value, &format!("{at}/{i}"), see);
            }
        }
        _ => {}
    }
}

/// What a reference leads to, or the value itself.
fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => {
            let pointer = reference.strip_prefix('#').expect("a reference within the document");
            document.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
        }
        None => value,
    }
}

fn names(schema: &Value) -> BTreeSet<&str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties.map(|properties| properties.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_referred_to() {
    for (version, document) in all() {
        let mut used = BTreeSet::new();
        walk(&document, "", &mut |at, value| {
            if let Some(reference) = value.get("$ref") {
                let reference = reference.as_str().unwrap_or_else(|| panic!("{version} {at}"));
                resolved(&document, value);
                used.insert(reference.to_owned());
            }
        });
        for room in ["schemas", "parameters", "headers", "responses"] {
            for name in document["components"][room].as_object().expect("a room").keys() {
                let name = format!("#/components/{room}/{name}");
                // Everything is served here.
                let idle = name.ends_with("/NotImplemented");
                assert!(idle || used.contains(&name), "{version}: nothing refers to {name}");
            }
        }
    }
}

#[test]
fn every_operation_is_there_once() {
    for (version, document) in all() {
        let ids: BTreeSet<_> = operations(&document)
            .map(|(_, operation)| &operation["operationId"])
            .map(Value::to_string)
            .collect();
        let count = operations(&document).count();
        assert_eq!(ids.len(), count, "{version}");
        match version {
            Version::NEWEST => assert_eq!(count, 615),
            Version::OLDEST => assert_eq!(count, 554),
            _ => {}
        }
    }
}

#[test]
fn the_same_declarations_make_the_same_bytes() {
    for version in Version::SUPPORTED {
        assert_eq!(of(version).to_string(), of(version).to_string(), "{version}");
    }
}

#[test]
fn everything_has_a_type_and_says_what_it_is() {
    for (version, document) in all() {
        let said = |at: &str, value: &Value| {
            let text = value.get("description").and_then(Value::as_str).unwrap_or_default();
            assert!(text.ends_with(['.', '?', ')']), "{version} {at} is described as {text:?}");
        };
        let typed = |at: &str, value: &Value| {
            // What is in a list of anything is anything.
            let anything = at.ends_with("/items") && value.as_object().is_some_and(Map::is_empty);
            let known = value.get("type").is_some() || value.get("$ref").is_some() || anything;
            assert!(known, "{version} {at} has no type");
        };
        walk(&document, "", &mut |at, value| {
            for (name, property) in value.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let at = format!("{at}/{name}");
                typed(&at, property);
                said(&at, resolved(&document, property));
            }
            for part in ["items", "schema"] {
                value.get(part).into_iter().for_each(|schema| typed(&format!("{at}/{part}"), schema));
            }
            if value.get("in").is_some_and(|place| place == "query" || place == "path" || place == "header")
                && !at.contains("/securitySchemes/")
            {
                said(at, value);
                said(at, &value["schema"]);
            }
        });
        for room in ["schemas", "responses", "headers"] {
            for (name, component) in document["components"][room].as_object().expect("a room") {
                said(name, component);
            }
        }
        for (at, operation) in operations(&document) {
            said(&at, operation);
            assert!(operation.get("x-scope").is_some() && operation["x-permission"].is_string(), "{at}");
            for (status, answer) in operation["responses"].as_object().expect("answers") {
                said(&format!("{at} {status}"), resolved(&document, answer));
            }
        }
    }
}

/// What the document says somebody needs is what the decision asks for: for each operation, each sensitive field, each
/// member of a body that is guarded.
#[test]
fn permissions_are_those_that_are_decided_on() {
    let (mut operations, mut fields, mut members) = (0, 0, 0);
    for (version, document) in all() {
        for entry in catalogue().iter() {
            let (resource, base) = (entry.resource, address(version, entry));
            let mut needs = |method: &str, rest: String, permission: access::Permission| {
                let at = format!("{base}{rest}");
                let written = &document["paths"][&at][method];
                assert_eq!(written["x-permission"], permission.to_string(), "{method} {at}");
                operations += 1;
                for content in written["requestBody"]["content"].as_object().into_iter().flatten() {
                    for field in resource.fields {
                        let taken = if method == "put" { field.update } else { field.create };
                        let (Some(guard), Some(input)) = (access::Permission::guarding(field), taken) else {
                            continue;
                        };
                        let member = &content.1["schema"]["properties"][input.name];
                        if rest.is_empty() || rest == "/{id}" {
                            assert!(
                                member.is_null() || member["x-permission"] == guard.to_string(),
                                "{method} {at} {}",
                                input.name
                            );
                            members += usize::from(member.is_object());
                        }
                    }
                }
            };
            for operation in resource.operations.iter().filter(|operation| operation.lives_in(version)) {
                let (method, rest) = match operation.verb {
                    Verb::List => ("get", ""),
                    Verb::Read => ("get", "/{id}"),
                    Verb::Create => ("post", ""),
                    Verb::Update => ("put", "/{id}"),
                    Verb::Delete => ("delete", "/{id}"),
                };
                needs(method, rest.to_owned(), access::permission_of(resource, operation.verb));
            }
            for action in entry.actions.iter().filter(|action| action.lives_in(version)) {
                let permission = access::permission_of_action(resource, action);
                needs("post", format!("/{}", action.name), permission);
            }
            let Some(schema) = answer(&document, version, entry) else { continue };
            for field in resource.fields {
                let Some(module) = field.sensitive else { continue };
                let Some(shown) = schema["properties"].get(field.member.name) else { continue };
                assert_eq!(shown["x-permission"], format!("{module}.see"), "{base} {}", field.member.name);
                fields += 1;
            }
        }
    }
    assert!(operations > 2500 && fields > 300 && members > 100, "{operations} {fields} {members}");
}

/// The address of a resource in a version.
fn address(version: Version, entry: &Entry) -> String {
    format!("/api/{version}/resources/{}", entry.resource.path)
}

/// What one object is, as any operation that answers it says.
fn answer<'d>(document: &'d Value, version: Version, entry: &Entry) -> Option<&'d Value> {
    let base = address(version, entry);
    let (_, operation) = operations(document).find(|(at, _)| {
        let path = at.split_once(' ').map_or("", |(_, path)| path);
        path == base || path.strip_prefix(&base).is_some_and(|rest| rest.starts_with('/'))
    })?;
    let good = ["200", "201"].iter().find_map(|status| operation["responses"].get(status))?;
    let schema = resolved(document, &good["content"]["application/json"]["schema"]);
    // A page, or the list of an action.
    let item = schema.pointer("/properties/data/items").or(schema.get("items"));
    Some(item.map_or(schema, |item| resolved(document, item)))
}

#[test]
fn answers_are_what_is_declared() {
    for (version, document) in all() {
        for entry in catalogue().iter() {
            let Some(schema) = answer(&document, version, entry) else { continue };
            let shown = entry.resource.fields.iter().filter(|field| field.role != Role::Input);
            let living = shown.filter(|field| field.member.lives_in(version)).map(|field| field.member.name);
            assert_eq!(names(schema), living.collect(), "{version} {}", entry.resource.path);
        }
    }
}

fn carries_file(kind: &Kind) -> bool {
    matches!(kind, Kind::File | Kind::List(Kind::File))
}

#[test]
fn bodies_are_what_is_declared() {
    type Taken = fn(&Field) -> Option<Input>;
    let verbs: [(Verb, &str, &str, Taken); 2] = [
        (Verb::Create, "post", "", |field| field.create),
        (Verb::Update, "put", "/{id}", |field| field.update),
    ];
    for (version, document) in all() {
        for entry in catalogue().iter() {
            for (verb, method, rest, taken) in verbs {
                let operation =
                    entry.resource.operation(verb).filter(|operation| operation.lives_in(version));
                let at = format!("{}{rest}", address(version, entry));
                let written = &document["paths"][&at][method];
                assert_eq!(operation.is_some(), written.is_object(), "{method} {at}");
                let inputs =
                    || entry.resource.fields.iter().filter_map(taken).filter(|input| input.lives_in(version));
                for (media, content) in written["requestBody"]["content"].as_object().into_iter().flatten() {
                    let form = media == "multipart/form-data";
                    let of_form = |input: &Input| form || !carries_file(&input.kind);
                    let mut declared: BTreeSet<_> =
                        inputs().filter(of_form).map(|input| input.name.trim_end_matches("[]")).collect();
                    if verb == Verb::Update {
                        declared.insert("id");
                    }
                    let documented = names(&content["schema"]);
                    let plain: BTreeSet<_> =
                        documented.iter().map(|name| name.trim_end_matches("[]")).collect();
                    assert_eq!(plain, declared, "{method} {at} {media}");
                    let must = inputs().filter(|input| verb == Verb::Create && input.required);
                    let must: BTreeSet<_> = must.map(|input| input.name.trim_end_matches("[]")).collect();
                    let required = content["schema"]["required"].as_array().into_iter().flatten();
                    let required: BTreeSet<_> =
                        required.filter_map(Value::as_str).map(|name| name.trim_end_matches("[]")).collect();
                    assert_eq!(required, must, "{method} {at} {media}");
                }
            }
        }
    }
}

#[test]
fn parameters_and_actions_are_what_is_declared() {
    for (version, document) in all() {
        for entry in catalogue().iter() {
            let at = address(version, entry);
            let list = &document["paths"][&at]["get"];
            if let Some(parameters) = list["parameters"].as_array() {
                let parameters = parameters.iter().map(|parameter| resolved(&document, parameter));
                let query: Vec<_> = parameters.filter(|parameter| parameter["in"] == "query").collect();
                let documented: BTreeSet<_> =
                    query.iter().filter_map(|parameter| parameter["name"].as_str()).collect();
                assert_eq!(documented.len(), query.len(), "{at}: a parameter is there twice");
                let living = entry.resource.filters.iter().filter(|filter| filter.lives_in(version));
                let mut declared: BTreeSet<_> = living.map(|filter| filter.name).collect();
                declared.extend(["limit", "after_id", "before_id", "page"]);
                assert_eq!(documented, declared, "{at}");
                assert!(query.iter().all(|parameter| parameter["required"] == false), "{at}");
            }
            for action in &entry.actions {
                let written = &document["paths"][format!("{at}/{}", action.name)]["post"];
                assert_eq!(action.lives_in(version), written.is_object(), "{at}/{}", action.name);
                if written.is_object() {
                    let schema = &written["requestBody"]["content"]["application/json"]["schema"];
                    let living = action.input.iter().filter(|member| member.lives_in(version));
                    let declared: BTreeSet<_> = living.map(|member| member.name).collect();
                    assert_eq!(names(schema), declared, "{at}/{}", action.name);
                }
            }
        }
    }
}

#[test]
fn every_event_tells_of_an_object() {
    for (version, document) in all() {
        for entry in catalogue().iter().filter(|entry| answer(&document, version, entry).is_some()) {
            for (kind, event, _) in entry.event_types() {
                let hook = &document["webhooks"][&kind]["post"];
                let schema = &hook["requestBody"]["content"]["application/json"]["schema"];
                assert!(schema["$ref"].is_string(), "{version} {kind}");
                assert_eq!(hook["x-uncaused"].as_str(), event.uncaused, "{version} {kind}");
            }
        }
    }
}

#[test]
fn values_are_written_as_the_server_writes_and_reads_them() {
    let answered = |object: &str, member: &str| format!("/components/schemas/{object}/properties/{member}");
    let taken = |method: &str, path: &str, member: &str| {
        let at = format!("/api/{}/resources/{path}", Version::NEWEST).replace('/', "~1");
        format!("/paths/{at}/{method}/requestBody/content/application~1json/schema/properties/{member}")
    };
    let new_shift = |member: &str| taken("post", "attendance/shifts", member);
    let changed_leave = |member: &str| taken("put", "timeoff/leaves/{id}", member);
    let (newest, oldest) = (Version::NEWEST, Version::OLDEST);
    let cases = [
        // Identifiers change with the version, in answers only.
        (newest, answered("AttendanceShift", "id/type"), json!("string")),
        (newest, answered("AttendanceShift", "workplace_id/type"), json!(["string", "null"])),
        (oldest, answered("AttendanceShift", "id/type"), json!("integer")),
        (oldest, answered("AttendanceShift", "workplace_id/type"), json!(["integer", "null"])),
        (newest, new_shift("employee_id/type"), json!(["string", "integer", "null"])),
        (newest, changed_leave("id/type"), json!(["string", "integer"])),
        // A choice that may be null names null.
        (
            newest,
            answered("AttendanceShift", "half_day/enum"),
            json!(["beginning_of_day", "end_of_day", null]),
        ),
        (newest, answered("AttendanceShift", "half_day/type"), json!(["string", "null"])),
        (newest, answered("AttendanceShift", "date/format"), json!("date")),
        (newest, answered("AttendanceShift", "created_at/format"), json!("date-time")),
        (newest, answered("AttendanceShift", "minutes/format"), json!("int64")),
        (newest, answered("AttendanceShift", "in_location_latitude/format"), json!("double")),
        // A list is never null, and neither is an object: it is absent.
        (newest, answered("TeamsTeam", "employee_ids/type"), json!("array")),
        (newest, answered("TeamsTeam", "employee_ids/items/type"), json!("string")),
        (newest, answered("TimeoffLeave", "duration_by_day_attributes/type"), json!("object")),
        // A new object starts with something where the body says null, or nothing.
        (newest, new_shift("workable/default"), json!(true)),
        (newest, new_shift("workable/type"), json!(["boolean", "null"])),
        (newest, new_shift("date/type"), json!("string")),
        // An update clears what may be null.
        (newest, changed_leave("start_on/type"), json!("string")),
        (newest, changed_leave("finish_on/type"), json!(["string", "null"])),
    ];
    let (newer, older) = (of(newest), of(oldest));
    for (version, pointer, expected) in cases {
        let document = if version == newest { &newer } else { &older };
        assert_eq!(document.pointer(&pointer).unwrap_or(&Value::Null), &expected, "{version} {pointer}");
    }
    let required = &newer["components"]["schemas"]["TimeoffLeave"]["required"];
    let required: Vec<_> = required.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    assert!(required.contains(&"approved") && !required.contains(&"duration_by_day_attributes"));
}

#[test]
fn what_is_not_served_is_marked() {
    let nothing = Served { operation: &|_, _| false, action: &|_, _| false, parameter: &|_, _| false };
    for version in Version::SUPPORTED {
        let document = openapi::document(&catalogue(), version, SERVER, &nothing);
        for (at, operation) in operations(&document) {
            assert_eq!(operation["x-not-implemented"], true, "{at}");
            assert!(operation["responses"].get("501").is_some(), "{at}");
        }
        assert!(!of(version).to_string().contains("x-not-implemented"), "{version}");
    }
}

#[test]
fn the_way_in_is_the_servers_own() {
    let document = of(Version::NEWEST);
    let flow = &document["components"]["securitySchemes"]["oauth2"]["flows"]["authorizationCode"];
    assert_eq!(flow["authorizationUrl"], format!("{SERVER}/oauth/authorize"));
    assert_eq!(flow["tokenUrl"], format!("{SERVER}/oauth/token"));
    let scopes = flow["scopes"].as_object().expect("scopes");
    for (at, operation) in operations(&document) {
        for way in operation["security"].as_array().expect("ways") {
            let needed = way.get("oauth2").and_then(Value::as_array).into_iter().flatten();
            let unknown: Vec<_> =
                needed.filter_map(Value::as_str).filter(|scope| !scopes.contains_key(*scope)).collect();
            assert!(unknown.is_empty(), "{at} needs {unknown:?}");
        }
    }
}
