//! Resources through the public door, on both databases.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod properties;
mod support;

use std::collections::BTreeMap;

use registry::{Catalogue, Field, Input, Kind, Reference, Resource, Role, Verb, Version};
use serde_json::{Map, Value, json};
use support::{Answer, World, engine};

const NEWEST: &str = "/api/2026-10-01/resources";

/// Fields that a rule takes only if they fit what there is.
const UNFIT: &[(&str, &str)] = &[
    ("contracts/contract_versions", "job_catalog_tree_node_uuid"),
    ("contracts/contract_versions", "ends_on"),
    ("contracts/contract_versions", "trial_period_ends_on"),
    ("employees/employees", "manager_id"),
    ("employees/employees", "timeoff_manager_id"),
];

/// Resources whose rules ask for objects that belong together; they are tested with their actions.
const JUDGED: &[&str] = &[
    "contracts/legal_entity_changes",
    "project_management/project_tasks",
    "project_management/project_workers",
];

/// A company with a key that may do everything in it.
struct Company {
    world: World,
    key: String,
    /// An object of each resource that others can refer to, made when it is first needed.
    made: BTreeMap<&'static str, Option<i64>>,
    seed: i64,
}

impl Company {
    async fn new(world: &World, name: &str) -> Self {
        let key = world.sign_up(name).await.api_key("Tests").await;
        Self { world: world.clone(), key, made: BTreeMap::new(), seed: 0 }
    }

    async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let call = self.world.call(method, &format!("{NEWEST}/{path}")).header("x-api-key", &self.key);
        match body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None).await
    }

    async fn create(&self, path: &str, body: &Value) -> Value {
        self.call("POST", path, Some(body)).await.expect(201).json()
    }

    async fn employee(&self) -> i64 {
        let people = self.get("employees/employees").await.expect(200).json();
        people["data"][0]["id"].as_str().unwrap().parse().unwrap()
    }

    /// What a body may say of a kind; `None` where the company has nothing to refer to.
    async fn value(&mut self, catalogue: &Catalogue, kind: &Kind) -> Option<Value> {
        self.seed += 1;
        let seed = self.seed;
        Some(match kind {
            Kind::Id(Reference::Resource(path)) => {
                let path = catalogue.find(path)?.resource.path;
                let id = Box::pin(self.some(catalogue, path)).await?;
                id.to_string().into()
            }
            Kind::Id(Reference::Table("companies" | "users" | "accesses")) => {
                let people = self.get("employees/employees").await.expect(200).json();
                let person = &people["data"][0];
                let name = if matches!(kind, Kind::Id(Reference::Table("companies"))) {
                    "company_id"
                } else {
                    "access_id"
                };
                person[name].clone()
            }
            Kind::Id(_) => seed.to_string().into(),
            Kind::Text => format!("Text {seed} % _ \\ \" ü").into(),
            Kind::Integer => seed.into(),
            #[allow(clippy::cast_precision_loss)]
            Kind::Number => (seed as f64 + 0.25).into(),
            Kind::Bool => (seed % 2 == 0).into(),
            Kind::Date => format!("2026-{:02}-{:02}", seed % 12 + 1, seed % 28 + 1).into(),
            Kind::Time => format!("{:02}:{:02}", seed % 24, seed % 60).into(),
            Kind::Instant => format!("2026-{:02}-{:02}T09:30:00.123Z", seed % 12 + 1, seed % 28 + 1).into(),
            Kind::Choice(texts) => texts[usize::try_from(seed).unwrap() % texts.len()].into(),
            Kind::Any | Kind::Map => json!({ "seed": seed, "deep": [1, null, "x"] }),
            Kind::File => return None,
            Kind::List(kind) => vec![Box::pin(self.value(catalogue, kind)).await?].into(),
            Kind::Object(members) => {
                let mut object = Map::new();
                for member in members.iter().filter(|member| member.lives_in(Version::NEWEST)) {
                    let value = Box::pin(self.value(catalogue, &member.kind)).await;
                    if value.is_some() || !member.nullable {
                        object.insert(member.name.to_owned(), value?);
                    } else {
                        object.insert(member.name.to_owned(), Value::Null);
                    }
                }
                object.into()
            }
        })
    }

    /// An object of a resource, made if need be.
    async fn some(&mut self, catalogue: &Catalogue, path: &'static str) -> Option<i64> {
        if path == "employees/employees" {
            return Some(self.employee().await);
        }
        if let Some(made) = self.made.get(path) {
            return *made;
        }
        // Whatever refers back to it while it is made finds nothing.
        self.made.insert(path, None);
        let resource = catalogue.find(path)?.resource;
        let made = match self.make(catalogue, resource).await {
            Some((_, made)) => made["id"].as_str().and_then(|id| id.parse().ok()),
            None => None,
        };
        self.made.insert(path, made);
        made
    }

    /// A body for a resource: what the body must have, and whatever else it may.
    async fn body(
        &mut self,
        catalogue: &Catalogue,
        resource: &Resource,
        input: fn(&Field) -> Option<Input>,
    ) -> Option<Value> {
        let mut body = Map::new();
        for field in resource.fields {
            let Some(input) = input(field).filter(|input| input.lives_in(Version::NEWEST)) else { continue };
            if matches!(input.kind, Kind::File | Kind::List(Kind::File)) {
                if input.required {
                    return None;
                }
                continue;
            }
            // What rules judge is tested with them.
            if UNFIT.contains(&(resource.path, field.member.name)) {
                continue;
            }
            let text = field.member.kind == Kind::Text;
            // A text that is kept as something else has to be one of that.
            let kind = if input.kind == Kind::Text && !text { field.member.kind } else { input.kind };
            let value = match field.member.name {
                // Not any text will do.
                "target_url" => Some(format!("https://hooks.example/{}", self.seed).into()),
                "timezone" if resource.path == "locations/locations" => {
                    self.seed += 1;
                    Some("Europe/Madrid".into())
                }
                "type" | "subscription_type" if resource.path == "api_public/webhook_subscriptions" => {
                    Some("teams/team/create".into())
                }
                _ => self.value(catalogue, &kind).await,
            };
            if value.is_none() && input.required {
                return None;
            }
            body.extend(value.map(|value| (input.name.trim_end_matches("[]").to_owned(), value)));
        }
        fitting(resource.path, self.seed, &mut body);
        Some(body.into())
    }

    /// Makes an object; `None` where the server does not, or where something it needs cannot be made.
    async fn make(&mut self, catalogue: &Catalogue, resource: &'static Resource) -> Option<(Value, Value)> {
        let living = resource.operation(Verb::Create).is_some_and(|o| o.lives_in(Version::NEWEST));
        let judged = JUDGED.contains(&resource.path);
        if !living || judged || !server::served(engine(), resource.path, Verb::Create) {
            return None;
        }
        let body = self.body(catalogue, resource, |field| field.create).await?;
        let made = self.create(resource.path, &body).await;
        Some((body, made))
    }
}

