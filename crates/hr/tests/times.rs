//! Worked and estimated time of many people: as many statements as for one, and fast.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::time::Instant as Stopwatch;

use access::Grant;
use accounts::records::{AccessRecord, PermissionGroupRecord, UserRecord};
use engine::{Caller, Context, Engine, List};
use registry::{Company, Id, Span, Version, date};
use serde_json::{Value, json};
use storage::{Condition, Database, Tx};

fn migrations() -> Vec<storage::Migration> {
    let mut migrations = accounts::MIGRATIONS.to_vec();
    migrations.extend_from_slice(engine::MIGRATIONS);
    migrations.push(hr::MIGRATION);
    migrations
}

/// A company with so many people, each with a contract, a schedule and a shift on each working day of November.
fn furnish(tx: &mut Tx<'_>, engine: &Engine, people: usize) -> Result<Id<Company>, engine::Error> {
    let sign_up = accounts::SignUp {
        company_name: "Analytical".to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        email: "ada@analytical.example".to_owned(),
        password_hash: "none".to_owned(),
    };
    let founded = accounts::company::found(
        tx,
        &accounts::Actor { user: None, name: "test".to_owned(), address: String::new() },
        &sign_up,
    )
    .unwrap();
    let company = founded.company;
    let group = tx.company(company).list(Condition::<PermissionGroupRecord>::any())?[0].id;
    let now = tx.now();
    let mut rows = Vec::new();
    for number in 0..people {
        let user = tx.instance("a test").insert([
            UserRecord::email.set(format!("{number}@analytical.example")),
            UserRecord::password_hash.set(None),
            UserRecord::created_at.set(now),
        ])?;
        let access = tx.company(company).insert([
            AccessRecord::user_id.set(user),
            AccessRecord::permission_group_id.set(group),
            AccessRecord::accepted_at.set(None),
            AccessRecord::created_at.set(now),
        ])?;
        rows.push(
            json!({ "access_id": access.get(), "first_name": "Grace", "last_name": format!("{number}") }),
        );
    }
    let mut plant = |path: &str, rows: Vec<Value>| -> Result<Vec<i64>, engine::Error> {
        let bodies: Vec<_> = rows.into_iter().filter_map(|row| row.as_object().cloned()).collect();
        engine.plant(tx, company, path, &bodies)
    };
    let place = plant(
        "locations/locations",
        vec![json!({ "name": "Office", "timezone": "Europe/Madrid", "main": true })],
    )?[0];
    rows.iter_mut().for_each(|row| row["location_id"] = place.into());
    let employees = plant("employees/employees", rows)?;
    let schedule = plant("work_schedule/schedules", vec![json!({ "name": "Office" })])?[0];
    let period = json!({ "schedule_id": schedule, "default": true });
    let period = plant("work_schedule/overlap_periods", vec![period])?[0];
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    let days =
        days.map(|day| json!({ "overlap_period_id": period, "weekday": day, "duration_in_seconds": 28800 }));
    plant("work_schedule/day_configurations", days.to_vec())?;
    let (mut contracts, mut versions, mut shifts) = (Vec::new(), Vec::new(), Vec::new());
    for (at, employee) in employees.iter().enumerate() {
        contracts
            .push(json!({ "employee_id": employee, "effective_on": "2026-01-01", "starts_on": "2026-01-01",
            "working_hours": 4000, "working_hours_frequency": "week" }));
        if at % 2 == 0 {
            versions.push(json!({ "employee_id": employee, "effective_at": "2026-01-01",
                "planning_tool": "work_schedule", "work_schedule_schedule_id": schedule }));
        }
        for day in date(2026, 11, 1).series(Span::new().days(1)).take(30) {
            if day.weekday().to_monday_zero_offset() < 5 {
                shifts.push(json!({ "employee_id": employee, "date": day.to_string(), "reference_date": day.to_string(),
                    "clock_in": "09:00", "clock_out": "17:30", "workable": true }));
            }
        }
    }
    plant("contracts/contract_versions", contracts)?;
    plant("time_planning/planning_versions", versions)?;
    plant("attendance/shifts", shifts)?;
    Ok(company)
}

/// The pages of a list of a month, one after the other; how many objects they had, and the statements of each page.
fn chain(
    db: &Database,
    engine: &'static Engine,
    company: Id<Company>,
    path: &'static str,
) -> (usize, BTreeSet<u64>) {
    let (mut after, mut objects, mut statements) = (String::new(), 0, BTreeSet::new());
    loop {
        let cursor = after.clone();
        let (page, ran) = db
            .read_blocking(move |tx| {
                let plan = engine.find(path).unwrap();
                let grant = Grant::system(company, "a test asks for everything");
                let parameters =
                    [("start_on", "2026-11-01"), ("end_on", "2026-11-30"), ("after_id", &cursor)];
                let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
                let list = List::check(plan, Version::NEWEST, &parameters)?;
                let mut cx = Context::new(engine, tx, &grant, Caller::default(), Version::NEWEST);
                let page = cx.computed_list(plan, plan.compute.as_ref().unwrap(), &list)?;
                let ran = cx.tx.ran();
                Ok::<_, engine::Error>((page, ran))
            })
            .unwrap();
        let page: Value = serde_json::from_slice(&page).unwrap();
        objects += page["data"].as_array().unwrap().len();
        statements.insert(ran);
        if page["meta"]["has_next_page"] == false {
            return (objects, statements);
        }
        after = page["meta"]["end_cursor"].as_str().unwrap().to_owned();
    }
}

fn measured(people: usize) -> Vec<(&'static str, f64, BTreeSet<u64>)> {
    let engine: &'static Engine = Box::leak(Box::new(hr::engine().unwrap()));
    let database = storage::testing::sqlite(&migrations());
    let company = database.db.write_blocking(move |tx| furnish(tx, engine, people)).unwrap();
    ["attendance/worked_times", "attendance/estimated_times"]
        .map(|path| {
            let watch = Stopwatch::now();
            let (objects, statements) = chain(&database.db, engine, company, path);
            assert_eq!(objects, (people + 1) * 30);
            #[allow(clippy::cast_precision_loss)]
            let rate = objects as f64 / watch.elapsed().as_secs_f64();
            (path, rate, statements)
        })
        .to_vec()
}

#[test]
fn no_statement_is_in_a_loop() {
    let few = measured(4);
    let many = measured(40);
    for ((path, _, few), (_, _, many)) in few.iter().zip(&many) {
        assert_eq!(few.last(), many.last(), "{path}: {few:?} {many:?}");
        assert!(many.last().unwrap() < &25, "{path}: {many:?}");
    }
}

/// `cargo test --release -p hr --test times -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, of an optimised build"]
fn a_month_of_a_thousand_people() {
    for (path, rate, statements) in measured(999) {
        println!("{path}: {rate:.0} employee-days a second, {statements:?} statements a page");
        assert!(rate > 5_000.0, "{path}: {rate:.0}");
    }
}
