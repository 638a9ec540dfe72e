//! What the declarations say of permissions.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use access::{Doing, Permission, Policy, modules, organisation};
use registry::{Catalogue, Kind, Reference, Resource};

fn catalogue() -> Catalogue {
    hr::catalogue().unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// Conditions name these columns; a renamed field would leave them behind.
#[test]
fn the_company_is_kept_as_decisions_expect_it() {
    let catalogue = catalogue();
    let columns = [
        ("employees/employees", organisation::PEOPLE, organisation::PERSON),
        ("employees/employees", organisation::PEOPLE, organisation::MANAGER),
        ("employees/employees", organisation::PEOPLE, organisation::SUPERVISOR),
        ("employees/employees", organisation::PEOPLE, organisation::LEGAL_ENTITY),
        ("employees/employees", organisation::PEOPLE, organisation::LOCATION),
        ("employees/employees", organisation::PEOPLE, organisation::ACCESS),
        ("teams/memberships", organisation::MEMBERSHIPS, organisation::MEMBER),
        ("teams/memberships", organisation::MEMBERSHIPS, organisation::TEAM),
        ("teams/memberships", organisation::MEMBERSHIPS, organisation::LEADS),
    ];
    for (path, table, column) in columns {
        let resource = catalogue.find(path).unwrap().resource;
        assert_eq!(resource.table, table);
        assert!(resource.field(column).is_some_and(registry::Field::kept), "{path}: {column}");
    }
}

/// A subject that is worked out, or no person, would be a condition on a column that is not there.
#[test]
fn a_subject_is_a_person_that_the_database_knows() {
    let catalogue = catalogue();
    let person = |kind: Kind| {
        let one = if let Kind::List(item) = kind { *item } else { kind };
        matches!(one, Kind::Id(Reference::Resource("employees/employees") | Reference::Table("accesses")))
    };
    for resource in catalogue.iter().map(|entry| entry.resource) {
        for way in resource.subject.iter().chain(resource.involved) {
            let steps = catalogue.way(resource, way).unwrap();
            // A resource of which nothing is kept has no rows.
            let empty = resource.fields.iter().all(|field| field.member.name == "id" || !field.kept());
            let kept = empty || steps.iter().all(|(at, field)| at.computed || field.kept());
            assert!(kept, "{}: {way} is worked out", resource.path);
            let (last, named) = (steps.last().unwrap().1, resource.subject_if.is_some());
            assert!(person(last.member.kind) || named, "{}: {way} is no person", resource.path);
        }
    }
}

/// A resource with a column that names a person, and no subject, would be the company's by oversight.
#[test]
fn what_names_a_person_is_about_somebody_or_says_why_not() {
    // Who wrote or approved something that is the company's; what only those see who see all of it.
    const COMPANY: &[&str] = &[
        "ats/applications",
        "finance/financial_documents",
        "procurement/po_template_versions",
        "procurement/po_templates",
        "procurement/types",
        "trainings/trainings",
    ];
    let names = |resource: &Resource| {
        let people = Kind::Id(Reference::Resource("employees/employees"));
        resource.fields.iter().any(|field| field.kept() && field.member.kind == people)
    };
    let catalogue = catalogue();
    let resources = catalogue.iter().map(|entry| entry.resource);
    let odd: Vec<_> = resources
        .filter(|resource| resource.subject.is_none() && names(resource) && !COMPANY.contains(&resource.path))
        .map(|resource| resource.path)
        .collect();
    assert!(odd.is_empty(), "{odd:?}");
}

/// A misspelt permission would be one that nobody can give.
#[test]
fn every_permission_that_is_named_exists() {
    let catalogue = catalogue();
    let modules = modules(&catalogue);
    for field in catalogue.iter().flat_map(|entry| entry.resource.fields) {
        assert!(field.entrusted.is_none_or(|text| Permission::parse(text).is_some()), "{field:?}");
    }
    for entry in catalogue.iter() {
        for action in &entry.actions {
            assert!(action.needs.is_none_or(|text| Doing::named(text).is_some()), "{action:?}");
        }
    }
    let policy = Policy::default_employees();
    let known =
        |module: &str, doing| modules.get(module).is_some_and(|module| module.doings.contains(&doing));
    let unknown = policy.iter().filter(|(module, doing, _)| !known(module, *doing));
    let unknown: Vec<_> = unknown.map(|(module, doing, _)| format!("{module}.{}", doing.name())).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
