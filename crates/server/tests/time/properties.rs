//! What holds of the time of people, whatever they ask for and whoever decides.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::case::Ids;
use crate::support::HOUR;
use crate::{Company, each, leave};

/// Numbers that look drawn at random and are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap()].clone()
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).unwrap_or_else(|| panic!("no number: {value}"))
}

/// Days from the 23rd of November 2026.
fn day(after: u64) -> String {
    let first = registry::date(2026, 11, 23);
    first.checked_add(registry::Span::new().days(i64::try_from(after).unwrap())).unwrap().to_string()
}

/// Walking through a year day by day shows the balances that asking for each of its days showed before.
#[test]
fn the_clock_comes_to_the_balances_that_were_foretold() {
    each(|company| async move {
        let kind = json!({ "approval_required": false, "allow_endless": true });
        let allowances = [
            json!({}),
            json!({ "available_days": "generated_days", "rounding": "half_day", "carry_over_units_in_cents": 500,
                "expire_in_months": 3 }),
            json!({ "available_days": "mensiversary", "cycle_start": "employee_hired_date",
                "unlimited_carry_over": true, "negative_counter_type": "negative_counter_enabled" }),
            json!({ "available_days": "bimonthly_fifteenth_and_last", "frequency": "monthly_flexible",
                "cycle_length": 5, "carry_over_units_in_cents": 300, "rounding": "round_up",
                "negative_counter_type": "negative_counter_enabled" }),
            json!({ "available_days": "generated_days_monthly", "accrued_units_availability": "next_cycle",
                "cycle_start": "apr", "negative_counter_type": "negative_counter_enabled" }),
        ];
        for allowance in allowances {
            let ids = company.with(kind.clone(), allowance).await;
            for (first, last) in
                [("2026-12-29", "2027-01-05"), ("2027-03-01", "2027-03-02"), ("2027-07-12", "2027-07-16")]
            {
                let mut request = leave(&ids, first);
                request["finish_on"] = last.into();
                // Where the days do not suffice, it is refused.
                company.post("timeoff/leaves", request).await;
            }
            let correction = json!({ "employee_id": ids.employee.to_string(), "days_in_cents": -150,
                "timeoff_allowance_id": ids.allowance.to_string(), "effective_on": "2027-02-10",
                "target_balance": "available", "description": "Sold" });
            company.post("timeoff/allowance_incidences", correction).await.expect(201);
        }
        let mut endless = leave(
            &company.with(kind, json!({ "negative_counter_type": "negative_counter_enabled" })).await,
            "2027-09-06",
        );
        endless["finish_on"] = Value::Null;
        company.post("timeoff/leaves", endless).await.expect(201);
        let mut foretold = Vec::new();
        for after in 0..380 {
            let all = company.get(&format!("timeoff/allowance_stats?reference_date={}", day(after))).await;
            assert_eq!(all["meta"]["total"], 6);
            foretold.push(all["data"].clone());
        }
        assert!(foretold.windows(2).filter(|two| two[0] != two[1]).count() > 100, "much happens in a year");
        for (after, foretold) in foretold.iter().enumerate() {
            let today = company.get("timeoff/allowance_stats").await;
            assert_eq!(&today["data"], foretold, "{} on {}", company.world.today(), after);
            company.world.advance(24 * HOUR).await;
        }
    });
}

/// The leaves of somebody that exist, by id.
async fn leaves(company: &Company, ids: &Ids) -> BTreeMap<String, Value> {
    let path = format!("timeoff/leaves?employee_ids[]={}&include_duration_by_day=true", ids.employee);
    let all = company.get(&path).await["data"].as_array().unwrap().clone();
    all.into_iter().map(|leave| (leave["id"].as_str().unwrap().to_owned(), leave)).collect()
}

/// What a leave uses of each day, in days.
fn used(leave: &Value) -> Vec<(String, f64)> {
    let days = leave["duration_by_day_attributes"]["used_units_by_day"]["days"].as_object().unwrap();
    days.iter().map(|(day, units)| (day.clone(), number(units))).collect()
}

