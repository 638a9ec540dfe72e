//! What a list is asked for.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use registry::{DAY, Filter, Kind, Reference, Test, Version};
use serde_json::Value;
use storage::{Datum, Look};

use crate::code::Narrow;
use crate::compute::{Ask, Key, numbers};
use crate::error::Problem;
use crate::value::{Findings, date, datum, expected, instant};
use crate::{Error, Plan};

/// Rows of a page at most, and where nobody says.
const MOST: u64 = 100;

/// Values of one parameter at most; databases have limits, too.
const VALUES: usize = 1000;

/// Names and values of a query string, in their order.
pub type Parameters = Vec<(String, String)>;

/// A list as it was asked for, checked against the declaration.
#[derive(Debug)]
pub struct List {
    pub(crate) looks: Vec<Look>,
    /// Parameters that code of the resource understands, with their values.
    pub(crate) own: Vec<(&'static str, Narrow, Vec<String>)>,
    pub(crate) limit: u64,
    pub(crate) after: Option<i64>,
    pub(crate) before: Option<i64>,
    pub(crate) offset: u64,
    /// Whether rows that a list leaves out are wanted, too.
    pub(crate) everything: bool,
    /// The places of what it is narrowed by, among what may be hidden.
    pub(crate) sensitive: Vec<usize>,
    /// What a computed resource is asked for, and the cursors of its list as they came.
    pub(crate) ask: Ask,
    pub(crate) after_key: Option<String>,
    pub(crate) before_key: Option<String>,
    /// Parameters that were left aside.
    pub unknown: Vec<String>,
}

impl List {
    /// Checks the parameters of a list; names everything that is wrong with them.
    pub fn check(plan: &Plan, version: Version, parameters: &Parameters) -> Result<Self, Error> {
        let mut found = Findings::default();
        let mut list = Self {
            looks: Vec::new(),
            own: Vec::new(),
            limit: MOST,
            after: None,
            before: None,
            offset: 0,
            everything: false,
            sensitive: Vec::new(),
            ask: Ask::default(),
            after_key: None,
            before_key: None,
            unknown: Vec::new(),
        };
        let filters = || plan.resource().filters.iter().filter(|filter| filter.lives_in(version));
        let mut page = 1;
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in parameters {
            let base = base(name);
            let blank = value.is_empty();
            match base {
                "limit" if !blank => match value.parse() {
                    Ok(limit @ 1..) => list.limit = u64::min(limit, MOST),
                    _ => found.problems.push(Problem::new("limit", "invalid", "It must be 1 or more.")),
                },
                "page" if !blank => match value.parse() {
                    Ok(wanted @ 1..) => page = wanted,
                    _ => found.problems.push(Problem::new("page", "invalid", "It must be 1 or more.")),
                },
                "after_id" if !blank && plan.compute.is_some() => list.after_key = Some(value.clone()),
                "before_id" if !blank && plan.compute.is_some() => list.before_key = Some(value.clone()),
                "after_id" if !blank => list.after = cursor(value, "after_id", &mut found),
                "before_id" if !blank => list.before = cursor(value, "before_id", &mut found),
                "limit" | "page" | "after_id" | "before_id" => {}
                _ if filters().any(|filter| member(filter, name).is_some()) => {
                    let own = filters().filter(|filter| member(filter, name).is_some());
                    seen.extend(own.map(|filter| filter.name.trim_end_matches("[]")).next());
                }
                _ if filters().any(|filter| filter.name.trim_end_matches("[]") == base) => {
                    if !seen.contains(&base) {
                        seen.push(base);
                    }
                }
                _ => list.unknown.push(name.clone()),
            }
        }
        seen.sort_unstable();
        seen.dedup();
        for wanted in seen {
            let group: Vec<_> =
                filters().filter(|filter| filter.name.trim_end_matches("[]") == wanted).collect();
            let objects = group.first().map(|filter| objects(filter, parameters)).unwrap_or_default();
            let mut values = values(parameters, wanted);
            values.extend(objects.iter().map(String::as_str));
            if values.len() > VALUES {
                let message = format!("It takes at most {VALUES} values at once.");
                found.problems.push(Problem::new(wanted, "too_many", message));
            } else if !values.is_empty() {
                list.narrow(plan, &group, &values, &mut found)?;
            }
        }
        list.offset = (page - 1_u64).saturating_mul(list.limit).min(i64::MAX.unsigned_abs());
        if found.problems.is_empty() { Ok(list) } else { Err(Error::Invalid(found.problems)) }
    }

    /// Where the page lies in what is between two places of all rows.
    pub(crate) fn window(&self, begin: usize, end: usize) -> (usize, usize) {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let offset = usize::try_from(self.offset).unwrap_or(usize::MAX);
        let before = self.before.is_some() || self.before_key.is_some();
        if before && self.after.is_none() && self.after_key.is_none() {
            let to = end.saturating_sub(offset);
            (to.saturating_sub(limit), to)
        } else {
            let from = begin.saturating_add(offset).min(end.max(begin));
            (from, from.saturating_add(limit).min(end.max(from)))
        }
    }

