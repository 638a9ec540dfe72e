//! The pages: each can be read, by people and by what reads to them, and says where it is.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use server::Environment;
use support::page::assert_well_made;
use support::{Application, BASE, Browser, CALLBACK, HOUR, OOB, Person, World, html};

const VISITOR: [&str; 13] = [
    "/",
    "/signup",
    "/login",
    "/password/forgot",
    "/docs",
    "/docs/sandbox",
    "/docs/oauth",
    "/docs/configuration",
    "/sandbox",
    "/sandbox/mails",
    "/reference",
    "/reference/timeoff",
    "/reference/timeoff/leaves?version=2026-04-01",
];

const EMPLOYEE: [&str; 10] = [
    "/home",
    "/inbox",
    "/time-off",
    "/timesheet",
    "/calendar",
    "/people",
    "/account/security",
    "/oauth/authorized_applications",
    "/docs",
    "/reference/employees/employees",
];

const ADMINISTRATOR: [&str; 10] = [
    "/settings/webhooks",
    "/settings/webhooks?filter=team&state=failed",
    "/home",
    "/settings/company",
    "/settings/users",
    "/settings/audit-log",
    "/settings/audit-log?filter=session",
    "/settings/api-keys",
    "/oauth/applications",
    "/reference/documents/documents?run=list&p.limit=2",
];

/// Opens pages, and those that they lead to.
async fn assert_all_well_made(browser: &mut Browser, starts: &[&str], who: &str) -> usize {
    let mut count = 0;
    for (path, page) in browser.crawl(starts).await {
        if page.status.is_redirection() {
            continue;
        }
        // The links of old mails end some day.
        let mailed = path.contains("?token=") && page.status.is_client_error();
        // The documentation is written for everybody, so it leads to what only administrators may open.
        let settings = path.starts_with("/settings") || path.starts_with("/oauth/applications");
        let refused = page.status == 403 && settings && who == "an employee";
        assert!(page.status == 200 || mailed || refused, "{who} follows a link to {path}: {page}");
        if page.header("content-type").starts_with("text/html") {
            assert_well_made(&page, who);
            count += 1;
        }
    }
    count
}

/// A company in which every page has something to show.
async fn furnished(world: &World, name: &str) -> (Person, Application) {
    let mut ada = world.sign_up(name).await;
    let redirects = format!("{CALLBACK}\n{OOB}");
    let app = ada.create_application("Payroll export", &redirects, true, &["employees", "time_off"]).await;
    ada.api_key("Payroll").await;
    ada.invite("Carol").await;
    ada.tokens(&app).await;
    app.exchange(world, "wrong").await.expect(400);
    (ada, app)
}

#[test]
fn every_page_is_well_made_for_everybody() {
    World::each(async |world| {
        let (mut ada, app) = furnished(&world, "Acme").await;
        let mut bob = ada.employ("Bob").await;
        let consent = app.authorize_path(&[("scope", "employees")]);
        let mut visitor = world.browser();
        assert!(assert_all_well_made(&mut visitor, &VISITOR, "a visitor").await >= 12);
        let starts = [&EMPLOYEE[..], &[consent.as_str()]].concat();
        assert!(assert_all_well_made(&mut bob.browser, &starts, "an employee").await >= 10);
        let starts = [&ADMINISTRATOR[..], &[consent.as_str()]].concat();
        assert!(assert_all_well_made(&mut ada.browser, &starts, "an administrator").await >= 17);

        // In the first state there is less to show, and no less well.
        let mut eve = world.sign_up("New").await;
        assert_all_well_made(&mut eve.browser, &ADMINISTRATOR, "a new administrator").await;
    });
}

