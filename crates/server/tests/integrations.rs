//! The flow of partners: a run, the results of its records, what stands afterwards.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::{Answer, HOUR, SECOND, World, engine};

struct Partner {
    world: World,
    key: String,
}

impl Partner {
    async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let call = self.world.call(method, &format!("/api/2026-10-01/resources/integrations/{path}"));
        call.header("x-api-key", &self.key).json(body).send().await
    }

    async fn get(&self, path: &str) -> Value {
        let call = self.world.get(&format!("/api/2026-10-01/resources/integrations/{path}"));
        call.header("x-api-key", &self.key).send().await.expect(200).json()
    }

    async fn report(&self, run: &Value, items: Value) -> Answer {
        let body = json!({ "sync_run_id": run, "items": items });
        self.call("POST", "syncable_sync_runs/bulk_upsert", &body).await
    }
}

fn item(external: &str, status: &str) -> Value {
    json!({ "external_identifier": external, "syncable_type": "expenses/expense", "status": status })
}

#[test]
fn results_are_reported_for_an_hour_and_stand_afterwards() {
    World::each(|world| async move {
        let key = world.sign_up("Analytical").await.api_key("Tests").await;
        let partner = Partner { world: world.clone(), key };
        let uuid = "8c7f0e0e-2f0c-4a4e-9d4b-1f5f9b3c2a10";
        let begin = json!({ "marketplace_integration_uuid": uuid });
        let run = partner.call("POST", "sync_runs", &begin).await.expect(201).json();
        assert_eq!((&run["status"], &run["integration_uuid"]), (&json!("running"), &json!(uuid)));
        let one = format!("sync_runs/{}", run["id"].as_str().unwrap());

        let mut broken = item("B", "invalid");
        broken["error_messages"] = json!({ "amount": "is missing" });
        let mut linked = item("A", "running");
        linked["syncable_id"] = "7".into();
        let items = json!([linked, broken]);
        let results = partner.report(&run["id"], items.clone()).await.expect(200).json();
        let listed = partner.get("syncable_sync_runs").await;
        assert_eq!(results.get("data").unwrap_or(&results), &listed["data"]);
        assert_eq!(partner.get(&one).await["status"], "running");
        let states = partner.get("syncable_states").await["data"].clone();
        let brief: Vec<_> = states
            .as_array()
            .unwrap()
            .iter()
            .map(|state| (&state["external_identifier"], &state["status"]))
            .collect();
        assert_eq!(brief, [(&json!("A"), &json!("syncing")), (&json!("B"), &json!("invalid"))]);
        assert_eq!(states[0]["syncable_id"], "7");
        assert_eq!(states[1]["error_messages"], json!([{ "key": "amount", "value": "is missing" }]));

        // The same record again is the same result; its link stays.
        partner.report(&run["id"], json!([item("A", "success")])).await.expect(200);
        assert_eq!(partner.get("syncable_sync_runs").await["meta"]["total"], 2);
        assert_eq!(partner.get("syncable_states").await["data"][0]["syncable_id"], "7");
        let ended = partner.get(&one).await;
        assert_eq!(ended["status"], "succededwitherrors");
        assert!(ended["finished_at"].is_string());
        linked["syncable_id"] = "8".into();
        let refused = partner.report(&run["id"], json!([linked])).await.expect(400).json();
        assert_eq!(refused["problems"][0]["field"], "items.0.syncable_id");

        // One result by itself.
        let id = listed["data"][1]["id"].as_str().unwrap();
        let path = format!("syncable_sync_runs/{id}");
        partner.call("PUT", &path, &json!({ "status": "success" })).await.expect(200);
        assert_eq!(partner.get(&one).await["status"], "succeeded");
        assert_eq!(partner.get("syncable_states").await["data"][1]["status"], "synced");

        world.advance(HOUR + SECOND).await;
        let late = partner.report(&run["id"], json!([item("C", "success")])).await.expect(422).json();
        assert_eq!(late["code"], "sync_run_over");
        let late = partner.call("PUT", &path, &json!({ "status": "failed" })).await.expect(422).json();
        assert_eq!(late["code"], "sync_run_over");
        partner.report(&json!("999"), json!([])).await.expect(400);

        // A run of which nothing was heard has failed when its hour is over; one that ended stays as it ended.
        let second = partner.call("POST", "sync_runs", &begin).await.expect(201).json();
        let path = format!("sync_runs/{}", second["id"].as_str().unwrap());
        let lapse = async || world.app.db.write(|tx| engine().lapse(tx, 100)).await.unwrap();
        world.advance(HOUR - SECOND).await;
        lapse().await;
        assert_eq!(partner.get(&path).await["status"], "running");
        world.advance(SECOND).await;
        lapse().await;
        let second = partner.get(&path).await;
        assert_eq!(second["status"], "errored");
        assert!(second["finished_at"].is_string() && second.get("open_until").is_none());
        assert_eq!(partner.get(&one).await["status"], "succeeded");
    });
}
