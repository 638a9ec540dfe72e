//! The way to a code: redirect URIs, consent, and what comes back.

use crate::support::{Answer, Application, BASE, CALLBACK, Form, Tokens, World, encoded};

#[test]
fn a_twisted_redirect_uri_is_shown_and_never_followed() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let loopback = "http://127.0.0.1:8080/cb";
        let app = ada.create_application("Twisted", &format!("{CALLBACK}\n{loopback}"), true, &[]).await;
        let mut visitor = world.browser();
        for twist in [
            "https://app.example/callback/",
            "https://app.example/callback/../evil",
            "https://app.example/callback/more",
            "https://app.example/callbackmore",
            "https://app.example/callback?x=1",
            "https://app.example/callback#x",
            "https://app.example/callback%2f",
            "https://app.example/%63allback",
            "https://app.example/Callback",
            "https://APP.example/callback",
            "HTTPS://app.example/callback",
            "http://app.example/callback",
            "https://app.example:8443/callback",
            "https://app.example:443/callback",
            "https://app.example@evil.example/callback",
            "https://user@app.example/callback",
            "https://app.example.evil.example/callback",
            "https://app.example%2eevil.example/callback",
            "https://evil.example/https://app.example/callback",
            "https://app.example\\@evil.example/callback",
            "https:/\\app.example/callback",
            "//app.example/callback",
            "/callback",
            " https://app.example/callback",
            "https://app.example/callback ",
            "https://app.example/callback\r\nSet-Cookie: a=b",
            "https://app.example/callback\thttps://evil.example",
            "https://app.example/callback https://evil.example",
            "javascript:alert(1)//https://app.example/callback",
            "data:text/html,<script>alert(1)</script>",
            "http://127.0.0.1:9999/other",
            "http://127.0.0.1:8080@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://localhost:8080/cb",
            "http://127.0.0.1:99999/cb",
            "urn:ietf:wg:oauth:2.0:oob",
            "",
        ] {
            let before = world.state().await;
            let path = app.authorize_path(&[("redirect_uri", twist), ("state", "s")]);
            for (who, browser) in [("a visitor", &mut visitor), ("a member", &mut ada.browser)] {
                let answer = browser.get(&path).await;
                assert_eq!(answer.status, 400, "{twist:?}, {who}: {answer}");
                assert!(answer.headers.get("location").is_none(), "{twist:?}, {who}: redirected");
                let text = answer.text();
                assert!(text.contains("An error has occurred"), "{twist:?}, {who}: {answer}");
                assert!(!text.contains("<script>alert"), "{twist:?}, {who}: not escaped");
                // What is registered is for the company's own people.
                assert_eq!(text.contains(loopback), who == "a member", "{twist:?}, {who}: {answer}");
            }
            // Neither does the form of a page that was shown before, changed on the way.
            let consent = ada.browser.get(&app.authorize_path(&[])).await.expect(200);
            let forged = consent.form("/oauth/authorize").forge("redirect_uri", twist);
            let answer = ada.browser.submit(&forged).await;
            assert_eq!(answer.status, 400, "{twist:?}, in the form: {answer}");
            assert!(answer.headers.get("location").is_none(), "{twist:?}, in the form: redirected");
            world.assert_unchanged(&before, twist).await;
        }
        // The port of the loopback address is free (RFC 8252).
        let path = app.authorize_path(&[("redirect_uri", "http://127.0.0.1:51234/cb")]);
        ada.browser.get(&path).await.expect(200);
    });
}

#[test]
fn a_parameter_that_stands_twice_is_refused_on_a_page() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Doubled", CALLBACK, true, &[]).await;
        let mut visitor = world.browser();
        for (name, value) in [
            ("client_id", app.client_id.as_str()),
            ("redirect_uri", "https://evil.example/"),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("state", "x"),
            ("scope", "read"),
            ("code_challenge", "x"),
        ] {
            let path = app.authorize_path(&[("state", "s"), ("scope", "read"), ("code_challenge", "y")]);
            let path = format!("{path}&{}", encoded([(name, value)]));
            for browser in [&mut visitor, &mut ada.browser] {
                let answer = browser.get(&path).await;
                assert_eq!(answer.status, 400, "{name} twice: {answer}");
                assert!(answer.headers.get("location").is_none(), "{name} twice: redirected");
                assert!(answer.text().contains(name), "{name} twice is named: {answer}");
            }
        }
    });
}

