//! A furnished sandbox: every list has something to show, and it makes sense together.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use registry::{Kind, Reference, Verb, Version};
use serde_json::{Value, json};
use support::{World, engine};

const NEWEST: &str = "/api/2026-10-01/resources";

/// Provisions a sandbox and answers its API key.
async fn provision(world: &World, name: &str) -> String {
    let answer =
        world.post("/sandbox").json(&json!({ "company_name": name })).send().await.expect(201).json();
    answer["api_key"].as_str().unwrap().to_owned()
}

/// The whole list of a resource.
async fn all(world: &World, key: &str, path: &str) -> Vec<Value> {
    let mut objects = Vec::new();
    let mut after = String::new();
    loop {
        let page = world.get(&format!("{NEWEST}/{path}?after_id={after}")).header("x-api-key", key);
        let page = page.send().await.expect(200).json();
        objects.extend(page["data"].as_array().unwrap().iter().cloned());
        if page["meta"]["has_next_page"] == false {
            return objects;
        }
        after = page["meta"]["end_cursor"].as_str().unwrap().to_owned();
    }
}

#[test]
fn every_list_has_something_to_show() {
    let catalogue = hr::catalogue().unwrap();
    World::each_with(
        |config| config.furnish_sandboxes = true,
        |world| {
            let catalogue = catalogue.clone();
            async move {
                let key = provision(&world, "Acme").await;
                let mut empty = Vec::new();
                for entry in catalogue.iter() {
                    let resource = entry.resource;
                    let living = resource.operation(Verb::List).is_some_and(|o| o.lives_in(Version::NEWEST));
                    // A key is nobody's: credentials without a person say so.
                    let own = resource.path == "api_public/credentials"
                        // It estimates for the strategy that a parameter names.
                        || resource.path == "performance/review_process_estimated_targets";
                    if !living || own || !server::served(engine(), resource.path, Verb::List) {
                        continue;
                    }
                    let list = world.get(&format!("{NEWEST}/{}", resource.path)).header("x-api-key", &key);
                    let list = list.send().await.expect(200).json();
                    if list["data"][0].is_null() {
                        empty.push(resource.path);
                    }
                    // What is never null has a value.
                    for object in list["data"].as_array().unwrap() {
                        for field in resource.fields {
                            let member = field.member;
                            let shown =
                                field.role != registry::Role::Input && member.lives_in(Version::NEWEST);
                            if shown && !member.nullable {
                                let null = object[member.name].is_null();
                                assert!(!null, "{}.{}: {object}", resource.path, member.name);
                            }
                        }
                    }
                }
                assert!(empty.is_empty(), "{empty:?}");
            }
        },
    );
}

/// The resource that a field of an answer refers to.
fn leads_to(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Id(Reference::Resource(path)) => Some(path),
        _ => None,
    }
}

#[test]
fn nothing_refers_to_things_of_different_people() {
    let catalogue = hr::catalogue().unwrap();
    World::each_with(
        |config| config.furnish_sandboxes = true,
        |world| {
            let catalogue = catalogue.clone();
            async move {
                let key = provision(&world, "Acme").await;
                let people = |resource: &registry::Resource| {
                    let of = |field: &&registry::Field| field.member.name == "employee_id";
                    let field = resource.fields.iter().find(of);
                    field.is_some_and(|field| leads_to(field.member.kind) == Some("employees/employees"))
                };
                let living = |resource: &registry::Resource| {
                    let list = resource.operation(Verb::List).is_some_and(|o| o.lives_in(Version::NEWEST));
                    list && !resource.computed && server::served(engine(), resource.path, Verb::List)
                };
                // What belongs to somebody, and what refers to such things.
                let owned: BTreeSet<&str> = catalogue
                    .iter()
                    .map(|entry| entry.resource)
                    .filter(|one| living(one) && people(one))
                    .map(|one| one.path)
                    .collect();
                let ways = |resource: &'static registry::Resource| {
                    let fields = resource.fields.iter().map(|field| field.member);
                    let found = fields.filter_map(|member| Some((member.name, leads_to(member.kind)?)));
                    found.filter(|(_, path)| owned.contains(path)).collect::<Vec<_>>()
                };
                let mut whose: BTreeMap<(&str, String), Value> = BTreeMap::new();
                let mut rows: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
                for resource in catalogue.iter().map(|entry| entry.resource).filter(|one| living(one)) {
                    let refers = !ways(resource).is_empty();
                    if !owned.contains(resource.path) && !refers {
                        continue;
                    }
                    let found = all(&world, &key, resource.path).await;
                    for row in found.iter().filter(|row| row["employee_id"].is_string()) {
                        let id = row["id"].as_str().unwrap().to_owned();
                        whose.insert((resource.path, id), row["employee_id"].clone());
                    }
                    if refers {
                        rows.insert(resource.path, found);
                    }
                }
                let (mut met, mut wrong) = (0, Vec::new());
                for resource in catalogue.iter().map(|entry| entry.resource) {
                    for row in rows.get(resource.path).into_iter().flatten() {
                        let own = row.get("employee_id").filter(|id| id.is_string());
                        let others = ways(resource)
                            .into_iter()
                            .filter_map(|(field, path)| whose.get(&(path, row[field].as_str()?.to_owned())));
                        let all: Vec<_> = own.into_iter().chain(others).collect();
                        met += usize::from(all.len() > 1);
                        if all.windows(2).any(|pair| pair[0] != pair[1]) {
                            wrong.push(format!("{}: {row}", resource.path));
                        }
                    }
                }
                assert!(met > 100, "{met}");
                assert!(
                    wrong.is_empty(),
                    "{} of {met}:\n{}",
                    wrong.len(),
                    wrong[..wrong.len().min(20)].join("\n")
                );
            }
        },
    );
}

