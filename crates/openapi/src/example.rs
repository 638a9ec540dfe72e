//! What an object could look like: values that fit a schema, and the names of its members.

use serde_json::{Map, Value, json};

/// A value that fits a schema of a document. `name` is the member that it is for; the same names make the same values.
pub fn example(document: &Value, schema: &Value, name: &str) -> Value {
    let schema = resolved(document, schema);
    let types: Vec<_> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    if types.contains(&"null") && is_mostly_nothing(name) {
        return Value::Null;
    }
    if let Some(default) = schema.get("default") {
        return default.clone();
    }
    if let Some(choice) = schema["enum"].as_array().and_then(|choices| choices.first()) {
        return choice.clone();
    }
    match types.first().copied() {
        Some("object") => {
            let members = schema["properties"].as_object().into_iter().flatten();
            let object: Map<_, _> =
                members.map(|(name, schema)| (name.clone(), example(document, schema, name))).collect();
            if object.is_empty() && schema.get("properties").is_none() {
                json!({ "key": "value" })
            } else {
                object.into()
            }
        }
        Some("array") => json!([example(document, &schema["items"], singular(name))]),
        Some("boolean") => is_mostly_true(name).into(),
        Some("number") => decimal(name).into(),
        Some("integer") => integer(name).into(),
        Some("string") => text(schema, name, types.contains(&"integer")).into(),
        _ => Value::Null,
    }
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    let pointer = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(schema)
}

/// `ids[]` and `employee_ids` as `id` and `employee_id`.
fn singular(name: &str) -> &str {
    let name = name.trim_end_matches("[]");
    name.strip_suffix('s').unwrap_or(name)
}

/// Whether one of the words of a name is among these.
fn says(name: &str, words: &[&str]) -> bool {
    name.split(['_', '.']).any(|word| words.contains(&word))
}

/// What most objects do not have.
fn is_mostly_nothing(name: &str) -> bool {
    says(
        name,
        &[
            "deleted",
            "archived",
            "terminated",
            "rejected",
            "cancelled",
            "rejection",
            "termination",
            "disabled",
        ],
    )
}

fn is_mostly_true(name: &str) -> bool {
    says(
        name,
        &[
            "active", "enabled", "approved", "workable", "visible", "default", "editable", "current", "is",
            "can", "has",
        ],
    ) && !is_mostly_nothing(name)
}

fn is_id(name: &str) -> bool {
    name == "id" || name.ends_with("_id")
}

/// A small number that belongs to a name.
fn number(name: &str) -> i64 {
    let sum = name.bytes().fold(7_i64, |sum, byte| (sum * 31 + i64::from(byte)) % 887);
    sum + 11
}

fn integer(name: &str) -> i64 {
    match name {
        "company_id" => 1,
        _ if is_id(name) => number(name),
        _ if says(name, &["hours"]) && says(name, &["cents"]) => 750,
        _ if says(name, &["cents", "amount", "salary", "price", "cost"]) => 250_000,
        _ if says(name, &["minutes"]) => 480,
        _ if says(name, &["seconds"]) => 28_800,
        _ if says(name, &["hours"]) => 40,
        _ if says(name, &["year"]) => 2026,
        _ if says(name, &["month"]) => 11,
        _ if says(name, &["day"]) => 23,
        _ if says(name, &["percentage", "percent"]) => 100,
        _ if says(name, &["limit"]) => 100,
        _ => number(name) % 9 + 1,
    }
}

fn decimal(name: &str) -> f64 {
    match name {
        _ if says(name, &["latitude", "lat"]) => 41.3874,
        _ if says(name, &["longitude", "lng", "lon"]) => 2.1686,
        _ if says(name, &["accuracy"]) => 12.5,
        _ if says(name, &["amount", "price", "cost", "total"]) => 125.5,
        _ if says(name, &["hours"]) => 37.5,
        _ if says(name, &["rate", "percentage"]) => 21.0,
        _ => 2.5,
    }
}

fn text(schema: &Value, name: &str, taken_as_integer: bool) -> String {
    let formatted = |format: &str| schema["format"] == format;
    if formatted("date") {
        return day(name).to_owned();
    }
    if formatted("date-time") {
        return format!(
            "{}T{}Z",
            day(name),
            if name == "updated_at" { "09:30:00.123" } else { "08:00:00.000" }
        );
    }
    if formatted("binary") {
        return "contract.pdf".to_owned();
    }
    let time = schema["pattern"].as_str().is_some_and(|pattern| pattern.contains(':'));
    if time || ends(name, &["_time", "clock_in", "clock_out"]) {
        return if says(name, &["end", "to", "out", "finish"]) { "17:30" } else { "09:00" }.to_owned();
    }
    if taken_as_integer || is_id(name) {
        return integer(name).to_string();
    }
    words(name).to_owned()
}

