//! Tasks, projects and the time spent on them.

use serde_json::{Value, json};

use crate::Company;
use crate::support::World;

#[test]
fn tasks() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let none = || Value::Null;
        company.person("Ada").await;
        company
            .table(&[
                ("a", "POST", "tasks/tasks/bulk_create",
                    json!({ "name": "Plan", "status": "todo", "assignee_ids": ["$access"] }), 200,
                    json!({ "/0/assignee_ids/0": "$access", "/0/status": "todo", "/1": null })),
                ("b", "POST", "tasks/tasks/bulk_create",
                    json!({ "name": "For nobody yet", "status": "done" }), 200,
                    json!({ "/0/assignee_ids": [], "/0/completed_by_id": null })),
                ("", "POST", "tasks/tasks/bulk_update",
                    json!({ "tasks": [{ "id": "$a", "status": "done" }, { "id": "$b", "name": "For all", "status": "todo" }] }),
                    200, json!({ "/0/name": "Plan", "/0/assignee_ids/0": "$access", "/1/name": "For all", "/1/completed_at": null })),
                ("", "POST", "tasks/tasks/bulk_update", json!({ "tasks": [{ "id": "$a", "name": "No" }, { "id": "424242" }] }),
                    404, json!({})),
                ("", "GET", "tasks/tasks/$a", none(), 200, json!({ "/name": "Plan", "/status": "done" })),
                ("c", "POST", "tasks/tasks/copy", json!({ "id": "$a" }), 200, json!({ "/status": "todo", "/completed_at": null })),
                ("", "POST", "tasks/tasks/create_comment",
                    json!({ "content": "Well done", "author_id": "$access", "resource_id": "$a", "company_id": "$company" }),
                    200, json!({ "/id": "$a" })),
                ("", "POST", "tasks/tasks/create_comment",
                    json!({ "content": " ", "author_id": "$access", "resource_id": "$a", "company_id": "$company" }),
                    422, json!({ "/code": "empty" })),
                ("", "POST", "tasks/tasks/bulk_delete", json!({ "ids": ["$a", "424242"] }), 400, json!({})),
                ("", "POST", "tasks/tasks/bulk_delete", json!({ "ids": ["$a", "$c"] }), 200, json!({ "/0/name": "Plan" })),
                ("", "GET", "tasks/tasks", none(), 200, json!({ "/meta/total": 1, "/data/0/id": "$b" })),
            ])
            .await;
    });
}

