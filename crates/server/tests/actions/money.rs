//! Expenses, finance, procurement, banking and custom tables.

use serde_json::{Value, json};

use crate::Company;
use crate::support::World;

#[test]
fn claims_are_paid_once_they_are_approved() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let at = "2026-11-01T09:00:00.000Z";
        for (name, status) in [("good", "approved"), ("bad", "pending")] {
            let expense = json!({
                "creation_type": "manual", "currency": "EUR", "status": status, "effective_on": "2026-11-01",
                "status_updated_at": at, "files": [], "taxes": [], "cost_center_ids": [], "employee_id": "$me",
                "amount": 1000, "payment": "reimbursable",
            });
            company.plant(&format!("{name}_details"), "expenses/expenses", expense).await;
            let claim = json!({
                "type": "expense", "employee_id": "$me", "created_at": at, "currency": "EUR", "status": status,
                "status_updated_at": at, "updated_at": at, "cost_center_ids": [], "amount": 1000,
                "expense_id": format!("${name}_details"),
            });
            company.plant(name, "expenses/expensables", claim).await;
        }
        let act = "expenses/expensables/update_reimbursable_amount";
        company
            .table(&[
                (
                    "",
                    "POST",
                    act,
                    json!({ "id": "$good", "reimbursable_amount": 1001 }),
                    422,
                    json!({ "/code": "out_of_range" }),
                ),
                (
                    "",
                    "POST",
                    act,
                    json!({ "id": "$good", "reimbursable_amount": 900 }),
                    200,
                    json!({ "/reimbursable_amount": 900 }),
                ),
                (
                    "",
                    "GET",
                    "expenses/expenses/$good_details",
                    Value::Null,
                    200,
                    json!({ "/reimbursable_amount": 900 }),
                ),
                (
                    "",
                    "POST",
                    "expenses/expensables/bulk_set_to_paid",
                    json!({ "ids": ["$good", "$bad"] }),
                    409,
                    json!({ "/code": "not_approved" }),
                ),
                (
                    "",
                    "POST",
                    "expenses/expensables/bulk_set_to_paid",
                    json!({ "ids": ["$good"] }),
                    200,
                    json!({ "/0/status": "paid" }),
                ),
                (
                    "",
                    "GET",
                    "expenses/expenses/$good_details",
                    Value::Null,
                    200,
                    json!({ "/status": "paid" }),
                ),
                (
                    "",
                    "POST",
                    "expenses/expensables/bulk_set_to_paid",
                    json!({ "ids": ["$good"] }),
                    409,
                    json!({ "/code": "already_paid" }),
                ),
                (
                    "",
                    "POST",
                    act,
                    json!({ "id": "$good", "reimbursable_amount": 1 }),
                    409,
                    json!({ "/code": "settled" }),
                ),
            ])
            .await;
    });
}

