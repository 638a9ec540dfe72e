//! `timeoff/allowance_stats`

use std::collections::{BTreeSet, HashMap};

use engine::{Ask, Code, Compute, Context, Error, Key, Sets, numbers};
use registry::{Anything, Date, Employee, Id, Instant, Object, Resource, TimeZone};
use serde_json::{Value, json};
use storage::{Datum, Look};

use super::books::{Books, main_policy};
use super::rules::cycle::moved;
use super::rules::ledger::{Balance, Carried};
use super::rules::request::written;
use super::rules::timeline::Timeline;
use crate::time::today;
use crate::timeoff::Allowance;

/// Counters of one allowance for one employee on a given day.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/allowance_stats",
    object = "timeoff_allowance_stats_new",
    permission = "timeoff",
    computed,
    subject = "employee_id",
    operations(list, read)
)]
#[parameter(name = "reference_date", as = Date, doc = "Day to count for, today if not given.")]
#[parameter(name = "simulate_policy_change_to_id", as = Id<Anything>, doc = "Policy to assume from the day after the reference date. Nothing is saved.", since = "2026-10-01")]
pub struct AllowanceStatsNew {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: String,
    /// Allowance that is counted.
    #[field(filter(any = "allowance_ids[]"))]
    pub allowance_id: Id<Allowance>,
    /// Whose counters these are.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Calendar year that the reference date falls in.
    #[field(derived)]
    pub year: i64,
    /// Accrual cycles of the allowance, with their bounds.
    // The matched vendor's client of that version reads a text.
    #[field(derived, text_until = "2026-04-01")]
    pub cycles: Vec<Cycle>,
    /// Units brought over from each earlier cycle.
    #[field(derived, since = "2026-07-01")]
    pub cycle_carry_overs: Vec<CycleCarryOver>,
    /// Sum of units brought over from past cycles.
    #[field(derived)]
    pub accumulated_carry_over: String,
    /// Units still free to use on the reference date.
    #[field(derived)]
    pub available_days: String,
    /// Units earned so far, up to the reference date.
    #[field(derived)]
    pub total_accrued_units: String,
    /// Accrued after cap and rounding, plus carry-over and corrections.
    #[field(derived)]
    pub total: String,
    /// Sum of all manual corrections, in units.
    #[field(derived)]
    pub incidences: String,
    /// Corrections of this cycle that change the accrued counter.
    #[field(derived)]
    pub accrued_incidences: String,
    /// Corrections of this cycle that change the available counter.
    #[field(derived)]
    pub available_incidences: String,
    /// Units granted per cycle by the policy, before any proration.
    #[field(derived)]
    pub policy_allowance: String,
    /// Granted units once scaled to the time employed.
    #[field(derived)]
    pub prorated_allowance_days: String,
    /// Carried units that are already spent.
    #[field(derived)]
    pub used_carry_over: String,
    /// Units spent, expressed in days.
    #[field(derived)]
    pub used_days: String,
    /// Units spent by the reference date, without later approved leaves.
    #[field(derived)]
    pub used_units_until_reference_date: String,
    /// Approved units that lie after the reference date.
    #[field(derived)]
    pub outstanding_units: String,
    /// Highest balance allowed, null without a cap.
    #[field(derived)]
    pub max_balance_cap: Option<String>,
    /// The total as a decimal number, null when not worked out.
    #[field(derived)]
    pub total_in_decimal: Option<String>,
    /// Carried amounts, one per earlier cycle.
    #[field(derived)]
    pub carry_overs: Option<Vec<String>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { compute: Some(Compute { key, keys, rows }), ..Code::of("timeoff/allowance_stats") };

/// `employee_allowance`; also `employee/allowance/day`, as other servers write it.
fn key(text: &str) -> Option<Key> {
    match text.split('/').collect::<Vec<_>>()[..] {
        [employee, allowance, ..] => Some((employee.parse().ok()?, allowance.parse().ok()?)),
        _ => numbers(text),
    }
}

/// The allowances of the policy that each employee is under on the day.
fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    let day = today::asked(cx, ask.date("reference_date"))?;
    let named = ask.keys.as_ref().map(|keys| keys.iter().map(|key| key.0).collect::<BTreeSet<_>>());
    let wanted = match (ask.ids("employee_ids"), named) {
        (Some(ids), Some(named)) => Some(ids.into_iter().filter(|id| named.contains(id)).collect()),
        (ids, named) => ids.or_else(|| named.map(|named| named.into_iter().collect())),
    };
    let people = cx.people(wanted)?;
    let main = main_policy(cx)?;
    let assigned =
        cx.facts("timeoff/policy_assignments", &[Look::To("effective_at", Datum::Text(day.to_string()))])?;
    let mut latest: HashMap<i64, (Date, i64, i64)> = HashMap::new();
    for row in &assigned {
        let (Some(employee), Some(from)) = (row.int("employee_id"), row.date("effective_at")) else {
            continue;
        };
        let (Some(id), Some(policy)) = (row.int("id"), row.int("timeoff_policy_id")) else { continue };
        let known = latest.entry(employee).or_insert((from, id, policy));
        if (known.0, known.1) <= (from, id) {
            *known = (from, id, policy);
        }
    }
    let allowances = cx.facts("timeoff/allowances", &[])?;
    let wanted = ask.ids("allowance_ids");
    let mut of_policy: HashMap<i64, Vec<i64>> = HashMap::new();
    for allowance in &allowances {
        let (Some(id), Some(policy)) = (allowance.int("id"), allowance.int("timeoff_policy_id")) else {
            continue;
        };
        if wanted.as_ref().is_none_or(|wanted| wanted.contains(&id)) {
            of_policy.entry(policy).or_default().push(id);
        }
    }
    let policy = |employee: i64| latest.get(&employee).map(|(_, _, policy)| *policy).or(main);
    let mut keys: Vec<Key> = people
        .into_iter()
        .flat_map(|employee| {
            let allowances = policy(employee).and_then(|policy| of_policy.get(&policy));
            allowances.into_iter().flatten().map(move |allowance| (employee, *allowance))
        })
        .collect();
    if let Some(named) = &ask.keys {
        keys.retain(|key| named.contains(key));
    }
    keys.sort_unstable();
    Ok(keys)
}