/// What the rules of some resources ask for beyond the kinds of their fields.
fn fitting(path: &str, seed: i64, body: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| {
        if let Some(member) = body.get_mut(name) {
            *member = value;
        }
    };
    match path {
        "timeoff/leaves" => {
            let day = json!(format!("2027-{:02}-{:02}", seed % 12 + 1, seed % 28 + 1));
            put("start_on", day.clone());
            put("finish_on", day);
            for name in ["half_day", "start_time", "hours_amount_in_cents"] {
                put(name, Value::Null);
            }
        }
        "project_management/projects" => put("status", json!("active")),
        "timeoff/leave_types" => {
            put("min_days_in_cents", json!(0));
            put("max_days_in_cents", json!(30_000));
            put("active", json!(true));
            put("restricted", json!(false));
            put("is_attachment_mandatory", json!(false));
        }
        "timeoff/allowances" => {
            put("source_units", json!("base_units"));
            put("frequency", json!("yearly"));
            put("negative_counter_type", json!("negative_counter_enabled"));
        }
        "shift_management/shifts" => {
            put("start_at", json!("2026-11-24T09:00:00.000Z"));
            put("end_at", json!("2026-11-24T17:00:00.000Z"));
        }
        "time_planning/planning_versions" => put("planning_tool", json!("work_schedule")),
        "work_schedule/overlap_periods" => {
            let days = json!({ "start_day": 1, "start_month": 7, "end_day": 31, "end_month": 8 });
            let mut created = days.clone();
            created["default"] = false.into();
            created["schedule_type"] = "fixed".into();
            put("create_params", created);
            put("update_params", days);
        }
        "timeoff/policies" => put("main", json!(false)),
        "compensations/additional_compensations" => {
            put("amount_strategy_type", json!("contracts_fixed_amount_strategy"));
            put("first_payment_on", Value::Null);
            put("upper_limit", Value::Null);
        }
        "compensations/employees_compensations" => {
            put("amount_overwritten", Value::Null);
        }
        "contracts/contract_versions" => put("starts_on", json!("2020-01-01")),
        "ats/applications" => put("answers", json!([])),
        "finance/tax_rates" => put("rate", json!(0.21)),
        "procurement/purchase_orders" => {
            put("date", json!("2026-11-23"));
            put("deadline", json!("2026-12-23"));
            put("status", json!("ordered"));
        }
        _ => {}
    }
}

