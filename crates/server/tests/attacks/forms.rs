//! Forms that somebody else sends, frames that somebody else draws, addresses that lead elsewhere.

use crate::support::{Application, BASE, Browser, CALLBACK, Form, PASSWORD, Person, World};

/// Where crawls begin: what a page's links do not all lead to.
const STARTS: [&str; 14] = [
    "/",
    "/home",
    "/signup",
    "/login",
    "/password/forgot",
    "/docs",
    "/sandbox",
    "/sandbox/mails",
    "/account/security",
    "/settings/company",
    "/settings/users",
    "/settings/audit-log",
    "/settings/api-keys",
    "/oauth/authorized_applications",
];

/// A company in which every page has something to show, and every form is on some page.
async fn furnished(world: &World) -> (Person, Application, Vec<String>) {
    let mut ada = world.sign_up("Acme").await;
    let app = ada.create_application("Furnished", CALLBACK, true, &["employees", "time_off"]).await;
    ada.employ("Bob").await;
    let (_, invitation) = ada.invite("Carol").await;
    ada.api_key("Payroll").await;
    ada.tokens(&app).await;
    // A second secret, session and company, so that there is something to delete, end and switch to.
    let page = ada.browser.get(&format!("/oauth/applications/{}", app.id)).await;
    ada.browser.submit(&page.form(&format!("/oauth/applications/{}/secrets", app.id))).await.expect(201);
    let names = [("company_name", "Second"), ("first_name", "Ada"), ("last_name", "Lovelace")];
    let login = [("email", ada.email.as_str()), ("password", PASSWORD)];
    let mut second = world.browser();
    second.fill("/signup", "/signup", &[&names[..], &login].concat()).await.expect(303);
    let mut visitor = world.browser();
    visitor.fill("/password/forgot", "/password/forgot", &[("email", &ada.email)]).await.expect(200);
    let reset = world.mailed_link(&ada.email).await.expect("a mail");
    // Once more in the first company, which the crawl is about.
    let consent = app.authorize_path(&[("scope", "employees")]);
    (ada, app, vec![invitation, reset, consent])
}

/// Every form that is posted, on any page that this browser gets to.
async fn posted_forms(browser: &mut Browser, more: &[String]) -> Vec<(String, Form)> {
    let starts: Vec<&str> = STARTS.iter().copied().chain(more.iter().map(String::as_str)).collect();
    let mut forms: Vec<(String, Form)> = Vec::new();
    for (path, page) in browser.crawl(&starts).await {
        for form in page.forms().into_iter().filter(|form| form.method != "get") {
            let known = |(_, other): &(String, Form)| {
                let names =
                    |form: &Form| form.fields.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
                other.action == form.action && names(other) == names(&form)
            };
            if !forms.iter().any(known) {
                forms.push((path.clone(), form));
            }
        }
    }
    forms
}

