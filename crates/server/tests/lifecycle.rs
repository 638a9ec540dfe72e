//! People, contracts and teams through the public door, on both databases.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::{Answer, HOUR, PASSWORD, Person, World};

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