/// What was sent is what is answered, field by field.
fn assert_kept(resource: &Resource, input: fn(&Field) -> Option<Input>, body: &Value, answer: &Value) {
    for field in resource.fields.iter().filter(|field| field.role == Role::Stored) {
        let Some(input) = input(field) else { continue };
        let sent = body.get(input.name.trim_end_matches("[]"));
        // A body may take another kind than is answered.
        if let (Some(sent), true) = (sent, input.kind == field.member.kind) {
            assert_eq!(&answer[field.member.name], sent, "{} of {}", field.member.name, resource.path);
        }
    }
}

/// Every operation that is served, with bodies made from the declarations.
#[test]
fn what_is_written_is_what_is_read_and_no_other_company_sees_it() {
    let catalogue = hr::catalogue().unwrap();
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| {
            let catalogue = catalogue.clone();
            async move {
                let mut company = Company::new(&world, "Analytical").await;
                let other = Company::new(&world, "Difference").await;
                let (mut created, mut updated, mut deleted) = (0, 0, 0);
                for entry in catalogue.iter() {
                    let resource = entry.resource;
                    let path = resource.path;
                    let Some((body, made)) = company.make(&catalogue, resource).await else { continue };
                    created += 1;
                    assert_kept(resource, |field| field.create, &body, &made);
                    let Some(id) = made["id"].as_str() else { continue };
                    let one = format!("{path}/{id}");
                    let has = |verb| resource.operation(verb).is_some_and(|o| o.lives_in(Version::NEWEST));
                    if has(Verb::Read) {
                        assert_eq!(company.get(&one).await.expect(200).json(), made, "{one}");
                        other.get(&one).await.expect(404);
                    }
                    if has(Verb::List) {
                        let listed = company.get(path).await.expect(200).json();
                        assert!(listed["data"].as_array().unwrap().contains(&made), "{path}: {listed}");
                        let theirs = other.get(path).await.expect(200).json();
                        let seen =
                            theirs["data"].as_array().unwrap().iter().any(|one| one["id"] == made["id"]);
                        assert!(!seen, "{path}");
                    }
                    if has(Verb::Update) && server::served(engine(), path, Verb::Update) {
                        let body = company.body(&catalogue, resource, |field| field.update).await.unwrap();
                        other.call("PUT", &one, Some(&body)).await.expect(404);
                        let now = company.call("PUT", &one, Some(&body)).await.expect(200).json();
                        assert_kept(resource, |field| field.update, &body, &now);
                        let same = company.call("PATCH", &one, Some(&json!({}))).await.expect(200).json();
                        assert_eq!(same, now, "{one}: an empty change");
                        updated += 1;
                    }
                    if has(Verb::Delete) {
                        other.call("DELETE", &one, None).await.expect(404);
                        let before = company.get(path).await.expect(200).json()["meta"]["total"].clone();
                        let answer = company.call("DELETE", &one, None).await;
                        if answer.status == 409 {
                            let code = answer.json()["code"].as_str().unwrap().to_owned();
                            assert!(["referred_to", "already_decided"].contains(&code.as_str()), "{code}");
                            continue;
                        }
                        answer.expect(200);
                        company.call("DELETE", &one, None).await.expect(404);
                        let after = company.get(path).await.expect(200).json()["meta"]["total"].clone();
                        assert_eq!(after.as_i64(), before.as_i64().map(|total| total - 1), "{path}");
                        company.made.retain(|_, made| made.map(|id| id.to_string()).as_deref() != Some(id));
                        deleted += 1;
                    }
                }
                println!("{}: {created} created, {updated} changed, {deleted} deleted", world.engine);
                assert!(created >= 59 && updated >= 44 && deleted >= 34, "{created} {updated} {deleted}");
            }
        },
    );
}

