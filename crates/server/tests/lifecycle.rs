//! People, contracts and teams through the public door, on both databases.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::{Answer, HOUR, PASSWORD, Person, World, engine};

const NEWEST: &str = "/api/2026-10-01/resources";
const DAY: i64 = 24 * HOUR;

/// A company with its founder and a key that may do everything in it.
struct Company {
    world: World,
    founder: Person,
    key: String,
}

impl Company {
    async fn new(world: &World) -> Self {
        let mut founder = world.sign_up("Analytical").await;
        let key = founder.api_key("Tests").await;
        Self { world: world.clone(), founder, key }
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let call = self.world.call(method, &format!("{NEWEST}/{path}")).header("x-api-key", &self.key);
        if body.is_null() { call.send().await } else { call.json(body).send().await }
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, &body).await
    }

    async fn put(&self, path: &str, body: Value) -> Answer {
        self.call("PUT", path, &body).await
    }

    async fn get(&self, path: &str) -> Value {
        self.call("GET", path, &Value::Null).await.expect(200).json()
    }

    /// What a list has, by one of its fields.
    async fn all(&self, path: &str, field: &str) -> Vec<Value> {
        let list = self.get(path).await;
        list["data"].as_array().unwrap().iter().map(|item| item[field].clone()).collect()
    }

    async fn founder_id(&self) -> String {
        let people = self.get("employees/employees").await;
        people["data"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Hires somebody and answers the employee.
    async fn hire(&self, first: &str, more: Value) -> Value {
        let company = self.get("employees/employees").await["data"][0]["company_id"].clone();
        let email = format!("{}@analytical.example", first.to_lowercase());
        let mut body = json!({
            "company_id": company, "first_name": first, "last_name": "Babbage", "email": email,
            "contract_starts_on": "2026-01-01",
        });
        let (Value::Object(body), Value::Object(more)) = (&mut body, more) else { panic!("objects") };
        body.extend(more);
        self.post("employees/employees/create_with_contract", json!(body)).await.expect(200).json()
    }
}

fn id(object: &Value) -> String {
    object["id"].as_str().unwrap_or_else(|| panic!("an id: {object}")).to_owned()
}

#[track_caller]
fn refused(answer: Answer, status: u16, code: &str) {
    let answer = answer.expect(status);
    let body = answer.json();
    let codes: Vec<_> =
        body["problems"].as_array().into_iter().flatten().map(|p| p["code"].clone()).collect();
    assert!(body["code"] == code || codes.contains(&code.into()), "{code}: {answer}");
}

#[test]
fn a_company_begins_with_a_workplace_and_a_legal_entity() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let founder = company.get("employees/employees").await["data"][0].clone();
        let (places, entities) =
            (company.get("locations/locations").await, company.get("companies/legal_entities").await);
        assert_eq!(founder["location_id"], places["data"][0]["id"]);
        assert_eq!(founder["legal_entity_id"], entities["data"][0]["id"]);
        assert_eq!(places["data"][0]["main"], true);
        assert_eq!(founder["login_email"], founder["email"]);
        assert!(founder["email"].as_str().unwrap().contains('@'), "{founder}");
    });
}

#[test]
fn somebody_is_hired_invited_and_joins() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let team = id(&company.post("teams/teams", json!({ "name": "Engines" })).await.expect(201).json());
        let boss = company.founder_id().await;
        let ada = company
            .hire(
                "Ada",
                json!({ "manager_id": boss, "team_id": team, "birthday_on": "2000-02-29",
                    "address_line1": "Street 1", "contract_effective_on": "2026-02-01",
                    "contracts_maximum_weekly_hours": 40, "a3_nom_code": "77", "bank_number": "ES1" }),
            )
            .await;
        assert_eq!(ada["full_name"], "Ada Babbage");
        assert_eq!(ada["login_email"], "ada@analytical.example");
        assert_eq!(ada["address_line_1"], "Street 1");
        assert_eq!(ada["seniority_calculation_date"], "2026-01-01");
        assert_eq!(ada["active"], true);
        assert!(ada["location_id"].is_string() && ada["legal_entity_id"].is_string(), "{ada}");
        let person = id(&ada);
        // Read back through other resources.
        let versions = company.get(&format!("contracts/contract_versions?employee_ids[]={person}")).await;
        let version = &versions["data"][0];
        assert_eq!(version["effective_on"], "2026-02-01");
        assert_eq!(version["starts_on"], "2026-01-01");
        assert_eq!(version["maximum_weekly_hours"], 40);
        assert_eq!(version["salary_currency"], "EUR");
        let contracts = company.get(&format!("contracts/contracts?employee_ids[]={person}")).await;
        assert_eq!(contracts["data"][0]["id"], version["contracts_contract_id"]);
        assert_eq!(contracts["data"][0]["schedule"], "ongoing");
        let reference = company.get(&format!("contracts/reference_contracts?employee_ids[]={person}")).await;
        assert_eq!(reference["data"][0]["id"], version["id"]);
        let members = company.get(&format!("teams/memberships?employee_ids[]={person}")).await;
        assert_eq!(members["data"][0]["team_id"], json!(team));
        assert_eq!(company.all("payroll_integrations_base/codes", "code").await, [json!("77")]);
        assert_eq!(company.all("bookkeepers_management/incidences", "name").await, [json!("hiring")]);
        // The same address again is refused.
        let again = json!({ "company_id": ada["company_id"], "first_name": "A", "last_name": "B",
            "email": "ADA@analytical.example" });
        refused(company.post("employees/employees/create_with_contract", again).await, 422, "taken");

        // Nobody was told yet; an invitation can be sent again, and only the last link works, for a day.
        let mail = async || world.mailed_link("ada@analytical.example").await;
        assert_eq!(mail().await, None);
        let invite = json!({ "id": person, "company_id": ada["company_id"] });
        let invited = company.post("employees/employees/invite", invite.clone()).await.expect(200).json();
        assert_eq!(invited["id"], ada["id"]);
        let first = mail().await.unwrap();
        world.advance(25 * HOUR).await;
        company.post("employees/employees/invite", invite.clone()).await.expect(200);
        let second = mail().await.unwrap();
        assert_ne!(first, second);
        let mut browser = world.browser();
        assert_ne!(browser.get(&first).await.status, 200, "the first link");
        browser
            .fill(&second, "/invitations/accept", &[("password", PASSWORD)])
            .await
            .expect_to("/login?notice=accepted");
        refused(company.post("employees/employees/invite", invite).await, 409, "accepted");
    });
}

