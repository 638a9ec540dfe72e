//! What a resource does beyond its declaration: plain functions, named by the declaration's names.

use std::collections::HashMap;

use registry::{Date, Instant};
use serde_json::Value;
use storage::{Among, Cell, Datum, Look, Row};

use crate::compute::Compute;
use crate::error::Problem;
use crate::input::{Draft, Input, Sets};
use crate::value::{date, instant_of};
use crate::{Context, Error};

/// The code of one resource.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// `namespace/resource`.
    pub path: &'static str,
    /// Fields that are worked out.
    pub derived: &'static [Derived],
    /// What bodies give under one name and objects have under another: given, kept.
    pub renames: &'static [(&'static str, &'static str)],
    /// Completes and judges what a create or an update is about to write.
    pub rule: Option<Rule>,
    /// Operations beyond the plain five, by name.
    pub actions: &'static [(&'static str, Act)],
    /// Parameters of the list that look at no single field, by name.
    pub filters: &'static [(&'static str, Narrow)],
    /// What follows from a create or an update, after it is written.
    pub effect: Option<Effect>,
    /// What a deletion does before, or instead of, taking the row away.
    pub removal: Option<Remove>,
    /// Rows that a list leaves out unless it is asked for them.
    pub hide: Option<Hide>,
    /// Another order of its list than that of the ids, where it is asked for.
    pub order: Option<Order>,
    /// How it is worked out, where it has no table.
    pub compute: Option<Compute>,
    /// How one is made, where it has no table.
    pub make: Option<Make>,
    /// A parameter that shows some rows of a list as several objects, and what those are.
    pub parts: Option<(&'static str, Parts)>,
    /// A column with the place of a row, and the day that it is at places: what today is for the row.
    pub place: Option<Place>,
    /// A column with an instant, and how many milliseconds after it the row is deleted.
    pub lapse: Option<(&'static str, i64)>,
    /// A column with an instant, and what is done with the row of an id when it has come. It clears the column.
    pub due: Option<(&'static str, Due)>,
    /// What the server's own pages and the command line ask of it beyond the operations of the API, by name.
    pub errands: &'static [(&'static str, Errand)],
}

/// Does what somebody inside asks for, who knows no type of the code: an object goes in, a value comes out.
pub type Errand = fn(&mut Context<'_, '_>, &Value) -> Result<Value, Error>;

/// A column, and what day it is at the places that it names, by id; for rows without one under 0.
pub type Place = (&'static str, fn(&mut Context<'_, '_>) -> Result<HashMap<i64, Date>, Error>);

/// Does what is due for the row of an id.
pub type Due = fn(&mut Context<'_, '_>, i64) -> Result<(), Error>;

/// Completes and judges what a create or an update is about to write.
pub type Rule = fn(&mut Context<'_, '_>, &mut Draft<'_>) -> Result<(), Error>;

/// Does what the create of a resource without a table asks for, and says what the fields of its answer are.
pub type Make = fn(&mut Context<'_, '_>, &Sets) -> Result<Sets, Error>;

/// The objects that each row is shown as.
pub type Parts = fn(&mut Context<'_, '_>, &[Object]) -> Result<Vec<Vec<Object>>, Error>;

/// What follows from a create or an update of the object with an id; an update has the object as it was.
pub type Effect = fn(&mut Context<'_, '_>, i64, Option<&Object>) -> Result<(), Error>;

/// What a deletion does before the row goes; it may refuse, or keep the row.
pub type Remove = fn(&mut Context<'_, '_>, &Object) -> Result<Removal, Error>;

/// What becomes of the row of a deleted object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It is taken away, unless others refer to it.
    Gone,
    /// It stays, marked by the code.
    Kept,
}

/// Rows that a list leaves out.
#[derive(Debug, Clone, Copy)]
pub struct Hide {
    /// The conditions of the rows that are shown.
    pub shown: fn(&mut Context<'_, '_>) -> Result<Vec<Look>, Error>,
    /// A parameter that shows all where it is `true`.
    pub unless: &'static str,
}

/// Another order of a list than that of the ids. All rows are looked at, so it is for lists that stay short.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// Whether the list asks for it.
    pub asked: fn(&Context<'_, '_>) -> bool,
    /// Puts the rows in their order.
    pub arrange: fn(&mut Context<'_, '_>, &mut [Object]) -> Result<(), Error>,
}

