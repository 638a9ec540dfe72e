//! The Getting Started guide, line by line: what it promises is what happens.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use support::{Answer, BASE, CALLBACK, HOUR, OOB, PASSWORD, SECOND, World, encoded, html};

/// A token, code, client id or secret: 64 hex digits.
fn is_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The answer of the token endpoint as the guide and RFC 6749 section 5.1 have it.
#[track_caller]
fn assert_token_answer(answer: &Answer, case: &str) {
    assert_eq!(answer.status, 200, "{case}: {answer}");
    for (header, value) in
        [("content-type", "application/json"), ("cache-control", "no-store"), ("pragma", "no-cache")]
    {
        assert_eq!(answer.header(header), value, "{case}: {header}");
    }
    let body = answer.json();
    let keys: Vec<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = ["access_token", "token_type", "expires_in", "refresh_token", "scope", "created_at"];
    assert_eq!(keys, expected, "{case}");
    for token in ["access_token", "refresh_token"] {
        assert!(is_hex(body[token].as_str().unwrap()), "{case}: {token}");
    }
    assert_eq!((&body["token_type"], &body["expires_in"]), (&json!("Bearer"), &json!(7200)), "{case}");
    assert_eq!(body["scope"], "read write", "{case}");
    assert!(body["created_at"].is_i64(), "{case}");
}

#[test]
fn the_guide_comes_true_from_sign_up_to_refresh() {
    World::each(async |world| {
        // "Head over to the sign up page."
        let mut browser = world.browser();
        let page = browser.get("/signup").await.expect(200);
        let form = page
            .form("/signup")
            .fill("company_name", "Analytical Engines")
            .fill("first_name", "Ada")
            .fill("last_name", "Lovelace")
            .fill("email", "Ada@Engines.example")
            .fill("password", PASSWORD);
        browser.submit(&form).await.expect_to("/home");
        assert!(browser.get("/home").await.expect(200).text().contains("Analytical Engines"));

        // "Head over to your personal repository of OAuth applications, click on New application."
        let repository = browser.get("/oauth/applications").await.expect(200);
        let new = "/oauth/applications/new".to_owned();
        assert!(html::links(&repository.text()).contains(&new), "{repository}");
        let form = browser.get(&new).await.expect(200).form("/oauth/applications");
        assert_eq!(form.value("application[confidential]"), "1", "ticked to begin with");
        let form = form.fill("application[name]", "Payroll export").fill("application[redirect_uri]", OOB);
        let created = browser.submit(&form).await.expect(201);
        let (client_id, secret) = (created.element("client_id"), created.element("client_secret"));
        assert!(is_hex(&client_id) && is_hex(&secret), "{client_id} {secret}");
        let url = created.element("authorization_url_1");
        assert!(url.starts_with(&format!("{BASE}/oauth/authorize?client_id={client_id}&")), "{url}");

        // The secret is shown once.
        let list = browser.get("/oauth/applications").await.expect(200);
        let own = html::links(&list.text()).into_iter().find(|link| {
            link.strip_prefix("/oauth/applications/").is_some_and(|id| id.parse::<i64>().is_ok())
        });
        let detail = browser.get(&own.expect("a link to the application")).await.expect(200);
        assert!(!detail.text().contains(&secret), "the secret is shown a second time");

        // "Consider using the authorize button in the oauth applications dashboard."
        let links = html::links(&detail.text());
        let authorize =
            links.iter().find(|link| link.starts_with("/oauth/authorize?")).expect("an Authorize button");
        let consent = browser.get(authorize).await.expect(200);
        for words in ["Payroll export", "Analytical Engines", "Read everything", "Change everything"] {
            assert!(consent.text().contains(words), "{words} on {consent}");
        }
        let allowed = browser.submit(&consent.form("/oauth/authorize")).await.expect(302);
        let location = allowed.location().to_owned();
        assert!(location.starts_with("/oauth/authorize/native?code="), "{location}");
        let page = browser.get(&location).await.expect(200);
        assert!(page.text().contains("<code id=\"authorization_code\">"), "{page}");
        let code = page.element("authorization_code");
        assert!(is_hex(&code), "{code}");

        // curl -X POST '…/oauth/token' -d '…'
        let body = format!(
            "client_id={client_id}&client_secret={secret}&code={code}&grant_type=authorization_code&redirect_uri={OOB}"
        );
        let first = world.post("/oauth/token").raw_form(&body).send().await;
        assert_token_answer(&first, "the guide's first request");
        let tokens: support::Tokens = first.into();

        // "Pass the access token in the HTTP Authorization header as such: Authorization: Bearer <ACCESS_TOKEN>."
        let me = world.me(&tokens.access).await.expect(200).json();
        assert_eq!(me["email"], "ada@engines.example");
        assert_eq!(
            (&me["first_name"], &me["last_name"], &me["full_name"], &me["role"]),
            (&json!("Ada"), &json!("Lovelace"), &json!("Ada Lovelace"), &json!("admin")),
        );
        for id in ["id", "employee_id", "company_id"] {
            assert!(me[id].is_i64(), "{id} is a number in v1: {me}");
        }

        // "Refreshing an Access Token."
        let body = format!(
            "client_id={client_id}&client_secret={secret}&refresh_token={}&grant_type=refresh_token",
            tokens.refresh
        );
        let refreshed = world.post("/oauth/token").raw_form(&body).send().await;
        assert_token_answer(&refreshed, "the guide's refresh");
        let next: support::Tokens = refreshed.into();
        assert!(next.access != tokens.access && next.refresh != tokens.refresh, "a new pair");
        assert_eq!(world.me(&next.access).await.expect(200).json(), me);
    });
}

