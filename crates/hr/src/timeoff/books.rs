//! What decides on somebody's time off: policies, allowances, leaves, corrections and calendars, read for many people
//! with a statement for each kind.

use std::collections::{BTreeMap, HashMap};

use engine::{Context, Error, Object};
use registry::{Date, Instant, TimeZone, Timestamp};
use serde_json::Value;
use storage::{Datum, Look};

use super::calendar::Calendars;
use super::rules::accrual::{Carry, Rounding, Service, Source, Strategy, Tenure, Terms, Transition};
use super::rules::count::{Charge, Counter, Counting, Half, Part, Span, charges};
use super::rules::cycle::{Days, Frequency, Start, moved};
use super::rules::ledger::{Balance, Correction, Ledger, Use};
use super::rules::overlap::Place;
use super::rules::request::Type;
use super::rules::timeline::Timeline;

/// Values of one condition at most.
const CHUNK: usize = 500;

/// No leave is longer than a working life.
const MOST_DAYS: i64 = 366 * 60;

/// Days before and after leaves that counting may look at.
const AROUND: i64 = 40;

/// Everything about the time off of some people.
#[derive(Debug, Default)]
pub struct Books {
    /// Every allowance of the company, in the order of their ids.
    pub allowances: Vec<Allowance>,
    /// Every leave type, by id.
    pub types: HashMap<i64, Type>,
    /// By employee.
    pub people: BTreeMap<i64, Book>,
    calendars: Calendars,
}

/// An allowance.
#[derive(Debug, Clone)]
pub struct Allowance {
    /// Identifies it.
    pub id: i64,
    /// Its title.
    pub name: String,
    /// The policy that it belongs to.
    pub policy: i64,
    /// Leave types that draw on it.
    pub types: Vec<i64>,
    /// Its terms.
    pub terms: Terms,
}

/// Everything about the time off of one person.
#[derive(Debug, Clone)]
pub struct Book {
    /// First day in the company.
    pub hired: Date,
    /// Day from which length of service counts.
    pub seniority: Date,
    /// Last day in the company.
    pub left: Option<Date>,
    /// Policies.
    pub timeline: Timeline,
    /// Leaves that exist, in the order of their first days.
    pub leaves: Vec<Leave>,
    /// Corrections, each with its allowance.
    pub corrections: Vec<(i64, Correction)>,
    /// Minutes worked, by day.
    pub worked: Vec<(Date, i64)>,
    /// Minutes of approved overtime, by day.
    pub overtime: Vec<(Date, i64)>,
}

/// A leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leave {
    /// Identifies it; 0 while it is a draft.
    pub id: i64,
    /// Its type.
    pub kind: Option<i64>,
    /// Where it lies.
    pub place: Place,
    /// What was decided.
    pub approved: Option<bool>,
}

impl Leave {
    /// From a row of `timeoff/leaves`.
    pub fn of(row: &Object, types: &HashMap<i64, Type>) -> Option<Self> {
        let kind = row.int("leave_type_id");
        let approved = match row.get("approved") {
            Datum::Null => None,
            _ => Some(row.flag("approved")),
        };
        let place = Place {
            first: row.date("start_on")?,
            last: row.date("finish_on"),
            part: part(row.text("half_day"), amount(row, "hours_amount_in_cents")),
            begins: row.text("start_time").and_then(minute_of_day),
            workable: kind.and_then(|kind| types.get(&kind)).is_some_and(|kind| kind.workable),
        };
        Some(Self { id: row.int("id")?, kind, place, approved })
    }

    /// Its days, where it is over by some day at the latest if it has no end.
    pub fn span(&self, horizon: Date) -> Span {
        let first = self.place.first;
        let last = self.place.last.unwrap_or(horizon).max(first);
        let last = moved(first, MOST_DAYS).map_or(last, |most| last.min(most));
        Span { first, last, part: self.place.part }
    }
}

/// How much of a day a row says.
pub fn part(half_day: Option<&str>, hours: Option<i64>) -> Part {
    match (hours.filter(|hours| *hours > 0), half_day.and_then(Half::named)) {
        // No part of a day is longer than the day.
        (Some(hours), _) => Part::Minutes(hours.min(24 * 100) * 60 / 100),
        (None, Some(half)) => Part::Half(half),
        (None, None) => Part::Whole,
    }
}