#[test]
fn books() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let entity = json!({ "country": "es", "legal_name": "Analytical", "currency": "EUR" });
        if company.saved("entity").is_none() {
            company.plant("entity", "companies/legal_entities", entity).await;
        }
        let account =
            json!({ "legal_entity_id": "$entity", "number": "572", "type": "bank", "currency": "EUR" });
        let save =
            |shares: Value| json!({ "employee_id": "$me", "company_id": "$company", "memberships": shares });
        let bulk = "finance/cost_center_memberships/bulk_create_update";
        company
            .table(&[
                ("acc", "POST", "finance/accounts", account, 201, json!({})),
                ("set", "POST", "finance/accounting_settings/upsert",
                    json!({ "legal_entity_id": "$entity", "default_account_for_banks_id": "$acc" }), 200,
                    json!({ "/default_account_for_banks_id": "$acc" })),
                ("", "POST", "finance/accounting_settings/upsert", json!({ "legal_entity_id": "$entity", "external_id": "x" }), 200,
                    json!({ "/id": "$set", "/external_id": "x", "/default_account_for_banks_id": "$acc" })),
                ("", "POST", "finance/ledger_account_resources/upsert",
                    json!({ "legal_entity_id": "$entity", "resource_type": "vendor", "resource_id": "5", "number": "572" }), 200,
                    json!({ "/account_id": "$acc" })),
                ("cc", "POST", "finance/cost_centers", json!({ "name": "Mill", "company_id": "$company", "code": "M" }), 201, json!({})),
                ("", "POST", "finance/cost_centers/edit", json!({ "id": "$cc", "name": "Store" }), 200, json!({ "/name": "Store", "/code": "M" })),
                ("", "POST", bulk, save(json!([{ "cost_center_id": "$cc", "start_date": "2026-11-01", "percentage": 0.5 }])), 422,
                    json!({ "/code": "not_whole" })),
                ("one", "POST", bulk, save(json!([{ "cost_center_id": "$cc", "start_date": "2026-11-01", "percentage": 1.0 }])), 200,
                    json!({ "/0/end_date": null })),
                ("", "POST", bulk, save(json!([{ "cost_center_id": "$cc", "start_date": "2026-11-10", "percentage": 1.0 }])), 200,
                    json!({ "/0/start_date": "2026-11-10" })),
                ("", "GET", "finance/cost_center_memberships?only_active=false", Value::Null, 200, json!({ "/data/0/end_date": "2026-11-09" })),
                ("tt", "POST", "finance/tax_types", json!({ "name": "VAT", "type": "vat" }), 201, json!({})),
                ("tr", "POST", "finance/tax_rates", json!({ "rate": 0.21 }), 201, json!({ "/tax_type_id": "$tt" })),
                ("", "POST", "finance/tax_rates", json!({ "rate": 21, "tax_type_id": "$tt" }), 422, json!({ "/code": "out_of_range" })),
                ("bank", "POST", "banking/bank_accounts/create_manual", json!({
                    "legal_entity_id": "$entity", "currency": "EUR", "account_number": "ES91 2100 0418 4502 0005 1332",
                    "account_number_type": "iban",
                }), 200, json!({ "/iban": "ES9121000418450200051332", "/country": "es" })),
                ("", "POST", "banking/bank_accounts/create_manual", json!({
                    "legal_entity_id": "$entity", "currency": "EUR", "account_number": "ES9121000418450200051333",
                    "account_number_type": "iban",
                }), 422, json!({ "/code": "invalid_number" })),
                ("po", "POST", "procurement/purchase_orders",
                    json!({ "legal_entity_id": "$entity", "company_id": "$company", "currency": "EUR" }), 201,
                    json!({ "/po_number": 1, "/formatted_po_number": "PO-0001", "/cost/cents": 0 })),
                ("", "POST", "procurement/purchase_orders",
                    json!({ "legal_entity_id": "$entity", "company_id": "$company", "currency": "EUR", "status": "closed" }), 201,
                    json!({ "/po_number": 2 })),
                ("g", "POST", "posts/groups", json!({ "title": "News", "description": "All of it", "company_id": "$company" }), 201, json!({})),
                ("", "POST", "posts/groups/archive", json!({ "id": "$g" }), 200, json!({ "/id": "$g" })),
                ("", "GET", "posts/groups", Value::Null, 200, json!({ "/meta/total": 0 })),
            ])
            .await;
        let fields = [
            ("company_id", "$company"),
            ("document_type", "invoice"),
            ("invoice_number", "7"),
            ("legal_entity_id", "$entity"),
            ("line_items[][description]", "Cards"),
            ("line_items[][quantity]", "2"),
            ("line_items[][unit_price_cents]", "1000"),
            ("line_items[][tax_rate_id]", "$tr"),
        ];
        let file = ("file", "invoice.pdf", b"%PDF-1.7".as_slice());
        let made = company.upload("finance/financial_documents", &fields, &[file]).await.expect(201).json();
        for (place, expected) in [
            ("/status", json!("review")),
            ("/net_amount_cents", json!(2000)),
            ("/taxes_total_amount_cents", json!(420)),
            ("/total_amount_cents", json!(2420)),
            ("/taxes/0/percentage", json!(21.0)),
            ("/file/filename", json!("invoice.pdf")),
            ("/document_number", json!("7")),
        ] {
            assert_eq!(made.pointer(place), Some(&expected), "{place} of {made}");
        }
    });
}

