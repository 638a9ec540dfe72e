//! What all declarations together must be.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use registry::{Catalogue, Verb, Version};

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

/// The document that lists who may do what has each operation in one row, and each sensitive field in one more for
/// reading it.
#[test]
fn put_every_operation_and_every_field_under_one_permission() {
    let catalogue = catalogue();
    let matrix = access::matrix(&catalogue, &[]);
    let rows: Vec<(&str, &str)> = matrix
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "))
        .collect();
    let (mut operations, mut sensitive) = (0, 0);
    for entry in catalogue.iter() {
        let path = entry.resource.path;
        let one = |verb| format!("{verb} {path}/id");
        let plain = entry.resource.operations.iter().map(|operation| match operation.verb {
            Verb::List => format!("GET {path}"),
            Verb::Read => one("GET"),
            Verb::Create => format!("POST {path}"),
            Verb::Update => one("PUT"),
            Verb::Delete => one("DELETE"),
        });
        let acted = entry.actions.iter().map(|action| format!("POST {path}/{}", action.name));
        for operation in plain.chain(acted) {
            let under: Vec<_> = rows.iter().filter(|(what, _)| **what == *operation).collect();
            assert_eq!(under.len(), 1, "{operation}: {under:?}");
            operations += 1;
        }
        for field in entry.resource.fields {
            let name = field.member.name;
            let reads = |what: &str| {
                let names =
                    what.strip_prefix("read ").and_then(|what| what.strip_prefix(path)?.strip_prefix(": "));
                names.is_some_and(|names| names.split(", ").any(|known| known == name))
            };
            let under: Vec<_> = rows.iter().filter(|(what, _)| reads(what)).collect();
            assert_eq!(under.len(), usize::from(field.sensitive.is_some()), "{path}.{name}: {under:?}");
            assert!(
                under
                    .iter()
                    .all(|(_, permission)| Some(permission.split('.').next().unwrap()) == field.sensitive)
            );
            sensitive += under.len();
        }
    }
    assert!(operations > 615 && sensitive > 50, "{operations} operations, {sensitive} sensitive fields");
    assert!(matrix.contains(&format!("Every one of the {operations} operations")));
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
