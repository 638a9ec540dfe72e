//! What holds whatever the request says.

use std::collections::BTreeMap;

use registry::{Action, Catalogue, Company as Companies, Id, Kind, Reference, Role, Verb, Version};
use serde_json::{Map, Value, json};

use super::Company;
use super::support::{World, engine};

/// Numbers that look drawn at random and are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}

fn ids(page: &Value) -> Vec<i64> {
    let all = page["data"].as_array().unwrap().iter();
    all.map(|object| object["id"].as_str().unwrap().parse().unwrap()).collect()
}

/// Whoever follows the cursors sees every object that was there all the while, once and in order, whatever is added and
/// removed meanwhile.
#[test]
fn pages_tile_the_list_while_it_changes() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let company = Company::new(&world, "Analytical").await;
            let add = |number: u64| {
                let body = json!({ "name": format!("Team {number}") });
                let company = &company;
                async move { company.create("teams/teams", &body).await }
            };
            let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
            for number in 0..40 {
                add(number).await;
            }
            for (limit, forward) in [(1, true), (1, false), (3, true), (4, false), (7, true), (7, false)] {
                let before = ids(&company.get("teams/teams").await.expect(200).json());
                let (mut seen, mut gone): (Vec<i64>, Vec<i64>) = (Vec::new(), Vec::new());
                let (parameter, cursor, more) = if forward {
                    ("after_id", "end_cursor", "has_next_page")
                } else {
                    ("before_id", "start_cursor", "has_previous_page")
                };
                let mut from = if forward { String::new() } else { "&before_id=999999999".to_owned() };
                loop {
                    let page =
                        company.get(&format!("teams/teams?limit={limit}{from}")).await.expect(200).json();
                    let mut tile = ids(&page);
                    assert!(tile.is_sorted() && tile.len() <= limit, "{page}");
                    if !forward {
                        tile.reverse();
                    }
                    seen.extend(&tile);
                    if page["meta"][more] != true {
                        break;
                    }
                    let at = page["meta"][cursor].as_str().unwrap().replace('=', "%3D");
                    from = format!("&{parameter}={at}");
                    // Something is added, and something removed: what was seen, what is to come, or what the cursor names.
                    // Not for ever: a list that grows as fast as it is read has no end.
                    if seen.len() < 30 {
                        add(dice.below(1000)).await;
                    }
                    let there: Vec<_> = before.iter().filter(|id| !gone.contains(id)).collect();
                    if there.len() > 15 {
                        let at = usize::try_from(dice.below(there.len() as u64)).unwrap();
                        let id =
                            if dice.below(3) == 0 { tile.last().unwrap_or(there[at]) } else { there[at] };
                        if company.call("DELETE", &format!("teams/teams/{id}"), None).await.status == 200 {
                            gone.push(*id);
                        }
                    }
                }
                let case = format!("{limit} {parameter} on {}", world.engine);
                let ordered = seen.windows(2).all(|two| (two[0] < two[1]) == forward && two[0] != two[1]);
                assert!(ordered, "{case}: {seen:?}");
                let lost: Vec<_> =
                    before.iter().filter(|id| !gone.contains(id) && !seen.contains(id)).collect();
                assert!(lost.is_empty() && !gone.is_empty(), "{case}: {lost:?} were lost of {seen:?}");
            }
        },
    );
}

