//! Resources that are worked out when they are asked for, and have no table.

use std::collections::{BTreeMap, BTreeSet};

use access::{Condition, Doing, Permission, organisation};
use registry::{Date, Filter};
use storage::{Cell, Datum, Look};

use crate::context::{ALL, ID};
use crate::list::{Ends, envelope};
use crate::value::date;
use crate::{Context, Error, List, Object, Plan, Sets, render};

/// What tells computed objects apart, in the order of their list: often an employee and a day.
pub type Key = (i64, i64);

/// How a computed resource is worked out. `keys` is cheap and names all that is asked for; `rows` is asked for one page.
#[derive(Debug, Clone, Copy)]
pub struct Compute {
    /// The key that an id on the wire stands for.
    pub key: fn(&str) -> Option<Key>,
    /// The keys of everything that is asked for and that the caller reaches, in ascending order. Where
    /// [`Ask::keys`] names some, only those of them.
    pub keys: fn(&mut Context<'_, '_>, &Ask) -> Result<Vec<Key>, Error>,
    /// The fields of each key, in the same order.
    pub rows: Rows,
}

/// Works out the fields of each key, in the same order.
pub type Rows = fn(&mut Context<'_, '_>, &Ask, &[Key]) -> Result<Vec<Sets>, Error>;

/// The parameters of a computed list, checked against the declaration.
#[derive(Debug, Default, Clone)]
pub struct Ask {
    values: BTreeMap<&'static str, Vec<Datum>>,
    /// The only objects that are wanted, where the request names them.
    pub keys: Option<Vec<Key>>,
}

impl Ask {
    pub(crate) fn put(&mut self, filter: &Filter, values: Vec<Datum>) {
        self.values.insert(filter.name.trim_end_matches("[]"), values);
    }

    fn last(&self, name: &str) -> Option<&Datum> {
        self.values.get(name).and_then(|values| values.last())
    }

    /// The identifiers of a parameter, named without `[]`; `None` where it was not given.
    pub fn ids(&self, name: &str) -> Option<Vec<i64>> {
        let values = self.values.get(name)?;
        let id = |value: &Datum| match value {
            Datum::Int(id) => Some(*id),
            Datum::Text(text) => text.parse().ok(),
            _ => None,
        };
        Some(values.iter().filter_map(id).collect())
    }

    /// The day of a parameter, where it was given.
    pub fn date(&self, name: &str) -> Option<Date> {
        self.text(name).and_then(date)
    }

    /// The text of a parameter, where it was given.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.last(name)? {
            Datum::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts of a parameter, named without `[]`; `None` where it was not given.
    pub fn texts(&self, name: &str) -> Option<Vec<&str>> {
        fn text(value: &Datum) -> Option<&str> {
            match value {
                Datum::Text(text) => Some(text),
                _ => None,
            }
        }
        Some(self.values.get(name)?.iter().filter_map(text).collect())
    }

    /// Whether a parameter is true.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.last(name), Some(Datum::Bool(true)))
    }
}

/// `12_34`: an id of two numbers.
pub fn numbers(text: &str) -> Option<Key> {
    let (first, second) = text.split_once('_')?;
    Some((first.parse().ok()?, second.parse().ok()?))
}

/// `12`: an id of one number.
pub fn number(text: &str) -> Option<Key> {
    Some((text.parse().ok()?, 0))
}

/// `12_2026-11-23`: an employee and a day, which is a number as [`day_number`] has it.
pub fn employee_day(text: &str) -> Option<Key> {
    let (employee, day) = text.split_once('_')?;
    Some((employee.parse().ok()?, day_number(date(day)?)))
}

/// Days since the first of January 1970.
pub fn day_number(day: Date) -> i64 {
    let epoch = registry::date(1970, 1, 1);
    day.since((registry::Unit::Day, epoch)).map_or(0, |span| span.get_days().into())
}

/// The day of a number.
pub fn day_of(number: i64) -> Date {
    let epoch = registry::date(1970, 1, 1);
    let span = registry::Span::new().try_days(number);
    span.and_then(|span| epoch.checked_add(span)).unwrap_or(Date::MAX)
}

impl Context<'_, '_> {
    /// The employees whose records the caller reaches, out of some; `None` stands for all of the company.
    pub fn people(&mut self, wanted: Option<Vec<i64>>) -> Result<BTreeSet<i64>, Error> {
        let mut looks = vec![Look::Granted(self.grant.people(None))];
        looks.extend(wanted.map(|ids| Look::OneOf("id", ids.into_iter().map(Datum::Int).collect())));
        self.judged(&looks)
    }

    /// The ids of people, of whom it is noted on the way what of their records is hidden.
    fn judged(&mut self, looks: &[Look]) -> Result<BTreeSet<i64>, Error> {
        let (grant, judged) = (self.system(), std::mem::take(&mut self.veiled.judged));
        let mut ids = BTreeSet::new();
        let people = &mut self.veiled.people;
        let done = self.tx.rows(&grant, organisation::PEOPLE).judge(ID, &judged, looks, ALL, &mut |row| {
            if let Cell::Int(id) = row.cell(0)? {
                ids.insert(id);
                let hides = |at| Ok(!matches!(row.cell(1 + at)?, Cell::Int(1)));
                let hides = (0..judged.len()).map(hides).collect::<Result<_, storage::Error>>()?;
                people.insert(id, hides);
            }
            Ok(())
        });
        self.veiled.judged = judged;
        done?;
        Ok(ids)
    }

