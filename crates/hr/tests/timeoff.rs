//! The corpus of time off as pure decisions, and what holds for every ledger.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "corpus/case.rs"]
mod case;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use case::{Case, Ids};
use engine::{Body, Engine, Object};
use hr::time::plan::{Half, Holiday, Plan};
use hr::timeoff::books::{Books, Rows};
use hr::timeoff::calendar::Calendars;
use hr::timeoff::judge::{Authority, Judged, Wanted, weigh};
use hr::timeoff::rules::accrual::Service;
use hr::timeoff::rules::count::total;
use hr::timeoff::rules::cycle::Days;
use hr::timeoff::rules::ledger::{Correction, Ledger, Use};
use registry::{Date, date};
use serde_json::{Map, Value, json};

const IDS: Ids = Ids { employee: 7, location: 3, policy: 2, allowance: 5, types: [11, 12] };

/// A day before all cases.
const TODAY: Date = date(2026, 1, 1);

fn imagined(engine: &Engine, path: &str, id: i64, mut row: Body) -> Object {
    row.insert("id".to_owned(), id.to_string().into());
    engine.imagine(path, &row).unwrap_or_else(|error| panic!("{path}: {error:?}"))
}

fn books(engine: &Engine, case: &Case) -> Books {
    let one = |path: &str, id: i64, row: Map<String, Value>| imagined(engine, path, id, row);
    let many = |path: &str, rows: Vec<Map<String, Value>>| -> Vec<Object> {
        rows.into_iter().zip(100..).map(|(row, id)| one(path, id, row)).collect()
    };
    let leaves = case.leaves(&IDS).into_iter().filter(|leave| !leave.contains_key("deleted_at")).collect();
    let allowance = case.allowance(&IDS);
    let under = allowance.is_some();
    let overtime = case.overtime(&IDS).into_iter().filter(|one| one["status"] == "approved").collect();
    let rows = Rows {
        allowances: allowance.map(|row| one("timeoff/allowances", IDS.allowance, row)).into_iter().collect(),
        types: case
            .types()
            .into_iter()
            .zip(IDS.types)
            .map(|(row, id)| one("timeoff/leave_types", id, row))
            .collect(),
        main: None,
        people: vec![one("employees/employees", IDS.employee, case.employee())],
        leaves: many("timeoff/leaves", leaves),
        assignments: many(
            "timeoff/policy_assignments",
            under.then(|| case.assignment(&IDS)).into_iter().collect(),
        ),
        corrections: many("timeoff/allowance_incidences", case.corrections(&IDS)),
        shifts: many("attendance/shifts", case.shifts(&IDS)),
        overtime: many("attendance/overtime_requests", overtime),
    };
    let contract = one("contracts/contract_versions", 1, case.contract(&IDS));
    let holidays: BTreeMap<Date, Holiday> = case
        .holidays(&IDS)
        .iter()
        .map(|row| {
            let half = row["half_day"].as_str().and_then(Half::named);
            (row["date"].as_str().unwrap().parse().unwrap(), half.map_or(Holiday::Whole, Holiday::Half))
        })
        .collect();
    let plan = Plan {
        contracts: hr::time::load::contract(&contract).into_iter().collect(),
        holidays: Arc::new(holidays),
        ..Plan::default()
    };
    Books::of(&rows, Calendars::new(HashMap::from([(IDS.employee, plan)])), TODAY)
}

fn judged(engine: &Engine, case: &Case, request: &Value) -> Judged {
    let mut books = books(engine, case);
    let row = imagined(engine, "timeoff/leaves", 1, request.as_object().unwrap().clone());
    let mut wanted = Wanted::of_row(&row).unwrap();
    wanted.leave.id = 0;
    weigh(&mut books, &wanted, Authority::COMPANY, Vec::new(), TODAY).unwrap()
}