/// Every list answers without a query, in every version, and its objects have the members of that version.
#[test]
fn every_list_answers_in_every_version() {
    let catalogue = hr::catalogue().unwrap();
    World::each(|world| {
        let catalogue = catalogue.clone();
        async move {
            let company = Company::new(&world, "Analytical").await;
            let made = company.create("teams/teams", &json!({ "name": "Engines" })).await;
            // Who signed up did not say, so the declaration does.
            let people = company.get("employees/employees").await.expect(200).json();
            assert_eq!(people["data"][0]["attendable"], true);
            for (name, version) in Version::SUPPORTED.map(|version| (version.to_string(), version)) {
                for entry in catalogue.iter() {
                    let resource = entry.resource;
                    let path = format!("/api/{name}/resources/{}", resource.path);
                    let answer = world.get(&path).header("x-api-key", &company.key).send().await;
                    let living = resource.operation(Verb::List).is_some_and(|o| o.lives_in(version));
                    match (living, server::served(engine(), resource.path, Verb::List)) {
                        (true, true) => drop(answer.expect(200).json()["meta"]["total"].as_i64().unwrap()),
                        (true, false) => drop(answer.expect(501)),
                        (false, _) => assert!([404, 405].contains(&answer.status.as_u16()), "{answer}"),
                    }
                }
            }
            for (version, id, deprecated, parent) in [
                ("2026-10-01", made["id"].clone(), false, true),
                ("2026-07-01", made["id"].clone(), false, false),
                ("2026-04-01", json!(made["id"].as_str().unwrap().parse::<i64>().unwrap()), false, false),
                ("2019-01-01", json!(made["id"].as_str().unwrap().parse::<i64>().unwrap()), true, false),
                ("v2", json!(made["id"].as_str().unwrap().parse::<i64>().unwrap()), true, false),
            ] {
                let path = format!("/api/{version}/resources/teams/teams");
                let answer = world.get(&path).header("x-api-key", &company.key).send().await.expect(200);
                let team = &answer.json()["data"][0];
                assert_eq!(team["id"], id, "{version}");
                assert_eq!(!answer.header("deprecation").is_empty(), deprecated, "{version}");
                assert_eq!(team.get("parent_team_id").is_some(), parent, "{version}");
            }
        }
    });
}

/// Every filter that is understood narrows, whatever it is compared with; no database stumbles over it.
#[test]
fn every_filter_is_understood_or_says_so() {
    let catalogue = hr::catalogue().unwrap();
    World::each(|world| {
        let catalogue = catalogue.clone();
        async move {
            let company = Company::new(&world, "Analytical").await;
            let (mut understood, mut not_yet) = (0, 0);
            for entry in
                catalogue.iter().filter(|entry| server::served(engine(), entry.resource.path, Verb::List))
            {
                let resource = entry.resource;
                let living = resource.operation(Verb::List).is_some_and(|o| o.lives_in(Version::NEWEST));
                if !living || resource.path == "api_public/credentials" {
                    continue;
                }
                for filter in resource.filters.iter().filter(|filter| filter.lives_in(Version::NEWEST)) {
                    let field = filter.field.and_then(|name| resource.field(name));
                    let mut kind = field.map_or(filter.kind, |field| field.member.kind);
                    if let Kind::List(item) = kind {
                        kind = *item;
                    }
                    let value = match kind {
                        _ if filter.field == Some("id") => "7",
                        Kind::Id(_) | Kind::Integer | Kind::Number => "7",
                        Kind::Bool => "true",
                        Kind::Date => "2026-11-23",
                        Kind::Time => "09:00",
                        Kind::Instant => "2026-11-23T09:30:00Z",
                        Kind::Choice(texts) => texts[0],
                        _ => "100%25_",
                    };
                    let path = format!("{}?{}={value}", resource.path, filter.name);
                    let answer = company.get(&path).await;
                    // One parameter names a company, which has to be the caller's.
                    assert!([200, 404, 501].contains(&answer.status.as_u16()), "{answer}");
                    if answer.status == 200 {
                        understood += 1;
                    } else {
                        not_yet += 1;
                    }
                    // What says nothing does not narrow.
                    company.get(&format!("{}?{}=", resource.path, filter.name)).await.expect(200);
                }
            }
            println!("{}: {understood} filters understood, {not_yet} not there yet", world.engine);
            assert!(understood >= 680 && not_yet <= 2, "{understood}, {not_yet}");
        }
    });
}

