//! The reference of the API: it tells everything that is declared, and leads to it.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use registry::{Kind, Member, Role, Verb, Version};
use support::html::{self, Piece};
use support::page::assert_well_made;
use support::{Answer, World};

fn address(path: &str, version: Version) -> String {
    format!("/reference/{path}?version={version}")
}

fn ids(page: &Answer) -> BTreeSet<String> {
    let ids = html::pieces(&page.text()).into_iter().filter_map(|piece| match piece {
        Piece::Open { attributes, .. } => attributes.get("id").cloned(),
        _ => None,
    });
    ids.collect()
}

/// The ids of a member and of those nested in it.
fn anchors(member: &Member, within: &str, version: Version, all: &mut Vec<String>) {
    if !member.lives_in(version) {
        return;
    }
    all.push(format!("field-{within}{}", member.name));
    let inner = match member.kind {
        Kind::Object(inner) => inner,
        Kind::List(Kind::Object(inner)) => *inner,
        _ => return,
    };
    for inner in inner {
        anchors(inner, &format!("{within}{}.", member.name), version, all);
    }
}

#[test]
fn every_resource_of_every_version_is_told_with_all_its_fields_and_operations() {
    World::on_sqlite(async |world| {
        let catalogue = hr::catalogue().unwrap();
        let mut browser = world.browser();
        let (mut told, mut absent) = (0, 0);
        for version in Version::SUPPORTED {
            for entry in catalogue.iter() {
                let resource = entry.resource;
                let page = browser.get(&address(resource.path, version)).await;
                let operations = resource.operations.iter().filter(|operation| operation.lives_in(version));
                let verbs = operations.map(|operation| match operation.verb {
                    Verb::List => "list",
                    Verb::Read => "read",
                    Verb::Create => "create",
                    Verb::Update => "update",
                    Verb::Delete => "delete",
                });
                let actions = entry.actions.iter().filter(|action| action.lives_in(version));
                let mut wanted: Vec<_> =
                    verbs.chain(actions.map(|action| action.name)).map(str::to_owned).collect();
                if wanted.is_empty() {
                    page.expect(404);
                    absent += 1;
                    continue;
                }
                let page = page.expect(200);
                for field in resource.fields.iter().filter(|field| field.role != Role::Input) {
                    if field.is_text_in(version) && field.member.lives_in(version) {
                        wanted.push(format!("field-{}", field.member.name));
                    } else {
                        anchors(&field.member, "", version, &mut wanted);
                    }
                }
                let ids = ids(&page);
                let missing: Vec<_> = wanted.iter().filter(|id| !ids.contains(*id)).collect();
                assert!(missing.is_empty(), "{page}: {missing:?}");
                if version == Version::NEWEST || told % 20 == 0 {
                    assert_well_made(&page, "a visitor");
                }
                told += 1;
            }
        }
        assert!(told > 750 && absent > 0, "{told} pages, {absent} that are not there");
    });
}

#[test]
fn every_link_within_the_reference_leads_to_what_it_names() {
    World::on_sqlite(async |world| {
        let mut browser = world.browser();
        let mut waiting = vec!["/reference".to_owned(), "/reference?q=approve".to_owned()];
        let (mut pages, mut links) = (BTreeMap::new(), BTreeSet::new());
        while let Some(path) = waiting.pop() {
            if pages.contains_key(&path) {
                continue;
            }
            let page = browser.get(&path).await.expect(200);
            for link in html::links(&page.text()) {
                // Other versions are told alike.
                if link.starts_with("/reference") && !link.contains("version=") {
                    let target = link.split('#').next().unwrap_or_default().to_owned();
                    links.insert(link);
                    waiting.push(target);
                }
            }
            pages.insert(path, ids(&page));
        }
        assert!(pages.len() > 200, "{} pages", pages.len());
        for link in links {
            if let Some((page, id)) = link.split_once('#') {
                assert!(pages[page].contains(id), "{link} leads nowhere");
            }
        }
    });
}

/// The links of what a search finds, best first, each without what is not its own.
async fn found(world: &World, query: &str, version: &str) -> Vec<String> {
    let parameters = support::encoded([("q", query), ("version", version)]);
    let page = world.browser().get(&format!("/reference?{parameters}")).await.expect(200);
    assert_well_made(&page, query);
    let text = page.text();
    let hits = text.split_once("class=\"hits").map_or("", |(_, hits)| hits);
    let hits = hits.split_once("</ol>").map_or("", |(hits, _)| hits);
    html::links(hits).into_iter().map(|link| link.replace(&format!("?version={version}"), "")).collect()
}