/// Does an action and says what it answers with.
pub type Act = fn(&mut Context<'_, '_>, &Input) -> Result<Answer, Error>;

/// What an action answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The object of the resource with this id.
    Object(i64),
    /// The objects of the resource with these ids, as a list.
    Objects(Vec<i64>),
    /// An object that [`Context::read`] rendered before it went.
    Body(Vec<u8>),
}

impl From<i64> for Answer {
    fn from(id: i64) -> Self {
        Answer::Object(id)
    }
}

/// What the values of a parameter narrow a list to.
#[derive(Debug, Clone, Copy)]
pub enum Narrow {
    /// Nothing: what it asks for is always answered.
    Idle,
    /// `true`: rows of which this holds, today being the day; `false`: no restriction.
    Flag(fn(Date) -> Look),
    /// Rows whose field is none of the values.
    Except(&'static str),
    /// Rows whose field leads to rows of a resource with one of the values.
    Through(Link),
    /// Rows whose field leads to rows of a resource with the text in one of some fields, in any case.
    Named(&'static str, &'static str, &'static str, &'static [&'static str]),
    /// Whatever code makes of them.
    Code(fn(&mut Context<'_, '_>, &[String]) -> Result<Vec<Look>, Error>),
}

/// How the rows of a list and those of another resource belong together.
#[derive(Debug, Clone, Copy)]
pub struct Link {
    /// A field of the list's rows.
    pub here: &'static str,
    /// The other resource.
    pub path: &'static str,
    /// A field of it that is the same.
    pub there: &'static str,
    /// A field of it that is one of the values.
    pub with: &'static str,
}

impl Narrow {
    /// Rows whose field leads to rows of a resource with one of the values.
    pub const fn through(
        here: &'static str,
        path: &'static str,
        there: &'static str,
        with: &'static str,
    ) -> Self {
        Self::Through(Link { here, path, there, with })
    }

    pub(crate) fn looks(self, cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
        let last = || values.last().map_or("", String::as_str);
        Ok(match self {
            Narrow::Idle => Vec::new(),
            Narrow::Flag(look) if matches!(last(), "true" | "1") => vec![look(cx.today())],
            Narrow::Flag(_) => Vec::new(),
            Narrow::Except(column) => vec![Look::Not(Box::new(Look::OneOf(column, ids(values)?)))],
            Narrow::Through(Link { here, path, there, with }) => {
                let plan = cx.plan(path)?;
                let text = plan.resource().field(with).is_some_and(|field| {
                    !matches!(field.member.kind, registry::Kind::Id(_) | registry::Kind::Integer)
                });
                let wanted = if text { texts(values) } else { ids(values)? };
                let looks = vec![Look::OneOf(with, wanted)];
                vec![Look::Among(here, Among { table: plan.resource().table, column: there, looks })]
            }
            Narrow::Named(here, path, there, fields) => {
                let table = cx.plan(path)?.resource().table;
                // Every word has to be somewhere in the name.
                let words = last().split_whitespace();
                let looks = words.map(|word| Look::Search(fields.to_vec(), word.to_owned())).collect();
                vec![Look::Among(here, Among { table, column: there, looks })]
            }
            Narrow::Code(code) => code(cx, values)?,
        })
    }
}

fn texts(values: &[String]) -> Vec<Datum> {
    values.iter().cloned().map(Datum::Text).collect()
}

fn ids(values: &[String]) -> Result<Vec<Datum>, Error> {
    let id = |value: &String| {
        let problem = || Problem::new(value, "invalid", "It must be an id.");
        value.parse().map(Datum::Int).map_err(|_| Error::Invalid(vec![problem()]))
    };
    values.iter().map(id).collect()
}

impl Code {
    /// No code, for `..Code::of(path)`.
    pub const fn of(path: &'static str) -> Self {
        Self {
            path,
            derived: &[],
            renames: &[],
            rule: None,
            actions: &[],
            filters: &[],
            effect: None,
            removal: None,
            hide: None,
            order: None,
            compute: None,
            make: None,
            parts: None,
            place: None,
            lapse: None,
            due: None,
            errands: &[],
        }
    }
}

/// A field that is worked out when it is read.
#[derive(Debug, Clone, Copy)]
pub struct Derived {
    /// The field.
    pub field: &'static str,
    /// What it is.
    pub work: Work,
}

/// How a field is worked out.
#[derive(Debug, Clone, Copy)]
pub enum Work {
    /// From the row itself.
    Row(fn(&Facts<'_>) -> Value),
    /// From rows of a resource that belong to it.
    Joined(Join),
    /// By code that sees all rows of a page at once and gives a value for each.
    Page(fn(&mut Context<'_, '_>, &[Object]) -> Result<Vec<Value>, Error>),
}

/// Rows of a resource whose field `there` is what the field `here` of the row is.
#[derive(Debug, Clone, Copy)]
pub struct Join {
    /// A field of the row, `id` included.
    pub here: &'static str,
    /// The other resource.
    pub path: &'static str,
    /// A field of it, `id` included.
    pub there: &'static str,
    /// Only rows of which this holds.
    pub only: &'static [(&'static str, Fixed)],
    /// What is made of them.
    pub take: Take,
}

/// A value that is known beforehand.
#[derive(Debug, Clone, Copy)]
pub enum Fixed {
    /// True or false.
    Bool(bool),
    /// Text.
    Text(&'static str),
}

impl Fixed {
    pub(crate) fn datum(self) -> Datum {
        match self {
            Fixed::Bool(value) => Datum::Bool(value),
            Fixed::Text(text) => Datum::Text(text.to_owned()),
        }
    }
}

/// What is made of joined rows.
#[derive(Debug, Clone, Copy)]
pub enum Take {
    /// A field of the first one.
    One(&'static str),
    /// Identifiers in a field of all of them, each once.
    All(&'static str),
    /// How many there are.
    Count,
    /// The sum of a field of whole numbers.
    Sum(&'static str),
}

impl Derived {
    /// From the row itself.
    pub const fn row(field: &'static str, work: fn(&Facts<'_>) -> Value) -> Self {
        Self { field, work: Work::Row(work) }
    }

    /// By code that sees all rows of a page at once.
    pub const fn page(
        field: &'static str,
        work: fn(&mut Context<'_, '_>, &[Object]) -> Result<Vec<Value>, Error>,
    ) -> Self {
        Self { field, work: Work::Page(work) }
    }

    /// A field of the object that another field refers to.
    pub const fn through(
        field: &'static str,
        here: &'static str,
        path: &'static str,
        take: &'static str,
    ) -> Self {
        Self::joined(field, Join { here, path, there: "id", only: &[], take: Take::One(take) })
    }

    /// Something of the objects whose field `there` refers to this one.
    pub const fn of_those(field: &'static str, path: &'static str, there: &'static str, take: Take) -> Self {
        Self::joined(field, Join { here: "id", path, there, only: &[], take })
    }

    /// From rows of a resource that belong to it.
    pub const fn joined(field: &'static str, join: Join) -> Self {
        Self { field, work: Work::Joined(join) }
    }
}

/// The cells of a row, wherever they are.
pub(crate) trait Cells {
    fn cell(&self, at: usize) -> Result<Cell<'_>, storage::Error>;
}

impl Cells for Row<'_> {
    fn cell(&self, at: usize) -> Result<Cell<'_>, storage::Error> {
        Row::cell(self, at)
    }
}

/// A row that outlives its statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    pub(crate) columns: &'static [&'static str],
    pub(crate) cells: Vec<Datum>,
}

impl Cells for Object {
    fn cell(&self, at: usize) -> Result<Cell<'_>, storage::Error> {
        Ok(self.cells.get(at).map_or(Cell::Null, Datum::cell))
    }
}

impl Object {
    pub(crate) fn of(columns: &'static [&'static str], row: &Row<'_>) -> Result<Self, storage::Error> {
        let cells = (0..columns.len()).map(|at| row.cell(at).map(Datum::of)).collect::<Result<_, _>>()?;
        Ok(Self { columns, cells })
    }

    /// What a column has.
    pub fn get(&self, column: &str) -> &Datum {
        let at = self.columns.iter().position(|name| *name == column);
        at.and_then(|at| self.cells.get(at)).unwrap_or(&Datum::Null)
    }

    /// The same with something else in a column.
    pub fn with(mut self, column: &str, value: Datum) -> Self {
        let at = self.columns.iter().position(|name| *name == column);
        if let Some(cell) = at.and_then(|at| self.cells.get_mut(at)) {
            *cell = value;
        }
        self
    }

    /// The integer, identifier or instant in a column.
    pub fn int(&self, column: &str) -> Option<i64> {
        match self.get(column) {
            Datum::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether a column is true.
    pub fn flag(&self, column: &str) -> bool {
        matches!(self.get(column), Datum::Bool(true) | Datum::Int(1))
    }

    /// The day in a column.
    pub fn date(&self, column: &str) -> Option<Date> {
        self.text(column).and_then(date)
    }

    /// The nested value in a column.
    pub fn json(&self, column: &str) -> Value {
        self.text(column).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// The identifiers in a column that keeps a list of them.
    pub fn ids(&self, column: &str) -> Vec<i64> {
        identifiers_of(&self.json(column))
    }

    /// The text in a column.
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.get(column) {
            Datum::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Identifiers in a column that keeps a list of them.
pub fn ids_in(datum: &Datum) -> Vec<i64> {
    match datum {
        Datum::Text(json) => identifiers_of(&serde_json::from_str(json).unwrap_or_default()),
        _ => Vec::new(),
    }
}

/// An identifier, as a number or as a text.
pub fn id_of(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// Identifiers in a list, as numbers or as texts.
pub(crate) fn identifiers_of(list: &Value) -> Vec<i64> {
    list.as_array().into_iter().flatten().filter_map(id_of).collect()
}

/// A row and the time, for what is worked out from them.
pub struct Facts<'a> {
    pub(crate) row: &'a dyn Cells,
    pub(crate) columns: &'static [&'static str],
    /// The time of the request.
    pub now: Instant,
    pub(crate) days: Option<&'a Days>,
}

/// The column that says where a row is, and the day that it is at each place.
pub(crate) type Days = (&'static str, HashMap<i64, Date>);

impl Facts<'_> {
    fn cell(&self, column: &str) -> Cell<'_> {
        let at = self.columns.iter().position(|name| *name == column);
        at.and_then(|at| self.row.cell(at).ok()).unwrap_or(Cell::Null)
    }

    /// The text in a column, if there is one.
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.cell(column) {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a column is true.
    pub fn flag(&self, column: &str) -> bool {
        matches!(self.cell(column), Cell::Int(1) | Cell::Bool(true))
    }

    /// The integer, identifier or instant in a column, if there is one.
    pub fn int(&self, column: &str) -> Option<i64> {
        match self.cell(column) {
            Cell::Int(value) => Some(value),
            _ => None,
        }
    }

    /// The point in time in a column in milliseconds, if there is one.
    pub fn instant(&self, column: &str) -> Option<i64> {
        self.int(column)
    }

    /// The number in a column, if there is one.
    pub fn number(&self, column: &str) -> Option<f64> {
        match self.cell(column) {
            Cell::Real(value) => Some(value),
            #[expect(clippy::cast_precision_loss, reason = "a number, whatever the column")]
            Cell::Int(value) => Some(value as f64),
            _ => None,
        }
    }

    /// The day in a column, if there is one.
    pub fn date(&self, column: &str) -> Option<Date> {
        match self.cell(column) {
            Cell::Date(date) => Some(date),
            Cell::Text(text) => date(text),
            _ => None,
        }
    }

    /// The time of day in a column, if there is one.
    pub fn time(&self, column: &str) -> Option<registry::Time> {
        match self.cell(column) {
            Cell::Time(time) => Some(time),
            Cell::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The day of the request, at the place of the row if the code of the resource names one.
    pub fn today(&self) -> Date {
        let there = self.days.and_then(|(column, days)| {
            days.get(&self.int(column).unwrap_or_default()).or_else(|| days.get(&0))
        });
        there.copied().unwrap_or_else(|| instant_of(self.now).date())
    }
}
