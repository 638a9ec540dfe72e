//! Actions, through the public door, on both databases: what each does, read back where it shows.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod everywhere;
mod files;
mod money;
mod people;
mod refusals;
mod work;

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{Answer, Person, World, engine};

/// A row of a table: a name for the object that is answered (or nothing), a method, an address, a body, the status,
/// and what the answer has at some places. `$name` stands for the id of an object that was answered before.
pub(crate) type Row = (&'static str, &'static str, &'static str, Value, u16, Value);

/// A company, a key that may do everything in it, and the ids of what was made.
pub(crate) struct Company {
    pub world: World,
    pub founder: Person,
    pub key: String,
    ids: RefCell<BTreeMap<String, String>>,
}

impl Company {
    pub async fn new(world: &World, name: &str) -> Self {
        let mut founder = world.sign_up(name).await;
        let key = founder.api_key("Tests").await;
        let company = Self { world: world.clone(), founder, key, ids: RefCell::default() };
        let people = company.call("GET", "employees/employees", &Value::Null).await.expect(200).json();
        company.save("me", people["data"][0]["id"].as_str().unwrap());
        company.save("access", people["data"][0]["access_id"].as_str().unwrap());
        company.save("location", people["data"][0]["location_id"].as_str().unwrap());
        company.save("company", people["data"][0]["company_id"].as_str().unwrap());
        let entities = company.call("GET", "companies/legal_entities", &Value::Null).await.expect(200).json();
        if let Some(id) = entities["data"][0]["id"].as_str() {
            company.save("entity", id);
        }
        company
    }

    pub fn save(&self, name: &str, id: &str) {
        self.ids.borrow_mut().insert(name.to_owned(), id.to_owned());
    }

    pub fn id(&self, name: &str) -> String {
        self.ids.borrow().get(name).cloned().unwrap_or_else(|| panic!("nothing was saved as {name}"))
    }

    pub fn saved(&self, name: &str) -> Option<String> {
        self.ids.borrow().get(name).cloned()
    }

    /// The text with the ids in it.
    fn filled(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let name = &rest[at + 1..];
            let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
            out.push_str(&self.id(&name[..end]));
            rest = &name[end..];
        }
        out + rest
    }

    fn filled_in(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.filled(text).into(),
            Value::Array(items) => items.iter().map(|item| self.filled_in(item)).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, value)| (name.clone(), self.filled_in(value))).collect()
            }
            other => other.clone(),
        }
    }

    pub async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.call_in("2026-10-01", method, path, body).await
    }

    pub async fn call_in(&self, version: &str, method: &str, path: &str, body: &Value) -> Answer {
        let path = format!("/api/{version}/resources/{}", self.filled(path));
        let call = self.world.call(method, &path).header("x-api-key", &self.key);
        if body.is_null() { call.send().await } else { call.json(&self.filled_in(body)).send().await }
    }

    /// Sends a form with fields and files.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        const BOUNDARY: &str = "a-boundary-between-parts";
        let mut body = Vec::new();
        for (name, value) in fields {
            let value = self.filled(value);
            body.extend(
                format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .into_bytes(),
            );
        }
        for (name, file, bytes) in files {
            body.extend(
                format!(
                    "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\
                     content-type: text/html\r\n\r\n"
                )
                .into_bytes(),
            );
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        let path = format!("/api/2026-10-01/resources/{}", self.filled(path));
        let call = self.world.call("POST", &path).header("x-api-key", &self.key);
        call.body(&format!("multipart/form-data; boundary={BOUNDARY}"), body).send().await
    }

    /// An object as the program itself may add one, whatever the API allows.
    pub async fn plant(&self, name: &str, path: &'static str, body: Value) {
        let company = registry::Id::new(self.id("company").parse().unwrap());
        let body = self.filled_in(&body).as_object().cloned().unwrap();
        let ids =
            self.world.app.db.write(move |tx| engine().plant(tx, company, path, std::slice::from_ref(&body)));
        self.save(name, &ids.await.unwrap()[0].to_string());
    }

    /// Somebody else of the company, who was not invited.
    pub async fn person(&self, name: &str) {
        let body = json!({
            "company_id": "$company", "first_name": name, "last_name": "Lovelace",
            "email": format!("{}@analytical.example", name.to_lowercase()),
        });
        let hired = self.call("POST", "employees/employees/create_with_contract", &body).await.expect(200);
        self.save(name, hired.json()["id"].as_str().unwrap());
        self.save(&format!("access_of_{name}"), hired.json()["access_id"].as_str().unwrap());
    }

    /// Does the rows one after the other.
    pub async fn table(&self, rows: &[Row]) {
        for (name, method, path, body, status, expected) in rows {
            let answer = self.call(method, path, body).await;
            assert_eq!(
                answer.status.as_u16(),
                *status,
                "{method} {path} {} on {}: {answer}",
                self.filled_in(body),
                self.world.engine
            );
            let json = answer.json();
            for (place, expected) in expected.as_object().into_iter().flatten() {
                let found = json.pointer(place).unwrap_or(&Value::Null);
                assert_eq!(found, &self.filled_in(expected), "{place} of {method} {path}: {answer}");
            }
            if !name.is_empty() {
                let made = ["/id", "/0/id", "/data/0/id"].iter().find_map(|place| json.pointer(place));
                self.save(name, made.and_then(Value::as_str).unwrap_or_else(|| panic!("{answer}")));
            }
        }
    }
}
