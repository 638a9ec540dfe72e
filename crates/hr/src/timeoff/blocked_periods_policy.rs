//! `timeoff/blocked_periods`

use engine::{Code, Context, Draft, Error, Parameters, Problem};
use registry::{Anything, Company, Date, Id, Object, Resource};
use serde_json::{Value, json};
use storage::{Datum, Look};

use crate::companies::LegalEntity;
use crate::locations::Location;
use crate::teams::Team;
use crate::timeoff::LeaveType;

/// A span in which chosen people cannot request some leave types.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/blocked_periods",
    object = "timeoff_blocked_periods_policy",
    permission = "timeoff",
    operations(list, read, create, update, delete),
    events("blocked_period/create", "blocked_period/delete", "blocked_period/update")
)]
pub struct BlockedPeriodsPolicy {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<BlockedPeriodsPolicy>,
    /// The company that it belongs to.
    #[field(create(required), filter(any = "company_ids[]"))]
    pub company_id: Id<Company>,
    /// Title of the blocked period.
    #[field(create(required), update(required))]
    pub name: String,
    /// Leave types that cannot be requested.
    #[field(create(required), update(required))]
    pub leave_type_ids: Vec<Id<LeaveType>>,
    /// Spans of time that are blocked.
    #[field(default(empty))]
    pub time_periods: Vec<TimePeriod>,
    /// How the people concerned are chosen.
    #[field(update(required), default = "all_employees")]
    pub strategy: String,
    /// Employees whom the block applies to.
    #[field(update, default(empty))]
    pub members: Vec<String>,
    /// Workplaces whose people are concerned.
    #[field(update)]
    pub location_ids: Option<Vec<Id<Location>>>,
    /// Teams whose people are concerned.
    #[field(update)]
    pub team_ids: Option<Vec<Id<Team>>>,
    /// Legal entities whose people are concerned.
    #[field(update)]
    pub legal_entity_ids: Option<Vec<Id<LegalEntity>>>,
    /// Spans to add, change or remove.
    #[field(input, update(required))]
    pub time_periods_attributes: Option<Vec<TimePeriodsAttribute>>,
    /// Rule that selects a dynamic group of people: parameters of the list of employees, written as in an address, such as
    /// `location_ids[]=4&only_managers=true`. Whoever the list has at the time of a request is concerned, besides those
    /// who are named otherwise. The form is this server's own; a text that has no parameters is kept and selects nobody.
    #[field(input, update)]
    pub query: Option<String>,
}

/// The objects of `time_periods`.
#[derive(Debug, Object)]
pub struct TimePeriod {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Blocked period that the span belongs to.
    pub policy_id: Id<Anything>,
    /// Title of the span.
    pub name: String,
    /// Whether dates or a time since contract start define it.
    pub period_type: String,
    /// First blocked day.
    pub start_on: Option<Date>,
    /// Last blocked day, inclusive.
    pub finish_on: Option<Date>,
    /// Length counted from the start of the contract.
    pub duration: Option<i64>,
    /// Unit of the length, such as days or months.
    pub duration_unit: Option<String>,
}

