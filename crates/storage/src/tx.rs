//! A transaction and the statements that it can make.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};

use registry::{Company, Id, Instant};
use sea_query::{Expr, ExprTrait, OnConflict, Query, QueryStatementWriter, Value};

use crate::database::Shared;
use crate::statement::{Form, How, Statement, Statements, Verb, build};
use crate::{Condition, Dialect, Error, Field, InCompany, Record, Row, Select, Set, Stale, Table};
use crate::{postgres, sqlite};

/// Receives the rows of a statement, one at a time.
pub(crate) type Sink<'s> = dyn FnMut(Row<'_>) -> Result<(), Error> + 's;

pub(crate) enum Backend<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut postgres::Connection),
}

/// One transaction on a storage thread.
pub struct Tx<'c> {
    pub(crate) backend: Backend<'c>,
    tables: &'c [Table],
    statements: &'c Statements,
    now: Instant,
    pub(crate) stale: Vec<Stale>,
    /// Whether anything may have been changed.
    pub(crate) wrote: bool,
    /// Why the first statement failed that did. On PostgreSQL nothing of the transaction can be kept then.
    pub(crate) failed: Option<Error>,
    ran: u64,
    ran_of_all: &'c AtomicU64,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(backend: Backend<'c>, shared: &'c Shared) -> Self {
        Self {
            backend,
            tables: &shared.tables,
            statements: &shared.statements,
            now: shared.clock.now(),
            stale: Vec::new(),
            wrote: false,
            failed: None,
            ran: 0,
            ran_of_all: &shared.ran,
        }
    }

    /// The tables whose rows belong to a company, those that others refer to first.
    pub(crate) fn company_tables(&self) -> impl Iterator<Item = &'c Table> + use<'c> {
        self.tables.iter().filter(|table| table.has_company())
    }

    /// The time at which the transaction began.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Statements that see and change the rows of one company only.
    pub fn company(&mut self, id: Id<Company>) -> Bound<'_, 'c, OneCompany> {
        Bound { tx: self, company: Some(id.get()), marker: PhantomData }
    }

    /// Statements across companies, or on what belongs to none. The reason is for whoever reads the code.
    pub fn instance(&mut self, _reason: &'static str) -> Bound<'_, 'c, Anywhere> {
        Bound { tx: self, company: None, marker: PhantomData }
    }

    /// Says that caches may hold something that this transaction changes.
    pub fn stale(&mut self, stale: Stale) {
        if !self.stale.contains(&stale) {
            self.stale.push(stale);
        }
    }

    /// Moves the clock of the instance forward, for every node and for good, at most a century in all.
    pub fn advance_clock(&mut self, millis: i64) -> Result<(), Error> {
        let offset = std::cmp::min(self.clock_offset()?.saturating_add(millis), FARTHEST);
        self.set_setting(CLOCK_OFFSET, offset)?;
        self.stale(Stale::Clock);
        Ok(())
    }

    /// How far the instance's clock stands ahead, in milliseconds.
    pub(crate) fn clock_offset(&mut self) -> Result<i64, Error> {
        Ok(self.setting(CLOCK_OFFSET)?.unwrap_or(0))
    }

    /// A number that the instance remembers under a name.
    pub fn setting(&mut self, name: &str) -> Result<Option<i64>, Error> {
        let mut select = Query::select();
        select.column("value").from(SETTINGS).and_where(Expr::col("name").eq(name));
        let mut value = None;
        self.query(&select, &mut |row| {
            value = i64::read(row.cell(0)?);
            Ok(())
        })?;
        Ok(value)
    }

    /// Remembers a number under a name.
    pub fn set_setting(&mut self, name: &str, value: i64) -> Result<(), Error> {
        let mut insert = Query::insert();
        insert.into_table(SETTINGS).columns(["name", "value"]);
        insert.values([Expr::val(name), Expr::val(value)]).map_err(driver)?;
        insert.on_conflict(OnConflict::column("name").update_column("value").to_owned());
        self.execute(&insert).map(drop)
    }

    pub(crate) fn table(&self, name: &str) -> Option<&'c Table> {
        self.tables.iter().find(|table| table.name() == name)
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.backend {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// A statement that is made for one occasion.
    pub(crate) fn query(
        &mut self,
        statement: &impl QueryStatementWriter,
        sink: &mut Sink<'_>,
    ) -> Result<(), Error> {
        let (sql, values) = build(statement, self.dialect());
        self.query_sql(&sql, &values.0, sink)
    }

    /// A statement that is made for one occasion and changes rows.
    pub(crate) fn execute(&mut self, statement: &impl QueryStatementWriter) -> Result<u64, Error> {
        let (sql, values) = build(statement, self.dialect());
        self.execute_sql(&sql, &values.0)
    }

    /// Leaves the check of references to the end of the transaction.
    pub(crate) fn defer_references(&mut self) -> Result<(), Error> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "PRAGMA defer_foreign_keys = ON",
            Dialect::Postgres => "SET CONSTRAINTS ALL DEFERRED",
        };
        self.execute_sql(sql, &[]).map(drop)
    }

    /// A statement whose SQL is known by its form.
    pub(crate) fn query_form(&mut self, statement: Statement, sink: &mut Sink<'_>) -> Result<(), Error> {
        self.wrote |= !matches!(statement.form.verb, Verb::Select | Verb::Count | Verb::Tally);
        let (sql, values) = self.statements.sql(statement, self.dialect())?;
        self.query_sql(&sql, &values, sink)
    }

    /// A statement whose SQL is known by its form, and that changes rows.
    pub(crate) fn execute_form(&mut self, statement: Statement) -> Result<u64, Error> {
        let (sql, values) = self.statements.sql(statement, self.dialect())?;
        self.execute_sql(&sql, &values)
    }

    /// A statement that changes rows, and of whose outcome nothing is needed: a failure may be that of a later one or of the
    /// commit.
    pub(crate) fn execute_form_later(&mut self, statement: Statement) -> Result<(), Error> {
        let (sql, values) = self.statements.sql(statement, self.dialect())?;
        self.count();
        self.wrote = true;
        let done = match &mut self.backend {
            Backend::Postgres(connection) => connection.execute_later(&sql, values),
            Backend::Sqlite(connection) => sqlite::execute(connection, &sql, &values).map(drop),
        };
        self.noticing(done)
    }

    /// How many statements it made so far.
    pub fn ran(&self) -> u64 {
        self.ran
    }

    fn query_sql(&mut self, sql: &str, values: &[Value], sink: &mut Sink<'_>) -> Result<(), Error> {
        self.count();
        let done = match &mut self.backend {
            Backend::Sqlite(connection) => sqlite::query(connection, sql, values, sink),
            Backend::Postgres(connection) => connection.query(sql, values, sink),
        };
        self.noticing(done)
    }

    fn execute_sql(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        self.count();
        self.wrote = true;
        let done = match &mut self.backend {
            Backend::Sqlite(connection) => sqlite::execute(connection, sql, values),
            Backend::Postgres(connection) => connection.execute(sql, values),
        };
        self.noticing(done)
    }

    fn count(&mut self) {
        self.ran += 1;
        self.ran_of_all.fetch_add(1, Ordering::Relaxed);
    }

    fn noticing<T>(&mut self, done: Result<T, Error>) -> Result<T, Error> {
        if let (Err(error), None) = (&done, &self.failed) {
            self.failed = Some(error.clone());
        }
        done
    }
}

