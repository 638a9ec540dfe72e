//! What all declarations together must be.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use registry::{Catalogue, Version};

fn catalogue() -> Catalogue {
    hr::catalogue().unwrap_or_else(|faults| panic!("{} faults:\n{}", faults.len(), faults.join("\n")))
}

#[test]
fn hold_together_and_are_complete() {
    let catalogue = catalogue();
    // The numbers of the matched API; who adds or loses an operation says so here.
    for (version, resources, operations) in [(Version::NEWEST, 176, 615), (Version::OLDEST, 153, 554)] {
        let living = |entry: &registry::Entry| {
            let plain = entry.resource.operations.iter().filter(|o| o.lives_in(version)).count();
            plain + entry.actions.iter().filter(|a| a.lives_in(version)).count()
        };
        let counts: Vec<_> = catalogue.iter().map(living).filter(|count| *count > 0).collect();
        assert_eq!((counts.len(), counts.iter().sum::<usize>()), (resources, operations), "{version}");
    }
}

#[test]
fn every_scope_opens_something_and_every_resource_is_opened() {
    let catalogue = catalogue();
    for scope in registry::SCOPES {
        let opened = catalogue.iter().filter(|entry| entry.resource.scope() == Some(scope)).count();
        assert!(opened > 0, "{} opens nothing", scope.name);
    }
    let without: Vec<_> = catalogue
        .iter()
        .filter(|entry| entry.resource.scope().is_none())
        .map(|entry| entry.resource.namespace())
        .collect();
    assert!(without.iter().all(|namespace| ["api_public", "approvals"].contains(namespace)), "{without:?}");
}

#[test]
fn tell_every_type_of_event_of_the_matched_api_under_its_name() {
    let declared: std::collections::BTreeSet<_> = catalogue()
        .iter()
        .flat_map(|entry| entry.event_types().map(|(kind, ..)| kind).collect::<Vec<_>>())
        .collect();
    let known: std::collections::BTreeSet<_> =
        include_str!("events.txt").lines().map(str::to_owned).collect();
    assert_eq!(known.len(), 137);
    assert_eq!(declared, known);
}

#[test]
fn become_tables_on_both_databases() {
    let mut migrations = accounts::MIGRATIONS.to_vec();
    migrations.push(hr::MIGRATION);
    for database in storage::testing::databases(&migrations) {
        // To open it once more is to find every migration applied.
        let clock = storage::Clock::stopped(storage::testing::START);
        let again = storage::Database::open(&database.options, clock, &migrations);
        assert!(again.is_ok(), "{}: {:?}", database.engine, again.err());
    }
}

/// References in circles, indexes with names beyond 63 bytes: neither database may refuse, and none may be cut
/// to the name of another.
#[test]
fn have_distinct_names_within_limits() {
    for dialect in [storage::Dialect::Sqlite, storage::Dialect::Postgres] {
        let statements = storage::ddl(&storage::tables(&catalogue()), dialect);
        let names: Vec<_> = statements
            .iter()
            .filter_map(|sql| sql.strip_prefix("CREATE INDEX \""))
            .filter_map(|sql| sql.split('"').next())
            .collect();
        let distinct: std::collections::BTreeSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        assert!(names.iter().all(|name| name.len() <= 63));
    }
}
