//! What people reach through the public door, on both databases.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{Answer, Person, World};

const NEWEST: &str = "/api/2026-10-01/resources";

/// A company: Ada administrates it. Linus reports to Grace, Mia to Linus. Lena leads a team with Tom in it.
struct Company {
    world: World,
    ada: Person,
    /// A key with which everything is allowed.
    key: String,
    /// Of each person the token and the employee.
    people: BTreeMap<&'static str, (String, String)>,
}

impl Company {
    async fn new(world: &World) -> Self {
        let mut ada = world.sign_up("Analytical").await;
        let application = ada.application().await;
        let key = ada.api_key("Tests").await;
        let mut company = Self { world: world.clone(), ada, key, people: BTreeMap::new() };
        for name in ["Grace", "Linus", "Mia", "Lena", "Tom"] {
            let mut person = company.ada.employ(name).await;
            let token = person.tokens(&application).await.access;
            let me = world.get(&format!("{NEWEST}/api_public/credentials")).bearer(&token).send().await;
            let id = me.expect(200).json()["data"][0]["employee_id"].as_str().unwrap().to_owned();
            company.people.insert(name, (token, id));
        }
        for (person, manager) in [("Linus", "Grace"), ("Mia", "Linus")] {
            let path = format!("employees/employees/{}", company.id(person));
            company.put(&path, &json!({ "manager_id": company.id(manager) })).await;
        }
        let team = company.made("teams/teams", &json!({ "name": "Engines" })).await;
        for (person, lead) in [("Lena", true), ("Tom", false)] {
            let body = json!({ "team_id": team, "employee_id": company.id(person), "lead": lead });
            company.made("teams/memberships", &body).await;
        }
        company
    }

    fn id(&self, name: &str) -> &str {
        &self.people[name].1
    }

    async fn admin(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let call = self.world.call(method, &format!("{NEWEST}/{path}")).header("x-api-key", &self.key);
        match body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        }
    }

    async fn made(&self, path: &str, body: &Value) -> Value {
        self.admin("POST", path, Some(body)).await.expect(201).json()["id"].clone()
    }

    async fn put(&self, path: &str, body: &Value) -> Value {
        self.admin("PUT", path, Some(body)).await.expect(200).json()
    }

    async fn call(&self, name: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let call = self.world.call(method, &format!("{NEWEST}/{path}")).bearer(&self.people[name].0);
        match body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        }
    }

    async fn get(&self, name: &str, path: &str) -> Answer {
        self.call(name, "GET", path, None).await
    }

    /// Fails unless a permission is named as missing.
    async fn refused(&self, name: &str, method: &str, path: &str, body: &Value, permission: &str) {
        let denied = self.call(name, method, path, Some(body)).await.expect(403);
        assert_eq!(denied.json()["code"], "missing_permission", "{denied}");
        assert!(denied.text().contains(&format!("\\\"{permission}\\\"")), "{denied}");
    }

    /// The names of the people whose rows a list has, and whether its total says the same.
    async fn whose(&self, name: &str, path: &str) -> Vec<&'static str> {
        let list = self.get(name, path).await.expect(200).json();
        let rows = list["data"].as_array().unwrap();
        assert_eq!(list["meta"]["total"], rows.len(), "{name} {path}");
        let field = if path.starts_with("employees/") { "id" } else { "employee_id" };
        let of = |row: &Value| {
            let found = self.people.iter().find(|(_, (_, id))| row[field] == **id);
            found.map_or("Ada", |(name, _)| *name)
        };
        rows.iter().map(of).collect()
    }
}

