//! A company with many people and a month of work, and requests for pages of what is worked out of it.

use std::collections::BTreeSet;

use access::Grant;
use accounts::records::{AccessRecord, PermissionGroupRecord, UserRecord};
use engine::{Caller, Context, Engine, List};
use registry::{Company, Id, Span, Version, date};
use serde_json::{Value, json};
use storage::{Condition, Database, Tx};

/// A month of each person.
pub const MONTH: &[(&str, &str)] = &[("start_on", "2026-11-01"), ("end_on", "2026-11-30")];

/// The end of a year of each person.
pub const YEAR: &[(&str, &str)] = &[("reference_date", "2026-12-31")];

/// What is worked out for many people, with the parameters that it is asked for with.
pub const COMPUTED: [(&str, &[(&str, &str)]); 3] = [
    ("attendance/worked_times", MONTH),
    ("attendance/estimated_times", MONTH),
    ("timeoff/allowance_stats", YEAR),
];

pub fn migrations() -> Vec<storage::Migration> {
    let mut migrations = accounts::MIGRATIONS.to_vec();
    migrations.extend_from_slice(engine::MIGRATIONS);
    migrations.push(hr::MIGRATION);
    migrations
}

/// A company with so many people beside its founder, each with a contract, a schedule, a shift on each working day of
/// November, an allowance, and four weeks of leave.
pub fn furnish(tx: &mut Tx<'_>, engine: &Engine, people: usize) -> Result<Id<Company>, engine::Error> {
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
    let kind = json!({ "name": "Holidays", "identifier": "holidays", "color": "#07a2ad", "attachment": false,
        "visibility": true, "workable": false, "details_required": false, "active": true,
        "approval_required": true, "accrues": true });
    let kind = plant("timeoff/leave_types", vec![kind])?[0].to_string();
    let policy = plant("timeoff/policies", vec![json!({ "name": "Everybody", "main": false })])?[0];
    let allowance = json!({ "timeoff_policy_id": policy, "name": "Holidays", "allowance_type": "days",
        "available_days": "generated_days_monthly", "count_holiday_as_workable": false, "leave_type_ids": [kind],
        "proration_type": "proration_enabled", "pto_proratio_enabled": true, "rounding": "half_day",
        "tenure_periods": [], "accrued_units_availability": "current_cycle", "cycle_length": 12,
        "carry_over_units_in_cents": 500, "cycle_start": "jan", "days_type": "working_days",
        "frequency": "yearly", "holiday_allowance_in_cents": 2400, "range_type": "exact_range",
        "negative_counter_type": "negative_counter_enabled", "source_units": "base_units" });
    plant("timeoff/allowances", vec![allowance])?;
    let (mut contracts, mut versions, mut shifts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut assignments, mut leaves) = (Vec::new(), Vec::new());
    for (at, employee) in employees.iter().enumerate() {
        contracts
            .push(json!({ "employee_id": employee, "effective_on": "2024-01-01", "starts_on": "2024-01-01",
            "working_hours": 4000, "working_hours_frequency": "week" }));
        assignments.push(json!({ "employee_id": employee, "timeoff_policy_id": policy,
            "effective_at": "2024-01-01" }));
        if at % 2 == 0 {
            versions.push(json!({ "employee_id": employee, "effective_at": "2024-01-01",
                "planning_tool": "work_schedule", "work_schedule_schedule_id": schedule }));
        }
        for day in date(2026, 11, 1).series(Span::new().days(1)).take(30) {
            if day.weekday().to_monday_zero_offset() < 5 {
                shifts.push(json!({ "employee_id": employee, "date": day.to_string(), "reference_date": day.to_string(),
                    "clock_in": "09:00", "clock_out": "17:30", "workable": true }));
            }
        }
        for (first, last) in [
            ("2025-08-04", "2025-08-08"),
            ("2026-02-02", "2026-02-06"),
            ("2026-08-03", "2026-08-07"),
            ("2026-11-16", "2026-11-20"),
        ] {
            leaves.push(json!({ "employee_id": employee, "leave_type_id": kind, "start_on": first,
                "finish_on": last, "approved": true }));
        }
    }
    plant("contracts/contract_versions", contracts)?;
    plant("time_planning/planning_versions", versions)?;
    plant("attendance/shifts", shifts)?;
    plant("timeoff/policy_assignments", assignments)?;
    plant("timeoff/leaves", leaves)?;
    Ok(company)
}

/// Asks for the pages of a list, one after the other; answers how many objects they had, and the statements of each page.
pub fn chain(
    db: &Database,
    engine: &'static Engine,
    company: Id<Company>,
    (path, parameters): (&'static str, &'static [(&'static str, &'static str)]),
) -> (usize, BTreeSet<u64>) {
    let (mut after, mut objects, mut statements) = (String::new(), 0, BTreeSet::new());
    loop {
        let cursor = after.clone();
        let (page, ran) = db
            .read_blocking(move |tx| {
                let plan = engine.find(path).unwrap();
                let grant = Grant::system(company, "a test asks for everything");
                let parameters = parameters.iter().copied().chain([("after_id", cursor.as_str())]);
                let parameters: Vec<_> =
                    parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
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
