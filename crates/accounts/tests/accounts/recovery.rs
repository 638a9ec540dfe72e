//! Forgotten and changed passwords.

use accounts::{Error, Secret, company, members, recovery};
use registry::{Access, Company, HOUR, Id, User};

use crate::world::{ADDRESS, BASE, World, actor, hash_of, sign_up, worlds};

const OWNER: &str = "ada@acme.example";

fn request(world: &World, email: &str, address: &str) -> Result<Secret, Error> {
    let token = Secret::generate();
    let (vault, email, address, issued) =
        (world.vault.clone(), email.to_owned(), address.to_owned(), token.clone());
    world.write(move |tx| recovery::request_reset(tx, &vault, BASE, &email, &address, &issued))?;
    Ok(token)
}

fn works(world: &World, token: &Secret) -> bool {
    let token = token.clone();
    world.read(move |tx| recovery::reset_state(tx, &token))
}

fn reset(world: &World, token: &Secret, hash: &'static str) -> Result<Id<User>, Error> {
    let token = token.clone();
    world.write(move |tx| recovery::reset(tx, &token, hash, ADDRESS))
}

#[test]
fn a_link_sets_the_password_once_and_ends_all_sessions() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        let session = world.session(founded.user, OWNER);
        let token = request(&world, " ADA@acme.example", ADDRESS).unwrap();
        let mails = world.mails();
        assert_eq!((mails.len(), mails[0].to.as_str()), (1, OWNER), "{}", world.engine());
        let href = format!("{BASE}/password/reset?token={}", token.expose());
        assert_eq!(mails[0].body.link.as_ref().unwrap().1, href);
        assert!(works(&world, &token));
        assert!(works(&world, &token), "looking at it does not use it up");
        assert!(!works(&world, &Secret::generate()));
        assert_eq!(world.user(OWNER).password_hash, Some(hash_of(OWNER)), "asking changes nothing");
        assert_eq!(reset(&world, &token, "$new").unwrap(), founded.user);
        assert_eq!(world.user(OWNER).password_hash.as_deref(), Some("$new"));
        assert!(world.view(&session).is_none());
        assert!(!works(&world, &token));
        assert!(matches!(reset(&world, &token, "$again"), Err(Error::NotFound)));
        assert_eq!(world.user(OWNER).password_hash.as_deref(), Some("$new"));
        let log = world.audit(founded.company);
        assert_eq!((log["password.reset_requested"], log["password.reset"]), (1, 1));
    }
}

#[test]
fn a_link_dies_after_an_hour_and_when_another_is_sent() {
    for world in worlds() {
        world.found("Acme", OWNER);
        let first = request(&world, OWNER, ADDRESS).unwrap();
        let second = request(&world, OWNER, ADDRESS).unwrap();
        assert!(!works(&world, &first) && works(&world, &second), "{}", world.engine());
        assert!(matches!(reset(&world, &first, "$new"), Err(Error::NotFound)));
        world.advance(HOUR - 1);
        assert!(works(&world, &second));
        world.advance(1);
        assert!(!works(&world, &second));
        assert!(matches!(reset(&world, &second, "$new"), Err(Error::NotFound)));
        assert_eq!(world.user(OWNER).password_hash, Some(hash_of(OWNER)));
    }
}

#[test]
fn an_unknown_address_is_answered_alike_and_mailed_nothing() {
    for world in worlds() {
        world.found("Acme", OWNER);
        let answers = |email: &str, address: &str| -> Vec<_> {
            (0..7)
                .map(|_| match request(&world, email, address) {
                    Ok(_) => 0,
                    Err(Error::Throttled { retry_after_seconds }) => retry_after_seconds,
                    Err(other) => panic!("{other:?}"),
                })
                .collect()
        };
        let known = answers(OWNER, "192.0.2.10");
        assert_eq!(known, [0, 0, 0, 0, 0, 3600, 3600]);
        assert_eq!(answers("nobody@acme.example", "192.0.2.11"), known, "{}", world.engine());
        let mails = world.mails();
        assert!(mails.len() == 5 && mails.iter().all(|mail| mail.to == OWNER));
        // One address that asks for many accounts is stopped, too.
        let many =
            (0..40).filter(|n| request(&world, &format!("user{n}@acme.example"), "192.0.2.12").is_ok());
        assert_eq!(many.count(), 30);
    }
}

