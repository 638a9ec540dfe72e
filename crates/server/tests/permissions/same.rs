//! What a person receives through the API and through the pages is the same, and is within what the rules allow, as one
//! would tell them: for random hierarchies, teams, legal entities and groups.

use std::collections::{BTreeMap, BTreeSet};

use access::{Chosen, Doing, Policy, Reach, Visibility};
use serde_json::{Value, json};

use crate::support::{World, html};
use crate::{Company, put_in_group};

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % most as u64).unwrap()
    }
}

const NAMES: [&str; 5] = ["Grace", "Linus", "Mia", "Lena", "Tom"];

/// How the five stand to each other. Ada, who administers the company, is nobody's and nobody reports to her.
#[derive(Debug, Default)]
struct Structure {
    manager: [Option<usize>; 5],
    supervisor: [Option<usize>; 5],
    entity: [usize; 5],
    leads: [bool; 5],
    in_team: [bool; 5],
}

impl Structure {
    fn random(dice: &mut Dice) -> Self {
        let mut new = Self::default();
        // Whoever comes later in a random order reports to somebody before.
        let mut order = [0, 1, 2, 3, 4];
        (0..5).for_each(|at| order.swap(at, dice.below(5)));
        for at in 1..5 {
            new.manager[order[at]] = (dice.below(4) > 0).then(|| order[dice.below(at)]);
        }
        for at in 0..5 {
            let other = (at + 1 + dice.below(4)) % 5;
            new.supervisor[at] = (dice.below(2) > 0).then_some(other);
            new.entity[at] = dice.below(2);
            new.in_team[at] = dice.below(2) > 0;
            new.leads[at] = new.in_team[at] && dice.below(3) == 0;
        }
        new
    }

    fn reaches(&self, me: usize, other: usize, reach: Reach, visible: &BTreeSet<usize>) -> bool {
        let mut above = self.manager[other];
        let mut reports = false;
        while let Some(boss) = above {
            reports |= boss == me;
            above = self.manager[boss];
        }
        let within = reach.has(Reach::EVERYONE)
            || (reach.has(Reach::REPORTS) && reports)
            || (reach.has(Reach::TEAMS) && self.leads[me] && self.in_team[other])
            || (reach.has(Reach::SUPERVISED) && self.supervisor[other] == Some(me))
            || (reach.has(Reach::LEGAL_ENTITY) && self.entity[me] == self.entity[other]);
        let own = me == other && (reach.has(Reach::OWN) || reach.has(Reach::EVERYONE));
        own || (within && visible.contains(&other))
    }
}

/// A policy of which some things are left to chance, and whom its people see at all.
fn policy(dice: &mut Dice, company: &Company) -> (Policy, BTreeSet<usize>) {
    let mut policy = Policy::default();
    for module in ["employees", "bank", "birth", "private", "contracts", "salaries", "timeoff", "medical"] {
        let mut reach = if module == "employees" { Reach::OWN } else { Reach::NOTHING };
        for (part, _) in Reach::ALL {
            let often = if part == Reach::EVERYONE { 5 } else { 2 };
            if dice.below(often) == 0 {
                reach = reach.and(part);
            }
        }
        policy.set(module, Doing::See, reach);
    }
    if dice.below(3) > 0 {
        return (policy, (0..5).collect());
    }
    let visible: BTreeSet<usize> = (0..5).filter(|_| dice.below(2) > 0).collect();
    let mut chosen = Chosen::default();
    chosen.employees.extend(visible.iter().map(|at| company.id(NAMES[*at]).parse::<i64>().unwrap()));
    policy.visibility = Visibility::Chosen(chosen);
    (policy, visible)
}

async fn arrange(company: &Company, structure: &Structure, entities: &[Value; 2], memberships: &[Value; 5]) {
    let person = |at: usize| format!("employees/employees/{}", company.id(NAMES[at]));
    let id = |at: &Option<usize>| at.map_or(Value::Null, |at| company.id(NAMES[at]).into());
    for at in 0..5 {
        company.put(&person(at), &json!({ "manager_id": null, "timeoff_manager_id": null })).await;
    }
    for at in 0..5 {
        let body = json!({
            "manager_id": id(&structure.manager[at]), "timeoff_manager_id": id(&structure.supervisor[at]),
            "legal_entity_id": entities[structure.entity[at]],
        });
        company.put(&person(at), &body).await;
        let path = format!("teams/memberships/{}", memberships[at].as_str().unwrap());
        company.put(&path, &json!({ "team_id": team(company, structure.in_team[at]).await, "lead": structure.leads[at] })).await;
    }
}

