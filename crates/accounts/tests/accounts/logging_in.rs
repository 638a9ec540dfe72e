//! Log-in, throttling, sessions.

use std::collections::HashSet;

use accounts::session::{self, SESSION_IDLE, SESSION_LIFETIME};
use accounts::throttle::{self, Key};
use accounts::{Error, Secret, company, password};
use registry::{DAY, HOUR, Id, MINUTE};

use crate::world::{ADDRESS, World, actor, hash_of, log_in, worlds};

const OWNER: &str = "ada@acme.example";

/// Whether a password would be looked at; if so, it is a wrong one.
fn guess(world: &World, email: &str, address: &str, device: Option<String>) -> Result<(), i64> {
    let (vault, email, address) = (world.vault.clone(), email.to_owned(), address.to_owned());
    let outcome = world.write(move |tx| {
        session::candidate(tx, &vault, &email, &address, device.as_deref())?;
        session::failed(tx, &vault, &email, &address, device.as_deref())
    });
    match outcome {
        Ok(()) => Ok(()),
        Err(Error::Throttled { retry_after_seconds }) => Err(retry_after_seconds),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_log_in_goes_from_password_to_session() {
    for world in worlds() {
        let secret = "gravel tulip ninety canoe";
        let stored = password::hash(secret);
        let mut request = crate::world::sign_up("Acme", OWNER);
        request.password_hash = stored.clone();
        let founded = world.write(move |tx| company::found(tx, &actor(), &request)).unwrap();
        let vault = world.vault.clone();
        let candidate = world
            .write(move |tx| session::candidate(tx, &vault, " ADA@acme.example", ADDRESS, None))
            .unwrap();
        assert_eq!(candidate.user, Some(founded.user));
        assert!(password::verify(secret, candidate.password_hash.as_deref()));
        let token = Secret::generate();
        let mut log_in = log_in(founded.user, OWNER, &token);
        log_in.expected_hash = stored;
        // A password that was changed while it was verified does not count any more.
        let (vault, mut late) = (world.vault.clone(), log_in.clone());
        late.expected_hash = "another".to_owned();
        let refused = world.write(move |tx| session::succeeded(tx, &vault, &late, None));
        assert!(matches!(refused, Err(Error::Conflict("password_changed"))), "{refused:?}");
        let vault = world.vault.clone();
        world.write(move |tx| session::succeeded(tx, &vault, &log_in, None)).unwrap();
        assert_eq!(world.view(&token).unwrap().principal.company, founded.company);
        assert!(world.view(&Secret::generate()).is_none());
        assert_eq!(world.audit(founded.company)["session.created"], 1, "{}", world.engine());
    }
}

#[test]
fn pauses_grow_end_and_are_forgotten_after_a_success() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        for expected in [30, 60, 120, 240, 480, 900, 900] {
            let free = if expected == 30 { 5 } else { 1 };
            for _ in 0..free {
                guess(&world, OWNER, ADDRESS, None).unwrap();
            }
            assert_eq!(guess(&world, OWNER, ADDRESS, None), Err(expected), "{}", world.engine());
            world.advance(expected * 1000 - 1);
            assert_eq!(guess(&world, OWNER, ADDRESS, None), Err(1));
            world.advance(1);
        }
        assert_eq!(world.audit(founded.company)["login.failed"], 11);
        assert_eq!(world.audit(founded.company)["login.throttled"], 7);
        world.session(founded.user, OWNER);
        for _ in 0..5 {
            guess(&world, OWNER, ADDRESS, None).unwrap();
        }
        assert_eq!(guess(&world, OWNER, ADDRESS, None), Err(30));
        // So do fifteen minutes without a failure.
        world.advance(30_000 + 15 * MINUTE);
        for _ in 0..5 {
            guess(&world, OWNER, ADDRESS, None).unwrap();
        }
    }
}

