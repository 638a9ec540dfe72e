//! Parameters of addresses, queries and headers.

use registry::{Filter, Kind, Reference, Resource, Test, Version};
use serde_json::{Value, json};

use crate::Served;
use crate::component::reference;
use crate::object::narrower;
use crate::schema::{Schema, Values, Way, bounded, described, typed, with};

/// The parameters that every list has.
pub(crate) const PAGING: [&str; 4] = ["limit", "after_id", "before_id", "page"];

/// The parameters that belong to no resource.
pub(crate) fn shared() -> Value {
    let id = with(with(Schema::new(), "pattern", "^[0-9]+$"), "minimum", 1);
    let count = with(typed("integer"), "minimum", 1);
    let text = with(typed("string"), "minLength", 1);
    let handling = with(typed("string"), "enum", ["handling=strict", "handling=lenient"]);
    let limit = with(with(count.clone(), "maximum", 100), "default", 100);
    json!({
        "id": {
            "name": "id", "in": "path", "required": true, "description": "Which one.",
            "schema": described(with(id, "type", EITHER), "Its id."),
        },
        "limit": optional("query", "limit", limit, "Objects of a page at most. More than 100 is taken as 100."),
        "after_id": optional("query", "after_id", with(Schema::new(), "type", EITHER),
            "The page begins behind the object with this id, or with this cursor: an earlier `meta.end_cursor`."),
        "before_id": optional("query", "before_id", with(Schema::new(), "type", EITHER),
            "The page ends before the object with this id, or with this cursor: an earlier `meta.start_cursor`."),
        "page": optional("query", "page", with(count, "default", 1),
            "The number of the page, from 1. Following cursors is faster, and misses nothing that is added \
             meanwhile."),
        "idempotency_key": optional("header", "Idempotency-Key", text,
            "A text of the client's choice. Sent again within a day, with the same body, the request is not done \
             again: it is answered as it was when it was done. With another body it is refused."),
        "prefer": optional("header", "Prefer", with(handling, "default", "handling=lenient"),
            "`handling=strict` (RFC 7240) refuses a request with parameters or members that are not known. \
             Otherwise they are ignored, and the header `Muster-Ignored` of the answer names them."),
    })
}

/// How an identifier or a cursor may be written.
const EITHER: [&str; 2] = ["string", "integer"];

fn optional(place: &str, name: &str, schema: Schema, doc: &str) -> Value {
    let schema = described(schema, doc);
    json!({ "name": name, "in": place, "required": false, "description": doc, "schema": schema })
}

/// A reference to one of the shared ones.
pub(crate) fn refer(name: &str) -> Value {
    reference("parameters", name)
}

/// What the list of a resource can be narrowed by, and the pages.
pub(crate) fn of_list(resource: &'static Resource, version: Version, served: &Served<'_>) -> Vec<Value> {
    let mut groups: Vec<(&str, Vec<&Filter>)> = Vec::new();
    for filter in resource.filters.iter().filter(|filter| filter.lives_in(version)) {
        match groups.iter_mut().find(|(name, _)| *name == filter.name) {
            Some((_, group)) => group.push(filter),
            None if PAGING.contains(&filter.name) => {}
            None => groups.push((filter.name, vec![filter])),
        }
    }
    let filters = groups.iter().filter_map(|(_, group)| filter(resource, version, group, served));
    filters.chain(PAGING.map(refer)).collect()
}