const SETTINGS: &str = "instance_settings";
const CLOCK_OFFSET: &str = "clock_offset";
/// Beyond this, times would leave what PostgreSQL and RFC 3339 can say.
const FARTHEST: i64 = 100 * 365 * registry::DAY;

#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
pub(crate) fn driver(error: sea_query::error::Error) -> Error {
    Error::Driver(error.to_string())
}

/// Marks statements that are bound to one company.
pub struct OneCompany;

/// Marks statements that are bound to no company.
pub struct Anywhere;

/// Which records a binding can reach.
pub trait Reaches<R> {}

impl<R: InCompany> Reaches<R> for OneCompany {}
impl<R: Record> Reaches<R> for Anywhere {}

/// Statements under a binding: what they see, insert, change and delete lies inside of it.
pub struct Bound<'t, 'c, B> {
    tx: &'t mut Tx<'c>,
    company: Option<i64>,
    marker: PhantomData<B>,
}

impl<B> Bound<'_, '_, B> {
    /// Adds a row and returns its id.
    pub fn insert<R: Record>(&mut self, sets: impl IntoIterator<Item = Set<R>>) -> Result<Id<R::Key>, Error>
    where
        B: Reaches<R>,
    {
        let insert = self.inserting(Verb::InsertReturning, sets);
        let mut id = None;
        self.query(insert, &mut |row| {
            id = Some(<Id<R::Key> as Field>::read(row.cell(0)?));
            Ok(())
        })?;
        id.flatten().ok_or(Error::Unreadable { table: R::TABLE, column: "id" })
    }

    /// Adds a row to a table without id, or without asking for its id.
    pub fn put<R: Record>(&mut self, sets: impl IntoIterator<Item = Set<R>>) -> Result<(), Error>
    where
        B: Reaches<R>,
    {
        let insert = self.inserting(Verb::Insert, sets);
        self.execute(insert).map(drop)
    }