#[test]
fn a_mail_for_several_companies_is_shown_to_none() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        let seen_by_acme = || {
            let vault = world.vault.clone();
            world.read(move |tx| accounts::mail::kept(tx, &vault, Some(founded.company), 10)).len()
        };
        request(&world, OWNER, ADDRESS).unwrap();
        assert_eq!(seen_by_acme(), 1);
        world.write(move |tx| company::found_for(tx, &actor(), founded.user, "Other", "Ada", "L")).unwrap();
        request(&world, OWNER, ADDRESS).unwrap();
        assert_eq!((seen_by_acme(), world.mails().len()), (1, 2), "{}", world.engine());
    }
}

#[test]
fn a_changed_password_ends_other_sessions_and_open_links() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        let (kept, other) = (world.session(founded.user, OWNER), world.session(founded.user, OWNER));
        let link = request(&world, OWNER, ADDRESS).unwrap();
        let id = world.view(&kept).unwrap().session;
        world.write(move |tx| recovery::change_password(tx, &actor(), founded.user, "$new", id)).unwrap();
        assert!(world.view(&kept).is_some() && world.view(&other).is_none(), "{}", world.engine());
        assert!(!works(&world, &link));
        assert_eq!(world.user(OWNER).password_hash.as_deref(), Some("$new"));
        assert_eq!(world.audit(founded.company)["password.changed"], 1);
    }
}

const BOB: &str = "bob@acme.example";

fn invite(world: &World, company: Id<Company>) -> Result<(Secret, Id<Access>), Error> {
    let (vault, token) = (world.vault.clone(), Secret::generate());
    let sent = token.clone();
    let access = world.write(move |tx| {
        members::invite(tx, &vault, BASE, &actor(), company, "Bob", "Babbage", BOB, &sent)
    })?;
    Ok((token, access))
}

fn accept(world: &World, token: &Secret, hash: Option<&str>) -> Result<members::Invitation, Error> {
    let (token, hash) = (token.clone(), hash.map(str::to_owned));
    world.write(move |tx| members::accept(tx, &token, hash.clone(), None, ADDRESS))
}

#[test]
fn whoever_was_only_invited_may_set_a_password_and_still_has_to_accept() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        let (invitation, _) = invite(&world, founded.company).unwrap();
        let token = request(&world, BOB, ADDRESS).unwrap();
        assert!(works(&world, &token), "{}", world.engine());
        let bob = reset(&world, &token, "$set").unwrap();
        assert_eq!(world.user(BOB).password_hash.as_deref(), Some("$set"));
        assert_eq!(world.audit(founded.company).get("invitation.accepted"), None);
        // He cannot log in before he belongs to a company, so the link of the invitation is enough.
        assert_eq!(accept(&world, &invitation, Some("$chosen")).unwrap().user, bob);
        assert_eq!(world.user(BOB).password_hash.as_deref(), Some("$chosen"));
    }
}

#[test]
fn an_invitation_keeps_nobody_from_signing_up_and_lets_no_stranger_in() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        let (invitation, _) = invite(&world, founded.company).unwrap();
        let other = world.found("Babbage", BOB);
        assert_ne!(other.company, founded.company, "{}", world.engine());
        assert_eq!(world.user(BOB).password_hash, Some(hash_of(BOB)));
        // Perhaps it was a stranger who signed up: the owner's click on the link must not let that one in.
        for hash in [None, Some("$chosen")] {
            let refused = accept(&world, &invitation, hash);
            assert!(matches!(refused, Err(Error::Forbidden("log_in_first"))), "{refused:?}");
        }
        assert_eq!(world.user(BOB).password_hash, Some(hash_of(BOB)));
        // Nobody signs up a second time.
        let once_more = sign_up("Babbage", BOB);
        let again = world.write(move |tx| company::found(tx, &actor(), &once_more));
        assert!(matches!(again, Err(Error::Conflict("account_exists"))), "{again:?}");
    }
}

#[test]
fn nobody_is_flooded_with_invitations() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        let (_, access) = invite(&world, founded.company).unwrap();
        let again = || {
            let (vault, token) = (world.vault.clone(), Secret::generate());
            world
                .write(move |tx| members::resend(tx, &vault, BASE, &actor(), founded.company, access, &token))
        };
        for _ in 0..4 {
            again().unwrap();
        }
        assert!(matches!(again(), Err(Error::Throttled { retry_after_seconds: 3600 })), "{}", world.engine());
        assert_eq!(world.mails().len(), 5);
        world.advance(HOUR);
        again().unwrap();
    }
}