fn ends(name: &str, with: &[&str]) -> bool {
    with.iter().any(|end| name.ends_with(end))
}

fn day(name: &str) -> &'static str {
    match name {
        "created_at" => "2026-01-12",
        _ if says(name, &["birth", "birthday", "born"]) => "1990-04-12",
        _ if says(name, &["hired", "seniority", "effective", "starts", "start", "from", "begin"]) => {
            "2026-11-02"
        }
        _ if says(name, &["end", "ends", "finish", "to", "due", "expires", "expiration", "until"]) => {
            "2026-11-06"
        }
        _ => "2026-11-23",
    }
}

fn words(name: &str) -> &'static str {
    const KNOWN: &[(&[&str], &str)] = &[
        (&["email", "mail"], "ada.brandt@acme.example"),
        (&["uuid"], "7c1f0e52-6d1b-4a5f-9a53-0f3f0a1c9d2e"),
        (&["url", "link", "href"], "https://acme.example/files/1"),
        (&["phone"], "+34 600 000 000"),
        (&["iban"], "ES9121000418450200051332"),
        (&["swift", "bic"], "CAIXESBBXXX"),
        (&["tin", "vat", "tax"], "B12345678"),
        (&["identifier", "nid"], "12345678Z"),
        (&["currency"], "EUR"),
        (&["country", "nationality"], "es"),
        (&["locale", "language"], "en"),
        (&["timezone"], "Europe/Madrid"),
        (&["color", "colour"], "#0b6b5a"),
        (&["city"], "Barcelona"),
        (&["state", "region", "province"], "Catalonia"),
        (&["postal", "zip"], "08005"),
        (&["address"], "Carrer de Pallars 10"),
        (&["gender"], "female"),
        (&["filename", "file", "attachment"], "contract.pdf"),
        (&["now"], "2026-11-23T09:00:00+01:00"),
        (&["code"], "E-1042"),
        (&["status"], "active"),
        (&["reason"], "Family"),
        (&["comment", "comments", "observations", "note", "notes", "message"], "Agreed with the team."),
        (&["description", "body", "content"], "What it is about."),
        (&["amount", "total", "price", "cost", "cents", "used", "accumulated", "expired", "taken"], "12.50"),
        (&["units", "days", "hours", "quantity", "number"], "12.0"),
    ];
    const NAMES: &[(&str, &str)] = &[
        ("first_name", "Ada"),
        ("last_name", "Brandt"),
        ("full_name", "Ada Brandt"),
        ("preferred_name", "Ada"),
        ("employee_full_name", "Ada Brandt"),
        ("legal_name", "Acme Ltd."),
        ("company_name", "Acme Ltd."),
        ("leave_type_name", "Vacation"),
        ("half_day", "beginning_of_day"),
        ("title", "Engineer"),
        ("job_title", "Engineer"),
        ("name", "Example"),
    ];
    if let Some((_, text)) = NAMES.iter().find(|(known, _)| *known == name) {
        return text;
    }
    if let Some((_, text)) = KNOWN.iter().find(|(known, _)| says(name, known)) {
        return text;
    }
    if name.ends_with("name") { "Example" } else { "text" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_of_the_type_that_its_schema_says() {
        let document = json!({ "components": { "schemas": { "A": { "type": "integer" } } } });
        for (schema, name, expected) in [
            (json!({ "type": "string", "format": "date" }), "start_on", json!("2026-11-02")),
            (json!({ "type": ["string", "null"], "format": "date-time" }), "deleted_at", Value::Null),
            (json!({ "type": "string", "enum": ["b", "a"] }), "kind", json!("b")),
            (json!({ "type": "array", "items": { "type": "boolean" } }), "flags", json!([false])),
            (json!({ "$ref": "#/components/schemas/A" }), "company_id", json!(1)),
            (json!({ "type": ["string", "integer"] }), "company_id", json!("1")),
            (json!({ "type": "string" }), "first_name", json!("Ada")),
            (
                json!({ "type": "object", "properties": { "work_email": { "type": "string" } } }),
                "x",
                json!({ "work_email": "ada.brandt@acme.example" }),
            ),
        ] {
            assert_eq!(example(&document, &schema, name), expected, "{name}: {schema}");
        }
    }
}