#[test]
fn rows_are_reached_through_reports_teams_and_oneself() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let kind = json!({ "name": "Holiday", "color": "#123456", "identifier": "holiday", "attachment": false, "visibility": true,
            "workable": false, "company_id": "1", "details_required": false, "approval_required": true, "accrues": true });
        let kind = company.made("timeoff/leave_types", &kind).await;
        let mut leaves = BTreeMap::new();
        for name in ["Grace", "Linus", "Mia", "Lena", "Tom"] {
            let body = json!({
                "employee_id": company.id(name), "leave_type_id": kind, "start_on": "2026-12-01", "finish_on": "2026-12-02",
                "description": "a secret",
            });
            leaves.insert(name, company.made("timeoff/leaves", &body).await);
        }
        for (name, reached) in [
            ("Grace", vec!["Grace", "Linus", "Mia"]),
            ("Linus", vec!["Linus", "Mia"]),
            ("Mia", vec!["Mia"]),
            ("Lena", vec!["Lena", "Tom"]),
            ("Tom", vec!["Tom"]),
        ] {
            assert_eq!(company.whose(name, "timeoff/leaves").await, reached, "{name}");
            for (other, leave) in &leaves {
                let id = leave.as_str().unwrap();
                let path = format!("timeoff/leaves/{id}");
                let seen = reached.contains(other);
                let answer = company.get(name, &path).await.expect(if seen { 200 } else { 404 });
                // What is in a leave is its owner's, also where its row is seen.
                if seen {
                    let own = *other == name;
                    let expected = if own { json!("a secret") } else { Value::Null };
                    assert_eq!(answer.json()["description"], expected, "{name} {other}");
                }
                let named = company.get(name, &format!("timeoff/leaves?ids[]={id}")).await.expect(200).json();
                assert_eq!(named["meta"]["total"], i32::from(seen), "{name} {other}");
            }
        }
        // A manager decides on the leaves of those below, nobody on his own, and on others' there is nothing to decide.
        let yes = json!({ "approved": true });
        let path = |name: &str| format!("timeoff/leaves/{}", leaves[name].as_str().unwrap());
        company.refused("Mia", "PUT", &path("Mia"), &yes, "timeoff.approve").await;
        company.call("Mia", "PUT", &path("Tom"), Some(&yes)).await.expect(404);
        company.refused("Grace", "PUT", &path("Grace"), &yes, "timeoff.approve").await;
        company.call("Grace", "PUT", &path("Mia"), Some(&yes)).await.expect(200);
        company.call("Lena", "PUT", &path("Tom"), Some(&yes)).await.expect(200);
        // To hand one's own leave to somebody else is to take it from where one may write.
        let given = json!({ "employee_id": company.id("Tom") });
        company.refused("Mia", "PUT", &path("Mia"), &given, "timeoff.edit").await;
        // A change of who reports to whom counts from the next request on.
        let path = format!("employees/employees/{}", company.id("Mia"));
        company.put(&path, &json!({ "manager_id": company.id("Lena") })).await;
        assert_eq!(company.whose("Grace", "timeoff/leaves").await, ["Grace", "Linus"]);
        assert_eq!(company.whose("Lena", "timeoff/leaves").await, ["Mia", "Lena", "Tom"]);
    });
}

#[test]
fn sensitive_fields_are_null_and_found_by_nobody_else() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        for name in ["Linus", "Mia", "Tom"] {
            let body = json!({
                "address_line_1": "1 Quiet Street", "bank_number": "DE1234", "identifier": "X1", "birthday_on": "1990-05-01",
                "company_identifier": format!("S-{name}"), "social_security_number": "12",
            });
            company.put(&format!("employees/employees/{}", company.id(name)), &body).await;
        }
        let secrets = [
            "address_line_1",
            "bank_number",
            "identifier",
            "birthday_on",
            "age_number",
            "social_security_number",
        ];
        assert_eq!(company.whose("Tom", "employees/employees").await.len(), 6);
        for (name, other, employment) in
            [("Tom", "Tom", true), ("Tom", "Mia", false), ("Grace", "Mia", true), ("Grace", "Tom", false)]
        {
            let seen = company
                .get(name, &format!("employees/employees/{}", company.id(other)))
                .await
                .expect(200)
                .json();
            for field in secrets {
                assert_eq!(seen[field].is_null(), name != other, "{name} {other} {field}");
            }
            assert_eq!(seen["company_identifier"].is_null(), !employment, "{name} {other}");
            assert_eq!(seen["first_name"], other);
        }
        // A filter on a field finds only rows in which it may be read.
        let found = "employees/employees?company_identifier=S-Mia";
        assert_eq!(company.whose("Tom", found).await, Vec::<&str>::new());
        assert_eq!(company.whose("Grace", found).await, ["Mia"]);
        assert_eq!(company.whose("Tom", "employees/employees?company_identifier=S-Tom").await, ["Tom"]);
        // What one writes one has a permission for, field by field.
        let path = |name| format!("employees/employees/{}", company.id(name));
        let street = json!({ "address_line_1": "2 Loud Street" });
        let changed = company.call("Tom", "PUT", &path("Tom"), Some(&street)).await.expect(200).json();
        assert_eq!(changed["address_line_1"], "2 Loud Street");
        company.refused("Tom", "PUT", &path("Mia"), &street, "private.edit").await;
        company.refused("Tom", "PUT", &path("Tom"), &json!({ "bank_number": "DE9" }), "bank.edit").await;
        company
            .refused("Tom", "PUT", &path("Tom"), &json!({ "first_name": "Thomas" }), "employees.edit")
            .await;
        company
            .refused(
                "Tom",
                "PUT",
                &path("Tom"),
                &json!({ "address_line_1": "3", "bank_number": "DE9" }),
                "bank.edit",
            )
            .await;
        let kept = company.get("Tom", &path("Tom")).await.json();
        assert_eq!(
            (&kept["address_line_1"], &kept["bank_number"]),
            (&json!("2 Loud Street"), &json!("DE1234"))
        );
    });
}