#[test]
fn a_custom_table_has_columns_and_its_values_say_which_table_they_are_in() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let value = |field: &str| json!({ "field_id": field, "valuable_type": "Employee", "valuable_id": "$me", "value": "Petrol" });
        company
            .table(&[
                ("cars", "POST", "custom_resources/schemas", json!({
                    "name": "Cars", "company_id": "$company", "hidden": false, "usage_group_slug": "cars",
                }), 201, json!({})),
                ("column", "POST", "custom_fields/resource_fields", json!({
                    "schema_id": "$cars", "company_id": "$company", "field_type": "single_choice", "required": true,
                    "editable": "everybody", "visible": "everybody", "label": "Fuel", "options": ["Petrol", "None"],
                }), 201, json!({})),
                ("fuel", "GET", "custom_fields/fields?label=Fuel", Value::Null, 200, json!({ "/meta/total": 1 })),
                ("", "GET", "custom_fields/resource_fields/$column", Value::Null, 200, json!({ "/field_id": "$fuel" })),
                ("", "GET", "custom_fields/options?field_ids[]=$fuel", Value::Null, 200,
                    json!({ "/meta/total": 2, "/data/0/label": "Petrol" })),
                ("", "POST", "custom_fields/values", value("$fuel"), 201,
                    json!({ "/usage_group_id": "$cars", "/usage_group_slug": "cars", "/label": "Fuel",
                        "/single_choice_value": "Petrol" })),
                ("plain", "POST", "custom_fields/fields",
                    json!({ "company_id": "$company", "field_type": "text", "label": "Motto" }), 201, json!({})),
                ("", "POST", "custom_fields/values", value("$plain"), 201,
                    json!({ "/usage_group_id": null, "/usage_group_slug": null, "/label": "Motto" })),
            ])
            .await;
    });
}

