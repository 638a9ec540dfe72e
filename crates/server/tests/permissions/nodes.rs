//! Two nodes on one database: what is changed on one counts on the other from the next request on.

use serde_json::{Value, json};

use crate::support::{Browser, World};
use crate::{Company, NEWEST};

/// How often everything is changed and changed back: a notice that is late once is found.
const ROUNDS: usize = 8;

/// The other node, as the people of a company meet it.
struct There<'c> {
    world: World,
    company: &'c Company,
}

impl There<'_> {
    fn browser(&self, name: &str) -> Browser {
        Browser { world: self.world.clone(), ..self.company.people_in_browsers[name].browser.clone() }
    }

    /// What somebody is answered by his token, and what by the session of his browser, which are the same.
    async fn get(&self, name: &str, path: &str) -> Value {
        let path = format!("{NEWEST}/{path}");
        let token = self.world.get(&path).bearer(&self.company.people[name].0).send().await;
        let session = self.browser(name).get(&path).await;
        assert_eq!(token.status, session.status);
        if token.status != 200 {
            return Value::Null;
        }
        assert_eq!(token.text(), session.text());
        token.json()
    }

    /// Whether somebody reads the bank account of another, on the page, too.
    async fn account(&self, name: &str, of: &str) -> bool {
        let seen = self.get(name, &format!("employees/employees/{}", self.company.id(of))).await;
        let seen = seen["bank_number"] == "DE-SECRET";
        let page = self.browser(name).get(&format!("/people/{}", self.company.id(of))).await.text();
        assert_eq!(page.contains("DE-SECRET"), seen);
        seen
    }

    /// Whose leaves somebody is shown.
    async fn leaves(&self, name: &str) -> Vec<&'static str> {
        let list = self.get(name, "timeoff/leaves").await;
        let people = &self.company.people;
        let of = |row: &Value| {
            people.iter().find(|(_, (_, id))| row["employee_id"] == **id).map(|(name, _)| *name)
        };
        list["data"].as_array().unwrap().iter().filter_map(of).collect()
    }
}

#[test]
fn what_is_changed_on_one_node_counts_on_the_other_at_once() {
    World::on_two_nodes(|here, there| async move {
        let mut company = Company::new(&here).await;
        let kind = json!({ "name": "Holiday", "color": "#123456", "identifier": "holiday", "attachment": false,
            "visibility": true, "workable": false, "company_id": "1", "details_required": false,
            "approval_required": true, "accrues": true });
        let kind = company.made("timeoff/leave_types", &kind).await;
        let leave = json!({ "employee_id": company.id("Mia"), "leave_type_id": kind, "start_on": "2026-12-01",
            "finish_on": "2026-12-02" });
        company.made("timeoff/leaves", &leave).await;
        let person = |company: &Company, name: &str| format!("employees/employees/{}", company.id(name));
        company
            .put(&person(&company, "Mia"), &json!({ "manager_id": null, "bank_number": "DE-SECRET" }))
            .await;
        let (bank, plain) = (company.group("Bank").await, company.group("Plain").await);
        company.choose(&bank, |form| form.fill("bank.see", "everyone")).await;
        let teams = company.admin("GET", "teams/memberships", None).await.expect(200).json();
        let of = |name: &str| {
            teams["data"]
                .as_array()
                .unwrap()
                .iter()
                .find(|row| row["employee_id"] == company.id(name))
                .unwrap()
        };
        let lead = format!("teams/memberships/{}", of("Lena")["id"].as_str().unwrap());
        let mine = json!({ "team_id": of("Lena")["team_id"], "employee_id": company.id("Mia") });
        company.made("teams/memberships", &mine).await;
        fn at<'c>(world: &World, company: &'c Company) -> There<'c> {
            There { world: world.clone(), company }
        }
        for round in 0..ROUNDS {
            // Into a group, and what the group may do, and whom it sees.
            assert!(!at(&there, &company).account("Tom", "Mia").await, "{round}");
            company.join("Tom", &bank).await;
            assert!(at(&there, &company).account("Tom", "Mia").await, "moved into a group, {round}");
            company.choose(&bank, |form| form.fill("bank.see", "own")).await;
            assert!(!at(&there, &company).account("Tom", "Mia").await, "the group's permissions, {round}");
            company.choose(&bank, |form| form.fill("bank.see", "everyone")).await;
            assert!(
                at(&there, &company).account("Tom", "Mia").await,
                "the group's permissions back, {round}"
            );
            company.choose(&bank, |form| form.fill("visible", "chosen")).await;
            assert!(!at(&there, &company).account("Tom", "Mia").await, "whom the group sees, {round}");
            company.choose(&bank, |form| form.fill("visible", "everyone")).await;
            assert!(at(&there, &company).account("Tom", "Mia").await, "whom the group sees, back, {round}");
            company.join("Tom", &plain).await;
            assert!(!at(&there, &company).account("Tom", "Mia").await, "out of a group, {round}");
            // To whom somebody reports, through others, and who decides on absences.
            for (manager, seen) in [(Some("Linus"), vec!["Mia"]), (None, vec![])] {
                let body = json!({ "manager_id": manager.map(|name| company.id(name)) });
                company.put(&person(&company, "Mia"), &body).await;
                assert_eq!(at(&there, &company).leaves("Grace").await, seen, "manager_id, {round}");
                let body = json!({ "timeoff_manager_id": manager.map(|_| company.id("Tom")) });
                company.put(&person(&company, "Mia"), &body).await;
                assert_eq!(at(&there, &company).leaves("Tom").await, seen, "timeoff_manager_id, {round}");
            }
            // Who leads a team.
            for (leads, seen) in [(false, vec![]), (true, vec!["Mia"])] {
                company.put(&lead, &json!({ "lead": leads })).await;
                assert_eq!(at(&there, &company).leaves("Lena").await, seen, "team lead, {round}");
            }
        }
        // What ends on one node has ended on the other: an API key, a token, a session.
        for round in 0..ROUNDS {
            let key = company.ada.api_key(&format!("Key {round}")).await;
            let me = async |key: &str| there.get("/api/v1/me").header("x-api-key", key).send().await.status;
            assert_eq!(me(&key).await, 200);
            let page = company.ada.browser.get("/settings/api-keys").await.expect(200);
            let deletes = |form: &crate::support::Form| {
                form.fields.iter().any(|(name, value)| name == "_method" && value == "delete")
            };
            let form = page.forms().into_iter().rfind(deletes).unwrap();
            company.ada.browser.submit(&form).await;
            let (gone, kept) = (me(&key).await, me(&company.key).await);
            assert!(gone == 401 || kept == 401, "{round}");
            if kept == 401 {
                company.key = key;
            }
        }
        let token = company.people["Grace"].0.clone();
        let me = async |token: &str| there.get("/api/v1/me").bearer(token).send().await.status;
        assert_eq!(me(&token).await, 200);
        let mut grace = company.people_in_browsers["Grace"].browser.clone();
        let session = Browser { world: there.clone(), ..grace.clone() };
        let path = format!("{NEWEST}/employees/employees");
        session.clone().get(&path).await.expect(200);
        grace.fill("/home", "/logout", &[]).await;
        session.clone().get(&path).await.expect(401);
    });
}