    /// As [`Context::people`], with another permission than that of the operation.
    pub fn people_with(
        &mut self,
        permission: Option<Permission>,
        wanted: Option<Vec<i64>>,
    ) -> Result<BTreeSet<i64>, Error> {
        let mut looks = vec![Look::Granted(self.grant.people(permission))];
        looks.extend(wanted.map(|ids| Look::OneOf("id", ids.into_iter().map(Datum::Int).collect())));
        self.ids(organisation::PEOPLE, &looks)
    }

    /// The page of a computed list, as JSON.
    pub fn computed_list(&mut self, plan: &Plan, compute: &Compute, list: &List) -> Result<Vec<u8>, Error> {
        self.veil(plan);
        let keys = (compute.keys)(self, &list.ask)?;
        let cursor = |text: &String| crate::list::key(text).or_else(|| (compute.key)(text));
        let begin = match &list.after_key {
            Some(text) => cursor(text).map(|key| keys.partition_point(|other| *other <= key)),
            None => Some(0),
        };
        let end = match &list.before_key {
            Some(text) => cursor(text).map(|key| keys.partition_point(|other| *other < key)),
            None => Some(keys.len()),
        };
        let (Some(begin), Some(end)) = (begin, end) else {
            return Err(Error::invalid("after_id", "It must be a cursor of this list, or an id."));
        };
        let (from, to) = list.window(begin, end);
        let page = &keys[from..to];
        let objects = self.computed(plan, compute, &list.ask, page)?;
        let name = |key: &Key| crate::list::encode_key(*key);
        let ends = Ends {
            previous: from > 0 && !keys.is_empty(),
            next: to < keys.len(),
            first: page.first().map(name),
            last: page.last().map(name),
        };
        let total = i64::try_from(keys.len()).unwrap_or(i64::MAX);
        Ok(envelope(objects.iter().map(Vec::as_slice), list.limit, total, &ends))
    }

    /// One computed object, as JSON.
    pub fn computed_one(&mut self, plan: &Plan, compute: &Compute, id: &str) -> Result<Vec<u8>, Error> {
        let key = (compute.key)(id).ok_or(Error::NotFound)?;
        self.veil(plan);
        let ask = Ask { keys: Some(vec![key]), ..Ask::default() };
        let keys = (compute.keys)(self, &ask)?;
        if !keys.contains(&key) {
            return Err(Error::NotFound);
        }
        self.computed(plan, compute, &ask, &[key])?.pop().ok_or(Error::NotFound)
    }

    fn computed(
        &mut self,
        plan: &Plan,
        compute: &Compute,
        ask: &Ask,
        keys: &[Key],
    ) -> Result<Vec<Vec<u8>>, Error> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let rows = (compute.rows)(self, ask, keys)?;
        self.written(plan, rows)
    }

    /// Objects of a resource without a table, as JSON.
    pub(crate) fn written(&mut self, plan: &Plan, rows: Vec<Sets>) -> Result<Vec<Vec<u8>>, Error> {
        let hidden = self.hidden_of(plan, &rows)?;
        let (now, version) = (self.tx.now(), self.version);
        let company = self.grant.company().get();
        let written = rows.into_iter().zip(hidden).map(|(mut row, hidden)| {
            row.entry("company_id").or_insert(Datum::Int(company));
            let cells = plan.columns.iter().map(|column| row.remove(column).unwrap_or(Datum::Null)).collect();
            let object = Object { columns: plan.columns, cells };
            let mut out = Vec::with_capacity(512);
            render::object(plan, version, &object, &[], &hidden, (now, None), &mut out)?;
            Ok::<_, Error>(out)
        });
        written.collect()
    }

    /// Has it noted, whenever people are looked up, what of their records is hidden from the caller.
    fn veil(&mut self, plan: &Plan) {
        if !self.grant.is_everything() {
            let modules = plan.protected.sensitive.iter();
            let seen = modules.map(|module| self.grant.people(Some(Permission::new(module, Doing::See))));
            self.veiled = Veiled { judged: seen.collect(), people: BTreeMap::new() };
        }
    }

    /// For each computed row which sensitive modules are hidden in it.
    fn hidden_of(&mut self, plan: &Plan, rows: &[Sets]) -> Result<Vec<Vec<bool>>, Error> {
        if self.grant.is_everything() || plan.protected.sensitive.is_empty() {
            return Ok(vec![Vec::new(); rows.len()]);
        }
        let subject = plan.resource().subject.unwrap_or_default();
        let subjects = rows.iter().map(|row| match row.get(subject) {
            Some(Datum::Int(id)) => Some(*id),
            _ => None,
        });
        let subjects: Vec<_> = subjects.collect();
        if self.veiled.judged.is_empty() {
            self.veil(plan);
        }
        let unknown = subjects.iter().flatten().filter(|id| !self.veiled.people.contains_key(id));
        let unknown: Vec<_> = unknown.copied().map(Datum::Int).collect();
        if !unknown.is_empty() {
            self.judged(&[Look::OneOf("id", unknown)])?;
        }
        let all = || vec![true; plan.protected.sensitive.len()];
        let people = &self.veiled.people;
        let hidden =
            |subject: &Option<i64>| subject.and_then(|id| people.get(&id).cloned()).unwrap_or_else(all);
        Ok(subjects.iter().map(hidden).collect())
    }
}

/// What is hidden of whose records, in a resource that is worked out.
#[derive(Default)]
pub(crate) struct Veiled {
    /// For each sensitive module whose records are shown.
    judged: Vec<Condition>,
    /// For each of the people who were looked up whether each module is hidden.
    people: BTreeMap<i64, Vec<bool>>,
}