/// `09:30` as minutes after midnight.
pub fn minute_of_day(text: &str) -> Option<i64> {
    // A point in time on the wire carries the time of day after a `T`.
    let time = text.rsplit_once('T').map_or(text, |(_, time)| time);
    let (hour, rest) = time.split_once(':')?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, rest.get(..2)?.parse().ok()?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

/// The rows that books are made of.
#[derive(Debug, Default)]
pub struct Rows {
    /// `timeoff/allowances`
    pub allowances: Vec<Object>,
    /// `timeoff/leave_types`
    pub types: Vec<Object>,
    /// The policy that covers whoever has none of his own.
    pub main: Option<i64>,
    /// `employees/employees`
    pub people: Vec<Object>,
    /// `timeoff/leaves` that are not deleted
    pub leaves: Vec<Object>,
    /// `timeoff/policy_assignments`
    pub assignments: Vec<Object>,
    /// `timeoff/allowance_incidences`
    pub corrections: Vec<Object>,
    /// `attendance/shifts` of work
    pub shifts: Vec<Object>,
    /// `attendance/overtime_requests` that are approved
    pub overtime: Vec<Object>,
}

impl Books {
    /// The books of some employees, with calendars that cover their leaves and some more days.
    pub fn open(
        cx: &mut Context<'_, '_>,
        employees: &[i64],
        days: Option<(Date, Date)>,
        horizon: Date,
    ) -> Result<Self, Error> {
        let people = cx.objects("employees/employees", employees.to_vec())?;
        let ids: Vec<i64> = people.keys().copied().collect();
        let mut rows = Rows {
            allowances: cx.facts("timeoff/allowances", &[])?,
            types: cx.facts("timeoff/leave_types", &[])?,
            main: main_policy(cx)?,
            people: people.into_values().collect(),
            leaves: of(cx, "timeoff/leaves", &ids, &[Look::Null("deleted_at")])?,
            assignments: of(cx, "timeoff/policy_assignments", &ids, &[])?,
            corrections: of(cx, "timeoff/allowance_incidences", &ids, &[])?,
            shifts: Vec::new(),
            overtime: Vec::new(),
        };
        let fed = |rows: &Rows, source: &str| {
            rows.allowances.iter().any(|row| row.text("source_units") == Some(source))
        };
        if fed(&rows, "overtime_units") {
            let granted = [Look::Equal("status", Datum::Text("approved".to_owned()))];
            rows.overtime = of(cx, "attendance/overtime_requests", &ids, &granted)?;
        }
        if fed(&rows, "by_worked_time") {
            let work = [Look::Equal("workable", Datum::Bool(true))];
            rows.shifts = of(cx, "attendance/shifts", &ids, &work)?;
        }
        // Only the days of leaves, and those around them, are ever looked at.
        let types = HashMap::new();
        let leaves = rows.leaves.iter().filter_map(|row| Leave::of(row, &types));
        let spans = leaves.map(|leave| leave.span(horizon)).map(|span| (span.first, span.last)).chain(days);
        let bounds = spans.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)));
        let (first, last) = bounds.unwrap_or((horizon, horizon));
        let wider = |day: Date, days: i64| moved(day, days).unwrap_or(day);
        let calendars = Calendars::load(cx, &ids, wider(first, -AROUND), wider(last, AROUND))?;
        Ok(Self::of(&rows, calendars, horizon))
    }

    /// Books made of rows and calendars.
    pub fn of(rows: &Rows, calendars: Calendars, horizon: Date) -> Self {
        let types = rows.types.iter().filter_map(|row| Some((row.int("id")?, kind(row)))).collect();
        let allowances = rows.allowances.iter().filter_map(allowance).collect();
        let mut people = BTreeMap::new();
        for person in &rows.people {
            let Some(id) = person.int("id") else { continue };
            let created = person.int("created_at").map_or(horizon, day_of_instant);
            let hired = calendars.of(id).hired().unwrap_or(created);
            let book = Book {
                hired,
                seniority: person.date("seniority_calculation_date").unwrap_or(hired),
                left: person.date("terminated_on"),
                timeline: Timeline { main: rows.main, assigned: Vec::new() },
                leaves: Vec::new(),
                corrections: Vec::new(),
                worked: Vec::new(),
                overtime: Vec::new(),
            };
            people.insert(id, book);
        }
        let mut books = Self { allowances, types, people, calendars };
        for row in &rows.leaves {
            let leave = Leave::of(row, &books.types);
            if let (Some(book), Some(leave)) = (books.whose(row), leave) {
                book.leaves.push(leave);
            }
        }
        for row in &rows.assignments {
            let Some(book) = books.whose(row) else { continue };
            let (from, policy) = (row.date("effective_at"), row.int("timeoff_policy_id"));
            if let (Some(from), Some(policy), Some(id)) = (from, policy, row.int("id")) {
                book.timeline.assigned.push((from, policy, id));
            }
        }
        for row in &rows.corrections {
            let Some(book) = books.whose(row) else { continue };
            let (allowance, on) = (row.int("timeoff_allowance_id"), row.date("effective_on"));
            if let (Some(allowance), Some(on)) = (allowance, on) {
                let units = amount(row, "days_in_cents").unwrap_or(0);
                let accrued = row.text("target_balance") == Some("accrued");
                book.corrections.push((allowance, Correction { on, units, accrued }));
            }
        }
        for row in &rows.shifts {
            let minute = |column: &str| row.text(column).and_then(minute_of_day);
            let (Some(begin), Some(end)) = (minute("clock_in"), minute("clock_out")) else { continue };
            if let (Some(book), Some(day)) = (books.whose(row), row.date("reference_date")) {
                book.worked.push((day, (end - begin).rem_euclid(24 * 60)));
            }
        }
        for row in &rows.overtime {
            let hours = amount(row, "hours_amount_in_cents").unwrap_or(0);
            if let (Some(book), Some(day)) = (books.whose(row), row.date("date")) {
                book.overtime.push((day, hours * 60 / 100));
            }
        }
        for book in books.people.values_mut() {
            book.timeline.assigned.sort_by_key(|(from, _, id)| (*from, *id));
            book.leaves.sort_by_key(|leave| (leave.place.first, leave.id));
        }
        books
    }

    /// The day that it is at a point in time where somebody works.
    pub fn day(&self, employee: i64, now: Instant) -> Date {
        self.calendars.of(employee).day(now)
    }

    /// The book of the person that a row is about.
    fn whose(&mut self, row: &Object) -> Option<&mut Book> {
        self.people.get_mut(&row.int("employee_id")?)
    }

    /// An allowance.
    pub fn allowance(&self, id: i64) -> Option<&Allowance> {
        self.allowances.iter().find(|one| one.id == id)
    }

    /// The allowances of a policy, in the order of their ids.
    pub fn of_policy(&self, policy: i64) -> impl Iterator<Item = &Allowance> {
        self.allowances.iter().filter(move |one| one.policy == policy)
    }

    /// The allowance of a policy on which a leave type draws.
    pub fn drawn(&self, policy: i64, kind: i64) -> Option<&Allowance> {
        self.of_policy(policy).find(|one| one.types.contains(&kind))
    }

    /// The allowance that pays for a leave of a type on a day, if one does.
    pub fn paying(&self, employee: i64, kind: Option<i64>, day: Date) -> Option<&Allowance> {
        let kind = kind?;
        let charged = self.types.get(&kind).is_none_or(|kind| kind.accrues && !kind.workable);
        let policy = self.people.get(&employee)?.timeline.policy(day).filter(|_| charged)?;
        self.drawn(policy, kind)
    }

    /// What each day of a leave costs.
    pub fn charges(&self, employee: i64, leave: &Leave, horizon: Date) -> Vec<Charge> {
        self.counted(employee, leave, horizon, self.counting(employee, leave))
    }

    /// The same by French rules, whatever the allowance says.
    pub fn french(&self, employee: i64, leave: &Leave, horizon: Date) -> Vec<Charge> {
        let own = self.counting(employee, leave);
        let counter = super::french_leave_day_count::counter(own.counter);
        self.counted(employee, leave, horizon, Counting { counter, ..own })
    }

    fn counting(&self, employee: i64, leave: &Leave) -> Counting {
        if leave.place.workable {
            // Who works elsewhere does so by the calendar.
            return Counting { counter: Counter::Natural { trailing: false }, holidays_count: true };
        }
        let pays = self.paying(employee, leave.kind, leave.place.first);
        pays.map(|one| one.terms.counting).unwrap_or_default()
    }

    fn counted(&self, employee: i64, leave: &Leave, horizon: Date, counting: Counting) -> Vec<Charge> {
        let span = leave.span(horizon);
        let next = self.people.get(&employee).and_then(|book| {
            let after = |other: &&Leave| {
                other.id != leave.id && other.approved != Some(false) && other.place.first > span.last
            };
            book.leaves.iter().find(after).map(|other| other.place.first)
        });
        charges(&self.calendars.of(employee), span, counting, next)
    }

    /// What approved leaves spend of an allowance. `with` are leaves that count as well, `without` is one that does not.
    pub fn used(
        &self,
        employee: i64,
        allowance: &Allowance,
        horizon: Date,
        with: &[Leave],
        without: Option<i64>,
    ) -> Vec<Use> {
        let Some(book) = self.people.get(&employee) else { return Vec::new() };
        let counts = |leave: &&Leave| leave.approved == Some(true) && Some(leave.id) != without;
        let leaves = book.leaves.iter().filter(counts).chain(with);
        let mut used = Vec::new();
        for leave in leaves.filter(|leave| leave.kind.is_some_and(|kind| allowance.types.contains(&kind))) {
            for charge in self.charges(employee, leave, horizon) {
                let pays = self.paying(employee, leave.kind, charge.day);
                if pays.is_none_or(|pays| pays.id != allowance.id) || charge.used.days == 0 {
                    continue;
                }
                let days = charge.used.days;
                let units = if allowance.terms.hours { charge.used.hours() } else { days };
                used.push(Use { day: charge.day, units, days });
            }
        }
        used.sort_by_key(|used| used.day);
        used
    }

    /// The ledger of an allowance for somebody who is under its policy on a day.
    pub fn ledger<'b>(
        &self,
        employee: i64,
        allowance: &'b Allowance,
        timeline: &Timeline,
        day: Date,
        used: Vec<Use>,
    ) -> Option<Ledger<'b>> {
        let book = self.people.get(&employee)?;
        let (policy, days) = timeline.membership(day)?;
        let employed = Days { first: book.hired, last: book.left.unwrap_or(Date::MAX) };
        let covered = days.and(employed).filter(|_| policy == allowance.policy)?;
        let corrections = book.corrections.iter().filter(|(of, _)| *of == allowance.id);
        Some(Ledger {
            terms: &allowance.terms,
            service: Service { hired: book.hired, seniority: book.seniority, covered },
            used,
            corrections: corrections.map(|(_, correction)| *correction).collect(),
            worked: match allowance.terms.source {
                Source::Overtime => book.overtime.clone(),
                _ => book.worked.clone(),
            },
        })
    }

    /// The balance of an allowance for somebody at the end of a day.
    pub fn balance(&self, employee: i64, allowance: &Allowance, day: Date) -> Option<Balance> {
        let book = self.people.get(&employee)?;
        let used = self.used(employee, allowance, day, &[], None);
        Some(self.ledger(employee, allowance, &book.timeline, day, used)?.at(day))
    }
}