#[test]
fn what_went_wrong_is_a_page_like_any_other() {
    World::each(async |world| {
        let (mut ada, app) = furnished(&world, "Acme").await;
        let mut bob = ada.employ("Bob").await;
        let mut visitor = world.browser();
        let csrf = visitor.csrf().await;
        let empty_form = |path: &str| visitor.call("POST", path).form(&[("_csrf", &csrf)]);
        let own = ada.browser.csrf().await;
        let empty_of_ada = |path: &str| ada.browser.call("POST", path).form(&[("_csrf", &own)]);
        let twisted = app.authorize_path(&[("redirect_uri", "https://evil.example/")]);
        for (case, call, status) in [
            ("nothing there", visitor.call("GET", "/nothing"), 404),
            ("wrong method", visitor.call("PUT", "/login"), 405),
            ("forged", visitor.call("POST", "/login"), 403),
            ("empty sign-up", empty_form("/signup"), 422),
            ("empty log-in", empty_form("/login"), 401),
            ("empty sandbox", empty_form("/sandbox"), 422),
            ("empty clock", empty_form("/sandbox/clock"), 422),
            ("link for a password", visitor.call("GET", "/password/reset?token=x"), 410),
            ("address", visitor.call("GET", "/addresses/confirm?token=x"), 404),
            ("invitation", visitor.call("GET", "/invitations/accept?token=x"), 404),
            ("redirect URI", visitor.call("GET", &twisted), 400),
            ("unknown client", visitor.call("GET", "/oauth/authorize?client_id=x"), 401),
            ("no code", visitor.call("GET", "/oauth/authorize/native"), 400),
            ("bad escape", visitor.call("GET", "/oauth/authorize?a=%ff"), 400),
            ("not allowed", bob.browser.call("GET", "/settings/users"), 403),
            ("own redirect URI", ada.browser.call("GET", &twisted), 400),
            ("empty application", empty_of_ada("/oauth/applications"), 422),
            ("empty invitation", empty_of_ada("/settings/users/invite"), 422),
            ("empty key", empty_of_ada("/settings/api-keys"), 422),
            ("empty company", empty_of_ada("/settings/company"), 422),
            ("empty password", empty_of_ada("/account/password"), 422),
        ] {
            let page = call.send().await;
            assert_eq!(page.status, status, "{case}: {page}");
            assert_well_made(&page, case);
        }
        // A consent page whose session ended leads to the log-in and back to the same request.
        let consent = app.authorize_path(&[("state", "s t"), ("resource_owner_type", "company")]);
        let page = ada.browser.get(&consent).await.expect(200);
        assert!(page.text().contains("consent_company_id"), "{page}");
        let query = consent.split_once('?').unwrap().1;
        let late = world.browser().call("POST", "/oauth/authorize");
        let late = late.body("application/x-www-form-urlencoded", query.to_owned());
        let sent = late.send().await;
        let sent = sent.expect(303);
        assert!(sent.location().starts_with("/login?return_to=/oauth/authorize"), "{sent}");
        assert!(sent.location().contains("s%2520t"), "{sent}");
        // Expired sessions come back to where they were.
        world.advance(4 * 24 * HOUR).await;
        for (path, back) in
            [("/settings/users", "/settings/users"), ("/settings/audit-log?filter=a", "filter")]
        {
            let sent = bob.browser.get(path).await.expect(303);
            assert!(
                sent.location().starts_with("/login?return_to=") && sent.location().contains(back),
                "{sent}"
            );
        }
        // What was answered with a page that shows a secret.
        ada.browser.log_in(&ada.email.clone(), support::PASSWORD).await.expect(303);
        let fields = [("name", "Shown once")];
        let page = ada.browser.fill("/settings/api-keys", "/settings/api-keys", &fields).await.expect(201);
        assert_well_made(&page, "a new key");
        let page = visitor.fill("/sandbox", "/sandbox", &[("company_name", "Acme")]).await.expect(201);
        assert_well_made(&page, "a new sandbox");
    });
}

#[test]
fn names_are_text_and_nothing_else() {
    World::each(async |world| {
        let evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;";
        let mut ada = world.sign_up("Acme").await;
        let fields = [("name", evil), ("legal_name", evil), ("tin", evil)];
        ada.browser.fill("/settings/company", "/settings/company", &fields).await.expect(303);
        let app = ada.create_application(evil, CALLBACK, true, &[]).await;
        ada.api_key(evil).await;
        let person = [("first_name", evil), ("last_name", evil), ("email", "x'\u{3c}\u{3e}@evil.example")];
        // The address is refused, the form shows it again.
        let again = ada.browser.fill("/settings/users", "/settings/users/invite", &person).await.expect(422);
        assert_well_made(&again, "refused");
        let person = [("first_name", evil), ("last_name", evil), ("email", "x'&@evil.example")];
        ada.browser.fill("/settings/users", "/settings/users/invite", &person).await.expect(303);
        ada.tokens(&app).await;
        app.exchange_with(&world, "x", &[]).await.expect(400);
        let bad = app.authorize_path(&[("scope", evil), ("state", evil)]);
        ada.browser.get(&bad).await.expect(302);
        let sandbox =
            world.browser().fill("/sandbox", "/sandbox", &[("company_name", evil)]).await.expect(201);
        assert_well_made(&sandbox, "a sandbox");
        let consent = app.authorize_path(&[("scope", "read"), ("state", evil)]);
        let login = format!("/login?{}", support::encoded([("return_to", consent.as_str())]));
        let searched = format!("/settings/audit-log?{}", support::encoded([("filter", evil)]));
        let starts = [&ADMINISTRATOR[..], &[consent.as_str(), &searched, "/sandbox/mails"]].concat();
        assert_all_well_made(&mut ada.browser, &starts, "an evil administrator").await;
        let mut visitor = world.browser();
        assert_all_well_made(&mut visitor, &[&login, "/sandbox/mails"], "a visitor").await;
        for browser in [&mut ada.browser, &mut visitor] {
            for (path, page) in browser.crawl(&[&starts[..], &[&login]].concat()).await {
                let text = page.text();
                assert!(!text.contains("<script>alert") && !text.contains("<img src=x"), "{path}: {page}");
            }
        }
    });
}

