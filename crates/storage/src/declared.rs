//! Tables from the declarations of resources.

use std::collections::BTreeSet;

use registry::{Catalogue, Kind, Reference, Resource, Role, Test};

use crate::{OnDelete, Table, Type};

/// The table of every resource that is kept, in the order of their paths.
///
/// Every table has an `id` and a `company_id`. Every reference is a foreign key; every reference and every
/// field that a filter compares has an index that begins with `company_id`.
pub fn tables(catalogue: &Catalogue) -> Vec<Table> {
    let kept = catalogue.iter().map(|entry| entry.resource).filter(|resource| !resource.computed);
    kept.map(|resource| table(catalogue, resource)).collect()
}

fn table(catalogue: &Catalogue, resource: &'static Resource) -> Table {
    let mut table = Table::new(resource.table).company().counted();
    let mut indexed = BTreeSet::new();
    for field in resource.fields {
        let member = field.member;
        // These two belong to every table.
        if !field.kept() || matches!(member.name, "id" | "company_id") {
            continue;
        }
        if field.role == Role::Input {
            // Nobody asks for it by itself, and rows from before do not have it.
            table = table.nullable(member.name, kind(member.kind));
            continue;
        }
        let references = match member.kind {
            Kind::Id(Reference::Table(table)) => Some(table),
            Kind::Id(Reference::Resource(path)) => catalogue
                .find(path)
                .filter(|entry| !entry.resource.computed)
                .map(|entry| entry.resource.table),
            _ => None,
        };
        // A field that some versions do not have is null in rows that they made.
        let null = member.nullable || member.since.is_some() || member.until.is_some();
        table = table.declared(
            member.name,
            kind(member.kind),
            null,
            references.map(|t| (t, OnDelete::Restrict)),
            field.default,
        );
        if references.is_some() {
            indexed.insert(member.name);
        }
    }
    for filter in resource.filters {
        let compares = !matches!(filter.test, Test::Search | Test::Prefix | Test::Has | Test::Own);
        if let (true, Some(field)) = (compares, filter.field.and_then(|name| resource.field(name))) {
            let name = field.member.name;
            if kind(field.member.kind) != Type::Json && !matches!(name, "id" | "company_id") {
                indexed.insert(name);
            }
        }
    }
    table = table.index(&["company_id", "id"]);
    indexed.into_iter().fold(table, |table, name| table.index(&["company_id", name, "id"]))
}

/// How a value is kept.
fn kind(kind: Kind) -> Type {
    match kind {
        // A file is kept elsewhere, and the row has its number.
        Kind::Id(_) | Kind::Integer | Kind::File => Type::Int,
        Kind::Number => Type::Real,
        Kind::Bool => Type::Bool,
        Kind::Date => Type::Date,
        Kind::Time => Type::Time,
        Kind::Instant => Type::Instant,
        Kind::Text | Kind::Choice(_) => Type::Text,
        Kind::Any | Kind::Map | Kind::List(_) | Kind::Object(_) => Type::Json,
    }
}