    /// The parameters that code of the resource understands, with their values.
    pub(crate) fn asked(&self) -> Vec<(&'static str, Vec<String>)> {
        self.own.iter().map(|(name, _, values)| (*name, values.clone())).collect()
    }

    /// Adds what one parameter says. Several filters of one name are fields that are searched together.
    fn narrow(
        &mut self,
        plan: &Plan,
        group: &[&Filter],
        values: &[&str],
        found: &mut Findings,
    ) -> Result<(), Error> {
        let Some(filter) = group.first() else { return Ok(()) };
        let last = values.last().copied().unwrap_or_default();
        if let Some(compute) = &plan.compute {
            let name = filter.name.trim_end_matches("[]");
            if name == "ids" {
                self.ask.keys = Some(values.iter().filter_map(|id| (compute.key)(id)).collect());
            } else {
                let mut one = |text: &str| datum(item(&filter.kind), &Value::from(text), name, found);
                self.ask.put(filter, values.iter().filter_map(|text| one(text)).collect());
            }
            return Ok(());
        }
        if !plan.understands(filter) {
            // What does not narrow needs no understanding.
            let idle = filter.kind == Kind::Bool && matches!(last, "false" | "0");
            let detail = format!("This server does not know how to narrow the list by {} yet.", filter.name);
            return if idle { Ok(()) } else { Err(Error::NotYet(detail)) };
        }
        if plan.parts.is_some_and(|(parameter, _)| parameter == filter.name) {
            self.own.push((
                filter.name,
                Narrow::Idle,
                values.iter().map(|value| (*value).to_owned()).collect(),
            ));
            return Ok(());
        }
        if plan.hide.is_some_and(|hide| hide.unless == filter.name) {
            self.everything = matches!(last, "true" | "1");
            if plan.narrows(filter.name).is_none() {
                return Ok(());
            }
        }
        if let Some(narrow) = plan.narrows(filter.name) {
            // Code that is given ids knows no name to complain with.
            if matches!(item(&filter.kind), Kind::Id(_)) {
                let name = filter.name.trim_end_matches("[]");
                values
                    .iter()
                    .for_each(|text| drop(datum(item(&filter.kind), &Value::from(*text), name, found)));
            }
            self.own.push((filter.name, narrow, values.iter().map(|value| (*value).to_owned()).collect()));
            return Ok(());
        }
        let fields = group.iter().filter_map(|filter| filter.field);
        let declared = fields.clone().filter_map(|name| plan.resource().field(name));
        self.sensitive.extend(declared.filter_map(|field| plan.protected.place(field)));
        let Some(field) = filter.field.and_then(|name| plan.resource().field(name)) else { return Ok(()) };
        let column = field.member.name;
        // An id is a number in its table, also where every version writes it as text.
        let kind = if column == "id" { Kind::Id(Reference::Anything) } else { field.member.kind };
        let name = filter.name.trim_end_matches("[]");
        let mut one = |text: &str| {
            // Some parameters that look at a day are given a point in time.
            let day = text.get(..10).filter(|_| kind == Kind::Date && instant(text).is_some());
            datum(&kind, &Value::from(day.unwrap_or(text)), name, found)
        };
        let look = match filter.test {
            Test::Search => Some(Look::Search(fields.collect(), last.to_owned())),
            Test::Prefix => Some(Look::Prefix(column, last.to_owned())),
            Test::Flag => match last {
                "true" | "1" => Some(Look::Equal(column, Datum::Bool(true))),
                "false" | "0" => None,
                _ => {
                    let message = format!("It must be {}.", expected(&Kind::Bool));
                    found.problems.push(Problem::new(name, "invalid", message));
                    None
                }
            },
            Test::OneOf => Some(Look::OneOf(column, values.iter().filter_map(|text| one(text)).collect())),
            Test::Equal => one(last).map(|value| Look::Equal(column, value)),
            Test::From => one(last).map(|value| Look::From(column, value)),
            Test::Before => one(last).map(|value| Look::Before(column, value)),
            // A day of points in time ends with its last moment.
            Test::To | Test::After => one(last)
                .map(|value| match value {
                    Datum::Int(millis)
                        if kind == Kind::Instant && date(last).is_some() && last.len() == 10 =>
                    {
                        Datum::Int(millis + DAY - 1)
                    }
                    value => value,
                })
                .map(|value| match filter.test {
                    Test::To => Look::To(column, value),
                    _ => Look::After(column, value),
                }),
            Test::Has => {
                let item = match kind {
                    Kind::List(item) => *item,
                    kind => kind,
                };
                let texts =
                    values.iter().filter_map(|text| match datum(&item, &Value::from(*text), name, found)? {
                        // Identifiers are kept as strings.
                        Datum::Int(id) if matches!(item, Kind::Id(_)) => Some(format!("\"{id}\"")),
                        Datum::Text(text) => Some(Value::from(text).to_string()),
                        Datum::Int(value) => Some(value.to_string()),
                        _ => None,
                    });
                Some(Look::Has(column, texts.collect()))
            }
            Test::Own => None,
        };
        self.looks.extend(look);
        Ok(())
    }
}

/// The name of a parameter without what says that it is one of a list: `ids[]`, `ids[0]`.
fn base(name: &str) -> &str {
    match name.split_once('[') {
        Some((base, rest))
            if rest.strip_suffix(']').is_some_and(|at| at.bytes().all(|b| b.is_ascii_digit())) =>
        {
            base
        }
        _ => name,
    }
}

/// The member of an object that a parameter gives: `filter[member]`, `filters[][member]`, or the bare name of a member
/// that is declared, as the vendor's SDK writes it.
fn member<'p>(filter: &Filter, name: &'p str) -> Option<&'p str> {
    let members = match item(&filter.kind) {
        Kind::Object(members) => *members,
        Kind::Map => &[],
        _ => return None,
    };
    let bracketed = || {
        let rest = name.strip_prefix(filter.name.trim_end_matches("[]"))?;
        rest.strip_prefix("[]").unwrap_or(rest).strip_prefix('[')?.strip_suffix(']')
    };
    let bare = || members.iter().any(|member| member.name == name).then_some(name);
    bracketed().filter(|member| !member.is_empty()).or_else(bare)
}

