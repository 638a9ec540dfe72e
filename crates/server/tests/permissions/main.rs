//! What people reach through the public door, on both databases.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod attacks;
mod cost;
mod looking;
mod nodes;
mod same;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{Answer, Person, World, put_in_group};

const NEWEST: &str = "/api/2026-10-01/resources";

/// A company: Ada administrates it. Linus reports to Grace, Mia to Linus. Lena leads a team with Tom in it.
struct Company {
    world: World,
    ada: Person,
    /// A key with which everything is allowed.
    key: String,
    /// Of each person the token and the employee.
    people: BTreeMap<&'static str, (String, String)>,
    /// The people in their browsers.
    people_in_browsers: BTreeMap<&'static str, Person>,
}

impl Company {
    async fn new(world: &World) -> Self {
        let mut ada = world.sign_up("Analytical").await;
        let application = ada.application().await;
        let key = ada.api_key("Tests").await;
        let mut company = Self {
            world: world.clone(),
            ada,
            key,
            people: BTreeMap::new(),
            people_in_browsers: BTreeMap::new(),
        };
        for name in ["Grace", "Linus", "Mia", "Lena", "Tom"] {
            let mut person = company.ada.employ(name).await;
            let token = person.tokens(&application).await.access;
            let me = world.get(&format!("{NEWEST}/api_public/credentials")).bearer(&token).send().await;
            let id = me.expect(200).json()["data"][0]["employee_id"].as_str().unwrap().to_owned();
            company.people.insert(name, (token, id));
            company.people_in_browsers.insert(name, person);
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
        assert_eq!(company.whose("Lena", "timeoff/leaves").await, ["Mia", "Lena", "Tom"]);
        // Of approved leaves that are nobody's business everybody sees that somebody is away.
        assert_eq!(company.whose("Grace", "timeoff/leaves").await, ["Grace", "Linus", "Mia", "Tom"]);
        assert_eq!(company.whose("Linus", "timeoff/leaves").await, ["Linus", "Mia", "Tom"]);
    });
}

/// Whoever decides on somebody's absences reaches those and nothing else of him; shifts that are open are everybody's for
/// whoever sees the attendance of everybody, and one's own otherwise.
#[test]
fn absences_reach_their_supervisor_and_open_shifts_whoever_sees_attendance() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let kind = json!({ "name": "Holiday", "color": "#123456", "identifier": "holiday", "attachment": false, "visibility": true,
            "workable": false, "company_id": "1", "details_required": false, "approval_required": true, "accrues": true });
        let kind = company.made("timeoff/leave_types", &kind).await;
        let body = json!({ "employee_id": company.id("Mia"), "leave_type_id": kind, "start_on": "2026-12-01", "finish_on": "2026-12-02" });
        let leave = company.made("timeoff/leaves", &body).await;
        let mia = format!("employees/employees/{}", company.id("Mia"));
        assert_eq!(company.whose("Tom", "timeoff/leaves").await, Vec::<&str>::new());
        company.put(&mia, &json!({ "timeoff_manager_id": company.id("Tom"), "bank_number": "DE1" })).await;
        assert_eq!(company.whose("Tom", "timeoff/leaves").await, ["Mia"]);
        let path = format!("timeoff/leaves/{}", leave.as_str().unwrap());
        company.call("Tom", "PUT", &path, Some(&json!({ "approved": true }))).await.expect(200);
        assert_eq!(company.whose("Tom", "attendance/shifts").await, Vec::<&str>::new());
        assert!(company.get("Tom", &mia).await.json()["bank_number"].is_null());
        company.put(&mia, &json!({ "timeoff_manager_id": null })).await;
        assert!(
            company.get("Tom", &path).await.expect(200).json()["leave_type_id"].is_string(),
            "a visible type"
        );

        for name in ["Mia", "Tom", "Lena"] {
            let now =
                json!({ "employee_id": company.id(name), "now": format!("{}T08:00:00Z", world.today()) });
            let clocked = company.call(name, "POST", "attendance/shifts/clock_in", Some(&now)).await;
            assert!(clocked.status.is_success(), "{clocked}");
        }
        assert_eq!(company.whose("Tom", "attendance/open_shifts").await, ["Tom"]);
        let mut policy = access::Policy::default_employees();
        policy.set("attendance", access::Doing::See, access::Reach::EVERYONE);
        put_in_group(&world, &company.people_in_browsers["Tom"].email, "Time", policy).await;
        assert_eq!(company.whose("Tom", "attendance/open_shifts").await.len(), 3);
    });
}

