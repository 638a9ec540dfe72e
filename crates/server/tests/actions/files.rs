//! Files: handed in, kept, fetched under an address that is good for a while, and gone.

use serde_json::{Value, json};

use crate::Company;
use crate::support::{BASE, MINUTE, World, engine};

const DAY: i64 = 24 * 60 * MINUTE;

const FIELDS: [(&str, &str); 7] = [
    ("public", "True"),
    ("space", "employee_my_documents"),
    ("is_pending_assignment", "False"),
    ("author_id", "$access"),
    ("company_id", "$company"),
    ("employee_id", "$me"),
    ("request_esignature", "False"),
];

async fn hand_in(company: &Company, name: &str, bytes: &[u8]) -> Value {
    let mut fields = FIELDS.to_vec();
    fields.push(("signee_ids[]", "$access"));
    company.upload("documents/documents", &fields, &[("file", name, bytes)]).await.expect(201).json()
}

#[test]
fn what_was_handed_in_is_what_is_fetched() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let other = Company::new(&world, "Difference").await;
        // More than one piece, and bytes that look like the end of a part.
        let bytes: Vec<u8> =
            (0..700_000_u32).flat_map(|n| [n.to_le_bytes()[0], b'\r', b'\n', b'-']).collect();
        let bytes = &bytes[..900_000];
        let made = hand_in(&company, "../Übersicht & \"more\".html", bytes).await;
        assert_eq!(made["content_type"], "application/octet-stream", "{made}");
        assert_eq!(made["file_size"], 900_000);
        assert_eq!(made["public"], true);
        let html = hand_in(&company, "page.html", b"<script>alert(1)</script>").await;
        assert_eq!((&html["content_type"], &html["extension"]), (&json!("text/plain"), &json!("html")));

        let ids = json!({ "ids": [made["id"], html["id"]] });
        let path = "documents/download_urls/bulk_create";
        let urls = company.call("POST", path, &ids).await.expect(200).json();
        assert_eq!(urls[0]["id"], made["id"], "{urls}");
        let url = |at: usize| urls[at]["url"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned();
        let fetched = world.get(&url(0)).send().await.expect(200);
        assert_eq!(fetched.body, bytes);
        assert_eq!(fetched.header("content-length"), "900000");
        let page = world.get(&url(1)).send().await.expect(200);
        for (name, value) in [
            ("content-type", "text/plain"),
            ("content-security-policy", "default-src 'none'; sandbox"),
            ("x-content-type-options", "nosniff"),
            ("content-disposition", "attachment; filename=\"page.html\"; filename*=UTF-8''page.html"),
            ("cache-control", "private, no-store"),
        ] {
            assert_eq!(page.header(name), value, "{name}");
        }
        // Nobody else gets an address, makes one, or keeps one.
        other.call("POST", path, &ids).await.expect(404);
        for forged in [url(0).replace("signature=", "signature=0"), url(0).replace("expires=", "expires=9")] {
            let answer = world.get(&forged).send().await.expect(403);
            assert_eq!(answer.json()["code"], "link_invalid", "{forged}");
        }
        let (there, signed) = (url(0), url(1));
        let swapped = format!("{}?{}", there.split_once('?').unwrap().0, signed.split_once('?').unwrap().1);
        world.get(&swapped).send().await.expect(403);
        world.advance(16 * MINUTE).await;
        let late = world.get(&url(0)).send().await.expect(403);
        assert_eq!(late.json()["code"], "link_expired");
        // What is deleted is gone with its bytes.
        let urls = company.call("POST", path, &ids).await.expect(200).json();
        let url = urls[0]["url"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned();
        let one = format!("documents/documents/{}", made["id"].as_str().unwrap());
        company.call("DELETE", &one, &Value::Null).await.expect(200);
        world.get(&url).send().await.expect(404);
    });
}

#[test]
fn what_is_no_file_or_too_large_is_refused_and_leaves_nothing() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let mut fields = FIELDS.to_vec();
        fields.push(("signee_ids[]", "$access"));
        let path = "documents/documents";
        company.upload(path, &fields, &[]).await.expect(400);
        let large = vec![b'x'; 1024 * 1024 + 1];
        let answer = company.upload(path, &fields, &[("file", "large.bin", &large)]).await.expect(413);
        assert_eq!(answer.json()["code"], "file_too_large");
        // A program that sends JSON can name no file, also not one of somebody else by a number.
        for file in [json!(0), json!("0"), json!("report.pdf"), json!({}), Value::Null] {
            let body = json!({
                "public": true, "space": "company_public", "is_pending_assignment": false, "author_id": "$access",
                "company_id": "$company", "signee_ids": [], "request_esignature": false, "file": file,
            });
            company.call("POST", path, &body).await.expect(400);
        }
        let listed = company.call("GET", path, &Value::Null).await.expect(200).json();
        assert_eq!(listed["meta"]["total"], 0);
    });
}