/// A new address for the mail of the company waits until whoever reads its mail says that it is good.
#[test]
fn a_new_address_counts_once_it_is_confirmed() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let person = company.get("employees/employees").await["data"][0].clone();
        let path = format!("employees/employees/{}", id(&person));
        let put = async |address: Value| {
            company.put(&path, json!({ "id": person["id"], "communications_email": address })).await
        };
        let both = |person: &Value| {
            (person["communications_email"].clone(), person["unconfirmed_communications_email"].clone())
        };
        let (first, second) = ("ada@first.example", "ada@second.example");
        refused(put(json!("nowhere")).await, 400, "invalid");
        let waits = put(json!(" Ada@First.example")).await.expect(200).json();
        assert_eq!(both(&waits), (Value::Null, json!(first)));
        let link = world.mailed_link(first).await.unwrap();
        // Whoever has the mail needs no login; looking changes nothing.
        let mut reader = world.browser();
        assert!(reader.get(&link).await.expect(200).text().contains(first));
        assert_eq!(both(&company.get(&path).await), (Value::Null, json!(first)));
        for broken in [link.replace("token=", "token=9"), format!("{link}0"), "/addresses/confirm".to_owned()]
        {
            assert_eq!(reader.get(&broken).await.status, 404, "{broken}");
        }
        let confirmed = reader.fill(&link, "/addresses/confirm", &[]).await.expect(200);
        assert!(confirmed.text().contains("is confirmed"), "{confirmed}");
        assert_eq!(both(&company.get(&path).await), (json!(first), Value::Null));
        assert_eq!(reader.get(&link).await.status, 404, "it was followed already");
        // Another one waits beside the one that counts; entering a third makes the link of the second useless.
        let waits = put(json!(second)).await.expect(200).json();
        assert_eq!(both(&waits), (json!(first), json!(second)));
        let link = world.mailed_link(second).await.unwrap();
        put(json!("ada@third.example")).await.expect(200);
        assert_eq!(reader.get(&link).await.status, 404);
        // What counts already needs no confirmation, and neither does none at all.
        let back = put(json!(first)).await.expect(200).json();
        assert_eq!(both(&back), (json!(first), Value::Null));
        let none = put(Value::Null).await.expect(200).json();
        assert_eq!(both(&none), (Value::Null, Value::Null));
        // Nobody is flooded with mail.
        for _ in 0..4 {
            put(json!(second)).await.expect(200);
            put(Value::Null).await.expect(200);
        }
        refused(put(json!(second)).await, 422, "too_many_mails");
        world.advance(HOUR).await;
        put(json!(second)).await.expect(200);
    });
}

