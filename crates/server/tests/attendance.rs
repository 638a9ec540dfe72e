//! Clocking, schedules, planned shifts and worked time through the public door, on both databases.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::sync::atomic::{AtomicU32, Ordering};

use accounts::records::{AccessRecord, PermissionGroupRecord, UserRecord};
use serde_json::{Value, json};
use storage::Condition;
use support::{Answer, World, engine};

const NEWEST: &str = "/api/2026-10-01/resources";

/// A company with a key that may do everything in it.
#[derive(Clone)]
struct Company {
    world: World,
    key: String,
}

impl Company {
    async fn new(world: &World, name: &str) -> Self {
        let key = world.sign_up(name).await.api_key("Tests").await;
        Self { world: world.clone(), key }
    }

    async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let call = self.world.call(method, &format!("{NEWEST}/{path}")).header("x-api-key", &self.key);
        match body {
            Some(body) => call.json(body).send().await,
            None => call.send().await,
        }
    }

    async fn get(&self, path: &str) -> Value {
        self.call("GET", path, None).await.expect(200).json()
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, Some(body)).await
    }

    async fn founder(&self) -> String {
        self.get("employees/employees").await["data"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn refused(&self, status: u16, code: &str, path: &str, body: &Value) {
        let answer = self.post(path, body).await.expect(status);
        assert_eq!(answer.json()["code"], code, "{answer}");
        assert!(answer.json()["detail"].as_str().unwrap().ends_with('.'), "{answer}");
    }
}

const SHIFTS: &str = "attendance/shifts";

#[test]
fn a_day_at_the_clock() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let employee = company.founder().await;
        let at = |now: &str| json!({ "now": now, "employee_id": employee });
        let act = |name: &str| format!("{SHIFTS}/{name}");
        company.refused(409, "not_clocked_in", &act("clock_out"), &at("2026-11-23T08:00:00Z")).await;
        company.refused(422, "required", &act("clock_in"), &json!({ "now": "2026-11-23T08:00:00Z" })).await;
        company.post(&act("clock_in"), &at("nine o'clock")).await.expect(400);
        let shift = company.post(&act("clock_in"), &at("2026-11-23T09:00:37+01:00")).await.expect(200).json();
        assert_eq!(shift["clock_in"], "08:00");
        assert_eq!(shift["clock_in_with_seconds"], "08:00:37");
        assert_eq!((&shift["clock_out"], &shift["minutes"]), (&Value::Null, &json!(0)));
        assert_eq!(shift["in_source"], "api");
        company.refused(409, "already_clocked_in", &act("clock_in"), &at("2026-11-23T08:05:00Z")).await;
        company.refused(409, "not_on_break", &act("break_end"), &at("2026-11-23T08:05:00Z")).await;
        company.refused(422, "ends_before_it_begins", &act("clock_out"), &at("2026-11-23T07:00:00Z")).await;
        let open = company.get("attendance/open_shifts").await;
        assert_eq!(open["meta"]["total"], 1);
        assert_eq!(open["data"][0]["id"], shift["id"]);
        assert_eq!(open["data"][0]["clock_in"], "2026-11-23T08:00:37.000Z");
        let pause = company.post(&act("break_start"), &at("2026-11-23T12:00:00Z")).await.expect(200).json();
        assert_eq!((&pause["workable"], &pause["clock_in"]), (&json!(false), &json!("12:00")));
        company.refused(409, "already_on_break", &act("break_start"), &at("2026-11-23T12:10:00Z")).await;
        let work = company.post(&act("break_end"), &at("2026-11-23T12:30:00Z")).await.expect(200).json();
        assert_eq!(work["workable"], true);
        let toggled =
            json!({ "clock_time": "2026-11-23T17:00:00Z", "employee_id": employee, "observations": "Done" });
        let done = company.post(&act("toggle_clock"), &toggled).await.expect(200).json();
        assert_eq!(
            (&done["id"], &done["minutes"], &done["observations"]),
            (&work["id"], &json!(270), &json!("Done"))
        );
        assert_eq!(company.get("attendance/open_shifts").await["meta"]["total"], 0);
        let minutes = |shift: &Value| shift["minutes"].as_i64().unwrap();
        let listed = company.get(SHIFTS).await;
        assert_eq!(
            listed["data"].as_array().unwrap().iter().map(minutes).collect::<Vec<_>>(),
            [240, 30, 270]
        );
        // What lies within another shift is refused, by hand as well as at the clock.
        company.refused(422, "shifts_overlap", &act("clock_in"), &at("2026-11-23T09:00:00Z")).await;
        let again = json!({ "employee_id": employee, "date": "2026-11-23", "clock_in": "16:00", "clock_out": "18:00" });
        company.refused(422, "shifts_overlap", SHIFTS, &again).await;
    });
}

