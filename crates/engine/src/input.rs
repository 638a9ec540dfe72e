//! Bodies of creates and updates.

use std::collections::BTreeMap;

use registry::{Action, Default, Field, Kind, Reference, Role, Version};
use serde_json::{Map, Value};
use storage::Datum;

use crate::error::Problem;
use crate::value::{Findings, datum, instant_of};
use crate::{Error, Object, Plan};

/// A body as it came.
pub type Body = Map<String, Value>;

/// What columns become.
pub type Sets = BTreeMap<&'static str, Datum>;

/// What is about to be written, for a rule to complete and to judge.
pub struct Draft<'a> {
    /// The object as it is; `None` while it is new.
    pub old: Option<&'a Object>,
    /// What columns become, as the body says.
    pub sets: &'a mut Sets,
    /// The object that is there already: it is changed, and answered, in place of a new one.
    pub instead: Option<i64>,
}

impl Draft<'_> {
    /// What a column will have: what the body says, or what it is.
    pub fn get(&self, column: &str) -> &Datum {
        const NULL: &Datum = &Datum::Null;
        self.sets.get(column).or_else(|| self.old.map(|old| old.get(column))).unwrap_or(NULL)
    }

    /// The integer or identifier that a column will have.
    pub fn int(&self, column: &str) -> Option<i64> {
        match self.get(column) {
            Datum::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether a column will be true.
    pub fn flag(&self, column: &str) -> bool {
        matches!(self.get(column), Datum::Bool(true) | Datum::Int(1))
    }

    /// The text that a column will have.
    pub fn text(&self, column: &str) -> Option<&str> {
        match self.get(column) {
            Datum::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The day that a column will have.
    pub fn date(&self, column: &str) -> Option<registry::Date> {
        self.text(column).and_then(crate::value::date)
    }

    /// Whether a column will have another value than it had.
    pub fn changes(&self, column: &str) -> bool {
        self.old.is_none_or(|old| self.sets.get(column).is_some_and(|value| value != old.get(column)))
    }

    /// Refuses what would leave a column of the object without a value.
    pub fn need(&self, column: &str, why: &str) -> Result<(), Error> {
        match self.get(column) {
            Datum::Null => Err(Error::Invalid(vec![Problem::new(column, "required", why)])),
            _ => Ok(()),
        }
    }

    /// Gives a column of a new object a value, unless it has one.
    pub fn begin(&mut self, column: &'static str, value: impl FnOnce() -> Datum) {
        if self.old.is_none() && matches!(self.sets.get(column), None | Some(Datum::Null)) {
            self.sets.insert(column, value());
        }
    }
}

/// What an action was given, checked against its declaration.
#[derive(Debug, Default)]
pub struct Input {
    values: BTreeMap<&'static str, Datum>,
    pub(crate) references: Vec<(String, Reference, i64)>,
    /// Members that were left aside.
    pub unknown: Vec<String>,
}

impl Input {
    /// Checks the body of an action; names everything that is wrong with it.
    pub fn check(action: &Action, version: Version, body: &Body) -> Result<Self, Error> {
        let mut found = Findings::default();
        let mut values = BTreeMap::new();
        let living = || action.input.iter().filter(|member| member.lives_in(version));
        for member in living() {
            match body.get(member.name) {
                None => {}
                Some(Value::Null) if member.nullable => {
                    values.insert(member.name, Datum::Null);
                    continue;
                }
                Some(Value::Null) => {}
                Some(value) => {
                    if let Some(datum) = datum(&member.kind, value, member.name, &mut found) {
                        values.insert(member.name, datum);
                    }
                    continue;
                }
            }
            if !member.nullable {
                found.problems.push(Problem::new(member.name, "required", "It must be given."));
            }
        }
        let strange = body.keys().filter(|name| !living().any(|member| member.name == name.as_str()));
        found.unknown.extend(strange.cloned());
        // The object itself is looked up by the action, which answers that it is not there.
        found.references.retain(|(at, _, _)| at != "id");
        if found.problems.is_empty() {
            Ok(Self { values, references: found.references, unknown: found.unknown })
        } else {
            Err(Error::Invalid(found.problems))
        }
    }

    /// What a member is; `None` where it was not given.
    pub fn get(&self, member: &str) -> Option<&Datum> {
        self.values.get(member)
    }

    /// The identifier or integer that a required member is.
    pub fn id(&self, member: &str) -> i64 {
        match self.get(member) {
            Some(Datum::Int(value)) => *value,
            _ => 0,
        }
    }

    /// Whether a member is true or false, where it was given.
    pub fn flag(&self, member: &str) -> Option<bool> {
        match self.get(member) {
            Some(Datum::Bool(value)) => Some(*value),
            _ => None,
        }
    }

    /// The day that a member is, where it was given.
    pub fn date(&self, member: &str) -> Option<registry::Date> {
        self.text(member).and_then(crate::value::date)
    }

    /// The identifier or integer of a member, where it was given.
    pub fn int(&self, member: &str) -> Option<i64> {
        match self.get(member) {
            Some(Datum::Int(value)) => Some(*value),
            _ => None,
        }
    }

    /// The nested value of a member, identifiers as texts; null where it was not given.
    pub fn json(&self, member: &str) -> Value {
        self.text(member).and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// The identifiers of a member that is a list of them.
    pub fn ids(&self, member: &str) -> Vec<i64> {
        crate::code::identifiers_of(&self.json(member))
    }

    /// The objects of a member that is a list of them.
    pub fn items(&self, member: &str) -> Vec<Body> {
        let items = match self.json(member) {
            Value::Array(items) => items,
            _ => Vec::new(),
        };
        let object = |item| match item {
            Value::Object(object) => Some(object),
            _ => None,
        };
        items.into_iter().filter_map(object).collect()
    }

    /// The text of a member, where it was given.
    pub fn text(&self, member: &str) -> Option<&str> {
        match self.get(member) {
            Some(Datum::Text(text)) => Some(text),
            _ => None,
        }
    }
}

/// A body that has been checked against the declaration, not yet against the database.
#[derive(Debug, Default)]
pub struct Change {
    /// What columns become.
    pub(crate) sets: Sets,
    /// Rows that must exist: where they are named, what they are, which.
    pub(crate) references: Vec<(String, Reference, i64)>,
    /// Members that were left aside.
    pub unknown: Vec<String>,
}

impl Change {
    /// Of a new object.
    pub fn create(plan: &Plan, version: Version, body: &Body) -> Result<Self, Error> {
        Self::check(plan, version, body, |field| field.create, true)
    }

    /// Of an object that is there: what is absent stays, what is null goes.
    pub fn update(plan: &Plan, version: Version, body: &Body) -> Result<Self, Error> {
        Self::check(plan, version, body, |field| field.update, false)
    }

    fn check(
        plan: &Plan,
        version: Version,
        body: &Body,
        input: impl Fn(&Field) -> Option<registry::Input>,
        new: bool,
    ) -> Result<Self, Error> {
        let mut found = Findings::default();
        let mut sets = BTreeMap::new();
        // The id of an update is in its address, too; the company is the caller's.
        let mut known = vec!["id"];
        for field in plan.resource().fields {
            let Some(input) = input(field).filter(|input| input.lives_in(version)) else { continue };
            let name = input.name.trim_end_matches("[]");
            let column = field.member.name;
            let stored = field.kept();
            if stored {
                known.push(name);
            }
            match body.get(name).or_else(|| body.get(input.name)) {
                Some(Value::Null) if !new && field.member.nullable => {
                    sets.insert(column, Datum::Null);
                }
                None | Some(Value::Null) if new && input.required => {
                    found.problems.push(Problem::new(name, "required", "It must be given."));
                }
                Some(Value::Null) if !new => {
                    found.problems.push(Problem::new(name, "required", "It cannot be null."));
                }
                None | Some(Value::Null) => {}
                Some(value) => {
                    if let (true, Some(datum)) =
                        (stored, datum(taken(&input.kind, &field.member.kind), value, name, &mut found))
                    {
                        sets.insert(column, datum);
                    }
                }
            }
        }
        let strange =
            body.keys().map(|name| name.trim_end_matches("[]")).filter(|name| !known.contains(name));
        found.unknown.extend(strange.map(str::to_owned));
        // The company of a row is the caller's; whoever names another hears that there is none.
        sets.remove("company_id");
        sets.remove("id");
        if found.problems.is_empty() {
            Ok(Self { sets, references: found.references, unknown: found.unknown })
        } else {
            Err(Error::Invalid(found.problems))
        }
    }

    /// The columns of a new object: what it was given, and what it starts with.
    pub(crate) fn begun(mut sets: Sets, plan: &Plan, now: registry::Instant) -> Sets {
        let today = || instant_of(now).date().to_string();
        let stamped = |field: &&Field| field.kept() && STAMPS.contains(&field.member.name);
        let begins = |field: &&Field| field.role == Role::Stored || stamped(field);
        for field in plan.resource().fields.iter().filter(begins) {
            let name = field.member.name;
            let value = match field.default {
                Some(Default::Text(text)) => Datum::Text(text.to_owned()),
                Some(Default::Integer(value)) => match field.member.kind {
                    #[expect(clippy::cast_precision_loss, reason = "declared numbers are small")]
                    Kind::Number => Datum::Real(value as f64),
                    _ => Datum::Int(value),
                },
                Some(Default::Bool(value)) => Datum::Bool(value),
                Some(Default::Empty) => match field.member.kind {
                    Kind::List(_) => Datum::Text("[]".to_owned()),
                    _ => Datum::Text("{}".to_owned()),
                },
                Some(Default::Now) => Datum::Int(now.millis()),
                Some(Default::Today) => Datum::Text(today()),
                Some(Default::Copy(_) | Default::Rule) => continue,
                None if STAMPS.contains(&name) => match stamp(field.member.kind, now) {
                    Some(stamp) => stamp,
                    None => continue,
                },
                None => continue,
            };
            sets.entry(name).or_insert(value);
        }
        for field in plan.resource().fields {
            if let Some(Default::Copy(other)) = field.default
                && let Some(value) = sets.get(other).cloned()
            {
                sets.entry(field.member.name).or_insert(value);
            }
        }
        sets
    }

    /// The columns of a change, which notes when it was made.
    pub(crate) fn touched(mut sets: Sets, plan: &Plan, now: registry::Instant) -> Sets {
        let field = plan.resource().field("updated_at").filter(|field| field.kept());
        if let Some(stamp) = field.and_then(|field| stamp(field.member.kind, now)) {
            sets.insert("updated_at", stamp);
        }
        sets
    }
}

/// Fields that say when something was done.
const STAMPS: [&str; 2] = ["created_at", "updated_at"];

/// A point in time as a field of a kind has it; whole numbers are Unix seconds.
fn stamp(kind: Kind, now: registry::Instant) -> Option<Datum> {
    match kind {
        Kind::Instant => Some(Datum::Int(now.millis())),
        Kind::Integer => Some(Datum::Int(now.millis().div_euclid(registry::SECOND))),
        Kind::Date => Some(Datum::Text(instant_of(now).date().to_string())),
        _ => None,
    }
}

/// How a value that is taken as one kind and kept as another is read: a text that is kept as something else has to be
/// one of that.
fn taken<'k>(input: &'k Kind, kept: &'k Kind) -> &'k Kind {
    if *input == Kind::Text { kept } else { input }
}
