//! What the time that was spent on projects cost.

use std::collections::HashMap;

use engine::{Context, Error, Object, one_of};
use serde_json::Value;

/// What an hour costs, for whom, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rate<'a> {
    pub kind: &'a str,
    pub of: i64,
    pub project: Option<i64>,
    pub first: &'a str,
    pub last: Option<&'a str>,
    pub cents: i64,
}

/// Who worked for what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Worker {
    pub id: i64,
    pub employee: i64,
    pub project: i64,
}

/// The rate that counts on a day: that of the membership, else the person's in the project, else the person's, else
/// the project's; of several the one that began last.
pub(crate) fn rate(rates: &[Rate<'_>], worker: Worker, day: &str) -> Option<i64> {
    let valid = |rate: &&Rate<'_>| rate.first <= day && rate.last.is_none_or(|last| day <= last);
    let rank = |rate: &Rate<'_>| match (rate.kind, rate.project) {
        ("project_worker", _) if rate.of == worker.id => Some(4),
        ("employee", Some(project)) if rate.of == worker.employee && project == worker.project => Some(3),
        ("employee", None) if rate.of == worker.employee => Some(2),
        ("project", _) if rate.of == worker.project => Some(1),
        _ => None,
    };
    let known = rates.iter().filter(valid).filter_map(|rate| Some((rank(rate)?, rate.first, rate.cents)));
    known.max().map(|(_, _, cents)| cents)
}

/// What some minutes cost at a rate for an hour, rounded to the nearest cent.
pub(crate) fn cost(minutes: i64, cents: i64) -> i64 {
    (minutes.saturating_mul(cents) + 30).div_euclid(60)
}

/// Time and its cost, for each membership or subproject.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spent {
    pub minutes: i64,
    pub cents: i64,
}

/// What was spent under each value of a field of time records.
pub(crate) fn spent(
    cx: &mut Context<'_, '_>,
    records: &[Object],
    by: &str,
) -> Result<HashMap<i64, Spent>, Error> {
    let workers = cx.referred("project_management/project_workers", records, "project_worker_id")?;
    let mut concerned: Vec<i64> = Vec::new();
    for worker in workers.values() {
        concerned.extend(["id", "employee_id", "project_id"].iter().filter_map(|name| worker.int(name)));
    }
    concerned.sort_unstable();
    concerned.dedup();
    let mut rows = Vec::new();
    for ids in concerned.chunks(500) {
        rows.append(&mut cx.facts("project_management/rates", &[one_of("resource_id", ids)])?);
    }
    let rates: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            Some(Rate {
                kind: row.text("resource_kind")?,
                of: row.int("resource_id")?,
                project: row.int("project_id"),
                first: row.text("starts_on")?,
                last: row.text("ends_on"),
                cents: row.int("charging_cost_cents")?,
            })
        })
        .collect();
    let mut spent: HashMap<i64, Spent> = HashMap::new();
    for record in records {
        let (Some(key), Some(minutes)) = (record.int(by), record.int("imputed_minutes")) else { continue };
        let sum = spent.entry(key).or_default();
        sum.minutes += minutes;
        let worker = record.int("project_worker_id").and_then(|id| workers.get(&id));
        let worker = worker.and_then(|row| {
            Some(Worker {
                id: row.int("id")?,
                employee: row.int("employee_id")?,
                project: row.int("project_id")?,
            })
        });
        let cents = worker.zip(record.text("date")).and_then(|(worker, day)| rate(&rates, worker, day));
        sum.cents += cents.map_or(0, |cents| cost(minutes, cents));
    }
    Ok(spent)
}

/// What the people of some memberships spent, by membership.
pub(crate) fn bought(cx: &mut Context<'_, '_>, workers: &[Object]) -> Result<HashMap<i64, i64>, Error> {
    let records = cx.referring("project_management/expense_records", "project_worker_id", workers)?;
    let mut sums = HashMap::new();
    for record in &records {
        let booked = record.text("legal_entity_amount_cents").and_then(|text| text.parse().ok());
        let cents: i64 = booked.or(record.int("original_amount_cents")).unwrap_or_default();
        if let Some(worker) = record.int("project_worker_id") {
            *sums.entry(worker).or_default() += cents;
        }
    }
    Ok(sums)
}

/// What was spent on projects, by project: time, its cost, and what was bought.
pub(crate) fn of_projects(
    cx: &mut Context<'_, '_>,
    projects: &[Object],
) -> Result<HashMap<i64, (Spent, i64)>, Error> {
    let workers = cx.referring("project_management/project_workers", "project_id", projects)?;
    let records = cx.referring("project_management/time_records", "project_worker_id", &workers)?;
    let (spent, bought) = (spent(cx, &records, "project_worker_id")?, bought(cx, &workers)?);
    let mut sums: HashMap<i64, (Spent, i64)> = HashMap::new();
    for worker in &workers {
        let (Some(id), Some(project)) = (worker.int("id"), worker.int("project_id")) else { continue };
        let sum = sums.entry(project).or_default();
        let own = spent.get(&id).copied().unwrap_or_default();
        sum.0.minutes += own.minutes;
        sum.0.cents += own.cents;
        sum.1 += bought.get(&id).copied().unwrap_or_default();
    }
    Ok(sums)
}

/// One number for each row.
pub(crate) fn each<T: Default + Copy>(
    rows: &[Object],
    sums: &HashMap<i64, T>,
    value: impl Fn(&Object, T) -> i64,
) -> Vec<Value> {
    let of = |row: &Object| row.int("id").and_then(|id| sums.get(&id)).copied().unwrap_or_default();
    rows.iter().map(|row| value(row, of(row)).into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rate_counts() {
        let rate_of = |kind, of, project, first, last, cents| Rate { kind, of, project, first, last, cents };
        let rates = [
            rate_of("project", 9, None, "2026-01-01", None, 1000),
            rate_of("employee", 5, None, "2026-02-01", None, 2000),
            rate_of("employee", 5, None, "2026-03-01", None, 2500),
            rate_of("employee", 5, Some(9), "2026-04-01", Some("2026-04-30"), 3000),
            rate_of("employee", 5, Some(8), "2026-01-01", None, 9000),
            rate_of("project_worker", 1, None, "2026-05-01", None, 4000),
            rate_of("employee", 6, None, "2026-01-01", None, 7000),
        ];
        let worker = Worker { id: 1, employee: 5, project: 9 };
        for (day, cents) in [
            ("2025-12-31", None),
            ("2026-01-15", Some(1000)),
            ("2026-02-28", Some(2000)),
            ("2026-03-01", Some(2500)),
            ("2026-04-30", Some(3000)),
            ("2026-05-01", Some(4000)),
        ] {
            assert_eq!(rate(&rates, worker, day), cents, "{day}");
        }
    }

    #[test]
    fn minutes_cost_a_part_of_the_hour() {
        for (minutes, cents, expected) in
            [(60, 2500, 2500), (1, 100, 2), (0, 100, 0), (90, 3333, 5000), (20, 1, 0)]
        {
            assert_eq!(cost(minutes, cents), expected, "{minutes} at {cents}");
        }
    }
}
