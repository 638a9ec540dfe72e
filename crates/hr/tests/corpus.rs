//! The published cases of clocking, estimated and worked time, as pure decisions. The same cases run through the API in
//! `crates/server/tests/attendance.rs`.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

use hr::time::clock::{self, Stretch};
use hr::time::estimate::{Leave, Off, Part, estimate};
use hr::time::plan::{Contract, FULL_DAY, Half, Holiday, Period, Plan, Schedule, Shift, Tool, daily};
use hr::time::wall;
use hr::time::worked::{Piece, Pool, Requested, kind, worked};
use registry::{Date, Time, TimeZone};
use serde_json::{Value, json};

fn cases(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

fn date(value: &Value) -> Option<Date> {
    value.as_str().map(|text| text.parse().unwrap())
}

fn time(value: &Value) -> Option<Time> {
    value.as_str().map(|text| text.parse().unwrap())
}

fn instant(value: &Value) -> i64 {
    wall::moment(value.as_str().unwrap(), &TimeZone::UTC).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A shift of the simulation: the stretch, and the day for which it counts.
struct Row {
    stretch: Stretch,
    reference: Date,
}

#[test]
fn clocking() {
    let all = cases(include_str!("corpus/clocking.json"));
    assert!(all.len() >= 60, "{}", all.len());
    for case in &all {
        let zone = wall::zone(case["zone"].as_str());
        let mut rows: Vec<Row> = Vec::new();
        for step in list(&case["steps"]) {
            let at = wall::moment(step["at"].as_str().unwrap(), &zone).unwrap();
            let shifts: Vec<Stretch> = rows.iter().map(|row| row.stretch).collect();
            let open = clock::open(&shifts).filter(|open| !clock::forgotten(open.began, 0, at));
            let decision = match (step["act"].as_str().unwrap(), open) {
                ("clock_in", _) | ("toggle_clock", None) => clock::clock_in(&shifts, 0, at, true),
                ("clock_out" | "toggle_clock", _) => clock::clock_out(&shifts, at),
                ("break_start", _) => clock::break_start(&shifts, at),
                ("break_end", _) => clock::break_end(&shifts, at),
                (other, _) => panic!("{other}"),
            };
            let refused = decision.err().map(clock::Refusal::code);
            assert_eq!(refused, step["refused"].as_str(), "{}: {step}", case["name"]);
            let Ok(change) = decision else { continue };
            let mut reference = None;
            if let Some((id, ended)) = change.close {
                let row = rows.iter_mut().find(|row| row.stretch.id == id).unwrap();
                row.stretch.ended = Some(ended);
                reference = Some(row.reference);
            }
            if let Some((began, work)) = change.open {
                let reference = reference.unwrap_or_else(|| wall::civil(&zone, began).date());
                let id = i64::try_from(rows.len()).unwrap() + 1;
                rows.push(Row { stretch: Stretch { id, began, ended: None, work }, reference });
            }
        }
        let wall_time = |at: i64| wall::civil(&zone, at).time().strftime("%H:%M").to_string();
        let shown = rows.iter().map(|row| {
            let Stretch { began, ended, work, .. } = row.stretch;
            json!({ "reference_date": row.reference.to_string(), "date": wall::civil(&zone, began).date().to_string(),
                "clock_in": wall_time(began), "clock_out": ended.map(wall_time),
                "minutes": ended.map_or(0, |ended| wall::minutes(began, ended)), "workable": work })
        });
        assert_eq!(Value::from_iter(shown), case["shifts"], "{}", case["name"]);
        let open = rows.iter().filter(|row| row.stretch.ended.is_none()).count();
        assert_eq!(json!(open), case["open"], "{}", case["name"]);
        never_more_than_the_clock(&rows, case);
    }
}

/// Work and breaks together are no longer than from the first beginning to the last end, and no two take the same time.
fn never_more_than_the_clock(rows: &[Row], case: &Value) {
    let mut closed: Vec<(i64, i64)> =
        rows.iter().filter_map(|row| Some((row.stretch.began, row.stretch.ended?))).collect();
    closed.sort_unstable();
    let total: i64 = closed.iter().map(|(began, ended)| wall::minutes(*began, *ended)).sum();
    if let (Some(first), Some(last)) = (closed.first(), closed.iter().map(|(_, ended)| *ended).max()) {
        assert!(total <= wall::minutes(first.0, last), "{}", case["name"]);
    }
    assert!(closed.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{}: {closed:?}", case["name"]);
}

const ZONE: &str = "Europe/Madrid";

/// The plan of a person and the leaves, as the facts of a case say.
fn plan(facts: &Value) -> (Plan, Vec<Leave>) {
    let zone = wall::zone(Some(ZONE));
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let contracts = list(&facts["contracts"]).iter().map(|row| {
        let named = text(&row["working_week_days"]).unwrap_or_default();
        let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let weekdays = names.map(|name| named.contains(name));
        let days = i64::try_from(weekdays.iter().filter(|works| **works).count()).unwrap();
        let hours = row["working_hours"].as_i64();
        let frequency = row["working_hours_frequency"].as_str().unwrap();
        Contract {
            effective_on: date(&row["effective_on"]).unwrap(),
            starts_on: date(&row["starts_on"]),
            ends_on: date(&row["ends_on"]),
            weekdays,
            minutes: hours.map_or(FULL_DAY, |hours| daily(hours, frequency, days)),
            works_on_holidays: row["bank_holiday_treatment"] == "workable",
            agreed: hours.is_some(),
            in_days: row["fr_forfait_jours"] == true,
            part_time: false,
        }
    });
    let number = |value: &Value| i8::try_from(value.as_i64().unwrap()).unwrap();
    let pair = |value: &Value| (number(&value[0]), number(&value[1]));
    let periods = list(&facts["schedule"]).iter().map(|row| {
        let mut minutes = [0; 7];
        for (at, value) in list(&row["week"]).iter().enumerate() {
            minutes[at] = value.as_i64().unwrap();
        }
        Period {
            default: row["default"] == true,
            begins: pair(&row["begins"]),
            ends: pair(&row["ends"]),
            minutes,
            configurations: [None; 7],
        }
    });
    let schedule = Arc::new(Schedule { periods: periods.collect() });
    let tools = list(&facts["versions"]).iter().map(|row| {
        let tool = match row["planning_tool"].as_str().unwrap() {
            "shift_management" => Tool::Shifts,
            "work_schedule" => Tool::Schedule(Arc::clone(&schedule)),
            _ => Tool::Contract,
        };
        (date(&row["effective_at"]).unwrap(), tool)
    });
    let mut holidays: BTreeMap<Date, Holiday> = BTreeMap::new();
    for row in list(&facts["holidays"]) {
        let half = row["half_day"].as_str().and_then(Half::named).map_or(Holiday::Whole, Holiday::Half);
        holidays.entry(date(&row["date"]).unwrap()).and_modify(|was| *was = Holiday::Whole).or_insert(half);
    }
    let mut shifts: BTreeMap<Date, Vec<Shift>> = BTreeMap::new();
    for row in list(&facts["shifts"]) {
        let holds = row["state"] == "published" || (row["state"] == "backup" && row["leave"] == true);
        if holds {
            let (begins, ends) = (instant(&row["start_at"]), instant(&row["end_at"]));
            let unpaid = row["unpaid"].as_i64().unwrap_or(0);
            let day = wall::civil(&zone, begins).date();
            shifts.entry(day).or_default().push(Shift {
                id: 1,
                begins,
                ends,
                minutes: wall::minutes(begins, ends) - unpaid,
                backup: row["state"] == "backup",
                extra: row["extra_hours"] == true,
                place: None,
            });
        }
    }
    let holds = |row: &&Value| {
        row.get("approved").is_none_or(|approved| approved == true)
            && row["deleted"] != true
            && row["workable"] != true
    };
    let leaves = list(&facts["leaves"]).iter().filter(holds).map(|row| Leave {
        from: date(&row["start_on"]).unwrap(),
        to: date(&row["finish_on"]),
        part: match row["hours_amount_in_cents"].as_i64() {
            Some(hours) => Part::Minutes(hours * 60 / 100),
            None => Part::Off(Off::of(row["half_day"].as_str().and_then(Half::named))),
        },
    });
    let leaves = leaves.collect();
    let mut tools: Vec<_> = tools.collect();
    tools.sort_by_key(|(from, _)| *from);
    let plan = Plan {
        tools,
        contracts: contracts.collect(),
        shifts,
        holidays: Arc::new(holidays),
        place: None,
        zone: Some(zone),
        until: date(&facts["terminated_on"]),
    };
    (plan, leaves)
}

#[test]
fn estimated_time() {
    let all = cases(include_str!("corpus/estimated.json"));
    assert!(all.len() >= 80, "{}", all.len());
    for case in &all {
        let (plan, leaves) = plan(&case["facts"]);
        let due = estimate(&plan, &leaves, date(&case["day"]).unwrap());
        let unit = match (due.source.name(), due.half_days) {
            (_, Some(_)) => "half_day",
            ("none", None) => "none",
            _ => "minute",
        };
        let shown = json!({ "expected": due.expected, "regular": due.regular, "overtime": due.overtime,
            "source": due.source.name(), "half_days": due.half_days.unwrap_or(0), "unit": unit });
        assert_eq!(shown, case["expect"], "{}", case["name"]);
    }
}

#[test]
fn worked_time() {
    let all = cases(include_str!("corpus/worked.json"));
    assert!(all.len() >= 40, "{}", all.len());
    for case in &all {
        let day = date(&case["day"]).unwrap();
        let zone = wall::zone(Some(ZONE));
        let (plan, leaves) = plan(&case["facts"]);
        let due = estimate(&plan, &leaves, day);
        let timed = |row: &&Value| row["clock_in"].is_string();
        let shifts = list(&case["shifts"]);
        let pieces: Vec<Piece> = shifts
            .iter()
            .filter(timed)
            .map(|row| {
                let began = time(&row["clock_in"]).unwrap();
                let ended = time(&row["clock_out"]).map(|ended| wall::end(&zone, day, began, ended));
                let stretch = Stretch {
                    id: 1,
                    began: wall::instant(&zone, day, began),
                    ended,
                    work: row["kind"] == "work",
                };
                Piece { stretch, kind: None, paid: row["kind"] == "paid" }
            })
            .collect();
        let halves = i64::try_from(shifts.len() - pieces.len()).unwrap();
        let mut requested = Requested::default();
        for row in list(&case["requests"]) {
            let minutes = row["hours_amount_in_cents"].as_i64().unwrap() * 60 / 100;
            match row["status"].as_str().unwrap() {
                "pending" => requested.pending += minutes,
                "approved" => requested.approved += minutes,
                _ => requested.rejected += minutes,
            }
        }
        let worked = worked(&pieces, halves, Some(&due), requested);
        let sum = |overtime: bool| -> i64 {
            let of = worked
                .blocks
                .iter()
                .filter(|b| b.overtime == overtime && (b.work || b.pool != Pool::Discarded));
            of.map(|block| block.minutes).sum()
        };
        let unit = match () {
            () if halves > 0 || due.half_days.is_some() => "half_day",
            () if worked.tracked + worked.unpaid > 0 || due.source.name() != "none" => "minute",
            () => "none",
        };
        let shown = json!({ "tracked": worked.tracked, "pending": worked.pending, "minutes": worked.minutes,
            "regular": sum(false), "overtime": sum(true), "unpaid": worked.unpaid, "unit": unit,
            "day_type": kind(day, plan.holidays.contains_key(&day)) });
        assert_eq!(shown, case["expect"], "{}", case["name"]);
        let all: i64 = worked.blocks.iter().map(|block| block.minutes).sum();
        assert_eq!(all, worked.tracked + worked.unpaid, "{}: every minute is in one block", case["name"]);
    }
}

/// Whatever somebody does at the clock, in any order: no time is counted twice, and at most one shift is going on.
#[test]
fn any_clocking_keeps_the_time() {
    let mut seed: u64 = 7;
    let mut random = move |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for round in 0..500 {
        let mut at = 1_795_424_400_000;
        let mut rows: Vec<Row> = Vec::new();
        for _ in 0..60 {
            at += i64::try_from(random(5 * 60 * 60_000)).unwrap();
            let shifts: Vec<Stretch> = rows.iter().map(|row| row.stretch).collect();
            let change = match random(4) {
                0 => clock::clock_in(&shifts, 480, at, true),
                1 => clock::clock_out(&shifts, at),
                2 => clock::break_start(&shifts, at),
                _ => clock::break_end(&shifts, at),
            };
            let Ok(change) = change else { continue };
            if let Some((id, ended)) = change.close {
                rows.iter_mut().find(|row| row.stretch.id == id).unwrap().stretch.ended = Some(ended);
            }
            if let Some((began, work)) = change.open {
                let id = i64::try_from(rows.len()).unwrap() + 1;
                let stretch = Stretch { id, began, ended: None, work };
                rows.push(Row { stretch, reference: Date::MIN });
            }
            let going = rows.iter().filter(|row| row.stretch.ended.is_none());
            let going = going.filter(|row| !clock::forgotten(row.stretch.began, 480, at));
            assert!(going.count() <= 1, "round {round}");
        }
        never_more_than_the_clock(&rows, &json!({ "name": round }));
    }
}
