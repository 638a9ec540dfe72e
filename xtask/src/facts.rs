//! `cargo xtask facts FOLDER`: the description of the API against facts that were written down of the matched one.
//!
//! A file of the folder tells of a namespace: its resources with the fields of their objects, their operations with what they
//! take, and its events. Every difference is named, unless it is a known one.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

/// The versions that facts are known of.
const VERSIONS: [&str; 3] = ["2026-04-01", "2026-07-01", "2026-10-01"];

/// Differences that are meant, by the beginning of what stands behind the version, and why.
const KNOWN: &[(&str, &str)] = &[
    (
        "get timeoff/allowance_stats",
        "`carry_overs` came back after it had gone, and a declaration names one span: every version answers it",
    ),
    (
        "get marketplace/installation_settings answers: the set of fields",
        "the matched vendor's client for 2026-07-01 still insists on two fields that its documentation dropped",
    ),
    (
        "get api_public/credentials answers employee_id",
        "a company has no employee, and an API key or a company's token is a company's",
    ),
    ("event performance/review_process/", CYCLE),
    ("get performance/review_processes", CYCLE),
    ("post performance/review_processes", CYCLE),
    ("delete performance/review_processes", CYCLE),
    ("event contracts/contract_version_request/", UNNAMED),
    ("event banking/bank_account_number/", UNNAMED),
    (
        "put attendance/edit_timesheet_requests/{id}: the set of members of the body",
        "`approved` is how a request is decided; the matched API has no operation for it",
    ),
    (
        "put teams/teams/{id}: the set of members of the body",
        "`avatar` is a file, which only a form can carry",
    ),
    (
        "put project_management/flexible_time_records/{id} body id: the type",
        "an identifier is an identifier here as well, and is taken as a number too",
    ),
];

const UNNAMED: &str = "the facts name the object of these events and say nothing of it";

const CYCLE: &str = "the matched vendor's client reads `cycle_id` as text in the only version that has it";

/// Compares the document of each version that the binary prints with the facts in a folder.
pub fn run(binary: &Path, folder: &Path) -> Result<()> {
    ensure!(binary.is_file(), "{} has not been built", binary.display());
    let namespaces = read(folder)?;
    let mut differences = Vec::new();
    let mut compared = 0;
    for version in VERSIONS {
        let output = Command::new(binary).args(["openapi", "--version", version]).output()?;
        ensure!(output.status.success(), "{} openapi failed", binary.display());
        let document = serde_json::from_slice(&output.stdout).context("the document is no JSON")?;
        let mut comparison = Comparison { version, document: &document, compared: 0, found: Vec::new() };
        comparison.all(&namespaces);
        compared += comparison.compared;
        differences.append(&mut comparison.found);
    }
    let known =
        |line: &String| KNOWN.iter().any(|(start, _)| line[VERSIONS[0].len() + 1..].starts_with(start));
    let (known, new): (Vec<_>, Vec<_>) = differences.into_iter().partition(known);
    for line in &new {
        println!("{line}");
    }
    println!("{compared} facts compared, {} known differences, {} others", known.len(), new.len());
    if new.is_empty() { Ok(()) } else { bail!("{} differences", new.len()) }
}

fn read(folder: &Path) -> Result<Vec<Value>> {
    let mut namespaces = Vec::new();
    for file in std::fs::read_dir(folder).with_context(|| format!("no folder {}", folder.display()))? {
        let file = file?.path();
        if file.extension().is_some_and(|extension| extension == "json") {
            let text = std::fs::read(&file)?;
            namespaces.push(serde_json::from_slice(&text).with_context(|| format!("in {}", file.display()))?);
        }
    }
    ensure!(!namespaces.is_empty(), "there is nothing in {}", folder.display());
    Ok(namespaces)
}

/// Which way a value goes: identifiers are taken both ways, and answered one way.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Answer,
    Request,
}

struct Comparison<'a> {
    version: &'static str,
    document: &'a Value,
    compared: usize,
    found: Vec<String>,
}

