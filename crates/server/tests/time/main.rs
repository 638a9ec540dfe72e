//! The time of people through the public door, on both databases: many requests at once, and what holds whatever they do.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

#[path = "../../../hr/tests/corpus/case.rs"]
#[allow(dead_code, reason = "every test file uses its own part of it")]
mod case;

mod at_once;
mod properties;

use std::collections::BTreeMap;

use case::{Case, Ids};
use serde_json::{Value, json};
use support::{Answer, World};

const NEWEST: &str = "/api/2026-10-01/resources";

/// A company with a key that may do everything in it.
#[derive(Clone)]
struct Company {
    world: World,
    key: String,
    id: String,
}

/// A method, an address and a body.
type Request = (&'static str, String, Value);

impl Company {
    async fn new(world: &World) -> Self {
        let key = world.sign_up("Analytical").await.api_key("Tests").await;
        let mut company = Self { world: world.clone(), key, id: String::new() };
        let people = company.get("employees/employees").await;
        company.id = people["data"][0]["company_id"].as_str().unwrap().to_owned();
        company
    }

    async fn call(&self, (method, path, body): Request) -> Answer {
        let call = self.world.call(method, &format!("{NEWEST}/{path}")).header("x-api-key", &self.key);
        if body.is_null() { call.send().await } else { call.json(&body).send().await }
    }

    async fn get(&self, path: &str) -> Value {
        self.call(("GET", path.to_owned(), Value::Null)).await.expect(200).json()
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(("POST", path.to_owned(), body)).await
    }

    async fn hire(&self, number: usize) -> String {
        let body = json!({
            "company_id": self.id, "first_name": "Grace", "last_name": format!("Hopper {number}"),
            "email": format!("grace{number}@analytical.example"), "contract_starts_on": "2026-01-01",
        });
        let hired = self.post("employees/employees/create_with_contract", body).await.expect(200).json();
        hired["id"].as_str().unwrap().to_owned()
    }

    /// Somebody with so many days to take, of a kind that needs an approval or does not.
    async fn with_days(&self, days: i64, approval: bool) -> Ids {
        self.with(
            json!({ "approval_required": approval }),
            json!({ "holiday_allowance_in_cents": days * 100 }),
        )
        .await
    }

    /// Somebody with an allowance, and a kind of leave that draws on it.
    async fn with(&self, kind: Value, allowance: Value) -> Ids {
        let case = Case(json!({ "name": "", "rule": "", "type": kind, "allowance": allowance }));
        let employee = self.hire(self.world.number() as usize).await;
        let mut ids =
            Ids { employee: employee.parse().unwrap(), location: 0, policy: 0, allowance: 0, types: [0, 0] };
        for (at, mut kind) in case.types().into_iter().enumerate() {
            kind.insert("identifier".to_owned(), format!("{employee}-{at}").into());
            kind.insert("company_id".to_owned(), self.id.clone().into());
            ids.types[at] = self.add("timeoff/leave_types", kind.into()).await;
        }
        ids.policy = self.add("timeoff/policies", json!({ "name": employee })).await;
        ids.allowance = self.add("timeoff/allowances", case.allowance(&ids).unwrap().into()).await;
        self.add("timeoff/policy_assignments", case.assignment(&ids).into()).await;
        ids
    }

    async fn add(&self, path: &str, body: Value) -> i64 {
        let made = self.post(path, body).await.expect(201).json();
        made["id"].as_str().unwrap().parse().unwrap()
    }

    /// What is left of the only allowance at the end of the year, and what approved leaves took.
    async fn days(&self, ids: &Ids) -> (f64, f64) {
        let stats =
            format!("timeoff/allowance_stats?employee_ids[]={}&reference_date=2026-12-31", ids.employee);
        let left = self.get(&stats).await["data"][0]["available_days"].as_str().unwrap().parse().unwrap();
        let leaves = self.get(&format!("timeoff/leaves?employee_ids[]={}", ids.employee)).await;
        let approved = leaves["data"].as_array().unwrap().iter().filter(|leave| leave["approved"] == true);
        (left, approved.map(|leave| leave["days_taken"].as_f64().unwrap()).sum())
    }

    /// Sends all at once, and counts the answers by status and code.
    async fn at_once(&self, requests: Vec<Request>) -> BTreeMap<String, usize> {
        let sent: Vec<_> = requests
            .into_iter()
            .map(|request| {
                let company = self.clone();
                tokio::spawn(async move { company.call(request).await })
            })
            .collect();
        let mut answers = BTreeMap::new();
        for answer in sent {
            let answer = answer.await.unwrap();
            let code =
                if answer.status.is_success() { String::new() } else { answer.json()["code"].to_string() };
            let name = format!("{} {}", answer.status.as_u16(), code.trim_matches('"'));
            *answers.entry(name.trim().to_owned()).or_default() += 1;
        }
        answers
    }
}

fn each<F: Future<Output = ()>>(case: impl Fn(Company) -> F) {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| {
            let case = &case;
            async move { case(Company::new(&world).await).await }
        },
    );
}

fn leave(ids: &Ids, day: &str) -> Value {
    json!({ "employee_id": ids.employee.to_string(), "leave_type_id": ids.types[0].to_string(),
        "start_on": day, "finish_on": day })
}