/// Others see that somebody is away, once that is decided, and what for only where the kind of leave is for all to see.
#[test]
fn others_see_that_somebody_is_away_and_not_why() {
    World::each(|world| async move {
        let company = Company::new(&world).await;
        let kind = |name: &str, visible: bool| {
            json!({ "name": name, "color": "#123456", "identifier": name, "attachment": false,
            "visibility": visible, "workable": false, "company_id": "1", "details_required": false,
            "approval_required": true, "accrues": false, "payable": true })
        };
        let hidden = company.made("timeoff/leave_types", &kind("Illness", false)).await;
        let open = company.made("timeoff/leave_types", &kind("Holiday", true)).await;
        let leave = async |kind: &Value, day: &str| {
            let body = json!({ "employee_id": company.id("Mia"), "leave_type_id": kind, "start_on": day, "finish_on": day,
                "half_day": "end_of_day", "description": "a secret" });
            company.made("timeoff/leaves", &body).await
        };
        let (ill, off, asked) = (
            leave(&hidden, "2026-12-01").await,
            leave(&open, "2026-12-02").await,
            leave(&open, "2026-12-03").await,
        );
        let path = |leave: &Value| format!("timeoff/leaves/{}", leave.as_str().unwrap());
        for leave in [&ill, &off] {
            let yes = json!({ "id": leave, "reason": "Get well" });
            company.admin("POST", "timeoff/leaves/approve", Some(&yes)).await.expect(200);
        }
        // Tom has nothing to do with Mia; Grace is above her.
        for (name, type_shown, others) in [("Tom", false, false), ("Grace", true, true), ("Mia", true, true)]
        {
            let seen = company.get(name, &path(&ill)).await.expect(200).json();
            assert_eq!(
                (&seen["start_on"], &seen["half_day"]),
                (&json!("2026-12-01"), &json!("end_of_day")),
                "{name}"
            );
            assert_eq!(
                (&seen["days_taken"], &seen["employee_full_name"]),
                (&json!(0.5), &json!("Mia Byron")),
                "{name}"
            );
            let shown = [&seen["leave_type_id"], &seen["leave_type_name"]].map(Value::is_string);
            assert_eq!(shown, [type_shown; 2], "{name}");
            let seen = company.get(name, &path(&off)).await.expect(200).json();
            assert_eq!(seen["leave_type_name"], "Holiday", "{name}");
            company.get(name, &path(&asked)).await.expect(if others { 200 } else { 404 });
            // What is hidden is not found by asking for it either.
            let found =
                async |filter: &str| company.whose(name, &format!("timeoff/leaves?{filter}")).await.len();
            let kind = hidden.as_str().unwrap();
            assert_eq!(found(&format!("leave_type_id[]={kind}")).await, usize::from(type_shown), "{name}");
            assert_eq!(found("type_is_payable=true").await, if others { 3 } else { 0 }, "{name}");
            assert_eq!(found("").await, if others { 3 } else { 2 }, "{name}");
        }
        company.call("Tom", "PUT", &path(&ill), Some(&json!({ "half_day": null }))).await.expect(403);
        let yes = json!({ "id": ill });
        company.call("Tom", "POST", "timeoff/leaves/approve", Some(&yes)).await.expect(403);
        // The calendar shows the same, and so does it to nobody from whom absences are kept.
        let calendar = company.people_in_browsers["Tom"].browser.clone().get("/calendar?month=2026-12").await;
        let text = calendar.expect(200).text();
        assert!(
            text.contains("Absent: ") && text.contains("Holiday: ") && !text.contains("Illness"),
            "{text}"
        );
        let mut policy = access::Policy::default_employees();
        policy.set("absences", access::Doing::See, access::Reach::NOTHING);
        put_in_group(&world, &company.people_in_browsers["Tom"].email, "Apart", policy).await;
        company.get("Tom", &path(&off)).await.expect(404);
        company.admin("DELETE", &path(&ill), None).await.expect(200);
        let gone = format!("timeoff/leaves?ids[]={}&include_deleted_leaves=true", ill.as_str().unwrap());
        assert_eq!(company.whose("Lena", &gone).await, Vec::<&str>::new(), "what was taken back");
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

/// Every operation of the newest version, with every kind of caller.
#[test]
fn every_operation_is_closed_to_whoever_may_not() {
    let catalogue = hr::catalogue().unwrap();
    let configure = |config: &mut server::Config| {
        config.furnish_sandboxes = true;
        config.post_rate_limit = 100_000;
    };
    World::each_with(configure, |world| {
        let catalogue = catalogue.clone();
        async move {
            let made = world
                .post("/sandbox")
                .json(&json!({ "company_name": "Acme" }))
                .send()
                .await
                .expect(201)
                .json();
            let key = made["api_key"].as_str().unwrap();
            let persona = |name: &str| {
                let personas = made["personas"].as_array().unwrap();
                personas.iter().find(|persona| persona["persona"] == name).unwrap().clone()
            };
            let (nobody, own) = (persona("employee"), persona("team_lead"));
            put_in_group(&world, nobody["email"].as_str().unwrap(), "Nothing", access::Policy::default())
                .await;
            let mut policy = access::Policy::default();
            for (module, _) in access::modules(&catalogue) {
                policy.set(module, access::Doing::See, access::Reach::OWN);
            }
            put_in_group(&world, own["email"].as_str().unwrap(), "Own", policy).await;
            let nothing = nobody["access_token"].as_str().unwrap();
            let mine = own["access_token"].as_str().unwrap();
            let me = world
                .get(&format!("{NEWEST}/employees/employees"))
                .bearer(mine)
                .send()
                .await
                .expect(200)
                .json();
            assert_eq!(me["meta"]["total"], 1);
            let me = &me["data"][0];
            // Somebody of another company, and applications that may do one thing, which is another one.
            let mut ada = world.sign_up("Analytical").await;
            let stranger = ada.api_key("Other").await;
            let time_off = ada.create_application("A", support::OOB, true, &["time_off"]).await;
            let time_off = ada.tokens(&time_off).await.access;
            let posts = ada.create_application("B", support::OOB, true, &["posts"]).await;
            let posts = ada.tokens(&posts).await.access;
            let (mut operations, mut checks) = (0, 0);
            for entry in catalogue.iter() {
                let resource = entry.resource;
                let rows =
                    world.get(&format!("{NEWEST}/{}", resource.path)).header("x-api-key", key).send().await;
                let rows = if rows.status == 200 { rows.json() } else { Value::Null };
                let all = rows["meta"]["total"].as_i64().unwrap_or(0);
                let id = rows["data"][0]["id"].as_str().map_or("999999999".to_owned(), str::to_owned);
                let mut wanted: Vec<(&str, String, bool)> = Vec::new();
                for operation in resource.operations.iter().filter(|o| o.lives_in(registry::Version::NEWEST))
                {
                    wanted.push(match operation.verb {
                        registry::Verb::List => ("GET", String::new(), true),
                        registry::Verb::Read => ("GET", format!("/{id}"), true),
                        registry::Verb::Create => ("POST", String::new(), false),
                        registry::Verb::Update => ("PUT", format!("/{id}"), false),
                        registry::Verb::Delete => ("DELETE", format!("/{id}"), false),
                    });
                }
                for action in entry.actions.iter().filter(|a| a.lives_in(registry::Version::NEWEST)) {
                    let reads = access::Doing::of_action(action).reads();
                    wanted.push(("POST", format!("/{}", action.name), reads));
                }
                for (method, rest, reads) in wanted {
                    operations += 1;
                    let path = format!("{NEWEST}/{}{rest}", resource.path);
                    let (list, read) =
                        (method == "GET" && rest.is_empty(), method == "GET" && !rest.is_empty());
                    let call = || {
                        let call = world.call(method, &path);
                        if matches!(method, "POST" | "PUT") { call.json(&json!({})) } else { call }
                    };
                    call().send().await.expect(401);
                    // A scope only narrows, for reading as for writing.
                    if let Some(scope) = resource.scope() {
                        let other = if scope.name == "time_off" { &posts } else { &time_off };
                        let denied = call().bearer(other).send().await.expect(403);
                        assert_eq!(denied.json()["code"], "insufficient_scope", "{denied}");
                        assert!(denied.text().contains(scope.name), "{denied}");
                    }
                    // Without the permission there is nothing to see, and nothing to be done.
                    let closed = call().bearer(nothing).send().await;
                    match closed.status.as_u16() {
                        // Everybody is told who he is.
                        200 if resource.path == "api_public/credentials" => {}
                        200 if list => assert_eq!(closed.json()["meta"]["total"], 0, "{closed}"),
                        404 | 501 if list || read => {}
                        // What only reads is never refused; it finds nothing.
                        400 | 404 if reads && method == "POST" => {}
                        403 if !reads => {
                            let permission = closed.json()["code"].clone();
                            assert_eq!(permission, "missing_permission", "{closed}");
                        }
                        _ => panic!("{closed}"),
                    }
                    // What is sent makes no difference to that.
                    for body in ["{", "[1]", r#"{"employee_id": "4242424242", "id": null, "x": {}}"#] {
                        if closed.status == 403 && method != "DELETE" {
                            let call = world.call(method, &path).body("application/json", body);
                            let again = call.bearer(nothing).send().await.expect(403);
                            assert_eq!(again.json()["detail"], closed.json()["detail"], "{again}");
                            checks += 1;
                        }
                    }
                    // Of another company there is no row, whatever one may do in one's own.
                    if !rest.is_empty() && method != "POST" {
                        let foreign = call().header("x-api-key", &stranger).send().await;
                        assert!(matches!(foreign.status.as_u16(), 400 | 404 | 501), "{foreign}");
                        assert!(method == "PUT" || foreign.status != 400, "{foreign}");
                    }
                    // With every permission neither of the two is in the way. Nothing is deleted here.
                    if method != "DELETE" {
                        let allowed = call().header("x-api-key", key).send().await;
                        assert!(!matches!(allowed.status.as_u16(), 401 | 403 | 500), "{allowed}");
                        assert!(!list || matches!(allowed.status.as_u16(), 200 | 501), "{allowed}");
                    }
                    checks += 5;
                    // What reaches oneself reaches nobody else: neither in the list nor by its id.
                    let subject = resource.subject.unwrap_or_default();
                    let plain = resource.field(subject).is_some() && resource.involved.is_empty();
                    if list && plain && resource.subject_if.is_none() && rows["data"].is_array() {
                        let seen = call().bearer(mine).send().await.expect(200).json();
                        for row in seen["data"].as_array().unwrap() {
                            let whose = &row[subject];
                            assert!(*whose == me["id"] || *whose == me["access_id"], "{path}: {row}");
                        }
                        let total = seen["meta"]["total"].as_i64().unwrap();
                        assert!(total < all || all <= 1, "{path}: {total} of {all}");
                        let ids: Vec<_> = rows["data"].as_array().unwrap().iter().collect();
                        let others = ids
                            .into_iter()
                            .filter(|row| row[subject] != me["id"] && row[subject] != me["access_id"]);
                        if let Some(other) = others.into_iter().find_map(|row| row["id"].as_str())
                            && resource.operation(registry::Verb::Read).is_some()
                        {
                            let hidden = world.get(&format!("{path}/{other}")).bearer(mine).send().await;
                            assert!(matches!(hidden.status.as_u16(), 404 | 501), "{hidden}");
                            let named = world.get(&format!("{path}?ids[]={other}")).bearer(mine).send().await;
                            if named.status == 200
                                && resource.filters.iter().any(|filter| filter.name == "ids[]")
                            {
                                assert_eq!(named.json()["meta"]["total"], 0, "{named}");
                            }
                            checks += 2;
                        }
                    }
                }
            }
            eprintln!("{operations} operations, {checks} checks on {}", world.engine);
            assert!(operations >= 615, "{operations}");
        }
    });
}

/// An administrator adds a group on the pages, sees what would be different before it is saved, moves somebody into it,
/// and the API follows with the next request. What may not be is refused.
#[test]
fn groups_are_changed_on_pages_and_hold_at_once() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let group = company
            .ada
            .browser
            .fill("/settings/permissions", "/settings/permissions", &[("name", "Payroll")])
            .await;
        let page = group.location().split('?').next().unwrap().to_owned();
        let shown = company.ada.browser.get(&page).await.expect(200);
        let form = |answer: &Answer, step: &str| {
            answer
                .forms()
                .into_iter()
                .find(|form| form.fields.iter().any(|(n, v)| n == "step" && v == step))
                .unwrap()
        };
        assert!(shown.text().contains("name=\"bank.see\""));
        // What is not chosen is taken away.
        let chosen = [
            ("step", "preview"),
            ("bank.see", "everyone"),
            ("employees.see", "everyone"),
            ("visible", "everyone"),
        ];
        let preview = company.ada.browser.post(&page, &chosen).await.expect(200);
        assert_eq!(changes(&preview)["bank.see"], ("themselves".to_owned(), "everybody".to_owned()));
        assert_eq!(changes(&preview)["birth.see"], ("themselves".to_owned(), "nobody".to_owned()));
        let tom = format!("employees/employees/{}", company.id("Tom"));
        company.put(&tom, &json!({ "bank_number": "DE1", "birthday_on": "1990-01-01" })).await;
        let hidden = company.get("Mia", &tom).await.expect(200).json();
        assert!(hidden["bank_number"].is_null());
        company.ada.browser.submit(&form(&preview, "save")).await.expect_to(&format!("{page}?notice=saved"));
        // Mia is moved from the group in which everybody begins.
        let groups = company.ada.browser.get("/settings/permissions").await.expect(200);
        let default = looking::groups_of(&groups).remove(1);
        let members = company.ada.browser.get(&default).await.expect(200);
        let id = page.rsplit('/').next().unwrap();
        let rows = world
            .get(&format!("{NEWEST}/employees/employees/{}", company.id("Mia")))
            .header("x-api-key", &company.key);
        let access = rows.send().await.expect(200).json()["access_id"].as_str().unwrap().to_owned();
        assert!(members.text().contains(&format!("value=\"{access}\"")));
        let moved = [("step", "move"), ("access_id", access.as_str()), ("to", id)];
        company.ada.browser.post(&default, &moved).await.expect_to(&format!("{default}?notice=saved"));
        let seen = company.get("Mia", &tom).await.expect(200).json();
        assert_eq!((&seen["bank_number"], &seen["birthday_on"]), (&json!("DE1"), &Value::Null));
        let own = company
            .get("Mia", &format!("employees/employees/{}", company.id("Mia")))
            .await
            .expect(200)
            .json();
        assert!(own["birthday_on"].is_null());
        // A group with people in it stays, and only administrators are here.
        company
            .ada
            .browser
            .post(&page, &[("step", "delete")])
            .await
            .expect_to(&format!("{page}?notice=not_empty"));
        assert!(company.ada.audit_log().await.contains("Payroll"));
    });
}