/// Somebody who leaves is let in until midnight at the workplace, and not a moment longer.
#[test]
fn a_termination_ends_the_log_in_at_midnight() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let place = company.get("locations/locations").await["data"][0].clone();
        let lisbon =
            json!({ "id": place["id"], "name": "Lisbon", "timezone": "Atlantic/Azores", "country": "pt" });
        company.put(&format!("locations/locations/{}", id(&place)), lisbon).await.expect(200);
        let application = company.founder.application().await;
        let mut ada = company.founder.employ("Grace").await;
        let people = company.get("employees/employees").await;
        let person =
            people["data"].as_array().unwrap().iter().find(|one| one["first_name"] == "Grace").unwrap();
        let person = id(person);
        let company_id = people["data"][0]["company_id"].clone();

        // The test's clock stands in UTC; the Azores are an hour behind.
        let today = world.today();
        let body = json!({ "id": person, "terminated_on": today, "termination_reason": "Moves away" });
        let gone = company.post("employees/employees/terminate", body.clone()).await.expect(200).json();
        assert_eq!(gone["terminated_on"], json!(today));
        assert_eq!((&gone["active"], &gone["is_terminating"]), (&json!(true), &json!(true)));
        assert!(ada.browser.logged_in().await);

        world.advance(world.until_midnight() - 1000).await;
        let tokens = ada.tokens(&application).await;
        assert!(world.works(&tokens.access).await, "a second before midnight in UTC");
        world.advance(2000).await;
        assert!(world.works(&tokens.access).await, "midnight in UTC is no midnight on the Azores");
        world.advance(HOUR - 2000).await;
        assert!(world.works(&tokens.access).await, "a second before midnight on the Azores");
        world.advance(1000).await;
        assert!(!ada.browser.logged_in().await, "the session");
        assert!(!world.works(&tokens.access).await, "the token");
        let mut other = world.browser();
        let answer = other.log_in(&ada.email, PASSWORD).await;
        assert_ne!(answer.location(), "/home", "{answer}");
        let now = company.get(&format!("employees/employees/{person}")).await;
        assert_eq!((&now["active"], &now["is_terminating"]), (&json!(false), &json!(true)));
        assert_eq!(company.all("employees/employees?only_active=true", "id").await.len(), 1);
        assert_eq!(company.all("employees/employees?only_active=false", "id").await.len(), 2);
        let invite = json!({ "id": person, "company_id": company_id });
        refused(company.post("employees/employees/invite", invite).await, 409, "terminated");
        refused(company.post("employees/employees/terminate", body).await, 409, "already_terminated");

        // Taken back, everything works as before.
        let back =
            company.post("employees/employees/unterminate", json!({ "id": person })).await.expect(200).json();
        assert_eq!(back["terminated_on"], Value::Null);
        assert_eq!((&back["active"], &back["is_terminating"]), (&json!(true), &json!(false)));
        other.log_in(&ada.email, PASSWORD).await.expect_to("/home");
        let again = company.post("employees/employees/unterminate", json!({ "id": person })).await;
        refused(again, 409, "not_terminated");
        // Who is not to begin yet is not let in yet.
        let start = json!({ "id": person, "starts_on": world.later(10) });
        company.post("employees/employees/set_regular_access_start_date", start).await.expect(200);
        assert!(!other.logged_in().await);
        world.advance(10 * DAY + 2 * HOUR).await;
        other.log_in(&ada.email, PASSWORD).await.expect_to("/home");
    });
}

#[test]
fn the_last_administrator_stays_and_reports_are_handed_over() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let founder = company.founder_id().await;
        let leave = json!({ "id": founder, "terminated_on": world.later(30) });
        refused(company.post("employees/employees/terminate", leave).await, 409, "last_administrator");

        let boss = id(&company.hire("Boss", json!({ "manager_id": founder })).await);
        let under = json!({ "manager_id": boss, "timeoff_manager_id": boss });
        let (one, two) =
            (id(&company.hire("One", under.clone()).await), id(&company.hire("Two", under).await));
        let below = id(&company.hire("Below", json!({ "manager_id": one })).await);
        for (person, manager) in [(&boss, &boss), (&boss, &below), (&founder, &below), (&one, &below)] {
            let change = json!({ "id": person, "manager_id": manager });
            refused(company.put(&format!("employees/employees/{person}"), change).await, 422, "circular");
        }
        assert_eq!(company.all("employees/employees?only_managers=true", "id").await.len(), 3);
        assert_eq!(company.all("employees/employees?name_starts_with=one%20b", "id").await, [json!(one)]);

        let early = json!({ "id": boss, "terminated_on": "2025-12-31" });
        refused(company.post("employees/employees/terminate", early).await, 422, "before_start");
        let body = json!({ "id": boss, "terminated_on": world.later(30), "open_backfill": true,
            "termination_assigned_manager_id": one });
        let gone = company.post("employees/employees/terminate", body).await.expect(200).json();
        assert_eq!((&gone["active"], &gone["is_terminating"]), (&json!(true), &json!(true)));
        let manager = async |person: &str| company.get(&format!("employees/employees/{person}")).await;
        assert_eq!(manager(&one).await["manager_id"], json!(founder), "reports to whom the leaver did");
        assert_eq!(manager(&two).await["manager_id"], json!(one));
        assert_eq!(manager(&two).await["timeoff_manager_id"], json!(one));
        assert_eq!(manager(&one).await["timeoff_manager_id"], Value::Null);
        assert_eq!(company.all("ats/job_postings", "status").await, [json!("draft")]);
        let notes = company.all("bookkeepers_management/incidences", "name").await;
        assert_eq!(notes.iter().filter(|name| *name == "termination").count(), 1);
    });
}

/// Somebody whose contract is gone.
async fn blank(company: &Company, at: usize) -> String {
    let person = id(&company.hire(&format!("Case{at}"), json!({})).await);
    let first = company.all(&format!("contracts/contract_versions?employee_ids[]={person}"), "id").await;
    let first = format!("contracts/contract_versions/{}", first[0].as_str().unwrap());
    company.call("DELETE", &first, &Value::Null).await.expect(200);
    person
}

/// One case, and the ids behind the numbers that it names things by.
struct Case<'a> {
    company: &'a Company,
    person: String,
    versions: Vec<String>,
    other: String,
}