#[test]
fn the_documentation_speaks_to_its_reader() {
    for url in [BASE, "https://hr.example"] {
        World::each_with(
            |config| {
                config.public_url = url.to_owned();
                config.settings = vec![server::Setting {
                    flag: "--listen".to_owned(),
                    variable: "MUSTER_LISTEN".to_owned(),
                    default: "127.0.0.1:3000".to_owned(),
                    description: "Where it listens.".to_owned(),
                }];
            },
            async |world| {
                let mut visitor = world.browser();
                let guide = visitor.get("/docs").await.expect(200).text();
                assert!(
                    guide.contains(&format!("curl -X POST &#39;{url}/oauth/token&#39;")),
                    "{url}: the token command"
                );
                assert!(guide.contains("client_id=CLIENT_ID"), "{url}: something to replace");
                let configuration = visitor.get("/docs/configuration").await.expect(200).text();
                assert!(configuration.contains("MUSTER_LISTEN"), "{url}: the settings");

                // The client id of the reader's own application, and nobody else's.
                let mut ada = world.sign_up("Acme").await;
                let mut other = world.sign_up("Other").await;
                let app = ada.application().await;
                let chapters = [
                    "/docs",
                    "/docs/sandbox",
                    "/docs/oauth",
                    "/docs/authentication",
                    "/docs/accounts",
                    "/docs/limits",
                ];
                let mut with_own = 0;
                for chapter in chapters {
                    let page = ada.browser.get(chapter).await.expect(200).text();
                    with_own += usize::from(page.contains(&app.client_id));
                    assert!(
                        !page.contains(app.client_secret.as_deref().unwrap()),
                        "{chapter} shows the secret"
                    );
                    for browser in [&mut visitor, &mut other.browser] {
                        let page = browser.get(chapter).await.expect(200).text();
                        assert!(!page.contains(&app.client_id), "{chapter} shows another's client id");
                    }
                }
                assert!(with_own >= 1, "{url}: the reader's own client id");
                let guide = ada.browser.get("/docs").await.expect(200).text();
                assert!(guide.contains(&format!("client_id={}", app.client_id)), "{url}: filled in");
                visitor.get("/docs/nothing").await.expect(404);
            },
        );
    }
}

#[test]
fn every_page_of_the_demo_says_what_it_is() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let mut visitor = world.browser();
        for (browser, paths) in [(&mut visitor, &VISITOR[..]), (&mut ada.browser, &ADMINISTRATOR[..])] {
            for path in paths {
                let page = browser.get(path).await.expect(200);
                assert!(page.text().contains("data may be deleted at any moment"), "{path}");
                assert!(page.text().contains("not affiliated with Factorial"), "{path}");
            }
        }
    });
}

#[test]
fn production_has_no_sandbox_no_clock_and_no_mails() {
    World::each_with(
        |config| config.environment = Environment::Production,
        async |world| {
            let mut ada = world.sign_up("Acme").await;
            let before = world.state().await;
            for path in ["/sandbox", "/sandbox/clock", "/sandbox/mails"] {
                for method in ["GET", "POST"] {
                    let body = serde_json::json!({ "company_name": "Evil", "advance": "3h" });
                    let program = world.call(method, path).json(&body).send().await;
                    assert_eq!(program.status, 404, "{method} {path} of a program: {program}");
                    let person = ada.browser.call(method, path).send().await;
                    assert_eq!(person.status, 404, "{method} {path} of a person: {person}");
                }
            }
            world.assert_unchanged(&before, "production").await;
            let mut visitor = world.browser();
            for browser in [&mut visitor, &mut ada.browser] {
                for (path, page) in
                    browser.crawl(&["/", "/home", "/docs", "/login", "/password/forgot"]).await
                {
                    assert!(page.status.as_u16() < 400, "a link leads to {path}: {page}");
                    assert!(!page.text().contains("data may be deleted"), "{path} says that it is a demo");
                    let links = html::links(&page.text());
                    let sandbox = links.iter().find(|link| link.starts_with("/sandbox"));
                    assert!(sandbox.is_none(), "{path} leads to {sandbox:?}");
                }
            }
        },
    );
}