impl<'a> Comparison<'a> {
    fn all(&mut self, namespaces: &[Value]) {
        let mut expected = BTreeSet::new();
        for namespace in namespaces {
            for (_, resource) in members(&namespace["resources"]) {
                for operation in items(&resource["operations"]) {
                    if self.lives(operation) {
                        expected.insert(self.operation(resource, operation));
                    }
                }
            }
            for (event, object) in members(&namespace["webhook_events"]) {
                self.event(event, object, namespaces);
            }
        }
        for (path, item) in members(&self.document["paths"]) {
            for (method, _) in members(item) {
                if !expected.contains(&(path.clone(), method.clone())) {
                    self.differ(&format!("{method} {path}"), "the document has it, the facts have not");
                }
            }
        }
        let events: BTreeSet<_> =
            namespaces.iter().flat_map(|n| members(&n["webhook_events"])).map(|(e, _)| e).collect();
        for (event, _) in members(&self.document["webhooks"]) {
            if !events.contains(event) {
                self.differ(&format!("event {event}"), "the document has it, the facts have not");
            }
        }
    }

    fn lives(&self, fact: &Value) -> bool {
        let bound = |name: &str| fact[name].as_str();
        bound("since").is_none_or(|since| since <= self.version)
            && bound("until").is_none_or(|until| self.version <= until)
    }

    fn differ(&mut self, at: &str, what: &str) {
        self.found.push(format!("{} {at}: {what}", self.version));
    }

    /// Compares one thing.
    fn same<T: PartialEq + std::fmt::Debug>(&mut self, at: &str, what: &str, facts: &T, document: &T) {
        self.compared += 1;
        if facts != document {
            self.differ(at, &format!("{what} is {document:?} in the document and {facts:?} in the facts"));
        }
    }

    fn operation(&mut self, resource: &Value, operation: &Value) -> (String, String) {
        let method = operation["method"].as_str().unwrap_or_default().to_lowercase();
        let path = operation["path"].as_str().unwrap_or_default();
        let address = format!("/api/{}/resources/{path}", self.version);
        let at = format!("{method} {path}");
        let document = self.document;
        let written = &document["paths"][&address][&method];
        self.compared += 1;
        if written.is_null() {
            self.differ(&at, "the facts have it, the document has not");
            return (address, method);
        }
        self.parameters(&at, operation, written);
        self.body(&at, operation, written);
        self.answer(&at, resource, operation, written);
        (address, method)
    }

    fn parameters(&mut self, at: &str, operation: &Value, written: &'a Value) {
        let written: BTreeMap<&str, &Value> = items(&written["parameters"])
            .map(|parameter| self.resolved(parameter))
            .filter(|parameter| parameter["in"] == "query")
            .filter_map(|parameter| Some((parameter["name"].as_str()?, parameter)))
            .collect();
        const PAGING: [&str; 4] = ["limit", "after_id", "before_id", "page"];
        let facts: BTreeMap<&str, &Value> = members(&operation["query"])
            .filter(|(name, fact)| self.lives(fact) && !PAGING.contains(&name.as_str()))
            .map(|(name, fact)| (name.as_str(), fact))
            .collect();
        let names = |of: &BTreeMap<&str, &Value>| {
            of.keys().filter(|name| !PAGING.contains(name)).map(|name| (*name).to_owned()).collect::<Vec<_>>()
        };
        self.same(at, "the set of parameters", &names(&facts), &names(&written));
        for (name, fact) in facts {
            let Some(parameter) = written.get(name) else { continue };
            let at = format!("{at} ?{name}");
            self.taken(&at, name, fact, &parameter["schema"]);
            let required = parameter["x-documented-as-required"] == true;
            self.same(&at, "whether it is required", &(fact["required"] == true), &required);
        }
    }

    /// What a request may give. Where the facts know no more than that it is text, the document may know better; what several
    /// values are taken of is a list; and an identifier that is text takes any text.
    fn taken(&mut self, at: &str, name: &str, fact: &Value, schema: &'a Value) {
        let mut kind = self.fact(&fact["type"], fact, Way::Request);
        let written = self.schema(schema, Way::Request);
        if name.ends_with("[]") && !kind.starts_with('[') {
            kind = format!("[{kind}]");
        }
        let bare = |kind: &str| kind.trim_start_matches('[').trim_end_matches(']').to_owned();
        let scalar = ["date", "datetime", "time", "id", "boolean"];
        let better = bare(&kind) == "string"
            && (scalar.contains(&bare(&written).as_str()) || !schema_texts(schema).is_empty());
        let text = bare(&kind) == "id" && bare(&written) == "string";
        let day = kind == "datetime" && written == "date";
        if kind.starts_with('[') == written.starts_with('[') && (better || text || day) {
            self.compared += 1;
        } else {
            self.same(at, "the type", &kind, &written);
        }
    }

