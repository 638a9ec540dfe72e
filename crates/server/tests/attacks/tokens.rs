//! Codes and tokens: used twice, by somebody else, at once, after they were taken away.

use oauth::records::ApplicationRecord;
use tokio::task::JoinSet;

use crate::support::{Answer, Application, CALLBACK, OOB, SECOND, Tokens, World};

/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[test]
fn a_code_used_twice_takes_back_what_it_gave() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let code = ada.authorize(&app).await;
        let first = Tokens::from(app.exchange(&world, &code).await.expect(200));
        assert!(world.works(&first.access).await);
        // A pair that came out of it is no safer.
        let next = Tokens::from(app.refresh(&world, &first.refresh).await.expect(200));
        assert!(world.works(&next.access).await);

        app.exchange(&world, &code).await.expect_error(400, "invalid_grant");
        for (case, token) in
            [("the first access token", &first.access), ("the next access token", &next.access)]
        {
            assert!(!world.works(token).await, "{case} still works on {}", world.engine);
        }
        for (case, token) in [("the first refresh token", &first.refresh), ("the next one", &next.refresh)] {
            let refused = app.refresh(&world, token).await;
            assert_eq!(refused.status, 400, "{case}: {refused}");
        }
        assert!(ada.audit_log().await.contains("oauth.code_reused"), "the audit log says so");

        // Another consent is another family.
        let other = ada.tokens(&app).await;
        assert!(world.works(&other.access).await);
    });
}

#[test]
fn a_retired_secret_and_a_deleted_application_are_forgotten_at_once() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let old = Tokens::from(app.exchange(&world, &ada.authorize(&app).await).await.expect(200));
        let next = Tokens::from(app.refresh(&world, &old.refresh).await.expect(200));
        // Another secret in its place, behind the memory of the server.
        let id = app.client_id.clone();
        let secret = accounts::Secret::generate();
        let renewed = Application { client_secret: Some(secret.expose().to_owned()), ..app.clone() };
        let actor = accounts::Actor::operator();
        let replaced = world.app.db.write(move |tx| {
            let named = ApplicationRecord::client_id.eq(id.clone());
            let application: ApplicationRecord =
                tx.instance("a test").find(named)?.ok_or(oauth::Error::NotFound)?;
            let (company, id) = (application.company_id, application.id);
            oauth::application::add_secret(tx, &actor, company, id, &secret)?;
            let first = oauth::application::secrets(tx, company, id)?[0].id;
            oauth::application::delete_secret(tx, &actor, company, id, first)?;
            Ok::<_, oauth::Error>((company, id))
        });
        let (company, id) = replaced.await.expect("another secret");
        app.refresh(&world, &next.refresh).await.expect_error(401, "invalid_client");
        let next = Tokens::from(renewed.refresh(&world, &next.refresh).await.expect(200));
        let actor = accounts::Actor::operator();
        let deleted = world.app.db.write(move |tx| oauth::application::delete(tx, &actor, company, id));
        deleted.await.expect("deleted");
        renewed.refresh(&world, &next.refresh).await.expect_error(400, "invalid_grant");
    });
}

#[test]
fn a_failed_exchange_does_not_burn_the_code() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.create_application("Mine", &format!("{CALLBACK}\n{OOB}"), true, &[]).await;
        let other = ada.create_application("Other", CALLBACK, true, &[]).await;
        let mut eve = world.sign_up("Evil").await;
        let foreign = eve.create_application("Foreign", CALLBACK, true, &[]).await;
        let code = ada.authorize(&app).await;
        let wrong_secret = Application { client_secret: Some("0".repeat(64)), ..app.clone() };
        let no_secret = Application { client_secret: None, ..app.clone() };
        let unknown = Application { client_id: "0".repeat(64), ..app.clone() };
        let elsewhere = Application { redirect_uri: OOB.to_owned(), ..app.clone() };
        for (case, who, more, status, error) in [
            ("another application of the company", &other, &[][..], 400, "invalid_grant"),
            ("an application of another company", &foreign, &[], 400, "invalid_grant"),
            ("wrong secret", &wrong_secret, &[], 401, "invalid_client"),
            ("no secret", &no_secret, &[], 401, "invalid_client"),
            ("unknown client", &unknown, &[], 401, "invalid_client"),
            ("another registered redirect URI", &elsewhere, &[], 400, "invalid_grant"),
            ("a verifier without a challenge", &app, &[("code_verifier", VERIFIER)], 400, "invalid_grant"),
        ] {
            let before = world.state().await;
            let refused = who.exchange_with(&world, &code, more).await;
            assert_eq!(
                (refused.status.as_u16(), &refused.json()["error"]),
                (status, &error.into()),
                "{case}: {refused}"
            );
            assert!(refused.header("www-authenticate").contains(error), "{case}: WWW-Authenticate");
            world.assert_unchanged(&before, case).await;
        }
        app.exchange(&world, &code).await.expect(200);
    });
}