#[test]
fn no_form_is_accepted_that_was_not_sent_from_a_page_of_this_visitor() {
    World::each(async |world| {
        let (ada, _, more) = furnished(&world).await;
        let mut eve = world.sign_up("Evil").await;
        let foreign = [eve.browser.csrf().await, world.browser().csrf().await];
        let (mut visitor, mut administrator) = (world.browser(), ada.browser.clone());
        for (who, browser, at_least) in
            [("the visitor", &mut visitor, 8), ("the administrator", &mut administrator, 20)]
        {
            let forms = posted_forms(browser, &more).await;
            let actions: Vec<_> = forms.iter().map(|(_, form)| form.action.as_str()).collect();
            assert!(forms.len() >= at_least, "{who} has only {} forms: {actions:?}", forms.len());
            let before = world.state().await;
            for (page, form) in &forms {
                let case = format!("{who}, {} on {page}, {}", form.action, world.engine);
                assert!(form.has("_csrf"), "{case}: has no token");
                let own = form.value("_csrf").to_owned();
                let same = Some("same-origin");
                for (how, sent, site) in [
                    ("without a token", form.clone().without("_csrf"), same),
                    ("with an empty token", form.clone().forge("_csrf", ""), same),
                    ("with another visitor's token", form.clone().forge("_csrf", &foreign[1]), same),
                    ("with a token of another company", form.clone().forge("_csrf", &foreign[0]), same),
                    ("with half of the token", form.clone().forge("_csrf", &own[..32]), same),
                    ("from another site", form.clone(), Some("cross-site")),
                    ("from a neighbour", form.clone(), Some("same-site")),
                ] {
                    let fields: Vec<_> = sent.fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                    let mut call = browser.call("POST", &form.action);
                    if let Some(site) = site {
                        call = call.header("sec-fetch-site", site);
                    }
                    let answer = call.form(&fields).send().await;
                    assert_eq!(answer.status, 403, "{case}, {how}: {answer}");
                    assert!(answer.headers.get("set-cookie").is_none(), "{case}, {how}: sets a cookie");
                }
                // In the query string the token counts for nothing.
                let call = browser.call("POST", &format!("{}?_csrf={own}", form.action));
                let answer = call.form(&[("name", "x")]).send().await;
                assert_eq!(answer.status, 403, "{case}, token in the query: {answer}");
            }
            world.assert_unchanged(&before, who).await;
        }
    });
}

#[test]
fn json_is_no_way_around_the_token() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let before = world.state().await;
        for (path, body) in [
            ("/settings/api-keys", serde_json::json!({ "name": "x" })),
            ("/account/sessions/revoke-all", serde_json::json!({})),
            ("/logout", serde_json::json!({})),
        ] {
            let call = ada.browser.call("POST", path).header("sec-fetch-site", "cross-site").json(&body);
            let answer = ada.browser.send(call).await;
            assert_eq!(answer.status, 403, "{path}: {answer}");
        }
        // Forms of other sites can send this type, and it must not count as a program's JSON.
        for (path, body) in
            [("/sandbox", r#"{"company_name":"Evil"}"#), ("/sandbox/clock", r#"{"advance":"3h"}"#)]
        {
            let call = ada
                .browser
                .call("POST", path)
                .header("sec-fetch-site", "cross-site")
                .body("text/plain", body);
            let answer = ada.browser.send(call).await;
            assert_eq!(answer.status, 403, "{path}: {answer}");
        }
        world.assert_unchanged(&before, "JSON").await;
    });
}

#[test]
fn no_page_can_be_framed() {
    World::each(async |world| {
        let (mut ada, _, more) = furnished(&world).await;
        let starts: Vec<&str> = STARTS.iter().copied().chain(more.iter().map(String::as_str)).collect();
        let mut visitor = world.browser();
        for browser in [&mut visitor, &mut ada.browser] {
            let pages = browser.crawl(&[&starts[..], &["/nothing/here", "/oauth/authorize"]].concat()).await;
            for (path, page) in pages {
                if !page.header("content-type").starts_with("text/html") {
                    continue;
                }
                assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
                let policy = page.header("content-security-policy");
                assert!(policy.contains("frame-ancestors 'none'"), "{path}: {policy}");
                assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
            }
        }
    });
}

