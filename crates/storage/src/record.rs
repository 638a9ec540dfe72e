//! Rows as structs, columns as typed constants, conditions without strings.

use std::marker::PhantomData;

use registry::{Date, Id, Instant, Time};
use sea_query::Value;
use tokio_postgres::types::{FromSql, Kind, Type as PgType};

use crate::Error;
use crate::statement::{Comparison, How, Part};

/// A struct that mirrors a table. Implemented by [`crate::record!`].
pub trait Record: Sized {
    /// What its `id` identifies; `()` for a table without one.
    type Key;
    /// The table.
    const TABLE: &'static str;
    /// Its columns, in the order of the struct's fields.
    const COLUMNS: &'static [&'static str];

    /// Reads one row that has exactly [`Record::COLUMNS`].
    fn read(row: &Row<'_>) -> Result<Self, Error>;
}

/// A record whose table carries `company_id`.
pub trait InCompany: Record {}

/// Declares a record: a struct, its table and a typed constant for each column.
///
/// `storage::record! { /// doc  pub struct Thing in "things" { /// doc  pub id: Id<Thing>, ... } }`; with
/// `company` before the brace the table carries `company_id` and its rows are only reached through a company.
#[macro_export]
macro_rules! record {
    (
        $(#[$meta:meta])*
        pub struct $name:ident in $table:literal $($company:ident)? {
            $(#[$id_meta:meta])* pub id: Id<$key:ty>,
            $($(#[$field_meta:meta])* pub $field:ident: $kind:ty),* $(,)?
        }
    ) => {
        $crate::record! { @make [$key]
            $(#[$meta])*
            pub struct $name in $table {
                $(#[$id_meta])* pub id: $crate::Key<$key>,
                $($(#[$field_meta])* pub $field: $kind,)*
            }
        }
        $($crate::record!(@$company $name);)?
    };
    (
        $(#[$meta:meta])*
        pub struct $name:ident in $table:literal $($company:ident)? { $($fields:tt)* }
    ) => {
        $crate::record! { @make [()] $(#[$meta])* pub struct $name in $table { $($fields)* } }
        $($crate::record!(@$company $name);)?
    };
    (
        @make [$key:ty]
        $(#[$meta:meta])*
        pub struct $name:ident in $table:literal {
            $($(#[$field_meta:meta])* pub $field:ident: $kind:ty),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone)]
        #[allow(missing_docs, reason = "a column whose name says everything needs no sentence")]
        pub struct $name { $($(#[$field_meta])* pub $field: $kind),+ }

        #[allow(non_upper_case_globals, dead_code, missing_docs, reason = "constants are named after the columns")]
        impl $name {
            $(pub const $field: $crate::Column<Self, $kind> = $crate::Column::new($crate::column_name(stringify!($field)));)+
        }

        impl $crate::Record for $name {
            type Key = $key;
            const TABLE: &'static str = $table;
            const COLUMNS: &'static [&'static str] = &[$($crate::column_name(stringify!($field))),+];

            fn read(row: &$crate::Row<'_>) -> Result<Self, $crate::Error> {
                let mut columns = 0..;
                let mut next = || columns.next().unwrap_or_default();
                Ok(Self { $($field: row.field::<Self, $kind>(next())?),+ })
            }
        }
    };
    (@company $name:ident) => {
        impl $crate::InCompany for $name {}
    };
}

/// The column of a field, whose name may be a word of the language.
#[doc(hidden)]
pub const fn column_name(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [b'r', b'#', ..] => field.split_at(2).1,
        _ => field,
    }
}

/// A value that a column can hold.
pub trait Field: Sized {
    /// From a cell of a row; `None` if it holds something else.
    fn read(cell: Cell<'_>) -> Option<Self>;
    /// As a parameter of a statement.
    fn write(self) -> Value;
}

/// What a database hands over for one column of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// No value.
    Null,
    /// An integer, an instant in milliseconds, or SQLite's truth value.
    Int(i64),
    /// PostgreSQL's truth value.
    Bool(bool),
    /// A number with a fraction.
    Real(f64),
    /// PostgreSQL's day. SQLite has it as text.
    Date(Date),
    /// PostgreSQL's time of day. SQLite has it as text.
    Time(Time),
    /// Text or JSON.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
}

/// PostgreSQL counts microseconds from 2000-01-01.
pub(crate) const POSTGRES_EPOCH_MILLIS: i64 = 946_684_800_000;

/// PostgreSQL counts days from here.
pub(crate) const POSTGRES_EPOCH: Date = Date::constant(2000, 1, 1);

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(kind: &PgType, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(match *kind {
            PgType::BOOL => Cell::Bool(bool::from_sql(kind, raw)?),
            PgType::INT4 => Cell::Int(i32::from_sql(kind, raw)?.into()),
            PgType::INT8 => Cell::Int(i64::from_sql(kind, raw)?),
            PgType::BYTEA => Cell::Bytes(raw),
            PgType::TIMESTAMPTZ => {
                let micros = i64::from_sql(&PgType::INT8, raw)?;
                Cell::Int(micros.div_euclid(1000) + POSTGRES_EPOCH_MILLIS)
            }
            PgType::FLOAT8 => Cell::Real(f64::from_sql(kind, raw)?),
            PgType::DATE => {
                let days = i32::from_sql(&PgType::INT4, raw)?;
                Cell::Date(POSTGRES_EPOCH.checked_add(jiff::Span::new().try_days(days)?)?)
            }
            PgType::TIME => {
                let micros = i64::from_sql(&PgType::INT8, raw)?;
                // PostgreSQL knows 24:00, which nobody writes here.
                Cell::Time(Time::midnight().wrapping_add(jiff::Span::new().try_microseconds(micros)?))
            }
            _ => Cell::Text(std::str::from_utf8(raw)?),
        })
    }

    fn from_sql_null(_: &PgType) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Cell::Null)
    }

    fn accepts(kind: &PgType) -> bool {
        matches!(
            *kind,
            PgType::BOOL
                | PgType::INT4
                | PgType::INT8
                | PgType::BYTEA
                | PgType::TIMESTAMPTZ
                | PgType::TEXT
                | PgType::VARCHAR
                | PgType::JSON
                | PgType::FLOAT8
                | PgType::DATE
                | PgType::TIME
        ) && *kind.kind() == Kind::Simple
    }
}

/// A row of either database.
pub enum Row<'a> {
    /// A row of SQLite.
    Sqlite(&'a rusqlite::Row<'a>),
    /// A row of PostgreSQL.
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// The cell of a column.
    pub fn cell(&self, at: usize) -> Result<Cell<'_>, Error> {
        use rusqlite::types::ValueRef;
        match self {
            Row::Postgres(row) => row.try_get(at).map_err(Error::from),
            Row::Sqlite(row) => match row.get_ref(at)? {
                ValueRef::Null => Ok(Cell::Null),
                ValueRef::Integer(value) => Ok(Cell::Int(value)),
                ValueRef::Text(text) => std::str::from_utf8(text)
                    .map(Cell::Text)
                    .map_err(|_| Error::Driver("text that is not UTF-8".to_owned())),
                ValueRef::Blob(bytes) => Ok(Cell::Bytes(bytes)),
                ValueRef::Real(value) => Ok(Cell::Real(value)),
            },
        }
    }

    /// The field of a record at its place in [`Record::COLUMNS`].
    pub fn field<R: Record, V: Field>(&self, at: usize) -> Result<V, Error> {
        V::read(self.cell(at)?).ok_or(Error::Unreadable { table: R::TABLE, column: R::COLUMNS[at] })
    }
}

macro_rules! fields {
    ($($kind:ty: $pattern:pat => $read:expr, $self:ident => $write:expr;)+) => {
        $(impl Field for $kind {
            fn read(cell: Cell<'_>) -> Option<Self> {
                match cell { $pattern => $read, _ => None }
            }
            fn write($self) -> Value {
                $write
            }
        })+
    };
}

fields! {
    f64: Cell::Real(value) => Some(value), self => Value::Double(Some(self));
    i64: Cell::Int(value) => Some(value), self => Value::BigInt(Some(self));
    Instant: Cell::Int(value) => Some(Instant::from_millis(value)), self => Value::BigInt(Some(self.millis()));
    String: Cell::Text(text) => Some(text.to_owned()), self => Value::String(Some(self));
    Vec<u8>: Cell::Bytes(bytes) => Some(bytes.to_vec()), self => Value::Bytes(Some(self));
    [u8; 32]: Cell::Bytes(bytes) => bytes.try_into().ok(), self => Value::Bytes(Some(self.to_vec()));
}

impl Field for bool {
    fn read(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Bool(value) => Some(value),
            Cell::Int(value) => Some(value != 0),
            _ => None,
        }
    }

    fn write(self) -> Value {
        Value::Bool(Some(self))
    }
}

impl<T> Field for Id<T> {
    fn read(cell: Cell<'_>) -> Option<Self> {
        i64::read(cell).map(Id::new)
    }

    fn write(self) -> Value {
        self.get().write()
    }
}

impl<V: Field> Field for Option<V> {
    fn read(cell: Cell<'_>) -> Option<Self> {
        if cell == Cell::Null { Some(None) } else { V::read(cell).map(Some) }
    }

    fn write(self) -> Value {
        // A null has no type of its own; both drivers take it for any column.
        self.map_or(Value::String(None), Field::write)
    }
}

/// A column of a record's table, typed.
pub struct Column<R, V> {
    name: &'static str,
    marker: PhantomData<fn() -> (R, V)>,
}

impl<R, V> Clone for Column<R, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, V> Copy for Column<R, V> {}

impl<R, V> Column<R, V> {
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Self { name, marker: PhantomData }
    }

    pub(crate) fn name(self) -> &'static str {
        self.name
    }
}

impl<R: Record, V: Field> Column<R, V> {
    /// Equal to a value.
    pub fn eq(self, value: V) -> Condition<R> {
        Condition::compare(self.name, Comparison::Equal, value.write())
    }

    /// Different from a value.
    pub fn ne(self, value: V) -> Condition<R> {
        Condition::compare(self.name, Comparison::Different, value.write())
    }

    /// Less than a value.
    pub fn lt(self, value: V) -> Condition<R> {
        Condition::compare(self.name, Comparison::Less, value.write())
    }

    /// Less than a value, or equal.
    pub fn lte(self, value: V) -> Condition<R> {
        Condition::compare(self.name, Comparison::LessOrEqual, value.write())
    }

    /// Greater than a value.
    pub fn gt(self, value: V) -> Condition<R> {
        Condition::compare(self.name, Comparison::Greater, value.write())
    }

    /// One of some values; of none, no row is.
    pub fn one_of(self, values: impl IntoIterator<Item = V>) -> Condition<R> {
        let mut values: Vec<_> = values.into_iter().map(Field::write).collect();
        Condition::new(Part::one_of(self.name, &mut values), values)
    }

    /// Becomes a value.
    pub fn set(self, value: V) -> Set<R> {
        Set::new(self.name, How::Set, value.write())
    }
}

impl<R: Record, V: Field> Column<R, Option<V>> {
    /// Has no value.
    pub fn is_null(self) -> Condition<R> {
        Condition::new(Part::Null(self.name), Vec::new())
    }

    /// Has a value.
    pub fn is_not_null(self) -> Condition<R> {
        Condition::new(Part::NotNull(self.name), Vec::new())
    }
}

impl<R: Record> Column<R, Instant> {
    /// Becomes a moment unless it is an earlier one.
    pub fn set_least(self, value: Instant) -> Set<R> {
        Set::new(self.name, How::Least, value.write())
    }
}

impl<R: Record> Column<R, String> {
    /// Has a text in it, in whatever case (beyond ASCII, as the database folds it).
    pub fn contains(self, text: &str) -> Condition<R> {
        let mut pattern = String::from("%");
        for c in text.to_lowercase().chars() {
            if matches!(c, '%' | '_' | '\\') {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        Condition::compare(self.name, Comparison::Like, pattern.write())
    }
}

impl<R: Record> Column<R, i64> {
    /// Grows by a number.
    pub fn increase(self, by: i64) -> Set<R> {
        Set::new(self.name, How::Add, by.write())
    }
}

/// An assignment of an insert or an update.
pub struct Set<R> {
    pub(crate) column: &'static str,
    pub(crate) how: How,
    pub(crate) value: Value,
    marker: PhantomData<fn() -> R>,
}

impl<R> Set<R> {
    fn new(column: &'static str, how: How, value: Value) -> Self {
        Self { column, how, value, marker: PhantomData }
    }
}

/// Which rows of a record's table.
pub struct Condition<R> {
    pub(crate) parts: Vec<Part>,
    pub(crate) values: Vec<Value>,
    marker: PhantomData<fn() -> R>,
}

impl<R: Record> Condition<R> {
    fn new(part: Part, values: Vec<Value>) -> Self {
        Self { parts: vec![part], values, marker: PhantomData }
    }

    fn compare(column: &'static str, comparison: Comparison, value: Value) -> Self {
        Self::new(Part::Compare(column, comparison), vec![value])
    }

    /// Every row that the transaction's binding allows.
    pub fn any() -> Self {
        Self::new(Part::All, Vec::new())
    }

    fn is_any(&self) -> bool {
        self.parts == [Part::All]
    }

    fn joined(mut self, other: Self, by: Part) -> Self {
        self.parts.extend(other.parts);
        self.parts.push(by);
        self.values.extend(other.values);
        self
    }

    /// Both.
    pub fn and(self, other: Self) -> Self {
        match (self.is_any(), other.is_any()) {
            (true, _) => other,
            (_, true) => self,
            _ => self.joined(other, Part::And),
        }
    }

    /// Either.
    pub fn or(self, other: Self) -> Self {
        if self.is_any() || other.is_any() { Self::any() } else { self.joined(other, Part::Or) }
    }

    /// In ascending order of a column.
    pub fn ascending<V>(self, column: Column<R, V>) -> Select<R> {
        Select::from(self).ascending(column)
    }

    /// In descending order of a column.
    pub fn descending<V>(self, column: Column<R, V>) -> Select<R> {
        Select::from(self).descending(column)
    }
}

/// Rows in an order, perhaps not all of them.
pub struct Select<R> {
    pub(crate) condition: Condition<R>,
    /// Columns, and whether they descend.
    pub(crate) order: Vec<(&'static str, bool)>,
    pub(crate) limit: Option<u64>,
}

impl<R> From<Condition<R>> for Select<R> {
    fn from(condition: Condition<R>) -> Self {
        Self { condition, order: Vec::new(), limit: None }
    }
}

impl<R> Select<R> {
    /// Then in ascending order of a column.
    pub fn ascending<V>(mut self, column: Column<R, V>) -> Self {
        self.order.push((column.name(), false));
        self
    }

    /// Then in descending order of a column.
    pub fn descending<V>(mut self, column: Column<R, V>) -> Self {
        self.order.push((column.name(), true));
        self
    }

    /// The first ones only.
    pub fn limit(mut self, rows: u64) -> Self {
        self.limit = Some(rows);
        self
    }
}
