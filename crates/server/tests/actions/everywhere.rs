//! Every action of the matched API in every version that has it: none is missing, none fails, and what is nonsense is
//! refused in words.

use registry::Version;
use serde_json::json;

use crate::Company;
use crate::support::World;

/// Without a body an action says what it needs, or that there is nothing.
#[test]
fn an_empty_body_is_refused_or_harmless() {
    let catalogue = hr::catalogue().unwrap();
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| {
            let catalogue = catalogue.clone();
            async move {
                let company = Company::new(&world, "Analytical").await;
                for version in Version::SUPPORTED {
                    for entry in catalogue.iter() {
                        for action in &entry.actions {
                            let path = format!("{}/{}", entry.resource.path, action.name);
                            let answer =
                                company.call_in(&version.to_string(), "POST", &path, &json!({})).await;
                            let there = action.lives_in(version);
                            let status = answer.status.as_u16();
                            let served = server::acted(entry.resource.path, action.name);
                            let expected: &[u16] = match (there, served) {
                                (false, _) => &[404, 405],
                                (true, false) => &[501],
                                (true, true) => &[200, 400, 404, 409, 422],
                            };
                            assert!(expected.contains(&status), "{version} {path}: {answer}");
                        }
                    }
                }
            }
        },
    );
}
