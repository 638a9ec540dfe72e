//! Trainings, recruitment and performance reviews.

use serde_json::{Value, json};

use crate::Company;
use crate::support::{World, engine};

#[test]
fn trainings() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let none = || Value::Null;
        let course = json!({
            "name": "Looms", "description": "How they work", "external": false, "year": 2026, "attachments": [],
        });
        company
            .table(&[
                ("c", "POST", "trainings/trainings", course, 201, json!({})),
                (
                    "m",
                    "POST",
                    "trainings/training_memberships/bulk_create",
                    json!({ "training_id": "$c", "employee_ids": ["$me"] }),
                    200,
                    json!({ "/0/status": "notassigned" }),
                ),
                (
                    "",
                    "POST",
                    "trainings/training_memberships/bulk_create",
                    json!({ "training_id": "$c", "employee_ids": ["$me"] }),
                    200,
                    json!({ "/0/id": "$m", "/1": null }),
                ),
                (
                    "s",
                    "POST",
                    "trainings/sessions",
                    json!({ "name": "First", "training_id": "$c", "duration": "2.5" }),
                    201,
                    json!({}),
                ),
                (
                    "",
                    "POST",
                    "trainings/session_access_memberships/bulk_create",
                    json!({ "session_id": "$s", "notify": false }),
                    422,
                    json!({ "/code": "nobody" }),
                ),
                (
                    "place",
                    "POST",
                    "trainings/session_access_memberships/bulk_create",
                    json!({ "session_id": "$s", "notify": false, "employee_ids": ["$me"] }),
                    200,
                    json!({ "/0/access_id": "$access" }),
                ),
                (
                    "",
                    "GET",
                    "trainings/training_memberships/$m",
                    none(),
                    200,
                    json!({ "/status": "notstarted" }),
                ),
            ])
            .await;
        let attended = company.call("GET", "trainings/session_attendances", &none()).await.expect(200).json();
        company.save("a", attended["data"][0]["id"].as_str().unwrap());
        company
            .table(&[
                (
                    "",
                    "POST",
                    "trainings/session_attendances/bulk_update",
                    json!({ "ids": ["$a"], "completed_duration": "1.0" }),
                    422,
                    json!({ "/code": "not_completed" }),
                ),
                (
                    "",
                    "POST",
                    "trainings/session_attendances/bulk_update",
                    json!({ "ids": ["$a"], "status": "done" }),
                    400,
                    json!({}),
                ),
                (
                    "",
                    "POST",
                    "trainings/session_attendances/bulk_update",
                    json!({ "ids": ["$a"], "status": "completed" }),
                    200,
                    json!({ "/0/completed_duration": "2.5" }),
                ),
                (
                    "",
                    "GET",
                    "trainings/training_memberships/$m",
                    none(),
                    200,
                    json!({ "/status": "completed" }),
                ),
                (
                    "",
                    "POST",
                    "trainings/trainings/update_status",
                    json!({ "id": "$c", "status": "active", "notify": false }),
                    200,
                    json!({ "/status": "active" }),
                ),
                (
                    "",
                    "POST",
                    "trainings/trainings/bulk_update_catalog",
                    json!({ "ids": ["$c"], "catalog": true }),
                    200,
                    json!({ "/0/catalog": true }),
                ),
                (
                    "",
                    "POST",
                    "trainings/session_access_memberships/bulk_destroy",
                    json!({ "ids": ["$place"], "notify": false }),
                    200,
                    json!({ "/0/id": "$place" }),
                ),
                ("", "GET", "trainings/session_attendances", none(), 200, json!({ "/meta/total": 0 })),
                (
                    "",
                    "POST",
                    "trainings/training_memberships/bulk_destroy",
                    json!({ "ids": [], "all": true }),
                    422,
                    json!({}),
                ),
                (
                    "",
                    "POST",
                    "trainings/training_memberships/bulk_destroy",
                    json!({ "ids": [], "all": true, "training_id": "$c" }),
                    200,
                    json!({ "/0/id": "$m" }),
                ),
                (
                    "",
                    "POST",
                    "trainings/trainings/update_status",
                    json!({ "id": "$c", "status": "deleted", "notify": false }),
                    200,
                    json!({ "/catalog": false }),
                ),
                (
                    "",
                    "POST",
                    "trainings/trainings/update_status",
                    json!({ "id": "$c", "status": "active", "notify": false }),
                    409,
                    json!({ "/code": "deleted" }),
                ),
                (
                    "",
                    "POST",
                    "trainings/trainings/bulk_delete",
                    json!({ "ids": ["$c"] }),
                    200,
                    json!({ "/0/name": "Looms" }),
                ),
                ("", "GET", "trainings/sessions", none(), 200, json!({ "/meta/total": 0 })),
            ])
            .await;
    });
}