    fn body(&mut self, at: &str, operation: &Value, written: &'a Value) {
        let content = &written["requestBody"]["content"];
        let facts: BTreeMap<&str, &Value> = members(&operation["body"])
            .filter(|(_, fact)| self.lives(fact))
            .map(|(name, fact)| (name.as_str(), fact))
            .collect();
        let media = operation["content"].as_str().unwrap_or("application/json");
        if facts.is_empty() && content.is_null() {
            return;
        }
        let Some(content) = content.get(media) else {
            self.differ(at, &format!("there is no body of the type {media}"));
            return;
        };
        let schema = self.resolved(&content["schema"]);
        let plain = |name: &str| name.trim_end_matches("[]").to_owned();
        let members_of: BTreeMap<String, &Value> =
            members(&schema["properties"]).map(|(name, schema)| (plain(name), schema)).collect();
        let required: BTreeSet<_> = items(&schema["required"]).filter_map(Value::as_str).map(plain).collect();
        let update = operation["method"] == "PUT";
        // An update may repeat the id.
        let extra = |name: &String| update && name == "id" && !facts.contains_key("id");
        let written: Vec<_> = members_of.keys().filter(|name| !extra(name)).cloned().collect();
        let expected: BTreeSet<_> = facts.keys().map(|name| plain(name)).collect();
        self.same(at, "the set of members of the body", &expected.into_iter().collect::<Vec<_>>(), &written);
        for (name, fact) in facts {
            let Some(member) = members_of.get(&plain(name)) else { continue };
            let at = format!("{at} body {name}");
            self.taken(&at, name, fact, member);
            if update && name == "id" {
                // The address says which one; the body may repeat it.
                continue;
            }
            let required = required.contains(&plain(name)) || member["x-documented-as-required"] == true;
            self.same(&at, "whether it is required", &(fact["required"] == true), &required);
        }
    }

    fn answer(&mut self, at: &str, resource: &Value, operation: &Value, written: &'a Value) {
        let status = operation["status"].as_u64().unwrap_or(200).to_string();
        let good: Vec<_> = members(&written["responses"])
            .map(|(status, _)| status.clone())
            .filter(|status| status.starts_with('2'))
            .collect();
        self.same(at, "the status", &vec![status.clone()], &good);
        let schema = &written["responses"][&status]["content"]["application/json"]["schema"];
        let mut schema = self.resolved(schema);
        let page = !schema["properties"]["data"].is_null() && !schema["properties"]["meta"].is_null();
        self.same(at, "whether it is a page", &(operation["returns"] == "page"), &page);
        if page {
            schema = self.resolved(&schema["properties"]["data"]["items"]);
        }
        // The facts do not tell a list of objects from one; the matched vendor's client reads a list from some actions.
        if schema["type"] == "array" {
            schema = self.resolved(&schema["items"]);
        }
        self.object(&format!("{at} answers"), resource, schema);
    }

    /// An object of a resource against its schema.
    fn object(&mut self, at: &str, resource: &Value, schema: &'a Value) {
        let kind = self.facts_object(&resource["fields"], Way::Answer);
        let written = self.schema_object(schema, Way::Answer);
        let names = |of: &BTreeMap<String, String>| of.keys().cloned().collect::<Vec<_>>();
        self.same(at, "the set of fields", &names(&kind), &names(&written));
        for (name, mut kind) in kind {
            if let Some(written) = written.get(&name) {
                // The facts leave open whether an object that is there has an id. It has.
                if name == "id" && !written.ends_with("null") {
                    kind = kind.trim_end_matches(" or null").to_owned();
                }
                self.same(&format!("{at} {name}"), "the type", &kind, written);
            }
        }
    }

    fn event(&mut self, event: &str, object: &Value, namespaces: &[Value]) {
        let at = format!("event {event}");
        let document = self.document;
        let hook = &document["webhooks"][event]["post"];
        let resources = namespaces.iter().flat_map(|namespace| members(&namespace["resources"]));
        let carrying: Vec<_> = resources
            .map(|(_, resource)| resource)
            .filter(|resource| resource["object"] == *object)
            .collect();
        let alive = carrying
            .iter()
            .any(|resource| items(&resource["operations"]).any(|operation| self.lives(operation)));
        if hook.is_null() {
            if alive {
                self.differ(&at, "the facts have it, the document has not");
            }
            return;
        }
        let schema = self.resolved(&hook["requestBody"]["content"]["application/json"]["schema"]);
        match carrying.first() {
            Some(resource) => self.object(&at, resource, schema),
            None => self.differ(&at, &format!("no resource of the facts has the object {object}")),
        }
    }