#[test]
fn ten_thousand_wrong_passwords_neither_open_the_account_nor_lock_out_its_owner() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        let device = world.vault.device_token(founded.user, &hash_of(OWNER));
        // Nobody can tell from the answers which of the two addresses has a login.
        let mut answers: [Vec<Result<(), i64>>; 2] = Default::default();
        for round in 0..100_u32 {
            for (who, email) in [OWNER, "nobody@acme.example"].into_iter().enumerate() {
                let vault = world.vault.clone();
                // Each from another network, so that only the account's own count can help.
                let outcome = world.write(move |tx| {
                    let mut answers = Vec::new();
                    for n in 0..100_u32 {
                        let address = format!("10.{who}.{round}.{n}");
                        answers.push(match session::candidate(tx, &vault, email, &address, None) {
                            Ok(_) => {
                                session::failed(tx, &vault, email, &address, None)?;
                                Ok(())
                            }
                            Err(Error::Throttled { retry_after_seconds }) => Err(retry_after_seconds),
                            Err(error) => return Err(error),
                        });
                    }
                    Ok(answers)
                });
                answers[who].extend(outcome.unwrap());
            }
            world.advance(10_000);
        }
        assert_eq!(answers[0], answers[1], "{}", world.engine());
        assert_eq!(answers[0].len(), 10_000);
        let looked_at = answers[0].iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(looked_at, 5 + 5, "five at first, then after 30, 60, 120, 240 and 480 seconds");
        // The attack goes on; the owner's own browser does not notice.
        assert!(guess(&world, OWNER, ADDRESS, None).is_err());
        let (vault, known) = (world.vault.clone(), device.clone());
        let candidate = world.write(move |tx| session::candidate(tx, &vault, OWNER, ADDRESS, Some(&known)));
        assert_eq!(candidate.unwrap().user, Some(founded.user));
        let (vault, token) = (world.vault.clone(), Secret::generate());
        let (genuine, known) = (log_in(founded.user, OWNER, &token), device.clone());
        world.write(move |tx| session::succeeded(tx, &vault, &genuine, Some(&known))).unwrap();
        assert!(world.view(&token).is_some());
        // That does not help the attacker, nor does a token of somebody else or a made-up one.
        let other = world.vault.device_token(Id::new(founded.user.get() + 1), &hash_of(OWNER));
        for device in [None, Some(other), Some("0.0".to_owned())] {
            assert!(guess(&world, OWNER, "198.51.100.1", device).is_err());
        }
        // A stolen device token is no free ride either.
        for _ in 0..5 {
            guess(&world, OWNER, ADDRESS, Some(device.clone())).unwrap();
        }
        assert_eq!(guess(&world, OWNER, ADDRESS, Some(device)), Err(30));
        assert!(world.audit(founded.company)["login.failed"] < 20, "the log is not flooded");
    }
}

#[test]
fn an_address_that_tries_many_accounts_is_stopped() {
    for world in worlds() {
        for n in 0..50 {
            guess(&world, &format!("user{n}@acme.example"), "2001:db8:1:2::1", None).unwrap();
        }
        // The whole network, not only the one address.
        assert_eq!(
            guess(&world, "user51@acme.example", "2001:db8:1:2:3::4", None),
            Err(30),
            "{}",
            world.engine()
        );
        guess(&world, "user51@acme.example", "2001:db8:1:3::1", None).unwrap();
    }
}

#[test]
fn an_office_that_logs_in_is_not_an_attack() {
    for world in worlds() {
        for n in 0..60 {
            let email = format!("user{n}@acme.example");
            let founded = world.found("Acme", &email);
            let (vault, who) = (world.vault.clone(), email.clone());
            world.write(move |tx| session::candidate(tx, &vault, &who, ADDRESS, None)).unwrap();
            world.session(founded.user, &email);
        }
        // Confirming a password is no log-in, and no failure.
        for _ in 0..10 {
            let vault = world.vault.clone();
            let confirmed = world.write(move |tx| {
                session::candidate(tx, &vault, "user1@acme.example", ADDRESS, None)?;
                session::verified(tx, &vault, "user1@acme.example", ADDRESS, None)
            });
            confirmed.unwrap();
        }
        // Those who succeeded are not held against the address.
        for n in 0..50 {
            guess(&world, &format!("stranger{n}@acme.example"), ADDRESS, None).unwrap();
        }
        assert!(guess(&world, "another@acme.example", ADDRESS, None).is_err(), "{}", world.engine());
    }
}

#[test]
fn guesses_at_once_are_not_free() {
    for world in worlds() {
        world.found("Acme", OWNER);
        let outcomes: Vec<_> = std::thread::scope(|scope| {
            let world = &world;
            let tries: Vec<_> = (0..40)
                .map(|n| {
                    scope.spawn(move || {
                        let vault = world.vault.clone();
                        let address = format!("10.0.0.{n}");
                        world.write(move |tx| session::candidate(tx, &vault, OWNER, &address, None))
                    })
                })
                .collect();
            tries.into_iter().map(|t| t.join().unwrap()).collect()
        });
        let looked_at = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let refused =
            outcomes.iter().filter(|outcome| matches!(outcome, Err(Error::Throttled { .. }))).count();
        // A write that met too many others may have given up; it was not looked at either.
        assert!(looked_at <= 5 && refused > 0, "{}: {looked_at} of {outcomes:?}", world.engine());
    }
}

#[test]
fn a_limit_holds_for_its_window_and_its_key() {
    for world in worlds() {
        let count = |kind: &'static str, who: &'static str| {
            world.write(move |tx| throttle::count(tx, &Key::new(kind, who), 3, HOUR))
        };
        for _ in 0..3 {
            count("sandbox", "a").unwrap();
        }
        assert!(matches!(count("sandbox", "a"), Err(Error::Throttled { retry_after_seconds: 3600 })));
        count("sandbox", "b").unwrap();
        count("sign_up", "a").unwrap();
        world.advance(HOUR - 1);
        assert!(matches!(count("sandbox", "a"), Err(Error::Throttled { retry_after_seconds: 1 })));
        world.advance(1);
        count("sandbox", "a").unwrap();
    }
}

