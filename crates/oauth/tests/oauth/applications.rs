//! Applications, their secrets, what people let in, and cleaning up.

use accounts::Secret;
use accounts::records::AccessRecord;
use oauth::application::{self, ApplicationInput};
use oauth::authorize::{AuthorizationRequest, Owner};
use oauth::records::{CodeRecord, FailureRecord, GrantRecord, TokenRecord};
use oauth::token::TokenRequest;
use oauth::{ClientCredentials, Error, Settings, grants};

use crate::world::*;

#[test]
fn a_form_names_everything_that_is_wrong() {
    let problems = |input: ApplicationInput| match application::validate(&input, &Settings::default()) {
        Ok(_) => vec![],
        Err(invalid) => invalid.0.iter().map(|p| (p.field, p.code)).collect::<Vec<_>>(),
    };
    assert_eq!(problems(input()), []);
    let all = ApplicationInput {
        name: " ".to_owned(),
        redirect_uri: "javascript:alert(1)\n\n  http://app.example/  \n".to_owned(),
        scopes: vec!["everything".to_owned(), "employees tasks".to_owned()],
        access_token_lifetime: "59".to_owned(),
        refresh_token_lifetime: "a week".to_owned(),
        ..input()
    };
    assert_eq!(
        problems(all),
        [
            ("name", "blank"),
            ("redirect_uri", "forbidden_scheme"),
            ("redirect_uri", "insecure"),
            ("scopes", "unknown"),
            ("scopes", "unknown"),
            ("access_token_lifetime", "invalid"),
            ("refresh_token_lifetime", "invalid"),
        ]
    );
    let many: String = (0..21).map(|i| format!("https://app.example/{i}\n")).collect();
    for (input, expected) in [
        (ApplicationInput { redirect_uri: " \n".to_owned(), ..input() }, ("redirect_uri", "blank")),
        (ApplicationInput { redirect_uri: many, ..input() }, ("redirect_uri", "too_many")),
        (ApplicationInput { name: "x".repeat(101), ..input() }, ("name", "invalid")),
        (ApplicationInput { name: "a\nb".to_owned(), ..input() }, ("name", "invalid")),
        (
            ApplicationInput { refresh_token_lifetime: "7199".to_owned(), ..input() },
            ("refresh_token_lifetime", "too_short"),
        ),
    ] {
        assert_eq!(problems(input), [expected]);
    }
}

#[test]
fn two_secrets_can_be_live() {
    everywhere(|world| {
        let app = world.app(input());
        let (acme, id) = (world.acme, app.id);
        let add = || {
            let secret = Secret::generate();
            let text = secret.expose().to_owned();
            world.write(move |tx| application::add_secret(tx, &actor(), acme, id, &secret)).map(|_| text)
        };
        let works = |secret: &str| {
            let client = TokenRequest { client_secret: text(secret), ..app.redeem("unknown") };
            error(&world.token(client)) == INVALID_GRANT
        };
        let second = add().unwrap();
        assert!(works(&app.secret) && works(&second) && !works("wrong"));
        assert!(matches!(add(), Err(Error::Conflict(_))));
        let live = world.write(move |tx| Ok(application::secrets(tx, acme, id)?)).unwrap();
        assert!(app.secret.ends_with(&live[0].hint) && second.ends_with(&live[1].hint));
        let delete = |at: usize| {
            let secret = live[at].id;
            world.write(move |tx| application::delete_secret(tx, &actor(), acme, id, secret))
        };
        delete(0).unwrap();
        assert!(!works(&app.secret) && works(&second));
        assert!(matches!(delete(0), Err(Error::NotFound)));
        assert!(matches!(delete(1), Err(Error::Conflict(_))));
        assert!(works(&second) && add().is_ok());
    });
}

#[test]
fn other_scopes_end_what_was_granted() {
    everywhere(|world| {
        let app = world.app(input());
        let (access, refresh) = world.pair(&app);
        let code = world.code(app.ask());
        let (acme, id) = (world.acme, app.id);
        let update = |input: ApplicationInput| {
            let settings = world.settings.clone();
            world.write(move |tx| application::update(tx, &actor(), acme, id, &input, &settings)).unwrap();
        };
        let reordered = ["time_off", "tasks", "employees"].map(str::to_owned).to_vec();
        update(ApplicationInput { name: "Renamed".to_owned(), scopes: reordered, ..input() });
        assert_eq!(world.state(&access), "live");
        assert!(world.prepare_as(app.ask(), &world.admin, world.acme).unwrap().skip);
        update(ApplicationInput { scopes: vec!["employees".to_owned()], ..input() });
        assert_eq!(world.state(&access), "revoked");
        assert_eq!(error(&world.refresh(&app, &refresh)), INVALID_GRANT);
        assert_eq!(error(&world.token(app.redeem(&code))), INVALID_GRANT);
        let asking = AuthorizationRequest { scope: text("employees"), ..app.ask() };
        assert!(!world.prepare_as(asking, &world.admin, world.acme).unwrap().skip);
    });
}