#[test]
fn pages_tile_the_list_both_ways() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let company = Company::new(&world, "Analytical").await;
            for number in 0..25 {
                company.create("teams/teams", &json!({ "name": format!("Team {number}") })).await;
            }
            let all = company.get("teams/teams").await.expect(200).json();
            let ids = |page: &Value| -> Vec<String> {
                page["data"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|o| o["id"].as_str().unwrap().to_owned())
                    .collect()
            };
            for limit in [1, 7, 24, 25, 26, 1000] {
                for (parameter, cursor, more) in [
                    ("after_id", "end_cursor", "has_next_page"),
                    ("before_id", "start_cursor", "has_previous_page"),
                ] {
                    let mut tiles = Vec::new();
                    let beginning = if parameter == "before_id" { "&before_id=999999" } else { "" };
                    let mut path = format!("teams/teams?limit={limit}{beginning}");
                    loop {
                        let page = company.get(&path).await.expect(200).json();
                        assert_eq!(page["meta"]["total"], 25);
                        tiles.push(ids(&page));
                        if page["meta"][more] != true {
                            break;
                        }
                        let cursor = page["meta"][cursor].as_str().unwrap().replace('=', "%3D");
                        path = format!("teams/teams?limit={limit}&{parameter}={cursor}");
                    }
                    if parameter == "before_id" {
                        tiles.reverse();
                    }
                    assert_eq!(tiles.concat(), ids(&all), "{limit} {parameter}");
                }
            }
            let third = company.get("teams/teams?page=3&limit=10").await.expect(200).json();
            assert_eq!(ids(&third), ids(&all)[20..]);
            assert_eq!(
                (&third["meta"]["has_next_page"], &third["meta"]["has_previous_page"]),
                (&json!(false), &json!(true))
            );
            // Behind the last page there is nothing, and all the rest before it.
            let behind = company.get("teams/teams?page=9&limit=10").await.expect(200).json();
            assert_eq!((&behind["data"], &behind["meta"]["has_previous_page"]), (&json!([]), &json!(true)));
            assert_eq!(behind["meta"]["has_next_page"], false);
            // Ids in every spelling; a plain id is a cursor, too.
            let wanted = &ids(&all)[3..5];
            for query in [
                format!("ids[]={}&ids[]={}", wanted[0], wanted[1]),
                format!("ids={},{}", wanted[0], wanted[1]),
                format!("ids[0]={}&ids[1]={}", wanted[0], wanted[1]),
                format!("after_id={}&limit=2", ids(&all)[2]),
                format!("ids[]={}&ids[]={}&ids[]=999999", wanted[0], wanted[1]),
            ] {
                let page = company.get(&format!("teams/teams?{query}")).await.expect(200).json();
                assert_eq!(ids(&page), wanted, "{query}");
            }
        },
    );
}