impl Case<'_> {
    async fn act(&mut self, step: &Value) -> Answer {
        let mut body = step.as_object().unwrap().clone();
        body.retain(|name, _| !matches!(name.as_str(), "do" | "version" | "refused" | "field"));
        let one = |at: &Value| {
            let at = usize::try_from(at.as_u64().unwrap()).unwrap();
            format!("contracts/contract_versions/{}", self.versions.get(at).map_or("0", String::as_str))
        };
        let company = self.company;
        match step["do"].as_str().unwrap() {
            "correct" => company.put(&one(&step["version"]), body.into()).await,
            "delete" => company.call("DELETE", &one(&step["version"]), &Value::Null).await,
            "terminate" | "unterminate" => {
                body.insert("id".to_owned(), self.person.clone().into());
                let path = format!("employees/employees/{}", step["do"].as_str().unwrap());
                company.post(&path, body.into()).await
            }
            act => {
                body.insert("employee_id".to_owned(), self.person.clone().into());
                let answer = if act == "add" {
                    company.post("contracts/contract_versions", body.into()).await
                } else {
                    let body = json!({ "target_legal_entity_id": self.other, "contract_details": body });
                    company.post("contracts/legal_entity_changes", body).await
                };
                if answer.status == 201 {
                    let made = answer.json();
                    let made = if act == "add" { &made["id"] } else { &made["contract_version_id"] };
                    self.versions.push(made.as_str().unwrap().to_owned());
                }
                answer
            }
        }
    }

    async fn list(&self, path: &str, more: &str) -> Vec<Value> {
        let list = self.company.get(&format!("{path}?employee_ids[]={}{more}", self.person)).await;
        list["data"].as_array().unwrap().clone()
    }

    /// What a case may expect, by the names of its members.
    async fn shown(&self, member: &str, wanted: &Value) -> Value {
        let versions = async || {
            let mut all = self.list("contracts/contract_versions", "").await;
            all.sort_by_key(|version| version["effective_on"].to_string());
            all
        };
        let reference =
            async || self.list("contracts/reference_contracts", "").await.pop().unwrap_or_default();
        let person = async || self.company.get(&format!("employees/employees/{}", self.person)).await;
        match member {
            "contracts" => {
                let mut all = self.list("contracts/contracts", "").await;
                all.sort_by_key(|contract| contract["starts_on"].to_string());
                let shown = all.iter().map(|one| json!([one["starts_on"], one["ends_on"], one["schedule"]]));
                shown.collect()
            }
            "versions" => versions().await.iter().map(|version| version["effective_on"].clone()).collect(),
            "reference" => reference().await["effective_on"].clone(),
            "pay" => json!([reference().await["salary_amount"], reference().await["salary_frequency"]]),
            "on" => {
                let mut days = wanted.clone();
                for (day, holds) in days.as_object_mut().unwrap() {
                    let states = self
                        .list("contracts/contract_version_histories", &format!("&current_on={day}"))
                        .await;
                    assert!(states.len() < 2, "{states:?}");
                    *holds = states.first().map_or(Value::Null, |state| state["effective_on"].clone());
                }
                days
            }
            "starts" | "ends" => {
                let (mut days, versions) = (wanted.clone(), versions().await);
                for (day, shown) in days.as_object_mut().unwrap() {
                    let own = versions.iter().find(|one| one["effective_on"] == day.as_str());
                    *shown = own.map_or("none".into(), |own| own[format!("{member}_on")].clone());
                }
                days
            }
            "history" => {
                let all = self.list("contracts/contract_version_histories", "").await;
                assert!(all.iter().all(|state| state["author"] == "Analytical"), "{all:?}");
                // The first contract was of no case.
                all.iter().skip(2).map(|state| state["action_type"].clone()).collect()
            }
            "entity" => {
                let own = person().await["legal_entity_id"].as_str() == Some(&self.other);
                if own { "other" } else { "own" }.into()
            }
            "active" => person().await["active"].clone(),
            "leaving" => person().await["is_terminating"].clone(),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn the_cases_of_contracts_through_the_api() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let company = Company::new(&world).await;
            let own = company.get("companies/legal_entities").await["data"][0].clone();
            let other = json!({ "company_id": own["company_id"], "country": "pt", "legal_name": "Elsewhere",
                "currency": "EUR" });
            let other = id(&company.post("companies/legal_entities", other).await.expect(201).json());
            let cases = include_str!("../../hr/tests/corpus/contracts.json");
            let cases: Vec<Value> = serde_json::from_str(cases).unwrap();
            let mut wrong = Vec::new();
            for (at, wanted) in cases.iter().enumerate() {
                let person = blank(&company, at).await;
                let mut case = Case { company: &company, person, versions: Vec::new(), other: other.clone() };
                for step in wanted["steps"].as_array().unwrap() {
                    let answer = case.act(step).await;
                    let body = answer.json();
                    let problem = &body["problems"][0];
                    let refused =
                        if problem.is_null() { Value::Null } else { json!([body["code"], problem["field"]]) };
                    let expected = match step.get("refused") {
                        Some(code) => json!([code, step["field"]]),
                        None => Value::Null,
                    };
                    if refused != expected || (answer.status.as_u16() >= 300) != step.get("refused").is_some()
                    {
                        wrong.push(format!("{}: {step}: {answer}", wanted["name"]));
                    }
                }
                for (member, expected) in wanted["expect"].as_object().unwrap() {
                    let shown = case.shown(member, expected).await;
                    if shown != *expected {
                        wrong.push(format!("{}: {member} is {shown} instead of {expected}", wanted["name"]));
                    }
                }
            }
            assert!(wrong.is_empty(), "{} on {}:\n{}", wrong.len(), world.engine, wrong.join("\n"));
        },
    );
}