#[test]
fn the_token_endpoint_reads_parameters_wherever_clients_put_them() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let secret = app.client_secret.clone().unwrap();
        let basic =
            |id: &str, secret: &str| format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")));
        for case in [
            "form",
            "query",
            "query, empty body",
            "json",
            "multipart",
            "basic",
            "basic in lower case",
            "slash",
            "body and query",
        ] {
            // A code and its refresh token, each sent the same way.
            let code = ada.authorize(&app).await;
            let mut refresh = None;
            for grant in ["authorization_code", "refresh_token"] {
                let own = match &refresh {
                    None => vec![("code", code.clone()), ("redirect_uri", OOB.to_owned())],
                    Some(token) => vec![("refresh_token", String::clone(token))],
                };
                let own: Vec<_> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let own = [own, vec![("grant_type", grant)]].concat();
                let client = vec![("client_id", app.client_id.as_str()), ("client_secret", secret.as_str())];
                let all = [client.clone(), own.clone()].concat();
                let token = world.post("/oauth/token");
                let in_query = || world.post(&format!("/oauth/token?{}", encoded(all.iter().copied())));
                let call = match case {
                    "form" => token.form(&all),
                    "query" => in_query(),
                    "query, empty body" => in_query().raw_form(""),
                    "json" => {
                        let members = all.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
                        token.json(&Value::Object(members.collect()))
                    }
                    "multipart" => {
                        let part = |(name, value): &(&str, &str)| {
                            format!(
                                "--x7y\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                            )
                        };
                        let body: String = all.iter().map(part).chain(["--x7y--\r\n".to_owned()]).collect();
                        token.body("multipart/form-data; boundary=x7y", body)
                    }
                    "basic" => token.header("authorization", &basic(&app.client_id, &secret)).form(&own),
                    "basic in lower case" => {
                        let value = basic(&app.client_id, &secret).replacen("Basic", "basic", 1);
                        token.header("authorization", &value).form(&own)
                    }
                    "slash" => world.post("/oauth/token/").form(&all),
                    _ => world.post(&format!("/oauth/token?{}", encoded(client))).form(&own),
                };
                let answer = call.send().await;
                assert_token_answer(&answer, &format!("{case}, {grant}, {}", world.engine));
                refresh = Some(support::Tokens::from(answer).refresh);
            }
        }
    });
}