/// Values at the edges of a kind.
fn edges(kind: &Kind) -> Vec<Value> {
    match kind {
        Kind::Text => vec![
            json!(""),
            json!(" \t\r\n "),
            json!("Zoë 🦊 \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} עִבְרִית \u{202e}rtl"),
            json!("e\u{301} \u{e9} \u{feff}\u{7f}\u{1}\u{10ffff}"),
            json!("'; DROP TABLE teams_teams; -- \\ % _ \" <b> {{ x }} $1 ?1"),
            json!("12"),
            json!("true"),
            json!("null"),
            json!("ß".repeat(5_000)),
        ],
        Kind::Integer => [0, -1, i64::MAX, i64::MIN, (1 << 53) + 1].map(Value::from).to_vec(),
        Kind::Number => [0.0, -0.1, 1e308, -1e308, 5e-324, 123_456_789.123_456_79, 1e21, 0.1 + 0.2]
            .map(Value::from)
            .to_vec(),
        Kind::Bool => vec![json!(true), json!(false)],
        Kind::Date => vec![json!("0001-01-01"), json!("2024-02-29"), json!("9999-12-31")],
        Kind::Time => vec![json!("00:00"), json!("23:59")],
        Kind::Instant => vec![
            json!("0001-01-02T00:00:00.001Z"),
            json!("1969-12-31T23:59:59.999Z"),
            json!("9999-12-30T23:59:59.999Z"),
        ],
        Kind::Choice(texts) => texts.iter().map(|text| json!(text)).collect(),
        Kind::Any | Kind::Map => vec![
            json!({}),
            json!({ "": { "ü": [1, -1.5, null, true, "🦊", [], {}] }, "9007199254740993": 9_007_199_254_740_993_i64 }),
        ],
        Kind::List(Kind::Id(_) | Kind::Object(_)) | Kind::Id(_) | Kind::File | Kind::Object(_) => Vec::new(),
        Kind::List(item) => vec![json!([]), edges(item).into()],
    }
}

/// What is taken is answered as it was sent; what is refused leaves the object as it was.
#[test]
fn what_is_written_at_the_edges_is_what_is_read() {
    let catalogue = hr::catalogue().unwrap();
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| {
            let catalogue = catalogue.clone();
            async move {
                let mut company = Company::new(&world, "Analytical").await;
                let (mut kept, mut refused) = (0, BTreeMap::<String, usize>::new());
                for entry in catalogue.iter() {
                    let resource = entry.resource;
                    let has = |verb| resource.operation(verb).is_some_and(|o| o.lives_in(Version::NEWEST));
                    let changed = has(Verb::Update) && server::served(engine(), resource.path, Verb::Update);
                    if !changed || !has(Verb::Read) {
                        continue;
                    }
                    let Some(body) = company.body(&catalogue, resource, |field| field.create).await else {
                        continue;
                    };
                    // A rule may have something against a second one like it.
                    let made = company.call("POST", resource.path, Some(&body)).await;
                    if made.status != 201 {
                        continue;
                    }
                    let made = made.json();
                    let Some(id) = made["id"].as_str() else { continue };
                    let one = format!("{}/{id}", resource.path);
                    let inputs =
                        resource.fields.iter().filter(|field| field.role == Role::Stored).filter_map(
                            |field| {
                                let input = field.update.filter(|input| input.lives_in(Version::NEWEST))?;
                                let edges = edges(&field.member.kind);
                                (input.kind == field.member.kind && !edges.is_empty())
                                    .then_some((field, input, edges))
                            },
                        );
                    let inputs: Vec<_> = inputs.collect();
                    let mut before = company.get(&one).await.expect(200).json();
                    let rounds = inputs.iter().map(|(_, _, edges)| edges.len()).max().unwrap_or(0);
                    for round in 0..rounds {
                        let all: Vec<_> = inputs
                            .iter()
                            .map(|(field, input, edges)| {
                                let name = input.name.trim_end_matches("[]");
                                (name, field.member.name, edges[round % edges.len()].clone())
                            })
                            .collect();
                        // All at once; where a rule has something against one of them, each by itself.
                        let mut bodies = vec![all];
                        while let Some(body) = bodies.pop() {
                            let sent: Map<_, _> = body
                                .iter()
                                .map(|(name, _, value)| ((*name).to_owned(), value.clone()))
                                .collect();
                            let answer = company.call("PUT", &one, Some(&sent.into())).await;
                            let after = company.get(&one).await.expect(200).json();
                            let case = format!("{one} on {}", world.engine);
                            match answer.status.as_u16() {
                                200 => {
                                    for (_, shown, value) in &body {
                                        assert_eq!(&after[shown], value, "{shown} of {case}");
                                        kept += 1;
                                    }
                                    assert_eq!(answer.json(), after, "{case}");
                                    before = after;
                                }
                                400 | 409 | 422 => {
                                    assert_eq!(before, after, "{case}: it was refused");
                                    if body.len() > 1 {
                                        bodies.extend(body.into_iter().map(|one| vec![one]));
                                    } else {
                                        *refused
                                            .entry(format!("{}.{}", resource.path, body[0].1))
                                            .or_default() += 1;
                                    }
                                }
                                _ => panic!("{case}: {answer}"),
                            }
                        }
                    }
                }
                println!("{}: {kept} values kept, refused {refused:?}", world.engine);
                assert!(kept > 500, "{kept}");
            }
        },
    );
}