/// The policy that covers whoever has none of his own.
pub fn main_policy(cx: &mut Context<'_, '_>) -> Result<Option<i64>, Error> {
    let main = cx.facts("timeoff/policies", &[Look::Equal("main", Datum::Bool(true))])?;
    Ok(main.first().and_then(|policy| policy.int("id")))
}

/// Every leave type, by id.
pub fn types(cx: &mut Context<'_, '_>) -> Result<HashMap<i64, Type>, Error> {
    let found = cx.facts("timeoff/leave_types", &[])?;
    Ok(found.iter().filter_map(|row| Some((row.int("id")?, kind(row)))).collect())
}

/// What a leave type asks.
pub fn kind(row: &Object) -> Type {
    Type {
        name: row.text("name").unwrap_or_default().to_owned(),
        active: *row.get("active") == Datum::Null || row.flag("active"),
        approval: row.flag("approval_required"),
        accrues: row.flag("accrues"),
        workable: row.flag("workable"),
        endless: row.flag("allow_endless"),
        // A type that says nothing about them takes them.
        halves: *row.get("half_days_units_enabled") == Datum::Null || row.flag("half_days_units_enabled"),
        details: row.flag("details_required"),
        attachment: row.flag("is_attachment_mandatory"),
        restricted: row.flag("restricted"),
        longest: amount(row, "max_days_in_cents").filter(|days| *days > 0),
        shortest: amount(row, "min_days_in_cents").filter(|days| *days > 0),
    }
}

