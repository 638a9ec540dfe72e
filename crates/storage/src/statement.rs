//! Statements whose SQL is rendered once for each form.
//!
//! Programs run the same few statements all the time, with other values. What a statement looks like without its
//! values is its [`Form`]; the SQL of a form is rendered by sea-query when the form is first met, and found by the form
//! from then on.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Arc, PoisonError, RwLock};

use sea_query::{
    CommonTableExpression, Cond, Expr, ExprTrait, Func, LikeExpr, OnConflict, Order, PostgresQueryBuilder,
    Query, QueryStatementWriter, SelectStatement, SqliteQueryBuilder, UnionType, Value, Values, WithClause,
};

use crate::tx::{COMPANY, driver};
use crate::{Dialect, Error};

/// Forms that are remembered, so that the memory does not grow for ever.
const FORMS: usize = 1000;

/// Values of a list up to which their number is made a power of two, as the rows of an insert are: a form for every length
/// would have the database prepare a statement nearly every time.
const FEW: usize = 1024;

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Verb {
    Select,
    Count,
    /// For each value of the first column how many rows have it or, with a second column, its sum over them.
    Tally,
    Insert,
    /// An insert that returns the id.
    InsertReturning,
    /// An insert that does nothing where a row with the same unique values exists.
    InsertIfAbsent,
    Update,
    /// An update that returns the rows.
    UpdateReturning,
    Delete,
}

/// What an assignment does with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum How {
    /// The column becomes the value.
    Set,
    /// The column becomes the value unless it is less.
    Least,
    /// The column grows by the value.
    Add,
}

/// How a column is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    Equal,
    Different,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// The text of a list, like a pattern in which `\` escapes.
    Has,
    /// In lower case, like a pattern in which `\` escapes.
    Like,
}