#[test]
fn a_deleted_application_takes_everything_with_it() {
    everywhere(|world| {
        let (app, kept) = (world.app(input()), world.app(input()));
        let ((access, refresh), (other, _)) = (world.pair(&app), world.pair(&kept));
        let company = AuthorizationRequest { resource_owner_type: text("company"), ..app.ask() };
        let (companys, _) = tokens(&world.token(app.redeem(&world.code(company))));
        let (acme, id) = (world.acme, app.id);
        let stranger = world.other;
        assert!(world.write(move |tx| Ok(application::list(tx, stranger)?)).unwrap().is_empty());
        let foreign = world.write(move |tx| application::delete(tx, &actor(), stranger, id));
        assert!(matches!(foreign, Err(Error::NotFound)));
        world.write(move |tx| application::delete(tx, &actor(), acme, id)).unwrap();
        assert_eq!([&access, &companys].map(|t| world.state(t)), ["unknown", "unknown"]);
        assert_eq!(error(&world.refresh(&app, &refresh)), INVALID_GRANT);
        assert_eq!(world.state(&other), "live");
        // What never expires does not stay behind; the pair goes when it expires.
        assert_eq!((world.count::<TokenRecord>(), world.count::<GrantRecord>()), (2, 1));
        let listed = world.write(move |tx| Ok(application::list(tx, acme)?)).unwrap();
        assert_eq!(listed.iter().map(|a| (a.record.id, a.grants)).collect::<Vec<_>>(), [(kept.id, 1)]);
    });
}

#[test]
fn people_see_and_take_back_what_they_let_in() {
    everywhere(|world| {
        let app = world.app(input());
        let (mine, _) = world.pair(&app);
        let company = AuthorizationRequest { resource_owner_type: text("company"), ..app.ask() };
        let (companys, _) = tokens(&world.token(app.redeem(&world.code(company))));
        let code = world.code_as(app.ask(), &world.member, world.acme);
        let (members, _) = tokens(&world.token(app.redeem(&code)));
        let acme = world.acme;
        let seen = |person: &access::Person| {
            let person = person.clone();
            world.write(move |tx| Ok(grants::authorized(tx, acme, &person)?)).unwrap()
        };
        let withdraw = |person: &access::Person, owner| {
            let (person, id) = (person.clone(), app.id);
            world.write(move |tx| grants::withdraw(tx, &actor(), acme, &person, id, owner))
        };

        world.advance(60);
        assert_eq!(world.state(&mine), "live");
        let (source, reference) = (world.source(), world.identity(&mine).reference);
        world
            .write(move |tx| {
                let now = tx.now();
                // Uses may arrive late and in any order.
                use accounts::Source;
                Ok(source.used(tx, &[(reference, now), (reference, now - 5), (i64::MAX, now)])?)
            })
            .unwrap();
        let admin = seen(&world.admin);
        assert_eq!(admin.iter().map(|a| a.whole_company).collect::<Vec<_>>(), [false, true]);
        assert_eq!((admin[0].name.as_str(), admin[0].company_name.as_str()), ("Payroll", "Acme"));
        assert_eq!(admin[0].scopes.to_string(), "employees tasks time_off");
        assert_eq!(admin[0].last_used, Some(world.db.clock().now()));
        assert_eq!(admin[0].since, storage::testing::START);
        assert_eq!(seen(&world.member).len(), 1);

        assert!(matches!(withdraw(&world.member, Owner::Company), Err(Error::Forbidden)));
        withdraw(&world.admin, Owner::Person).unwrap();
        assert_eq!([&mine, &companys, &members].map(|t| world.state(t)), ["revoked", "live", "live"]);
        assert!(!world.prepare_as(app.ask(), &world.admin, world.acme).unwrap().skip);
        withdraw(&world.admin, Owner::Company).unwrap();
        assert_eq!([&companys, &members].map(|t| world.state(t)), ["revoked", "live"]);
        assert!(seen(&world.admin).is_empty());
        assert!(matches!(withdraw(&world.admin, Owner::Company), Err(Error::NotFound)));
        world.advance(30 * 86_400);
        while world.clean() > 0 {}
        assert_eq!((world.count::<TokenRecord>(), world.count::<GrantRecord>()), (0, 0));
        assert_eq!(world.audited("oauth.withdrawn"), 2);
    });
}

