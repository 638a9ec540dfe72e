//! What a refresh gives and takes, also when answers get lost, cross each other, or are stolen.

use oauth::token::TokenRequest;
use storage::Stale;

use crate::world::*;

#[test]
fn the_pair_before_lives_until_the_new_one_is_used() {
    everywhere(|world| {
        let app = world.app(input());
        let (first, refresh) = world.pair(&app);
        assert_eq!(world.state(&first), "live");
        let (second, _) = tokens(&world.refresh(&app, &refresh));
        assert_eq!(world.state(&first), "live");
        assert_eq!(world.state(&second), "live");
        assert_eq!(world.state(&first), "revoked");
        assert_eq!(world.state(&second), "live");
    });
}

#[test]
fn a_lost_answer_loses_nothing() {
    everywhere(|world| {
        let app = world.app(input());
        let (first, refresh) = world.pair(&app);
        let lost = world.refresh(&app, &refresh);
        world.advance(59);
        assert_eq!(world.state(&first), "live");
        let (again, newer) = tokens(&world.refresh(&app, &refresh));
        assert_eq!(world.state(&again), "live");
        assert!(world.refresh(&app, &newer).is_ok());
        // The lost pair was as good as the other.
        assert_eq!(world.state(&tokens(&lost).0), "live");
        assert_eq!(world.audited("oauth.refresh_reused"), 0);
    });
}

#[test]
fn six_refreshes_at_once_give_six_good_pairs() {
    everywhere(|world| {
        let app = world.app(input());
        let (first, refresh) = world.pair(&app);
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| world.refresh(&app, &refresh))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for answer in &answers {
            assert_eq!(world.state(&tokens(answer).0), "live");
        }
        assert_eq!(world.state(&first), "revoked");
        for answer in &answers {
            assert!(world.refresh(&app, &tokens(answer).1).is_ok());
        }
    });
}

#[test]
fn a_replay_after_use_ends_the_family() {
    everywhere(|world| {
        let app = world.app(input());
        let (bystander, _) = world.pair(&app);
        let (_, refresh) = world.pair(&app);
        let (second, newer) = tokens(&world.refresh(&app, &refresh));
        assert_eq!(world.state(&second), "live");
        // A thief without the secret cannot even end it.
        let guess = TokenRequest { client_secret: text("wrong"), ..app.refresh(&refresh) };
        assert_eq!(error(&world.token(guess)), INVALID_CLIENT);
        assert_eq!(world.state(&second), "live");
        assert_eq!(error(&world.refresh(&app, &refresh)), INVALID_GRANT);
        assert_eq!(world.state(&second), "revoked");
        assert_eq!(error(&world.refresh(&app, &newer)), INVALID_GRANT);
        assert_eq!(world.state(&bystander), "live");
        assert_eq!(world.audited("oauth.refresh_reused"), 1);
    });
}

#[test]
fn the_grace_is_bounded() {
    everywhere(|world| {
        let app = world.app(input());
        let (first, refresh) = world.pair(&app);
        let (second, _) = tokens(&world.refresh(&app, &refresh));
        world.advance(59);
        // Asking again does not prolong it.
        assert!(world.refresh(&app, &refresh).is_ok());
        world.advance(1);
        assert_eq!(world.state(&first), "revoked");
        assert_eq!(error(&world.refresh(&app, &refresh)), INVALID_GRANT);
        assert_eq!(world.state(&second), "revoked");
    });
}

#[test]
fn the_grace_covers_the_preceding_pair_only() {
    everywhere(|world| {
        let app = world.app(input());
        let (first, refresh) = world.pair(&app);
        let (second, newer) = tokens(&world.refresh(&app, &refresh));
        let (third, _) = tokens(&world.refresh(&app, &newer));
        assert_eq!(world.state(&first), "revoked");
        assert_eq!(world.state(&second), "live");
        assert_eq!(error(&world.refresh(&app, &refresh)), INVALID_GRANT);
        assert_eq!(world.state(&third), "revoked");
    });
}

#[test]
fn an_expired_refresh_token_is_no_theft() {
    everywhere(|world| {
        let app = world.app(input());
        let (first, refresh) = world.pair(&app);
        world.advance(604_799);
        assert_eq!(world.state(&first), "expired");
        let (second, _) = tokens(&world.refresh(&app, &refresh));
        assert_eq!(world.state(&second), "live");
        world.advance(1);
        assert_eq!(error(&world.refresh(&app, &refresh)), INVALID_GRANT);
        assert_eq!(world.state(&second), "live");
    });
}

#[test]
fn refusals_come_in_the_documented_order() {
    everywhere(|world| {
        let (app, other) = (world.app(input()), world.app(input()));
        let (_, refresh) = world.pair(&app);
        let request = || app.refresh(&refresh);
        for (name, request, expected) in [
            ("no token", TokenRequest { refresh_token: None, ..request() }, INVALID_REQUEST),
            ("unknown token, wrong secret", wrong(app.refresh("unknown")), INVALID_GRANT),
            ("known token, wrong secret", wrong(request()), INVALID_CLIENT),
            ("no client", TokenRequest { client_id: None, ..request() }, INVALID_GRANT),
            ("another client", other.refresh(&refresh), INVALID_GRANT),
            ("wider scope", TokenRequest { scope: text("expenses"), ..request() }, INVALID_SCOPE),
            ("unknown scope", TokenRequest { scope: text("read,write"), ..request() }, INVALID_SCOPE),
        ] {
            assert_eq!(error(&world.token(request)), expected, "{name}");
        }
        assert!(world.token(request()).is_ok());
    });
}

fn wrong(request: TokenRequest) -> TokenRequest {
    TokenRequest { client_secret: text("wrong"), ..request }
}

#[test]
fn a_narrower_scope_sticks() {
    everywhere(|world| {
        let app = world.app(input());
        let (_, refresh) = world.pair(&app);
        let narrow = TokenRequest { scope: text("tasks employees"), ..app.refresh(&refresh) };
        let answer = world.token(narrow);
        assert_eq!(answer.as_ref().unwrap().scope, "tasks employees");
        let (access, refresh) = tokens(&answer);
        assert_eq!(world.scopes(&access), "tasks employees");
        let wide = TokenRequest { scope: text("time_off"), ..app.refresh(&refresh) };
        assert_eq!(error(&world.token(wide)), INVALID_SCOPE);
        assert_eq!(world.refresh(&app, &refresh).unwrap().scope, "tasks employees");
    });
}

#[test]
fn caches_hear_of_every_end() {
    everywhere(|world| {
        let app = world.app(input());
        let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let sink = heard.clone();
        world.db.on_stale(move |stale| sink.lock().unwrap().push(stale.clone()));
        let told = |token: &str| {
            let stale = Stale::Credential(accounts::hash(token));
            let mut heard = heard.lock().unwrap();
            let told = heard.iter().any(|heard| *heard == stale || matches!(heard, Stale::Company(_)));
            heard.clear();
            told
        };
        let (first, refresh) = world.pair(&app);
        let (second, newer) = tokens(&world.refresh(&app, &refresh));
        assert!(told(&first), "superseded: it ends with the grace");
        assert_eq!(world.valid_for(&first), Some(60));
        assert_eq!(world.valid_for(&second), Some(7200));
        assert_eq!(world.state(&second), "live");
        assert!(told(&first), "the next was used");
        let (third, _) = tokens(&world.refresh(&app, &newer));
        heard.lock().unwrap().clear();
        assert_eq!(error(&world.refresh(&app, &refresh)), INVALID_GRANT);
        assert!(told(&third), "the family ended");
    });
}
