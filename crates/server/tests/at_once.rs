//! Many requests at once about the same time of the same people, on both databases: one after the other in effect, each
//! with a clear answer, and none that the database gave up on.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

#[path = "../../hr/tests/corpus/case.rs"]
mod case;

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
        let case = Case(json!({ "name": "", "rule": "", "type": { "approval_required": approval },
            "allowance": { "holiday_allowance_in_cents": days * 100 } }));
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

fn counted<const N: usize>(answers: [(&str, usize); N]) -> BTreeMap<String, usize> {
    answers.map(|(name, count)| (name.to_owned(), count)).into()
}

fn leave(ids: &Ids, day: &str) -> Value {
    json!({ "employee_id": ids.employee.to_string(), "leave_type_id": ids.types[0].to_string(),
        "start_on": day, "finish_on": day })
}

/// Working days, one after the other.
const DAYS: [&str; 10] = [
    "2026-11-30",
    "2026-12-01",
    "2026-12-02",
    "2026-12-03",
    "2026-12-04",
    "2026-12-07",
    "2026-12-08",
    "2026-12-09",
    "2026-12-10",
    "2026-12-11",
];

fn clock(action: &str, now: &str, employee: &str) -> Request {
    let body = json!({ "now": now, "employee_id": employee });
    ("POST", format!("attendance/shifts/{action}"), body)
}

/// Nobody stands in the way of somebody else.
#[test]
fn everybody_clocks_in_at_nine_and_out_at_five() {
    each(|company| async move {
        let mut people = Vec::new();
        for number in 0..40 {
            people.push(company.hire(number).await);
        }
        for (action, now, open) in [
            ("clock_in", "2026-11-23T09:00:00Z", 40),
            ("break_start", "2026-11-23T12:00:00Z", 40),
            ("break_end", "2026-11-23T12:30:00Z", 40),
            ("clock_out", "2026-11-23T17:00:00Z", 0),
        ] {
            let all = people.iter().map(|employee| clock(action, now, employee)).collect();
            assert_eq!(
                company.at_once(all).await,
                counted([("200", 40)]),
                "{action} on {}",
                company.world.engine
            );
            assert_eq!(company.get("attendance/open_shifts").await["meta"]["total"], open, "{action}");
        }
        assert_eq!(company.get("attendance/shifts").await["meta"]["total"], 3 * 40);
    });
}

/// Every action of the clock is done once, however often it is asked for at once.
#[test]
fn one_click_counts_once() {
    each(|company| async move {
        let employee = company.hire(0).await;
        for (action, now, refusal) in [
            ("clock_in", "2026-11-23T09:00:00Z", "409 already_clocked_in"),
            ("break_start", "2026-11-23T12:00:00Z", "409 already_on_break"),
            ("break_end", "2026-11-23T12:30:00Z", "409 not_on_break"),
            ("clock_out", "2026-11-23T17:00:00Z", "409 not_clocked_in"),
        ] {
            let all = (0..30).map(|_| clock(action, now, &employee)).collect();
            let answers = company.at_once(all).await;
            assert_eq!(answers, counted([("200", 1), (refusal, 29)]), "{action} on {}", company.world.engine);
        }
        let shifts = company.get("attendance/shifts").await;
        let minutes: Vec<_> =
            shifts["data"].as_array().unwrap().iter().map(|shift| shift["minutes"].clone()).collect();
        assert_eq!(minutes, [180, 30, 270]);
    });
}

/// One correction that many approve at once makes one shift.
#[test]
fn a_correction_is_approved_once() {
    each(|company| async move {
        let employee = company.hire(0).await;
        let asked = json!({ "employee_id": employee, "request_type": "create_shift", "date": "2026-11-20",
            "clock_in": "09:00", "clock_out": "17:00", "reason": "Forgot" });
        let id = company.add("attendance/edit_timesheet_requests", asked).await;
        let yes = ("PUT", format!("attendance/edit_timesheet_requests/{id}"), json!({ "approved": true }));
        let answers = company.at_once(vec![yes; 10]).await;
        assert!(answers.keys().all(|answer| ["200", "409", "422"].contains(&&answer[..3])), "{answers:?}");
        assert!(answers["200"] >= 1, "{answers:?}");
        assert_eq!(company.get("attendance/shifts").await["meta"]["total"], 1, "{answers:?}");
    });
}

/// The last day is taken once: asked for at once, approved at once, or both on the same day.
#[test]
fn the_last_day_is_taken_once() {
    each(|company| async move {
        let engine = company.world.engine;
        let ids = company.with_days(1, false).await;
        let ask = DAYS.map(|day| ("POST", "timeoff/leaves".to_owned(), leave(&ids, day)));
        let answers = company.at_once(ask.to_vec()).await;
        assert_eq!(answers, counted([("201", 1), ("422 balance_exceeded", 9)]), "{engine}");
        assert_eq!(company.days(&ids).await, (0.0, 1.0));

        let ids = company.with_days(1, true).await;
        let mut approve = Vec::new();
        for day in DAYS {
            let id = company.add("timeoff/leaves", leave(&ids, day)).await;
            approve.push(("POST", "timeoff/leaves/approve".to_owned(), json!({ "id": id.to_string() })));
        }
        let answers = company.at_once(approve).await;
        assert_eq!(answers, counted([("200", 1), ("422 balance_exceeded", 9)]), "{engine}");
        assert_eq!(company.days(&ids).await, (0.0, 1.0));

        let ids = company.with_days(20, true).await;
        let ask = ("POST", "timeoff/leaves".to_owned(), leave(&ids, DAYS[0]));
        let answers = company.at_once(vec![ask; 10]).await;
        assert_eq!(answers, counted([("201", 1), ("422 overlaps", 9)]), "{engine}");
    });
}

/// Two who approve at once, or one of whom rejects and another deletes: the numbers say what became of it.
#[test]
fn whatever_is_decided_at_once_the_balance_says_what_is() {
    each(|company| async move {
        let engine = company.world.engine;
        let ids = company.with_days(10, true).await;
        let id = company.add("timeoff/leaves", leave(&ids, DAYS[0])).await;
        let act = |action: &str, id: i64| {
            ("POST", format!("timeoff/leaves/{action}"), json!({ "id": id.to_string() }))
        };
        let answers = company.at_once(vec![act("approve", id); 10]).await;
        assert_eq!(answers, counted([("200", 1), ("409 already_approved", 9)]), "{engine}");
        assert_eq!(company.days(&ids).await, (9.0, 1.0));
        for day in &DAYS[1..6] {
            let id = company.add("timeoff/leaves", leave(&ids, day)).await;
            let delete = ("DELETE", format!("timeoff/leaves/{id}"), Value::Null);
            let mut all = Vec::new();
            for _ in 0..3 {
                all.extend([act("approve", id), act("reject", id), act("approve_all", id), delete.clone()]);
            }
            let answers = company.at_once(all).await;
            let clear = |answer: &String| ["200", "404", "409", "422"].contains(&&answer[..3]);
            assert!(answers.keys().all(clear), "{engine}: {answers:?}");
            let gone = company.get(&format!("timeoff/leaves?ids[]={id}")).await;
            assert_eq!(gone["meta"]["total"], 0, "a deletion is never lost: {answers:?}");
            assert_eq!(company.days(&ids).await, (9.0, 1.0), "{engine}: {answers:?}");
        }
    });
}
