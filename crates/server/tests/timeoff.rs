//! Time off through the public door, on both databases: the corpus, the decisions, and who may take them.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

#[path = "../../hr/tests/corpus/case.rs"]
mod case;

use accounts::records::{AccessRecord, PermissionGroupRecord, UserRecord};
use case::{Case, Ids};
use engine::Body;
use registry::Id;
use serde_json::{Value, json};
use storage::Condition;
use support::{Answer, Person, World, engine};

const NEWEST: &str = "/api/2026-10-01/resources";

/// A company, with a key that may do everything in it.
struct Company {
    world: World,
    founder: Person,
    key: String,
    id: i64,
    /// Its first employee.
    employee: i64,
}

impl Company {
    async fn new(world: &World, name: &str) -> Self {
        let mut founder = world.sign_up(name).await;
        let key = founder.api_key("Tests").await;
        let mut company = Self { world: world.clone(), founder, key, id: 0, employee: 0 };
        let people = company.get("employees/employees").await;
        company.id = number(&people["data"][0]["company_id"]);
        company.employee = number(&people["data"][0]["id"]);
        company
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

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(&body)).await
    }

    /// Plants rows as the program itself knows them.
    async fn plant(&self, path: &'static str, rows: Vec<Body>) -> Vec<i64> {
        let company = Id::new(self.id);
        let planted = self.world.app.db.write(move |tx| {
            let planted = engine().plant(tx, company, path, &rows);
            Ok::<_, storage::Error>(planted.unwrap_or_else(|error| panic!("{path}: {error:?}")))
        });
        planted.await.unwrap()
    }

    /// Somebody with a contract as a case says, at a workplace of his own.
    async fn hire(&self, case: &Case, name: &str) -> Ids {
        let company = Id::new(self.id);
        let email = format!("{name}@people.example");
        let access = self.world.app.db.write(move |tx| {
            let now = tx.now();
            let user = tx.instance("logins belong to no company").insert([
                UserRecord::email.set(email.clone()),
                UserRecord::password_hash.set(None),
                UserRecord::created_at.set(now),
            ])?;
            let groups = tx.company(company).list(Condition::<PermissionGroupRecord>::any())?;
            tx.company(company).insert([
                AccessRecord::user_id.set(user),
                AccessRecord::permission_group_id.set(groups[0].id),
                AccessRecord::accepted_at.set(None),
                AccessRecord::created_at.set(now),
            ])
        });
        let access = access.await.unwrap().get();
        let location = self
            .plant(
                "locations/locations",
                vec![object(json!({ "name": name, "main": false, "timezone": "Europe/Madrid" }))],
            )
            .await[0];
        let mut person = case.employee();
        person.extend(object(
            json!({ "access_id": access, "first_name": name, "last_name": "Byron", "location_id": location }),
        ));
        let employee = self.plant("employees/employees", vec![person]).await[0];
        let mut ids = Ids { employee, location, policy: 0, allowance: 0, types: [0, 0] };
        self.plant("contracts/contract_versions", vec![case.contract(&ids)]).await;
        self.plant("holidays/company_holidays", case.holidays(&ids)).await;
        let mut types = case.types();
        for (at, kind) in types.iter_mut().enumerate() {
            kind.insert("identifier".to_owned(), format!("{name}-{at}").into());
            ids.types[at] = self.plant("timeoff/leave_types", vec![kind.clone()]).await[0];
        }
        ids.policy =
            self.plant("timeoff/policies", vec![object(json!({ "name": name, "main": false }))]).await[0];
        if let Some(allowance) = case.allowance(&ids) {
            ids.allowance = self.plant("timeoff/allowances", vec![allowance]).await[0];
            self.plant("timeoff/policy_assignments", vec![case.assignment(&ids)]).await;
            let now = json!(0);
            let corrections = case.corrections(&ids).into_iter().map(|mut one| {
                one.insert("created_at".to_owned(), now.clone());
                one.insert("updated_at".to_owned(), now.clone());
                one
            });
            self.plant("timeoff/allowance_incidences", corrections.collect()).await;
        }
        self.plant("timeoff/leaves", case.leaves(&ids)).await;
        self.plant("attendance/shifts", case.shifts(&ids)).await;
        self.plant("attendance/overtime_requests", case.overtime(&ids)).await;
        ids
    }

    async fn balance(&self, ids: &Ids, day: &str) -> Value {
        let path = format!("timeoff/allowance_stats?employee_ids[]={}&reference_date={day}", ids.employee);
        self.get(&path).await["data"][0].clone()
    }
}