#[test]
fn the_search_finds_the_best_first() {
    World::on_sqlite(async |world| {
        for (query, best) in [
            ("timeoff/leaves", "/reference/timeoff/leaves"),
            ("leaves", "/reference/timeoff/leaves"),
            ("Leave", "/reference/timeoff/leaves"),
            ("clock in", "/reference/attendance/shifts#clock_in"),
            ("employee terminate", "/reference/employees/employees#terminate"),
            ("business_trip", "/reference/attendance/shifts#field-location_type"),
            ("half day leave", "/reference/timeoff/leaves#field-half_day"),
            ("bank_number_format", "/reference/employees/employees#field-bank_number_format"),
        ] {
            let hits = found(&world, query, "2026-10-01").await;
            assert!(hits.iter().take(3).any(|hit| hit == best), "{query}: {hits:?}");
        }
        assert!(found(&world, "xyzzy", "2026-10-01").await.is_empty());
        // What a version does not have it does not find.
        let duration = "/reference/timeoff/leaves#field-duration_by_day_attributes";
        for (version, there) in [("2026-04-01", false), ("2026-10-01", true)] {
            let hits = found(&world, "duration_by_day_attributes", version).await;
            assert_eq!(hits.iter().any(|hit| hit == duration), there, "{version}: {hits:?}");
        }
        let page = world.browser().get("/reference?q=vacation").await.expect(200).text();
        assert!(page.contains("href=\"/reference/timeoff/leaves\""), "it is told where it is");
        let evil = support::encoded([("q", "<script>alert(1)</script>\"' `x")]);
        let page = world.browser().get(&format!("/reference?{evil}")).await.expect(200);
        assert_well_made(&page, "an evil query");
        assert!(!page.text().contains("<script>alert"), "{page}");
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    World::on_sqlite(async |world| {
        let mut browser = world.browser();
        for path in [
            "/reference/nothing",
            "/reference/timeoff/nothing",
            "/reference/nothing/leaves",
            "/reference/timeoff/leaves?version=1999-01-01",
            "/reference?version=newest",
            "/reference/timeoff/leaves/1",
        ] {
            browser.get(path).await.expect(404);
        }
    });
}

#[test]
fn a_page_that_is_known_is_not_sent_again() {
    World::on_sqlite(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let (mut first, mut second) = (world.browser(), world.browser());
        let path = "/reference/timeoff/leaves";
        let page = first.get(path).await.expect(200);
        let tag = page.header("etag").to_owned();
        assert_eq!(second.get(path).await.header("etag"), tag, "it is the same for everybody who is nobody");
        let again = world.get(path).header("if-none-match", &tag).send().await.expect(304);
        assert!(again.body.is_empty() && again.header("etag") == tag, "{again}");
        let own = ada.browser.get(path).await.expect(200);
        assert_ne!(own.header("etag"), tag, "the frame of a person is another");
        assert_eq!(own.header("cache-control"), "private, no-cache");
        assert_eq!(own.header("vary"), "cookie");
    });
}

#[test]
fn what_reads_is_run_from_the_page_by_whoever_is_logged_in() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let mut bob = world.sign_up("Northwind").await;
        let run = "/reference/employees/employees?run=list&p.limit=5&p.full_text_name=";
        let page = ada.browser.get(run).await.expect(200);
        assert_well_made(&page, "an administrator");
        assert_eq!(page.header("cache-control"), "no-store");
        let outcome = page.element("outcome-list");
        let json: serde_json::Value = serde_json::from_str(&outcome).expect("what came back is JSON");
        let own = &json["data"][0];
        assert_eq!(json["meta"]["total"], 1, "{outcome}");

        let one = format!("/reference/employees/employees?run=read&p.id={}", own["id"].as_str().unwrap());
        let read = ada.browser.get(&one).await.expect(200).element("outcome-read");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&read).expect("JSON"), *own);
        // Another company has none of this id, and a visitor has nothing at all.
        assert!(bob.browser.get(&one).await.expect(200).element("outcome-read").contains("not_found"));
        let visited = world.browser().get(&one).await.expect(200).text();
        assert!(!visited.contains("outcome-read") && visited.contains("/login?return_to=/reference/"));
        // What is given stays within the address.
        let odd = support::encoded([("run", "read"), ("p.id", "../teams/teams?x=1#y")]);
        let page = ada.browser.get(&format!("/reference/employees/employees?{odd}")).await.expect(200);
        assert!(page.element("outcome-read").contains("not_found"), "{page}");
        // A page of another site cannot make it run.
        let foreign = ada.browser.call("GET", run).header("sec-fetch-site", "cross-site");
        let page = ada.browser.send(foreign).await;
        assert!(page.element("outcome-list").contains("invalid_token"), "{page}");
    });
}