async fn stats(company: &Company, ids: &Ids, day: &str) -> Value {
    let path = format!("timeoff/allowance_stats?employee_ids[]={}&reference_date={day}", ids.employee);
    company.get(&path).await["data"][0].clone()
}

/// A request for some days, a half or some hours of the next weeks.
fn wish(dice: &mut Dice, ids: &Ids) -> Value {
    let first = dice.below(35);
    let mut wish = leave(ids, &day(first));
    match dice.below(4) {
        0 => wish["half_day"] = dice.one_of(&["beginning_of_day", "end_of_day"]).into(),
        1 => {
            wish["start_time"] = format!("{:02}:00", 9 + dice.below(7)).into();
            wish["hours_amount_in_cents"] = (100 * (1 + dice.below(4))).into();
        }
        _ => wish["finish_on"] = day(first + dice.below(5)).into(),
    }
    wish
}

/// Whatever is asked for, changed, decided and taken back, in any order: no day is spent twice, the balance is what the
/// leaves that are approved now say on any date, and somebody who was only ever given those has the same one.
#[test]
fn decisions_in_any_order_leave_no_trace() {
    each(|company| async move {
        for seed in 0..4 {
            let mut dice = Dice(seed);
            let kind = json!({ "approval_required": true, "half_days_units_enabled": true });
            let allowance = json!({ "holiday_allowance_in_cents": 1500 });
            let ids = company.with(kind.clone(), allowance.clone()).await;
            let (mut done, mut refused) = (0, 0);
            for step in 0..60 {
                let known: Vec<String> = leaves(&company, &ids).await.into_keys().collect();
                let request = if known.is_empty() || dice.below(3) == 0 {
                    ("POST", "timeoff/leaves".to_owned(), wish(&mut dice, &ids))
                } else {
                    let id = dice.one_of(&known);
                    match dice.below(6) {
                        0 => ("DELETE", format!("timeoff/leaves/{id}"), Value::Null),
                        1 => ("POST", "timeoff/leaves/reject".to_owned(), json!({ "id": id })),
                        2 => {
                            let first = dice.below(30);
                            let moved =
                                json!({ "start_on": day(first), "finish_on": day(first + dice.below(4)) });
                            ("PUT", format!("timeoff/leaves/{id}"), moved)
                        }
                        _ => ("POST", "timeoff/leaves/approve".to_owned(), json!({ "id": id })),
                    }
                };
                let case = format!("seed {seed}, step {step} on {}: {request:?}", company.world.engine);
                let answer = company.call(request).await;
                match answer.status.as_u16() {
                    200 | 201 => done += 1,
                    409 | 422 => refused += 1,
                    _ => panic!("{case}: {answer}"),
                }
                let leaves = leaves(&company, &ids).await;
                let mut days: BTreeMap<String, f64> = BTreeMap::new();
                for (day, units) in leaves.values().filter(|leave| leave["approved"] != false).flat_map(used)
                {
                    *days.entry(day).or_default() += units;
                }
                assert!(days.values().all(|units| *units < 1.001), "{case}: a day is spent twice: {days:?}");
                let approved: Vec<_> =
                    leaves.values().filter(|leave| leave["approved"] == true).flat_map(used).collect();
                // Hours of a day are hundredths of it, rounded for each leave.
                let near = |one: f64, other: f64| (one - other).abs() < 0.011 * (leaves.len() + 1) as f64;
                let on = day(dice.below(38));
                let stats = stats(&company, &ids, &on).await;
                let sum = |until: &str| {
                    approved.iter().filter(|(day, _)| day.as_str() <= until).map(|(_, units)| units).sum()
                };
                let (spent, all): (f64, f64) = (sum(&on), sum("2026-12-31"));
                assert!(
                    near(number(&stats["used_units_until_reference_date"]), spent),
                    "{case}: {spent} of {stats}"
                );
                assert!(near(number(&stats["outstanding_units"]), all - spent), "{case}: {stats}");
                assert!(near(number(&stats["available_days"]), 15.0 - all), "{case}: {all} of {stats}");
                assert!(number(&stats["available_days"]) > -0.01, "{case}: {stats}");
            }
            assert!(done > 15 && refused > 3, "seed {seed}: {done} done, {refused} refused");
            let twin = company.with(kind, allowance).await;
            for (_, approved) in
                leaves(&company, &ids).await.iter().filter(|(_, leave)| leave["approved"] == true)
            {
                let mut wish = leave(&twin, "");
                for field in ["start_on", "finish_on", "half_day", "start_time", "hours_amount_in_cents"] {
                    wish[field] = approved[field].clone();
                }
                let id = company.add("timeoff/leaves", wish).await.to_string();
                company.post("timeoff/leaves/approve", json!({ "id": id })).await.expect(200);
            }
            for on in ["2026-11-25", "2026-12-15", "2026-12-31", "2027-01-01"] {
                let [mut one, mut other] =
                    [stats(&company, &ids, on).await, stats(&company, &twin, on).await];
                for stats in [&mut one, &mut other] {
                    for name in ["id", "employee_id", "allowance_id"] {
                        stats[name] = Value::Null;
                    }
                    stats["cycles"]
                        .as_array_mut()
                        .unwrap()
                        .iter_mut()
                        .for_each(|cycle| cycle["allowance_id"] = Value::Null);
                }
                assert_eq!(one, other, "seed {seed} on {on}");
            }
        }
    });
}