#[test]
fn bad_input_is_named_and_changes_nothing() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let team = company.create("teams/teams", &json!({ "name": "Engines", "description": "d" })).await;
        let one = format!("teams/teams/{}", team["id"].as_str().unwrap());
        for (method, path, body, status, field) in [
            ("POST", "teams/teams", json!({}), 400, "name"),
            ("POST", "teams/teams", json!({ "name": null }), 400, "name"),
            ("POST", "teams/teams", json!({ "name": 3 }), 400, "name"),
            ("POST", "teams/teams", json!({ "name": "a\u{0}b" }), 400, "name"),
            ("POST", "teams/teams", json!({ "name": "x", "parent_team_id": "x" }), 400, "parent_team_id"),
            ("POST", "teams/teams", json!({ "name": "x", "parent_team_id": 999_999 }), 400, "parent_team_id"),
            ("PUT", &one, json!({ "name": null }), 400, "name"),
            ("PUT", &one, json!({ "description": [] }), 400, "description"),
            ("PUT", "teams/teams/999999", json!({ "name": "x" }), 404, ""),
            ("PUT", "teams/teams/x", json!({ "name": "x" }), 404, ""),
            ("DELETE", "teams/teams", json!({}), 405, ""),
            ("POST", "teams/nothing", json!({}), 404, ""),
            ("POST", "teams/teams/nothing", json!({}), 404, ""),
            ("POST", "teams/teams/move", json!({}), 400, "id"),
        ] {
            let answer = company.call(method, path, Some(&body)).await.expect(status);
            assert_eq!(answer.header("content-type"), "application/problem+json");
            if !field.is_empty() {
                assert!(answer.json()["errors"][field][0].is_string(), "{answer}");
            }
        }
        for (query, status) in [
            ("limit=0", 400),
            ("limit=x", 400),
            ("page=0", 400),
            ("after_id=%%%", 400),
            ("after_id=?", 400),
            ("ids[]=x", 400),
            ("limit=&page=&ids[]=", 200),
            ("page=9223372036854775807", 200),
            ("limit=99999999999999999999", 400),
        ] {
            company.get(&format!("teams/teams?{query}")).await.expect(status);
        }
        // The bytes of a body, as programs send them.
        for (what, kind, coding, body, status) in [
            ("a mark of the byte order", "application/json", "", "\u{feff}{\"description\": \"e\"}", 200),
            ("a character set", "application/json; charset=UTF-8", "", r#"{"description": "d"}"#, 200),
            ("no packing", "application/json", "identity", r#"{"description": "d"}"#, 200),
            ("another type", "text/plain", "", r#"{"description": "d"}"#, 200),
            ("a form", "application/x-www-form-urlencoded", "", "description=d", 200),
            ("nothing", "application/json", "", "", 200),
            ("nothing but null", "application/json", "", "null", 400),
            ("a list", "application/json", "", "[]", 400),
            ("what is packed", "application/json", "gzip", "\u{1f}", 415),
        ] {
            let call = world.call("PUT", &format!("{NEWEST}/{one}")).header("x-api-key", &company.key);
            let call = if coding.is_empty() { call } else { call.header("content-encoding", coding) };
            let answer = call.body(kind, body).send().await;
            assert_eq!(answer.status, status, "{what}: {answer}");
        }
        // Both fields that are wrong are named at once.
        let both =
            company.call("POST", "teams/teams", Some(&json!({ "description": 1 }))).await.expect(400).json();
        assert_eq!(both["problems"].as_array().unwrap().len(), 2, "{both}");
        // Absent and null are two things.
        let kept = company.call("PUT", &one, Some(&json!({ "name": "Looms" }))).await.expect(200).json();
        assert_eq!((&kept["name"], &kept["description"]), (&json!("Looms"), &json!("d")));
        let gone = company.call("PUT", &one, Some(&json!({ "description": null }))).await.expect(200).json();
        assert_eq!((&gone["name"], &gone["description"]), (&json!("Looms"), &Value::Null));
        // What is not known is named, and refused when that is asked for.
        let body = json!({ "name": "Tapes", "colour": "red" });
        let ignored = company.call("PUT", &one, Some(&body)).await.expect(200);
        assert_eq!(ignored.header("muster-ignored"), "colour");
        let strict = world.call("PUT", &format!("{NEWEST}/{one}")).header("x-api-key", &company.key);
        let strict =
            strict.header("prefer", "handling=strict").json(&json!({ "name": "No", "colour": "red" }));
        assert!(strict.send().await.expect(400).json()["errors"]["colour"].is_array());
        assert_eq!(company.get(&one).await.expect(200).json()["name"], "Tapes");
        assert_eq!(company.get("teams/teams").await.expect(200).json()["meta"]["total"], 1);
        // Who refers to it keeps it.
        let child = json!({ "name": "Below", "parent_team_id": team["id"] });
        company.create("teams/teams", &child).await;
        let refused = company.call("DELETE", &one, None).await.expect(409).json();
        assert!(refused["detail"].as_str().unwrap().contains("Below"), "{refused}");
        world.get(&format!("{NEWEST}/{one}")).send().await.expect(401);
    });
}