#[test]
fn a_hundred_clients_give_one_open_shift() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let company = Company::new(&world, "Analytical").await;
            let employee = company.founder().await;
            let path = format!("{SHIFTS}/clock_in");
            let calls = (0..100).map(|_| {
                let (company, path) = (company.clone(), path.clone());
                let body = json!({ "now": "2026-11-23T09:00:00Z", "employee_id": employee });
                tokio::spawn(async move { company.post(&path, &body).await })
            });
            let (mut done, mut refused) = (0, 0);
            for call in calls.collect::<Vec<_>>() {
                let answer = call.await.unwrap();
                match answer.status.as_u16() {
                    200 => done += 1,
                    409 => {
                        assert_eq!(answer.json()["code"], "already_clocked_in", "{answer}");
                        refused += 1;
                    }
                    _ => panic!("{answer}"),
                }
            }
            assert_eq!((done, refused), (1, 99), "{}", world.engine);
            assert_eq!(company.get("attendance/open_shifts").await["meta"]["total"], 1);
            assert_eq!(company.get(SHIFTS).await["meta"]["total"], 1);
        },
    );
}

#[test]
fn a_forgotten_shift_stays_open_beside_the_next_and_can_be_ended() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let employee = company.founder().await;
        let at = |now: &str| json!({ "now": now, "employee_id": employee });
        let act = |name: &str| format!("{SHIFTS}/{name}");
        let first = company.post(&act("clock_in"), &at("2026-11-23T09:00:00Z")).await.expect(200).json();
        company.refused(409, "already_clocked_in", &act("clock_in"), &at("2026-11-23T20:59:00Z")).await;
        let second = company.post(&act("clock_in"), &at("2026-11-24T09:00:00Z")).await.expect(200).json();
        assert_eq!(company.get("attendance/open_shifts").await["meta"]["total"], 2);
        // The most recent one ends first; the forgotten one ends when the next began.
        let out = company.post(&act("clock_out"), &at("2026-11-24T17:00:00Z")).await.expect(200).json();
        assert_eq!((&out["id"], &out["minutes"]), (&second["id"], &json!(480)));
        let out = company.post(&act("clock_out"), &at("2026-11-24T17:05:00Z")).await.expect(200).json();
        assert_eq!((&out["id"], &out["minutes"]), (&first["id"], &json!(24 * 60)));
        // Its end is put right by hand.
        let path = format!("{SHIFTS}/{}", first["id"].as_str().unwrap());
        let right = json!({ "clock_out": "17:30" });
        let right = company.call("PUT", &path, Some(&right)).await.expect(200).json();
        assert_eq!(right["minutes"], 510);
    });
}

