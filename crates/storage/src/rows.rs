//! Rows of declared resources, always under a decision.

use std::collections::HashMap;

use access::{Condition, Grant, Set};
use sea_query::Value;

use crate::schema::COUNTS;
use crate::statement::{Comparison, Form, How, Part, Statement, Verb, rows_of_one};
use crate::tx::Sink;
use crate::{Cell, Dialect, Error, Table, Tx};

/// A value for a column of a declared resource.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// No value.
    Null,
    /// True or false.
    Bool(bool),
    /// An integer, an identifier, or an instant in milliseconds.
    Int(i64),
    /// A number with a fraction.
    Real(f64),
    /// Text, a day or a time of day in ISO 8601, or JSON.
    Text(String),
}

impl Datum {
    /// What a cell has, for longer than the statement.
    pub fn of(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Null | Cell::Bytes(_) => Datum::Null,
            Cell::Int(value) => Datum::Int(value),
            Cell::Bool(value) => Datum::Bool(value),
            Cell::Real(value) => Datum::Real(value),
            Cell::Date(date) => Datum::Text(date.to_string()),
            Cell::Time(time) => Datum::Text(time.to_string()),
            Cell::Text(text) => Datum::Text(text.to_owned()),
        }
    }

    /// As a statement hands it over.
    pub fn cell(&self) -> Cell<'_> {
        match self {
            Datum::Null => Cell::Null,
            Datum::Bool(value) => Cell::Bool(*value),
            Datum::Int(value) => Cell::Int(*value),
            Datum::Real(value) => Cell::Real(*value),
            Datum::Text(text) => Cell::Text(text),
        }
    }

    fn value(self) -> Value {
        match self {
            // A null has no type of its own; both drivers take it for any column.
            Datum::Null => Value::String(None),
            Datum::Bool(value) => Value::Bool(Some(value)),
            Datum::Int(value) => Value::BigInt(Some(value)),
            Datum::Real(value) => Value::Double(Some(value)),
            Datum::Text(text) => Value::String(Some(text)),
        }
    }
}