/// The terms of an allowance.
pub fn allowance(row: &Object) -> Option<Allowance> {
    let text = |column: &str| row.text(column).unwrap_or_default();
    let months = amount(row, "cycle_length").filter(|months| *months > 0);
    let frequency = match text("frequency") {
        "lifetime" => Frequency::Lifetime,
        "monthly_flexible" => Frequency::Months(months.unwrap_or(12)),
        _ => Frequency::Months(12),
    };
    let start = match text("cycle_start") {
        "employee_hired_date" => Start::Hired,
        month => Start::Month(month_named(month).unwrap_or(1)),
    };
    let source = match text("source_units") {
        "by_worked_time" => Source::Worked {
            factor: amount(row, "accrued_factor_in_cents").unwrap_or(0),
            per: amount(row, "accrued_denominator_in_cents").unwrap_or(0),
        },
        "overtime_units" => Source::Overtime,
        _ => Source::Base,
    };
    let limit = amount(row, "carry_over_units_in_cents").unwrap_or(0);
    let carry = match (row.flag("unlimited_carry_over"), limit) {
        (true, _) => Carry::Everything,
        (false, limit) if limit > 0 => Carry::UpTo(limit),
        (false, _) => Carry::Nothing,
    };
    let enabled = *row.get("tenure_periods_enabled") == Datum::Null || row.flag("tenure_periods_enabled");
    let mut tenure: Vec<_> = match row.json("tenure_periods") {
        Value::Array(items) if enabled => items.iter().filter_map(tenure).collect(),
        _ => Vec::new(),
    };
    tenure.sort_by_key(|tenure| tenure.months);
    let forever = row.flag("unlimited_carry_over_expiration");
    let uncapped = row.flag("unlimited_accrued_hours");
    Some(Allowance {
        id: row.int("id")?,
        name: text("name").to_owned(),
        policy: row.int("timeoff_policy_id")?,
        types: row.ids("leave_type_ids"),
        terms: Terms {
            hours: text("allowance_type") == "hours",
            source,
            strategy: Strategy::named(text("available_days")),
            next_cycle: text("accrued_units_availability") == "next_cycle",
            base: amount(row, "holiday_allowance_in_cents").unwrap_or(0),
            prorated: text("proration_type") == "proration_enabled",
            rounding: Rounding::named(text("rounding")),
            cap: amount(row, "maximum_amount_in_cents").filter(|cap| *cap > 0 && !uncapped),
            frequency,
            start,
            tenure,
            transition: match text("tenure_period_transition") {
                "end_of_cycle" => Transition::EndOfCycle,
                "after_milestone" => Transition::AfterMilestone,
                _ => Transition::BeginningOfCycle,
            },
            carry,
            carry_from_year: amount(row, "employee_carry_over_starting_year"),
            expiry: amount(row, "expire_in_months").filter(|months| *months > 0 && !forever),
            negative: text("negative_counter_type") == "negative_counter_enabled",
            unlimited: row.flag("unlimited_holidays"),
            counting: Counting {
                counter: Counter::named(text("days_type"), text("range_type")),
                holidays_count: row.flag("count_holiday_as_workable"),
            },
        },
    })
}