#[test]
fn requests_are_decided_once_and_reviewed_days_stay() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let employee = company.founder().await;
        let shift = json!({ "employee_id": employee, "date": "2026-11-23", "clock_in": "09:00", "clock_out": "19:00" });
        let shift = company.post(SHIFTS, &shift).await.expect(201).json();
        let overtime = json!({ "employee_id": employee, "author_id": employee, "date": "2026-11-23", "hours_amount": 1.5 });
        let request = company.post("attendance/overtime_requests", &overtime).await.expect(201).json();
        assert_eq!((&request["status"], &request["hours_amount_in_cents"]), (&json!("pending"), &json!(150)));
        let worked = "attendance/worked_times?start_on=2026-11-23&end_on=2026-11-23";
        let day = company.get(worked).await["data"][0].clone();
        assert_eq!(
            (&day["tracked_minutes"], &day["pending_minutes"], &day["minutes"]),
            (&json!(600), &json!(90), &json!(510))
        );
        let reject = |reason: &str| json!({ "id": request["id"], "reason": reason });
        company.refused(422, "required", "attendance/overtime_requests/reject", &reject(" ")).await;
        let done = company
            .post("attendance/overtime_requests/approve", &reject("Thank you"))
            .await
            .expect(200)
            .json();
        assert_eq!((&done["status"], &done["is_editable"]), (&json!("approved"), &json!(false)));
        company.refused(409, "already_decided", "attendance/overtime_requests/reject", &reject("Late")).await;
        let day = company.get(worked).await["data"][0].clone();
        assert_eq!((&day["pending_minutes"], &day["minutes"]), (&json!(0), &json!(600)));
        assert_eq!(day["id"], format!("{employee}_2026-11-23"));
        let one = company.get(&format!("attendance/worked_times/{employee}_2026-11-23")).await;
        assert_eq!(one, day);
        // One bound alone is a single day in the list of requests.
        let total = |list: Value| list["meta"]["total"].clone();
        for (query, expected) in [
            ("start_on=2026-11-23", 1),
            ("start_on=2026-11-22", 0),
            ("start_on=2026-11-22&end_on=2026-11-30", 1),
            ("end_on=2026-11-30", 1),
            ("end_on=2026-11-22", 0),
        ] {
            assert_eq!(
                total(company.get(&format!("attendance/overtime_requests?{query}")).await),
                expected,
                "{query}"
            );
        }
        let range = json!({ "employee_ids": [employee], "start_on": "2026-11-23", "end_on": "2026-11-24",
            "reviewed_by": employee });
        let reviews = company.post("attendance/reviews/bulk_create", &range).await.expect(200).json();
        assert_eq!(reviews.as_array().unwrap().len(), 2);
        let again = company.post("attendance/reviews/bulk_create", &range).await.expect(200).json();
        assert_eq!(again, reviews);
        let path = format!("{SHIFTS}/{}", shift["id"].as_str().unwrap());
        let answer = company.call("DELETE", &path, None).await.expect(409).json();
        assert_eq!(answer["code"], "day_reviewed");
        let later = json!({ "now": "2026-11-24T09:00:00Z", "employee_id": employee });
        company.refused(409, "day_reviewed", &format!("{SHIFTS}/clock_in"), &later).await;
        let gone = company.post("attendance/reviews/bulk_destroy", &range).await.expect(200).json();
        assert_eq!(gone, reviews);
        company.call("DELETE", &path, None).await.expect(200);
    });
}