fn number(value: &Value) -> i64 {
    value.as_str().unwrap().parse().unwrap()
}

fn object(value: Value) -> Body {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

fn generous(config: &mut server::Config) {
    config.post_rate_limit = 0;
}

#[test]
fn the_corpus_is_answered_as_it_says() {
    World::each_with(generous, |world| async move {
        let company = Company::new(&world, "Analytical").await;
        let mut wrong = Vec::new();
        for (at, case) in Case::all("timeoff").iter().enumerate() {
            let name = case.name();
            let ids = company.hire(case, &format!("case{at}")).await;
            for (day, fields) in case.balances() {
                let stats = company.balance(&ids, &day).await;
                for (field, wanted) in fields {
                    if stats[&field] != wanted {
                        wrong.push(format!(
                            "{name}: on {day} {field} is {} instead of {wanted}",
                            stats[&field]
                        ));
                    }
                }
            }
            let Some(request) = case.request(&ids) else { continue };
            let expect = &case.0["expect"];
            let answer = company.post("timeoff/leaves", request).await;
            if let Some(code) = expect["refused"].as_str() {
                let refused = answer.expect(422).json();
                if refused["code"] != code || refused["problems"][0]["field"].is_null() {
                    wrong.push(format!("{name}: {refused} instead of {code}"));
                }
                continue;
            }
            let made = answer.expect(201).json();
            if expect["days"].as_f64().is_some_and(|days| made["days_taken"] != days) {
                wrong.push(format!("{name}: {} days instead of {}", made["days_taken"], expect["days"]));
            }
            if let Some(days) = expect["by_day"].as_object() {
                let path =
                    format!("timeoff/leaves?ids[]={}&include_duration_by_day=true", number(&made["id"]));
                let listed = company.get(&path).await["data"][0].clone();
                let used = &listed["duration_by_day_attributes"]["used_units_by_day"]["days"];
                if days.iter().any(|(day, wanted)| &used[day] != wanted) {
                    wrong.push(format!("{name}: {used} instead of {}", expect["by_day"]));
                }
            }
        }
        assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// A person who asks, and what becomes of the days.
#[test]
fn decisions_move_the_balance_and_nothing_else_does() {
    World::each_with(generous, |world| async move {
        let company = Company::new(&world, "Analytical").await;
        let case =
            Case(json!({ "name": "", "rule": "", "type": { "approval_required": true }, "allowance": {} }));
        let ids = company.hire(&case, "eve").await;
        let left = async || company.balance(&ids, "2026-12-31").await["available_days"].clone();
        let request = json!({ "employee_id": ids.employee.to_string(), "leave_type_id": ids.types[0].to_string(),
            "start_on": "2026-12-07", "finish_on": "2026-12-11" });
        let leave = company.post("timeoff/leaves", request.clone()).await.expect(201).json();
        let id = leave["id"].clone();
        assert_eq!((&leave["approved"], &leave["days_taken"]), (&Value::Null, &json!(5.0)));
        assert_eq!(left().await, "22.0", "a request that is not decided takes nothing");
        // It is pending alone, and together with those that are approved.
        for (query, count) in [
            ("include_pending=true", 1),
            ("approved=true", 0),
            ("approved=true&include_pending=true", 1),
            ("approved=false", 0),
            ("only_active=true", 0),
        ] {
            let listed = company.get(&format!("timeoff/leaves?{query}")).await;
            assert_eq!(listed["meta"]["total"], count, "{query}");
        }
        let decide = async |what: &str| {
            company.post(&format!("timeoff/leaves/{what}"), json!({ "id": id, "reason": "Inventory" })).await
        };
        assert_eq!(decide("approve").await.expect(200).json()["approved"], true);
        assert_eq!(left().await, "17.0");
        assert_eq!(decide("approve").await.expect(409).json()["code"], "already_approved");
        let rejected = decide("reject").await.expect(200).json();
        assert_eq!((&rejected["approved"], &rejected["reason"]), (&json!(false), &json!("Inventory")));
        assert_eq!(left().await, "22.0");
        assert_eq!(decide("reject").await.expect(409).json()["code"], "already_rejected");
        assert_eq!(
            decide("approve_all").await.expect(200).json()["approved"],
            true,
            "what was rejected can be approved"
        );
        assert_eq!(left().await, "17.0");
        let overlapping = company.post("timeoff/leaves", request).await.expect(422).json();
        assert_eq!(overlapping["code"], "overlaps");
        // All or nothing.
        let both = json!({ "ids": [id, "999999"] });
        company.post("timeoff/leaves/bulk_delete", both).await.expect(400);
        assert_eq!(left().await, "17.0");
        let deleted =
            company.post("timeoff/leaves/bulk_delete", json!({ "ids": [id] })).await.expect(200).json();
        assert!(deleted[0]["deleted_at"].is_string() && deleted.as_array().unwrap().len() == 1, "{deleted}");
        assert_eq!(left().await, "22.0");
        assert_eq!(decide("approve").await.expect(409).json()["code"], "leave_deleted");
        assert_eq!(company.get("timeoff/leaves").await["meta"]["total"], 0);
        assert_eq!(company.get("timeoff/leaves?include_deleted_leaves=true").await["meta"]["total"], 1);
    });
}

/// Approving and deleting the same leave at once: one comes first, and the balance says what is.
#[test]
fn approving_and_deleting_at_once_never_corrupts_a_balance() {
    World::each_with(generous, |world| async move {
        let company = Company::new(&world, "Analytical").await;
        let case = Case(json!({ "name": "", "rule": "", "type": { "approval_required": true },
            "allowance": { "holiday_allowance_in_cents": 500 } }));
        let ids = company.hire(&case, "eve").await;
        for round in 0..6 {
            // Two requests that cannot both be paid.
            let request = |first: &str, last: &str| {
                json!({ "employee_id": ids.employee.to_string(),
                "leave_type_id": ids.types[0].to_string(), "start_on": first, "finish_on": last })
            };
            let one =
                company.post("timeoff/leaves", request("2026-11-30", "2026-12-03")).await.expect(201).json();
            let two =
                company.post("timeoff/leaves", request("2026-12-14", "2026-12-17")).await.expect(201).json();
            let approve =
                |leave: &Value| company.post("timeoff/leaves/approve", json!({ "id": leave["id"] }));
            let delete = format!("timeoff/leaves/{}", one["id"].as_str().unwrap());
            let answers = tokio::join!(
                approve(&one),
                approve(&two),
                company.call("DELETE", &delete, None),
                approve(&one)
            );
            let statuses = [answers.0.status, answers.1.status, answers.2.status, answers.3.status];
            assert!(
                statuses.iter().all(|status| [200, 404, 409, 422].contains(&status.as_u16())),
                "{statuses:?}"
            );
            assert_eq!(answers.2.status, 200, "round {round}: the deletion is never lost");
            let leaves = company.get("timeoff/leaves").await;
            let approved =
                leaves["data"].as_array().unwrap().iter().filter(|leave| leave["approved"] == true);
            let taken: f64 = approved.map(|leave| leave["days_taken"].as_f64().unwrap()).sum();
            let left: f64 = company.balance(&ids, "2026-12-31").await["available_days"]
                .as_str()
                .unwrap()
                .parse()
                .unwrap();
            assert!(
                left >= 0.0 && (left - (5.0 - taken)).abs() < 1e-9,
                "round {round}: {left} left, {taken} taken"
            );
            let all: Vec<_> =
                leaves["data"].as_array().unwrap().iter().map(|leave| leave["id"].clone()).collect();
            company.post("timeoff/leaves/bulk_delete", json!({ "ids": all })).await.expect(200);
        }
    });
}

/// Levels decide one after the other, and blocked days stop whoever is no administrator.
#[test]
fn policies_allowances_and_blocked_days_keep_their_rules() {
    World::each_with(generous, |world| async move {
        let company = Company::new(&world, "Analytical").await;
        let case = Case(json!({ "name": "", "rule": "", "allowance": {},
            "corrections": [{ "effective_on": "2026-02-01", "days_in_cents": 150, "target_balance": "available" }] }));
        let ids = company.hire(&case, "eve").await;
        let kind = ids.types[0].to_string();
        // Blocked days.
        let blocked =
            json!({ "company_id": company.id.to_string(), "name": "Inventory", "leave_type_ids": [kind] });
        let blocked = company.post("timeoff/blocked_periods", blocked).await.expect(201).json();
        let span = json!({ "name": "Inventory", "leave_type_ids": [kind], "strategy": "all_employees",
            "time_periods_attributes": [{ "name": "June", "period_type": "dates", "start_on": "2026-06-28", "finish_on": "2026-06-30" }] });
        let path = format!("timeoff/blocked_periods/{}", blocked["id"].as_str().unwrap());
        company.call("PUT", &path, Some(&span)).await.expect(200);
        let request = |first: &str, last: &str| {
            json!({ "employee_id": ids.employee.to_string(), "leave_type_id": kind,
            "start_on": first, "finish_on": last })
        };
        let refused =
            company.post("timeoff/leaves", request("2026-06-25", "2026-06-29")).await.expect(422).json();
        assert_eq!(
            (&refused["code"], &refused["problems"][0]["field"]),
            (&json!("blocked_period"), &json!("start_on"))
        );
        company.post("timeoff/leaves", request("2026-06-25", "2026-06-26")).await.expect(201);
        // Whom a query selects at the time of the request is blocked, besides those who are named.
        let eve = company.get(&format!("employees/employees/{}", ids.employee)).await;
        let place = eve["location_id"].as_str().unwrap();
        for (members, query, blocks) in [
            (json!([]), format!("location_ids[]={place}"), true),
            (json!([]), format!("?location_ids%5B%5D={place}&only_active=true"), true),
            (json!([]), "only_managers=true".to_owned(), false),
            (json!([]), "full_text_name=nobody".to_owned(), false),
            (json!([ids.employee.to_string()]), "only_managers=true".to_owned(), true),
            (json!([]), format!("location_ids[]={place}&only_managers=true"), false),
            (json!([]), "tenure > 2".to_owned(), false),
        ] {
            let mut chosen = span.clone();
            chosen["strategy"] = "dynamic".into();
            chosen["members"] = members.clone();
            chosen["query"] = query.clone().into();
            chosen["time_periods_attributes"] = json!([]);
            company.call("PUT", &path, Some(&chosen)).await.expect(200);
            let answer = company.post("timeoff/leaves", request("2026-06-29", "2026-06-29")).await;
            let json = answer.json();
            if blocks {
                assert_eq!(json["code"], "blocked_period", "{members} {query}: {answer}");
            } else {
                answer.expect(201);
                company
                    .call("DELETE", &format!("timeoff/leaves/{}", json["id"].as_str().unwrap()), None)
                    .await
                    .expect(200);
            }
        }
        for query in ["tenure=2", "location_ids[]=here", "updated_at_gteq=%zz", "limit=0"] {
            let mut chosen = span.clone();
            chosen["query"] = query.into();
            let refused = company.call("PUT", &path, Some(&chosen)).await.expect(422).json();
            assert_eq!(
                (&refused["code"], &refused["problems"][0]["field"]),
                (&json!("query_not_understood"), &json!("query")),
                "{query}"
            );
        }
        // Within a policy a type draws on one allowance.
        let mut second = case.allowance(&ids).unwrap();
        second.insert("name".to_owned(), "More".into());
        let taken = company.post("timeoff/allowances", second.clone().into()).await.expect(422).json();
        assert_eq!(taken["code"], "type_in_other_allowance");
        second.insert("leave_type_ids".to_owned(), json!([]));
        let other = company.post("timeoff/allowances", second.into()).await.expect(201).json();
        // What was corrected goes along.
        let path = format!("timeoff/allowances/{}", ids.allowance);
        assert_eq!(
            company.call("DELETE", &path, None).await.expect(409).json()["code"],
            "alternative_required"
        );
        let delete = json!({ "id": ids.allowance.to_string(), "alt_allowance_id": other["id"] });
        let deleted =
            company.post("timeoff/allowances/delete_with_alt_allowance", delete).await.expect(200).json();
        assert_eq!(deleted["id"], ids.allowance.to_string());
        let balance = company.balance(&ids, "2026-12-31").await;
        assert_eq!((&balance["allowance_id"], &balance["incidences"]), (&other["id"], &json!("1.5")));
        // Policies over time, and one that is only assumed.
        let policy = company.post(
            "timeoff/policies",
            json!({ "name": "Later", "based_on_policy_id": ids.policy.to_string() }),
        );
        let policy = policy.await.expect(201).json();
        let copied = company
            .get(&format!("timeoff/allowances?timeoff_policy_id={}", policy["id"].as_str().unwrap()))
            .await;
        assert_eq!(copied["meta"]["total"], 1);
        let assign = json!({ "timeoff_policy_id": policy["id"], "employee_id": ids.employee.to_string(), "effective_at": "2027-01-01" });
        company.post("timeoff/policy_assignments", assign.clone()).await.expect(201);
        assert_eq!(
            company.post("timeoff/policy_assignments", assign).await.expect(422).json()["code"],
            "assigned_already"
        );
        let timeline = company
            .get(&format!("timeoff/policy_timelines?employee_id={}&reference_date=2026-06-01", ids.employee))
            .await;
        let items = timeline["data"][0]["items"].as_array().unwrap().clone();
        assert_eq!(items.len(), 2, "{timeline}");
        assert_eq!(
            (&items[0]["is_first_item"], &items[1]["policy_assignment"]["timeoff_policy_name"]),
            (&json!(true), &json!("Later"))
        );
        let path = format!("timeoff/policies/{}", policy["id"].as_str().unwrap());
        assert_eq!(company.call("DELETE", &path, None).await.expect(409).json()["code"], "policy_in_use");
        assert_eq!(company.balance(&ids, "2027-01-01").await["incidences"], "0.0");
        let assumed = format!(
            "timeoff/allowance_stats?employee_ids[]={}&reference_date=2026-06-30&simulate_policy_change_to_id={}",
            ids.employee,
            policy["id"].as_str().unwrap()
        );
        let cycle = company.get(&assumed).await["data"][0]["cycles"][0].clone();
        assert_eq!(
            (&cycle["end_at"], &cycle["regular_end_at"]),
            (&json!("2026-06-30T00:00:00.000Z"), &json!("2026-12-31T00:00:00.000Z"))
        );
        let one =
            company.get(&format!("timeoff/allowance_stats/{}_{}", ids.employee, number(&other["id"]))).await;
        assert_eq!(one["employee_id"], ids.employee.to_string());
        let _ = (&company.founder, company.employee);
    });
}

/// Somebody of a company, with a token of his own.
struct Somebody {
    id: i64,
    access: String,
    token: String,
}

impl Company {
    async fn employ(&mut self, name: &str, application: &support::Application) -> Somebody {
        let mut person = self.founder.employ(name).await;
        let people = self.get("employees/employees").await;
        let one = people["data"].as_array().unwrap().iter().find(|one| one["first_name"] == name).unwrap();
        let token = person.tokens(application).await.access;
        Somebody { id: number(&one["id"]), access: one["access_id"].as_str().unwrap().to_owned(), token }
    }

    async fn as_(&self, who: &Somebody, path: &str, body: Value) -> Answer {
        self.world.post(&format!("{NEWEST}/{path}")).bearer(&who.token).json(&body).send().await
    }

    /// A flow of approval for one kind of leave, with the employees of each level; none stands for an administrator.
    async fn flow(&self, kind: i64, automatic: bool, levels: &[&[Option<i64>]]) {
        let level = |(at, people): (usize, &&[Option<i64>])| {
            let approver = |(place, person): (usize, &Option<i64>)| {
                let criteria = if person.is_some() { "employee" } else { "administrator" };
                json!({ "id": format!("{}{place}", at + 1), "selection_criteria": criteria,
                    "employee_id": person.map(|id| id.to_string()) })
            };
            json!({ "id": (at + 1).to_string(),
                "approvers": people.iter().enumerate().map(approver).collect::<Value>() })
        };
        let levels: Value = levels.iter().enumerate().map(level).collect();
        let flow = json!({ "name": "Flow", "resource_type": "Timeoff::Leave", "default": false,
            "automatic": automatic, "leave_type_ids": [kind.to_string()], "employee_ids": [], "levels": levels });
        self.plant("approvals/approval_flows", vec![object(flow)]).await;
    }

    async fn kind(&self, name: &str) -> i64 {
        let kind = json!({ "name": name, "identifier": name, "color": "#000000", "attachment": false,
            "visibility": true, "details_required": false, "active": true, "editable": true,
            "approval_required": true, "accrues": false, "payable": true, "workable": false });
        self.plant("timeoff/leave_types", vec![object(kind)]).await[0]
    }
}

/// Several levels, delegates and automatic approval, decided by the people whom a flow names.
#[test]
fn flows_of_approval_are_decided_level_by_level() {
    World::each_with(generous, |world| async move {
        let mut company = Company::new(&world, "Analytical").await;
        let application = company.founder.application().await;
        let token = company.founder.tokens(&application).await.access;
        let mut people = Vec::new();
        for name in ["Ruth", "Alan", "Berta", "Chris", "Dora"] {
            people.push(company.employ(name, &application).await);
        }
        let [ruth, alan, berta, chris, dora] = &people[..] else { panic!("five") };
        let (levels, automatic) = (company.kind("levels").await, company.kind("automatic").await);
        let steps: [&[Option<i64>]; 3] = [&[Some(alan.id)], &[Some(berta.id), Some(chris.id)], &[None]];
        company.flow(levels, false, &steps).await;
        company.flow(automatic, true, &[]).await;
        let day = std::cell::Cell::new(1);
        let ask = async |kind: i64| {
            let date = format!("2027-03-{:02}", day.replace(day.get() + 1));
            let leave = json!({ "employee_id": ruth.id.to_string(), "leave_type_id": kind.to_string(),
                "start_on": date, "finish_on": date });
            company.as_(ruth, "timeoff/leaves", leave).await.expect(201).json()
        };
        let path = |what: &str| format!("approvals/materialized_approvals_flows/{what}_resource");
        let decide = async |who: &Somebody, what: &str, leave: &Value| {
            let body =
                json!({ "resource_id": leave["id"], "resource_type": "Timeoff::Leave", "reason": "Busy" });
            company.as_(who, &path(what), body).await
        };
        let refused = async |who: &Somebody, what: &str, leave: &Value, code: &str| {
            let answer = decide(who, what, leave).await;
            let body = answer.json();
            assert!(matches!(answer.status.as_u16(), 403 | 409 | 422), "{answer}");
            assert_eq!(body["code"], code, "{answer}");
            assert!(body["detail"].as_str().unwrap().ends_with('.'), "{answer}");
        };
        let now = async |leave: &Value| {
            company.get(&format!("timeoff/leaves/{}", leave["id"].as_str().unwrap())).await
        };
        let states = |flow: &Value| {
            let one = |one: &Value| one["status"].as_str().unwrap().to_owned();
            flow["approvers"].as_array().unwrap().iter().map(one).collect::<Vec<_>>()
        };

        assert_eq!(ask(automatic).await["approved"], true);

        // In their order, all of a level before the next.
        let leave = ask(levels).await;
        assert_eq!(leave["approved"], Value::Null);
        refused(berta, "approve", &leave, "not_your_turn").await;
        refused(dora, "approve", &leave, "not_an_approver").await;
        refused(ruth, "approve", &leave, "not_an_approver").await;
        let flow = decide(alan, "approve", &leave).await.expect(200).json();
        assert_eq!(
            (&flow["status"], states(&flow)),
            (&json!("running"), ["approved", "pending", "pending", "pending"].map(str::to_owned).to_vec())
        );
        refused(alan, "approve", &leave, "not_your_turn").await;
        decide(chris, "approve", &leave).await.expect(200);
        assert_eq!(now(&leave).await["approved"], Value::Null);
        decide(berta, "approve", &leave).await.expect(200);
        refused(berta, "approve", &leave, "not_your_turn").await;
        // An administrator is the last one, here through the leave itself.
        let body = json!({ "id": leave["id"] });
        let approve = world.post(&format!("{NEWEST}/timeoff/leaves/approve")).bearer(&token);
        assert_eq!(approve.json(&body).send().await.expect(200).json()["approved"], true);
        refused(alan, "approve", &leave, "not_an_approver").await;

        // One no at any level ends it, with its reason; an administrator may still say yes.
        let leave = ask(levels).await;
        decide(alan, "approve", &leave).await.expect(200);
        let flow = decide(chris, "reject", &leave).await.expect(200).json();
        assert_eq!((&flow["status"], &flow["reason"]), (&json!("rejected"), &json!("Busy")));
        assert_eq!(states(&flow), ["approved", "ignored", "rejected", "ignored"]);
        let rejected = now(&leave).await;
        assert_eq!((&rejected["approved"], &rejected["reason"]), (&json!(false), &json!("Busy")));
        refused(berta, "approve", &leave, "not_an_approver").await;
        let all = company.post("timeoff/leaves/approve_all", json!({ "id": leave["id"] })).await;
        assert_eq!(all.expect(200).json()["approved"], true);

        // Past all levels at once.
        let leave = ask(levels).await;
        let all = company.post("timeoff/leaves/approve_all", json!({ "id": leave["id"] })).await;
        assert_eq!(all.expect(200).json()["approved"], true);
        refused(alan, "approve", &leave, "not_an_approver").await;

        // A delegate, from today on and not after the last day.
        let leave = ask(levels).await;
        let stand_in = |first: &str, last: &str| {
            object(
                json!({ "employee_id": alan.id, "delegate_id": dora.id, "starts_on": first, "finishes_on": last }),
            )
        };
        company.plant("approvals/delegations", vec![stand_in("2026-11-01", "2026-11-22")]).await;
        refused(dora, "approve", &leave, "not_an_approver").await;
        company.plant("approvals/delegations", vec![stand_in("2026-11-23", "2026-11-23")]).await;
        let flow = decide(dora, "approve", &leave).await.expect(200).json();
        assert_eq!(states(&flow)[0], "approved");

        // Whoever leaves hands over what he was to decide; to himself nobody does.
        let leave = ask(levels).await;
        let leaves = |who: &Somebody, to: &Somebody| {
            json!({ "id": who.id.to_string(), "terminated_on": "2026-11-22",
                "termination_assigned_manager_id": to.id.to_string() })
        };
        company.post("employees/employees/terminate", leaves(alan, dora)).await.expect(200);
        let flow = decide(dora, "approve", &leave).await.expect(200).json();
        assert_eq!(flow["approvers"][0]["access_id"], dora.access);
        company.post("employees/employees/terminate", leaves(chris, ruth)).await.expect(200);
        decide(berta, "approve", &leave).await.expect(200);
        refused(ruth, "approve", &leave, "not_an_approver").await;
        // A new request does not wait for somebody who has left: an administrator decides.
        let later = ask(levels).await;
        refused(dora, "approve", &later, "not_an_approver").await;
        // The administrator is asked, and does not decide in anybody's place.
        let approve = world.post(&format!("{NEWEST}/{}", path("approve"))).bearer(&token);
        let body = json!({ "resource_id": later["id"], "resource_type": "Timeoff::Leave" });
        let flow = approve.json(&body).send().await.expect(200).json();
        assert_eq!(
            (&flow["approvers"][0]["employee_id"], &flow["override_approver_id"]),
            (&Value::Null, &Value::Null)
        );
    });
}