#[test]
fn projects_and_the_time_spent_on_them() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let none = || Value::Null;
        for name in ["Ada", "Bob"] {
            company.person(name).await;
        }
        company
            .table(&[(
                "p",
                "POST",
                "project_management/projects",
                json!({ "name": "Engine" }),
                201,
                json!({ "/status": "active" }),
            )])
            .await;
        company
            .plant(
                "rate",
                "project_management/rates",
                json!({
                    "resource_id": "$Ada", "resource_kind": "employee", "starts_on": "2026-01-01",
                    "charging_cost_cents": 6000, "billing_rate_cents": 9000, "markup_percentage_cents": 0,
                    "currency": "EUR", "unlinked": false,
                }),
            )
            .await;
        company
            .table(&[
                ("ada", "POST", "project_management/project_workers/bulk_create",
                    json!({ "project_id": "$p", "employee_ids": ["$Ada"] }), 200, json!({ "/0/assigned": true })),
                // Who is there already is not there twice.
                ("", "POST", "project_management/project_workers/bulk_create",
                    json!({ "project_id": "$p", "employee_ids": ["$Ada"] }), 200, json!({ "/0/id": "$ada" })),
                ("", "POST", "project_management/project_workers", json!({ "project_id": "$p", "employee_id": "$Ada" }),
                    409, json!({ "/code": "taken" })),
                ("t", "POST", "project_management/time_records/bulk_process",
                    json!({ "items": [{ "project_worker_id": "$ada", "date": "2026-11-02", "imputed_minutes": 90 }] }),
                    200, json!({ "/0/imputed_minutes": 90, "/0/employee_id": "$Ada" })),
                ("", "GET", "project_management/project_workers/$ada", none(), 200,
                    json!({ "/inputed_minutes": 90, "/labor_cost_cents": 9000 })),
                ("", "GET", "project_management/projects/$p", none(), 200,
                    json!({ "/inputed_minutes": 90, "/labor_cost_cents": 9000, "/total_cost_cents": 9000 })),
                ("", "POST", "project_management/time_records/update_observations",
                    json!({ "id": "$t", "observations": "Drums" }), 200, json!({ "/observations": "Drums" })),
                ("", "POST", "project_management/time_records/update_observations",
                    json!({ "id": "$t", "observations": null }), 200, json!({ "/observations": null })),
                // An active project with time is no draft any more; a closed one takes no more time.
                ("", "POST", "project_management/projects/change_status", json!({ "id": "$p", "status": "draft" }),
                    409, json!({ "/code": "has_time" })),
                ("", "POST", "project_management/projects/close", json!({ "id": "$p" }), 200, json!({ "/status": "closed" })),
                ("", "POST", "project_management/time_records", json!({
                    "project_worker_id": "$ada", "date": "2026-11-03", "imputed_minutes": 5,
                }), 422, json!({ "/code": "project_closed" })),
                ("", "POST", "project_management/projects/activate", json!({ "id": "$p" }), 200, json!({ "/status": "active" })),
                ("q", "POST", "project_management/projects", json!({ "name": "Tables" }), 201, json!({})),
                ("other", "POST", "project_management/project_workers/bulk_create",
                    json!({ "project_id": "$q", "employee_ids": ["$Ada", "$Bob"] }), 200, json!({ "/1/employee_id": "$Bob" })),
                ("", "POST", "project_management/time_records/update_project_worker",
                    json!({ "id": "$t", "project_worker_id": "$other" }), 200, json!({ "/project_id": "$q" })),
                // Those who are not named any more leave.
                ("", "POST", "project_management/project_workers/bulk_assign",
                    json!({ "project_ids": ["$q"], "employee_ids": ["$Bob"] }), 200, json!({ "/0/employee_id": "$Bob" })),
                ("", "GET", "project_management/project_workers/$other", none(), 200, json!({ "/assigned": false })),
                ("", "POST", "project_management/time_records", json!({
                    "project_worker_id": "$other", "date": "2026-11-03", "imputed_minutes": 5,
                }), 422, json!({ "/code": "not_assigned" })),
                ("", "POST", "project_management/time_records/bulk_process", json!({ "items": [{ "time_record_id": "$t" }] }),
                    200, json!({ "": [] })),
                ("", "GET", "project_management/time_records/$t", none(), 404, json!({})),
                ("sub", "POST", "project_management/subprojects", json!({ "name": "Part", "project_id": "$p" }), 201, json!({})),
                ("", "POST", "project_management/subprojects/rename", json!({ "id": "$sub", "name": "Gears" }), 200,
                    json!({ "/name": "Gears" })),
                // What is outside of all subprojects stands beside the first of them, has no id and no place of its own.
                ("", "POST", "project_management/time_records", json!({
                    "project_worker_id": "$ada", "date": "2026-11-04", "imputed_minutes": 30,
                }), 201, json!({})),
                ("", "POST", "project_management/time_records", json!({
                    "project_worker_id": "$ada", "date": "2026-11-04", "imputed_minutes": 15, "subproject_id": "$sub",
                }), 201, json!({})),
                ("", "GET", "project_management/subprojects?include_no_subproject=true&limit=1", none(), 200, json!({
                    "/meta/total": 1, "/meta/has_next_page": false, "/data/0/id": "$sub", "/data/0/inputed_minutes": 15,
                    "/data/1/id": null, "/data/1/name": "No subproject", "/data/1/status": "active",
                    "/data/1/project_id": "$p", "/data/1/inputed_minutes": 30, "/data/1/labor_cost_cents": 3000,
                })),
                ("", "GET", "project_management/subprojects?include_no_subproject=false", none(), 200,
                    json!({ "/data/0/id": "$sub", "/data/1": null })),
                ("", "POST", "project_management/planned_records/bulk_create", json!({
                    "project_worker_ids": ["$ada"], "start_date": "2026-11-01", "end_date": "2026-11-30", "daily_minutes": 60,
                }), 200, json!({ "/0/week_days": [1, 2, 3, 4, 5] })),
                ("", "POST", "project_management/planned_records/bulk_create", json!({
                    "project_worker_ids": ["$ada"], "start_date": "2026-11-30", "end_date": "2026-11-01", "daily_minutes": 60,
                }), 422, json!({ "/code": "before_start" })),
                ("pt", "POST", "project_management/project_tasks", json!({
                    "project_id": "$p", "name": "Draw it", "status": "todo", "assignee_employee_ids": ["$Ada"],
                }), 201, json!({ "/project_id": "$p" })),
                ("", "GET", "tasks/tasks", none(), 200, json!({ "/data/0/name": "Draw it", "/data/0/assignee_ids/0": "$access_of_Ada" })),
                ("copy", "POST", "project_management/project_tasks/bulk_duplicate", json!({
                    "ids": ["$pt"], "project_id": "$q", "exclude_assignees": true,
                }), 200, json!({ "/0/project_id": "$q" })),
                ("", "GET", "tasks/tasks", none(), 200, json!({ "/meta/total": 2, "/data/1/assignee_ids": [] })),
                ("", "POST", "project_management/project_tasks/bulk_destroy", json!({ "ids": ["$pt", "$copy"] }), 200, json!({})),
                ("", "GET", "tasks/tasks", none(), 200, json!({ "/meta/total": 0 })),
                ("", "POST", "project_management/projects/soft_delete", json!({ "id": "$q" }), 200, json!({})),
                ("", "GET", "project_management/projects", none(), 200, json!({ "/meta/total": 1 })),
                ("", "POST", "project_management/projects/activate", json!({ "id": "$q" }), 404, json!({})),
            ])
            .await;
    });
}
