//! What happens is told: rows of the same transaction, with the object as it was then.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use engine::EventRecord;
use serde_json::{Value, json};
use storage::Condition;
use support::{Answer, World};

struct Company {
    world: World,
    key: String,
}

impl Company {
    async fn new(world: &World, name: &str) -> Self {
        Self { world: world.clone(), key: world.sign_up(name).await.api_key("Tests").await }
    }

    async fn call(&self, method: &str, version: &str, path: &str, body: &Value) -> Answer {
        let call = self.world.call(method, &format!("/api/{version}/resources/{path}"));
        call.header("x-api-key", &self.key).json(body).send().await
    }

    async fn get(&self, version: &str, path: &str) -> Value {
        let call = self.world.get(&format!("/api/{version}/resources/{path}"));
        call.header("x-api-key", &self.key).send().await.expect(200).json()
    }

    async fn subscribe(&self, version: &str, kind: &str) -> Value {
        let body = json!({ "subscription_type": kind, "company_id": self.id().await, "challenge": "c",
            "target_url": format!("https://hooks.example/{version}") });
        self.call("POST", version, "api_public/webhook_subscriptions", &body).await.expect(201).json()
    }

    async fn id(&self) -> Value {
        self.get("2026-10-01", "employees/employees").await["data"][0]["company_id"].clone()
    }
}

async fn told(world: &World) -> Vec<EventRecord> {
    let read = world.app.db.read(|tx| {
        let all = Condition::<EventRecord>::any().ascending(EventRecord::id);
        tx.instance("a test looks at everything").list(all)
    });
    read.await.unwrap()
}

fn payload(event: &EventRecord, version: &str) -> Value {
    let (found, payload) = event.payload(version).unwrap();
    assert_eq!(found, version);
    serde_json::from_str(&payload).unwrap()
}

/// Every change is told as the API answers it in the version of each subscription, and what nobody wants is no row.
#[test]
fn changes_are_told_in_the_versions_that_are_wanted() {
    World::each(|world| async move {
        let (new, old) = ("2026-10-01", "2025-10-01");
        let company = Company::new(&world, "Analytical").await;
        let other = Company::new(&world, "Difference").await;
        company.call("POST", new, "teams/teams", &json!({ "name": "Quiet" })).await.expect(201);
        assert!(told(&world).await.is_empty(), "nobody subscribed");
        for kind in ["create", "update", "delete"] {
            company.subscribe(new, &format!("teams/team/{kind}")).await;
            company.subscribe(old, &format!("teams/team/{kind}")).await;
        }
        other.call("POST", new, "teams/teams", &json!({ "name": "Theirs" })).await.expect(201);
        assert!(told(&world).await.is_empty(), "another company subscribed");

        let made =
            company.call("POST", new, "teams/teams", &json!({ "name": "Ada" })).await.expect(201).json();
        let one = format!("teams/teams/{}", made["id"].as_str().unwrap());
        let first = [company.get(new, &one).await, company.get(old, &one).await];
        assert_eq!(made, first[0], "what is answered is what is told");
        let changed = company.call("PUT", new, &one, &json!({ "name": "Bob" })).await.expect(200).json();
        let second = [company.get(new, &one).await, company.get(old, &one).await];
        assert_eq!(changed, second[0]);
        company.call("PUT", new, &one, &json!({ "name": 7 })).await.expect(400);
        company.call("PUT", new, &one, &json!({})).await.expect(200);
        company.call("DELETE", new, &one, &json!({})).await.expect(200);
        company.call("DELETE", new, &one, &json!({})).await.expect(404);

        let events = told(&world).await;
        let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(kinds, ["teams/team/create", "teams/team/update", "teams/team/delete"]);
        for (event, as_it_was) in events.iter().zip([&first, &second, &second]) {
            assert_eq!(payload(event, new), as_it_was[0]);
            assert_eq!(payload(event, old), as_it_was[1]);
            assert!(payload(event, new)["id"].is_string() && payload(event, old)["id"].is_i64());
            assert_eq!(event.author_type, "company");
            assert_eq!(event.object_id, payload(event, old)["id"].as_i64());
        }
    });
}

/// What an action with an event of its own does to its resource is told as that event, each object once.
#[test]
fn an_action_is_told_under_its_own_name() {
    World::each(|world| async move {
        let version = "2026-10-01";
        let company = Company::new(&world, "Analytical").await;
        for kind in ["bank_account_number/upsert", "x"] {
            let body = json!({ "subscription_type": format!("banking/{kind}"), "company_id": company.id().await,
                "target_url": "https://hooks.example/" });
            let answer = company.call("POST", version, "api_public/webhook_subscriptions", &body).await;
            if kind == "x" {
                assert_eq!(answer.expect(400).json()["problems"][0]["field"], "subscription_type");
            } else {
                answer.expect(201);
            }
        }
        for kind in ["create", "update", "delete", "bulk_delete", "bulk_update", "copy"] {
            company.subscribe(version, &format!("tasks/task/{kind}")).await;
        }
        let mut ids = Vec::new();
        for name in ["One", "Two"] {
            let made = company
                .call("POST", version, "tasks/tasks", &json!({ "name": name, "status": "todo" }))
                .await;
            ids.push(made.expect(201).json()["id"].clone());
        }
        company.call("POST", version, "tasks/tasks/copy", &json!({ "id": ids[0] })).await.expect(200);
        let people = company.get(version, "employees/employees").await;
        let person = format!("employees/employees/{}", people["data"][0]["id"].as_str().unwrap());
        let body = json!({ "bank_number": "ES9121000418450200051332", "bank_number_format": "iban" });
        company.call("PUT", version, &person, &body).await.expect(200);
        company.call("PUT", version, &person, &body).await.expect(200);
        let events = told(&world).await;
        let kinds: Vec<_> = events.iter().map(|event| event.kind.as_str()).collect();
        assert_eq!(
            kinds,
            [
                "tasks/task/create",
                "tasks/task/create",
                "tasks/task/copy",
                "banking/bank_account_number/upsert",
            ]
        );
        assert_eq!(payload(&events[2], version)["name"], "One");
        let account = payload(&events[3], version);
        assert_eq!(account["account_number"], "ES9121000418450200051332");
        assert_eq!(account["id"], people["data"][0]["id"]);
    });
}