/// Filters of one name are one parameter, which looks at several fields.
fn filter(resource: &Resource, version: Version, group: &[&Filter], served: &Served<'_>) -> Option<Value> {
    let first = group.first()?;
    let kind = looked_for(resource, first);
    let doc = meaning(resource, group);
    let values = Values { version, way: Way::Form };
    let mut schema = values.value(&kind, false);
    if first.several() && !matches!(kind, Kind::List(_)) {
        schema = with(typed("array"), "items", schema);
    }
    let mut parameter = Schema::new();
    let several = schema.get("type").is_some_and(|kind| kind == "array");
    parameter.insert("name".to_owned(), first.name.into());
    parameter.insert("in".to_owned(), "query".into());
    parameter.insert("required".to_owned(), false.into());
    if several {
        parameter.insert("style".to_owned(), "form".into());
        parameter.insert("explode".to_owned(), true.into());
    }
    parameter.insert("schema".to_owned(), described(schema, &doc).into());
    parameter.insert("description".to_owned(), doc.into());
    let mut parameter = bounded(parameter, first.since, first.until);
    if group.iter().any(|filter| filter.required) {
        parameter.insert("x-documented-as-required".to_owned(), true.into());
    }
    if !group.iter().all(|filter| (served.parameter)(resource.path, filter)) {
        parameter.insert("x-not-implemented".to_owned(), true.into());
    }
    Some(parameter.into())
}

/// What one value of a filter is: as declared, within what its field can be compared with.
fn looked_for(resource: &Resource, filter: &Filter) -> Kind {
    let field = filter.field.and_then(|name| resource.field(name));
    let Some(kept) = field.map(|field| field.member.kind) else { return filter.kind };
    // An id is a number in its table, also where every version writes it as text.
    if filter.field == Some("id") && kept == Kind::Text {
        return Kind::Id(Reference::Anything);
    }
    match (filter.test, filter.kind, kept) {
        (Test::Flag, ..) => Kind::Bool,
        (Test::Search | Test::Prefix, ..) => Kind::Text,
        // A day is a point in time: its beginning, or its end.
        (_, Kind::Date, Kind::Instant) | (_, Kind::Choice(_), Kind::Text) => filter.kind,
        (Test::Has, declared, Kind::List(item)) => match declared {
            Kind::List(declared) => narrower(*declared, *item),
            declared => narrower(declared, *item),
        },
        (_, _, kept) => kept,
    }
}

/// What a parameter does, in words.
fn meaning(resource: &Resource, group: &[&Filter]) -> String {
    let Some(first) = group.first() else { return String::new() };
    let Some(field) = first.field.and_then(|name| resource.field(name)) else { return first.doc.to_owned() };
    let names = group.iter().filter_map(|filter| filter.field).map(|name| format!("`{name}`"));
    let test = tested(first.test, &names.collect::<Vec<_>>().join(" or "), &field.member.kind);
    let day = match (first.test, field.member.kind) {
        (Test::To | Test::After, Kind::Instant) => " A day alone stands for its end.",
        (Test::From | Test::Before, Kind::Instant) => " A day alone stands for its beginning.",
        _ => "",
    };
    let doc = match (first.doc, field.member.name) {
        // The doc of one field says too little where several are searched, and that of an id nothing new.
        (_, "id") => "",
        _ if group.len() > 1 => "",
        ("", _) => field.member.doc,
        (doc, _) => doc,
    };
    format!("{test}{day} {doc}").trim().to_owned()
}

fn tested(test: Test, name: &str, kind: &Kind) -> String {
    let [from, to, after, before] = match kind {
        Kind::Integer | Kind::Number | Kind::Id(_) => ["or more", "or less", "greater", "less"],
        _ => ["or later", "or earlier", "later", "earlier"],
    };
    match test {
        Test::Equal => format!("Only where {name} is this."),
        Test::OneOf => format!("Only where {name} is one of these."),
        Test::Flag => format!("True: only where {name} is true. False: no restriction."),
        Test::From => format!("Only where {name} is this {from}."),
        Test::To => format!("Only where {name} is this {to}."),
        Test::After => format!("Only where {name} is {after} than this."),
        Test::Before => format!("Only where {name} is {before} than this."),
        Test::Search => format!("Only where this text is somewhere in {name}, in any case."),
        Test::Prefix => format!("Only where {name} begins with this text, in any case."),
        Test::Has => format!("Only where {name} has one of these in it."),
        Test::Own => String::new(),
    }
}
