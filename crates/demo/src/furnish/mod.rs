//! The history of a demo company: the same seed and day give the same rows.
//!
//! Who works there, where, and when is written out; everything else is planted from its declaration, with the texts
//! and numbers of `rest.rs`.

mod claims;
mod clock;
mod paper;
mod payroll;
mod people;
mod places;
mod rest;
mod time;
mod value;

use std::collections::BTreeMap;

use access::Grant;
use accounts::Founded;
use engine::{Body, Caller, Context, Engine, Upload};
use registry::{Access, Company, Date, Employee, Id, Kind, Reference, Span, TimeZone, Timestamp, Version};
use serde_json::Value;
use storage::Tx;

use crate::Error;

/// Gives a company that was just founded its people and a year of history.
///
/// Answers the accesses of the people in the order in which they were hired.
pub(crate) fn furnish(
    tx: &mut Tx<'_>,
    engine: &Engine,
    founded: &Founded,
    email: &str,
) -> Result<Vec<i64>, Error> {
    let now = Timestamp::from_millisecond(tx.now().millis()).unwrap_or(Timestamp::UNIX_EPOCH);
    let today = TimeZone::UTC.to_datetime(now).date();
    let mut planter = Planter {
        tx,
        engine,
        company: founded.company,
        founder: (founded.access, founded.employee),
        today,
        planted: BTreeMap::new(),
        whose: BTreeMap::new(),
        own: BTreeMap::new(),
        accesses: Vec::new(),
    };
    places::plant(&mut planter)?;
    let people = people::plant(&mut planter, email)?;
    let illnesses = time::plant(&mut planter, &people)?;
    payroll::plant(&mut planter, &people, &illnesses)?;
    clock::plant(&mut planter, &people)?;
    claims::plant(&mut planter, &people)?;
    rest::plant(&mut planter)?;
    Ok(planter.accesses)
}

/// Plants rows and remembers which.
pub(crate) struct Planter<'a, 'c> {
    tx: &'a mut Tx<'c>,
    engine: &'a Engine,
    company: Id<Company>,
    founder: (Id<Access>, Id<Employee>),
    today: Date,
    planted: BTreeMap<&'static str, Vec<i64>>,
    /// Which employee planted rows belong to, by resource and id.
    whose: BTreeMap<(&'static str, i64), i64>,
    /// The other way round.
    own: BTreeMap<(&'static str, i64), Vec<i64>>,
    accesses: Vec<i64>,
}

impl Planter<'_, '_> {
    /// Plants objects; each is a JSON object of stored fields.
    fn plant(&mut self, path: &'static str, rows: Vec<Value>) -> Result<Vec<i64>, Error> {
        let bodies = rows.into_iter().filter_map(|row| match row {
            Value::Object(body) => Some(body),
            _ => None,
        });
        let bodies: Vec<Body> = bodies.collect();
        let ids = self.engine.plant(self.tx, self.company, path, &bodies)?;
        for (body, id) in bodies.iter().zip(&ids) {
            if let Some(employee) = self.subject(path, body) {
                self.whose.insert((path, *id), employee);
                self.own.entry((path, employee)).or_default().push(*id);
            }
        }
        self.planted.entry(path).or_default().extend(&ids);
        Ok(ids)
    }

    /// The employee whose a row is, by the subject that its resource declares.
    fn subject(&self, path: &str, row: &Body) -> Option<i64> {
        let way = self.engine.find(path)?.resource().subject?;
        let (field, further) = way.split_once('.').unwrap_or((way, ""));
        match (self.leads_to(path, field)?, further) {
            ("employees/employees", "") => number(row.get(field)?),
            (there, "employee_id") => self.whose.get(&(there, number(row.get(field)?)?)).copied(),
            _ => None,
        }
    }

    /// The resource that a field refers to.
    fn leads_to(&self, path: &str, field: &str) -> Option<&'static str> {
        match self.engine.find(path)?.resource().field(field)?.member.kind {
            Kind::Id(Reference::Resource(there)) => Some(there),
            _ => None,
        }
    }

    /// Makes what a row refers to things of one person: of whoever it is about, or else of the first of them. False where
    /// that person has nothing that it needs.
    fn agree(&self, path: &str, row: &mut Body, at: usize) -> bool {
        let Some(plan) = self.engine.find(path) else { return false };
        let mut whose = self.subject(path, row);
        for field in plan.resource().fields.iter().map(|field| field.member) {
            let Some(there) = self.leads_to(path, field.name) else { continue };
            let Some(id) = row.get(field.name).and_then(number) else { continue };
            let Some(owner) = self.whose.get(&(there, id)).copied() else { continue };
            let person = *whose.get_or_insert(owner);
            if person == owner {
                continue;
            }
            let theirs = self.own.get(&(there, person)).and_then(|ids| pick(ids, at));
            match theirs {
                Some(id) => drop(row.insert(field.name.to_owned(), (*id).into())),
                None if field.nullable => drop(row.remove(field.name)),
                None => return false,
            }
        }
        true
    }

    /// Keeps a file and answers its id.
    fn keep(&mut self, name: String, bytes: Vec<u8>) -> Result<i64, Error> {
        let grant = Grant::system(self.company, "the program furnishes a company");
        let mut cx = Context::new(self.engine, self.tx, &grant, Caller::default(), Version::NEWEST);
        Ok(cx.keep(&Upload { name, sha256: accounts::digest(&bytes), bytes: bytes.into() })?)
    }

    /// The ids of what was planted of a resource.
    fn ids(&self, path: &str) -> &[i64] {
        self.planted.get(path).map_or(&[], Vec::as_slice)
    }

    /// A day some days before today, or after it where they are negative.
    fn ago(&self, days: i64) -> Date {
        let span = Span::new().try_days(days);
        span.and_then(|span| self.today.checked_sub(span)).unwrap_or(self.today)
    }
}

/// An id, as rows are planted with it.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// One of some things, by a number.
fn pick<T>(things: &[T], number: usize) -> Option<&T> {
    things.get(number.checked_rem(things.len())?)
}

/// A number that looks random and is always the same for the same seed (the finaliser of SplitMix64).
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
