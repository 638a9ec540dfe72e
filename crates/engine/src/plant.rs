//! Rows as the program itself knows them, whatever bodies may say.

use access::Grant;
use registry::{Company, Field, Id, Instant};
use storage::{Datum, Tx};

use crate::error::Problem;
use crate::input::{Body, Change, Sets};
use crate::value::{Findings, datum};
use crate::{Engine, Error, Object, Plan};

impl Engine {
    /// An object that is nowhere, for rules that are asked without a database: its stored fields in the form of the newest
    /// version. What it does not say has no value.
    pub fn imagine(&self, path: &str, row: &Body) -> Result<Object, Error> {
        let plan = self.find(path).ok_or(Error::NotFound)?;
        let mut found = Findings::default();
        let cell = |column: &&'static str| {
            let value = row.get(*column).filter(|value| !value.is_null())?;
            datum(&plan.resource().field(column)?.member.kind, value, column, &mut found)
        };
        let cells = plan.columns.iter().map(cell).map(|cell| cell.unwrap_or(Datum::Null)).collect();
        if found.problems.is_empty() {
            Ok(Object { columns: plan.columns, cells })
        } else {
            Err(Error::Invalid(found.problems))
        }
    }

    /// Adds objects of a resource and returns their ids in the same order. Every stored field may be given, in the form
    /// of the newest version; the others have what a new object starts with.
    pub fn plant(
        &self,
        tx: &mut Tx<'_>,
        company: Id<Company>,
        path: &str,
        rows: &[Body],
    ) -> Result<Vec<i64>, Error> {
        let plan = self.find(path).ok_or(Error::NotFound)?;
        let now = tx.now();
        let fields: Vec<&'static Field> = plan.resource().fields.iter().filter(|f| f.kept()).collect();
        let has = |name: &str| rows.iter().any(|row| row.contains_key(name));
        let own = |field: &&Field| {
            let name = field.member.name;
            name != "company_id" && (name != "id" || has("id"))
        };
        let fields: Vec<_> = fields.into_iter().filter(own).collect();
        let columns: Vec<_> = fields.iter().map(|field| field.member.name).collect();
        let rows = rows.iter().map(|row| cells(plan, &fields, row, now)).collect::<Result<_, _>>()?;
        let grant = Grant::system(company, "the program furnishes a company");
        Ok(tx.rows(&grant, plan.resource().table).insert_all(&columns, rows)?)
    }
}

fn cells(plan: &Plan, fields: &[&Field], row: &Body, now: Instant) -> Result<Vec<Datum>, Error> {
    let path = plan.resource().path;
    let mut found = Findings::default();
    let mut sets = Sets::new();
    for (name, value) in row {
        let Some(field) = fields.iter().find(|field| field.member.name == name) else {
            found.problems.push(Problem::new(&format!("{path}.{name}"), "unknown", "It is no stored field."));
            continue;
        };
        if !value.is_null()
            && let Some(datum) = datum(&field.member.kind, value, name, &mut found)
        {
            sets.insert(field.member.name, datum);
        }
    }
    let mut sets = Change::begun(sets, plan, now);
    let cells = fields.iter().map(|field| {
        let cell = sets.remove(field.member.name).unwrap_or(Datum::Null);
        if cell == Datum::Null && !field.member.nullable && field.member.since.is_none() {
            let at = format!("{path}.{}", field.member.name);
            found.problems.push(Problem::new(&at, "required", "It is never null."));
        }
        cell
    });
    let cells = cells.collect();
    if found.problems.is_empty() { Ok(cells) } else { Err(Error::Invalid(found.problems)) }
}