/// Whatever somebody does at the clock, work and breaks of a day are no longer than from its first click to its last.
#[test]
fn work_and_breaks_are_never_longer_than_the_clock() {
    each(|company| async move {
        let employee = company.hire(0).await;
        let mut dice = Dice(11);
        let mut at = 0;
        let zero = company.world.app.db.clock().now();
        for _ in 0..120 {
            at += i64::try_from(dice.below(4 * 60)).unwrap() * 60_000;
            let now = (zero + at).to_string();
            let action = dice.one_of(&["clock_in", "clock_out", "break_start", "break_end", "toggle_clock"]);
            let body = json!({ "now": now, "clock_time": now, "employee_id": employee });
            let answer = company.post(&format!("attendance/shifts/{action}"), body).await;
            assert!([200, 409, 422].contains(&answer.status.as_u16()), "{answer}");
        }
        let last = (zero + at).to_string();
        let range = format!("employee_ids[]={employee}&start_on=2026-11-20&end_on={}", &last[..10]);
        let shifts =
            company.get(&format!("attendance/shifts?{range}")).await["data"].as_array().unwrap().clone();
        let mut clocks: BTreeMap<&str, (f64, Vec<[i64; 2]>)> = BTreeMap::new();
        for shift in shifts.iter().filter(|shift| !shift["clock_out"].is_null()) {
            let minute = |name: &str| {
                let (hour, rest) = shift[name].as_str().unwrap().split_once(':').unwrap();
                hour.parse::<i64>().unwrap() * 60 + rest[..2].parse::<i64>().unwrap()
            };
            let (minutes, times) = clocks.entry(shift["reference_date"].as_str().unwrap()).or_default();
            *minutes += number(&shift["minutes"]);
            let began =
                minute("clock_in") + if shift["date"] == shift["reference_date"] { 0 } else { 24 * 60 };
            times.push([began, began + shift["minutes"].as_i64().unwrap()]);
        }
        assert!(clocks.len() > 5 && shifts.len() > 20, "{} shifts", shifts.len());
        let worked = company.get(&format!("attendance/worked_times?{range}&include_time_range_category=false&include_non_attendable_employees=true")).await;
        for day in worked["data"].as_array().unwrap() {
            let blocks: f64 = day["worked_time_blocks"]
                .as_array()
                .unwrap()
                .iter()
                .map(|block| number(&block["minutes"]))
                .sum();
            let (minutes, times) = clocks.remove(day["date"].as_str().unwrap()).unwrap_or_default();
            assert_eq!(blocks, minutes, "every minute is in one block: {day}");
            let first = times.iter().map(|time| time[0]).min().unwrap_or(0);
            let last = times.iter().map(|time| time[1]).max().unwrap_or(0);
            assert!(blocks <= (last - first) as f64, "{blocks} of {times:?}: {day}");
        }
        assert!(clocks.is_empty(), "{clocks:?}");
    });
}
