//! `timeoff/policy_timelines`

use std::collections::{BTreeMap, BTreeSet};

use engine::{Ask, Code, Compute, Context, Error, Key, Sets, number};
use registry::{Anything, Date, Employee, Id, Instant, Object, Resource};
use serde_json::{Value, json};
use storage::Datum;

use super::allowance_stats_new::instant;
use super::books::Books;
use super::rules::cycle::Days;
use super::rules::timeline::Stretch;
use crate::time::today;

/// The policies of an employee one after another.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/policy_timelines",
    object = "timeoff_policy_timeline",
    permission = "timeoff",
    computed,
    subject = "employee_id",
    operations(list)
)]
#[parameter(name = "reference_date", as = Date, doc = "Day around which the timeline is drawn.", required)]
pub struct PolicyTimeline {
    /// Same as the employee's id.
    pub id: Id<PolicyTimeline>,
    /// Whose policies are listed.
    #[field(filter(eq = "employee_id"(required)))]
    pub employee_id: Id<Employee>,
    /// Earliest day covered.
    #[field(derived)]
    pub start_limit_date: Date,
    /// Latest day covered.
    #[field(derived)]
    pub end_limit_date: Date,
    /// Stretches under one policy, in order.
    #[field(derived)]
    pub items: Vec<Item>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { compute: Some(Compute { key: number, keys, rows }), ..Code::of("timeoff/policy_timelines") };

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    Ok(cx.people(ask.ids("employee_id"))?.into_iter().map(|id| (id, 0)).collect())
}

fn rows(cx: &mut Context<'_, '_>, ask: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let day = today::asked(cx, ask.date("reference_date"))?;
    let people: BTreeSet<i64> = keys.iter().map(|key| key.0).collect();
    let books = Books::open(cx, &people.into_iter().collect::<Vec<_>>(), None, day)?;
    let names = cx.facts("timeoff/policies", &[])?;
    let names = names.iter().filter_map(|row| Some((row.int("id")?, row.text("name")?.to_owned())));
    let names: BTreeMap<i64, String> = names.collect();
    Ok(keys.iter().map(|key| timeline(&books, &names, key.0, day)).collect())
}

/// The year of a day with the ones before and after it.
fn around(day: Date) -> Days {
    let first = Date::new(day.year().saturating_sub(1), 1, 1).unwrap_or(day);
    Days { first, last: Date::new(day.year().saturating_add(1), 12, 31).unwrap_or(day) }
}

fn timeline(books: &Books, names: &BTreeMap<i64, String>, employee: i64, day: Date) -> Sets {
    let limits = around(day);
    let stretches = books.people.get(&employee).map(|book| (book.timeline.stretches(), book.hired));
    let (stretches, hired) = stretches.unwrap_or_default();
    let count = stretches.len();
    let item = |(at, stretch): (usize, Stretch)| {
        let shown = stretch.days.and(limits)?;
        let from = stretch.days.first.max(hired.min(limits.first));
        Some(json!({
            "policy_assignment": {
                "id": employee.to_string(), "timeoff_policy_id": stretch.policy.to_string(),
                "employee_id": employee.to_string(), "effective_at": instant(from),
                "timeoff_policy_name": names.get(&stretch.policy), "is_initial": at == 0,
                "end_effective_at": (stretch.days.last < Date::MAX).then(|| instant(stretch.days.last)),
            },
            "start_at": instant(shown.first), "end_at": instant(shown.last),
            "is_first_item": at == 0, "is_last_item": at + 1 == count,
        }))
    };
    let items: Value = stretches.into_iter().enumerate().filter_map(item).collect();
    Sets::from([
        ("id", Datum::Int(employee)),
        ("employee_id", Datum::Int(employee)),
        ("start_limit_date", Datum::Text(limits.first.to_string())),
        ("end_limit_date", Datum::Text(limits.last.to_string())),
        ("items", Datum::Text(items.to_string())),
    ])
}

/// The objects of `items`.
#[derive(Debug, Object)]
pub struct Item {
    /// Assignment in force during the stretch.
    pub policy_assignment: PolicyAssignment,
    /// Beginning of the stretch.
    pub start_at: Instant,
    /// End of the stretch.
    pub end_at: Instant,
    /// Whether nothing comes before it.
    pub is_first_item: bool,
    /// Whether nothing follows it.
    pub is_last_item: bool,
}

/// The objects of `policy_assignment`.
#[derive(Debug, Object)]
pub struct PolicyAssignment {
    /// Policy that applies.
    pub timeoff_policy_id: Id<Anything>,
    /// Who comes under the policy.
    pub employee_id: Id<Employee>,
    /// Moment when the assignment begins.
    pub effective_at: Instant,
    /// Same as the employee's id.
    pub id: Option<Id<Anything>>,
    /// Title of the policy.
    pub timeoff_policy_name: Option<String>,
    /// Whether it is the employee's first assignment.
    pub is_initial: Option<bool>,
    /// Moment when the assignment ends.
    pub end_effective_at: Option<Instant>,
}