#[test]
fn a_person_follows_the_contract_to_another_legal_entity_on_its_first_day() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let own = company.get("companies/legal_entities").await["data"][0].clone();
        let other = json!({ "company_id": own["company_id"], "country": "pt", "legal_name": "Elsewhere",
            "currency": "EUR" });
        let other = id(&company.post("companies/legal_entities", other).await.expect(201).json());
        let person = id(&company.hire("Ada", json!({})).await);
        let to = |entity: &Value, day: String| {
            json!({ "target_legal_entity_id": entity, "contract_details": { "employee_id": person,
                "effective_on": day, "salary_amount": 100, "salary_frequency": "monthly", "job_title": "Head" } })
        };
        let path = "contracts/legal_entity_changes";
        refused(company.post(path, to(&own["id"], world.later(2))).await, 422, "same_legal_entity");
        refused(company.post(path, to(&json!("999999"), world.later(2))).await, 400, "not_found");
        let mut grace = company.founder.employ("Grace").await;
        let application = company.founder.application().await;
        let token = grace.tokens(&application).await.access;
        let call = world.post(&format!("{NEWEST}/{path}")).bearer(&token);
        call.json(&to(&json!(other), world.later(2))).send().await.expect(403);

        let made = company.post(path, to(&json!(other), world.later(2))).await.expect(201).json();
        assert_eq!((&made["job_title"], &made["salary_amount"]), (&json!("Head"), &json!(100)));
        assert_eq!((&made["country"], &made["starts_on"]), (&json!("pt"), &json!(world.later(2))));
        let version =
            format!("contracts/contract_versions/{}", made["contract_version_id"].as_str().unwrap());
        assert_eq!(company.get(&version).await["contracts_contract_id"], made["contracts_contract_id"]);
        let entity =
            async || company.get(&format!("employees/employees/{person}")).await["legal_entity_id"].clone();
        let due = async || world.app.db.write(|tx| engine().lapse(tx, 100)).await.unwrap();
        for (days, expected) in [(0, &own["id"]), (1, &own["id"]), (1, &json!(other))] {
            world.advance(days * DAY).await;
            due().await;
            assert_eq!(entity().await, *expected);
        }
        assert_eq!(due().await, 0, "once");
    });
}

