//! Forgotten and changed passwords.

use accounts::{Error, Secret, company, recovery};
use registry::{HOUR, Id, User};

use crate::world::{ADDRESS, BASE, World, actor, hash_of, worlds};

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

#[test]
fn whoever_was_only_invited_is_reminded_of_the_invitation() {
    for world in worlds() {
        let founded = world.found("Acme", OWNER);
        let (vault, token) = (world.vault.clone(), Secret::generate());
        world
            .write(move |tx| {
                let company = founded.company;
                let person = ("Bob", "Babbage", "bob@acme.example");
                accounts::members::invite(
                    tx,
                    &vault,
                    BASE,
                    &actor(),
                    company,
                    person.0,
                    person.1,
                    person.2,
                    &token,
                )
            })
            .unwrap();
        let token = request(&world, "bob@acme.example", ADDRESS).unwrap();
        assert!(!works(&world, &token), "{}", world.engine());
        let reminder = world.mails().into_iter().next().unwrap();
        assert!(reminder.body.link.is_none() && reminder.body.text().contains("invitation"));
    }
}