#[test]
fn posts_are_counted_by_credential() {
    World::each_with(
        |config| config.post_rate_limit = 3,
        |world| async move {
            let mut ada = world.sign_up("Analytical").await;
            let keys = [ada.api_key("One").await, ada.api_key("Two").await];
            let post = |key: &str| {
                let call = world.post(&format!("{NEWEST}/teams/teams")).header("x-api-key", key);
                call.json(&json!({ "name": "Engines" })).send()
            };
            for remaining in ["2", "1", "0"] {
                let answer = post(&keys[0]).await.expect(201);
                assert_eq!(
                    (answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")),
                    ("3", remaining)
                );
            }
            let refused = post(&keys[0]).await.expect(429);
            assert!(refused.header("retry-after").parse::<i64>().unwrap() > 0);
            assert_eq!(refused.header("ratelimit-remaining"), "0");
            post(&keys[1]).await.expect(201);
            world.advance(support::MINUTE).await;
            post(&keys[0]).await.expect(201);
        },
    );
}

/// What somebody may do is decided by the permission group, and narrowed by the scopes of the token.
#[test]
fn people_and_scopes_reach_what_is_theirs() {
    World::each(|world| async move {
        let mut ada = world.sign_up("Analytical").await;
        let full = ada.application().await;
        let narrow = ada.create_application("Narrow", support::OOB, true, &["time_off"]).await;
        let administrator = ada.tokens(&full).await.access;
        let time_off = ada.tokens(&narrow).await.access;
        let mut byron = ada.employ("George").await;
        let employee = byron.tokens(&full).await.access;
        let team = json!({ "name": "Engines" });
        let (people, teams) = (format!("{NEWEST}/employees/employees"), format!("{NEWEST}/teams/teams"));
        let total = |answer: Answer| answer.expect(200).json()["meta"]["total"].clone();
        assert_eq!(total(world.get(&people).bearer(&administrator).send().await), 2);
        // Everybody is in the directory; what is nobody's business is not said.
        let all = world.get(&people).bearer(&employee).send().await;
        assert_eq!(all.json()["data"][0]["first_name"], "Ada", "{all}");
        assert_eq!(total(all), 2);
        let denied = world.post(&teams).bearer(&employee).json(&team).send().await.expect(403).json();
        assert_eq!(denied["code"], "missing_permission");
        for call in [world.get(&people), world.post(&teams).json(&team)] {
            let denied = call.bearer(&time_off).send().await.expect(403).json();
            assert_eq!(denied["code"], "insufficient_scope");
        }
        world.post(&teams).bearer(&administrator).json(&team).send().await.expect(201);
        assert_eq!(total(world.get(&teams).bearer(&employee).send().await), 1);
    });
}

/// A post with a key is done once; the same again has the same answer, another body is refused, and a day later the key
/// is free.
#[test]
fn a_post_with_an_idempotency_key_is_done_once() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let other = Company::new(&world, "Difference").await;
        let post = |key: &str, company: &Company, name: &str| {
            let call = world.post(&format!("{NEWEST}/teams/teams")).header("x-api-key", &company.key);
            call.header("idempotency-key", key).json(&json!({ "name": name })).send()
        };
        let made = post("k1", &company, "Engines").await.expect(201).json();
        let again = post("k1", &company, "Engines").await.expect(201);
        assert_eq!(again.header("idempotent-replayed"), "true");
        assert_eq!(again.json(), made);
        let reused = post("k1", &company, "Tapes").await.expect(422).json();
        assert_eq!(reused["code"], "idempotency_key_reused");
        assert_ne!(post("k2", &company, "Engines").await.expect(201).json()["id"], made["id"]);
        assert_ne!(post("k1", &other, "Tapes").await.expect(201).json()["id"], made["id"]);
        // What was refused was not done, so the key is still free.
        let empty = world.post(&format!("{NEWEST}/teams/teams")).header("x-api-key", &company.key);
        empty.header("idempotency-key", "k3").json(&json!({})).send().await.expect(400);
        post("k3", &company, "Cards").await.expect(201);
        assert_eq!(company.get("teams/teams").await.expect(200).json()["meta"]["total"], 3);
        world.advance(24 * 60 * support::MINUTE).await;
        assert_ne!(post("k1", &company, "Tapes").await.expect(201).json()["id"], made["id"]);
    });
}