#[test]
fn an_unknown_client_is_told_on_a_page() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Known", CALLBACK, true, &[]).await;
        for (case, client_id, status) in [
            ("unknown", "0".repeat(64), 401),
            ("upper case", app.client_id.to_uppercase(), 401),
            ("with a space", format!("{} ", app.client_id), 401),
            ("a NUL", format!("{}%00", app.client_id), 401),
            ("missing", String::new(), 400),
        ] {
            let answer = ada.browser.get(&app.authorize_path(&[("client_id", &client_id)])).await;
            assert_eq!(answer.status, status, "{case}: {answer}");
            assert!(answer.headers.get("location").is_none(), "{case}: redirected");
        }
    });
}

#[test]
fn other_errors_go_to_the_application_with_state_and_issuer() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Errors", CALLBACK, true, &["employees"]).await;
        let mut bob = ada.employ("Bob").await;
        let states = ["s", "a b+c%20d&e=f#g", "ü 密 \u{1F511}", "\"><script>", &"x".repeat(2000)];
        for (at, (case, parameters, error)) in [
            ("response type", ("response_type", "token"), "unsupported_response_type"),
            ("no response type", ("response_type", ""), "invalid_request"),
            ("unknown scope", ("scope", "nonsense"), "invalid_scope"),
            ("scope of others", ("scope", "payroll"), "invalid_scope"),
            ("comma", ("scope", "employees,payroll"), "invalid_scope"),
            ("response mode", ("response_mode", "form_post"), "invalid_request"),
            ("owner", ("resource_owner_type", "everybody"), "invalid_request"),
            ("resource", ("resource", "https://evil.example/api"), "invalid_target"),
            ("company token by an employee", ("resource_owner_type", "company"), "access_denied"),
        ]
        .into_iter()
        .enumerate()
        {
            let state = states[at % states.len()];
            let answer = bob.browser.get(&app.authorize_path(&[parameters, ("state", state)])).await;
            assert_eq!(answer.status, 302, "{case}: {answer}");
            assert!(answer.location().starts_with(&format!("{CALLBACK}?")), "{case}: {answer}");
            assert_eq!(answer.location_parameter("error").as_deref(), Some(error), "{case}");
            assert_eq!(answer.location_parameter("state").as_deref(), Some(state), "{case}: state");
            assert_eq!(answer.location_parameter("iss").as_deref(), Some(BASE), "{case}: issuer");
            assert!(answer.location_parameter("code").is_none(), "{case}: code");
        }
        let page = ada.browser.get(&format!("/oauth/applications/{}", app.id)).await.expect(200).text();
        for error in ["unsupported_response_type", "invalid_scope", "access_denied"] {
            assert!(page.contains(error), "the application's log has {error}");
        }
    });
}

#[test]
fn a_no_comes_back_as_access_denied() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Denied", CALLBACK, true, &[]).await;
        let page = ada.browser.get(&app.authorize_path(&[("state", "a+b c")])).await.expect(200);
        let deny =
            page.forms().into_iter().find(|form| form.has("_method") && form.action == "/oauth/authorize");
        let before = world.state().await;
        let answer = ada.browser.submit(&deny.expect("a way to say no")).await.expect(302);
        assert_eq!(answer.location_parameter("error").as_deref(), Some("access_denied"));
        assert_eq!(answer.location_parameter("state").as_deref(), Some("a+b c"));
        assert_eq!(answer.location_parameter("iss").as_deref(), Some(BASE));
        world.assert_unchanged(&before, "deny").await;

        let oob = ada.application().await;
        let page = ada.browser.get(&oob.authorize_path(&[])).await.expect(200);
        let deny =
            page.forms().into_iter().find(|form| form.has("_method") && form.action == "/oauth/authorize");
        let answer = ada.browser.submit(&deny.expect("a way to say no")).await.expect(302);
        let shown = ada.browser.get(answer.location()).await.expect(400);
        assert!(shown.text().contains("access_denied"), "{shown}");
    });
}

