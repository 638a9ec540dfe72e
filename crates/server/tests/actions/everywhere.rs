//! Every action of the matched API in every version that has it: none is missing, none fails, and what is nonsense is
//! refused in words.

use registry::Version;
use serde_json::{Value, json};

use crate::Company;
use crate::support::{World, engine};

/// Without a body an action says what it needs, or that there is nothing.
#[test]
fn an_empty_body_is_refused_or_harmless() {
    let catalogue = hr::catalogue().unwrap();
    World::each_with(
        |config| config.post_rate_limit = 0,
        |world| {
            let catalogue = catalogue.clone();
            async move {
                let company = Company::new(&world, "Analytical").await;
                for version in Version::SUPPORTED {
                    for entry in catalogue.iter() {
                        for action in &entry.actions {
                            let path = format!("{}/{}", entry.resource.path, action.name);
                            let answer =
                                company.call_in(&version.to_string(), "POST", &path, &json!({})).await;
                            let there = action.lives_in(version);
                            let status = answer.status.as_u16();
                            let served = server::acted(engine(), entry.resource.path, action.name);
                            let expected: &[u16] = match (there, served) {
                                (false, _) => &[404, 405],
                                (true, false) => &[501],
                                (true, true) => &[200, 400, 404, 409, 422],
                            };
                            assert!(expected.contains(&status), "{version} {path}: {answer}");
                        }
                    }
                }
            }
        },
    );
}