#[test]
fn actions_do_what_they_say() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let other = Company::new(&world, "Difference").await;
        let act = |path: &'static str, body: Value| {
            let company = &company;
            async move { company.call("POST", path, Some(&body)).await }
        };
        // A person moves from one team to another, and keeps the place.
        let team = |name: &str, parent: Value| json!({ "name": name, "parent_team_id": parent });
        let all = company.create("teams/teams", &team("All", Value::Null)).await;
        let engines = company.create("teams/teams", &team("Engines", all["id"].clone())).await;
        let tapes = company.create("teams/teams", &team("Tapes", all["id"].clone())).await;
        let place =
            json!({ "employee_id": company.employee().await, "team_id": engines["id"], "lead": true });
        let place = company.create("teams/memberships", &place).await;
        assert_eq!(place["parent_team_ids"], json!([all["id"]]));
        let there = json!({ "id": place["id"], "destination_team_id": tapes["id"] });
        let moved = act("teams/memberships/move", there.clone()).await.expect(200).json();
        assert_eq!(
            (&moved["id"], &moved["team_id"], &moved["lead"]),
            (&place["id"], &tapes["id"], &json!(true))
        );
        act("teams/memberships/move", there.clone()).await.expect(422);
        other.call("POST", "teams/memberships/move", Some(&there)).await.expect(400);
        let mut lost = there.clone();
        lost["destination_team_id"] = json!("999999");
        act("teams/memberships/move", lost).await.expect(400);
        let teams = company.get("teams/teams").await.expect(200).json();
        let shown = |at: usize| (teams["data"][at]["lead_ids"].clone(), teams["data"][at]["depth"].clone());
        assert_eq!(shown(0), (json!([]), json!(1)));
        assert_eq!(shown(1), (json!([]), json!(2)));
        assert_eq!(shown(2), (json!([place["employee_id"]]), json!(2)));

        // A copy of a task is to be done anew.
        let task = json!({ "name": "Print tables", "status": "done", "content": "All of them" });
        let task = company.create("tasks/tasks", &task).await;
        for (name, called) in [(Value::Null, "Print tables"), (json!("Print more"), "Print more")] {
            let copy =
                act("tasks/tasks/copy", json!({ "id": task["id"], "name": name })).await.expect(200).json();
            assert_ne!(copy["id"], task["id"]);
            assert_eq!((&copy["name"], &copy["status"]), (&json!(called), &json!("todo")));
            assert_eq!(copy["content"], "All of them");
        }
        act("tasks/tasks/copy", json!({ "id": "999999" })).await.expect(404);
        act("tasks/tasks/copy", json!({})).await.expect(400);
        other.call("POST", "tasks/tasks/copy", Some(&json!({ "id": task["id"] }))).await.expect(404);

        // A work area goes out of use and back, and the list can leave it out.
        let works = json!({ "name": "Works", "timezone": "Europe/London", "country": "gb", "company_id": all["company_id"] });
        let place = company.create("locations/locations", &works).await;
        let area = json!({ "location_id": place["id"], "name": "Hall" });
        let area = company.create("locations/work_areas", &area).await;
        let id = json!({ "id": area["id"] });
        let listed = || async {
            let list = company.get("locations/work_areas?only_non_archived=true").await;
            list.expect(200).json()["meta"]["total"].clone()
        };
        assert_eq!(listed().await, 1);
        let archived = act("locations/work_areas/archive", id.clone()).await.expect(200).json();
        assert!(archived["archived_at"].is_string(), "{archived}");
        assert_eq!(listed().await, 0);
        let again = act("locations/work_areas/archive", id.clone()).await.expect(200).json();
        assert_eq!(again, archived);
        let back = act("locations/work_areas/unarchive", id).await.expect(200).json();
        assert_eq!(back, area);
        // What takes several is all or nothing, and answers with a list.
        act("tasks/tasks/bulk_delete", json!({ "ids": [task["id"], "424242"] })).await.expect(400);
        let gone = act("tasks/tasks/bulk_delete", json!({ "ids": [task["id"]] })).await.expect(200).json();
        assert_eq!(gone[0]["id"], task["id"]);
    });
}

/// The document of each version is of that version, and names what the server answers with.
#[test]
fn the_api_describes_itself_in_every_version() {
    World::on_sqlite(|world| async move {
        let newest = world.get("/oas").send().await.expect(200);
        assert_eq!(newest.header("content-type"), "application/json");
        assert_eq!(newest.json()["info"]["version"], Version::NEWEST.to_string());
        for version in Version::SUPPORTED {
            let document = world.get(&format!("/oas?version={version}")).send().await.expect(200).json();
            assert_eq!(document["info"]["version"], version.to_string());
            assert_eq!(document["servers"][0]["url"], world.app.config.public_url);
            let teams = format!("/api/{version}/resources/teams/teams");
            assert!(document["paths"][&teams]["get"].is_object(), "{version}");
        }
        let unknown = world.get("/oas?version=2019-01-01").send().await.expect(400).json();
        assert!(unknown["errors"]["version"].is_array());
        world.post("/oas").send().await.expect(405);
    });
}