#[test]
fn logging_in_leads_to_this_server_only() {
    World::each(async |world| {
        let ada = world.sign_up("Acme").await;
        for (return_to, leads_to) in [
            ("/settings/users", "/settings/users"),
            ("/oauth/authorize?client_id=1", "/oauth/authorize?client_id=1"),
            ("", "/home"),
            ("https://evil.example", "/home"),
            ("HTTPS://evil.example", "/home"),
            ("http:evil.example", "/home"),
            ("//evil.example", "/home"),
            ("///evil.example", "/home"),
            ("/\\evil.example", "/home"),
            ("\\\\evil.example", "/home"),
            ("/\t/evil.example", "/home"),
            ("\t//evil.example", "/home"),
            ("/\r\nLocation: https://evil.example", "/home"),
            ("javascript:alert(1)", "/home"),
            ("data:text/html,x", "/home"),
            ("evil.example", "/home"),
            (".evil.example", "/home"),
            ("@evil.example", "/home"),
            (" /home", "/home"),
            ("/ü", "/home"),
        ] {
            // In the address of the page, and in its form.
            let mut browser = world.browser();
            let path = format!("/login?{}", crate::support::encoded([("return_to", return_to)]));
            let form = browser.get(&path).await.expect(200).form("/login");
            assert_eq!(form.value("return_to"), leads_to, "{return_to:?} on the page");
            let forged =
                form.fill("email", &ada.email).fill("password", PASSWORD).forge("return_to", return_to);
            let answer = browser.submit(&forged).await;
            assert_eq!(
                (answer.status.as_u16(), answer.location()),
                (303, leads_to),
                "{return_to:?} in the form"
            );
            // Somebody who is logged in is sent on at once.
            let answer = browser.get(&path).await;
            assert_eq!(answer.location(), leads_to, "{return_to:?} when logged in");
            // And on the way out.
            let csrf = browser.csrf().await;
            let call = browser.call("POST", "/logout").form(&[("_csrf", &csrf), ("return_to", return_to)]);
            let answer = browser.send(call).await;
            assert!(answer.location().starts_with("/login?"), "{return_to:?} when logging out: {answer}");
        }
        // A notice is chosen by a code, not written by an address.
        let page = world.browser().get("/login?notice=Call+0800-EVIL").await.expect(200);
        assert!(!page.text().contains("EVIL"), "{page}");
    });
}

#[test]
fn the_host_of_a_request_is_believed_nowhere() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        for (name, value) in [
            ("host", "evil.example"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "gopher"),
            ("x-forwarded-server", "evil.example"),
            ("x-host", "evil.example"),
            ("x-original-url", "/settings/evil.example"),
            ("x-rewrite-url", "/settings/evil.example"),
            ("forwarded", "for=1.2.3.4;host=evil.example;proto=gopher"),
            ("origin", "https://evil.example"),
            ("referer", "https://evil.example/"),
            ("x-forwarded-for", "evil.example"),
            ("x-forwarded-prefix", "//evil.example"),
        ] {
            let mut visitor = world.browser();
            let (detail, authorize) = (format!("/oauth/applications/{}", app.id), app.authorize_path(&[]));
            let paths = [
                "/",
                "/home",
                "/login",
                "/signup",
                "/docs",
                "/docs/oauth",
                "/sandbox",
                "/settings/users",
                "/settings/audit-log",
                "/nothing",
                "/.well-known/oauth-authorization-server",
                "/api/v1/me",
                &detail,
                &authorize,
            ];
            for path in paths {
                for browser in [&mut visitor, &mut ada.browser] {
                    let answer = browser.call("GET", path).header(name, value).send().await;
                    let all = format!("{:?} {}", answer.headers, answer.text());
                    assert!(!all.contains("evil.example"), "{name} shows up in {path}: {answer}");
                    assert!(!all.contains("gopher"), "{name} shows up in {path}: {answer}");
                }
            }
            // The links of mails.
            let csrf = ada.browser.csrf().await;
            let email = format!("carol{}@people.example", world.number());
            let fields =
                [("_csrf", csrf.as_str()), ("first_name", "C"), ("last_name", "D"), ("email", &email)];
            let call = ada.browser.call("POST", "/settings/users/invite").header(name, value).form(&fields);
            let invited = ada.browser.send(call).await;
            assert_eq!(invited.location(), "/settings/users?notice=invited", "{name}: {invited}");
            let link = world.mailed_link(&email).await.unwrap_or_else(|| panic!("{name}: no link to {BASE}"));
            assert!(link.starts_with("/invitations/accept?token="), "{name}: {link}");
        }
        let mut visitor = world.browser();
        let csrf = visitor.csrf().await;
        let call = visitor.call("POST", "/password/forgot").header("host", "evil.example");
        call.form(&[("_csrf", &csrf), ("email", &ada.email)]).send().await.expect(200);
        let link = world.mailed_link(&ada.email).await.expect("a link to this server");
        assert!(link.starts_with("/password/reset?token="), "{link}");
    });
}
