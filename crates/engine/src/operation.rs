//! The five operations.

use std::collections::BTreeMap;
use std::fmt::Write;

use access::Grant;
use registry::{Catalogue, Reference, Version};
use storage::{Cell, Datum, Look, Page, Stale, Tx};

use crate::error::Problem;
use crate::list::encode;
use crate::{Change, Derived, Error, List, Plan, render};

/// Every resource, prepared.
#[derive(Default)]
pub struct Engine(BTreeMap<&'static str, Plan>);

impl Engine {
    /// Prepares every resource of a catalogue. `derived` are the fields that are worked out, by resource; `identities`
    /// the resources whose rows tell who somebody is.
    pub fn new(catalogue: &Catalogue, derived: &[(&str, &[Derived])], identities: &[&str]) -> Self {
        let plans = catalogue.iter().map(|entry| {
            let path = entry.resource.path;
            let derived = derived.iter().find(|(of, _)| *of == path).map_or(&[][..], |(_, derived)| *derived);
            (path, Plan::new(catalogue, entry, derived, identities.contains(&path)))
        });
        Self(plans.collect())
    }

    /// The resource at a path, `namespace/resource`.
    pub fn find(&self, path: &str) -> Option<&Plan> {
        self.0.get(path)
    }

    /// All of them, by path.
    pub fn iter(&self) -> impl Iterator<Item = &Plan> {
        self.0.values()
    }

    /// The page of a list, as JSON.
    pub fn list(
        &self,
        plan: &Plan,
        tx: &mut Tx<'_>,
        grant: &Grant,
        version: Version,
        list: &List,
    ) -> Result<Vec<u8>, Error> {
        let now = tx.now();
        let mut rows = tx.rows(grant, plan.resource().table);
        let total = rows.count(&list.looks)?;
        // Only where it is read towards the beginning does the page end at its cursor.
        let backwards = list.before.is_some() && list.after.is_none();
        let mut looks = list.looks.clone();
        looks.extend(list.after.map(|id| Look::After("id", Datum::Int(id))));
        looks.extend(list.before.map(|id| Look::Before("id", Datum::Int(id))));
        let page = Page { backwards, limit: list.limit + 1, offset: list.offset };
        let mut objects: Vec<(i64, Vec<u8>)> = Vec::new();
        rows.select(plan.columns, &looks, page, &mut |row| {
            let Cell::Int(id) = row.cell(0)? else { return Ok(()) };
            let mut object = Vec::with_capacity(objects.last().map_or(512, |(_, last)| last.len() + 64));
            render::object(plan, version, &row, now, &mut object)?;
            objects.push((id, object));
            Ok(())
        })?;
        let more = objects.len() as u64 > list.limit;
        objects.truncate(usize::try_from(list.limit).unwrap_or(usize::MAX));
        if backwards {
            objects.reverse();
        }
        let mut beyond = |look: Look| -> Result<bool, Error> {
            let looks: Vec<_> = list.looks.iter().cloned().chain([look]).collect();
            let page = Page { backwards: false, limit: 1, offset: 0 };
            let mut found = false;
            rows.select(ID, &looks, page, &mut |_| {
                found = true;
                Ok(())
            })?;
            Ok(found)
        };
        let ends = objects.first().zip(objects.last()).map(|(first, last)| (first.0, last.0));
        let first = ends.map(|ends| ends.0).or(list.after.map(|id| id.saturating_add(1)));
        let last = ends.map(|ends| ends.1).or(list.before.map(|id| id.saturating_sub(1)));
        let (previous, next) = if backwards {
            let next = last.map(|id| beyond(Look::After("id", Datum::Int(id)))).transpose()?;
            (more, next.unwrap_or(false))
        } else {
            let moved = list.after.is_some() || list.offset > 0;
            let previous = first.filter(|_| moved).map(|id| beyond(Look::Before("id", Datum::Int(id))));
            let bounded = list.before.is_some() && !more;
            let next = last.filter(|_| bounded).map(|id| beyond(Look::After("id", Datum::Int(id))));
            (previous.transpose()?.unwrap_or(false), more || next.transpose()?.unwrap_or(false))
        };
        let size = objects.iter().map(|(_, object)| object.len() + 1).sum::<usize>();
        let mut body = Vec::with_capacity(size + 200);
        body.extend_from_slice(b"{\"data\":[");
        for (at, (_, object)) in objects.iter().enumerate() {
            if at > 0 {
                body.push(b',');
            }
            body.extend_from_slice(object);
        }
        let cursor = |id: Option<i64>| id.map_or("null".to_owned(), |id| format!("\"{}\"", encode(id)));
        let mut meta = String::new();
        // Writing to memory does not fail.
        let _ = write!(
            meta,
            "],\"meta\":{{\"limit\":{},\"total\":{total},\"has_next_page\":{next},\"has_previous_page\":{previous},\
             \"start_cursor\":{},\"end_cursor\":{}}}}}",
            list.limit,
            cursor(ends.map(|ends| ends.0)),
            cursor(ends.map(|ends| ends.1)),
        );
        body.extend_from_slice(meta.as_bytes());
        Ok(body)
    }

    /// One object, as JSON.
    pub fn read(
        &self,
        plan: &Plan,
        tx: &mut Tx<'_>,
        grant: &Grant,
        version: Version,
        id: i64,
    ) -> Result<Vec<u8>, Error> {
        let now = tx.now();
        let mut body = Vec::new();
        let page = Page { backwards: false, limit: 1, offset: 0 };
        let mut rows = tx.rows(grant, plan.resource().table);
        rows.select(plan.columns, &[by(id)], page, &mut |row| {
            render::object(plan, version, &row, now, &mut body)
        })?;
        if body.is_empty() { Err(Error::NotFound) } else { Ok(body) }
    }

    /// Adds an object and answers it.
    pub fn create(
        &self,
        plan: &Plan,
        tx: &mut Tx<'_>,
        grant: &Grant,
        version: Version,
        change: &Change,
    ) -> Result<Vec<u8>, Error> {
        self.check_references(tx, grant, change)?;
        let sets = change.begun(plan, tx.now()).into_iter().collect();
        let id = tx.rows(grant, plan.resource().table).insert(sets).map_err(refused)?;
        told(plan, tx, grant);
        self.read(plan, tx, grant, version, id)
    }

    /// Changes an object and answers it as it is now.
    pub fn update(
        &self,
        plan: &Plan,
        tx: &mut Tx<'_>,
        grant: &Grant,
        version: Version,
        id: i64,
        change: &Change,
    ) -> Result<Vec<u8>, Error> {
        // Who may not see it learns nothing from what is wrong with the change.
        self.read(plan, tx, grant, version, id)?;
        self.check_references(tx, grant, change)?;
        if !change.sets.is_empty() {
            let sets = change.touched(plan, tx.now()).into_iter().collect();
            tx.rows(grant, plan.resource().table).update(&[by(id)], sets).map_err(refused)?;
            told(plan, tx, grant);
        }
        self.read(plan, tx, grant, version, id)
    }

    /// Deletes an object that nothing refers to, and answers it as it was.
    pub fn delete(
        &self,
        plan: &Plan,
        tx: &mut Tx<'_>,
        grant: &Grant,
        version: Version,
        id: i64,
    ) -> Result<Vec<u8>, Error> {
        let body = self.read(plan, tx, grant, version, id)?;
        let system = Grant::system(grant.company(), "references count, whoever may see them");
        let mut referring = Vec::new();
        for referrer in &plan.referrers {
            let looks = [Look::Equal(referrer.column, Datum::Int(id))];
            let count = tx.rows(&system, referrer.table).count(&looks)?;
            if count > 0 {
                referring.push(format!("{} ({}: {count})", referrer.path, referrer.column));
            }
        }
        if !referring.is_empty() {
            return Err(Error::Referred(referring));
        }
        match tx.rows(grant, plan.resource().table).delete(&[by(id)]) {
            Ok(_) => {}
            Err(storage::Error::Reference) => return Err(Error::Referred(Vec::new())),
            Err(error) => return Err(error.into()),
        }
        told(plan, tx, grant);
        Ok(body)
    }

    /// Whatever an input refers to has to exist in the company; everything that does not is named.
    fn check_references(&self, tx: &mut Tx<'_>, grant: &Grant, change: &Change) -> Result<(), Error> {
        let system = Grant::system(grant.company(), "a reference may name what its author cannot see");
        let mut wanted: BTreeMap<&'static str, Vec<i64>> = BTreeMap::new();
        for (_, reference, id) in &change.references {
            if let Some(table) = self.table(*reference) {
                wanted.entry(table).or_default().push(*id);
            }
        }
        let mut existing: BTreeMap<&'static str, Vec<i64>> = BTreeMap::new();
        for (table, ids) in wanted {
            let found = existing.entry(table).or_default();
            for chunk in ids.chunks(CHUNK) {
                let looks = [Look::OneOf("id", chunk.iter().copied().map(Datum::Int).collect())];
                let page = Page { backwards: false, limit: CHUNK as u64, offset: 0 };
                tx.rows(&system, table).select(ID, &looks, page, &mut |row| {
                    if let Cell::Int(id) = row.cell(0)? {
                        found.push(id);
                    }
                    Ok(())
                })?;
            }
        }
        let company = grant.company().get();
        let missing = change.references.iter().filter(|(_, reference, id)| match self.table(*reference) {
            Some(table) => !existing.get(table).is_some_and(|found| found.contains(id)),
            None => *reference == Reference::Table("companies") && *id != company,
        });
        let problems: Vec<_> = missing
            .map(|(at, _, id)| Problem::new(at, "not_found", format!("There is none with the id {id}.")))
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }

    /// The table of a company's rows that a reference leads to.
    fn table(&self, reference: Reference) -> Option<&'static str> {
        match reference {
            Reference::Resource(path) => {
                self.find(path).map(Plan::resource).filter(|other| !other.computed).map(|other| other.table)
            }
            Reference::Table("companies" | "users") | Reference::Anything => None,
            Reference::Table(table) => Some(table),
        }
    }
}

const ID: &[&str] = &["id"];

/// References that one statement looks up.
const CHUNK: usize = 500;

fn by(id: i64) -> Look {
    Look::Equal("id", Datum::Int(id))
}

fn refused(error: storage::Error) -> Error {
    match error {
        storage::Error::Duplicate => Error::Taken,
        storage::Error::Reference => Error::Invalid(vec![Problem::new(
            "id",
            "not_found",
            "Something that it refers to does not exist.",
        )]),
        error => error.into(),
    }
}

/// Identities in memory may be made of this row.
fn told(plan: &Plan, tx: &mut Tx<'_>, grant: &Grant) {
    if plan.identity {
        tx.stale(Stale::Company(grant.company().get()));
    }
}
