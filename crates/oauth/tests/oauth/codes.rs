//! The exchange of a code, and what every request to the token endpoint is refused for.

use oauth::token::TokenRequest;
use oauth::{ClientCredentials, Settings};

use crate::world::*;

type Twist = fn(&mut TokenRequest);

#[test]
fn the_answer_is_that_of_the_guide() {
    everywhere(|world| {
        let app = world.app(input());
        let ask = oauth::authorize::AuthorizationRequest { scope: text("time_off employees"), ..app.ask() };
        let answer = world.token(app.redeem(&world.code(ask))).unwrap();
        for secret in [answer.access_token.expose(), answer.refresh_token.as_ref().unwrap().expose()] {
            assert!(secret.len() == 64 && secret.bytes().all(|b| b.is_ascii_hexdigit()));
        }
        assert_eq!(
            (answer.token_type, answer.expires_in, answer.scope.as_str(), answer.created_at),
            ("Bearer", Some(7200), "time_off employees", 1_795_424_400)
        );
    });
}

#[test]
fn refusals_come_in_the_documented_order() {
    everywhere(|world| {
        let app = world.app(input());
        let code = world.code(app.ask());
        // Each twist is added to those before it, so each row also says which error comes first.
        let twists: [(&str, Twist, (&str, u16)); 9] = [
            ("unknown redirect", |r| r.redirect_uri = text("https://app.example/callback/"), INVALID_GRANT),
            ("unknown code", |r| r.code = text("unknown"), INVALID_GRANT),
            ("wrong secret", |r| r.client_secret = text("wrong"), INVALID_CLIENT),
            ("unknown client", |r| r.client_id = text("unknown"), INVALID_CLIENT),
            ("no client", |r| r.client_id = None, INVALID_CLIENT),
            ("no redirect", |r| r.redirect_uri = text(""), INVALID_REQUEST),
            ("no code", |r| r.code = None, INVALID_REQUEST),
            (
                "unknown grant type",
                |r| r.grant_type = text("client_credentials"),
                ("unsupported_grant_type", 400),
            ),
            ("no grant type", |r| r.grant_type = None, INVALID_REQUEST),
        ];
        let mut request = app.redeem(&code);
        for (name, twist, expected) in twists {
            twist(&mut request);
            assert_eq!(error(&world.token(request.clone())), expected, "{name}");
        }
        // None of them burned the code.
        assert!(world.token(app.redeem(&code)).is_ok());
    });
}

#[test]
fn a_client_proves_itself_in_one_way() {
    everywhere(|world| {
        let (app, public) = (world.app(input()), world.app(public()));
        let basic = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        let cases = [
            ("parameters", app.credentials(), Ok(())),
            ("basic", of(None, None, basic(&app.client_id, &app.secret)), Ok(())),
            (
                "basic, id repeated",
                of(text(&app.client_id), None, basic(&app.client_id, &app.secret)),
                Ok(()),
            ),
            (
                "two ways",
                of(None, text(&app.secret), basic(&app.client_id, &app.secret)),
                Err(INVALID_REQUEST),
            ),
            (
                "two clients",
                of(text("other"), None, basic(&app.client_id, &app.secret)),
                Err(INVALID_REQUEST),
            ),
            ("basic, wrong", of(None, None, basic(&app.client_id, "wrong")), Err(INVALID_CLIENT)),
            ("basic, unreadable", of(None, None, basic("", "")), Err(INVALID_CLIENT)),
            ("no secret", of(text(&app.client_id), None, None), Err(INVALID_CLIENT)),
            ("empty secret", of(text(&app.client_id), text(""), None), Err(INVALID_CLIENT)),
            ("another's secret", of(text(&app.client_id), text(&public.secret), None), Err(INVALID_CLIENT)),
            ("a zero byte", of(text("\0"), text("\0"), None), Err(INVALID_CLIENT)),
        ];
        for (name, client, expected) in cases {
            let request = with(app.redeem(&world.code(app.ask())), client);
            assert_eq!(world.token(request).map(drop).map_err(|e| (e.code, e.status)), expected, "{name}");
        }
        let cases = [
            ("public, none", of(text(&public.client_id), None, None), Ok(())),
            ("public, empty", of(text(&public.client_id), text(""), None), Ok(())),
            ("public, right", public.credentials(), Ok(())),
            ("public, wrong", of(text(&public.client_id), text("wrong"), None), Err(INVALID_CLIENT)),
        ];
        for (name, client, expected) in cases {
            let ask = oauth::authorize::AuthorizationRequest {
                code_challenge: text(CHALLENGE),
                code_challenge_method: text("S256"),
                ..public.ask()
            };
            let request = with(public.redeem(&world.code(ask)), client);
            let request = TokenRequest { code_verifier: text(VERIFIER), ..request };
            assert_eq!(world.token(request).map(drop).map_err(|e| (e.code, e.status)), expected, "{name}");
        }
    });
}