/// Parameters that look at no single field: what a list has with them.
#[test]
fn lists_narrow_by_what_lies_elsewhere() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        for name in ["Ada", "Bea"] {
            company.person(name).await;
        }
        let at = "2026-11-01T09:00:00.000Z";
        let node = |uuid: &str, kind: &str, above: Value, name: &str| json!({ "uuid": uuid, "type": format!("jobcatalog_tree{kind}"), "ancestor_uuid": above, "name": name });
        let nodes = [
            ("n1", node("f", "family", Value::Null, "Science")),
            ("n2", node("r", "role", "f".into(), "Analyst")),
            ("n3", node("l", "level", "r".into(), "Senior")),
        ];
        for (name, node) in nodes {
            company.plant(name, "job_catalog/tree_nodes", node).await;
        }
        let expense = |status: &str, how: &str, day: &str| {
            json!({ "creation_type": how, "currency": "EUR", "status": status, "effective_on": day,
                "status_updated_at": at, "files": [], "taxes": [], "cost_center_ids": [], "employee_id": "$Ada" })
        };
        let expenses = [
            ("paid", expense("paid", "manual", "2026-11-01")),
            ("draft", expense("draft", "manual", "2026-11-02")),
            ("card", expense("draft", "automatic", "2026-11-03")),
        ];
        for (name, expense) in expenses {
            company.plant(name, "expenses/expenses", expense).await;
        }
        let claim = |expense: &str, employee: &str, reporter: Value, group: Value| {
            json!({ "type": "expense", "employee_id": employee, "created_at": at, "currency": "EUR", "status": "paid",
                "status_updated_at": at, "updated_at": at, "cost_center_ids": [], "expense_id": expense,
                "reporter_id": reporter, "group_id": group, "effective_on": at })
        };
        let claims = [
            ("of_ada", claim("$paid", "$Ada", Value::Null, Value::Null)),
            ("by_bea", claim("$card", "$me", "$Bea".into(), Value::Null)),
            ("grouped", claim("$paid", "$Ada", Value::Null, "7".into())),
        ];
        for (name, claim) in claims {
            company.plant(name, "expenses/expensables", claim).await;
        }
        let rows: Vec<crate::Row> = vec![
            ("", "PUT", "employees/employees/$Bea", json!({ "manager_id": "$Ada" }), 200, json!({})),
            ("", "PUT", "employees/employees/$Ada", json!({ "manager_id": "$me" }), 200, json!({})),
            ("project", "POST", "project_management/projects", json!({ "name": "Engine" }), 201, json!({})),
            ("other", "POST", "project_management/projects", json!({ "name": "Loom" }), 201, json!({})),
            (
                "worker",
                "POST",
                "project_management/project_workers",
                json!({ "project_id": "$project", "employee_id": "$Ada" }),
                201,
                json!({}),
            ),
            (
                "center",
                "POST",
                "finance/cost_centers",
                json!({ "name": "Lab", "company_id": "$company" }),
                201,
                json!({}),
            ),
            (
                "",
                "POST",
                "finance/cost_center_memberships/bulk_create_update",
                json!({ "employee_id": "$Ada",
                "company_id": "$company", "memberships": [{ "cost_center_id": "$center", "percentage": 100,
                "start_date": "2026-01-01", "end_date": "2026-01-31" }] }),
                200,
                json!({}),
            ),
            (
                "process",
                "POST",
                "performance/review_processes",
                json!({ "author_access_id": "$access", "name": "Autumn" }),
                201,
                json!({}),
            ),
        ];
        company.table(&rows).await;
        let target = json!({ "access_id": "$access_of_Bea", "performance_review_process_id": "$process",
            "materialized_process_target_id": "1" });
        company.plant("target", "performance/review_process_targets", target).await;
        let managed = "performance/review_process_targets?managed_by_filter[manager_employee_id]";
        for (path, total) in [
            ("job_catalog/tree_nodes?ancestor_uuids[]=f".to_owned(), 2),
            ("job_catalog/tree_nodes?ancestor_uuids[]=l".to_owned(), 0),
            ("expenses/expenses".to_owned(), 2),
            ("expenses/expenses?include_manual_drafts=true".to_owned(), 3),
            ("expenses/expenses?include_manual_drafts=true&from=2026-11-01&to=2026-11-03".to_owned(), 2),
            ("expenses/expenses?from=2026-11-03".to_owned(), 2),
            ("expenses/expensables".to_owned(), 2),
            ("expenses/expensables?include_grouped=true".to_owned(), 3),
            ("expenses/expensables?employee_ids[]=$Ada&reporter_ids[]=$Bea".to_owned(), 2),
            ("expenses/expensables?employee_ids[]=$Ada".to_owned(), 1),
            ("expenses/expensables?creation_type[]=automatic".to_owned(), 1),
            ("expenses/expensables?from=2026-11-01&to=2026-11-01".to_owned(), 2),
            ("expenses/expensables?from=2026-11-02&to=2026-11-03".to_owned(), 0),
            ("expenses/expensables?by_resources[][type]=expense&by_resources[][id]=$card".to_owned(), 1),
            ("project_management/imputable_projects".to_owned(), 2),
            ("project_management/imputable_projects?assigned=true".to_owned(), 1),
            ("project_management/imputable_projects?employee_ids[]=$Bea".to_owned(), 0),
            ("project_management/imputable_projects?name_or_code=loo".to_owned(), 1),
            (format!("project_management/projects?updated_after={}", world.today()), 2),
            (format!("project_management/projects?updated_after={}", world.later(1)), 0),
            ("project_management/projects?total_currency=EUR".to_owned(), 2),
            ("project_management/projects?total_currency=USD".to_owned(), 0),
            ("project_management/project_workers?no_subproject=true".to_owned(), 1),
            ("project_management/project_workers?project_active=false".to_owned(), 0),
            ("finance/cost_center_memberships".to_owned(), 0),
            ("finance/cost_center_memberships?only_active=false".to_owned(), 1),
            ("finance/cost_center_memberships?active_on=2026-01-15".to_owned(), 1),
            ("finance/cost_center_memberships?company_id=$company&active_on=2026-01-15".to_owned(), 1),
            ("finance/cost_center_memberships?company_id=999&active_on=2026-01-15".to_owned(), 0),
            (format!("{managed}=$Ada"), 1),
            (format!("{managed}=$me"), 1),
            (format!("{managed}=$me&managed_by_filter[only_direct_reports]=true"), 0),
            // As the vendor's SDK writes it.
            (
                "performance/review_process_targets?manager_employee_id=$me&only_direct_reports=false"
                    .to_owned(),
                1,
            ),
            ("performance/review_process_targets?without_manager=true".to_owned(), 0),
            ("performance/review_process_targets?pending_peer_evaluations=true".to_owned(), 1),
            ("performance/review_process_targets?agreement_completion_status=notinitiated".to_owned(), 1),
            (
                "performance/review_process_targets?agreement_completion_status=hassignedagreement"
                    .to_owned(),
                0,
            ),
        ] {
            let answer = company.call("GET", &path, &Value::Null).await.expect(200).json();
            assert_eq!(answer["meta"]["total"], json!(total), "{path} on {}: {answer}", world.engine);
        }
        let level = "job_catalog/tree_nodes?uuids[]=l";
        let plain = company.call("GET", level, &Value::Null).await.json();
        assert_eq!(plain["data"][0]["job_catalog_title"], json!("Senior Analyst"));
        assert_eq!(plain["data"][0]["full_path_to_root"], json!([]));
        let way = company.call("GET", &format!("{level}&include_full_path=true"), &Value::Null).await.json();
        let names: Vec<_> =
            way["data"][0]["full_path_to_root"].as_array().unwrap().iter().map(|n| &n["name"]).collect();
        assert_eq!(names, ["Senior", "Analyst", "Science"]);
    });
}