#[test]
fn payroll() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        company.person("Ada").await;
        let (adds, results) =
            ("compensations/additional_compensations", "compensations/payroll_results/bulk_create");
        let run = |cycle: Value| {
            json!({ "label": "November", "starts_on": world.today(), "ends_on": world.later(30), "status": "open",
                "locked": false, "cycle_id": cycle })
        };
        company.plant("cycle", "compensations/cycles", json!({ "recurrence": "monthly" })).await;
        company.plant("run", "compensations/payroll_runs", run("$cycle".into())).await;
        let mut locked = run(Value::Null);
        locked["locked"] = true.into();
        company.plant("locked", "compensations/payroll_runs", locked).await;
        let period = json!({ "starts_on": "2026-11-01", "ends_on": "2026-11-30", "policy_id": "1",
            "period": "monthly", "status": "preparation" });
        company.plant("period", "payroll/policy_periods", period).await;
        let concept =
            |label: &str| json!({ "company_id": "$company", "label": label, "category": "earnings_others" });
        let imported = |items: Value| json!({ "payroll_run_id": "$run", "results": [{ "employee_id": "$Ada", "items": items }] });
        let item = |concept: &str, amount: i64| json!({ "payroll_concept_id": concept, "amount": amount });
        company
            .table(&[
                ("version", "POST", "contracts/contract_versions", json!({
                    "employee_id": "$me", "starts_on": "2026-10-15", "effective_on": "2026-10-15",
                }), 201, json!({})),
                ("bonus", "POST", "compensations/concepts", concept("Bonus"), 201, json!({})),
                ("", "POST", results, imported(json!([item("$bonus", 1)])), 422, json!({ "/code": "no_net_pay" })),
                ("net", "POST", "compensations/concepts", concept("Net pay"), 201, json!({})),
                ("base", "POST", "compensations/concepts", concept("Base salary"), 201, json!({})),
                ("", "POST", results, imported(json!([item("$bonus", 1)])), 422, json!({ "/code": "net_pay_missing" })),
                ("", "POST", results, imported(json!([item("$net", 1), item("$base", 1)])), 422,
                    json!({ "/code": "base_salary" })),
                ("", "POST", results, imported(json!([])), 400, json!({ "/problems/0/code": "empty" })),
                ("", "POST", results, json!({ "payroll_run_id": "$run", "results": [] }), 400,
                    json!({ "/problems/0/code": "empty" })),
                ("", "POST", results, imported(json!([item("$net", 1), item("$net", 2)])), 400,
                    json!({ "/problems/0/code": "repeated" })),
                ("", "POST", results, imported(json!([item("$net", 3_000_000_000_i64)])), 400,
                    json!({ "/problems/0/code": "out_of_range" })),
                ("", "POST", results, json!({ "payroll_run_id": "$locked",
                    "results": [{ "employee_id": "$Ada", "items": [item("$net", 1)] }] }), 409,
                    json!({ "/code": "locked" })),
                ("first", "POST", results, imported(json!([item("$net", 200_000), item("$bonus", -5)])), 200,
                    json!({ "/0/payroll_run_employee_id": "$Ada", "/1/amount": 200_000, "/0/source_type": null })),
                // The same again is the same row.
                ("", "POST", results, imported(json!([item("$net", 210_000)])), 200, json!({ "/0/amount": 210_000 })),
                ("", "GET", "compensations/payroll_results?cycle_ids[]=$cycle", Value::Null, 200,
                    json!({ "/meta/total": 2 })),
                ("", "GET", "compensations/payroll_run_employees_compensations?payroll_concept_ids[]=$net", Value::Null,
                    200, json!({ "/meta/total": 1, "/data/0/amount": 210_000, "/data/0/result_type": "payroll_result" })),
                // What is entered for payroll.
                ("given", "POST", "compensations/employees_compensations", json!({
                    "payroll_run_id": "$run", "employee_id": "$Ada", "concept_id": "$bonus", "is_overwritten": true,
                    "strategy_type": "compensations_variable_amount_strategy", "amount": 700,
                }), 201, json!({ "/amount": 700, "/amount_is_overwritten": true,
                    "/amount_strategy_type": "compensations_variable_amount_strategy" })),
                ("", "PUT", "compensations/employees_compensations/$given",
                    json!({ "is_overwritten": true, "amount_overwritten": 900 }), 200, json!({ "/amount": 900 })),
                ("", "GET", "compensations/payroll_run_employees_compensations?result_type=compensation", Value::Null,
                    200, json!({ "/meta/total": 1, "/data/0/amount": 900 })),
                ("", "DELETE", "compensations/employees_compensations/$given", Value::Null, 200, json!({})),
                ("", "GET", "compensations/payroll_run_employees_compensations?result_type=compensation", Value::Null,
                    200, json!({ "/meta/total": 0 })),
                // Steps of a payroll.
                ("", "POST", "payroll/policy_periods/change_status", json!({ "id": "$period",
                    "status": "payroll_calculation", "notify_employee": true, "employee_ids": ["$Ada"] }), 200,
                    json!({ "/status": "payroll_calculation", "/calculation_started_at": world.today() })),
                ("", "POST", "payroll/policy_periods/change_status", json!({ "id": "$period",
                    "status": "payroll_calculation", "notify_employee": false, "employee_ids": [] }), 409,
                    json!({ "/code": "same_status" })),
                ("", "POST", "payroll/policy_periods/change_status", json!({ "id": "$period",
                    "status": "paid", "notify_employee": false, "employee_ids": [] }), 200, json!({ "/status": "paid" })),
                ("", "POST", "payroll/policy_periods/change_status", json!({ "id": "$period",
                    "status": "preparation", "notify_employee": false, "employee_ids": [] }), 409,
                    json!({ "/code": "paid" })),
            ])
            .await;
        let extra = |more: Value| {
            let mut body = json!({
                "contract_version_id": "$version", "payroll_concept_id": "$bonus", "recurrence": "every_3_months",
                "amount_strategy_type": "contracts_fixed_amount_strategy",
                "per_worked_day_definition": { "calculation_source": "shifts", "reference_time": "month" },
            });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        company
            .table(&[
                ("", "POST", adds, extra(json!({})), 400, json!({ "/problems/0/field": "amount" })),
                ("", "POST", adds, extra(json!({ "amount": 5, "first_payment_on": "2026-09-30" })), 422,
                    json!({ "/code": "before_start" })),
                ("add", "POST", adds, extra(json!({ "amount": 5, "first_payment_on": "2026-10-01", "upper_limit": 9 })),
                    201, json!({ "/amount": 5, "/employee_id": "$me", "/upper_limit": 9, "/recurrence": "every_3_months" })),
                ("", "GET", "compensations/additional_compensations/$add", Value::Null, 200,
                    json!({ "/amount_strategy_id": "$add" })),
                ("", "PUT", "compensations/additional_compensations/$add", json!({
                    "amount_strategy_type": "contracts_variable_amount_strategy", "upper_limit": 9,
                    "per_worked_day_definition": { "calculation_source": "shifts", "reference_time": "month" },
                }), 200, json!({ "/amount": 5, "/upper_limit": 9 })),
            ])
            .await;
        let vault = world.app.vault.clone();
        let mails = world.app.db.read(move |tx| accounts::mail::kept(tx, &vault, None, 10)).await.unwrap();
        let told =
            mails.iter().any(|mail| mail.to == "ada@analytical.example" && mail.subject == "Your payroll");
        assert!(told, "{mails:?}");
    });
}