/// In the last hour of 23 November in UTC it is the 24th in Auckland, and not even evening in Los Angeles.
#[test]
fn today_is_the_day_at_the_workplace() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let application = company.founder.application().await;
        let own = company.get("companies/legal_entities").await["data"][0].clone();
        let entity = json!({ "company_id": own["company_id"], "country": "pt", "legal_name": "Elsewhere",
            "currency": "EUR" });
        let entity = company.post("companies/legal_entities", entity).await.expect(201).json();
        let kind = json!({ "company_id": own["company_id"], "name": "Care", "identifier": "care", "color": "#07a2ad",
            "active": true, "accrues": false, "approval_required": false, "attachment": false, "visibility": true,
            "workable": false, "details_required": false, "payable": true, "allow_endless": true });
        let kind = id(&company.post("timeoff/leave_types", kind).await.expect(201).json());
        world.advance(world.until_midnight() - HOUR / 2).await;
        let (today, tomorrow) = (world.today(), world.later(1));

        for (zone, theirs, active) in
            [("Pacific/Auckland", &tomorrow, false), ("America/Los_Angeles", &today, true)]
        {
            let place =
                json!({ "company_id": own["company_id"], "name": zone, "timezone": zone, "country": "nz" });
            let place = company.post("locations/locations", place).await.expect(201).json();
            let name = zone.split('/').next_back().unwrap();
            let mut person = company.founder.employ(name).await;
            let token = person.tokens(&application).await.access;
            let employee = company.get(&format!("employees/employees?emails[]={}", person.email)).await;
            let employee = id(&employee["data"][0]);
            let one = format!("employees/employees/{employee}");
            company.put(&one, json!({ "location_id": place["id"] })).await.expect(200);
            let of = format!("employee_ids[]={employee}");

            // Who is not told a day is told about the one at the place.
            let due =
                world.get(&format!("{NEWEST}/attendance/estimated_times?{of}")).bearer(&token).send().await;
            assert_eq!(due.expect(200).json()["data"][0]["date"], **theirs, "{zone}");
            // A leave that begins tomorrow in UTC has begun in Auckland; the person cannot take it back any more.
            let leave = json!({ "employee_id": employee, "leave_type_id": kind, "start_on": tomorrow, "finish_on": tomorrow });
            let leave = id(&company.post("timeoff/leaves", leave).await.expect(201).json());
            let running = company.all(&format!("timeoff/leaves?{of}&only_active=true"), "id").await;
            assert_eq!(running.len(), usize::from(!active), "{zone}");
            let back =
                world.call("DELETE", &format!("{NEWEST}/timeoff/leaves/{leave}")).bearer(&token).send().await;
            if active {
                drop(back.expect(200));
            } else {
                refused(back, 409, "leave_locked");
            }
            // A leave without an end has lasted until today.
            let open = json!({ "employee_id": employee, "leave_type_id": kind, "start_on": "2026-11-18" });
            if !active {
                company.call("DELETE", &format!("timeoff/leaves/{leave}"), &Value::Null).await.expect(200);
            }
            let open = company.post("timeoff/leaves", open).await.expect(201).json();
            assert_eq!(open["days_taken"], if active { 4.0 } else { 5.0 }, "{zone}: {open}");
            // Who moves to another legal entity tomorrow does so at midnight there.
            let conditions = json!({ "employee_id": employee, "effective_on": today, "starts_on": today });
            company.post("contracts/contract_versions", conditions).await.expect(201);
            let to = json!({ "target_legal_entity_id": entity["id"],
                "contract_details": { "employee_id": employee, "effective_on": tomorrow } });
            company.post("contracts/legal_entity_changes", to).await.expect(201);
            let contracts = format!("contracts/contracts?{of}");
            let expected = if active { ["ongoing", "upcoming"] } else { ["expired", "ongoing"] };
            assert_eq!(company.all(&contracts, "schedule").await, expected.map(|text| json!(text)), "{zone}");
            let belongs = company.get(&one).await["legal_entity_id"].clone();
            assert_eq!(belongs, if active { own["id"].clone() } else { entity["id"].clone() }, "{zone}");
            // Whose last day it is works for the company until it is over there.
            let last = json!({ "id": employee, "terminated_on": today });
            let gone = company.post("employees/employees/terminate", last).await.expect(200).json();
            assert_eq!(gone["active"], active, "{zone}");
            let there = company.all("employees/employees?only_active=true", "id").await;
            assert_eq!(there.contains(&json!(employee)), active, "{zone}");
            assert_eq!(world.works(&token).await, active, "{zone}");
        }

        // Eight hours later it is midnight in Los Angeles; had the workplace moved east, it would have been already.
        let people = company.get("employees/employees?name_starts_with=Los").await;
        let (person, place) = (id(&people["data"][0]), people["data"][0]["location_id"].clone());
        let entity_of =
            async || company.get(&format!("employees/employees/{person}")).await["legal_entity_id"].clone();
        let due = async || world.app.db.write(|tx| engine().lapse(tx, 100)).await.unwrap();
        world.advance(8 * HOUR).await;
        due().await;
        assert_eq!(entity_of().await, own["id"]);
        let moved = json!({ "timezone": "America/New_York" });
        company.put(&format!("locations/locations/{}", place.as_str().unwrap()), moved).await.expect(200);
        assert_eq!(due().await, 1);
        assert_eq!(entity_of().await, entity["id"]);
        assert_eq!(due().await, 0, "once");
    });
}

#[test]
fn what_was_fixed_in_place_is_told_with_who_did_it() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let application = company.founder.application().await;
        let token = company.founder.tokens(&application).await.access;
        let person = id(&company.hire("Ada", json!({})).await);
        let versions = format!("contracts/contract_versions?employee_ids[]={person}");
        let version = company.all(&versions, "id").await[0].as_str().unwrap().to_owned();
        let call =
            world.call("PUT", &format!("{NEWEST}/contracts/contract_versions/{version}")).bearer(&token);
        call.json(&json!({ "job_title": "Engineer" })).send().await.expect(200);
        let path = format!("contracts/contract_version_histories?contract_version_ids[]={version}");
        let states = company.get(&path).await;
        let state = |at: usize| {
            let state = &states["data"][at];
            (state["action_type"].clone(), state["job_title"].clone(), state["author"].clone())
        };
        let founder = company.get("employees/employees").await["data"][0]["full_name"].clone();
        assert_eq!(state(0), (json!("create"), Value::Null, json!("Analytical")));
        assert_eq!(state(1), (json!("update"), json!("Engineer"), founder));
    });
}