#[test]
fn recruitment() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let none = || Value::Null;
        let mut posting = json!({ "title": "Programmer", "status": "published" });
        for asked in ["cv", "cover_letter", "phone", "photo", "personal_url"] {
            posting[format!("{asked}_requirement")] = "optional".into();
        }
        company.table(&[("j", "POST", "ats/job_postings", posting, 201, json!({}))]).await;
        for (name, position) in [("first", 1), ("second", 2)] {
            let phase = json!({
                "ats_job_posting_id": "$j", "name": name, "position": position, "editable": true, "phase_type": "normal",
            });
            company.plant(name, "ats/application_phases", phase).await;
        }
        let apply = json!({
            "first_name": "Mary", "last_name": "Somerville", "email": "Mary@Example.com", "ats_job_posting_id": "$j",
        });
        company
            .table(&[
                (
                    "a",
                    "POST",
                    "ats/applications/apply",
                    apply.clone(),
                    200,
                    json!({ "/ats_application_phase_id": "$first", "/qualified": true }),
                ),
                ("", "POST", "ats/applications/apply", apply, 409, json!({ "/code": "applied" })),
                (
                    "",
                    "GET",
                    "ats/candidates",
                    none(),
                    200,
                    json!({ "/meta/total": 1, "/data/0/email": "mary@example.com" }),
                ),
                (
                    "",
                    "POST",
                    "ats/applications/move_to_phase",
                    json!({ "id": "$a", "ats_application_phase_id": "$second" }),
                    200,
                    json!({ "/ats_application_phase_id": "$second" }),
                ),
                (
                    "copy",
                    "POST",
                    "ats/job_postings/duplicate",
                    json!({ "id": "$j" }),
                    200,
                    json!({ "/status": "draft", "/published_at": null, "/url": null }),
                ),
                ("", "GET", "ats/application_phases", none(), 200, json!({ "/meta/total": 4 })),
                ("", "PUT", "ats/applications/$a", json!({ "qualified": false }), 200, json!({})),
                (
                    "",
                    "POST",
                    "ats/applications/move_to_phase",
                    json!({ "id": "$a", "ats_application_phase_id": "$first" }),
                    409,
                    json!({ "/code": "disqualified" }),
                ),
            ])
            .await;
        let fields = [
            ("content", "Welcome"),
            ("sent_by_id", "$access"),
            ("sent_by_type", "user"),
            ("topic", "Hello"),
            ("ats_application_id", "$a"),
            ("send_as_corporate_email", "False"),
        ];
        let file = ("attachments[]", "a.pdf", b"%PDF-1.7".as_slice());
        let sent = company.upload("ats/messages", &fields, &[file]).await.expect(201).json();
        assert_eq!(sent["attachments"][0]["filename"], "a.pdf", "{sent}");
        assert_eq!(sent["sent_at"], Value::Null);
    });
}