fn rows(cx: &mut Context<'_, '_>, ask: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let day = today::asked(cx, ask.date("reference_date"))?;
    let simulated = ask.ids("simulate_policy_change_to_id").and_then(|ids| ids.first().copied());
    let people: BTreeSet<i64> = keys.iter().map(|key| key.0).collect();
    let people: Vec<i64> = people.into_iter().collect();
    let books = Books::open(cx, &people, None, day)?;
    Ok(keys.iter().map(|key| row(&books, *key, day, simulated)).collect())
}

/// The counters of an employee and an allowance at the end of a day, as the API writes them.
pub fn counters(books: &Books, employee: i64, allowance: i64, day: Date) -> serde_json::Map<String, Value> {
    let written = row(books, (employee, allowance), day, None).into_iter();
    let value = |datum| match datum {
        Datum::Text(text) => text.into(),
        Datum::Int(number) => number.into(),
        _ => Value::Null,
    };
    written.map(|(field, datum)| (field.to_owned(), value(datum))).collect()
}

/// The counters of an employee and an allowance. `simulated` is a policy that is assumed from the next day on.
fn row(books: &Books, (employee, id): Key, day: Date, simulated: Option<i64>) -> Sets {
    let Some((book, allowance)) = books.people.get(&employee).zip(books.allowance(id)) else {
        return Sets::new();
    };
    let timeline: Timeline = match simulated.zip(moved(day, 1)) {
        Some((policy, from)) if policy != allowance.policy => book.timeline.changed(from, policy),
        _ => book.timeline.clone(),
    };
    let used = books.used(employee, allowance, day, &[], None);
    let balance = books.ledger(employee, allowance, &timeline, day, used).map(|ledger| ledger.at(day));
    let balance = balance.unwrap_or_default();
    let mut sets = Sets::new();
    let text = |hundredths: i64| Datum::Text(written(hundredths));
    sets.insert("id", Datum::Text(format!("{employee}_{id}")));
    sets.insert("allowance_id", Datum::Int(id));
    sets.insert("employee_id", Datum::Int(employee));
    sets.insert("year", Datum::Int(day.year().into()));
    sets.insert("cycles", Datum::Text(cycles(&balance, id).to_string()));
    sets.insert("cycle_carry_overs", Datum::Text(carry_overs(&balance, allowance.terms.expiry).to_string()));
    sets.insert("accumulated_carry_over", text(balance.brought));
    sets.insert("available_days", text(balance.available()));
    sets.insert("total_accrued_units", text(balance.accrued));
    sets.insert("total", text(balance.total()));
    sets.insert("total_in_decimal", text(balance.total()));
    sets.insert("incidences", text(balance.corrected.0 + balance.corrected.1));
    sets.insert("accrued_incidences", text(balance.corrected.0));
    sets.insert("available_incidences", text(balance.corrected.1));
    sets.insert("policy_allowance", text(balance.entitlement));
    sets.insert("prorated_allowance_days", text(balance.prorated));
    sets.insert("used_carry_over", text(balance.brought_spent));
    sets.insert("used_days", text(balance.spent_days));
    sets.insert("used_units_until_reference_date", text(balance.spent));
    sets.insert("outstanding_units", text(balance.outstanding));
    sets.insert("max_balance_cap", allowance.terms.cap.map_or(Datum::Null, text));
    let brought: Vec<String> = balance.carried.iter().map(|pot| written(pot.brought)).collect();
    sets.insert("carry_overs", Datum::Text(json!(brought).to_string()));
    sets
}