#[test]
fn schedules_decide_what_is_due() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let employee = company.founder().await;
        let schedule = json!({ "name": "Office", "schedule_type": "fixed" });
        let schedule = company.post("work_schedule/schedules", &schedule).await.expect(201).json();
        let period = schedule["periods"][0]["id"].clone();
        assert_eq!(schedule["periods"][0]["default"], true);
        let days = |minutes: i64| -> Value {
            let day = |name: &&str| json!({ "weekday": name, "duration_in_seconds": minutes * 60 });
            ["monday", "tuesday", "wednesday", "thursday"].iter().map(day).collect()
        };
        let set = json!({ "overlap_period_id": period, "day_configurations": days(480) });
        let made = company.post("work_schedule/day_configurations/bulk_cud", &set).await.expect(200).json();
        assert_eq!(made.as_array().unwrap().len(), 4);
        let summer = json!({ "schedule_id": schedule["id"], "create_params": { "default": false, "start_day": 1,
            "start_month": 7, "end_day": 31, "end_month": 8, "schedule_type": "fixed" } });
        let summer = company.post("work_schedule/overlap_periods", &summer).await.expect(201).json();
        let set = json!({ "overlap_period_id": summer["id"], "day_configurations": days(360) });
        company.post("work_schedule/day_configurations/bulk_cud", &set).await.expect(200);
        let overlapping = json!({ "schedule_id": schedule["id"], "create_params": { "default": false, "start_day": 31,
            "start_month": 8, "end_day": 5, "end_month": 1, "schedule_type": "fixed" } });
        company.refused(422, "periods_overlap", "work_schedule/overlap_periods", &overlapping).await;
        let version = |tool: &str, from: &str| {
            json!({ "employee_id": employee, "effective_at": from, "planning_tool": tool,
                "schedule_id": if tool == "work_schedule" { schedule["id"].clone() } else { Value::Null } })
        };
        let versions = "time_planning/planning_versions";
        company.refused(422, "invalid", versions, &version("abacus", "2026-01-01")).await;
        company.post(versions, &version("work_schedule", "2026-01-01")).await.expect(201);
        company.refused(409, "version_exists", versions, &version("work_schedule", "2026-01-01")).await;
        company.post(versions, &version("shift_management", "2026-12-01")).await.expect(201);
        let due = |day: &str| {
            let path =
                format!("attendance/estimated_times?start_on={day}&end_on={day}&employee_ids[]={employee}");
            let company = company.clone();
            async move { company.get(&path).await["data"][0].clone() }
        };
        for (day, source, minutes) in [
            ("2026-06-30", "work_schedule", 480.0),
            ("2026-07-01", "work_schedule", 360.0),
            ("2026-11-27", "work_schedule", 0.0),
            ("2025-12-31", "none", 0.0),
        ] {
            let day_due = due(day).await;
            assert_eq!((&day_due["source"], &day_due["minutes"]), (&json!(source), &json!(minutes)), "{day}");
        }
        // Planned shifts: two published at once are refused, drafts are not.
        let shift = |from: &str, to: &str, state: &str| {
            json!({ "start_at": from, "end_at": to, "state": state, "creation_mode": "manual",
                "employee_id": employee, "company_id": "1" })
        };
        let plan = |shifts: Vec<Value>| json!({ "shifts": shifts });
        let path = "shift_management/shifts/bulk_create";
        let early = shift("2026-12-02T06:00:00Z", "2026-12-02T14:00:00Z", "published");
        let late = shift("2026-12-02T13:00:00Z", "2026-12-02T21:00:00Z", "published");
        company.refused(409, "shifts_overlap", path, &plan(vec![early.clone(), late.clone()])).await;
        let made = company.post(path, &plan(vec![early.clone()])).await.expect(200).json();
        assert_eq!(made[0]["state"], "published");
        company.refused(409, "shifts_overlap", path, &plan(vec![late])).await;
        company
            .post(path, &plan(vec![shift("2026-12-02T13:00:00Z", "2026-12-02T21:00:00Z", "draft")]))
            .await
            .expect(200);
        let day = due("2026-12-02").await;
        assert_eq!((&day["source"], &day["minutes"]), (&json!("shift_management"), &json!(480.0)));
        assert_eq!(day["shifts"].as_array().unwrap().len(), 1);
        assert_eq!(due("2026-12-03").await["minutes"], 0.0);
        let total = |list: Value| list["meta"]["total"].clone();
        for (query, expected) in [
            ("only_published=true", 1),
            ("only_published=false", 2),
            ("start_at=2026-12-02", 2),
            ("start_at=2026-12-03", 0),
            ("end_at=2026-12-01", 0),
            ("end_at=2026-12-02", 2),
        ] {
            assert_eq!(
                total(company.get(&format!("shift_management/shifts?{query}")).await),
                expected,
                "{query}"
            );
        }
        company
            .refused(422, "required", "shift_management/shifts/bulk_delete", &json!({ "author_id": "1" }))
            .await;
        let delete = json!({ "author_id": "1", "employee_ids": [employee] });
        let gone = company.post("shift_management/shifts/bulk_delete", &delete).await.expect(200).json();
        assert_eq!(gone.as_array().unwrap().len(), 2);
        let archived =
            company.post("work_schedule/schedules/toggle_archive", &json!({ "id": schedule["id"] })).await;
        assert!(archived.expect(200).json()["archived_at"].is_string());
        company.refused(422, "schedule_archived", versions, &version("work_schedule", "2027-01-01")).await;
    });
}

#[test]
fn days_without_shifts_are_filled_as_planned() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let employee = company.founder().await;
        let schedule = json!({ "name": "Office", "schedule_type": "fixed" });
        let schedule = company.post("work_schedule/schedules", &schedule).await.expect(201).json();
        let set = json!({ "overlap_period_id": schedule["periods"][0]["id"], "day_configurations": [
            { "weekday": "monday", "duration_in_seconds": 28800 }, { "weekday": "tuesday", "duration_in_seconds": 14400 }] });
        company.post("work_schedule/day_configurations/bulk_cud", &set).await.expect(200);
        let version = json!({ "employee_ids": [employee], "effective_at": "2026-01-01",
            "planning_tool": "work_schedule", "schedule_id": schedule["id"] });
        company.post("time_planning/planning_versions/bulk_create", &version).await.expect(200);
        let monday = json!({ "employee_id": employee, "date": "2026-11-09", "clock_in": "08:00", "clock_out": "09:00" });
        company.post(SHIFTS, &monday).await.expect(201);
        let fill = json!({ "employee_ids": [employee], "start_on": "2026-11-09", "end_on": "2026-11-18" });
        let made = company.post(&format!("{SHIFTS}/autofill"), &fill).await.expect(200).json();
        let made: Vec<_> =
            made.as_array().unwrap().iter().map(|s| (s["date"].clone(), s["minutes"].clone())).collect();
        let expected = [("2026-11-10", 240), ("2026-11-16", 480), ("2026-11-17", 240)];
        assert_eq!(made, expected.map(|(day, minutes)| (json!(day), json!(minutes))));
        let again = company.post(&format!("{SHIFTS}/autofill"), &fill).await.expect(200).json();
        assert_eq!(again, json!([]));
        assert_eq!(company.get(&format!("{SHIFTS}?latest_shift=true")).await["meta"]["total"], 1);
    });
}