pub fn public() -> oauth::application::ApplicationInput {
    oauth::application::ApplicationInput { confidential: false, ..input() }
}

fn of(id: Option<String>, secret: Option<String>, basic: Option<(String, String)>) -> ClientCredentials {
    ClientCredentials { client_id: id, client_secret: secret, basic, ..ClientCredentials::default() }
}

fn with(request: TokenRequest, client: ClientCredentials) -> TokenRequest {
    let ClientCredentials { client_id, client_secret, basic, address, known } = client;
    TokenRequest { client_id, client_secret, basic, address, known, ..request }
}

#[test]
fn a_code_belongs_to_one_client_one_redirect_uri_and_ten_minutes() {
    everywhere(|world| {
        let (app, other) = (world.app(input()), world.app(input()));
        let code = world.code(app.ask());
        assert_eq!(error(&world.token(other.redeem(&code))), INVALID_GRANT);
        for twist in [
            "https://app.example/callback/",
            "https://app.example/callback?x",
            "https://app.example:443/callback",
            "https://app.example/%63allback",
            "https://APP.example/callback",
            "https://app.example@evil.example/callback",
            oauth::OUT_OF_BAND,
        ] {
            let request = TokenRequest { redirect_uri: text(twist), ..app.redeem(&code) };
            assert_eq!(error(&world.token(request)), INVALID_GRANT, "{twist}");
        }
        world.advance(599);
        assert!(world.token(app.redeem(&code)).is_ok());
        let code = world.code(app.ask());
        world.advance(600);
        assert_eq!(error(&world.token(app.redeem(&code))), INVALID_GRANT);
    });
}

#[test]
fn a_code_used_again_revokes_what_it_gave() {
    everywhere(|world| {
        let app = world.app(input());
        let code = world.code(app.ask());
        let (access, refresh) = tokens(&world.token(app.redeem(&code)));
        let (newer, _) = tokens(&world.refresh(&app, &refresh));
        // Somebody without the secret changes nothing.
        let guess = TokenRequest { client_secret: text("wrong"), ..app.redeem(&code) };
        assert_eq!(error(&world.token(guess)), INVALID_CLIENT);
        assert_eq!(world.state(&access), "live");
        assert_eq!(error(&world.token(app.redeem(&code))), INVALID_GRANT);
        for token in [access, newer] {
            assert_eq!(world.state(&token), "revoked");
        }
        assert_eq!(error(&world.refresh(&app, &refresh)), INVALID_GRANT);
        assert_eq!(error(&world.token(app.redeem(&code))), INVALID_GRANT);
        assert_eq!(world.audited("oauth.code_reused"), 1);
    });
}

#[test]
fn one_of_six_exchanges_at_once_wins() {
    everywhere(|world| {
        let app = world.app(input());
        let code = world.code(app.ask());
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| world.token(app.redeem(&code)))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!((won.len(), lost.len()), (1, 5));
        assert!(lost.iter().all(|answer| error(answer) == INVALID_GRANT));
        // Six parties had the code, so what it gave is taken back.
        assert_eq!(world.state(&tokens(&won[0]).0), "revoked");
    });
}