fn cycles(balance: &Balance, allowance: i64) -> Value {
    let cycle = |(at, cycle): (usize, &super::rules::accrual::Cycle)| {
        json!({
            "id": (at + 1).to_string(), "allowance_id": allowance.to_string(),
            "start_at": instant(cycle.own.first), "end_at": instant(cycle.own.last),
            "regular_start_at": instant(cycle.regular.first), "regular_end_at": instant(cycle.regular.last),
        })
    };
    balance.cycles.iter().enumerate().map(cycle).collect()
}

fn carry_overs(balance: &Balance, months: Option<i64>) -> Value {
    let used = |(day, units): &(Date, i64)| json!({ "date": day.to_string(), "amount": written(*units) });
    let pot = |pot: &Carried| {
        let taken: i64 = pot.taken.iter().map(|(_, units)| units).sum();
        json!({
            "from_cycle_ending_on": pot.ended.to_string(), "non_expire": pot.until.is_none(),
            "total": written(pot.total), "accumulated": written(pot.brought), "expired": written(pot.expired),
            "taken": written(taken), "used": pot.taken.iter().map(used).collect::<Value>(),
            "expire_in_months": months.filter(|_| pot.until.is_some()),
        })
    };
    balance.carried.iter().map(pot).collect()
}

/// The beginning of a day as the wire writes it.
pub(crate) fn instant(day: Date) -> String {
    let at = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_or(0, registry::Timestamp::as_millisecond);
    Instant::from_millis(at).to_string()
}

/// The objects of `cycles`.
#[derive(Debug, Object)]
pub struct Cycle {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Beginning of the cycle as it applies to the employee.
    pub start_at: Instant,
    /// End of the cycle as it applies to the employee.
    pub end_at: Instant,
    /// Beginning of the full cycle, before any shortening.
    pub regular_start_at: Instant,
    /// End of the full cycle, before any shortening.
    pub regular_end_at: Instant,
    /// Allowance that the cycle belongs to.
    pub allowance_id: Id<Allowance>,
}

/// The objects of `cycle_carry_overs`.
#[derive(Debug, Object)]
pub struct CycleCarryOver {
    /// Last day of the cycle where the units come from.
    pub from_cycle_ending_on: Date,
    /// Whether the carried units stay valid for ever.
    pub non_expire: bool,
    /// Units brought over from that cycle.
    pub total: String,
    /// Days on which carried units were spent.
    pub used: Vec<Used>,
    /// Carried units in all, which a cap may change.
    pub accumulated: String,
    /// Carried units that were lost to expiry.
    pub expired: String,
    /// Carried units that leaves have spent.
    pub taken: String,
    /// Months after the cycle until expiry, null for never.
    pub expire_in_months: Option<i64>,
}

/// The objects of `used`.
#[derive(Debug, Object)]
pub struct Used {
    /// Day when the units were spent.
    pub date: String,
    /// Units spent that day, in days or hours.
    pub amount: String,
}
