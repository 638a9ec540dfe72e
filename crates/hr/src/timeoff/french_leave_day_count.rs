//! `timeoff/french_leave_day_counts`

use std::collections::{BTreeMap, BTreeSet};

use engine::{Ask, Code, Compute, Context, Error, Key, Object, Sets, number};
use registry::{Date, Employee, Id, Resource};
use storage::{Datum, Look};

use super::books::{self, Books};
use super::rules::count::{Counter, Part, total};
use crate::time::today;
use crate::timeoff::Leave;

/// Days or hours that a leave costs under French counting.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/french_leave_day_counts",
    object = "timeoff_french_leave_day_count",
    permission = "timeoff",
    subject = "leave_id.employee_id",
    computed,
    operations(list(since = "2026-10-01"))
)]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Keeps the leaves of these employees.")]
#[parameter(name = "from", as = Date, doc = "First day to count.")]
#[parameter(name = "to", as = Date, doc = "Last day to count.")]
#[parameter(name = "include_deleted", as = bool, doc = "True also counts deleted leaves.", required)]
pub struct FrenchLeaveDayCount {
    /// Leave that was counted.
    #[field(filter(any = "leave_ids[]"))]
    pub leave_id: Id<Leave>,
    /// Result of the count, in the given unit.
    #[field(derived)]
    pub amount: f64,
    /// Whether the result is in days or hours.
    #[field(derived)]
    pub unit: Unit,
}

registry::choice! {
    /// The values of `unit`.
    pub enum Unit {
        Days = "days",
        Hours = "hours",
    }
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: number, keys, rows }),
    ..Code::of("timeoff/french_leave_day_counts")
};

/// The leaves that are asked for and that the caller reaches.
fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    let leaves = ask.ids("leave_ids");
    let (from, to) = (ask.date("from"), ask.date("to"));
    let mut looks = Vec::new();
    looks.extend(leaves.map(|ids| Look::OneOf("id", ids.into_iter().map(Datum::Int).collect())));
    if !ask.flag("include_deleted") {
        looks.push(Look::Null("deleted_at"));
    }
    looks.extend(to.map(|to| Look::To("start_on", Datum::Text(to.to_string()))));
    if let Some(from) = from {
        let ends = Look::From("finish_on", Datum::Text(from.to_string()));
        looks.push(Look::Any(vec![Look::Null("finish_on"), ends]));
    }
    let people = cx.people(ask.ids("employee_ids"))?;
    let leaves = cx.facts("timeoff/leaves", &looks)?;
    let reached =
        leaves.iter().filter(|leave| leave.int("employee_id").is_some_and(|id| people.contains(&id)));
    let mut keys: Vec<Key> = reached.filter_map(|leave| Some((leave.int("id")?, 0))).collect();
    keys.sort_unstable();
    Ok(keys)
}

fn rows(cx: &mut Context<'_, '_>, ask: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let found: BTreeMap<i64, Object> =
        cx.objects("timeoff/leaves", keys.iter().map(|key| key.0).collect())?.into_iter().collect();
    let people: BTreeSet<i64> = found.values().filter_map(|leave| leave.int("employee_id")).collect();
    let people: Vec<i64> = people.into_iter().collect();
    let dates = found.values().flat_map(|leave| [leave.date("start_on"), leave.date("finish_on")]).flatten();
    let days = dates.fold(None, |all: Option<(Date, Date)>, day| {
        Some(all.map_or((day, day), |(first, last)| (first.min(day), last.max(day))))
    });
    let now = cx.tx.now();
    let books = Books::open(cx, &people, days, ask.date("to").unwrap_or_else(|| today::horizon(cx)))?;
    let within = |day: Date| {
        ask.date("from").is_none_or(|from| from <= day) && ask.date("to").is_none_or(|to| day <= to)
    };
    let counted = |key: &Key| {
        let row = found.get(&key.0)?;
        let leave = books::Leave::of(row, &books.types)?;
        let employee = row.int("employee_id")?;
        let until = ask.date("to").unwrap_or_else(|| books.day(employee, now));
        let mut charges = books.french(employee, &leave, until);
        charges.retain(|charge| within(charge.day));
        let total = total(&charges);
        let hours = matches!(leave.place.part, Part::Minutes(_));
        let (amount, unit) = if hours { (total.hours(), "hours") } else { (total.days, "days") };
        Some(Sets::from([
            ("leave_id", Datum::Int(key.0)),
            ("amount", Datum::Real(super::leave::decimal(amount))),
            ("unit", Datum::Text(unit.to_owned())),
        ]))
    };
    Ok(keys.iter().map(|key| counted(key).unwrap_or_default()).collect())
}

/// The French counter of a leave: the one that its allowance has, else the days that a week is open.
pub(crate) fn counter(own: Counter) -> Counter {
    match own {
        Counter::FrenchOuvres => Counter::FrenchOuvres,
        _ => Counter::FrenchCalendar,
    }
}