    /// Adds a row, or does nothing where a row with the same unique values exists. Says which.
    pub fn put_if_absent<R: Record>(&mut self, sets: impl IntoIterator<Item = Set<R>>) -> Result<bool, Error>
    where
        B: Reaches<R>,
    {
        let insert = self.inserting(Verb::InsertIfAbsent, sets);
        Ok(self.execute(insert)? == 1)
    }

    /// The row that meets a condition; any of them where several do.
    pub fn find<R: Record>(&mut self, condition: Condition<R>) -> Result<Option<R>, Error>
    where
        B: Reaches<R>,
    {
        Ok(self.list(Select::from(condition).limit(1))?.pop())
    }

    /// The rows that meet a condition.
    pub fn list<R: Record>(&mut self, select: impl Into<Select<R>>) -> Result<Vec<R>, Error>
    where
        B: Reaches<R>,
    {
        let Select { condition, order, limit } = select.into();
        let mut query = self.statement(Verb::Select, R::COLUMNS, [], condition);
        query.form.order = order;
        query.form.limit = limit.is_some();
        query.values.extend(limit.map(|rows| Value::BigUnsigned(Some(rows))));
        self.rows(query)
    }

    /// How many rows meet a condition.
    pub fn count<R: Record>(&mut self, condition: Condition<R>) -> Result<i64, Error>
    where
        B: Reaches<R>,
    {
        let query = self.statement(Verb::Count, &[], [], condition);
        let mut count = 0;
        self.query(query, &mut |row| {
            if let crate::Cell::Int(value) = row.cell(0)? {
                count = value;
            }
            Ok(())
        })?;
        Ok(count)
    }

    /// Changes the rows that meet a condition and says how many did.
    pub fn update<R: Record>(
        &mut self,
        condition: Condition<R>,
        sets: impl IntoIterator<Item = Set<R>>,
    ) -> Result<u64, Error>
    where
        B: Reaches<R>,
    {
        let update = self.statement(Verb::Update, &[], sets, condition);
        self.execute(update)
    }

    /// Changes the rows that meet a condition and returns them as they are now: one atomic statement that
    /// decides and acts.
    pub fn update_returning<R: Record>(
        &mut self,
        condition: Condition<R>,
        sets: impl IntoIterator<Item = Set<R>>,
    ) -> Result<Vec<R>, Error>
    where
        B: Reaches<R>,
    {
        let update = self.statement(Verb::UpdateReturning, R::COLUMNS, sets, condition);
        self.rows(update)
    }

    /// Deletes the rows that meet a condition and says how many did.
    pub fn delete<R: Record>(&mut self, condition: Condition<R>) -> Result<u64, Error>
    where
        B: Reaches<R>,
    {
        let delete = self.statement(Verb::Delete, &[], [], condition);
        self.execute(delete)
    }

    fn inserting<R: Record>(&self, verb: Verb, sets: impl IntoIterator<Item = Set<R>>) -> Statement {
        let mut insert = self.statement(verb, &[], sets, Condition::any());
        // The company's value stands behind those of the other columns: it is assigned here, not asked for.
        if std::mem::take(&mut insert.form.company) {
            insert.form.sets.push((COMPANY, How::Set));
        }
        insert
    }

    fn statement<R: Record>(
        &self,
        verb: Verb,
        columns: &'static [&'static str],
        sets: impl IntoIterator<Item = Set<R>>,
        condition: Condition<R>,
    ) -> Statement {
        let (sets, mut values): (Vec<_>, Vec<_>) =
            sets.into_iter().map(|set| ((set.column, set.how), set.value)).unzip();
        values.extend(self.company.map(|company| Value::BigInt(Some(company))));
        values.extend(condition.values);
        let form = Form {
            verb,
            table: R::TABLE,
            columns,
            judged: Vec::new(),
            sets,
            company: self.company.is_some(),
            condition: condition.parts,
            order: Vec::new(),
            limit: false,
            offset: false,
            rows: 1,
        };
        Statement { form, values }
    }

    fn query(&mut self, statement: Statement, sink: &mut Sink<'_>) -> Result<(), Error> {
        self.tx.query_form(statement, sink)
    }

    fn execute(&mut self, statement: Statement) -> Result<u64, Error> {
        self.tx.execute_form(statement)
    }

    fn rows<R: Record>(&mut self, statement: Statement) -> Result<Vec<R>, Error> {
        let mut rows = Vec::new();
        self.query(statement, &mut |row| {
            rows.push(R::read(&row)?);
            Ok(())
        })?;
        Ok(rows)
    }
}

pub(crate) const COMPANY: &str = "company_id";