/// What a page says would be different: by the permission, how it is and how it would be.
fn changes(page: &Answer) -> BTreeMap<String, (String, String)> {
    let table = page.element("changes");
    let mut words = support::html::pieces(&page.text()).into_iter().filter_map(|piece| match piece {
        support::html::Piece::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    });
    assert!(words.any(|word| word == "Then"), "{table}");
    let words: Vec<_> = words.take_while(|word| word != "Save").collect();
    words.chunks(4).map(|row| (row[1].clone(), (row[2].clone(), row[3].clone()))).collect()
}

/// An administrator looks as somebody else and is told why; nobody else may, and nothing can be changed like that.
#[test]
fn acting_as_a_person_explains_and_is_written_down() {
    World::each(|world| async move {
        let mut company = Company::new(&world).await;
        let shift = json!({
            "employee_id": company.id("Mia"), "date": "2026-11-20", "reference_date": "2026-11-20", "clock_in": "09:00",
            "clock_out": "10:00",
        });
        let shift = company.made("attendance/shifts", &shift).await;
        let path = format!("{NEWEST}/attendance/shifts/{}", shift.as_str().unwrap());
        let look = |path: &str, as_whom: &str| {
            world.get(path).header("x-muster-act-as", company.id(as_whom)).header("x-muster-explain", "1")
        };
        for (who, because) in [("Grace", json!(["reports"])), ("Mia", json!(["own"])), ("Tom", json!([]))] {
            let answer = look(&path, who).header("x-api-key", &company.key).send().await;
            let why: Value = serde_json::from_str(answer.header("x-muster-explain")).unwrap();
            let seen = because != json!([]);
            assert_eq!(answer.status, if seen { 200 } else { 404 }, "{answer}");
            assert_eq!(
                (&why["visible"], &why["group"]),
                (&json!(seen), &json!("Default employees")),
                "{why}"
            );
            assert_eq!(why["permissions"][0]["permission"], "attendance.see");
            assert_eq!(why["permissions"][0]["because"], because, "{who}: {why}");
        }
        let list = format!("{NEWEST}/attendance/shifts");
        let seen = look(&list, "Tom").header("x-api-key", &company.key).send().await.expect(200).json();
        assert_eq!(seen["meta"]["total"], 0);
        let denied = look(&list, "Tom").bearer(&company.people["Grace"].0).send().await.expect(403);
        assert_eq!(denied.json()["code"], "missing_permission");
        let write =
            world.post(&list).header("x-muster-act-as", company.id("Tom")).header("x-api-key", &company.key);
        assert_eq!(write.json(&json!({})).send().await.expect(403).json()["code"], "read_only");
        assert!(company.ada.audit_log().await.contains("looked at the company as"));
    });
}