#[test]
fn a_code_lives_ten_minutes() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        for (seconds, status) in [(599, 200), (600, 400)] {
            let code = ada.authorize(&app).await;
            world.advance(seconds * SECOND).await;
            let answer = app.exchange(&world, &code).await;
            assert_eq!(answer.status, status, "after {seconds} s: {answer}");
        }
    });
}

#[test]
fn proof_keys_cannot_be_left_out_or_weakened() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let public = ada.create_application("Public", CALLBACK, false, &[]).await;
        let confidential = ada.create_application("Confidential", CALLBACK, true, &[]).await;

        // What a request for a code may look like.
        let short = &CHALLENGE[..42];
        for (case, app, parameters, good) in [
            ("public without", &public, vec![], false),
            (
                "public plain",
                &public,
                vec![("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
                false,
            ),
            ("public without a method", &public, vec![("code_challenge", CHALLENGE)], false),
            ("public, method alone", &public, vec![("code_challenge_method", "S256")], false),
            (
                "public, empty",
                &public,
                vec![("code_challenge", ""), ("code_challenge_method", "S256")],
                false,
            ),
            ("short", &public, vec![("code_challenge", short), ("code_challenge_method", "S256")], false),
            ("S512", &public, vec![("code_challenge", CHALLENGE), ("code_challenge_method", "S512")], false),
            ("s256", &public, vec![("code_challenge", CHALLENGE), ("code_challenge_method", "s256")], false),
            (
                "public S256",
                &public,
                vec![("code_challenge", CHALLENGE), ("code_challenge_method", "S256")],
                true,
            ),
            ("confidential without", &confidential, vec![], true),
            ("confidential, method alone", &confidential, vec![("code_challenge_method", "S256")], false),
        ] {
            let parameters = [parameters, vec![("state", "s")]].concat();
            let answer = ada.consent(app, &parameters).await.expect(302);
            assert!(answer.location().starts_with(CALLBACK), "{case}: {answer}");
            let error = answer.location_parameter("error");
            assert_eq!(error.as_deref(), (!good).then_some("invalid_request"), "{case}: {answer}");
            assert_eq!(answer.location_parameter("code").is_some(), good, "{case}: {answer}");
            assert_eq!(answer.location_parameter("state").as_deref(), Some("s"), "{case}: {answer}");
        }

        // What a code that was asked for with a challenge is worth without its verifier.
        let s256 = [("code_challenge", CHALLENGE), ("code_challenge_method", "S256")];
        for app in [&public, &confidential] {
            let code = ada.authorize_with(app, &s256).await;
            let other = "a".repeat(43);
            for (case, verifier, error) in [
                ("none", None, "invalid_request"),
                ("empty", Some(""), "invalid_request"),
                ("the challenge itself", Some(CHALLENGE), "invalid_grant"),
                ("another", Some(other.as_str()), "invalid_grant"),
                ("too short", Some("abc"), "invalid_grant"),
            ] {
                let more: Vec<_> = verifier.map(|verifier| ("code_verifier", verifier)).into_iter().collect();
                let refused = app.exchange_with(&world, &code, &more).await;
                assert_eq!(
                    (refused.status.as_u16(), &refused.json()["error"]),
                    (400, &error.into()),
                    "{case}: {refused}"
                );
            }
            app.exchange_with(&world, &code, &[("code_verifier", VERIFIER)]).await.expect(200);
        }
    });
}

#[test]
fn a_stolen_refresh_token_ends_the_whole_family() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let first = ada.tokens(&app).await;
        let second = Tokens::from(app.refresh(&world, &first.refresh).await.expect(200));
        // The answer arrived: the pair before it ends.
        assert!(world.works(&second.access).await);
        assert!(
            !world.works(&first.access).await,
            "the old access token ends with the first use of the new one"
        );
        let bystander = ada.tokens(&app).await;

        app.refresh(&world, &first.refresh).await.expect_error(400, "invalid_grant");
        assert!(!world.works(&second.access).await, "theft ends the family on {}", world.engine);
        app.refresh(&world, &second.refresh).await.expect_error(400, "invalid_grant");
        assert!(world.works(&bystander.access).await, "another grant of the same person is another family");
        assert!(ada.audit_log().await.contains("oauth.refresh_reused"), "the audit log says so");
        let page = ada.browser.get(&format!("/oauth/applications/{}", app.id)).await.expect(200);
        assert!(page.text().contains("used again"), "so does the application's own log: {page}");
    });
}

