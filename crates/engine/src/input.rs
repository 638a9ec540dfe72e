//! Bodies of creates and updates.

use std::collections::BTreeMap;

use registry::{Default, Field, Input, Kind, Reference, Role, Version};
use serde_json::{Map, Value};
use storage::Datum;

use crate::error::Problem;
use crate::value::{Findings, datum, instant_of};
use crate::{Error, Plan};

/// A body as it came.
pub type Body = Map<String, Value>;

/// What columns become.
pub(crate) type Sets = BTreeMap<&'static str, Datum>;

/// A body that has been checked against the declaration, not yet against the database.
#[derive(Debug)]
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
        input: impl Fn(&Field) -> Option<Input>,
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
            let stored = field.role == Role::Stored && field.member.kind != Kind::File;
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
    pub(crate) fn begun(&self, plan: &Plan, now: registry::Instant) -> Sets {
        let mut sets = self.sets.clone();
        let today = || instant_of(now).date().to_string();
        for field in plan.resource().fields.iter().filter(|field| field.role == Role::Stored) {
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
                None if ["created_at", "updated_at"].contains(&name) => match field.member.kind {
                    Kind::Instant => Datum::Int(now.millis()),
                    Kind::Date => Datum::Text(today()),
                    _ => continue,
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
    pub(crate) fn touched(&self, plan: &Plan, now: registry::Instant) -> Sets {
        let mut sets = self.sets.clone();
        let field = plan.resource().field("updated_at");
        if field.is_some_and(|field| field.role == Role::Stored && field.member.kind == Kind::Instant) {
            sets.insert("updated_at", Datum::Int(now.millis()));
        }
        sets
    }
}

/// How a value that is taken as one kind and kept as another is read: a text that is kept as something else has to be
/// one of that.
fn taken<'k>(input: &'k Kind, kept: &'k Kind) -> &'k Kind {
    match (input, kept) {
        (Kind::Text, Kind::Text | Kind::Choice(_)) => input,
        (Kind::Text, _) => kept,
        _ => input,
    }
}