/// A part of a condition. A condition is written in postfix form: operands first, then what combines them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// Every row.
    All,
    /// No row.
    None,
    /// A column compared with the next value.
    Compare(&'static str, Comparison),
    /// A column that is one of so many next values.
    OneOf(&'static str, usize),
    Null(&'static str),
    NotNull(&'static str),
    /// Both of the two conditions before.
    And,
    /// Either of the two conditions before.
    Or,
    /// Not the condition before.
    Not,
    /// A column that is what a column of another table is in a row that meets so many conditions before.
    Among {
        column: &'static str,
        table: &'static str,
        of: &'static str,
        conditions: usize,
        /// Only the greatest value of each group of rows that have the same in this column.
        per: Option<&'static str>,
    },
    /// A set with the next value alone.
    One,
    /// A set: what a column of a table of the company has in rows that meet the condition before.
    Column {
        table: &'static str,
        of: &'static str,
    },
    /// A set: the keys of the rows of a table of the company that are below the next value.
    Below {
        table: &'static str,
        key: &'static str,
        parent: &'static str,
    },
    /// A column that is in one of so many sets before.
    In(&'static str, usize),
}

impl Part {
    /// A column that is one of some values. The last one is said again until they are a power of two.
    pub(crate) fn one_of(column: &'static str, values: &mut Vec<Value>) -> Self {
        // An empty list is no SQL.
        let Some(last) = values.last().cloned() else { return Self::None };
        if values.len() < FEW {
            values.resize(values.len().next_power_of_two(), last);
        }
        Self::OneOf(column, values.len())
    }
}

/// How many of some rows the next insert takes, `most` at most: a power of two.
pub(crate) fn rows_of_one(left: usize, most: usize) -> usize {
    left.min(most).checked_ilog2().map_or(1, |log| 1 << log)
}

/// Everything of a statement but its values.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Form {
    pub(crate) verb: Verb,
    pub(crate) table: &'static str,
    /// What it returns.
    pub(crate) columns: &'static [&'static str],
    /// Conditions of which it returns, behind the columns, whether they hold.
    pub(crate) judged: Vec<Vec<Part>>,
    pub(crate) sets: Vec<(&'static str, How)>,
    /// Whether it is bound to one company.
    pub(crate) company: bool,
    pub(crate) condition: Vec<Part>,
    /// Columns, and whether they descend.
    pub(crate) order: Vec<(&'static str, bool)>,
    pub(crate) limit: bool,
    pub(crate) offset: bool,
    /// Rows that an insert adds; each has a value for every assignment.
    pub(crate) rows: usize,
}

/// A form with its values, in the order in which the SQL has their places: assignments, what is judged, company,
/// condition, limit, offset.
pub(crate) struct Statement {
    pub(crate) form: Form,
    pub(crate) values: Vec<Value>,
}

impl Statement {
    fn render(&self, dialect: Dialect) -> Result<(String, Values), Error> {
        let Form { verb, table, columns, .. } = self.form;
        let mut values = self.values.iter().cloned();
        let mut next = || values.next().unwrap_or(Value::String(None));
        if matches!(verb, Verb::Insert | Verb::InsertReturning | Verb::InsertIfAbsent) {
            return self.insert(dialect, &mut next);
        }
        let sets: Vec<_> =
            self.form.sets.iter().map(|(column, how)| (*column, how.expr(column, next()))).collect();
        let judged = self.form.judged.iter().map(|parts| condition(parts, None, &mut next));
        let (yes, no) = (|| Expr::cust("1"), || Expr::cust("0"));
        let judged: Vec<_> =
            judged.map(|holds| Expr::case(holds, yes()).finally(no()).cast_as("bigint")).collect();
        let company = self.form.company.then(|| Expr::col(COMPANY).eq(next()));
        Ok(match verb {
            Verb::Tally => {
                let mut select = Query::select();
                let key = columns.first().copied().unwrap_or_default();
                select.column(key);
                match columns.get(1) {
                    Some(summed) => select.expr(Expr::col(*summed).sum().cast_as("bigint")),
                    None => select.expr(Func::count(Expr::cust("*"))),
                };
                select
                    .from(table)
                    .cond_where(condition(&self.form.condition, company, &mut next))
                    .group_by_col(key);
                build(&select, dialect)
            }
            Verb::Select | Verb::Count => {
                let mut select = Query::select();
                match verb {
                    Verb::Count => select.expr(Func::count(Expr::cust("*"))),
                    _ => select.columns(columns.iter().copied()).exprs(judged),
                };
                select.from(table).cond_where(condition(&self.form.condition, company, &mut next));
                for (column, descending) in &self.form.order {
                    select.order_by(*column, if *descending { Order::Desc } else { Order::Asc });
                }
                if let (true, Value::BigUnsigned(Some(rows))) = (self.form.limit, next()) {
                    select.limit(rows);
                }
                if let (true, Value::BigUnsigned(Some(rows))) = (self.form.offset, next()) {
                    select.offset(rows);
                }
                build(&select, dialect)
            }
            Verb::Update | Verb::UpdateReturning => {
                let mut update = Query::update();
                update.table(table).values(sets).cond_where(condition(
                    &self.form.condition,
                    company,
                    &mut next,
                ));
                if verb == Verb::UpdateReturning {
                    update.returning(Query::returning().columns(columns.iter().copied()));
                }
                build(&update, dialect)
            }
            // Inserts were rendered above.
            Verb::Delete | Verb::Insert | Verb::InsertReturning | Verb::InsertIfAbsent => {
                let mut delete = Query::delete();
                delete.from_table(table).cond_where(condition(&self.form.condition, company, &mut next));
                build(&delete, dialect)
            }
        })
    }

    fn insert(&self, dialect: Dialect, next: &mut impl FnMut() -> Value) -> Result<(String, Values), Error> {
        let Form { verb, table, ref sets, rows, .. } = self.form;
        let mut insert = Query::insert();
        insert.into_table(table).columns(sets.iter().map(|(column, _)| *column));
        for _ in 0..rows {
            insert.values(sets.iter().map(|(column, how)| how.expr(column, next()))).map_err(driver)?;
        }
        match verb {
            Verb::InsertReturning => insert.returning_col("id"),
            Verb::InsertIfAbsent => insert.on_conflict(OnConflict::new().do_nothing().to_owned()),
            _ => &mut insert,
        };
        Ok(build(&insert, dialect))
    }
}

/// What the parts of a condition say together.
fn condition(parts: &[Part], company: Option<Expr>, next: &mut impl FnMut() -> Value) -> Cond {
    let mut done: Vec<Cond> = Vec::new();
    let mut sets: Vec<SelectStatement> = Vec::new();
    for part in parts {
        let cond = match *part {
            Part::All => Cond::all(),
            Part::None => Cond::all().add(Expr::cust("1 = 0")),
            Part::Compare(column, comparison) => Cond::all().add(comparison.expr(column, next())),
            Part::OneOf(column, values) => {
                Cond::all().add(Expr::col(column).is_in((0..values).map(|_| next()).collect::<Vec<_>>()))
            }
            Part::Null(column) => Cond::all().add(Expr::col(column).is_null()),
            Part::NotNull(column) => Cond::all().add(Expr::col(column).is_not_null()),
            Part::Not => done.pop().unwrap_or_else(Cond::any).not(),
            Part::Among { column, table, of, conditions, per } => {
                let inner = done.split_off(done.len().saturating_sub(conditions));
                let mut select = Query::select();
                match per {
                    Some(per) => select.expr(Expr::col(of).max()).group_by_col(per),
                    None => select.column(of),
                };
                select.from(table).cond_where(inner.into_iter().fold(Cond::all(), Cond::add));
                Cond::all().add(Expr::col(column).in_subquery(select))
            }
            Part::And | Part::Or => {
                let (right, left) = (done.pop(), done.pop());
                let both = if *part == Part::And { Cond::all() } else { Cond::any() };
                left.into_iter().chain(right).fold(both, Cond::add)
            }
            Part::One => {
                sets.push(Query::select().expr(Expr::val(next()).cast_as("bigint")).to_owned());
                continue;
            }
            Part::Column { table, of } => {
                let inner = done.pop().unwrap_or_else(Cond::all);
                sets.push(Query::select().column(of).from(table).cond_where(inner).to_owned());
                continue;
            }
            Part::Below { table, key, parent } => {
                sets.push(below(table, key, parent, next));
                continue;
            }
            Part::In(column, count) => {
                let mut united = sets.split_off(sets.len().saturating_sub(count)).into_iter();
                let mut all = united.next().unwrap_or_default();
                united.for_each(|set| {
                    all.union(UnionType::All, set);
                });
                Cond::all().add(Expr::col(column).in_subquery(all))
            }
        };
        done.push(cond);
    }
    company.map(|expr| Cond::all().add(expr)).into_iter().chain(done).fold(Cond::all(), Cond::add)
}

/// The keys of the rows below one. `UNION` ends it where the rows go in a circle.
fn below(
    table: &'static str,
    key: &'static str,
    parent: &'static str,
    next: &mut impl FnMut() -> Value,
) -> SelectStatement {
    const BELOW: &str = "below";
    const KEY: &str = "key";
    let mut begin = Query::select();
    begin.expr_as(Expr::col(key), KEY).from(table);
    begin.and_where(Expr::col(COMPANY).eq(next())).and_where(Expr::col(parent).eq(next()));
    let mut further = Query::select();
    further.expr(Expr::col((table, key))).from(BELOW);
    further.inner_join(table, Expr::col((table, parent)).equals((BELOW, KEY)));
    further.and_where(Expr::col((table, COMPANY)).eq(next()));
    let mut walk = CommonTableExpression::new();
    walk.query(begin.union(UnionType::Distinct, further).to_owned()).column(KEY).table_name(BELOW);
    let mut all = Query::select();
    all.column(KEY).from(BELOW).with_cte(WithClause::new().recursive(true).cte(walk).to_owned());
    // Within a union only a statement of its own may have such a clause.
    Query::select().column(KEY).from_subquery(all, "reached").to_owned()
}

impl How {
    fn expr(self, column: &'static str, value: Value) -> Expr {
        match self {
            How::Set => Expr::val(value),
            How::Least => Func::least([Expr::col(column), Expr::val(value)]).into(),
            How::Add => Expr::col(column).add(Expr::val(value)),
        }
    }
}

impl Comparison {
    fn expr(self, column: &'static str, value: Value) -> Expr {
        let column = Expr::col(column);
        match self {
            Comparison::Equal => column.eq(value),
            Comparison::Different => column.ne(value),
            Comparison::Less => column.lt(value),
            Comparison::LessOrEqual => column.lte(value),
            Comparison::Greater => column.gt(value),
            Comparison::GreaterOrEqual => column.gte(value),
            Comparison::Like => Expr::expr(Func::lower(column)).like(pattern(value)),
            Comparison::Has => column.cast_as("text").like(pattern(value)),
        }
    }
}

fn pattern(value: Value) -> LikeExpr {
    let pattern = if let Value::String(Some(pattern)) = value { pattern } else { String::new() };
    LikeExpr::new(pattern).escape('\\')
}

/// A statement of sea-query as SQL and values.
pub(crate) fn build(statement: &impl QueryStatementWriter, dialect: Dialect) -> (String, Values) {
    match dialect {
        Dialect::Sqlite => statement.build(SqliteQueryBuilder),
        Dialect::Postgres => statement.build(PostgresQueryBuilder),
    }
}

/// A quick hash: forms come from the program, so nobody makes them collide.
#[derive(Default)]
pub(crate) struct Quick(u64);

impl Quick {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let mut words = bytes.chunks_exact(8);
        for word in words.by_ref() {
            self.add(word.try_into().map_or(0, u64::from_le_bytes));
        }
        let rest = words.remainder().iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        self.add(rest);
    }

    fn write_u8(&mut self, value: u8) {
        self.add(value.into());
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }

    fn write_isize(&mut self, value: isize) {
        self.add(value as u64);
    }

    fn finish(&self) -> u64 {
        // The table looks at the upper and the lower bits.
        self.0 ^ self.0 >> 32
    }
}

/// The SQL of the forms that were met.
#[derive(Default)]
pub(crate) struct Statements(RwLock<HashMap<Form, Arc<str>, BuildHasherDefault<Quick>>>);

impl Statements {
    /// The SQL of a statement, and its values.
    pub(crate) fn sql(
        &self,
        statement: Statement,
        dialect: Dialect,
    ) -> Result<(Arc<str>, Vec<Value>), Error> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&statement.form).cloned();
        if let Some(sql) = known {
            return Ok((sql, statement.values));
        }
        let (sql, values) = statement.render(dialect)?;
        // From now on the values go to where they stand in the form.
        if values.0 != statement.values {
            return Err(Error::Driver(format!("a statement with values in another order: {sql}")));
        }
        let sql: Arc<str> = sql.into();
        let mut forms = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if forms.len() >= FORMS {
            forms.clear();
        }
        forms.insert(statement.form, sql.clone());
        Ok((sql, statement.values))
    }
}