#[test]
fn a_session_ends_when_idle_and_in_any_case() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        let idle = world.session(founded.user, OWNER);
        let used = world.session(founded.user, OWNER);
        let touch = || {
            let (id, now) = (world.view(&used).unwrap().session, world.db().clock().now());
            world.write(move |tx| session::touch(tx, id, now)).unwrap();
        };
        world.advance(SESSION_IDLE - 1);
        touch();
        assert!(world.view(&idle).is_some());
        world.advance(1);
        assert!(world.view(&idle).is_none(), "{}", world.engine());
        let user = founded.user;
        assert_eq!(world.read(move |tx| session::list(tx, user)).len(), 1);
        let mut elapsed = SESSION_IDLE;
        while elapsed + 2 * DAY < SESSION_LIFETIME {
            world.advance(2 * DAY);
            elapsed += 2 * DAY;
            touch();
        }
        world.advance(SESSION_LIFETIME - elapsed - 1);
        assert!(world.view(&used).is_some());
        world.advance(1);
        assert!(world.view(&used).is_none());
    }
}

#[test]
fn sessions_end_one_by_one_or_all_and_only_ones_own() {
    for world in worlds() {
        let ada = world.found("Acme", OWNER);
        let bob = world.found("Other", "bob@other.example");
        let tokens: Vec<_> = (0..4).map(|_| world.session(ada.user, OWNER)).collect();
        let bobs = world.session(bob.user, "bob@other.example");
        let id = |token: &Secret| world.view(token).unwrap().session;
        let bobs_id = id(&bobs);
        let foreign = world.write(move |tx| session::revoke(tx, &actor(), ada.user, bobs_id));
        assert!(matches!(foreign, Err(Error::NotFound)));
        let hash = tokens[0].hash();
        world.write(move |tx| session::log_out(tx, &actor(), &hash)).unwrap();
        world.write(move |tx| session::log_out(tx, &actor(), &hash)).unwrap();
        let second = id(&tokens[1]);
        world.write(move |tx| session::revoke(tx, &actor(), ada.user, second)).unwrap();
        let alive = || tokens.iter().map(|token| world.view(token).is_some()).collect::<Vec<_>>();
        assert_eq!(alive(), [false, false, true, true], "{}", world.engine());
        let kept = id(&tokens[3]);
        world.write(move |tx| session::revoke_all(tx, &actor(), ada.user, Some(kept))).unwrap();
        assert_eq!(alive(), [false, false, false, true]);
        world.write(move |tx| session::revoke_all(tx, &actor(), ada.user, None)).unwrap();
        assert_eq!(alive(), [false; 4]);
        assert!(world.view(&bobs).is_some());
        let log = world.audit(ada.company);
        assert_eq!((log["session.ended"], log["session.revoked"], log["sessions.revoked_all"]), (1, 1, 2));
    }
}

#[test]
fn a_person_switches_between_own_companies_and_returns_to_the_last() {
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let user = acme.user;
        let zeta = world.write(move |tx| company::found_for(tx, &actor(), user, "Zeta", "A.", "L.")).unwrap();
        let foreign = world.found("Foreign", "bob@other.example");
        let token = world.session(user, OWNER);
        let first = world.view(&token).unwrap();
        assert_eq!(
            first.companies.iter().map(|(_, _, name)| name.as_str()).collect::<Vec<_>>(),
            ["Acme", "Zeta"]
        );
        let switch = |company| {
            let hash = token.hash();
            world.write(move |tx| session::switch(tx, &hash, user, company))
        };
        for company in [zeta.company, acme.company, zeta.company] {
            world.advance(1000);
            switch(company).unwrap();
            assert_eq!(world.view(&token).unwrap().principal.company, company, "{}", world.engine());
        }
        assert_eq!(world.view(&token).unwrap().first_name, "A.");
        assert!(matches!(switch(foreign.company), Err(Error::NotFound)));
        let hash = token.hash();
        let borrowed = world.write(move |tx| session::switch(tx, &hash, foreign.user, foreign.company));
        assert!(matches!(borrowed, Err(Error::NotFound)), "a session of somebody else");
        world.advance(1000);
        let next = world.session(user, OWNER);
        assert_eq!(world.view(&next).unwrap().principal.company, zeta.company);
    }
}

#[test]
fn whoever_belongs_to_no_company_gets_no_session() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        world
            .write(move |tx| {
                let mut instance = tx.instance("a test deletes a tenant");
                Ok(instance.delete(accounts::records::CompanyRecord::id.eq(founded.company))?)
            })
            .unwrap();
        let (vault, request) = (world.vault.clone(), log_in(founded.user, OWNER, &Secret::generate()));
        let refused = world.write(move |tx| session::succeeded(tx, &vault, &request, None));
        assert!(matches!(refused, Err(Error::Forbidden("no_company"))), "{}: {refused:?}", world.engine());
    }
}

#[test]
fn tokens_of_sessions_do_not_repeat() {
    let tokens: HashSet<_> = (0..1000).map(|_| Secret::generate().expose().to_owned()).collect();
    assert_eq!(tokens.len(), 1000);
    assert!(tokens.iter().all(|token| token.len() == 64 && token.bytes().all(|b| b.is_ascii_hexdigit())));
}