/// The objects of `time_periods_attributes`.
#[derive(Debug, Object)]
pub struct TimePeriodsAttribute {
    /// Its identifier.
    pub id: Option<Id<Anything>>,
    /// Title of the span.
    pub name: Option<String>,
    /// True removes the span.
    pub _destroy: Option<bool>,
    /// Whether dates or a time since contract start define it.
    pub period_type: Option<String>,
    /// Length counted from the start of the contract.
    pub duration: Option<i64>,
    /// Unit of the length, such as days or months.
    pub duration_unit: Option<String>,
    /// First blocked day.
    pub start_on: Option<Date>,
    /// Last blocked day, inclusive.
    pub finish_on: Option<Date>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { rule: Some(rule), ..Code::of("timeoff/blocked_periods") };

/// Adds, changes and removes spans as an update says.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if let Some(query) = draft.sets.get("query").and_then(|_| draft.text("query")) {
        selected(cx, query)?;
    }
    let Some(old) = draft.old else { return Ok(()) };
    let Some(Datum::Text(given)) = draft.sets.get("time_periods_attributes") else { return Ok(()) };
    let given: Vec<Value> = serde_json::from_str(given).unwrap_or_default();
    let mut kept = match old.json("time_periods") {
        Value::Array(kept) => kept,
        _ => Vec::new(),
    };
    let policy = old.int("id").unwrap_or_default().to_string();
    let mut next =
        kept.iter().filter_map(|one| one["id"].as_str()?.parse::<i64>().ok()).max().unwrap_or(0) + 1;
    for one in given {
        let known = one["id"].as_str().and_then(|id| kept.iter().position(|kept| kept["id"] == id));
        let at = match known {
            Some(at) if one["_destroy"] == true => {
                kept.remove(at);
                continue;
            }
            None if one["_destroy"] == true => continue,
            Some(at) => at,
            None => {
                kept.push(json!({
                    "id": next.to_string(), "policy_id": policy, "name": "", "period_type": "dates",
                    "start_on": null, "finish_on": null, "duration": null, "duration_unit": null,
                }));
                next += 1;
                kept.len() - 1
            }
        };
        for name in ["name", "period_type", "duration", "duration_unit", "start_on", "finish_on"] {
            if !one[name].is_null() {
                kept[at][name] = one[name].clone();
            }
        }
    }
    let turned = |one: &Value| match (one["start_on"].as_str(), one["finish_on"].as_str()) {
        (Some(first), Some(last)) => last < first,
        _ => false,
    };
    if kept.iter().any(turned) {
        let message = "A blocked span ends before it begins.";
        return Err(Error::rule("time_periods_attributes", "finish_before_start", message));
    }
    draft.sets.insert("time_periods", Datum::Text(Value::Array(kept).to_string()));
    Ok(())
}

/// The conditions of the people whom a query selects; `None` where it selects nobody. What the matched API takes here is
/// not known, so only what means to be parameters is judged.
pub(crate) fn selected(cx: &mut Context<'_, '_>, query: &str) -> Result<Option<Vec<Look>>, Error> {
    if !query.contains('=') {
        return Ok(None);
    }
    let unreadable = |why: &str| {
        let message = format!(
            "{why} A query is made of parameters of the list of employees, such as location_ids[]=4&only_managers=true."
        );
        Error::rule("query", "query_not_understood", message)
    };
    let parameters = parameters(query).ok_or_else(|| unreadable("It cannot be read."))?;
    match cx.selection("employees/employees", &parameters) {
        Err(Error::Invalid(problems)) => {
            let why = |problem: &Problem| format!("Its {} is wrong: {}", problem.field, problem.message);
            let why = problems.iter().map(why);
            Err(unreadable(&why.collect::<Vec<_>>().join(" ")))
        }
        looks => looks.map(Some),
    }
}

/// The names and values of a query as it stands in an address.
fn parameters(query: &str) -> Option<Parameters> {
    let decoded = |text: &str| {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let mut digit = || char::from(rest.next()?).to_digit(16);
                    u8::try_from(digit()? * 16 + digit()?).ok()?
                }
                byte => byte,
            });
        }
        String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
    };
    let pairs = query.trim().trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').and_then(|(name, value)| Some((decoded(name)?, decoded(value)?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_read_as_in_addresses() {
        for (query, read) in [
            ("only_managers=true", Some(vec![("only_managers", "true")])),
            ("?team_ids[]=1&team_ids%5B%5D=2", Some(vec![("team_ids[]", "1"), ("team_ids[]", "2")])),
            ("full_text_name=Ada+L%c3%a9", Some(vec![("full_text_name", "Ada L\u{e9}")])),
            ("tenure > 2", None),
            ("a=%2", None),
            ("a=%ff", None),
            ("a=%00", None),
        ] {
            let read = read.map(|pairs| {
                pairs
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect::<Parameters>()
            });
            assert_eq!(parameters(query), read, "{query}");
        }
    }
}
