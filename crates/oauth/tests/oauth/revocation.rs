//! Revocation, introspection, and what a token says about itself.

use oauth::ClientCredentials;

use crate::codes::public;
use crate::world::*;

const NOT_YOURS: (&str, u16) = ("unauthorized_client", 403);

#[test]
fn either_token_ends_the_family_of_its_own_client() {
    everywhere(|world| {
        let app = world.app(input());
        for which in ["access", "refresh"] {
            let (access, refresh) = world.pair(&app);
            let (bystander, _) = world.pair(&app);
            let token = if which == "access" { &access } else { &refresh };
            for _ in 0..2 {
                assert_eq!(world.revoke(token, app.credentials()), Ok(()), "{which}");
            }
            assert_eq!(world.state(&access), "revoked");
            assert_eq!(error(&world.refresh(&app, &refresh)), INVALID_GRANT);
            assert_eq!(world.state(&bystander), "live");
        }
        assert_eq!(world.audited("oauth.token_revoked"), 2);
    });
}

#[test]
fn strangers_cannot_revoke() {
    everywhere(|world| {
        let (app, other, open) = (world.app(input()), world.app(input()), world.app(public()));
        let (access, refresh) = world.pair(&app);
        let no_client = ClientCredentials::default();
        let no_secret = ClientCredentials { client_secret: None, ..app.credentials() };
        let wrong = ClientCredentials { client_secret: text("wrong"), ..app.credentials() };
        for client in [no_client, no_secret, wrong, other.credentials(), open.credentials()] {
            assert_eq!(world.revoke("unknown", client.clone()), Ok(()));
            assert_eq!(world.revoke("", client.clone()), Ok(()));
            for token in [&access, &refresh] {
                assert_eq!(error(&world.revoke(token, client.clone())), NOT_YOURS, "{client:?}");
            }
        }
        let twice = ClientCredentials {
            basic: Some((app.client_id.clone(), app.secret.clone())),
            ..app.credentials()
        };
        assert_eq!(error(&world.revoke(&access, twice)), INVALID_REQUEST);
        assert_eq!(world.state(&access), "live");
    });
}

#[test]
fn a_client_that_tidies_up_keeps_its_new_pair() {
    everywhere(|world| {
        let app = world.app(input());
        let (first, refresh) = world.pair(&app);
        let (second, newer) = tokens(&world.refresh(&app, &refresh));
        assert_eq!(world.revoke(&refresh, app.credentials()), Ok(()));
        assert_eq!(world.state(&first), "revoked");
        assert_eq!(world.state(&second), "live");
        assert_eq!(world.revoke(&first, app.credentials()), Ok(()));
        assert_eq!(world.state(&second), "live");
        assert!(world.refresh(&app, &newer).is_ok());
    });
}

#[test]
fn a_client_introspects_its_own_tokens_only() {
    everywhere(|world| {
        let (app, other) = (world.app(input()), world.app(input()));
        let (access, refresh) = world.pair(&app);
        let seen = world.introspect(&access, app.credentials()).unwrap().unwrap();
        assert_eq!(
            (seen.scope.as_str(), &seen.client_id, seen.token_type, seen.exp, seen.iat, seen.sub),
            (
                "employees tasks time_off",
                &app.client_id,
                Some("Bearer"),
                Some(1_795_431_600),
                1_795_424_400,
                Some(world.admin.access)
            )
        );
        let seen = world.introspect(&refresh, app.credentials()).unwrap().unwrap();
        assert_eq!((seen.token_type, seen.exp), (None, Some(1_795_424_400 + 604_800)));

        assert!(world.introspect(&access, other.credentials()).unwrap().is_none());
        assert!(world.introspect("unknown", app.credentials()).unwrap().is_none());
        let wrong = ClientCredentials { client_secret: text("wrong"), ..app.credentials() };
        assert_eq!(error(&world.introspect(&access, wrong)), INVALID_CLIENT);
        assert_eq!(error(&world.introspect(&access, ClientCredentials::default())), INVALID_REQUEST);

        world.advance(7200);
        assert!(world.introspect(&access, app.credentials()).unwrap().is_none());
        assert!(world.introspect(&refresh, app.credentials()).unwrap().is_some());
        let (newer, _) = tokens(&world.refresh(&app, &refresh));
        assert_eq!(
            world.introspect(&refresh, app.credentials()).unwrap().unwrap().exp,
            Some(1_795_424_400 + 7200 + 60)
        );
        assert_eq!(world.state(&newer), "live");
        assert!(world.introspect(&refresh, app.credentials()).unwrap().is_none());
        world.revoke(&newer, app.credentials()).unwrap();
        assert!(world.introspect(&newer, app.credentials()).unwrap().is_none());
    });
}

#[test]
fn a_token_tells_about_itself_while_it_lives() {
    everywhere(|world| {
        let app = world.app(input());
        let (access, refresh) = world.pair(&app);
        let info = |token: &str| {
            let presented = accounts::Presented::new(token);
            world.db.read_blocking(move |tx| oauth::revoke::token_info(tx, &presented)).unwrap()
        };
        world.advance(10);
        let told = info(&access).unwrap();
        assert_eq!(
            (told.resource_owner_id, told.expires_in, &told.application, told.created_at),
            (Some(world.admin.access), Some(7190), &app.client_id, 1_795_424_400)
        );
        assert_eq!(told.scope.to_string(), "employees tasks time_off");
        assert!(info(&refresh).is_none() && info("").is_none());
        world.advance(7190);
        assert!(info(&access).is_none());
    });
}
