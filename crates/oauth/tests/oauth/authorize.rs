//! What becomes of an authorization request.

use oauth::OUT_OF_BAND;
use oauth::application::{self, ApplicationInput};
use oauth::authorize::{self, AuthorizationFailure, AuthorizationRequest, Owner};
use oauth::token::TokenRequest;
use registry::Scopes;

use crate::codes::public;
use crate::world::*;

type Twist = fn(&mut AuthorizationRequest);

fn legacy() -> ApplicationInput {
    ApplicationInput { scopes: vec![], ..input() }
}

#[test]
fn what_cannot_be_trusted_is_never_redirected() {
    everywhere(|world| {
        let app = world.app(input());
        let cases: [(&str, Twist, &str); 8] = [
            ("no client", |r| r.client_id = None, "invalid_request"),
            ("unknown client", |r| r.client_id = text("unknown"), "invalid_client"),
            ("no redirect", |r| r.redirect_uri = text(""), "invalid_request"),
            (
                "suffix",
                |r| r.redirect_uri = text("https://app.example/callback/evil"),
                "invalid_redirect_uri",
            ),
            ("port", |r| r.redirect_uri = text("https://app.example:8443/callback"), "invalid_redirect_uri"),
            ("encoded", |r| r.redirect_uri = text("https://app.example/callbac%6b"), "invalid_redirect_uri"),
            ("host", |r| r.redirect_uri = text("https://app.example.evil/callback"), "invalid_redirect_uri"),
            (
                "userinfo",
                |r| r.redirect_uri = text("https://app.example@evil/callback"),
                "invalid_redirect_uri",
            ),
        ];
        for (name, twist, expected) in cases {
            let mut request = app.ask();
            twist(&mut request);
            let Err(AuthorizationFailure::Page { error, registered, application }) =
                world.prepare(request.clone())
            else {
                panic!("{name} is redirected")
            };
            assert_eq!(error.code, expected, "{name}");
            if application.is_some() {
                assert_eq!(registered, [REDIRECT, OUT_OF_BAND]);
            }
            let anonymous =
                world.db.read_blocking(move |tx| authorize::prepare_anonymous(tx, &request)).unwrap();
            assert_eq!(anonymous.unwrap_err().error().code, expected, "{name}");
        }
        let request = app.ask();
        let named = world.db.read_blocking(move |tx| authorize::prepare_anonymous(tx, &request)).unwrap();
        assert_eq!(named.unwrap(), "Payroll");
    });
}

#[test]
fn every_other_error_goes_to_the_redirect_uri() {
    everywhere(|world| {
        let app = world.app(input());
        let cases: [(Twist, &str); 16] = [
            (|r| r.response_type = None, "invalid_request"),
            (|r| r.response_type = text("token"), "unsupported_response_type"),
            (|r| r.response_mode = text("form_post"), "invalid_request"),
            (|r| r.scope = text("expenses"), "invalid_scope"),
            (|r| r.scope = text("read"), "invalid_scope"),
            (|r| r.scope = text("employees,tasks"), "invalid_scope"),
            (|r| r.scope = text("employees+tasks"), "invalid_scope"),
            (|r| r.code_challenge_method = text("S256"), "invalid_request"),
            (|r| r.code_challenge = text("short"), "invalid_request"),
            (
                |r| {
                    r.code_challenge = text(CHALLENGE);
                    r.code_challenge_method = text("s256");
                },
                "invalid_request",
            ),
            (
                |r| {
                    r.code_challenge = Some("a".repeat(44));
                    r.code_challenge_method = text("S256");
                },
                "invalid_request",
            ),
            (|r| r.code_challenge = Some("a".repeat(129)), "invalid_request"),
            (|r| r.resource = text("https://elsewhere.example/"), "invalid_target"),
            (|r| r.resource = text("http://127.0.0.1:30001/"), "invalid_target"),
            (|r| r.resource_owner_type = text("company"), "access_denied"),
            (|r| r.resource_owner_type = text("everyone"), "invalid_request"),
        ];
        for (twist, expected) in cases {
            let mut request = AuthorizationRequest { state: text("a b&c"), ..app.ask() };
            twist(&mut request);
            let Err(AuthorizationFailure::Redirect { location, .. }) = world.prepare(request.clone()) else {
                panic!("{request:?} is not redirected")
            };
            assert!(location.starts_with("https://app.example/callback?error="), "{location}");
            assert_eq!(parameter(&location, "error").as_deref(), Some(expected), "{request:?}");
            assert_eq!(parameter(&location, "state").as_deref(), Some("a b&c"));
            assert_eq!(parameter(&location, "iss"), Some(world.settings.issuer.clone()));
            // Where nobody listens, the page says it.
            let native = AuthorizationRequest { redirect_uri: text(OUT_OF_BAND), ..request };
            assert!(matches!(world.prepare(native), Err(AuthorizationFailure::Page { .. })));
        }
    });
}

