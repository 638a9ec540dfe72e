//! What a decision costs: nothing that the database would notice.

use registry::{Verb, Version};
use serde_json::{Value, json};

use crate::NEWEST;
use crate::support::{World, engine};

/// How many statements a request makes whose caller is known already, and the answer.
async fn statements(world: &World, token: &str, path: &str) -> (u64, Value) {
    let get = || world.get(&format!("{NEWEST}/{path}")).bearer(token);
    get().send().await;
    let before = world.app.db.ran();
    let answer = get().send().await;
    (world.app.db.ran() - before, if answer.status == 200 { answer.json() } else { Value::Null })
}

fn rows(page: &Value) -> &[Value] {
    page["data"].as_array().map_or(&[], Vec::as_slice)
}

/// Every list and every read of every resource, as an administrator asks and as people do whose reach ends somewhere: no
/// decision adds a statement, and none is made for each row.
#[test]
fn a_decision_adds_no_statement() {
    let catalogue = hr::catalogue().unwrap();
    World::each_with(
        |config| config.furnish_sandboxes = true,
        |world| {
            let catalogue = catalogue.clone();
            async move {
                let made = world.post("/sandbox").json(&json!({ "company_name": "Acme" })).send();
                let made = made.await.expect(201).json();
                let token = |name: &str| {
                    let personas = made["personas"].as_array().unwrap().iter();
                    let persona = personas.clone().find(|persona| persona["persona"] == name).unwrap();
                    persona["access_token"].as_str().unwrap().to_owned()
                };
                let administrator = token("administrator");
                let (mut lists, mut same, mut reads, mut long) = (0, 0, 0, 0);
                for name in ["hr", "manager", "team_lead", "employee"] {
                    let token = token(name);
                    for entry in catalogue.iter() {
                        let path = entry.resource.path;
                        let has = |verb| {
                            let lives =
                                entry.resource.operation(verb).is_some_and(|o| o.lives_in(Version::NEWEST));
                            lives && server::served(engine(), path, verb)
                        };
                        // Everybody is told who he is, from memory.
                        if !has(Verb::List) || path == "api_public/credentials" {
                            continue;
                        }
                        let (most, all) = statements(&world, &administrator, path).await;
                        let (ran, seen) = statements(&world, &token, path).await;
                        let case = format!("{name} {path} on {}: {ran} of {most}", world.engine);
                        assert!(ran <= most, "{case}");
                        lists += 1;
                        same += usize::from(ran == most && !rows(&seen).is_empty());
                        // What no row leads to is not looked up, so where there are as many rows there are as many statements.
                        let full = !rows(&seen).is_empty() && rows(&seen) == rows(&all);
                        assert!(!full || ran == most, "{case}");
                        let (few, three) = statements(&world, &token, &format!("{path}?limit=3")).await;
                        if rows(&three).len() == 3 && rows(&seen).len() > 20 {
                            long += 1;
                            // Facts about very many people are read in a few parts.
                            assert!(ran <= few + 4, "{case}, {few} for three rows");
                            let wide = name == "hr" || path == "timeoff/leaves";
                            assert!(wide || ran == few, "{case}, {few} for three rows");
                        }
                        let id = rows(&seen).first().and_then(|row| row["id"].as_str());
                        if let Some(id) = id.filter(|_| has(Verb::Read)) {
                            let one = format!("{path}/{id}");
                            let (most, _) = statements(&world, &administrator, &one).await;
                            let (ran, read) = statements(&world, &token, &one).await;
                            assert!(
                                read["id"] == id && ran == most,
                                "{name} {one} on {}: {ran} of {most}",
                                world.engine
                            );
                            reads += 1;
                        }
                    }
                }
                println!(
                    "{}: {lists} lists, {same} with as many statements, {long} long ones, {reads} reads",
                    world.engine
                );
                assert!(
                    lists > 600 && same > 200 && long > 30 && reads > 150,
                    "{lists} {same} {long} {reads}"
                );
            }
        },
    );
}