/// A login without a password, and its access to the company.
fn let_in(tx: &mut storage::Tx<'_>, company: registry::Id<registry::Company>) -> Result<i64, storage::Error> {
    let groups = tx.company(company).list(Condition::<PermissionGroupRecord>::any())?;
    let now = tx.now();
    let number = PEOPLE.fetch_add(1, Ordering::Relaxed);
    let user = tx.instance("logins belong to no company").insert([
        UserRecord::email.set(format!("grace{number}@analytical.example")),
        UserRecord::password_hash.set(None),
        UserRecord::created_at.set(now),
    ])?;
    let access = tx.company(company).insert([
        AccessRecord::user_id.set(user),
        AccessRecord::permission_group_id.set(groups[0].id),
        AccessRecord::accepted_at.set(None),
        AccessRecord::created_at.set(now),
    ])?;
    Ok(access.get())
}

static PEOPLE: AtomicU32 = AtomicU32::new(0);

/// Plants a person with a workplace, and the facts of a case.
async fn person(world: &World, company: i64, facts: &Value, zone: &str) -> i64 {
    let (facts, zone) = (facts.clone(), zone.to_owned());
    let planted = world.app.db.write(move |tx| {
        let company = registry::Id::new(company);
        let access = let_in(tx, company)?;
        let mut plant = |path: &str, row: Value| -> Result<i64, engine::Error> {
            let Value::Object(row) = row else { panic!("{row}") };
            Ok(engine().plant(tx, company, path, &[row])?[0])
        };
        let list = |name: &str| facts[name].as_array().cloned().unwrap_or_default();
        let place = json!({ "name": "Office", "timezone": zone, "country": "es", "main": false });
        let place = plant("locations/locations", place)?;
        let employee = plant("employees/employees", json!({ "access_id": access, "first_name": "Grace",
            "last_name": "Hopper", "location_id": place, "terminated_on": facts["terminated_on"] }))?;
        for mut row in list("contracts") {
            row["employee_id"] = employee.into();
            plant("contracts/contract_versions", row)?;
        }
        let mut schedule = Value::Null;
        if facts["schedule"].is_array() {
            schedule = plant("work_schedule/schedules", json!({ "name": "Office" }))?.into();
        }
        for row in list("schedule") {
            let period = plant("work_schedule/overlap_periods", json!({ "schedule_id": schedule,
                "default": row["default"], "start_month": row["begins"][0], "start_day": row["begins"][1],
                "end_month": row["ends"][0], "end_day": row["ends"][1] }))?;
            let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
            for (name, minutes) in names.iter().zip(row["week"].as_array().unwrap()) {
                let seconds = minutes.as_i64().unwrap() * 60;
                plant("work_schedule/day_configurations", json!({ "overlap_period_id": period, "weekday": name,
                    "duration_in_seconds": seconds }))?;
            }
        }
        for mut row in list("versions") {
            row["employee_id"] = employee.into();
            row["work_schedule_schedule_id"] = schedule.clone();
            plant("time_planning/planning_versions", row)?;
        }
        for mut row in list("holidays") {
            row["location_id"] = place.into();
            plant("holidays/company_holidays", row)?;
        }
        let mut taken = Value::Null;
        for row in list("leaves") {
            let kind = plant("timeoff/leave_types", json!({ "name": "Away", "identifier": "away", "color": "#000000",
                "attachment": false, "visibility": true, "details_required": false, "active": true, "editable": true,
                "approval_required": true, "accrues": true, "payable": true, "workable": row["workable"] == true }))?;
            let approved = row.get("approved").cloned().unwrap_or(true.into());
            let deleted = if row["deleted"] == true { json!("2026-01-01T00:00:00Z") } else { Value::Null };
            taken = plant("timeoff/leaves", json!({ "employee_id": employee, "leave_type_id": kind,
                "start_on": row["start_on"], "finish_on": row["finish_on"], "half_day": row["half_day"],
                "hours_amount_in_cents": row["hours_amount_in_cents"], "approved": approved,
                "deleted_at": deleted }))?.into();
        }
        for row in list("shifts") {
            let leave = if row["leave"] == true { taken.clone() } else { Value::Null };
            let shift = plant("shift_management/shifts", json!({ "employee_id": employee, "leave_id": leave,
                "start_at": row["start_at"], "end_at": row["end_at"], "state": row["state"],
                "extra_hours": row["extra_hours"] == true }))?;
            if row["unpaid"].is_i64() {
                let kind = plant("time_settings/break_configurations", json!({ "name": "Lunch", "paid": false }))?;
                plant("time_planning/planned_breaks", json!({ "break_type": "flexible", "shift_id": shift,
                    "break_configuration_id": kind, "duration": row["unpaid"] }))?;
            }
        }
        Ok::<_, engine::Error>(employee)
    });
    planted.await.unwrap()
}

