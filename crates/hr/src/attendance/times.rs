//! What worked and estimated times have in common: employees and days.

use std::collections::BTreeSet;

use engine::{Ask, Context, Error, Key, day_number, day_of};
use registry::Date;

use crate::time::today;

/// Days that a list is asked for at most.
const DAYS: i64 = 366;

/// Every day that is asked for of every employee who is asked for and whom the caller reaches. One bound alone is a
/// single day; without any it is today.
pub(crate) fn keys(cx: &mut Context<'_, '_>, ask: &Ask, everybody: bool) -> Result<Vec<Key>, Error> {
    if let Some(wanted) = &ask.keys {
        let people = cx.people(Some(wanted.iter().map(|key| key.0).collect()))?;
        let wanted: BTreeSet<Key> = wanted.iter().copied().filter(|key| people.contains(&key.0)).collect();
        return Ok(wanted.into_iter().collect());
    }
    let (start, end) = (ask.date("start_on"), ask.date("end_on"));
    let first = today::asked(cx, start.or(end))?;
    let last = end.unwrap_or(first);
    let (first, last) = (day_number(first), day_number(last));
    if last - first >= DAYS {
        return Err(Error::invalid("end_on", "It must be less than a year after start_on."));
    }
    let wanted = ask.ids("employee_ids");
    // Somebody who is named alone is shown in any case.
    let alone = wanted.as_ref().is_some_and(|wanted| wanted.len() == 1);
    let mut people = cx.people(wanted)?;
    if !everybody && !alone {
        let idle = cx.facts(
            "employees/employees",
            &[storage::Look::Equal("attendable", storage::Datum::Bool(false))],
        )?;
        let idle: BTreeSet<i64> = idle.iter().filter_map(|person| person.int("id")).collect();
        people.retain(|person| !idle.contains(person));
    }
    Ok(people.into_iter().flat_map(|person| (first..=last).map(move |day| (person, day))).collect())
}

/// The employees and the range of days of some keys.
pub(crate) fn bounds(keys: &[Key]) -> (Vec<i64>, Date, Date) {
    let employees: BTreeSet<i64> = keys.iter().map(|key| key.0).collect();
    let days = || keys.iter().map(|key| key.1);
    let (first, last) = (days().min().unwrap_or(0), days().max().unwrap_or(0));
    (employees.into_iter().collect(), day_of(first), day_of(last))
}

/// `employee_day`, as the API spells it.
pub(crate) fn name(key: Key) -> String {
    format!("{}_{}", key.0, day_of(key.1))
}

/// A point in time as nested objects have it.
pub(crate) fn instant(at: i64) -> serde_json::Value {
    registry::Instant::from_millis(at).to_string().into()
}

/// An identifier as nested objects have it.
pub(crate) fn id(id: Option<i64>) -> serde_json::Value {
    id.map(|id| id.to_string()).into()
}