#[test]
fn a_failure_is_logged_for_the_developer() {
    everywhere(|world| {
        let app = world.app(input());
        let request = AuthorizationRequest { redirect_uri: text("https://app.example/old"), ..app.ask() };
        let failure = world.prepare(request.clone()).unwrap_err();
        world.write(move |tx| Ok(failure.record(tx, &request, "192.0.2.1")?)).unwrap();
        let logged = &world.failures(&app)[0];
        assert_eq!(
            (logged.endpoint.as_str(), logged.sent.as_str()),
            ("authorize", "https://app.example/old")
        );
        assert!(logged.reason.contains(REDIRECT));
    });
}

#[test]
fn a_public_application_cannot_leave_out_its_proof() {
    everywhere(|world| {
        let strict = world.app(ApplicationInput { require_pkce: true, ..input() });
        let (public, usual) = (world.app(public()), world.app(input()));
        let long = "a".repeat(43);
        for (challenge, method, from_public, from_strict, from_usual) in [
            (Some(CHALLENGE), Some("S256"), true, true, true),
            (None, None, false, false, true),
            (None, Some("S256"), false, false, false),
            (None, Some("plain"), false, false, false),
            (Some(long.as_str()), Some("plain"), false, true, true),
            (Some(long.as_str()), None, false, true, true),
            (Some(long.as_str()), Some("none"), false, false, false),
        ] {
            for (app, accepted) in [(&public, from_public), (&strict, from_strict), (&usual, from_usual)] {
                let request = AuthorizationRequest {
                    code_challenge: challenge.map(str::to_owned),
                    code_challenge_method: method.map(str::to_owned),
                    ..app.ask()
                };
                assert_eq!(world.prepare(request).is_ok(), accepted, "{challenge:?} {method:?}");
            }
        }
    });
}

#[test]
fn an_answer_carries_code_issuer_and_state() {
    everywhere(|world| {
        let app = world.app(input());
        for (mode, redirect, expected) in [
            (None, REDIRECT, "https://app.example/callback?code="),
            (text("query"), REDIRECT, "https://app.example/callback?code="),
            (text("fragment"), REDIRECT, "https://app.example/callback#code="),
            (None, OUT_OF_BAND, "/oauth/authorize/native?code="),
        ] {
            let request = AuthorizationRequest {
                response_mode: mode,
                redirect_uri: text(redirect),
                state: text("xyz"),
                resource: text("http://127.0.0.1:3000/api"),
                ..app.ask()
            };
            let authorization = world.prepare(request).unwrap();
            let denied = authorize::deny(&authorization);
            assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
            let scopes = authorization.scopes.clone();
            let location = world.approve_as(authorization, &world.member, world.acme, scopes).unwrap();
            assert!(location.starts_with(expected), "{location}");
            assert_eq!(parameter(&location, "code").unwrap().len(), 64);
            if redirect == REDIRECT {
                assert_eq!(parameter(&location, "state").as_deref(), Some("xyz"));
                assert_eq!(parameter(&location, "iss"), Some(world.settings.issuer.clone()));
            } else {
                assert_eq!(parameter(&location, "state"), None);
            }
        }
    });
}

#[test]
fn a_loopback_redirect_may_use_any_port() {
    everywhere(|world| {
        let app = world.app(ApplicationInput { redirect_uri: "http://127.0.0.1/cb".to_owned(), ..input() });
        let at = |port: u16| text(&format!("http://127.0.0.1:{port}/cb"));
        let code = world.code(AuthorizationRequest { redirect_uri: at(51234), ..app.ask() });
        // The exchange repeats what was asked for, port and all.
        let elsewhere = TokenRequest { redirect_uri: at(51235), ..app.redeem(&code) };
        assert_eq!(error(&world.token(elsewhere)), INVALID_GRANT);
        assert!(world.token(TokenRequest { redirect_uri: at(51234), ..app.redeem(&code) }).is_ok());
    });
}

