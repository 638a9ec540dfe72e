//! Clocking, schedules, planned shifts and worked time through the public door, on both databases.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::{Answer, World};

const NEWEST: &str = "/api/2026-10-01/resources";

/// A company with a key that may do everything in it.
#[derive(Clone)]
struct Company {
    world: World,
    key: String,
}

impl Company {
    async fn new(world: &World, name: &str) -> Self {
        let key = world.sign_up(name).await.api_key("Tests").await;
        Self { world: world.clone(), key }
    }

    async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let call = self.world.call(method, &format!("{NEWEST}/{path}")).header("x-api-key", &self.key);
        match body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        }
    }

    async fn get(&self, path: &str) -> Value {
        self.call("GET", path, None).await.expect(200).json()
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    async fn founder(&self) -> String {
        self.get("employees/employees").await["data"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn refused(&self, status: u16, code: &str, path: &str, body: &Value) {
        let answer = self.post(path, body).await.expect(status);
        assert_eq!(answer.json()["code"], code, "{answer}");
        assert!(answer.json()["detail"].as_str().unwrap().ends_with('.'), "{answer}");
    }
}

const SHIFTS: &str = "attendance/shifts";

#[test]
fn a_day_at_the_clock() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let employee = company.founder().await;
        let at = |now: &str| json!({ "now": now, "employee_id": employee });
        let act = |name: &str| format!("{SHIFTS}/{name}");
        company.refused(409, "not_clocked_in", &act("clock_out"), &at("2026-11-23T08:00:00Z")).await;
        company.refused(422, "required", &act("clock_in"), &json!({ "now": "2026-11-23T08:00:00Z" })).await;
        company.post(&act("clock_in"), &at("nine o'clock")).await.expect(400);
        let shift = company.post(&act("clock_in"), &at("2026-11-23T09:00:37+01:00")).await.expect(200).json();
        assert_eq!(shift["clock_in"], "08:00");
        assert_eq!(shift["clock_in_with_seconds"], "08:00:37");
        assert_eq!((&shift["clock_out"], &shift["minutes"]), (&Value::Null, &json!(0)));
        assert_eq!(shift["in_source"], "api");
        company.refused(409, "already_clocked_in", &act("clock_in"), &at("2026-11-23T08:05:00Z")).await;
        company.refused(409, "not_on_break", &act("break_end"), &at("2026-11-23T08:05:00Z")).await;
        company.refused(422, "ends_before_it_begins", &act("clock_out"), &at("2026-11-23T07:00:00Z")).await;
        let open = company.get("attendance/open_shifts").await;
        assert_eq!(open["meta"]["total"], 1);
        assert_eq!(open["data"][0]["id"], shift["id"]);
        assert_eq!(open["data"][0]["clock_in"], "2026-11-23T08:00:37.000Z");
        let pause = company.post(&act("break_start"), &at("2026-11-23T12:00:00Z")).await.expect(200).json();
        assert_eq!((&pause["workable"], &pause["clock_in"]), (&json!(false), &json!("12:00")));
        company.refused(409, "already_on_break", &act("break_start"), &at("2026-11-23T12:10:00Z")).await;
        let work = company.post(&act("break_end"), &at("2026-11-23T12:30:00Z")).await.expect(200).json();
        assert_eq!(work["workable"], true);
        let toggled =
            json!({ "clock_time": "2026-11-23T17:00:00Z", "employee_id": employee, "observations": "Done" });
        let done = company.post(&act("toggle_clock"), &toggled).await.expect(200).json();
        assert_eq!(
            (&done["id"], &done["minutes"], &done["observations"]),
            (&work["id"], &json!(270), &json!("Done"))
        );
        assert_eq!(company.get("attendance/open_shifts").await["meta"]["total"], 0);
        let minutes = |shift: &Value| shift["minutes"].as_i64().unwrap();
        let listed = company.get(SHIFTS).await;
        assert_eq!(
            listed["data"].as_array().unwrap().iter().map(minutes).collect::<Vec<_>>(),
            [240, 30, 270]
        );
        // What lies within another shift is refused, by hand as well as at the clock.
        company.refused(422, "shifts_overlap", &act("clock_in"), &at("2026-11-23T09:00:00Z")).await;
        let again = json!({ "employee_id": employee, "date": "2026-11-23", "clock_in": "16:00", "clock_out": "18:00" });
        company.refused(422, "shifts_overlap", SHIFTS, &again).await;
    });
}

#[test]
fn a_hundred_clients_give_one_open_shift() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let company = Company::new(&world, "Analytical").await;
            let employee = company.founder().await;
            let path = format!("{SHIFTS}/clock_in");
            let calls = (0..100).map(|_| {
                let (company, path) = (company.clone(), path.clone());
                let body = json!({ "now": "2026-11-23T09:00:00Z", "employee_id": employee });
                tokio::spawn(async move { company.post(&path, &body).await })
            });
            let (mut done, mut refused) = (0, 0);
            for call in calls.collect::<Vec<_>>() {
                let answer = call.await.unwrap();
                match answer.status.as_u16() {
                    200 => done += 1,
                    409 => {
                        assert_eq!(answer.json()["code"], "already_clocked_in", "{answer}");
                        refused += 1;
                    }
                    _ => panic!("{answer}"),
                }
            }
            assert_eq!((done, refused), (1, 99), "{}", world.engine);
            assert_eq!(company.get("attendance/open_shifts").await["meta"]["total"], 1);
            assert_eq!(company.get(SHIFTS).await["meta"]["total"], 1);
        },
    );
}