#[test]
fn the_first_call_hears_every_spelling_of_the_credential() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let token = ada.tokens(&app).await.access;
        let key = ada.api_key("Payroll").await;
        let (bearer, lower) = (format!("Bearer {token}"), format!("bearer {token}"));
        let person = world.me(&token).await.expect(200).json();
        let company = world.get("/api/v1/me").header("x-api-key", &key).send().await.expect(200).json();
        assert_eq!((&company["email"], &company["role"]), (&Value::Null, &json!("admin")));
        assert_eq!(company["full_name"], "Acme");

        type Headers<'a> = &'a [(&'a str, &'a str)];
        let cases: [(&str, &str, Headers<'_>, u16, &Value); 12] = [
            ("Authorization", "", &[("authorization", &bearer)], 200, &person),
            ("the guide's own Authentication", "", &[("authentication", &bearer)], 200, &person),
            ("any case", "", &[("authorization", &lower)], 200, &person),
            ("access_token", &format!("?access_token={token}"), &[], 200, &person),
            ("bearer_token", &format!("?bearer_token={token}"), &[], 200, &person),
            ("x-api-key", "", &[("x-api-key", &key)], 200, &company),
            ("an API key wins", "", &[("authorization", &bearer), ("x-api-key", &key)], 200, &company),
            (
                "a wrong API key, too",
                "",
                &[("authorization", &bearer), ("x-api-key", "x")],
                401,
                &Value::Null,
            ),
            ("nothing", "", &[], 401, &Value::Null),
            ("a token as an API key", "", &[("x-api-key", &token)], 401, &Value::Null),
            ("an API key as a token", "", &[("authorization", &format!("Bearer {key}"))], 401, &Value::Null),
            ("another scheme", "", &[("authorization", &format!("Token {token}"))], 401, &Value::Null),
        ];
        for (case, query, headers, status, body) in cases {
            let mut call = world.get(&format!("/api/v1/me{query}"));
            for (name, value) in headers {
                call = call.header(name, value);
            }
            let answer = call.send().await;
            assert_eq!(answer.status, status, "{case}: {answer}");
            if status == 200 {
                assert_eq!(&answer.json(), body, "{case}");
            } else {
                assert!(
                    answer.header("www-authenticate").contains("error=\"invalid_token\""),
                    "{case}: {answer}"
                );
                assert_eq!(answer.header("content-type"), "application/problem+json", "{case}");
            }
            assert_eq!(answer.header("cache-control"), "no-store", "{case}");
        }
    });
}

#[test]
fn people_who_are_no_administrators_can_use_the_application() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let mut bob = ada.employ("Bob").await;
        bob.browser.get("/oauth/applications").await.expect(403);
        let tokens = bob.tokens(&app).await;
        let me = world.me(&tokens.access).await.expect(200).json();
        assert_eq!((&me["role"], &me["email"]), (&json!("basic"), &json!(bob.email)));
        let refreshed = app.refresh(&world, &tokens.refresh).await;
        assert_token_answer(&refreshed, "an employee's refresh");
    });
}

#[test]
fn an_access_token_expires_when_expires_in_says_so() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let tokens = ada.tokens(&app).await;
        world.me(&tokens.access).await.expect(200);
        world.advance(7199 * SECOND).await;
        world.me(&tokens.access).await.expect(200);
        world.advance(2 * SECOND).await;
        let expired = world.me(&tokens.access).await.expect(401);
        assert!(expired.header("www-authenticate").contains("expired"), "{:?}", expired.headers);
        assert_eq!(expired.json()["detail"], "The access token expired");

        // The refresh token outlives it, by a week in all.
        world.advance(24 * HOUR).await;
        let next = support::Tokens::from(app.refresh(&world, &tokens.refresh).await.expect(200));
        world.me(&next.access).await.expect(200);
        world.advance(7 * 24 * HOUR + SECOND).await;
        app.refresh(&world, &next.refresh).await.expect_error(400, "invalid_grant");
    });
}

#[test]
fn an_application_may_have_lifetimes_of_its_own() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let edit = format!("/oauth/applications/{}/edit", app.id);
        let fields =
            [("application[access_token_lifetime]", "90"), ("application[refresh_token_lifetime]", "120")];
        let saved = ada.browser.fill(&edit, &format!("/oauth/applications/{}", app.id), &fields).await;
        saved.expect(303);
        let code = ada.authorize(&app).await;
        let answer = app.exchange(&world, &code).await.expect(200);
        assert_eq!(answer.json()["expires_in"], 90, "expires_in is the truth");
        let tokens = support::Tokens::from(answer);
        world.me(&tokens.access).await.expect(200);
        world.advance(91 * SECOND).await;
        world.me(&tokens.access).await.expect(401);
        world.advance(30 * SECOND).await;
        app.refresh(&world, &tokens.refresh).await.expect_error(400, "invalid_grant");
    });
}