/// Objects of a company, one of each resource, by path.
async fn objects(catalogue: &Catalogue, company: &Company) -> BTreeMap<&'static str, String> {
    let mut objects = BTreeMap::new();
    for resource in catalogue.iter().map(|entry| entry.resource) {
        let listed = resource.operation(Verb::List).is_some_and(|o| o.lives_in(Version::NEWEST));
        if listed && server::served(engine(), resource.path, Verb::List) {
            let page = company.get(&format!("{}?limit=1", resource.path)).await;
            if page.status == 200
                && let Some(id) = page.json()["data"][0]["id"].as_str()
                && id.bytes().all(|byte| byte.is_ascii_digit())
            {
                objects.insert(resource.path, id.to_owned());
            }
        }
    }
    objects
}

/// A value that names objects of another company wherever it can, and whether it does; `None` where it can say nothing.
/// `own` is an access of the company that asks.
fn foreign(kind: &Kind, own: &Value, theirs: &BTreeMap<&'static str, String>) -> Option<(Value, bool)> {
    let value = match kind {
        Kind::Id(Reference::Resource(path)) => return theirs.get(path).map(|id| (json!(id), true)),
        Kind::Id(_) => own.clone(),
        Kind::Text | Kind::Date => json!("2026-11-23"),
        Kind::Integer => json!(1),
        Kind::Number => json!(1.5),
        Kind::Bool => json!(true),
        Kind::Time => json!("09:00"),
        Kind::Instant => json!("2026-11-23T09:30:00.000Z"),
        Kind::Any | Kind::Map => json!({}),
        Kind::File => return None,
        Kind::Choice(texts) => json!(texts[0]),
        Kind::List(item) => {
            let (value, refers) = foreign(item, own, theirs)?;
            return Some((json!([value]), refers));
        }
        Kind::Object(members) => {
            let (mut object, mut refers) = (Map::new(), false);
            for member in *members {
                if let Some((value, theirs)) = foreign(&member.kind, own, theirs) {
                    refers |= theirs;
                    object.insert(member.name.to_owned(), value);
                }
            }
            return Some((object.into(), refers));
        }
    };
    Some((value, false))
}

/// The body of an action of the resource at a path that names objects of another company; `None` where it can name none.
fn foreign_input(
    action: &Action,
    path: &str,
    own: &Value,
    theirs: &BTreeMap<&'static str, String>,
) -> Option<Value> {
    let (mut body, mut refers) = (Map::new(), false);
    for member in action.input.iter().filter(|member| member.lives_in(Version::NEWEST)) {
        // What an action is about is named by `id`, whatever its kind.
        let named = match (member.name, theirs.get(path)) {
            ("id", Some(id)) => Some((json!(id), true)),
            ("ids" | "ids[]", Some(id)) => Some((json!([id]), true)),
            _ => foreign(&member.kind, own, theirs),
        };
        if let Some((value, theirs)) = named {
            refers |= theirs;
            body.insert(member.name.trim_end_matches("[]").to_owned(), value);
        }
    }
    refers.then(|| body.into())
}

