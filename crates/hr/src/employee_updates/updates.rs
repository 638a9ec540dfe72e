//! What payroll is told of, as each of these resources shows it: the identifiers are those of the incidences.

use std::collections::HashMap;

use engine::{Ask, Context, Error, Key, Object, Sets};
use registry::Date;
use storage::{Datum, Look};

use crate::bookkeepers_management::incidence;

/// The incidences of some kinds, of whomever the caller reaches.
pub(super) fn keys(cx: &mut Context<'_, '_>, ask: &Ask, kinds: &[&str]) -> Result<Vec<Key>, Error> {
    let text = |kind: &&str| Datum::Text((*kind).to_owned());
    found(cx, ask, vec![Look::OneOf("name", kinds.iter().map(text).collect())])
}

/// The incidences that meet conditions, of whomever the caller reaches.
pub(super) fn found(cx: &mut Context<'_, '_>, ask: &Ask, mut looks: Vec<Look>) -> Result<Vec<Key>, Error> {
    let people = cx.people(ask.ids("employee_ids"))?;
    if let Some(keys) = &ask.keys {
        looks.push(Look::OneOf("id", keys.iter().map(|(id, _)| Datum::Int(*id)).collect()));
    }
    let rows = cx.facts(incidence::PATH, &looks)?;
    let reached = |row: &&Object| row.int("employee_id").is_some_and(|person| people.contains(&person));
    let mut keys: Vec<Key> =
        rows.iter().filter(reached).filter_map(|row| Some((row.int("id")?, 0))).collect();
    keys.sort_unstable();
    Ok(keys)
}

/// A page of incidences, and the people that they are about.
pub(super) struct Told {
    rows: HashMap<i64, Object>,
    people: HashMap<i64, Object>,
}

impl Told {
    pub(super) fn load(cx: &mut Context<'_, '_>, keys: &[Key]) -> Result<Self, Error> {
        let rows = cx.objects(incidence::PATH, keys.iter().map(|(id, _)| *id).collect())?;
        let all: Vec<Object> = rows.values().cloned().collect();
        let people = cx.referred("employees/employees", &all, "employee_id")?;
        Ok(Self { rows, people })
    }

    /// The employees of the page.
    pub(super) fn employees(&self) -> Vec<i64> {
        self.people.keys().copied().collect()
    }

    /// The records that incidences of a page are about.
    pub(super) fn targets(&self) -> Vec<i64> {
        self.rows.values().filter_map(|row| row.int("target_id")).collect()
    }

    /// The latest day on which one of the people leaves.
    pub(super) fn last_day(&self) -> Option<Date> {
        self.people.values().filter_map(|person| person.date("terminated_on")).max()
    }

    /// What each key is written as; all of them have a status and a person.
    pub(super) fn write(&self, keys: &[Key], write: impl Fn(&Object, &Object, &mut Sets)) -> Vec<Sets> {
        let one = |(id, _): &Key| {
            let mut sets = Sets::from([("id", Datum::Int(*id))]);
            if let Some(row) = self.rows.get(id)
                && let Some(person) = row.int("employee_id").and_then(|id| self.people.get(&id))
            {
                sets.insert("status", row.get("status").clone());
                sets.insert("employee_id", row.get("employee_id").clone());
                write(row, person, &mut sets);
            }
            sets
        };
        keys.iter().map(one).collect()
    }
}

/// Takes members over from an object: given here, kept there.
pub(super) fn take(sets: &mut Sets, from: &Object, members: &[(&'static str, &str)]) {
    sets.extend(members.iter().map(|(here, there)| (*here, from.get(there).clone())));
}