#[test]
fn the_company_makes_sense_and_is_the_same_every_time() {
    World::each_with(
        |config| config.furnish_sandboxes = true,
        |world| async move {
            let (key, again) = (provision(&world, "Acme").await, provision(&world, "Other").await);
            let people = all(&world, &key, "employees/employees").await;
            assert_eq!(people.len(), 100);
            let managers: BTreeMap<&str, Option<&str>> =
                people.iter().map(|one| (one["id"].as_str().unwrap(), one["manager_id"].as_str())).collect();
            for person in managers.keys() {
                let mut above = BTreeSet::new();
                let mut at = *person;
                while let Some(Some(manager)) = managers.get(at) {
                    assert!(above.insert(*manager), "{person} is above itself");
                    at = manager;
                }
                assert!(managers[at].is_none() && above.len() <= 3, "{person}: {above:?}");
            }
            // Nobody works on a day of a leave.
            let leaves = all(&world, &key, "timeoff/leaves").await;
            let shifts = all(&world, &key, "attendance/shifts").await;
            assert!(shifts.len() > 15_000, "{}", shifts.len());
            let mut away: BTreeSet<(&str, String)> = BTreeSet::new();
            for leave in leaves.iter().filter(|leave| leave["approved"] == true) {
                let first: registry::Date = leave["start_on"].as_str().unwrap().parse().unwrap();
                let last: registry::Date = leave["finish_on"].as_str().unwrap().parse().unwrap();
                let days = first.series(registry::Span::new().days(1)).take_while(|day| *day <= last);
                away.extend(days.map(|day| (leave["employee_id"].as_str().unwrap(), day.to_string())));
            }
            for shift in &shifts {
                let day =
                    (shift["employee_id"].as_str().unwrap(), shift["date"].as_str().unwrap().to_owned());
                assert!(!away.contains(&day), "{shift}");
            }
            // Nobody has taken more than there was, and no two leaves of a person meet.
            for stats in all(&world, &key, "timeoff/allowance_stats").await {
                let left: f64 = stats["available_days"].as_str().unwrap().parse().unwrap();
                assert!(left >= 0.0, "{stats}");
            }
            let mut spans: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
            for leave in &leaves {
                let of = |name: &str| leave[name].as_str().unwrap();
                spans.entry(of("employee_id")).or_default().push((of("start_on"), of("finish_on")));
            }
            for (person, spans) in &mut spans {
                spans.sort_unstable();
                assert!(spans.windows(2).all(|pair| pair[0].1 < pair[1].0), "{person}: {spans:?}");
            }
            // Another company has the same history, with other ids.
            let others = all(&world, &again, "attendance/shifts").await;
            let told =
                |shift: &Value| (shift["date"].clone(), shift["clock_in"].clone(), shift["minutes"].clone());
            assert!(shifts.iter().map(told).eq(others.iter().map(told)));
        },
    );
}