#[test]
fn credentials_tell_what_is_in_use_in_every_version() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Both", CALLBACK, true, &[]).await;
        let mut bob = ada.employ("Bob").await;
        let key = ada.api_key("Payroll").await;
        let administrator = ada.tokens(&app).await.access;
        let employee = bob.tokens(&app).await.access;
        let code = ada.authorize_with(&app, &[("resource_owner_type", "company")]).await;
        let company = support::Tokens::from(app.exchange(&world, &code).await.expect(200)).access;

        let kinds = [
            (
                "an administrator's token",
                "authorization",
                format!("Bearer {administrator}"),
                Some("admin"),
                "access-",
            ),
            ("an employee's token", "authorization", format!("Bearer {employee}"), Some("basic"), "access-"),
            ("a company token", "authorization", format!("Bearer {company}"), None, "company-"),
            ("an API key", "x-api-key", key, None, "api_key-"),
        ];
        // Version, whether ids are strings, whether it is deprecated.
        let versions = [
            ("2025-10-01", false, false),
            ("2026-01-01", false, false),
            ("2026-04-01", false, false),
            ("2026-07-01", true, false),
            ("2026-10-01", true, false),
            ("2024-01-01", false, true),
            ("2099-01-01", false, true),
            ("v2", false, true),
        ];
        for (kind, header, value, role, prefix) in &kinds {
            for (version, strings, deprecated) in versions {
                let case = format!("{kind}, {version}, {}", world.engine);
                let path = format!("/api/{version}/resources/api_public/credentials");
                let answer = world.get(&path).header(header, value).send().await;
                assert_eq!(answer.status, 200, "{case}: {answer}");
                assert_eq!(!answer.header("deprecation").is_empty(), deprecated, "{case}: Deprecation");
                let body = answer.json();
                let meta = &body["meta"];
                assert_eq!((&meta["total"], &meta["limit"]), (&json!(1), &json!(100)), "{case}");
                assert_eq!(
                    (&meta["has_next_page"], &meta["has_previous_page"]),
                    (&json!(false), &json!(false)),
                    "{case}"
                );
                let data = body["data"].as_array().unwrap();
                assert_eq!(data.len(), 1, "{case}");
                let credential = &data[0];
                let of_the_id = |id: &Value| if strings { id.is_string() } else { id.is_i64() };
                assert!(of_the_id(&credential["company_id"]), "{case}: {credential}");
                assert!(of_the_id(&credential["id"]), "{case}: {credential}");
                if strings {
                    assert!(credential["id"].as_str().unwrap().starts_with(prefix), "{case}: {credential}");
                }
                match role {
                    Some(role) => {
                        assert_eq!(&credential["role"], role, "{case}");
                        assert!(of_the_id(&credential["employee_id"]), "{case}: {credential}");
                        assert!(credential["name"].is_null(), "{case}: {credential}");
                    }
                    None => {
                        assert!(
                            credential["employee_id"].is_null() && credential["email"].is_null(),
                            "{case}"
                        );
                        assert_eq!(credential["name"], "Acme", "{case}");
                        assert_eq!(credential["onboarded_on"], "2026-11-23", "{case}");
                    }
                }
            }
        }
        let nothing =
            world.get("/api/latest/resources/api_public/credentials").bearer(&employee).send().await;
        assert_eq!(nothing.expect(404).json()["code"], "not_found");
    });
}