#[test]
fn a_verifier_cannot_be_left_out_or_added() {
    everywhere(|world| {
        let app = world.app(input());
        let plain = "a".repeat(43);
        for (challenge, method, verifier, expected) in [
            (Some(CHALLENGE), Some("S256"), Some(VERIFIER), Ok(())),
            (Some(CHALLENGE), Some("S256"), None, Err(INVALID_REQUEST)),
            (Some(CHALLENGE), Some("S256"), Some(""), Err(INVALID_REQUEST)),
            (Some(CHALLENGE), Some("S256"), Some(CHALLENGE), Err(INVALID_GRANT)),
            (Some(CHALLENGE), Some("S256"), Some("abc"), Err(INVALID_GRANT)),
            (Some(plain.as_str()), Some("plain"), Some(plain.as_str()), Ok(())),
            (Some(plain.as_str()), None, Some(plain.as_str()), Ok(())),
            (Some(plain.as_str()), None, Some(VERIFIER), Err(INVALID_GRANT)),
            (None, None, Some(VERIFIER), Err(INVALID_GRANT)),
        ] {
            let ask = oauth::authorize::AuthorizationRequest {
                code_challenge: challenge.map(str::to_owned),
                code_challenge_method: method.map(str::to_owned),
                ..app.ask()
            };
            let code = world.code(ask);
            let request = TokenRequest { code_verifier: verifier.map(str::to_owned), ..app.redeem(&code) };
            let answer = world.token(request).map(drop).map_err(|e| (e.code, e.status));
            assert_eq!(answer, expected, "{challenge:?} {method:?} {verifier:?}");
            if answer.is_err() && challenge == Some(CHALLENGE) {
                let right = TokenRequest { code_verifier: text(VERIFIER), ..app.redeem(&code) };
                assert!(world.token(right).is_ok(), "a failed exchange does not burn the code");
            }
        }
        // A missing verifier is noticed before the client.
        let ask = oauth::authorize::AuthorizationRequest {
            code_challenge: text(CHALLENGE),
            code_challenge_method: text("S256"),
            ..app.ask()
        };
        let request = TokenRequest { client_secret: text("wrong"), ..app.redeem(&world.code(ask)) };
        assert_eq!(error(&world.token(request)), INVALID_REQUEST);
    });
}

#[test]
fn lifetimes_are_those_of_the_application() {
    everywhere(|world| {
        let app = world.app(oauth::application::ApplicationInput {
            access_token_lifetime: "60".to_owned(),
            refresh_token_lifetime: "120".to_owned(),
            ..input()
        });
        let answer = world.token(app.redeem(&world.code(app.ask())));
        assert_eq!(answer.as_ref().unwrap().expires_in, Some(60));
        let (access, refresh) = tokens(&answer);
        world.advance(59);
        assert_eq!(world.state(&access), "live");
        world.advance(1);
        assert_eq!(world.state(&access), "expired");
        world.advance(60);
        assert_eq!(error(&world.refresh(&app, &refresh)), INVALID_GRANT);
        assert_eq!(Settings::default().access_token_lifetime, 7200);
    });
}

#[test]
fn the_developer_is_told_why() {
    everywhere(|world| {
        let app = world.app(input());
        let code = world.code(app.ask());
        let sent = "https://app.example/other";
        let _ = world.token(TokenRequest { redirect_uri: text(sent), ..app.redeem(&code) });
        let _ = world.token(TokenRequest { client_secret: text("hunter2"), ..app.redeem(&code) });
        let failures = world.failures(&app);
        let told: Vec<_> = failures.iter().map(|f| (f.endpoint.as_str(), f.error.as_str())).collect();
        assert_eq!(told, [("token", "invalid_client"), ("token", "invalid_grant")]);
        assert!(failures[1].reason.contains(REDIRECT) && failures[1].sent == sent);
        for failure in failures {
            for secret in ["hunter2", code.as_str(), app.secret.as_str()] {
                assert!(!format!("{failure:?}").contains(secret));
            }
        }
    });
}