fn cases(text: &str) -> Vec<Value> {
    serde_json::from_str(text).unwrap()
}

/// The number of the company.
async fn founded(company: &Company) -> i64 {
    let people = company.get("employees/employees").await;
    people["data"][0]["company_id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn the_cases_of_clocking_through_the_api() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let company = Company::new(&world, "Analytical").await;
            let own = founded(&company).await;
            for case in cases(include_str!("../../hr/tests/corpus/clocking.json")) {
                let employee = person(&world, own, &json!({}), case["zone"].as_str().unwrap()).await;
                for step in case["steps"].as_array().unwrap() {
                    let act = step["act"].as_str().unwrap();
                    let moment = if act == "toggle_clock" { "clock_time" } else { "now" };
                    let body = json!({ "employee_id": employee, moment: step["at"] });
                    let answer = company.post(&format!("{SHIFTS}/{act}"), &body).await;
                    let expected = step["refused"].as_str();
                    assert_eq!(answer.json()["code"].as_str(), expected, "{}: {answer}", case["name"]);
                }
                let listed = company.get(&format!("{SHIFTS}?employee_ids[]={employee}")).await;
                let shown = listed["data"].as_array().unwrap().iter().map(|shift| {
                    let names = ["reference_date", "date", "clock_in", "clock_out", "minutes", "workable"];
                    names
                        .iter()
                        .map(|name| ((*name).to_owned(), shift[*name].clone()))
                        .collect::<serde_json::Map<_, _>>()
                });
                assert_eq!(Value::from_iter(shown), case["shifts"], "{} on {}", case["name"], world.engine);
                let open = company.get(&format!("attendance/open_shifts?employee_ids[]={employee}")).await;
                assert_eq!(open["meta"]["total"], case["open"], "{} on {}", case["name"], world.engine);
            }
        },
    );
}

#[test]
fn the_cases_of_estimated_time_through_the_api() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let own = founded(&company).await;
        for case in cases(include_str!("../../hr/tests/corpus/estimated.json")) {
            let employee = person(&world, own, &case["facts"], "Europe/Madrid").await;
            let day = case["day"].as_str().unwrap();
            let path =
                format!("attendance/estimated_times?employee_ids[]={employee}&start_on={day}&end_on={day}");
            let due = company.get(&path).await["data"][0].clone();
            #[allow(clippy::cast_possible_truncation)]
            let minutes = |name: &str| due[name].as_f64().unwrap() as i64;
            let shown = json!({ "expected": minutes("expected_minutes"), "regular": minutes("regular_minutes"),
                "overtime": minutes("overtime_minutes"), "source": due["source"], "unit": due["time_unit"],
                "half_days": due["estimated_half_days"] });
            assert_eq!(shown, case["expect"], "{} on {}", case["name"], world.engine);
            assert_eq!(minutes("minutes"), minutes("regular_minutes") + minutes("overtime_minutes"));
        }
    });
}