#[test]
fn a_company_token_needs_an_administrator_and_does_not_expire() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Sync", CALLBACK, true, &[]).await;
        let mut bob = ada.employ("Bob").await;
        let company = [("resource_owner_type", "company")];

        // An employee cannot, not by the address and not by a form that he changes.
        let refused = bob.browser.get(&app.authorize_path(&company)).await.expect(302);
        assert_eq!(refused.location_parameter("error").as_deref(), Some("access_denied"));
        let own = bob.browser.get(&app.authorize_path(&[])).await.expect(200).form("/oauth/authorize");
        let refused = bob.browser.submit(&own.forge("resource_owner_type", "company")).await.expect(302);
        assert_eq!(refused.location_parameter("error").as_deref(), Some("access_denied"));

        let page = ada.browser.get(&app.authorize_path(&company)).await.expect(200);
        assert!(page.text().contains("as a whole"), "the page says so: {page}");
        let code = ada.authorize_with(&app, &company).await;
        let answer = app.exchange(&world, &code).await.expect(200);
        let body = answer.json();
        assert!(body.get("expires_in").is_none() && body.get("refresh_token").is_none(), "{body}");
        let token = Tokens::from(answer).access;
        world.advance(400 * 24 * 3_600_000).await;
        let me = world.me(&token).await.expect(200).json();
        assert_eq!((&me["email"], &me["company_name"]), (&serde_json::Value::Null, &"Acme".into()));
    });
}

#[test]
fn consent_is_skipped_only_for_the_same_scopes_of_a_confidential_application() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let scopes = ["employees", "time_off"];
        let secret = ada.create_application("Confidential", CALLBACK, true, &scopes).await;
        let public = ada.create_application("Public", CALLBACK, false, &scopes).await;
        let challenge = ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        let pkce = [challenge, ("code_challenge_method", "S256")];
        ada.authorize(&secret).await;
        ada.authorize_with(&public, &pkce).await;
        for (case, app, parameters, asked) in [
            ("the same", &secret, vec![], false),
            ("the same, named in another order", &secret, vec![("scope", "time_off employees")], false),
            ("fewer", &secret, vec![("scope", "time_off")], true),
            ("for the company", &secret, vec![("resource_owner_type", "company")], true),
            ("a public application", &public, pkce.to_vec(), true),
        ] {
            let answer = ada.browser.get(&app.authorize_path(&parameters)).await;
            let status = if asked { 200 } else { 302 };
            assert_eq!(answer.status, status, "{case}: {answer}");
        }
        // Nobody else's consent counts.
        let mut bob = ada.employ("Bob").await;
        bob.browser.get(&secret.authorize_path(&[])).await.expect(200);
    });
}

#[test]
fn scopes_can_be_unticked_and_not_added() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Scopes", CALLBACK, true, &["employees", "time_off"]).await;
        let form = ada.browser.get(&app.authorize_path(&[])).await.expect(200).form("/oauth/authorize");
        let narrow =
            ada.browser.submit(&form.clone().untick("granted_scopes[]", "employees")).await.expect(302);
        let code = narrow.location_parameter("code").unwrap();
        assert_eq!(app.exchange(&world, &code).await.expect(200).json()["scope"], "time_off");

        for (case, granted) in
            [("of others", "payroll"), ("everything", "read write"), ("unknown", "nonsense")]
        {
            let mut forged = form.clone();
            forged.fields.push(("granted_scopes[]".to_owned(), granted.to_owned()));
            let answer = ada.browser.submit(&forged).await;
            let Some(code) = answer.location_parameter("code") else {
                assert!(answer.status.is_client_error() || answer.status == 302, "{case}: {answer}");
                continue;
            };
            let scope = app.exchange(&world, &code).await.expect(200).json()["scope"].clone();
            assert_eq!(scope, "employees time_off", "{case} was added");
        }
        let none = form.untick("granted_scopes[]", "employees").untick("granted_scopes[]", "time_off");
        let before = world.state().await;
        ada.browser.submit(&none).await.expect(422);
        world.assert_unchanged(&before, "no scope at all").await;
    });
}