/// The setting is the only limit.
#[test]
fn a_file_may_be_as_large_as_the_setting_says() {
    const MIB: usize = 1024 * 1024;
    World::each_with(
        |config| config.largest_file = 5 * MIB,
        |world| async move {
            let company = Company::new(&world, "Analytical").await;
            let mut fields = FIELDS.to_vec();
            fields.push(("signee_ids[]", "$access"));
            for (size, status) in [(3 * MIB, 201), (5 * MIB, 201), (5 * MIB + 1, 413)] {
                let file = vec![b'x'; size];
                let answer =
                    company.upload("documents/documents", &fields, &[("file", "a.bin", &file)]).await;
                answer.expect(status);
            }
        },
    );
}

#[test]
fn the_trash_keeps_documents_for_thirty_days() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        for name in ["one", "two"] {
            let made = hand_in(&company, "a.txt", name.as_bytes()).await;
            company.save(name, made["id"].as_str().unwrap());
        }
        let both = json!({ "document_ids": ["$one", "$two"] });
        let list = "documents/documents";
        company
            .table(&[
                ("", "POST", "documents/documents/move_to_trash_bin", both, 200, json!({ "/1/id": "$two" })),
                ("", "GET", list, Value::Null, 200, json!({ "/meta/total": 0 })),
                (
                    "",
                    "GET",
                    "documents/documents?by_trash_bin=true",
                    Value::Null,
                    200,
                    json!({ "/meta/total": 2 }),
                ),
                (
                    "",
                    "PUT",
                    "documents/documents/$one",
                    json!({
                        "public": false, "signee_ids": [], "request_esignature": false
                    }),
                    409,
                    json!({ "/code": "in_trash" }),
                ),
                (
                    "",
                    "POST",
                    "documents/documents/restore_from_trash_bin",
                    json!({ "document_ids": ["$one"] }),
                    200,
                    json!({ "/0/deleted_at": null }),
                ),
                (
                    "",
                    "POST",
                    "documents/documents/restore_from_trash_bin",
                    json!({ "document_ids": ["$one", "999999"] }),
                    400,
                    json!({}),
                ),
                ("", "GET", list, Value::Null, 200, json!({ "/meta/total": 1, "/data/0/id": "$one" })),
                (
                    "",
                    "POST",
                    "documents/download_urls/bulk_create",
                    json!({ "ids": ["$two"] }),
                    404,
                    json!({}),
                ),
            ])
            .await;
        for (days, left) in [(29, 1), (2, 0)] {
            world.advance(days * DAY).await;
            world.app.db.write(|tx| engine().lapse(tx, 100)).await.unwrap();
            let trash = company.call("GET", "documents/documents?by_trash_bin=true", &Value::Null).await;
            assert_eq!(trash.expect(200).json()["meta"]["total"], left);
        }
        company.call("GET", "documents/documents/$one", &Value::Null).await.expect(200);
    });
}

#[test]
fn signatures_are_asked_for_by_name_and_can_be_taken_back() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let mut fields = FIELDS.to_vec();
        fields.retain(|(name, _)| *name != "request_esignature");
        fields.push(("request_esignature", "True"));
        let path = "documents/documents";
        fields.push(("signee_ids[]", "$access"));
        let made = company.upload(path, &fields, &[("file", "a.pdf", b"%PDF-1.7")]).await.expect(201).json();
        assert_eq!(
            (&made["signature_status"], &made["content_type"]),
            (&json!("pending"), &json!("application/pdf"))
        );
        company.save("one", made["id"].as_str().unwrap());
        let change = |signees: Value, wanted: bool| json!({ "public": true, "signee_ids": signees, "request_esignature": wanted });
        company
            .table(&[
                (
                    "",
                    "PUT",
                    "documents/documents/$one",
                    change(json!([]), true),
                    422,
                    json!({ "/code": "signees_missing" }),
                ),
                (
                    "",
                    "PUT",
                    "documents/documents/$one",
                    change(json!([]), false),
                    200,
                    json!({ "/signature_status": "cancelled" }),
                ),
            ])
            .await;
    });
}

#[test]
fn files_of_a_task_come_and_go_with_it() {
    World::each(|world| async move {
        let company = Company::new(&world, "Analytical").await;
        let task = json!({ "name": "Write the program", "status": "todo" });
        company
            .table(&[("task", "POST", "tasks/tasks", task, 201, json!({ "/author_employee_id": "$me" }))])
            .await;
        let file = ("file", "notes.csv", b"a;b\n1;2\n".as_slice());
        let made =
            company.upload("tasks/task_files", &[("task_id", "$task")], &[file]).await.expect(201).json();
        assert_eq!((&made["filename"], &made["content_type"]), (&json!("notes.csv"), &json!("text/csv")));
        let path = format!("/{}", made["path"].as_str().unwrap());
        assert_eq!(world.get(&path).send().await.expect(200).body, b"a;b\n1;2\n");
        company.call("DELETE", "tasks/tasks/$task", &Value::Null).await.expect(200);
        world.get(&path).send().await.expect(404);
        // The same post twice is done once, and another file is another post.
        company
            .table(&[(
                "task",
                "POST",
                "tasks/tasks",
                json!({ "name": "Again", "status": "todo" }),
                201,
                json!({}),
            )])
            .await;
    });
}