#[test]
fn a_sandbox_comes_the_same_way_from_page_http_and_command_line() {
    World::each(async |world| {
        let keys = [
            "base_url",
            "company_name",
            "client_id",
            "client_secret",
            "redirect_uri",
            "api_key",
            "admin_email",
            "admin_password",
        ];
        // HTTP.
        let answer = world.post("/sandbox").json(&json!({ "company_name": "Acme" })).send().await.expect(201);
        let by_http = answer.json();
        // The page.
        let mut browser = world.browser();
        let page = browser.fill("/sandbox", "/sandbox", &[("company_name", "Acme")]).await.expect(201);
        let by_page: Value = keys.iter().map(|key| ((*key).to_owned(), json!(page.element(key)))).collect();
        // What the command line calls.
        let (settings, request) = (world.app.config.oauth.clone(), demo::Request::new("Acme"));
        let made = world.app.db.write(move |tx| demo::create(tx, &settings, None, &request)).await.unwrap();
        let by_command = made.to_json(&world.app.config.public_url);

        for (way, sandbox) in [("HTTP", by_http), ("page", by_page), ("command line", by_command)] {
            let case = format!("{way} on {}", world.engine);
            let members = sandbox.as_object().unwrap().keys().map(String::as_str);
            let members: Vec<_> = members.filter(|name| *name != "personas").collect();
            assert_eq!(members, keys, "{case}");
            let text = |key: &str| sandbox[key].as_str().unwrap().to_owned();
            assert_eq!(text("base_url"), BASE, "{case}");
            assert_eq!(text("company_name"), "Integrations - Acme", "{case}");
            assert_eq!(text("redirect_uri"), OOB, "{case}");
            for secret in ["client_id", "client_secret", "api_key"] {
                assert!(is_hex(&text(secret)), "{case}: {secret}");
            }
            // "Head over to the sandbox environment and login with the admin user credentials provisioned."
            let mut browser = world.browser();
            browser.log_in(&text("admin_email"), &text("admin_password")).await.expect_to("/home");
            // "Then, on the same browser tab open …/oauth/authorize?…"
            let path = format!(
                "/oauth/authorize?client_id={}&redirect_uri={OOB}&response_type=code",
                text("client_id")
            );
            let consent = browser.get(&path).await.expect(200);
            let allowed = browser.submit(&consent.form("/oauth/authorize")).await;
            let code = browser.get(allowed.location()).await.expect(200).element("authorization_code");
            let body = format!(
                "client_id={}&client_secret={}&code={code}&grant_type=authorization_code&redirect_uri={OOB}",
                text("client_id"),
                text("client_secret"),
            );
            let answer = world.post("/oauth/token").raw_form(&body).send().await;
            assert_token_answer(&answer, &case);
            // curl …/api/v1/me -H 'Authentication: Bearer TOKEN'
            let token = support::Tokens::from(answer).access;
            let me =
                world.get("/api/v1/me").header("authentication", &format!("Bearer {token}")).send().await;
            assert_eq!(me.expect(200).json()["email"], text("admin_email"), "{case}");
            let by_key = world.get("/api/v1/me").header("x-api-key", &text("api_key")).send().await;
            assert_eq!(by_key.expect(200).json()["company_name"], "Integrations - Acme", "{case}");
        }
    });
}

#[test]
fn a_person_without_a_session_logs_in_on_the_way_and_comes_back() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Payroll export", CALLBACK, true, &["employees", "time_off"]).await;
        let path = app.authorize_path(&[("state", "a b/ü"), ("scope", "time_off")]);
        let mut browser = world.browser();
        let sent = browser.get(&path).await.expect(303);
        assert!(sent.location().starts_with("/login?return_to="), "{sent}");
        let page = browser.get(sent.location()).await.expect(200);
        assert!(page.text().contains("Payroll export"), "the log-in page names who asks: {page}");
        let form = page.form("/login").fill("email", &ada.email).fill("password", PASSWORD);
        let back = browser.submit(&form).await;
        assert_eq!(back.expect(303).location(), path);
        let consent = browser.get(&path).await.expect(200);
        assert!(
            consent.text().contains("Time off") && !consent.text().contains("People and teams"),
            "{consent}"
        );
        let done = browser.submit(&consent.form("/oauth/authorize")).await.expect(302);
        assert!(done.location().starts_with(&format!("{CALLBACK}?")), "{done}");
        assert_eq!(done.location_parameter("state").as_deref(), Some("a b/ü"));
        assert_eq!(done.location_parameter("iss").as_deref(), Some(BASE), "RFC 9207");
        let code = done.location_parameter("code").unwrap();
        let answer = app.exchange(&world, &code).await.expect(200);
        assert_eq!(answer.json()["scope"], "time_off");
    });
}