/// How rows are told apart.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// The column is the value.
    Equal(&'static str, Datum),
    /// The column is one of the values.
    OneOf(&'static str, Vec<Datum>),
    /// The column is the value or more.
    From(&'static str, Datum),
    /// The column is the value or less.
    To(&'static str, Datum),
    /// The column is more than the value.
    After(&'static str, Datum),
    /// The column is less than the value.
    Before(&'static str, Datum),
    /// One of the columns has the text in it, in any case.
    Search(Vec<&'static str>, String),
    /// The column begins with the text, in any case.
    Prefix(&'static str, String),
    /// The list of JSON in the column has one of these JSON texts in it.
    Has(&'static str, Vec<String>),
    /// The column has no value.
    Null(&'static str),
    /// The column is what another column is in some row of the company that meets conditions.
    Among(&'static str, Among),
    /// Of the rows that have the same in the column and meet conditions it is the one with the greatest id.
    Newest(&'static str, Among),
    /// The opposite. Where a column has no value neither holds.
    Not(Box<Look>),
    /// At least one of the conditions.
    Any(Vec<Look>),
    /// What a decision says.
    Granted(Condition),
}

/// Rows of another table, for a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Among {
    /// The table.
    pub table: &'static str,
    /// The column whose values count.
    pub column: &'static str,
    /// The conditions.
    pub looks: Vec<Look>,
}

/// The part of a list that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The last rows instead of the first, the last one first.
    pub backwards: bool,
    /// The most rows.
    pub limit: u64,
    /// Rows that are passed over before.
    pub offset: u64,
}

/// A condition in postfix form with its values.
#[derive(Default)]
struct Where {
    parts: Vec<Part>,
    values: Vec<Value>,
}

impl Where {
    fn compare(&mut self, column: &'static str, comparison: Comparison, value: Value) {
        self.parts.push(Part::Compare(column, comparison));
        self.values.push(value);
    }

    fn one_of(&mut self, column: &'static str, values: impl Iterator<Item = Value>) {
        let mut values = values.collect();
        self.parts.push(Part::one_of(column, &mut values));
        self.values.append(&mut values);
    }

    fn either(&mut self, compared: impl Iterator<Item = (&'static str, Comparison, Value)>) {
        let before = self.parts.len();
        for (column, comparison, value) in compared {
            self.compare(column, comparison, value);
            if self.parts.len() > before + 1 {
                self.parts.push(Part::Or);
            }
        }
        if self.parts.len() == before {
            self.parts.push(Part::None);
        }
    }

    fn look(&mut self, look: &Look, company: i64) {
        match look {
            Look::Equal(column, value) => self.compare(column, Comparison::Equal, value.clone().value()),
            Look::From(column, value) => {
                self.compare(column, Comparison::GreaterOrEqual, value.clone().value());
            }
            Look::To(column, value) => self.compare(column, Comparison::LessOrEqual, value.clone().value()),
            Look::After(column, value) => self.compare(column, Comparison::Greater, value.clone().value()),
            Look::Before(column, value) => self.compare(column, Comparison::Less, value.clone().value()),
            Look::Prefix(column, text) => {
                self.compare(column, Comparison::Like, pattern("", &text.to_lowercase()));
            }
            Look::Search(columns, text) => {
                let pattern = pattern("%", &text.to_lowercase());
                self.either(columns.iter().map(|column| (*column, Comparison::Like, pattern.clone())));
            }
            Look::Has(column, texts) => {
                self.either(texts.iter().map(|text| (*column, Comparison::Has, pattern("%", text))));
            }
            Look::Null(column) => self.parts.push(Part::Null(column)),
            Look::Not(look) => {
                self.look(look, company);
                self.parts.push(Part::Not);
            }
            Look::Any(looks) => {
                if looks.is_empty() {
                    self.parts.push(Part::None);
                }
                for (at, look) in looks.iter().enumerate() {
                    self.look(look, company);
                    if at > 0 {
                        self.parts.push(Part::Or);
                    }
                }
            }
            Look::Granted(condition) => self.condition(condition, company),
            Look::Among(column, Among { table, column: of, looks }) => {
                self.compare(crate::tx::COMPANY, Comparison::Equal, Value::BigInt(Some(company)));
                looks.iter().for_each(|look| self.look(look, company));
                self.parts.push(Part::Among { column, table, of, conditions: looks.len() + 1, per: None });
            }
            Look::Newest(per, Among { table, column: of, looks }) => {
                self.compare(crate::tx::COMPANY, Comparison::Equal, Value::BigInt(Some(company)));
                looks.iter().for_each(|look| self.look(look, company));
                let conditions = looks.len() + 1;
                self.parts.push(Part::Among { column: "id", table, of, conditions, per: Some(per) });
            }
            Look::OneOf(column, wanted) => self.one_of(column, wanted.iter().cloned().map(Datum::value)),
        }
    }
}

impl Where {
    fn condition(&mut self, condition: &Condition, company: i64) {
        match condition {
            Condition::Always => self.parts.push(Part::All),
            Condition::Never => self.parts.push(Part::None),
            Condition::Empty(column) => self.parts.push(Part::Null(column)),
            Condition::True(column) => {
                self.compare(column, Comparison::Equal, Value::Bool(Some(true)));
            }
            Condition::Text(column, text) => {
                self.compare(column, Comparison::Equal, Value::String(Some((*text).to_owned())));
            }
            Condition::Lists(column, id) => {
                self.compare(column, Comparison::Has, pattern("%", &format!("\"{id}\"")));
            }
            Condition::In(column, sets) => match sets.as_slice() {
                [] => self.parts.push(Part::None),
                [Set::One(id)] => self.compare(column, Comparison::Equal, Value::BigInt(Some(*id))),
                sets if sets.iter().all(|set| matches!(set, Set::One(_))) => {
                    let ids = sets.iter().filter_map(|set| match set {
                        Set::One(id) => Some(Value::BigInt(Some(*id))),
                        _ => None,
                    });
                    self.one_of(column, ids);
                }
                sets => {
                    sets.iter().for_each(|set| self.set(set, company));
                    self.parts.push(Part::In(column, sets.len()));
                }
            },
            Condition::All(conditions) => self.joined(conditions, Part::And, Part::All, company),
            Condition::Any(conditions) => self.joined(conditions, Part::Or, Part::None, company),
        }
    }

    fn joined(&mut self, conditions: &[Condition], join: Part, empty: Part, company: i64) {
        if conditions.is_empty() {
            self.parts.push(empty);
        }
        for (at, condition) in conditions.iter().enumerate() {
            self.condition(condition, company);
            if at > 0 {
                self.parts.push(join);
            }
        }
    }

    fn set(&mut self, set: &Set, company: i64) {
        match set {
            Set::One(id) => {
                self.parts.push(Part::One);
                self.values.push(Value::BigInt(Some(*id)));
            }
            Set::Column { table, column, of } => {
                self.compare(crate::tx::COMPANY, Comparison::Equal, Value::BigInt(Some(company)));
                self.condition(of, company);
                self.parts.push(Part::And);
                self.parts.push(Part::Column { table, of: column });
            }
            Set::Below { table, key, parent, root } => {
                self.parts.push(Part::Below { table, key, parent });
                let values = [company, *root, company].map(|value| Value::BigInt(Some(value)));
                self.values.extend(values);
            }
        }
    }
}

fn pattern(before: &str, text: &str) -> Value {
    let mut pattern = String::from(before);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    Value::String(Some(pattern))
}

/// Values that one statement has at most; databases have limits.
const PARAMETERS: usize = 4000;

/// Statements on the table of one resource. What they see, add, change and delete is what the grant allows.
pub struct Rows<'t, 'c> {
    tx: &'t mut Tx<'c>,
    grant: &'t Grant,
    table: &'static str,
}

impl<'c> Tx<'c> {
    /// Statements on a table of the declarations, under a decision.
    pub fn rows<'t>(&'t mut self, grant: &'t Grant, table: &'static str) -> Rows<'t, 'c> {
        Rows { tx: self, grant, table }
    }

    /// Rows of any company whose column is the value or less, as company and id: for what is deleted by itself.
    pub fn overdue(
        &mut self,
        table: &'static str,
        column: &'static str,
        until: Datum,
        limit: u64,
    ) -> Result<Vec<(i64, i64)>, Error> {
        let form = Form {
            verb: Verb::Select,
            table,
            columns: &["company_id", "id"],
            judged: Vec::new(),
            sets: Vec::new(),
            company: false,
            condition: vec![Part::Compare(column, Comparison::LessOrEqual)],
            order: vec![("id", false)],
            limit: true,
            offset: false,
            rows: 1,
        };
        let values = vec![until.value(), Value::BigUnsigned(Some(limit))];
        let mut found = Vec::new();
        self.query_form(Statement { form, values }, &mut |row| {
            if let (Cell::Int(company), Cell::Int(id)) = (row.cell(0)?, row.cell(1)?) {
                found.push((company, id));
            }
            Ok(())
        })?;
        Ok(found)
    }
}

impl Rows<'_, '_> {
    /// Hands over the rows that meet all conditions, by id. Each has the columns in their order.
    pub fn select(
        &mut self,
        columns: &'static [&'static str],
        looks: &[Look],
        page: Page,
        sink: &mut Sink<'_>,
    ) -> Result<(), Error> {
        self.judge(columns, &[], looks, page, sink)
    }

    /// As [`Rows::select`]; behind the columns each row has 1 or 0 for each of some conditions, as it holds or not.
    pub fn judge(
        &mut self,
        columns: &'static [&'static str],
        judged: &[Condition],
        looks: &[Look],
        page: Page,
        sink: &mut Sink<'_>,
    ) -> Result<(), Error> {
        let mut statement = self.statement(Verb::Select, columns, Vec::new(), looks);
        let company = self.grant.company().get();
        let mut values = Vec::new();
        for condition in judged {
            let mut one = Where::default();
            one.condition(condition, company);
            statement.form.judged.push(one.parts);
            values.append(&mut one.values);
        }
        statement.values.splice(0..0, values);
        statement.form.order = vec![("id", page.backwards)];
        statement.form.limit = true;
        statement.values.push(Value::BigUnsigned(Some(page.limit)));
        if page.offset > 0 {
            statement.form.offset = true;
            statement.values.push(Value::BigUnsigned(Some(page.offset)));
        }
        self.tx.query_form(statement, sink)
    }

    /// How many rows meet all conditions. All rows of a company are counted already.
    pub fn count(&mut self, looks: &[Look]) -> Result<i64, Error> {
        let all = looks.is_empty() && *self.grant.sight() == Condition::Always;
        if all && self.tx.table(self.table).is_some_and(Table::is_counted) {
            return self.kept_count();
        }
        let statement = self.statement(Verb::Count, &[], Vec::new(), looks);
        let mut count = 0;
        self.tx.query_form(statement, &mut |row| {
            if let Cell::Int(value) = row.cell(0)? {
                count = value;
            }
            Ok(())
        })?;
        Ok(count)
    }

    fn kept_count(&mut self) -> Result<i64, Error> {
        let equal = |column| Part::Compare(column, Comparison::Equal);
        let form = Form {
            verb: Verb::Tally,
            table: COUNTS,
            columns: &["name", "rows"],
            judged: Vec::new(),
            sets: Vec::new(),
            company: false,
            condition: vec![equal("company"), equal("name")],
            order: Vec::new(),
            limit: false,
            offset: false,
            rows: 1,
        };
        let company = self.grant.company().get();
        let values = vec![Value::BigInt(Some(company)), Value::String(Some(self.table.to_owned()))];
        let mut count = 0;
        self.tx.query_form(Statement { form, values }, &mut |row| {
            if let Cell::Int(value) = row.cell(1)? {
                count = value;
            }
            Ok(())
        })?;
        Ok(count)
    }

    /// Adds a row to the company and returns its id.
    pub fn insert(&mut self, sets: Vec<(&'static str, Datum)>) -> Result<i64, Error> {
        let mut statement = self.statement(Verb::InsertReturning, &[], sets, &[]);
        // The company's value stands behind those of the other columns: it is assigned here, not asked for.
        statement.form.company = false;
        statement.form.condition = Vec::new();
        statement.form.sets.push((crate::tx::COMPANY, How::Set));
        let mut id = None;
        self.tx.query_form(statement, &mut |row| {
            if let Cell::Int(value) = row.cell(0)? {
                id = Some(value);
            }
            Ok(())
        })?;
        id.ok_or_else(|| Error::Driver(format!("a new row of {} has no id", self.table)))
    }

    /// Adds rows to the company and returns their ids in the same order. Each has a value for every column.
    pub fn insert_all(&mut self, columns: &[&'static str], rows: Vec<Vec<Datum>>) -> Result<Vec<i64>, Error> {
        let mut ids = Vec::with_capacity(rows.len());
        for statement in self.inserts(Verb::InsertReturning, columns, rows) {
            self.tx.query_form(statement, &mut |row| {
                if let Cell::Int(value) = row.cell(0)? {
                    ids.push(value);
                }
                Ok(())
            })?;
        }
        Ok(ids)
    }

    /// As [`Rows::insert_all`] where nobody asks for the ids, which would cost a database more than the rows. A failure may
    /// be that of a later statement of the transaction.
    pub fn put_all(&mut self, columns: &[&'static str], rows: Vec<Vec<Datum>>) -> Result<(), Error> {
        for statement in self.inserts(Verb::Insert, columns, rows) {
            self.tx.execute_form_later(statement)?;
        }
        Ok(())
    }

    fn inserts(&self, verb: Verb, columns: &[&'static str], rows: Vec<Vec<Datum>>) -> Vec<Statement> {
        let company = Value::BigInt(Some(self.grant.company().get()));
        let sets: Vec<_> =
            columns.iter().copied().chain([crate::tx::COMPANY]).map(|c| (c, How::Set)).collect();
        let most = match self.tx.dialect() {
            // It prepares for undoing half of a statement with many rows, and has no way to anybody that they would share.
            Dialect::Sqlite => 1,
            Dialect::Postgres => (PARAMETERS / sets.len()).max(1),
        };
        let mut statements = Vec::new();
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            let mut statement = self.statement(verb, &[], Vec::new(), &[]);
            statement.values.clear();
            statement.form.company = false;
            statement.form.condition = Vec::new();
            statement.form.sets.clone_from(&sets);
            statement.form.rows = rows_of_one(rows.len(), most);
            for row in rows.by_ref().take(statement.form.rows) {
                statement.values.extend(row.into_iter().map(Datum::value));
                statement.values.push(company.clone());
            }
            statements.push(statement);
        }
        statements
    }

    /// For each value of the first column how many rows that meet all conditions have it or, with a second column,
    /// the sum of that over them.
    pub fn tally(
        &mut self,
        columns: &'static [&'static str],
        looks: &[Look],
    ) -> Result<HashMap<i64, i64>, Error> {
        let statement = self.statement(Verb::Tally, columns, Vec::new(), looks);
        let mut counts = HashMap::new();
        self.tx.query_form(statement, &mut |row| {
            if let (Cell::Int(key), Cell::Int(count)) = (row.cell(0)?, row.cell(1)?) {
                counts.insert(key, count);
            }
            Ok(())
        })?;
        Ok(counts)
    }

    /// Changes the rows that meet all conditions and says how many did.
    pub fn update(&mut self, looks: &[Look], sets: Vec<(&'static str, Datum)>) -> Result<u64, Error> {
        let statement = self.statement(Verb::Update, &[], sets, looks);
        self.tx.execute_form(statement)
    }

    /// Deletes the rows that meet all conditions and says how many did.
    pub fn delete(&mut self, looks: &[Look]) -> Result<u64, Error> {
        let statement = self.statement(Verb::Delete, &[], Vec::new(), looks);
        self.tx.execute_form(statement)
    }

    fn statement(
        &self,
        verb: Verb,
        columns: &'static [&'static str],
        sets: Vec<(&'static str, Datum)>,
        looks: &[Look],
    ) -> Statement {
        let (sets, mut values): (Vec<_>, Vec<_>) =
            sets.into_iter().map(|(column, value)| ((column, How::Set), value.value())).unzip();
        let company = self.grant.company().get();
        values.push(Value::BigInt(Some(company)));
        let mut all = Where::default();
        let granted = if verb == Verb::Delete { self.grant.touch() } else { self.grant.sight() };
        if *granted != Condition::Always && !matches!(verb, Verb::Insert | Verb::InsertReturning) {
            all.condition(granted, company);
        }
        // Whatever is left standing in the postfix form at its end must all hold.
        looks.iter().for_each(|look| all.look(look, company));
        values.append(&mut all.values);
        let form = Form {
            verb,
            table: self.table,
            columns,
            judged: Vec::new(),
            sets,
            company: true,
            condition: all.parts,
            order: Vec::new(),
            limit: false,
            offset: false,
            rows: 1,
        };
        Statement { form, values }
    }
}