/// The team that counts, or the one that nobody leads.
async fn team(company: &Company, counts: bool) -> Value {
    let name = if counts { "Engines" } else { "Bench" };
    let teams = company.admin("GET", "teams/teams", None).await.expect(200).json();
    teams["data"].as_array().unwrap().iter().find(|team| team["name"] == name).unwrap()["id"].clone()
}

#[test]
fn pages_show_what_the_api_answers_and_both_what_the_rules_allow() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let mut company = Company::new(&world).await;
            let entities = company.admin("GET", "companies/legal_entities", None).await.expect(200).json();
            let own = company.admin("GET", "employees/employees", None).await.expect(200).json();
            let second = json!({ "company_id": own["data"][0]["company_id"], "country": "ES", "legal_name": "Other", "currency": "EUR" });
            let second = company.made("companies/legal_entities", &second).await;
            let entities = [entities["data"][0]["id"].clone(), second];
            company.made("teams/teams", &json!({ "name": "Bench" })).await;
            let kind = json!({ "name": "Holiday", "color": "#123456", "identifier": "holiday", "attachment": false, "visibility": true,
                "workable": false, "company_id": "1", "details_required": false, "approval_required": true, "accrues": true });
            let kind = company.made("timeoff/leave_types", &kind).await;
            let there = company.admin("GET", "teams/memberships", None).await.expect(200).json();
            let mut memberships: [Value; 5] = Default::default();
            for (at, name) in NAMES.into_iter().enumerate() {
                let secret = json!({ "bank_number": format!("DE-{name}"), "address_line_1": format!("1 {name} Lane"),
                    "nationality": format!("Nation of {name}") });
                company.put(&format!("employees/employees/{}", company.id(name)), &secret).await;
                let version = json!({ "employee_id": company.id(name), "effective_on": "2025-01-01", "starts_on": "2025-01-01",
                    "job_title": format!("Post of {name}"), "salary_amount": 1_111_100 + at, "salary_frequency": "yearly" });
                company.made("contracts/contract_versions", &version).await;
                let leave = json!({ "employee_id": company.id(name), "leave_type_id": kind, "start_on": "2026-12-01",
                    "finish_on": "2026-12-02", "description": format!("Ill: {name}") });
                company.made("timeoff/leaves", &leave).await;
                let known =
                    there["data"].as_array().unwrap().iter().find(|m| m["employee_id"] == company.id(name));
                memberships[at] = match known {
                    Some(membership) => membership["id"].clone(),
                    None => {
                        let body = json!({ "team_id": team(&company, false).await, "employee_id": company.id(name) });
                        company.made("teams/memberships", &body).await
                    }
                };
            }
            let mut dice = Dice(2026);
            let mut counted = BTreeMap::<(&str, bool), usize>::new();
            for round in 0..12 {
                let structure = Structure::random(&mut dice);
                arrange(&company, &structure, &entities, &memberships).await;
                let me = round % 5;
                let (policy, visible) = policy(&mut dice, &company);
                put_in_group(&world, &company.people_in_browsers[NAMES[me]].email, "Random", policy.clone())
                    .await;
                let case = || format!("{} on {}: {structure:?}\n{}", NAMES[me], world.engine, policy.text());
                let mut allowed = |module: &'static str, other: usize| {
                    let may = structure.reaches(me, other, policy.reach_of(module, Doing::See), &visible);
                    *counted.entry((module, may)).or_default() += 1;
                    may
                };
                let list = async |path: &str| company.get(NAMES[me], path).await.expect(200).json();
                let people = list("employees/employees").await;
                let versions = list("contracts/contract_versions").await;
                let leaves = list("timeoff/leaves").await;
                let of = |page: &Value, field: &str, at: usize| {
                    let rows = page["data"].as_array().unwrap().iter();
                    rows.clone().find(|row| row[field] == company.id(NAMES[at])).cloned()
                };
                let mut browser = company.people_in_browsers[NAMES[me]].browser.clone();
                let directory = browser.get("/people").await.expect(200).text();
                let links: BTreeSet<_> = html::links(&directory).into_iter().collect();
                let calendar = browser.get("/calendar?month=2026-12").await.expect(200).text();
                for (other, name) in NAMES.into_iter().enumerate() {
                    let href = format!("/people/{}", company.id(name));
                    let seen = allowed("employees", other);
                    let row = of(&people, "id", other);
                    assert_eq!(row.is_some(), seen, "{name} in the list of {}", case());
                    assert_eq!(links.contains(&href), seen, "{name} in the directory of {}", case());
                    let page = browser.get(&href).await.expect(if seen { 200 } else { 404 }).text();
                    let api =
                        company.get(NAMES[me], &format!("employees/employees/{}", company.id(name))).await;
                    let api = api.expect(if seen { 200 } else { 404 }).json();
                    for (module, field, text) in [
                        ("bank", "bank_number", format!("DE-{name}")),
                        ("private", "address_line_1", format!("1 {name} Lane")),
                        ("birth", "nationality", format!("Nation of {name}")),
                    ] {
                        let may = seen && allowed(module, other);
                        for row in row.iter().chain(seen.then_some(&api)) {
                            assert_eq!(row[field] == text.as_str(), may, "{field} of {name} for {}", case());
                            assert_eq!(row[field].is_null(), !may, "{field} of {name} for {}", case());
                        }
                        assert_eq!(page.contains(&text), may, "{field} of {name} on the page of {}", case());
                    }
                    let version = of(&versions, "employee_id", other);
                    let may = allowed("contracts", other);
                    assert_eq!(version.is_some(), may, "the contract of {name} for {}", case());
                    assert_eq!(page.contains(&format!("Post of {name}")), seen && may, "{name} {}", case());
                    let paid = may && allowed("salaries", other);
                    let salary = version.as_ref().is_some_and(|version| !version["salary_amount"].is_null());
                    assert_eq!(salary, paid, "the salary of {name} for {}", case());
                    let pay =
                        format!("11111{}", if other == 0 { String::new() } else { format!(".0{other}") });
                    assert_eq!(
                        page.contains(&format!("{pay} EUR")),
                        seen && paid,
                        "the pay of {name} for {}",
                        case()
                    );
                    let leave = of(&leaves, "employee_id", other);
                    let may = allowed("timeoff", other);
                    assert_eq!(leave.is_some(), may, "the leave of {name} for {}", case());
                    let told = may && allowed("medical", other);
                    let said = leave.is_some_and(|leave| !leave["description"].is_null());
                    assert_eq!(said, told, "the reason of {name} for {}", case());
                    assert!(told || !calendar.contains(&format!("Ill: {name}")), "{name} {}", case());
                    assert!(seen || !calendar.contains(&format!("{name} Byron")), "{name} {}", case());
                }
                // What administrators are told of who sees whom is what it is.
                for other in (0..5).filter(|other| *other != me) {
                    let path = format!("/people/{}/access", company.id(NAMES[other]));
                    let page = company.ada.browser.get(&path).await.expect(200).text();
                    for module in [
                        "employees",
                        "bank",
                        "birth",
                        "private",
                        "contracts",
                        "salaries",
                        "timeoff",
                        "medical",
                    ] {
                        let (_, row) = page.split_once(&format!("<code>{module}.see</code>")).unwrap();
                        let row = row.split("</tr>").next().unwrap();
                        let mine = row.split("<li>").filter(|line| line.contains(">Random</a>"));
                        let told =
                            mine.into_iter().any(|line| line.contains(&format!("{} Byron", NAMES[me])));
                        let may = structure.reaches(me, other, policy.reach_of(module, Doing::See), &visible);
                        assert_eq!(told, may, "{module} of {} for {}", NAMES[other], case());
                    }
                }
                // Back to where everybody is, so that one person at a time is in the group.
                put_back(&world, &company.people_in_browsers[NAMES[me]].email).await;
            }
            // It is no test if nearly everything, or nearly nothing, is seen.
            for module in ["employees", "bank", "contracts", "salaries", "timeoff", "medical"] {
                let (yes, no) = (counted.get(&(module, true)), counted.get(&(module, false)));
                assert!(yes.is_some_and(|n| *n >= 5) && no.is_some_and(|n| *n >= 5), "{counted:?}");
            }
        },
    );
}

/// Moves somebody into the group in which people are where nobody says otherwise.
async fn put_back(world: &World, email: &str) {
    use accounts::records::{AccessRecord, UserRecord};
    let email = email.to_owned();
    let work = move |tx: &mut storage::Tx<'_>| {
        let user =
            tx.instance("a test looks at everything").find(UserRecord::email.eq(email.clone()))?.unwrap();
        let access =
            tx.instance("a test looks at everything").find(AccessRecord::user_id.eq(user.id))?.unwrap();
        let group = accounts::groups::default_group(tx, access.company_id)?;
        accounts::groups::move_to(tx, &accounts::Actor::operator(), access.company_id, access.id, group)
    };
    world.app.db.write(work).await.unwrap();
}