/// The objects that parameters give a filter, as JSON. A member that is there already begins another one.
fn objects(filter: &Filter, parameters: &Parameters) -> Vec<String> {
    let mut objects: Vec<serde_json::Map<String, Value>> = Vec::new();
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        let Some(member) = member(filter, name) else { continue };
        if objects.last().is_none_or(|object| object.contains_key(member)) {
            objects.push(serde_json::Map::new());
        }
        if let Some(object) = objects.last_mut() {
            object.insert(member.to_owned(), Value::from(value.as_str()));
        }
    }
    objects.into_iter().map(|object| Value::Object(object).to_string()).collect()
}

/// All values of a parameter; a list may also stand in one value, between commas.
fn values<'p>(parameters: &'p Parameters, wanted: &str) -> Vec<&'p str> {
    let named = parameters.iter().filter(|(name, _)| base(name) == wanted);
    named.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|value| !value.is_empty()).collect()
}

/// A cursor: the id in Base64, or the id itself.
fn cursor(text: &str, name: &str, found: &mut Findings) -> Option<i64> {
    let decoded = || String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok()?.parse().ok();
    let id = text.parse().ok().or_else(decoded);
    if id.is_none() {
        found.problems.push(Problem::new(name, "invalid", "It must be a cursor of this list, or an id."));
    }
    id
}

/// The cursor of a row.
pub(crate) fn encode(id: i64) -> String {
    BASE64_STANDARD.encode(id.to_string())
}

/// The cursor of a computed object.
pub(crate) fn encode_key((first, second): Key) -> String {
    BASE64_STANDARD.encode(format!("{first}_{second}"))
}

/// The computed object of a cursor.
pub(crate) fn key(text: &str) -> Option<Key> {
    numbers(&String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok()?)
}

/// What one of several values is.
fn item(kind: &Kind) -> &Kind {
    match kind {
        Kind::List(item) => item,
        kind => kind,
    }
}

/// What lies before and behind a page, and the cursors of its ends.
pub(crate) struct Ends {
    pub(crate) previous: bool,
    pub(crate) next: bool,
    pub(crate) first: Option<String>,
    pub(crate) last: Option<String>,
}

/// A page as JSON.
pub(crate) fn envelope<'o>(
    objects: impl Iterator<Item = &'o [u8]> + Clone,
    limit: u64,
    total: i64,
    ends: &Ends,
) -> Vec<u8> {
    let size = objects.clone().map(|object| object.len() + 1).sum::<usize>();
    let mut body = Vec::with_capacity(size + 200);
    body.extend_from_slice(b"{\"data\":[");
    for (at, object) in objects.enumerate() {
        if at > 0 {
            body.push(b',');
        }
        body.extend_from_slice(object);
    }
    let cursor =
        |text: &Option<String>| text.as_ref().map_or("null".to_owned(), |text| format!("\"{text}\""));
    let meta = format!(
        "],\"meta\":{{\"limit\":{limit},\"total\":{total},\"has_next_page\":{},\"has_previous_page\":{},\
         \"start_cursor\":{},\"end_cursor\":{}}}}}",
        ends.next,
        ends.previous,
        cursor(&ends.first),
        cursor(&ends.last),
    );
    body.extend_from_slice(meta.as_bytes());
    body
}