/// Amounts are added up and multiplied: more than anybody means is as much as that.
fn sane(amount: i64) -> i64 {
    const MOST: i64 = 1_000_000_000;
    amount.clamp(-MOST, MOST)
}

/// An amount in a column.
fn amount(row: &Object, column: &str) -> Option<i64> {
    row.int(column).map(sane)
}

fn tenure(item: &Value) -> Option<Tenure> {
    let number = |name: &str| item[name].as_i64().map(sane);
    let length = number("period_length")?;
    let months = if item["period_type"] == "years" { length * 12 } else { length };
    let units = number("adjustment_in_cents").unwrap_or(0);
    let units = number("max_cap_in_cents").filter(|cap| *cap > 0).map_or(units, |cap| units.min(cap));
    let block = number("time_worked_based_hours_accrued_in_cents");
    let rate = block.zip(number("time_worked_based_per_hours_worked_in_cents"));
    let by_work = item["balance_type"] == "time_worked_based";
    Some(Tenure { months, units: if by_work { 0 } else { units }, rate: rate.filter(|_| by_work) })
}

/// A month by the beginning of its name.
pub fn month_named(name: &str) -> Option<i8> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    MONTHS.iter().position(|month| *month == name).and_then(|at| i8::try_from(at + 1).ok())
}

/// Objects of a resource that belong to some employees and meet conditions.
fn of(cx: &mut Context<'_, '_>, path: &str, employees: &[i64], looks: &[Look]) -> Result<Vec<Object>, Error> {
    let mut found = Vec::new();
    for chunk in employees.chunks(CHUNK) {
        let of = Look::OneOf("employee_id", chunk.iter().copied().map(Datum::Int).collect());
        let looks: Vec<_> = std::iter::once(of).chain(looks.iter().cloned()).collect();
        found.append(&mut cx.facts(path, &looks)?);
    }
    Ok(found)
}

fn day_of_instant(millis: i64) -> Date {
    let at = Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH);
    TimeZone::UTC.to_datetime(at).date()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn more_than_anybody_means_overflows_nothing() {
        for number in [i64::MAX, i64::MIN] {
            let item =
                json!({ "period_type": "years", "period_length": number, "adjustment_in_cents": number });
            let tenure = tenure(&item).unwrap();
            assert_eq!(tenure.units, sane(number));
            assert_eq!(tenure.months, 12 * sane(number));
        }
    }
}