/// No request of a company returns or changes anything of another, whichever operation it is and whatever it names.
#[test]
fn no_operation_reaches_into_another_company() {
    let catalogue = hr::catalogue().unwrap();
    World::each_with(
        |config| (config.post_rate_limit, config.furnish_sandboxes) = (0, true),
        |world| {
            let catalogue = catalogue.clone();
            async move {
                let sandbox = json!({ "company_name": "Analytical" });
                let sandbox = world.post("/sandbox").json(&sandbox).send().await.expect(201).json();
                let key = sandbox["api_key"].as_str().unwrap().to_owned();
                let theirs = Company { world: world.clone(), key, made: BTreeMap::new(), seed: 0 };
                let objects = objects(&catalogue, &theirs).await;
                assert!(objects.len() > 100, "{} resources have an object", objects.len());
                let person = theirs.get("employees/employees?limit=1").await.json()["data"][0].clone();
                let company: i64 = person["company_id"].as_str().unwrap().parse().unwrap();
                let snapshot = async || {
                    let company = Id::<Companies>::new(company);
                    world.app.db.read(move |tx| tx.snapshot(company)).await.unwrap()
                };
                let own = Company::new(&world, "Difference").await;
                let access = own.get("employees/employees").await.json()["data"][0]["access_id"].clone();
                let before = snapshot().await;
                let (mut tried, mut acted) = (0, 0);
                for entry in catalogue.iter() {
                    let resource = entry.resource;
                    let path = resource.path;
                    let has = |verb| {
                        let living = resource.operation(verb).is_some_and(|o| o.lives_in(Version::NEWEST));
                        living && server::served(engine(), path, verb)
                    };
                    if let Some(id) = objects.get(path) {
                        let one = format!("{path}/{id}");
                        for (verb, method) in [
                            (Verb::Read, "GET"),
                            (Verb::Update, "PUT"),
                            (Verb::Update, "PATCH"),
                            (Verb::Delete, "DELETE"),
                        ] {
                            if has(verb) {
                                let body = (verb == Verb::Update).then(|| json!({}));
                                own.call(method, &one, body.as_ref()).await.expect(404);
                                tried += 1;
                            }
                        }
                    }
                    if has(Verb::List) && path != "api_public/credentials" {
                        for filter in
                            resource.filters.iter().filter(|filter| filter.lives_in(Version::NEWEST))
                        {
                            let field = filter.field.and_then(|name| resource.field(name));
                            let kind = field.map_or(filter.kind, |field| field.member.kind);
                            let Kind::Id(Reference::Resource(target)) = kind else { continue };
                            let Some(id) = objects.get(target) else { continue };
                            let answer = own.get(&format!("{path}?{}={id}", filter.name)).await;
                            assert!([200, 400, 501].contains(&answer.status.as_u16()), "{answer}");
                            if answer.status == 200 {
                                let found = &answer.json()["data"];
                                let all = own.get(path).await.expect(200).json()["data"].clone();
                                let inside = found.as_array().unwrap().iter();
                                let strange: Vec<_> =
                                    inside.filter(|one| !all.as_array().unwrap().contains(one)).collect();
                                assert!(strange.is_empty(), "{answer}: {strange:?}");
                            }
                            tried += 1;
                        }
                    }
                    if has(Verb::Create) {
                        let mut body = Map::new();
                        let mut refers = false;
                        for field in resource.fields {
                            let Some(input) = field.create.filter(|i| i.lives_in(Version::NEWEST)) else {
                                continue;
                            };
                            let kind = if input.kind == Kind::Text { field.member.kind } else { input.kind };
                            if kind == Kind::File || field.member.name == "company_id" {
                                continue;
                            }
                            if let Some((value, theirs)) = foreign(&kind, &access, &objects) {
                                refers |= theirs;
                                body.insert(input.name.trim_end_matches("[]").to_owned(), value);
                            }
                        }
                        if refers {
                            let answer = own.call("POST", path, Some(&body.into())).await;
                            assert!(answer.status.is_client_error(), "{answer}");
                            tried += 1;
                        }
                    }
                    for action in entry.actions.iter().filter(|action| action.lives_in(Version::NEWEST)) {
                        if !server::acted(engine(), path, action.name) {
                            continue;
                        }
                        let Some(body) = foreign_input(action, path, &access, &objects) else { continue };
                        let answer = own.call("POST", &format!("{path}/{}", action.name), Some(&body)).await;
                        assert!(answer.status.is_client_error(), "{answer} to {body}");
                        acted += 1;
                    }
                }
                assert!(before == snapshot().await, "something of the other company was changed");
                println!("{}: {tried} requests and {acted} actions", world.engine);
                assert!(tried > 500, "{tried}");
            }
        },
    );
}