#[test]
fn changed_scopes_end_what_was_granted() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Changing", CALLBACK, true, &["employees"]).await;
        let tokens = ada.tokens(&app).await;
        let pending = ada.authorize(&app).await;
        let (edit, action) =
            (format!("/oauth/applications/{}/edit", app.id), format!("/oauth/applications/{}", app.id));
        // A new name changes nothing about them.
        ada.browser.fill(&edit, &action, &[("application[name]", "Renamed")]).await.expect(303);
        assert!(world.works(&tokens.access).await);

        let form = ada.browser.get(&edit).await.expect(200).form(&action);
        ada.browser.submit(&form.tick("application[scopes][]", "payroll")).await.expect(303);
        assert!(!world.works(&tokens.access).await, "at the next request on {}", world.engine);
        app.refresh(&world, &tokens.refresh).await.expect_error(400, "invalid_grant");
        app.exchange(&world, &pending).await.expect_error(400, "invalid_grant");
        ada.browser.get(&app.authorize_path(&[])).await.expect(200);

        // So does deleting it.
        let tokens = ada.tokens(&app).await;
        assert!(world.works(&tokens.access).await);
        let page = ada.browser.get(&action).await.expect(200);
        ada.browser.submit(&page.form(&action)).await.expect_to("/oauth/applications?notice=deleted");
        assert!(!world.works(&tokens.access).await, "deleted");
        app.refresh(&world, &tokens.refresh).await.expect(400);
        ada.browser.get(&app.authorize_path(&[])).await.expect(401);
    });
}

#[test]
fn two_secrets_can_be_live_so_that_they_can_be_rotated() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let old = ada.application().await;
        let (page, renew) =
            (format!("/oauth/applications/{}", old.id), format!("/oauth/applications/{}/secrets", old.id));
        let secrets = |page: &Answer| -> Vec<_> {
            let of = |form: &Form| form.action.strip_prefix(&format!("{renew}/")).is_some();
            page.forms().into_iter().filter(of).collect()
        };
        let shown = ada.browser.get(&page).await.expect(200);
        let last = ada.browser.submit(&secrets(&shown)[0]).await;
        last.expect_to(&format!("{page}?notice=last_secret"));

        let renewed = ada.browser.submit(&shown.form(&renew)).await.expect(201);
        let new = Application { client_secret: Some(renewed.element("client_secret")), ..old.clone() };
        assert_ne!(new.client_secret, old.client_secret);
        let third = ada.browser.submit(&shown.form(&renew)).await;
        third.expect_to(&format!("{page}?notice=two_secrets"));
        for app in [&old, &new] {
            ada.tokens(app).await;
        }
        let tokens = ada.tokens(&old).await;
        let shown = ada.browser.get(&page).await.expect(200);
        assert_eq!(secrets(&shown).len(), 2);
        ada.browser.submit(&secrets(&shown)[0]).await.expect_to(&format!("{page}?notice=deleted"));
        old.refresh(&world, &tokens.refresh).await.expect_error(401, "invalid_client");
        new.refresh(&world, &tokens.refresh).await.expect(200);
    });
}

#[test]
fn the_page_of_the_code_says_nothing_that_its_address_says() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        for (query, status) in [
            (format!("code={}", "a".repeat(64)), 200),
            ("code=Call+0800-EVIL+now".to_owned(), 400),
            (format!("code={}", "<b>x</b>".repeat(8)), 400),
            ("error=Call+0800-EVIL+now&error_description=EVIL".to_owned(), 400),
            (String::new(), 400),
        ] {
            let query = query.replace('<', "%3C").replace('>', "%3E");
            let page = ada.browser.get(&format!("/oauth/authorize/native?{query}")).await;
            assert_eq!(page.status, status, "{query}: {page}");
            assert!(!page.text().contains("EVIL"), "{query}: {page}");
        }
    });
}
