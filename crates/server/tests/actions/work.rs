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
