//! What a stolen database tells.

use std::fs;

use crate::support::{CALLBACK, PASSWORD, Tokens, World};

/// Walks through everything that issues a secret, and answers them all with what they are.
async fn issued(world: &World) -> Vec<(&'static str, String)> {
    let mut secrets = vec![("password", PASSWORD.to_owned())];
    let mut ada = world.sign_up("Acme").await;
    let app = ada.create_application("Server", CALLBACK, true, &[]).await;
    secrets.push(("client secret", app.client_secret.clone().unwrap()));
    let page = ada.browser.get(&format!("/oauth/applications/{}", app.id)).await;
    let renewed = ada.browser.submit(&page.form(&format!("/oauth/applications/{}/secrets", app.id))).await;
    secrets.push(("renewed client secret", renewed.expect(201).element("client_secret")));
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let challenge = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("state", "a-state-that-belongs-to-the-application"),
    ];
    secrets.extend([("verifier", verifier.to_owned()), ("state", challenge[2].1.to_owned())]);
    let unused = ada.authorize(&app).await;
    secrets.push(("unused code", unused.clone()));
    let code = ada.authorize_with(&app, &challenge).await;
    secrets.push(("code", code.clone()));
    // Failures are logged, but not with what was sent in confidence.
    app.exchange(world, &code).await.expect(400);
    app.exchange_with(world, &unused, &[("code_verifier", verifier)]).await.expect(400);
    let wrong = "a-secret-of-some-other-program-0000000000000";
    secrets.push(("wrong secret", wrong.to_owned()));
    let stranger = crate::support::Application { client_secret: Some(wrong.to_owned()), ..app.clone() };
    stranger.exchange_with(world, &code, &[("code_verifier", verifier)]).await.expect(401);
    let answer = app.exchange_with(world, &code, &[("code_verifier", verifier)]).await.expect(200);
    let first = Tokens::from(answer);
    let second = Tokens::from(app.refresh(world, &first.refresh).await.expect(200));
    for (what, token) in [
        ("access token", &first.access),
        ("refresh token", &first.refresh),
        ("next access token", &second.access),
        ("next refresh token", &second.refresh),
    ] {
        secrets.push((what, token.clone()));
    }
    world.me(&second.access).await.expect(200);
    app.refresh(world, &first.refresh).await.expect(400);
    let code = ada.authorize_with(&app, &[("resource_owner_type", "company")]).await;
    secrets.push(("company token", Tokens::from(app.exchange(world, &code).await.expect(200)).access));

    let key = ada.api_key("Payroll").await;
    world.get("/api/v1/me").header("x-api-key", &key).send().await.expect(200);
    secrets.push(("API key", key));
    let (_, invitation) = ada.invite("Bob").await;
    let mut visitor = world.browser();
    visitor.fill("/password/forgot", "/password/forgot", &[("email", &ada.email)]).await.expect(200);
    let reset = world.mailed_link(&ada.email).await.unwrap();
    for (what, link) in [("invitation", invitation), ("link for a new password", reset)] {
        secrets.push((what, link.split("token=").nth(1).unwrap().to_owned()));
    }
    // People type passwords into the wrong field.
    let typo = "velvet otter nineteen kites";
    visitor.log_in(typo, "x").await.expect(401);
    secrets.push(("password in the place of the address", typo.to_owned()));
    let wrong = "a wrong password of Ada";
    visitor.log_in(&ada.email, wrong).await.expect(401);
    secrets.push(("wrong password", wrong.to_owned()));
    let csrf = ada.browser.csrf().await;
    secrets.push(("form token", csrf));
    for browser in [&ada.browser, &visitor] {
        for (name, value) in &browser.cookies {
            let what = if name == "muster_session" { "session" } else { "cookie" };
            secrets.push((what, value.clone()));
        }
    }
    let sandbox = world.post("/sandbox").json(&serde_json::json!({ "company_name": "Sand" })).send().await;
    let sandbox = sandbox.expect(201).json();
    for what in ["client_secret", "api_key", "admin_password"] {
        secrets.push(("of a sandbox", sandbox[what].as_str().unwrap().to_owned()));
    }
    secrets
}

#[test]
fn no_secret_is_in_the_database() {
    World::each(async |world| {
        let secrets = issued(&world).await;
        assert!(secrets.len() > 20, "{secrets:?}");
        let mut stored: Vec<(String, Vec<u8>)> =
            world.state().await.into_iter().map(|row| ("a row".to_owned(), row.into_bytes())).collect();
        if let Some(folder) = &world.folder {
            for file in fs::read_dir(folder).expect("the folder of the database") {
                let path = file.unwrap().path();
                stored.push((path.display().to_string(), fs::read(&path).expect("a file of the database")));
            }
            // The files do hold what is no secret, so they are those of the database.
            let holds = |text: &str| {
                stored
                    .iter()
                    .any(|(_, bytes)| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
            };
            assert!(holds("Payroll") && holds("ada"), "the files are not those of the database");
        }
        for (what, secret) in &secrets {
            assert!(secret.len() >= 15, "{what}: too short to look for");
            for (place, bytes) in &stored {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{what} is in {place} on {}", world.engine);
            }
        }
    });
}