#[test]
fn who_left_the_company_takes_the_tokens_along() {
    everywhere(|world| {
        let app = world.app(input());
        let (access, _) = world.pair(&app);
        let (acme, admin) = (world.acme, world.admin.access);
        world
            .write(move |tx| {
                Ok(tx
                    .company(acme)
                    .update(AccessRecord::id.eq(admin), [AccessRecord::accepted_at.set(None)])?)
            })
            .unwrap();
        assert_eq!(world.state(&access), "revoked");
        world.write(move |tx| Ok(tx.company(acme).delete(AccessRecord::id.eq(admin))?)).unwrap();
        assert_eq!(world.state(&access), "unknown");
    });
}

#[test]
fn cleaning_keeps_what_detection_needs() {
    everywhere(|world| {
        let app = world.app(input());
        let code = world.code(app.ask());
        let (first, refresh) = tokens(&world.token(app.redeem(&code)));
        assert_eq!(world.clean(), 0);
        let (second, newer) = tokens(&world.refresh(&app, &refresh));
        assert_eq!(world.state(&second), "live");
        world.advance(600);
        assert_eq!(world.clean(), 1);
        assert_eq!(world.count::<CodeRecord>(), 0);
        // Access tokens expired, refresh tokens not: nothing may go.
        world.advance(604_199);
        assert_eq!(world.clean(), 0);
        let (third, _) = tokens(&world.refresh(&app, &newer));
        assert_eq!(world.state(&third), "live");
        assert_eq!(world.state(&first), "revoked");
        world.advance(1);
        assert_eq!(world.clean(), 2);
        assert_eq!(world.state(&third), "live");
        assert_eq!((world.count::<TokenRecord>(), world.count::<GrantRecord>()), (1, 1));
        // The last pair goes, and its family soon after.
        world.advance(604_800);
        assert_eq!(world.clean(), 1);
        assert_eq!(world.count::<TokenRecord>(), 0);
        world.advance(2 * 86_400);
        assert_eq!(world.clean(), 1);
        assert_eq!(world.count::<GrantRecord>(), 0);
    });
}

#[test]
fn revoked_grants_go_after_a_month() {
    everywhere(|world| {
        let app = world.app(ApplicationInput { refresh_token_lifetime: "31536000".to_owned(), ..input() });
        let (access, _) = world.pair(&app);
        world.revoke(&access, app.credentials()).unwrap();
        world.advance(30 * 86_400 - 1);
        assert_eq!(world.clean(), 1, "the code alone");
        assert_eq!(world.state(&access), "revoked");
        world.advance(1);
        assert_eq!(world.clean(), 1);
        assert_eq!(world.count::<GrantRecord>(), 0);
        // Its tokens are nothing without it, and go when they expire.
        assert_eq!(world.state(&access), "unknown");
        world.advance(335 * 86_400);
        assert_eq!(world.clean(), 1);
        assert_eq!(world.count::<TokenRecord>(), 0);
    });
}

#[test]
fn the_log_of_failures_is_bounded() {
    everywhere(|world| {
        let (app, quiet) = (world.app(input()), world.app(input()));
        let fail = |app: &App, times: usize| {
            for time in 0..times {
                // From several addresses: one alone may not fill the log.
                let address = format!("192.0.2.{}", time / 100);
                let client_id = text(&app.client_id);
                let client = ClientCredentials { client_id, address, ..Default::default() };
                assert!(world.introspect("x", client).is_err());
            }
        };
        fail(&quiet, 3);
        fail(&app, 301);
        let newest = world.failures(&app)[0].id;
        assert_eq!(world.clean(), 101);
        assert_eq!((world.failures(&app).len(), world.failures(&quiet).len()), (200, 3));
        assert_eq!(world.failures(&app)[0].id, newest);
        assert_eq!(world.count::<FailureRecord>(), 203);
    });
}

#[test]
fn one_address_does_not_fill_the_log_of_failures() {
    everywhere(|world| {
        let app = world.app(input());
        let client = ClientCredentials { client_id: text(&app.client_id), ..Default::default() };
        for _ in 0..150 {
            assert!(world.introspect("x", client.clone()).is_err());
        }
        assert_eq!(world.count::<FailureRecord>(), 120);
        world.advance(61);
        assert!(world.introspect("x", client).is_err());
        assert_eq!(world.count::<FailureRecord>(), 121);
    });
}