    fn resolved(&self, value: &'a Value) -> &'a Value {
        let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        pointer.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(value)
    }

    /// The type of a fact in one form.
    fn fact(&self, kind: &Value, fact: &Value, way: Way) -> String {
        match kind {
            Value::String(name) => match (name.as_str(), way) {
                ("id", Way::Request) => "id".to_owned(),
                ("id", Way::Answer) if fact["always_string"] == true || self.version >= "2026-07-01" => {
                    "string".to_owned()
                }
                ("id", Way::Answer) => "integer".to_owned(),
                (name, _) => name.to_owned(),
            },
            Value::Object(of) => {
                if let Some(texts) = of.get("enum") {
                    choice(items(texts))
                } else if let Some(item) = of.get("list") {
                    format!("[{}]", self.fact(item, fact, way))
                } else if let Some(object) = of.get("object") {
                    nested(&self.facts_object(object, way))
                } else {
                    "?".to_owned()
                }
            }
            _ => "?".to_owned(),
        }
    }

    /// The members of an object of the facts, each with its type; `?` behind it where it may be null.
    fn facts_object(&self, object: &Value, way: Way) -> BTreeMap<String, String> {
        let living = members(object).filter(|(_, fact)| self.lives(fact));
        let kind = |fact: &Value| {
            let kind = self.fact(&fact["type"], fact, way);
            let list = kind.starts_with('[');
            if fact["required"] == true || list { kind } else { format!("{kind} or null") }
        };
        living.map(|(name, fact)| (name.clone(), kind(fact))).collect()
    }

    /// The type of a schema in the same form.
    fn schema(&self, schema: &'a Value, way: Way) -> String {
        let schema = self.resolved(schema);
        let types: Vec<_> = match &schema["type"] {
            Value::Array(types) => {
                types.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect()
            }
            one => one.as_str().into_iter().collect(),
        };
        let text = |key: &str| schema[key].as_str().unwrap_or_default();
        match types.as_slice() {
            ["string"] if schema["enum"].is_array() => choice(items(&schema["enum"])),
            ["string"] if text("format") == "date" => "date".to_owned(),
            ["string"] if text("format") == "date-time" => "datetime".to_owned(),
            ["string"] if text("format") == "binary" => "File".to_owned(),
            ["string"] if text("pattern").contains(':') => "time".to_owned(),
            ["array"] => format!("[{}]", self.schema(&schema["items"], way)),
            ["object"] if schema["properties"].is_object() => nested(&self.schema_object(schema, way)),
            ["string", "integer"] => "id".to_owned(),
            [one] => (*one).to_owned(),
            _ => "any".to_owned(),
        }
    }

    fn schema_object(&self, schema: &'a Value, way: Way) -> BTreeMap<String, String> {
        let required: BTreeSet<_> = items(&schema["required"]).filter_map(Value::as_str).collect();
        let kind = |name: &str, member: &'a Value| {
            let kind = self.schema(member, way);
            let null = matches!(&member["type"], Value::Array(types) if types.contains(&"null".into()));
            let list = kind.starts_with('[');
            if list || (required.contains(name) && !null) { kind } else { format!("{kind} or null") }
        };
        members(&schema["properties"]).map(|(name, member)| (name.clone(), kind(name, member))).collect()
    }
}

/// The texts that a schema, or the items of its list, may be.
fn schema_texts(schema: &Value) -> Vec<&Value> {
    items(&schema["enum"]).chain(items(&schema["items"]["enum"])).collect()
}

fn choice<'v>(texts: impl Iterator<Item = &'v Value>) -> String {
    let texts: BTreeSet<_> = texts.filter_map(Value::as_str).collect();
    texts.into_iter().collect::<Vec<_>>().join("|")
}

fn nested(members: &BTreeMap<String, String>) -> String {
    let mut text = String::from("{");
    for (name, kind) in members {
        // Writing to memory does not fail.
        let _ = write!(text, " {name}: {kind},");
    }
    text.push_str(" }");
    text
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