#[test]
fn scopes_are_those_asked_for_and_left_ticked() {
    everywhere(|world| {
        let (app, legacy) = (world.app(input()), world.app(legacy()));
        for (app, scope, expected) in [
            (&app, None, "employees tasks time_off"),
            (&app, text(""), "employees tasks time_off"),
            (&app, text("time_off employees"), "time_off employees"),
            (&legacy, None, "read write"),
            (&legacy, text("read"), "read"),
            (&legacy, text("write read"), "write read"),
        ] {
            let authorization = world.prepare(AuthorizationRequest { scope, ..app.ask() }).unwrap();
            assert_eq!(authorization.scopes.to_string(), expected);
        }
        let asking = || world.prepare(app.ask()).unwrap();
        for (ticked, allowed) in
            [("", false), ("expenses", false), ("tasks expenses", false), ("tasks", true)]
        {
            let ticked = Scopes::parse(ticked).unwrap();
            let answer = world.approve_as(asking(), &world.member, world.acme, ticked.clone());
            assert_eq!(answer.is_ok(), allowed, "{ticked}");
            if let Ok(location) = answer {
                let code = parameter(&location, "code").unwrap();
                assert_eq!(world.token(app.redeem(&code)).unwrap().scope, "tasks");
            }
        }
    });
}

#[test]
fn consent_is_skipped_for_exactly_what_was_consented_to() {
    everywhere(|world| {
        let app = world.app(input());
        let asking =
            |scope: &str| world.prepare(AuthorizationRequest { scope: text(scope), ..app.ask() }).unwrap();
        assert!(!asking("employees tasks").skip);
        let first = asking("employees tasks");
        let scopes = first.scopes.clone();
        world.approve_as(first, &world.member, world.acme, scopes).unwrap();
        for (scope, skip) in
            [("tasks employees", true), ("tasks", false), ("employees tasks time_off", false), ("", false)]
        {
            assert_eq!(asking(scope).skip, skip, "{scope:?}");
        }
        // It is the consent of one person, for himself.
        let request = AuthorizationRequest { scope: text("employees tasks"), ..app.ask() };
        assert!(!world.prepare_as(request, &world.admin, world.acme).unwrap().skip);

        let public = world.app(public());
        let request = || AuthorizationRequest {
            code_challenge: text(CHALLENGE),
            code_challenge_method: text("S256"),
            ..public.ask()
        };
        world.code_as(request(), &world.member, world.acme);
        assert!(!world.prepare(request()).unwrap().skip, "anybody can pretend to be a public application");

        let request = || AuthorizationRequest { resource_owner_type: text("company"), ..app.ask() };
        world.code(app.ask());
        world.code(request());
        assert!(
            !world.prepare_as(request(), &world.admin, world.acme).unwrap().skip,
            "the company is asked each time"
        );
    });
}

#[test]
fn a_company_token_does_not_expire() {
    everywhere(|world| {
        let app = world.app(input());
        let request = || AuthorizationRequest { resource_owner_type: text("company"), ..app.ask() };
        let authorization = world.prepare_as(request(), &world.admin, world.acme).unwrap();
        assert_eq!(authorization.owner, Owner::Company);
        // Whoever stops being an administrator in between cannot consent any more.
        let scopes = authorization.scopes.clone();
        assert!(world.approve_as(authorization, &world.member, world.acme, scopes).is_err());
        let answer = world.token(app.redeem(&world.code(request())));
        let given = answer.as_ref().unwrap();
        assert!(given.expires_in.is_none() && given.refresh_token.is_none());
        let (access, _) = tokens(&answer);
        world.advance(10 * 365 * 86_400);
        world.clean();
        assert_eq!(world.state(&access), "live");
        assert!(world.identity(&access).principal.person().is_none());
        assert_eq!(world.identity(&access).valid_until, None);
    });
}

#[test]
fn an_application_serves_its_own_company_unless_it_is_shared() {
    everywhere(|world| {
        let app = world.app(input());
        let ask = || world.prepare_as(app.ask(), &world.stranger, world.other);
        let Err(AuthorizationFailure::Page { error, application: None, registered }) = ask() else {
            panic!("the application exists for a stranger")
        };
        assert!(error.code == "invalid_client" && registered.is_empty());

        let share = |shared| {
            let client_id = app.client_id.clone();
            world.write(move |tx| application::share(tx, &client_id, shared)).unwrap();
        };
        share(true);
        let code = world.code_as(app.ask(), &world.stranger, world.other);
        let (access, refresh) = tokens(&world.token(app.redeem(&code)));
        assert_eq!(world.identity(&access).principal.company, world.other);
        let (newer, _) = tokens(&world.refresh(&app, &refresh));
        assert_eq!(world.identity(&newer).principal.company, world.other);
        let (own, _) = world.pair(&app);
        share(false);
        assert_eq!(world.state(&newer), "revoked");
        assert_eq!(world.state(&own), "live");
    });
}