#[test]
fn teams_are_nested_and_places_are_inherited_upwards() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let team = async |name: &str, parent: Option<&str>| {
            let body = json!({ "name": name, "parent_team_id": parent });
            company.post("teams/teams", body).await
        };
        let top = id(&team("Top", None).await.expect(201).json());
        let mut nested = vec![top.clone()];
        for name in ["Second", "Third", "Fourth"] {
            let parent = nested.last().cloned();
            nested.push(id(&team(name, parent.as_deref()).await.expect(201).json()));
        }
        refused(team("Fifth", nested.last().map(String::as_str)).await, 422, "too_deep");
        let alone = id(&team("Alone", None).await.expect(201).json());
        let person = id(&company.hire("Ada", json!({})).await);
        let places = async || {
            let path = format!("teams/memberships?employee_ids[]={person}&with_source_attribution=true");
            let list = company.get(&path).await;
            let place = |place: &Value| (id_of(&place["team_id"]), place.clone());
            list["data"].as_array().unwrap().iter().map(place).collect::<Vec<_>>()
        };
        let place = async |team: &str| {
            places().await.into_iter().find(|(id, _)| id == team).map(|(_, place)| place).unwrap_or_default()
        };
        let join = |team: &str| json!({ "team_id": team, "employee_id": person });
        let added = company.post("teams/memberships", join(&nested[2])).await.expect(201).json();
        assert_eq!(
            (&added["direct"], &added["parent_team_ids"]),
            (&json!(true), &json!([nested[1], nested[0]]))
        );
        assert_eq!(places().await.len(), 3);
        let inherited = place(&top).await;
        assert_eq!((&inherited["direct"], &inherited["lead"]), (&json!(false), &json!(false)));
        assert_eq!(inherited["source_team_ids"], json!([nested[2]]));
        // Whoever is there already keeps the place, which is direct then; an omitted lead stays as it is.
        let path = |place: &Value| format!("teams/memberships/{}", place["id"].as_str().unwrap());
        let mut lead = join(&top);
        lead["lead"] = true.into();
        let again = company.post("teams/memberships", lead).await.expect(201).json();
        assert_eq!(
            (&again["id"], &again["direct"], &again["lead"]),
            (&inherited["id"], &json!(true), &json!(true))
        );
        let again = company.post("teams/memberships", join(&top)).await.expect(201).json();
        assert_eq!((&again["id"], &again["lead"]), (&inherited["id"], &json!(true)));
        assert_eq!(company.get(&format!("teams/teams/{top}")).await["lead_ids"], json!([person]));
        // Who leads is in the team itself.
        let second = place(&nested[1]).await;
        let led = company.put(&path(&second), json!({ "lead": true })).await.expect(200).json();
        assert_eq!(led["direct"], true);
        company.call("DELETE", &path(&second), &Value::Null).await.expect(200);
        let second = place(&nested[1]).await;
        assert_eq!((&second["direct"], &second["lead"]), (&json!(false), &json!(false)), "through the third");
        let elsewhere = |place: &Value| json!({ "id": place["id"], "destination_team_id": alone });
        refused(company.post("teams/memberships/move", elsewhere(&second)).await, 422, "inherited");
        // A team goes with its teams, and places follow.
        let to =
            |team: &str, parent: Option<&str>| json!({ "id": team, "destination_parent_team_id": parent });
        refused(company.post("teams/teams/move", to(&top, Some(nested[3].as_str()))).await, 422, "circular");
        refused(
            company.post("teams/teams/move", to(&alone, Some(nested[3].as_str()))).await,
            422,
            "too_deep",
        );
        let moved =
            company.post("teams/teams/move", to(&nested[2], Some(alone.as_str()))).await.expect(200).json();
        assert_eq!((&moved["depth"], &moved["parent_team_id"]), (&json!(2), &json!(alone)));
        assert_eq!(place(&nested[1]).await, Value::Null);
        assert_eq!(place(&alone).await["direct"], false);
        assert_eq!(place(&top).await["direct"], true, "he was added there himself");
        // Deleting what is inherited ends the places that it comes from.
        company.call("DELETE", &path(&place(&alone).await), &Value::Null).await.expect(200);
        assert_eq!(places().await.len(), 1);
        let full =
            company.call("DELETE", &format!("teams/teams/{alone}"), &Value::Null).await.expect(409).json();
        assert_eq!(full["code"], "has_sub_teams");
        assert!(full["detail"].as_str().unwrap().contains("Third"), "{full}");
        company.call("DELETE", &format!("teams/teams/{top}"), &Value::Null).await.expect(409);
        company.post("teams/teams/move", to(&nested[1], None)).await.expect(200);
        company.call("DELETE", &format!("teams/teams/{top}"), &Value::Null).await.expect(200);
        assert!(places().await.is_empty(), "its places go with it");
    });
}