#[test]
fn the_cases_of_worked_time_through_the_api() {
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| async move {
            let company = Company::new(&world, "Analytical").await;
            let own = founded(&company).await;
            let kind = |paid: bool| json!({ "name": "Break", "paid": paid });
            let paid =
                company.post("time_settings/break_configurations", &kind(true)).await.expect(201).json();
            let unpaid =
                company.post("time_settings/break_configurations", &kind(false)).await.expect(201).json();
            for case in cases(include_str!("../../hr/tests/corpus/worked.json")) {
                let employee = person(&world, own, &case["facts"], "Europe/Madrid").await;
                let day = case["day"].as_str().unwrap();
                for row in case["shifts"].as_array().unwrap() {
                    let kind = match row["kind"].as_str() {
                        Some("paid") => paid["id"].clone(),
                        Some("unpaid") => unpaid["id"].clone(),
                        _ => Value::Null,
                    };
                    let mut body = json!({ "employee_id": employee, "date": day, "clock_in": row["clock_in"],
                        "clock_out": row["clock_out"], "half_day": row["half_day"],
                        "workable": row["kind"] == "work" || row["half_day"].is_string(),
                        "time_settings_break_configuration_id": kind });
                    body.as_object_mut().unwrap().retain(|_, value| !value.is_null());
                    company.post(SHIFTS, &body).await.expect(201);
                }
                for row in case["requests"].as_array().unwrap() {
                    let hours = row["hours_amount_in_cents"].as_f64().unwrap() / 100.0;
                    let body = json!({ "employee_id": employee, "author_id": employee, "date": day, "hours_amount": hours });
                    let path = "attendance/overtime_requests";
                    let made = company.post(path, &body).await.expect(201).json();
                    let decide = json!({ "id": made["id"], "reason": "Decided" });
                    match row["status"].as_str().unwrap() {
                        "approved" => {
                            company.post(&format!("{path}/approve"), &decide).await.expect(200);
                        }
                        "rejected" => {
                            company.post(&format!("{path}/reject"), &decide).await.expect(200);
                        }
                        _ => {}
                    }
                }
                let worked = company.get(&format!("attendance/worked_times/{employee}_{day}")).await;
                let blocks = worked["worked_time_blocks"].as_array().unwrap();
                let sum = |wanted: &dyn Fn(&Value) -> bool| -> i64 {
                    blocks.iter().filter(|b| wanted(b)).map(|b| b["minutes"].as_i64().unwrap()).sum()
                };
                let unpaid = |block: &Value| block["workable"] == false && block["pool_type"] == "discarded";
                let shown = json!({ "tracked": worked["tracked_minutes"], "pending": worked["pending_minutes"],
                    "minutes": worked["minutes"], "unit": worked["time_unit"], "day_type": worked["day_type"],
                    "unpaid": sum(&|block| unpaid(block)),
                    "regular": sum(&|block| block["time_type"] == "regular" && !unpaid(block)),
                    "overtime": sum(&|block| block["time_type"] == "overtime") });
                assert_eq!(shown, case["expect"], "{} on {}", case["name"], world.engine);
            }
        },
    );
}

#[test]
fn a_request_that_is_approved_is_done_at_once() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let employee = company.founder().await;
        let path = "attendance/edit_timesheet_requests";
        let asked = json!({ "employee_id": employee, "request_type": "create_shift", "date": "2026-11-23",
            "clock_in": "09:00", "clock_out": "17:00", "reason": "Forgot" });
        let create = company.post(path, &asked).await.expect(201).json();
        assert_eq!(company.get(&format!("{path}?pending=true")).await["meta"]["total"], 1);
        let one = |request: &Value| format!("{path}/{}", request["id"].as_str().unwrap());
        let yes = json!({ "approved": true });
        company.call("PUT", &one(&create), Some(&yes)).await.expect(200);
        let shifts = company.get(SHIFTS).await;
        assert_eq!((&shifts["data"][0]["minutes"], &shifts["meta"]["total"]), (&json!(480), &json!(1)));
        let again = company.call("PUT", &one(&create), Some(&yes)).await.expect(409).json();
        assert_eq!(again["code"], "already_decided");
        let id = shifts["data"][0]["id"].clone();
        let change = json!({ "employee_id": employee, "request_type": "update_shift", "attendance_shift_id": id,
            "clock_out": "16:00" });
        let change = company.post(path, &change).await.expect(201).json();
        company.call("PUT", &one(&change), Some(&yes)).await.expect(200);
        assert_eq!(company.get(SHIFTS).await["data"][0]["minutes"], 420);
        let no =
            json!({ "employee_id": employee, "request_type": "delete_shift", "attendance_shift_id": id });
        let no = company.post(path, &no).await.expect(201).json();
        company.call("PUT", &one(&no), Some(&json!({ "approved": false }))).await.expect(200);
        assert_eq!(company.get(SHIFTS).await["meta"]["total"], 1);
        let gone =
            json!({ "employee_id": employee, "request_type": "delete_shift", "attendance_shift_id": id });
        let gone = company.post(path, &gone).await.expect(201).json();
        company.call("PUT", &one(&gone), Some(&yes)).await.expect(200);
        assert_eq!(company.get(SHIFTS).await["meta"]["total"], 0);
        let nothing = json!({ "employee_id": employee, "request_type": "delete_shift" });
        company.refused(400, "invalid", path, &nothing).await;
    });
}