#[test]
fn reviews() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let none = || Value::Null;
        let content = json!([{ "uuid": "s", "type": "section", "section_title": "All", "questions": [
            { "uuid": "q", "mandatory": true, "title": "How was it?", "answer_type": "text" }
        ]}]);
        let at = |day: &str| format!("2027-{day}T09:00:00.000Z");
        company
            .table(&[
                ("p", "POST", "performance/review_processes", json!({
                    "name": "Yearly", "author_access_id": "$access", "target_strategy": "all_employees",
                    "reviewer_strategies": "self",
                }), 201, json!({ "/status": "draft" })),
                ("", "GET", "performance/review_process_estimated_targets", none(), 200,
                    json!({ "/meta/total": 1, "/data/0/access_id": "$access" })),
                ("", "POST", "performance/review_processes/start", json!({ "id": "$p" }), 422, json!({ "/code": "missing_deadline" })),
                ("", "POST", "performance/review_processes/update_deadline", json!({ "id": "$p", "ends_at": "2020-01-01T00:00:00Z" }),
                    422, json!({ "/code": "in_the_past" })),
                ("", "POST", "performance/review_processes/update_deadline", json!({ "id": "$p", "ends_at": at("06-01") }),
                    200, json!({ "/ends_at": at("06-01") })),
                ("", "POST", "performance/review_processes/start", json!({ "id": "$p" }), 422, json!({ "/code": "missing_questions" })),
                ("", "POST", "performance/review_questionnaire_by_strategies/update_questionnaire_for_strategy", json!({
                    "performance_review_process_id": "$p", "strategy": "self", "questionnaire_content": content,
                }), 200, json!({ "/self_questionnaire/content/0/questions/0/title": "How was it?" })),
                ("", "POST", "performance/review_processes/remove_schedule", json!({ "id": "$p" }), 409, json!({ "/code": "not_scheduled" })),
                ("", "POST", "performance/review_processes/schedule", json!({ "id": "$p", "starts_at": at("01-01") }), 200,
                    json!({ "/status": "scheduled" })),
                ("", "POST", "performance/review_processes/update_schedule", json!({ "id": "$p", "starts_at": at("02-01") }), 200,
                    json!({ "/starts_at": at("02-01") })),
                ("", "POST", "performance/review_processes/start", json!({ "id": "$p" }), 200, json!({ "/status": "active" })),
                ("", "POST", "performance/review_processes/start", json!({ "id": "$p" }), 409, json!({ "/code": "started" })),
                ("", "GET", "performance/review_evaluations", none(), 200,
                    json!({ "/meta/total": 1, "/data/0/evaluation_type": "self", "/data/0/reviewer_access_id": "$access" })),
                ("", "GET", "performance/review_process_targets", none(), 200, json!({ "/meta/total": 1 })),
                ("", "POST", "performance/review_processes/remind_in_bulk", json!({ "id": "$p" }), 200, json!({})),
                ("", "GET", "tasks/tasks", none(), 200, json!({ "/meta/total": 1, "/data/0/due_on": "2027-06-01" })),
                ("", "POST", "performance/agreements/bulk_initiate", json!({ "process_id": "$p" }), 422,
                    json!({ "/code": "agreements_disabled" })),
                ("", "POST", "performance/review_processes/update_agreements_configuration", json!({ "id": "$p", "enabled": true }),
                    200, json!({ "/agreements_configuration/enabled": true })),
                ("", "POST", "performance/agreements/bulk_initiate", json!({ "process_id": "$p" }), 200,
                    json!({ "/0/process_id": "$p", "/0/status": "pending" })),
                ("", "POST", "performance/review_processes/toggle_archive", json!({ "id": "$p" }), 409, json!({ "/code": "active" })),
                ("", "POST", "performance/review_processes/stop", json!({ "id": "$p" }), 200, json!({ "/status": "finished" })),
                ("", "POST", "performance/review_processes/reopen", json!({ "id": "$p", "ends_at": at("07-01") }), 200,
                    json!({ "/status": "active" })),
                ("copy", "POST", "performance/review_processes/duplicate", json!({ "id": "$p", "author_access_id": "$access" }),
                    200, json!({ "/status": "draft", "/name": "Yearly" })),
                ("", "POST", "performance/review_owners/bulk_create",
                    json!({ "review_process_id": "$copy", "owner_access_ids": ["$access"] }), 200,
                    json!({ "/0/access_id": "$access", "/1": null })),
            ])
            .await;
    });
}