fn id_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn payroll_is_told_of_what_changes() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let person = id(&company.hire("Ada", json!({ "ends_on": "2027-12-31", "a3_nom_code": "77" })).await);
        let one = format!("employees/employees/{person}");
        let of = format!("employee_updates/summaries?employee_ids[]={person}");
        let kinds = async || company.all(&of, "type").await;
        assert_eq!(kinds().await, ["hiring"]);
        company
            .put(&one, json!({ "last_name": "King", "city": "Marlow", "bank_number": "ES1" }))
            .await
            .expect(200);
        let mut all = kinds().await;
        all.sort_by_key(ToString::to_string);
        assert_eq!(all, ["address", "bank", "hiring", "name"]);
        let updates = async |path: &str| {
            let list = company.get(&format!("employee_updates/{path}")).await;
            list["data"].as_array().unwrap().clone()
        };
        let hired = updates("new_hires").await;
        let hired = hired.iter().find(|one| one["employee_id"] == json!(person)).unwrap().clone();
        assert_eq!(
            (
                &hired["last_name"],
                &hired["start_date"],
                &hired["contract_end_date"],
                &hired["payroll_identifier"]
            ),
            (&json!("King"), &json!("2026-01-01"), &json!("2027-12-31"), &json!("77"))
        );
        assert_eq!(updates("personal_changes").await.len(), 3);
        let rise = json!({ "employee_id": person, "effective_on": "2026-07-01", "starts_on": "2026-01-01",
            "salary_amount": 100, "salary_frequency": "monthly" });
        company.post("contracts/contract_versions", rise).await.expect(201);
        let change = updates("contract_changes").await.pop().unwrap();
        assert_eq!((&change["salary_amount"], &change["effective_on"]), (&json!(100), &json!("2026-07-01")));
        // What is undone is no longer to do; what payroll has done stays so.
        company
            .post("employees/employees/terminate", json!({ "id": person, "terminated_on": "2026-12-31" }))
            .await
            .expect(200);
        let gone = updates("terminations").await.pop().unwrap();
        assert_eq!((&gone["terminated_on"], &gone["status"]), (&json!("2026-12-31"), &json!("to-do")));
        assert_eq!(gone["contract_end_date"], "2027-12-31");
        company.post("employees/employees/unterminate", json!({ "id": person })).await.expect(200);
        assert_eq!(updates("terminations").await.pop().unwrap()["status"], "discarded");
        let hiring = hired["id"].as_str().unwrap();
        let done = json!({ "id": hiring, "status": "done" });
        company.put(&format!("bookkeepers_management/incidences/{hiring}"), done).await.expect(200);
        assert_eq!(company.get(&format!("employee_updates/new_hires/{hiring}")).await["status"], "done");
        // Of leaves it hears once they are approved, with their days before a change.
        let own = company.get("employees/employees").await["data"][0]["company_id"].clone();
        let kind = json!({ "company_id": own, "name": "Sick leave", "identifier": "sick", "color": "#07a2ad",
            "active": true, "accrues": false, "approval_required": true, "attachment": false, "visibility": true,
            "workable": false, "details_required": false, "payable": true });
        let kind = id(&company.post("timeoff/leave_types", kind).await.expect(201).json());
        let leave = json!({ "employee_id": person, "leave_type_id": kind, "start_on": "2026-11-24",
            "finish_on": "2026-11-25", "description": "Flu" });
        let leave = id(&company.post("timeoff/leaves", leave).await.expect(201).json());
        let one = format!("timeoff/leaves/{leave}");
        if company.get(&one).await["approved"].is_null() {
            assert_eq!(updates("absences").await.len(), 0);
            company.post("timeoff/leaves/approve", json!({ "id": leave })).await.expect(200);
        }
        company.put(&one, json!({ "id": leave, "finish_on": "2026-11-27" })).await.expect(200);
        let away = updates("absences").await.pop().unwrap();
        assert_eq!(
            (
                &away["finish_on"],
                &away["prev_finish_on"],
                &away["leave_type_name"],
                &away["employee_full_name"]
            ),
            (
                &json!("2026-11-27T00:00:00.000Z"),
                &json!("2026-11-25"),
                &json!("Sick leave"),
                &json!("Ada King")
            )
        );
        assert_eq!(
            company.all(&format!("{of}&type[]=sick&starts_on=2026-11-23"), "ends_on").await,
            ["2026-11-27"]
        );
        company.call("DELETE", &one, &Value::Null).await.expect(200);
        assert_eq!(updates("absences").await.pop().unwrap()["status"], "discarded");
        let other = world.sign_up("Another").await.api_key("Theirs").await;
        let theirs = world.get(&format!("{NEWEST}/employee_updates/summaries")).header("x-api-key", &other);
        assert_eq!(theirs.send().await.expect(200).json()["meta"]["total"], 0);
    });
}

#[test]
fn a_company_has_one_headquarters_and_nobody_without_a_workplace() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let first = company.get("locations/locations").await["data"][0].clone();
        let place = |name: &str, zone: &str, main: bool| json!({ "company_id": first["company_id"], "name": name, "timezone": zone, "country": "pt", "main": main });
        let path = "locations/locations";
        refused(company.post(path, place("Mars", "Mars/Olympus", false)).await, 422, "unknown_timezone");
        let lisbon = company.post(path, place("Lisbon", "Europe/Lisbon", false)).await.expect(201).json();
        let one = |place: &Value| format!("{path}/{}", place["id"].as_str().unwrap());
        refused(company.put(&one(&first), json!({ "main": false })).await, 422, "main_required");
        refused(company.call("DELETE", &one(&first), &Value::Null).await, 409, "main_location");
        let person = id(&company.hire("Ada", json!({ "location_id": lisbon["id"] })).await);
        company.put(&one(&lisbon), json!({ "main": true })).await.expect(200);
        assert_eq!(company.all("locations/locations?main=true", "id").await, [lisbon["id"].clone()]);
        company.put(&one(&first), json!({ "main": true })).await.expect(200);
        company.call("DELETE", &one(&lisbon), &Value::Null).await.expect(200);
        assert_eq!(company.get(&format!("employees/employees/{person}")).await["location_id"], first["id"]);
    });
}