#[test]
fn nobody_gives_himself_more() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let path = |name| format!("employees/employees/{}", company.id(name));
        let below = |name| json!({ "manager_id": company.id(name) });
        // To be the manager's manager, or another's, or to report to whoever sees more.
        company.refused("Mia", "PUT", &path("Grace"), &below("Mia"), "structure.edit").await;
        company.refused("Linus", "PUT", &path("Mia"), &below("Linus"), "structure.edit").await;
        company.refused("Mia", "PUT", &path("Mia"), &below("Grace"), "structure.edit").await;
        company.refused("Mia", "PUT", &path("Mia"), &json!({ "access_id": "1" }), "users.manage").await;
        // To lead a team.
        let teams = company.get("Tom", "teams/teams").await.expect(200).json();
        let team = &teams["data"][0]["id"];
        let lead = json!({ "team_id": team, "employee_id": company.id("Mia"), "lead": true });
        company.refused("Mia", "POST", "teams/memberships", &lead, "teams.create").await;
        let members = company.get("Tom", "teams/memberships").await.expect(200).json();
        let tom =
            members["data"].as_array().unwrap().iter().find(|row| row["employee_id"] == company.id("Tom"));
        let membership = format!("teams/memberships/{}", tom.unwrap()["id"].as_str().unwrap());
        company.refused("Tom", "PUT", &membership, &json!({ "lead": true }), "teams.edit").await;
        // To write for others, or to hand a record of one's own to somebody.
        let shift = |name| json!({ "employee_id": company.id(name), "date": "2026-11-20", "reference_date": "2026-11-20", "clock_in": "09:00", "clock_out": "10:00" });
        company.refused("Tom", "POST", "attendance/shifts", &shift("Mia"), "attendance.create").await;
        company.call("Tom", "POST", "attendance/shifts", Some(&shift("Tom"))).await.expect(201);
        assert_eq!(company.whose("Tom", "attendance/shifts").await, ["Tom"]);
    });
}

/// The people of a sandbox log in with the password that was handed over and call with their tokens; each sees what is
/// promised, also after a reset.
#[test]
fn personas_see_what_they_are_for() {
    World::each_with(
        |config| config.furnish_sandboxes = true,
        |world| async move {
            let made = world
                .post("/sandbox")
                .json(&json!({ "company_name": "Acme" }))
                .send()
                .await
                .expect(201)
                .json();
            let personas = made["personas"].as_array().unwrap().clone();
            let names: Vec<_> = personas.iter().map(|persona| persona["persona"].as_str().unwrap()).collect();
            assert_eq!(names, ["administrator", "manager", "team_lead", "hr", "employee"]);
            for reset in [false, true] {
                if reset {
                    let settings = world.app.config.oauth.clone();
                    let work = move |tx: &mut storage::Tx<'_>| demo::reset(tx, &settings, "Acme", None);
                    world.app.db.write(work).await.unwrap();
                }
                let mut seen = BTreeMap::new();
                for persona in &personas {
                    let token = persona["access_token"].as_str().unwrap();
                    let get = async |path: &str| {
                        world.get(&format!("{NEWEST}/{path}")).bearer(token).send().await.expect(200).json()
                    };
                    let total = async |path: &str| get(path).await["meta"]["total"].as_i64().unwrap();
                    let me =
                        get(&format!("employees/employees/{}", persona["employee_id"].as_str().unwrap()))
                            .await;
                    assert!(!me["birthday_on"].is_null(), "{persona}");
                    let people = get("employees/employees?limit=100").await;
                    let rows = people["data"].as_array().unwrap();
                    let numbers = rows.iter().filter(|row| !row["bank_number"].is_null()).count();
                    let salaries = total("contracts/contract_versions").await;
                    let name = persona["persona"].as_str().unwrap();
                    let counts = (
                        rows.len(),
                        numbers,
                        salaries,
                        total("attendance/shifts").await,
                        total("timeoff/leaves").await,
                    );
                    seen.insert(name, counts);
                    let mut browser = world.browser();
                    let password = persona["password"].as_str().unwrap();
                    browser.log_in(persona["email"].as_str().unwrap(), password).await.expect_to("/home");
                    let refreshed = world.post("/oauth/token").form(&[
                        ("client_id", made["client_id"].as_str().unwrap()),
                        ("client_secret", made["client_secret"].as_str().unwrap()),
                        ("refresh_token", persona["refresh_token"].as_str().unwrap()),
                        ("grant_type", "refresh_token"),
                    ]);
                    refreshed.send().await.expect(200);
                }
                let everything = seen["administrator"];
                assert_eq!(everything.0, 100);
                // Bank accounts: all but the founder's, one's own, those of the legal entity.
                let numbers = |name: &str| seen[name].1;
                assert_eq!((numbers("administrator"), numbers("employee"), numbers("manager")), (99, 1, 1));
                assert!(numbers("hr") > 20 && numbers("hr") < 99, "{seen:?}");
                assert!(seen["hr"].2 < everything.2 && seen["hr"].2 > seen["employee"].2, "{seen:?}");
                // Time: the manager has a dozen people, some of them through others, the team lead the team.
                for (name, counts) in &seen {
                    assert_eq!(counts.0, 100, "{name} is shown the directory");
                }
                assert!(
                    seen["manager"].4 > seen["employee"].4 && seen["manager"].4 < everything.4,
                    "{seen:?}"
                );
                assert!(
                    seen["team_lead"].4 > seen["employee"].4 && seen["team_lead"].4 < everything.4,
                    "{seen:?}"
                );
                assert!(seen["employee"].3 > 0 && seen["employee"].3 < seen["manager"].3, "{seen:?}");
            }
        },
    );
}