#[allow(clippy::cast_precision_loss)]
fn decimal(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

#[test]
fn the_corpus_is_decided_as_it_says() {
    let engine = hr::engine().unwrap();
    let cases = Case::all("timeoff");
    assert!(cases.len() >= 150, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case.name();
        if let Some(request) = case.request(&IDS) {
            let judged = judged(&engine, case, &request);
            let refused = judged.refusals.first().map(|refusal| refusal.code);
            let expect = &case.0["expect"];
            if refused != expect["refused"].as_str() {
                wrong.push(format!("{name}: {:?} instead of {}", judged.refusals, expect["refused"]));
                continue;
            }
            if refused.is_some() {
                continue;
            }
            let sum = total(&judged.charges);
            for (what, is) in [("days", decimal(sum.days)), ("hours", decimal(sum.hours()))] {
                if expect[what].as_f64().is_some_and(|wanted| wanted != is) {
                    wrong.push(format!("{name}: {is} {what} instead of {}", expect[what]));
                }
            }
            for (day, wanted) in expect["by_day"].as_object().into_iter().flatten() {
                let of_day = judged.charges.iter().find(|charge| charge.day.to_string() == *day);
                let is = of_day.map(|charge| decimal(charge.used.days));
                if is != wanted.as_f64() {
                    wrong.push(format!("{name}: {is:?} on {day} instead of {wanted}"));
                }
            }
        }
        let books = books(&engine, case);
        for (day, fields) in case.balances() {
            let day: Date = day.parse().unwrap();
            let stats = hr::timeoff::allowance_stats_new::counters(&books, IDS.employee, IDS.allowance, day);
            for (field, wanted) in fields {
                let is = stats.get(field.as_str()).cloned().unwrap_or_default();
                if is != wanted {
                    wrong.push(format!("{name}: on {day} {field} is {is} instead of {wanted}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// A number that looks random and is always the same for the same seed.
fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn some(seed: u64, below: u64) -> i64 {
    i64::try_from(mixed(seed) % below).unwrap()
}

/// Terms, uses and corrections of all kinds.
fn with_ledger(engine: &Engine, seed: u64, check: impl Fn(&Ledger<'_>)) {
    let pick = |salt: u64, of: &[&str]| {
        of[usize::try_from(mixed(seed * 31 + salt)).unwrap_or(0) % of.len()].to_owned()
    };
    let strategies = [
        "all_days",
        "generated_days",
        "generated_days_monthly",
        "generated_days_monthly_first_day",
        "mensiversary",
        "monthly_fifteenth",
        "bimonthly_first_and_fifteenth",
        "bimonthly_fifteenth_and_last",
    ];
    let case = Case(json!({ "allowance": {
        "available_days": pick(1, &strategies), "cycle_start": pick(2, &["jan", "apr", "employee_hired_date"]),
        "proration_type": pick(3, &["proration_enabled", "proration_disabled"]),
        "rounding": pick(4, &["decimals", "half_day", "quarters", "round_up"]),
        "frequency": pick(5, &["yearly", "monthly_flexible"]), "cycle_length": 1 + some(seed + 6, 18),
        "carry_over_units_in_cents": some(seed + 7, 3) * 400, "unlimited_carry_over": seed.is_multiple_of(5),
        "expire_in_months": some(seed + 8, 18), "holiday_allowance_in_cents": 1000 + some(seed + 9, 2000),
        "accrued_units_availability": pick(10, &["current_cycle", "current_cycle", "next_cycle"]),
        "tenure_period_transition": pick(11, &["beginning_of_cycle", "end_of_cycle", "after_milestone"]),
        "tenure_periods_enabled": true, "tenure_periods": [
            { "period_type": "months", "balance_type": "fixed_balance", "period_length": 7, "adjustment_in_cents": 150 }
        ],
    }}));
    let row = imagined(engine, "timeoff/allowances", 1, case.allowance(&IDS).unwrap());
    let allowance = hr::timeoff::books::allowance(&row).unwrap();
    let hired = hr::timeoff::rules::cycle::moved(date(2024, 1, 31), some(seed + 12, 300)).unwrap();
    let day = |salt: u64| hr::timeoff::rules::cycle::moved(hired, some(seed * 7 + salt, 1000)).unwrap();
    let mut used: Vec<_> =
        (0..30).map(|at| Use { day: day(100 + at), units: 50 + 50 * some(at, 2), days: 100 }).collect();
    used.sort_by_key(|used| used.day);
    let corrections = (0..4).map(|at| Correction {
        on: day(200 + at),
        units: some(seed + at, 800) - 400,
        accrued: at % 2 == 0,
    });
    check(&Ledger {
        terms: &allowance.terms,
        service: Service { hired, seniority: hired, covered: Days { first: hired, last: Date::MAX } },
        used,
        corrections: corrections.collect(),
        worked: Vec::new(),
    });
}

/// What is there at the end of a day is what was there the day before and what happened since, on every day: nothing
/// comes from nowhere, and asking for a day far away gives what walking there gives.
#[test]
fn a_balance_moves_only_by_what_happens() {
    let engine = hr::engine().unwrap();
    for seed in 0..16 {
        with_ledger(&engine, seed, |ledger| {
            let mut before = ledger.at(ledger.service.hired);
            for day in hr::timeoff::rules::cycle::days(ledger.service.hired, date(2027, 3, 1)).skip(1) {
                let now = ledger.at(day);
                let spent: i64 =
                    ledger.used.iter().filter(|used| used.day == day).map(|used| used.units).sum();
                let same_cycle = now.cycles.len() == before.cycles.len();
                if same_cycle {
                    let accrued = now.accrued - before.accrued;
                    let corrected: i64 =
                        ledger.corrections.iter().filter(|one| one.on == day).map(|one| one.units).sum();
                    let lost = now.brought_lost - before.brought_lost;
                    let moved = accrued + corrected - spent - lost;
                    assert_eq!(now.standing(), before.standing() + moved, "seed {seed}, {day}");
                    assert!(lost >= 0 && accrued >= 0, "seed {seed}, {day}");
                } else {
                    assert_eq!(now.spent, spent, "seed {seed}, {day}: a cycle begins with nothing spent");
                    assert!(
                        now.brought <= before.standing().max(0),
                        "seed {seed}, {day}: more than was left"
                    );
                }
                before = now;
            }
        });
    }
}

/// Every unit is spent once: out of what was carried over, or out of the cycle itself.
#[test]
fn nothing_is_spent_twice() {
    let engine = hr::engine().unwrap();
    for seed in 0..60 {
        with_ledger(&engine, seed, |ledger| {
            let mut carried: BTreeMap<(Date, Date), i64> = BTreeMap::new();
            let last = ledger.at(date(2027, 12, 31));
            for cycle in &last.cycles {
                let balance = ledger.at(cycle.own.last.min(date(2027, 12, 31)));
                let in_cycle: i64 =
                    ledger.used.iter().filter(|used| cycle.own.has(used.day)).map(|used| used.units).sum();
                assert_eq!(balance.spent + balance.outstanding, in_cycle, "seed {seed}");
                for pot in &balance.carried {
                    let taken: i64 = pot.taken.iter().map(|(_, units)| units).sum();
                    assert!(taken + pot.expired <= pot.total.max(0), "seed {seed}: {pot:?}");
                    for (day, units) in &pot.taken {
                        carried.insert((pot.ended, *day), *units);
                    }
                }
            }
            for used in &ledger.used {
                let of_pots: i64 =
                    carried.iter().filter(|((_, day), _)| *day == used.day).map(|(_, units)| units).sum();
                let of_day: i64 =
                    ledger.used.iter().filter(|one| one.day == used.day).map(|one| one.units).sum();
                assert!(of_pots <= of_day, "seed {seed}, {}", used.day);
            }
        });
    }
}

/// Approving, rejecting and deleting in any order leaves nothing behind: only what is approved now counts.
#[test]
fn decisions_leave_no_trace() {
    let engine = hr::engine().unwrap();
    let leave =
        |first: &str, approved: Value| json!({ "start_on": first, "finish_on": first, "approved": approved });
    let days = ["2026-02-03", "2026-02-04", "2026-06-10", "2026-09-01"];
    for seed in 0..81_usize {
        let states: Vec<_> = (0..4_u32).map(|at| seed / 3_usize.pow(at) % 3).collect();
        let state = |state: usize| [json!(true), json!(false), Value::Null][state].clone();
        let leaves: Vec<_> = days.iter().zip(&states).map(|(day, at)| leave(day, state(*at))).collect();
        let approved: Vec<_> = leaves.iter().filter(|leave| leave["approved"] == true).cloned().collect();
        let of = |leaves: Vec<Value>| {
            let case = Case(json!({ "name": "", "rule": "", "allowance": {}, "leaves": leaves }));
            let books = books(&engine, &case);
            let allowance = books.allowance(IDS.allowance).unwrap();
            books.balance(IDS.employee, allowance, date(2026, 12, 31)).unwrap()
        };
        assert_eq!(of(leaves), of(approved), "{states:?}");
    }
}

/// The preview and the counters use the same arithmetic: what a request takes is what the balance loses.
#[test]
fn a_request_takes_what_it_said() {
    let engine = hr::engine().unwrap();
    for case in Case::all("timeoff").iter().filter(|case| case.allowance(&IDS).is_some()) {
        let Some(request) = case.request(&IDS).filter(|_| case.0["expect"]["refused"].is_null()) else {
            continue;
        };
        let judged = judged(&engine, case, &request);
        for paid in &judged.paid {
            // A leave over two cycles is paid by both, and each counter tells of its own.
            let years = judged.charges.iter().filter(|c| c.used.days > 0).map(|c| c.day.year());
            let years: std::collections::BTreeSet<_> = years.collect();
            if years.len() == 1 && case.0["allowance"]["expire_in_months"].is_null() {
                assert_eq!(paid.before - paid.after, paid.units, "{}", case.name());
            }
        }
    }
}

#[test]
#[ignore = "a measurement"]
fn how_fast() {
    let engine = hr::engine().unwrap();
    let leaves: Vec<_> = (1..=12).map(|month| json!({ "start_on": format!("2026-{month:02}-05"), "finish_on": format!("2026-{month:02}-09") })).collect();
    let case = Case(
        json!({ "name": "", "rule": "", "hired": "2020-01-01", "allowance": { "available_days": "generated_days_monthly", "carry_over_units_in_cents": 500, "negative_counter_type": "negative_counter_enabled" }, "leaves": leaves }),
    );
    let books = books(&engine, &case);
    let begin = std::time::Instant::now();
    let allowance = books.allowance(IDS.allowance).unwrap();
    let mut sum = 0;
    for _ in 0..1000 {
        sum += books.balance(IDS.employee, allowance, date(2026, 12, 31)).unwrap().available();
    }
    println!("1000 balances in {:?} ({sum}), each of {} days of leave", begin.elapsed(), 12 * 5);
}