#[test]
fn the_grace_covers_the_preceding_pair_only() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let first = ada.tokens(&app).await;
        let second = Tokens::from(app.refresh(&world, &first.refresh).await.expect(200));
        // Refreshing the second proves that it arrived, although its access token was never used.
        let third = Tokens::from(app.refresh(&world, &second.refresh).await.expect(200));
        app.refresh(&world, &first.refresh).await.expect_error(400, "invalid_grant");
        assert!(
            !world.works(&third.access).await,
            "a generation before the last is theft on {}",
            world.engine
        );
    });
}

#[test]
fn a_lost_answer_loses_nothing() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let first = ada.tokens(&app).await;
        // The answer never arrives; the client goes on with what it has.
        let lost = Tokens::from(app.refresh(&world, &first.refresh).await.expect(200));
        assert!(world.works(&first.access).await, "the old access token works until the new one is used");
        world.advance(59 * SECOND).await;
        let second = Tokens::from(app.refresh(&world, &first.refresh).await.expect(200));
        assert_ne!(lost.access, second.access);
        assert!(world.works(&second.access).await);
        assert!(!world.works(&first.access).await, "now it is known to have arrived");

        // The grace is bounded where the new pair is never used.
        let pair = ada.tokens(&app).await;
        app.refresh(&world, &pair.refresh).await.expect(200);
        world.advance(61 * SECOND).await;
        assert!(!world.works(&pair.access).await, "after the grace");
        app.refresh(&world, &pair.refresh).await.expect_error(400, "invalid_grant");
    });
}

/// The same request six times at once.
async fn six_at_once(world: &World, app: &Application, fields: &[(&str, &str)]) -> Vec<Answer> {
    let mut tasks = JoinSet::new();
    for _ in 0..6 {
        let (world, app) = (world.clone(), app.clone());
        let fields: Vec<_> = fields.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        tasks.spawn(async move {
            let fields: Vec<_> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            app.ask(&world, "/oauth/token", &fields).await
        });
    }
    tasks.join_all().await
}

#[test]
fn six_exchanges_at_once_have_one_winner_and_a_reused_code() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        for round in 0..5 {
            let code = ada.authorize(&app).await;
            let fields =
                [("code", code.as_str()), ("grant_type", "authorization_code"), ("redirect_uri", OOB)];
            let (won, lost): (Vec<_>, Vec<_>) =
                six_at_once(&world, &app, &fields).await.into_iter().partition(|answer| answer.status == 200);
            assert_eq!((won.len(), lost.len()), (1, 5), "round {round}: {lost:?}");
            for answer in lost {
                answer.expect_error(400, "invalid_grant");
            }
            let winner = Tokens::from(won.into_iter().next().unwrap());
            assert!(!world.works(&winner.access).await, "round {round}: the code was used twice");
        }
    });
}

#[test]
fn six_refreshes_at_once_all_succeed() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        for round in 0..5 {
            let first = ada.tokens(&app).await;
            let fields = [("refresh_token", first.refresh.as_str()), ("grant_type", "refresh_token")];
            let answers = six_at_once(&world, &app, &fields).await;
            let pairs: Vec<_> = answers.into_iter().map(|answer| Tokens::from(answer.expect(200))).collect();
            for (at, pair) in pairs.iter().enumerate() {
                assert!(world.works(&pair.access).await, "round {round}: pair {at} on {}", world.engine);
            }
            assert!(!world.works(&first.access).await, "round {round}: the pair before them has ended");
        }
    });
}

#[test]
fn a_narrowed_refresh_stays_narrow() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let tokens = ada.tokens(&app).await;
        let refresh = async |token: &str, scope: &str| {
            let fields = [("refresh_token", token), ("grant_type", "refresh_token"), ("scope", scope)];
            app.ask(&world, "/oauth/token", &fields).await
        };
        for scope in ["employees", "read employees", "nonsense", "read,write", "read+write"] {
            refresh(&tokens.refresh, scope).await.expect_error(400, "invalid_scope");
        }
        let narrow = refresh(&tokens.refresh, "read").await.expect(200);
        assert_eq!(narrow.json()["scope"], "read");
        let narrow = Tokens::from(narrow);
        refresh(&narrow.refresh, "read write").await.expect_error(400, "invalid_scope");
    });
}

