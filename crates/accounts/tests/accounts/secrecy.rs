//! Nothing secret is in the database, mails leave it as they should, and what is over is removed.

use accounts::mail::{self, Body};
use accounts::records::{MailRecord, MailedLinkRecord, SessionRecord, ThrottleRecord};
use accounts::{Secret, Vault, api_keys, housekeeping, members, recovery, session};
use registry::{DAY, HOUR, MINUTE};
use storage::{Condition, Target};

use crate::world::{ADDRESS, BASE, World, actor, hash_of, worlds};

const OWNER: &str = "ada@acme.example";

#[test]
fn nothing_that_was_issued_is_in_the_database_file() {
    for world in worlds() {
        let Target::Sqlite(file) = world.test.options.target.clone() else {
            continue;
        };
        let acme = world.found("Acme", OWNER);
        let password = "gravel tulip ninety canoe";
        let session = world.session(acme.user, OWNER);
        let [key, reset, invitation] = [(); 3].map(|()| Secret::generate());
        let device = world.vault.device_token(acme.user, &hash_of(OWNER));
        let (vault, issued) = (world.vault.clone(), [key.clone(), reset.clone(), invitation.clone()]);
        let known = device.clone();
        world
            .write(move |tx| {
                let [key, reset, invitation] = &issued;
                api_keys::create(tx, &actor(), acme.company, "key", key)?;
                recovery::request_reset(tx, &vault, BASE, OWNER, ADDRESS, reset)?;
                members::invite(
                    tx,
                    &vault,
                    BASE,
                    &actor(),
                    acme.company,
                    "B",
                    "B",
                    "b@acme.example",
                    invitation,
                )?;
                session::candidate(tx, &vault, OWNER, ADDRESS, Some(&known))?;
                session::failed(tx, &vault, OWNER, ADDRESS, Some(&known))
            })
            .unwrap();
        let token = reset.clone();
        let hash = accounts::password::hash(password);
        world.write(move |tx| recovery::reset(tx, &token, &hash, ADDRESS)).unwrap();
        let folder = file.parent().unwrap();
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
        }
        let contains = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(contains(OWNER), "else this test would look at the wrong files");
        for secret in [session.expose(), key.expose(), reset.expose(), invitation.expose(), &device, password]
        {
            assert!(!contains(secret), "{secret}");
            assert!(!contains(&secret[8..]), "a part of {secret}");
        }
    }
}

fn count_mails(world: &World) -> usize {
    world.mails().len()
}

#[test]
fn a_mail_is_taken_once_and_tried_again_with_growing_pauses() {
    for world in worlds() {
        let vault = world.vault.clone();
        let id = world
            .write(move |tx| {
                let link = Some(("Go".to_owned(), "https://a.example".to_owned()));
                let body = Body { paragraphs: vec!["Hello".to_owned()], link };
                mail::queue(tx, &vault, None, "to@acme.example", "Subject", &body)
            })
            .unwrap();
        let due = || {
            let vault = world.vault.clone();
            world.write(move |tx| mail::due(tx, &vault, 10)).unwrap()
        };
        let taken = due();
        assert_eq!((taken[0].id, taken[0].to.as_str()), (id, "to@acme.example"), "{}", world.engine());
        assert_eq!(taken[0].text, "Hello\n\nGo:\nhttps://a.example\n");
        assert!(due().is_empty(), "another worker does not take it, too");
        // A worker that died gives it back after a while.
        world.advance(5 * MINUTE);
        assert_eq!(due().len(), 1);
        world.write(move |tx| mail::postponed(tx, id)).unwrap();
        world.advance(2 * MINUTE - 1);
        assert!(due().is_empty());
        world.advance(1);
        assert_eq!(due().len(), 1);
        let mut attempts = 3;
        loop {
            world.write(move |tx| mail::postponed(tx, id)).unwrap();
            world.advance(6 * HOUR);
            match due().len() {
                0 => break,
                taken => attempts += taken,
            }
        }
        assert_eq!(attempts, 20);
        assert_eq!(count_mails(&world), 1);
    }
}

#[test]
fn a_sent_mail_is_not_sent_again_and_a_foreign_key_opens_nothing() {
    for world in worlds() {
        let vault = world.vault.clone();
        let queued = world.write(move |tx| {
            let body = Body { paragraphs: vec!["Hello".to_owned()], link: None };
            for n in 0..3 {
                mail::queue(tx, &vault, None, &format!("to{n}@acme.example"), "Subject", &body)?;
            }
            mail::due(tx, &vault, 2)
        });
        let queued = queued.unwrap();
        assert_eq!(queued.len(), 2, "{}", world.engine());
        world.write(move |tx| queued.iter().try_for_each(|mail| mail::sent(tx, mail.id))).unwrap();
        world.advance(DAY);
        let foreign = Vault::new([1; 32]);
        assert!(world.write(move |tx| mail::due(tx, &foreign, 10)).unwrap().is_empty());
        let foreign = Vault::new([1; 32]);
        assert!(world.read(move |tx| mail::kept(tx, &foreign, None, 10)).is_empty());
        let kept = world.mails();
        assert_eq!(kept.iter().map(|mail| mail.sent_at.is_some()).collect::<Vec<_>>(), [false, true, true]);
    }
}

#[test]
fn what_is_over_is_removed_in_small_batches_and_nothing_else() {
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        for _ in 0..5 {
            world.session(acme.user, OWNER);
        }
        let (vault, token) = (world.vault.clone(), Secret::generate());
        world
            .write(move |tx| {
                recovery::request_reset(tx, &vault, BASE, OWNER, ADDRESS, &token)?;
                session::candidate(tx, &vault, "nobody@acme.example", ADDRESS, None)
            })
            .unwrap();
        let clean = |limit| world.db().write_blocking(move |tx| housekeeping::clean(tx, limit)).unwrap();
        assert_eq!(clean(100), 0, "{}: nothing is over", world.engine());
        world.advance(31 * DAY);
        let live = world.session(acme.user, OWNER);
        let mut rounds = Vec::new();
        loop {
            match clean(2) {
                0 => break,
                removed => rounds.push(removed),
            }
        }
        assert!(rounds.len() >= 3 && rounds.iter().all(|removed| *removed <= 8), "{rounds:?}");
        assert!(world.view(&live).is_some());
        let left = world.read(|tx| {
            let mut instance = tx.instance("a test counts");
            Ok((
                instance.count(Condition::<SessionRecord>::any())?,
                instance.count(Condition::<MailedLinkRecord>::any())?,
                instance.count(Condition::<ThrottleRecord>::any())?,
                instance.count(Condition::<MailRecord>::any())?,
            ))
        });
        assert_eq!(left, (1, 0, 0, 0), "{}", world.engine());
    }
}