#[test]
fn teams_nest_and_move() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        company.person("Ada").await;
        let under = |name: &str, parent: &str| json!({ "name": name, "parent_team_id": parent });
        let to = |team: &str, parent: Value| json!({ "id": team, "destination_parent_team_id": parent });
        let act = "teams/teams/move";
        company
            .table(&[
                ("a", "POST", "teams/teams", json!({ "name": "A" }), 201, json!({ "/depth": 1 })),
                ("b", "POST", "teams/teams", under("B", "$a"), 201, json!({ "/depth": 2 })),
                ("c", "POST", "teams/teams", under("C", "$b"), 201, json!({ "/depth": 3 })),
                ("d", "POST", "teams/teams", under("D", "$c"), 201, json!({ "/depth": 4 })),
                ("", "POST", "teams/teams", under("E", "$d"), 422, json!({ "/code": "too_deep" })),
                ("x", "POST", "teams/teams", json!({ "name": "X" }), 201, json!({})),
                ("", "POST", act, to("$a", "$c".into()), 422, json!({ "/code": "circular" })),
                ("", "POST", act, to("$a", "$a".into()), 422, json!({ "/code": "circular" })),
                ("", "POST", act, to("$a", "$x".into()), 422, json!({ "/code": "too_deep" })),
                ("", "POST", act, json!({ "id": "$b" }), 400, json!({})),
                ("", "POST", act, to("$b", "999999".into()), 400, json!({})),
                (
                    "",
                    "POST",
                    act,
                    to("$b", "$x".into()),
                    200,
                    json!({ "/parent_team_id": "$x", "/depth": 2 }),
                ),
                ("", "GET", "teams/teams/$d", Value::Null, 200, json!({ "/depth": 4 })),
                (
                    "",
                    "POST",
                    act,
                    to("$b", Value::Null),
                    200,
                    json!({ "/parent_team_id": null, "/depth": 1 }),
                ),
                // A team that contains others stays; the places of one that goes, go.
                (
                    "place",
                    "POST",
                    "teams/memberships",
                    json!({ "employee_id": "$Ada", "team_id": "$d", "lead": true }),
                    201,
                    json!({ "/lead": true }),
                ),
                (
                    "",
                    "POST",
                    "teams/memberships",
                    json!({ "employee_id": "$Ada", "team_id": "$d" }),
                    201,
                    json!({ "/id": "$place", "/lead": true }),
                ),
                (
                    "",
                    "POST",
                    "teams/memberships",
                    json!({ "employee_id": "$Ada", "team_id": "$d", "lead": false }),
                    201,
                    json!({ "/id": "$place", "/lead": false }),
                ),
                ("", "DELETE", "teams/teams/$c", Value::Null, 409, json!({ "/code": "has_sub_teams" })),
                ("", "DELETE", "teams/teams/$d", Value::Null, 200, json!({})),
                ("", "GET", "teams/memberships", Value::Null, 200, json!({ "/meta/total": 0 })),
                ("", "DELETE", "teams/teams/$c", Value::Null, 200, json!({})),
            ])
            .await;
    });
}

#[test]
fn somebody_moves_to_another_legal_entity() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        company.person("Ada").await;
        let entity = json!({ "legal_name": "Second", "country": "pt", "currency": "EUR" });
        company.plant("other", "companies/legal_entities", entity).await;
        let change = |entity: &str, day: &str| {
            json!({ "target_legal_entity_id": entity, "contract_details": {
                "employee_id": "$Ada", "effective_on": day, "job_title": "Analyst", "salary_amount": 100,
                "salary_frequency": "monthly" } })
        };
        let (act, today, later) = ("contracts/legal_entity_changes", world.today(), world.later(30));
        company
            .table(&[
                ("", "POST", act, json!({ "target_legal_entity_id": "$other" }), 400, json!({})),
                ("", "POST", act, change("$entity", &later), 422, json!({ "/code": "same_legal_entity" })),
                ("", "POST", act, change("999999", &later), 400, json!({})),
                ("", "POST", act, change("$other", &today), 422, json!({ "/code": "contract_overlaps" })),
                ("", "POST", act, change("$other", &later), 201, json!({
                    "/employee_id": "$Ada", "/effective_on": later, "/starts_on": later, "/salary_amount": 100,
                    "/country": "pt", "/job_title": "Analyst", "/bank_holiday_treatment": "non_workable" })),
                ("", "GET", "employees/employees/$Ada", Value::Null, 200, json!({ "/legal_entity_id": "$entity" })),
                ("", "GET", "contracts/contracts?employee_ids[]=$Ada", Value::Null, 200, json!({
                    "/meta/total": 2, "/data/0/ends_on": world.later(29), "/data/1/starts_on": later,
                    "/data/1/legal_entity_id": "$other" })),
                // There is a contract after that day now.
                ("", "POST", act, change("$entity", &later), 422, json!({ "/code": "contract_overlaps" })),
            ])
            .await;
        world.advance(31 * 24 * 3_600_000).await;
        world.app.db.write(|tx| engine().lapse(tx, 10)).await.unwrap();
        company
            .table(&[(
                "",
                "GET",
                "employees/employees/$Ada",
                Value::Null,
                200,
                json!({ "/legal_entity_id": "$other" }),
            )])
            .await;
    });
}