#[test]
fn a_revoked_token_is_refused_by_the_next_request() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let (app, other) = (ada.application().await, ada.application().await);
        let public = ada.create_application("Public", CALLBACK, false, &[]).await;

        for by_refresh_token in [false, true] {
            let tokens = ada.tokens(&app).await;
            assert!(world.works(&tokens.access).await);
            // A stranger cannot, and learns nothing.
            let without = Application { client_secret: None, ..app.clone() };
            for (case, who) in
                [("another client", &other), ("no secret", &without), ("a public client", &public)]
            {
                let refused = who.revoke(&world, &tokens.access).await;
                assert_eq!(refused.status, 403, "{case}: {refused}");
                assert_eq!(refused.json()["error"], "unauthorized_client", "{case}");
                assert!(world.works(&tokens.access).await, "{case}");
            }
            let sent = if by_refresh_token { &tokens.refresh } else { &tokens.access };
            assert_eq!(app.revoke(&world, sent).await.expect(200).text(), "{}");
            assert!(
                !world.works(&tokens.access).await,
                "the next request, by refresh token: {by_refresh_token}"
            );
            app.refresh(&world, &tokens.refresh).await.expect_error(400, "invalid_grant");
            let told = app.ask(&world, "/oauth/introspect", &[("token", &tokens.access)]).await.expect(200);
            assert_eq!(told.text(), r#"{"active":false}"#);
            world
                .get("/oauth/token/info")
                .bearer(&tokens.access)
                .send()
                .await
                .expect_error(401, "invalid_token");
        }
        for unknown in ["", "x", &"0".repeat(64)] {
            assert_eq!(app.revoke(&world, unknown).await.expect(200).text(), "{}", "{unknown:?} is no error");
        }
    });
}

#[test]
fn a_person_shuts_an_application_out_at_the_next_request() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let app = ada.application().await;
        let mut bob = ada.employ("Bob").await;
        let (of_ada, of_bob) = (ada.tokens(&app).await, bob.tokens(&app).await);
        assert!(world.works(&of_ada.access).await && world.works(&of_bob.access).await);

        let pending = bob.authorize(&app).await;
        let page = bob.browser.get("/oauth/authorized_applications").await.expect(200);
        let form = page.form(&format!("/oauth/authorized_applications/{}", app.id));
        bob.browser.submit(&form).await.expect_to("/oauth/authorized_applications?notice=withdrawn");
        assert!(!world.works(&of_bob.access).await, "at the next request on {}", world.engine);
        app.refresh(&world, &of_bob.refresh).await.expect_error(400, "invalid_grant");
        app.exchange(&world, &pending).await.expect_error(400, "invalid_grant");
        assert!(world.works(&of_ada.access).await, "others let it in for themselves");
        let asked = bob.browser.get(&app.authorize_path(&[])).await;
        assert_eq!(asked.status, 200, "the consent is gone with it: {asked}");
        // A second time there is nothing to take back.
        bob.browser.submit(&form).await.expect(404);
    });
}

#[test]
fn introspection_is_for_the_client_that_holds_the_token() {
    World::each(async |world| {
        let mut ada = world.sign_up("Acme").await;
        let (app, other) = (ada.application().await, ada.application().await);
        let tokens = ada.tokens(&app).await;
        let ask = async |who: &Application, token: &str| {
            who.ask(&world, "/oauth/introspect", &[("token", token)]).await
        };
        for token in [&tokens.access, &tokens.refresh] {
            let told = ask(&app, token).await.expect(200);
            assert_eq!((&told.json()["active"], &told.json()["scope"]), (&true.into(), &"read write".into()));
            assert_eq!(told.header("cache-control"), "no-store");
            assert_eq!(ask(&other, token).await.expect(200).text(), r#"{"active":false}"#, "another client");
        }
        let stranger = world.post("/oauth/introspect").form(&[("token", &tokens.access)]).send().await;
        stranger.expect_error(400, "invalid_request");
        let wrong = Application { client_secret: Some("x".to_owned()), ..app.clone() };
        ask(&wrong, &tokens.access).await.expect_error(401, "invalid_client");
        for spelled in ["/oauth/token/info", "/oauth/token/info.json"] {
            let info = world.get(spelled).bearer(&tokens.access).send().await.expect(200).json();
            let expected = (&app.client_id.clone().into(), &7200.into());
            assert_eq!((&info["application"]["uid"], &info["expires_in"]), expected);
        }
        let spelled = app.ask(&world, "/oauth/introspect.json", &[("token", &tokens.access)]).await;
        assert_eq!(spelled.expect(200).json()["active"], true);
        let refreshed = [("grant_type", "refresh_token"), ("refresh_token", &tokens.refresh)];
        app.ask(&world, "/oauth/token.json", &refreshed).await.expect(200);
        let revoked = [("token", tokens.access.as_str())];
        app.ask(&world, "/oauth/revoke.json", &revoked).await.expect(200);
    });
}
