//! Fields that need more than their row, worked out for all rows of a page with one statement each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;
use storage::{Cell, Datum, Look, Page};

use crate::code::{Join, Take};
use crate::plan::{From, Plan};
use crate::render::kept;
use crate::{Context, Error, Object};

/// Values of one condition at most.
const CHUNK: usize = 500;

impl Context<'_, '_> {
    /// For each object the late values, in the order of the plan. Those that the version does not show are null.
    pub(crate) fn late(&mut self, plan: &Plan, objects: &[Object]) -> Result<Vec<Vec<Datum>>, Error> {
        let mut values = vec![Vec::with_capacity(plan.late.len()); objects.len()];
        for late in &plan.late {
            let column = if !late.field.member.lives_in(self.version) {
                vec![Datum::Null; objects.len()]
            } else {
                match &late.from {
                    From::Joined { join, table, columns } => self.joined(join, table, columns, objects)?,
                    From::Page(work) => work(self, objects)?.into_iter().map(kept).collect(),
                }
            };
            for (row, value) in values.iter_mut().zip(column) {
                row.push(value);
            }
        }
        Ok(values)
    }

    fn joined(
        &mut self,
        join: &Join,
        table: &'static str,
        columns: &'static [&'static str],
        objects: &[Object],
    ) -> Result<Vec<Datum>, Error> {
        let keys: BTreeSet<i64> = objects.iter().filter_map(|object| object.int(join.here)).collect();
        let keys: Vec<i64> = keys.into_iter().collect();
        let mut found: HashMap<i64, Datum> = HashMap::new();
        let mut lists: HashMap<i64, Vec<i64>> = HashMap::new();
        let grant = self.system();
        for chunk in keys.chunks(CHUNK) {
            let mut looks = vec![Look::OneOf(join.there, chunk.iter().copied().map(Datum::Int).collect())];
            looks.extend(join.only.iter().map(|(column, value)| Look::Equal(column, value.datum())));
            let mut rows = self.tx.rows(&grant, table);
            if matches!(join.take, Take::Count | Take::Sum(_)) {
                let counts = rows.tally(columns, &looks)?;
                found.extend(counts.into_iter().map(|(key, count)| (key, Datum::Int(count))));
                continue;
            }
            let all = Page { backwards: false, limit: i64::MAX.unsigned_abs(), offset: 0 };
            rows.select(columns, &looks, all, &mut |row| {
                let Cell::Int(key) = row.cell(0)? else { return Ok(()) };
                let value = row.cell(1)?;
                match (join.take, value) {
                    (Take::All(_), Cell::Int(id)) => lists.entry(key).or_default().push(id),
                    _ => {
                        found.entry(key).or_insert_with(|| Datum::of(value));
                    }
                }
                Ok(())
            })?;
        }
        let value = |object: &Object| {
            let key = object.int(join.here)?;
            match join.take {
                Take::One(_) => found.get(&key).cloned(),
                Take::Count | Take::Sum(_) => Some(found.get(&key).cloned().unwrap_or(Datum::Int(0))),
                Take::All(_) => lists.get(&key).map(|ids| Datum::Text(identifiers(ids))),
            }
        };
        Ok(objects.iter().map(|object| value(object).unwrap_or(Datum::Null)).collect())
    }
}

/// A list of identifiers as it is kept, each once.
pub(crate) fn identifiers(ids: &[i64]) -> String {
    let mut seen = BTreeMap::new();
    let distinct = ids.iter().filter(|id| seen.insert(**id, ()).is_none());
    Value::from_iter(distinct.map(ToString::to_string)).to_string()
}