/// A change of a field that has an event of its own is told as that, whichever operation makes it, and only what changed.
#[test]
fn a_change_of_a_field_is_told_under_its_own_name() {
    World::each(|world| async move {
        let version = "2026-10-01";
        let company = Company::new(&world, "Analytical").await;
        let made = async |path: &str, body: Value| {
            let made = company.call("POST", version, path, &body).await.expect(201).json();
            made["id"].as_str().unwrap().to_owned()
        };
        let ada = company.get(version, "employees/employees").await["data"][0]["id"].clone();
        let mut places = Vec::new();
        for name in ["Looms", "Drums"] {
            let project =
                made("project_management/projects", json!({ "name": name, "status": "active" })).await;
            let place = json!({ "project_id": project, "employee_id": ada });
            places.push(made("project_management/project_workers", place).await);
        }
        for kind in
            ["create", "delete", "update_imputed_minutes", "update_observations", "update_project_worker"]
        {
            company.subscribe(version, &format!("project_management/time_record/{kind}")).await;
        }
        let records = "project_management/time_records";
        let spent = json!({ "project_worker_id": places[0], "date": "2026-11-02", "imputed_minutes": 30 });
        let spent = made(records, spent).await;
        let change = async |place: &str, minutes: i64| {
            let item =
                json!({ "time_record_id": spent, "project_worker_id": place, "imputed_minutes": minutes });
            let body = json!({ "items": [item] });
            company.call("POST", version, &format!("{records}/bulk_process"), &body).await.expect(200);
        };
        change(&places[0], 30).await;
        change(&places[0], 45).await;
        change(&places[1], 45).await;
        let back = json!({ "id": spent, "project_worker_id": places[0] });
        company.call("POST", version, &format!("{records}/update_project_worker"), &back).await.expect(200);
        // What is booked of a shift is as long as the shift.
        let day =
            json!({ "employee_id": ada, "date": "2026-11-03", "clock_in": "09:00", "clock_out": "13:00" });
        let shift = made("attendance/shifts", day).await;
        made(records, json!({ "project_worker_id": places[0], "attendance_shift_id": shift })).await;
        let longer = async |end: &str, note: &str| {
            let body = json!({ "clock_out": end, "observations": note });
            company.call("PUT", version, &format!("attendance/shifts/{shift}"), &body).await.expect(200);
        };
        longer("13:00", "The same").await;
        longer("14:00", "Longer").await;

        let events = told(&world).await;
        let brief: Vec<_> = events
            .iter()
            .map(|event| {
                (event.kind.rsplit('/').next().unwrap(), payload(event, version)["imputed_minutes"].clone())
            })
            .collect();
        let expected = [
            ("create", 30),
            ("update_imputed_minutes", 45),
            ("update_project_worker", 45),
            ("update_project_worker", 45),
            ("create", 240),
            ("update_imputed_minutes", 300),
        ];
        assert_eq!(brief, expected.map(|(verb, minutes)| (verb, json!(minutes))));
    });
}

/// An address of the server's own network is no target, and one address hears of a type once.
#[test]
fn subscriptions_are_judged() {
    World::each(|world| async move {
        let version = "2026-07-01";
        let company = Company::new(&world, "Analytical").await;
        let first = company.subscribe(version, "teams/team/create").await;
        assert_eq!(first["api_version"], version, "that of the request");
        assert_eq!(first["enabled"], true);
        assert!(first.get("owner_access_id").is_none());
        let body = json!({ "subscription_type": "teams/team/create", "company_id": company.id().await,
            "target_url": first["target_url"], "api_version": "2026-10-01" });
        let path = "api_public/webhook_subscriptions";
        let again = company.call("POST", version, path, &body).await.expect(422).json();
        assert_eq!(again["code"], "subscribed_already");
        let mut elsewhere = body.clone();
        elsewhere["target_url"] = "https://hooks.example/elsewhere".into();
        let second = company.call("POST", version, path, &elsewhere).await.expect(201).json();
        assert_eq!(second["api_version"], "2026-10-01");
        for target in ["http://127.0.0.1/", "http://169.254.169.254/", "https://localhost/x", "nonsense"] {
            elsewhere["target_url"] = target.into();
            let refused = company.call("POST", version, path, &elsewhere).await.expect(400).json();
            assert_eq!(refused["problems"][0]["field"], "target_url", "{target}");
        }
        let one = format!("{path}/{}", second["id"].as_str().unwrap());
        let change = json!({ "target_url": first["target_url"] });
        company.call("PUT", version, &one, &change).await.expect(422);
        company.call("PUT", version, &one, &json!({ "enabled": false })).await.expect(200);
    });
}