#[test]
fn sign_up_can_be_closed() {
    World::each_with(
        |config| {
            config.environment = Environment::Production;
            config.sign_up_open = false;
        },
        async |world| {
            let mut visitor = world.browser();
            let before = world.state().await;
            let page = visitor.get("/signup").await.expect(403);
            assert!(page.text().contains("Sign-up is closed"), "{page}");
            assert_well_made(&page, "closed");
            let fields = [
                ("company_name", "Evil"),
                ("first_name", "E"),
                ("last_name", "F"),
                ("email", "eve@evil.example"),
                ("password", support::PASSWORD),
            ];
            visitor.post("/signup", &fields).await.expect(403);
            world.assert_unchanged(&before, "closed sign-up").await;
            for path in ["/", "/login", "/docs"] {
                let page = visitor.get(path).await.expect(200);
                let links = html::links(&page.text());
                assert!(
                    path == "/docs" || !links.contains(&"/signup".to_owned()),
                    "{path} leads to a closed door"
                );
            }
        },
    );
}

#[test]
fn what_all_sandboxes_share_can_be_kept_for_the_operator() {
    World::each_with(
        |config| config.open_sandbox = false,
        async |world| {
            let mut ada = world.sign_up("Acme").await;
            let mut eve = world.sign_up("Other").await;
            let fields = [("first_name", "Bob"), ("last_name", "B"), ("email", "bob@people.example")];
            ada.browser.fill("/settings/users", "/settings/users/invite", &fields).await.expect(303);
            let mails = ada.browser.get("/sandbox/mails").await.expect(200);
            assert!(mails.text().contains("bob@people.example"), "{mails}");
            let mails = eve.browser.get("/sandbox/mails").await.expect(200);
            assert!(!mails.text().contains("bob@people.example"), "another company's mail: {mails}");
            for id in 1..5 {
                let mail = eve.browser.get(&format!("/sandbox/mails?id={id}")).await.expect(200);
                assert!(!mail.text().contains("token="), "another company's mail: {mail}");
            }
            world.browser().get("/sandbox/mails").await.expect(303);

            let page = ada.browser.get("/sandbox").await.expect(200);
            assert!(!page.text().contains("/sandbox/clock"), "no form that would be refused: {page}");
            let before = world.state().await;
            let move_it = serde_json::json!({ "advance": "3h" });
            world.post("/sandbox/clock").json(&move_it).send().await.expect(403);
            world.browser().post("/sandbox/clock", &[("advance", "3h")]).await.expect(403);
            // Anybody can be the administrator of a sandbox, so that is not enough.
            ada.browser.post("/sandbox/clock", &[("advance", "3h")]).await.expect(403);
            world.assert_unchanged(&before, "the clock").await;
            let key = ada.api_key("Clock").await;
            world.post("/sandbox/clock").header("x-api-key", &key).json(&move_it).send().await.expect(403);
            let clock = world.get("/sandbox/clock").send().await.expect(200).json();
            assert_eq!(clock["offset_seconds"], 0);
        },
    );
}

#[test]
fn the_server_describes_itself() {
    World::each(async |world| {
        let metadata = world.get("/.well-known/oauth-authorization-server").send().await.expect(200).json();
        assert_eq!(metadata["issuer"], BASE);
        for (endpoint, method) in [
            ("authorization_endpoint", "GET"),
            ("token_endpoint", "POST"),
            ("revocation_endpoint", "POST"),
            ("introspection_endpoint", "POST"),
        ] {
            let address = metadata[endpoint].as_str().unwrap();
            let path =
                address.strip_prefix(BASE).unwrap_or_else(|| panic!("{endpoint} is elsewhere: {address}"));
            let answer = world.call(method, path).send().await;
            assert!(![404, 405].contains(&answer.status.as_u16()), "{endpoint}: {answer}");
        }
        assert_eq!(metadata["response_types_supported"], serde_json::json!(["code"]));
        for scope in ["read", "write", "employees", "payroll"] {
            assert!(metadata["scopes_supported"].as_array().unwrap().contains(&scope.into()), "{scope}");
        }
        assert_eq!(world.get("/health").send().await.expect(200).text(), "ok\n");
        for (path, kind) in [
            ("/assets/muster.css", "text/css; charset=utf-8"),
            ("/assets/muster.js", "text/javascript; charset=utf-8"),
            ("/assets/icon.svg", "image/svg+xml"),
            ("/favicon.ico", "image/svg+xml"),
        ] {
            let asset = world.get(path).send().await.expect(200);
            assert_eq!(asset.header("content-type"), kind, "{path}");
            let again = world.get(path).header("if-none-match", asset.header("etag")).send().await;
            assert!(again.status == 304 && again.body.is_empty(), "{path}: {again}");
            let head = world.call("HEAD", path).send().await.expect(200);
            assert!(head.body.is_empty(), "{path}");
        }
    });
}
