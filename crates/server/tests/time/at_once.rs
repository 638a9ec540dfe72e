//! Many requests at once about the same time of the same people: one after the other in effect, each with a clear answer,
//! and none that the database gave up on.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{Request, each, leave};

fn counted<const N: usize>(answers: [(&str, usize); N]) -> BTreeMap<String, usize> {
    answers.map(|(name, count)| (name.to_owned(), count)).into()
}

/// Working days, one after the other.
const DAYS: [&str; 10] = [
    "2026-11-30",
    "2026-12-01",
    "2026-12-02",
    "2026-12-03",
    "2026-12-04",
    "2026-12-07",
    "2026-12-08",
    "2026-12-09",
    "2026-12-10",
    "2026-12-11",
];

fn clock(action: &str, now: &str, employee: &str) -> Request {
    let body = json!({ "now": now, "employee_id": employee });
    ("POST", format!("attendance/shifts/{action}"), body)
}

/// Nobody stands in the way of somebody else.
#[test]
fn everybody_clocks_in_at_nine_and_out_at_five() {
    each(|company| async move {
        let mut people = Vec::new();
        for number in 0..40 {
            people.push(company.hire(number).await);
        }
        for (action, now, open) in [
            ("clock_in", "2026-11-23T09:00:00Z", 40),
            ("break_start", "2026-11-23T12:00:00Z", 40),
            ("break_end", "2026-11-23T12:30:00Z", 40),
            ("clock_out", "2026-11-23T17:00:00Z", 0),
        ] {
            let all = people.iter().map(|employee| clock(action, now, employee)).collect();
            assert_eq!(
                company.at_once(all).await,
                counted([("200", 40)]),
                "{action} on {}",
                company.world.engine
            );
            assert_eq!(company.get("attendance/open_shifts").await["meta"]["total"], open, "{action}");
        }
        assert_eq!(company.get("attendance/shifts").await["meta"]["total"], 3 * 40);
    });
}

/// Every action of the clock is done once, however often it is asked for at once.
#[test]
fn one_click_counts_once() {
    each(|company| async move {
        let employee = company.hire(0).await;
        for (action, now, refusal) in [
            ("clock_in", "2026-11-23T09:00:00Z", "409 already_clocked_in"),
            ("break_start", "2026-11-23T12:00:00Z", "409 already_on_break"),
            ("break_end", "2026-11-23T12:30:00Z", "409 not_on_break"),
            ("clock_out", "2026-11-23T17:00:00Z", "409 not_clocked_in"),
        ] {
            let all = (0..30).map(|_| clock(action, now, &employee)).collect();
            let answers = company.at_once(all).await;
            assert_eq!(answers, counted([("200", 1), (refusal, 29)]), "{action} on {}", company.world.engine);
        }
        let shifts = company.get("attendance/shifts").await;
        let minutes: Vec<_> =
            shifts["data"].as_array().unwrap().iter().map(|shift| shift["minutes"].clone()).collect();
        assert_eq!(minutes, [180, 30, 270]);
    });
}

/// One correction that many approve at once makes one shift.
#[test]
fn a_correction_is_approved_once() {
    each(|company| async move {
        let employee = company.hire(0).await;
        let asked = json!({ "employee_id": employee, "request_type": "create_shift", "date": "2026-11-20",
            "clock_in": "09:00", "clock_out": "17:00", "reason": "Forgot" });
        let id = company.add("attendance/edit_timesheet_requests", asked).await;
        let yes = ("PUT", format!("attendance/edit_timesheet_requests/{id}"), json!({ "approved": true }));
        let answers = company.at_once(vec![yes; 10]).await;
        assert!(answers.keys().all(|answer| ["200", "409", "422"].contains(&&answer[..3])), "{answers:?}");
        assert!(answers["200"] >= 1, "{answers:?}");
        assert_eq!(company.get("attendance/shifts").await["meta"]["total"], 1, "{answers:?}");
    });
}

/// The last day is taken once: asked for at once, approved at once, or both on the same day.
#[test]
fn the_last_day_is_taken_once() {
    each(|company| async move {
        let engine = company.world.engine;
        let ids = company.with_days(1, false).await;
        let ask = DAYS.map(|day| ("POST", "timeoff/leaves".to_owned(), leave(&ids, day)));
        let answers = company.at_once(ask.to_vec()).await;
        assert_eq!(answers, counted([("201", 1), ("422 balance_exceeded", 9)]), "{engine}");
        assert_eq!(company.days(&ids).await, (0.0, 1.0));

        let ids = company.with_days(1, true).await;
        let mut approve = Vec::new();
        for day in DAYS {
            let id = company.add("timeoff/leaves", leave(&ids, day)).await;
            approve.push(("POST", "timeoff/leaves/approve".to_owned(), json!({ "id": id.to_string() })));
        }
        let answers = company.at_once(approve).await;
        assert_eq!(answers, counted([("200", 1), ("422 balance_exceeded", 9)]), "{engine}");
        assert_eq!(company.days(&ids).await, (0.0, 1.0));

        let ids = company.with_days(20, true).await;
        let ask = ("POST", "timeoff/leaves".to_owned(), leave(&ids, DAYS[0]));
        let answers = company.at_once(vec![ask; 10]).await;
        assert_eq!(answers, counted([("201", 1), ("422 overlaps", 9)]), "{engine}");
    });
}

/// Two who approve at once, or one of whom rejects and another deletes: the numbers say what became of it.
#[test]
fn whatever_is_decided_at_once_the_balance_says_what_is() {
    each(|company| async move {
        let engine = company.world.engine;
        let ids = company.with_days(10, true).await;
        let id = company.add("timeoff/leaves", leave(&ids, DAYS[0])).await;
        let act = |action: &str, id: i64| {
            ("POST", format!("timeoff/leaves/{action}"), json!({ "id": id.to_string() }))
        };
        let answers = company.at_once(vec![act("approve", id); 10]).await;
        assert_eq!(answers, counted([("200", 1), ("409 already_approved", 9)]), "{engine}");
        assert_eq!(company.days(&ids).await, (9.0, 1.0));
        for day in &DAYS[1..6] {
            let id = company.add("timeoff/leaves", leave(&ids, day)).await;
            let delete = ("DELETE", format!("timeoff/leaves/{id}"), Value::Null);
            let mut all = Vec::new();
            for _ in 0..3 {
                all.extend([act("approve", id), act("reject", id), act("approve_all", id), delete.clone()]);
            }
            let answers = company.at_once(all).await;
            let clear = |answer: &String| ["200", "404", "409", "422"].contains(&&answer[..3]);
            assert!(answers.keys().all(clear), "{engine}: {answers:?}");
            let gone = company.get(&format!("timeoff/leaves?ids[]={id}")).await;
            assert_eq!(gone["meta"]["total"], 0, "a deletion is never lost: {answers:?}");
            assert_eq!(company.days(&ids).await, (9.0, 1.0), "{engine}: {answers:?}");
        }
    });
}
