//! All rows of a company as bytes, and back: the same rows with the same ids.

use std::collections::HashMap;

use registry::{Company, Id};
use sea_query::{Expr, ExprTrait, Query, Value};

use crate::tx::{COMPANY, driver};
use crate::{Cell, Error, Tx, Type};

/// Parameters of one INSERT, which stay within every database's limit.
const PARAMETERS: usize = 2000;

impl Tx<'_> {
    /// Every row of a company, in every table that carries `company_id`, and the company's own. Tables and columns
    /// are named in it, so that it outlives changes of the schema.
    pub fn snapshot(&mut self, company: Id<Company>) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::new();
        for CompanyTable { table, columns, key } in self.tables_of_a_company() {
            let mut select = Query::select();
            select.columns(columns.iter().map(|(name, _)| *name)).from(table);
            select.and_where(Expr::col(key).eq(company.get()));
            // Rows may refer to earlier ones of their own table.
            select.order_by(columns[0].0, sea_query::Order::Asc);
            let mut rows = Vec::new();
            self.query(&select, &mut |row| {
                for at in 0..columns.len() {
                    encode(row.cell(at)?, &mut rows);
                }
                Ok(())
            })?;
            let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
            encode(Cell::Text(table), &mut bytes);
            encode(Cell::Text(&names.join(" ")), &mut bytes);
            encode(Cell::Bytes(&rows), &mut bytes);
        }
        Ok(bytes)
    }

    /// Deletes a company with everything that belongs to it, and puts a snapshot in its place.
    ///
    /// A table or column that is newer than the snapshot stays empty; one that is gone is left out.
    pub fn restore(&mut self, company: Id<Company>, snapshot: &[u8]) -> Result<(), Error> {
        // Rows refer to each other in circles; the references are checked when the transaction ends.
        self.defer_references()?;
        let stay = self.company_tables().filter(|table| !table.goes_with_company());
        let own = stay.map(|table| (table.name(), COMPANY)).chain([("companies", "id")]);
        for (table, key) in own.collect::<Vec<_>>() {
            let mut delete = Query::delete();
            delete.from_table(table).and_where(Expr::col(key).eq(company.get()));
            self.execute(&delete)?;
        }
        let mut kept = HashMap::new();
        let mut rest = snapshot;
        while !rest.is_empty() {
            let (Cell::Text(table), Cell::Text(names), Cell::Bytes(rows)) =
                (decode(&mut rest)?, decode(&mut rest)?, decode(&mut rest)?)
            else {
                return Err(damaged());
            };
            kept.insert(table, (names, rows));
        }
        for CompanyTable { table, columns, .. } in self.tables_of_a_company() {
            let Some((names, mut rows)) = kept.remove(table) else { continue };
            let known: Vec<Option<(&str, Type)>> = names
                .split(' ')
                .map(|name| columns.iter().find(|column| column.0 == name).copied())
                .collect();
            while !rows.is_empty() {
                let mut insert = Query::insert();
                insert.into_table(table).columns(known.iter().flatten().map(|(name, _)| *name));
                for _ in 0..(PARAMETERS / known.len()).max(1) {
                    if rows.is_empty() {
                        break;
                    }
                    let mut values = Vec::with_capacity(known.len());
                    for column in &known {
                        let cell = decode(&mut rows)?;
                        if let Some((_, kind)) = column {
                            values.push(Expr::val(value(cell, *kind)?));
                        }
                    }
                    insert.values(values).map_err(driver)?;
                }
                self.execute(&insert)?;
            }
        }
        Ok(())
    }

    /// Parents first.
    fn tables_of_a_company(&self) -> Vec<CompanyTable> {
        let companies = self.table("companies").into_iter().map(|table| (table, "id"));
        companies
            .chain(self.company_tables().map(|table| (table, COMPANY)))
            .map(|(table, key)| {
                let id = table.has_id().then_some(("id", Type::Int));
                CompanyTable {
                    table: table.name(),
                    columns: id.into_iter().chain(table.columns()).collect(),
                    key,
                }
            })
            .collect()
    }
}

/// A table with rows of a company.
struct CompanyTable {
    table: &'static str,
    columns: Vec<(&'static str, Type)>,
    /// The column that names the company.
    key: &'static str,
}

fn damaged() -> Error {
    Error::Driver("a snapshot that cannot be read".to_owned())
}

/// A tag, and for text and bytes the length, before the value.
fn encode(cell: Cell<'_>, out: &mut Vec<u8>) {
    match cell {
        Cell::Null => out.push(0),
        Cell::Int(value) => {
            out.push(1);
            out.extend(value.to_le_bytes());
        }
        Cell::Bool(value) => {
            out.push(1);
            out.extend(i64::from(value).to_le_bytes());
        }
        Cell::Text(text) => {
            out.push(2);
            out.extend((text.len() as u64).to_le_bytes());
            out.extend(text.as_bytes());
        }
        Cell::Real(value) => {
            out.push(4);
            out.extend(value.to_le_bytes());
        }
        // As SQLite has them.
        Cell::Date(date) => encode(Cell::Text(&date.to_string()), out),
        Cell::Time(time) => encode(Cell::Text(&time.to_string()), out),
        Cell::Bytes(bytes) => {
            out.push(3);
            out.extend((bytes.len() as u64).to_le_bytes());
            out.extend(bytes);
        }
    }
}

fn decode<'a>(rest: &mut &'a [u8]) -> Result<Cell<'a>, Error> {
    fn take<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8], Error> {
        let (taken, left) = rest.split_at_checked(length).ok_or_else(damaged)?;
        *rest = left;
        Ok(taken)
    }
    fn number(rest: &mut &[u8]) -> Result<i64, Error> {
        take(rest, 8)?.try_into().map(i64::from_le_bytes).map_err(|_| damaged())
    }
    fn run<'a>(rest: &mut &'a [u8]) -> Result<&'a [u8], Error> {
        let length = usize::try_from(number(rest)?).map_err(|_| damaged())?;
        take(rest, length)
    }
    match take(rest, 1)?[0] {
        0 => Ok(Cell::Null),
        1 => Ok(Cell::Int(number(rest)?)),
        2 => std::str::from_utf8(run(rest)?).map(Cell::Text).map_err(|_| damaged()),
        3 => Ok(Cell::Bytes(run(rest)?)),
        4 => Ok(Cell::Real(f64::from_bits(number(rest)?.cast_unsigned()))),
        _ => Err(damaged()),
    }
}

fn value(cell: Cell<'_>, kind: Type) -> Result<Value, Error> {
    Ok(match (cell, kind) {
        (Cell::Null, _) => Value::String(None),
        (Cell::Int(value), Type::Bool) => Value::Bool(Some(value != 0)),
        (Cell::Int(value), _) => Value::BigInt(Some(value)),
        (Cell::Text(text), _) => Value::String(Some(text.to_owned())),
        (Cell::Bytes(bytes), _) => Value::Bytes(Some(bytes.to_vec())),
        (Cell::Real(value), _) => Value::Double(Some(value)),
        (Cell::Bool(_) | Cell::Date(_) | Cell::Time(_), _) => return Err(damaged()),
    })
}