#[test]
fn a_leave_takes_planned_shifts_and_gives_them_back_as_drafts() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let own = founded(&company).await;
        let facts = json!({ "shifts": [{ "start_at": "2026-12-01T08:00:00Z", "end_at": "2026-12-01T16:00:00Z",
            "state": "published" }, { "start_at": "2026-12-03T08:00:00Z", "end_at": "2026-12-03T16:00:00Z",
            "state": "published" }] });
        let employee = person(&world, own, &facts, "Europe/Madrid").await;
        let kind = world.app.db.write(move |tx| {
            let row = json!({ "name": "Away", "identifier": "away", "color": "#000000", "attachment": false,
                "visibility": true, "details_required": false, "active": true, "editable": true,
                "approval_required": false, "accrues": true, "payable": true, "workable": false });
            let row = row.as_object().cloned().unwrap();
            engine().plant(tx, registry::Id::new(own), "timeoff/leave_types", &[row])
        });
        let kind = kind.await.unwrap()[0];
        let states = || {
            let company = company.clone();
            async move {
                let list = company.get("shift_management/shifts").await;
                list["data"].as_array().unwrap().iter().map(|one| one["state"].clone()).collect::<Vec<_>>()
            }
        };
        let leave = json!({ "employee_id": employee, "leave_type_id": kind, "start_on": "2026-12-01",
            "finish_on": "2026-12-02" });
        let leave = company.post("timeoff/leaves", &leave).await.expect(201).json();
        assert_eq!(leave["approved"], true);
        assert_eq!(states().await, ["backup", "published"]);
        // Nothing is published onto the leave, and backups stay when the plan is cleared.
        let shift = json!({ "shifts": [{ "start_at": "2026-12-02T08:00:00Z", "end_at": "2026-12-02T16:00:00Z",
            "state": "published", "creation_mode": "manual", "employee_id": employee, "company_id": own }] });
        company.refused(409, "on_leave", "shift_management/shifts/bulk_create", &shift).await;
        let clear = json!({ "author_id": "1", "employee_ids": [employee], "start_at": "2026-12-01T00:00:00Z",
            "end_at": "2026-12-01T00:00:00Z" });
        let gone = company.post("shift_management/shifts/bulk_delete", &clear).await.expect(200).json();
        assert_eq!(gone, json!([]));
        company
            .call("DELETE", &format!("timeoff/leaves/{}", leave["id"].as_str().unwrap()), None)
            .await
            .expect(200);
        assert_eq!(states().await, ["draft", "published"]);
    });
}

#[test]
fn a_planned_night_is_shown_as_two_days_where_that_is_asked_for() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let own = founded(&company).await;
        let facts = json!({ "shifts": [
            { "start_at": "2026-12-01T21:00:00Z", "end_at": "2026-12-02T05:00:00Z", "state": "published" },
            { "start_at": "2026-12-03T08:00:00Z", "end_at": "2026-12-03T16:00:00Z", "state": "published" },
            { "start_at": "2026-12-04T15:00:00Z", "end_at": "2026-12-04T23:00:00Z", "state": "published" },
        ] });
        person(&world, own, &facts, "Europe/Madrid").await;
        let shown = async |query: &str| {
            let list = company.get(&format!("shift_management/shifts?{query}")).await;
            let times = list["data"].as_array().unwrap().iter().map(|one| {
                (
                    one["local_start_at"].as_str().unwrap()[..16].to_owned(),
                    one["end_at"].as_str().unwrap().to_owned(),
                )
            });
            (times.collect::<Vec<_>>(), list["meta"].clone())
        };
        let time = |from: &str, to: &str| (from.to_owned(), format!("{to}:00.000Z"));
        let (times, meta) = shown("split_overnight_shifts=true").await;
        // Midnight is that of the workplace; what ends there is no second day.
        assert_eq!(
            times,
            [
                time("2026-12-01T22:00", "2026-12-01T23:00"),
                time("2026-12-02T00:00", "2026-12-02T05:00"),
                time("2026-12-03T09:00", "2026-12-03T16:00"),
                time("2026-12-04T16:00", "2026-12-04T23:00"),
            ]
        );
        assert_eq!(meta["total"], 3, "shifts are counted");
        assert_eq!(shown("split_overnight_shifts=false").await.0.len(), 3);
        // Pages are of shifts, however they are shown.
        let (times, meta) = shown("split_overnight_shifts=true&limit=1").await;
        assert_eq!((times.len(), &meta["has_next_page"]), (2, &json!(true)));
        let next =
            format!("split_overnight_shifts=true&limit=1&after_id={}", meta["end_cursor"].as_str().unwrap());
        assert_eq!(shown(&next).await.0, [time("2026-12-03T09:00", "2026-12-03T16:00")]);
    });
}
