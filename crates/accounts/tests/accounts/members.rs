//! Invitations and administrators.

use accounts::members::{self, InvitationState, Member, MemberState};
use accounts::{Error, Secret, company::Founded};
use registry::{Access, DAY, Id, User};
use storage::testing::START;

use crate::world::{ADDRESS, BASE, World, actor, hash_of, problems, worlds};

const OWNER: &str = "ada@acme.example";
const GUEST: &str = "bob@acme.example";

fn invite(world: &World, to: &Founded, email: &str) -> Result<(Id<Access>, Secret), Error> {
    let token = Secret::generate();
    let (vault, company, email, issued) = (world.vault.clone(), to.company, email.to_owned(), token.clone());
    let access = world.write(move |tx| {
        members::invite(tx, &vault, BASE, &actor(), company, "Bob", "Babbage", &email, &issued)
    })?;
    Ok((access, token))
}

fn resend(world: &World, of: &Founded, access: Id<Access>) -> Result<Secret, Error> {
    let token = Secret::generate();
    let (vault, company, issued) = (world.vault.clone(), of.company, token.clone());
    world.write(move |tx| members::resend(tx, &vault, BASE, &actor(), company, access, &issued))?;
    Ok(token)
}

fn state(world: &World, token: &Secret) -> InvitationState {
    let token = token.clone();
    world.read(move |tx| members::invitation(tx, &token))
}

fn accept(world: &World, token: &Secret, password: Option<&str>) -> Result<members::Invitation, Error> {
    accept_as(world, token, password, None)
}

fn accept_as(
    world: &World,
    token: &Secret,
    password: Option<&str>,
    logged_in: Option<Id<User>>,
) -> Result<members::Invitation, Error> {
    let (token, hash) = (token.clone(), password.map(str::to_owned));
    world.write(move |tx| members::accept(tx, &token, hash.clone(), logged_in, ADDRESS))
}

fn list(world: &World, of: &Founded) -> Vec<Member> {
    let company = of.company;
    world.read(move |tx| members::list(tx, company))
}

fn is_unknown(state: &InvitationState) -> bool {
    matches!(state, InvitationState::Unknown)
}

#[test]
fn an_invited_person_chooses_a_password_and_joins() {
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let (access, token) = invite(&world, &acme, " BOB@acme.example ").unwrap();
        let mail = world.mails().remove(0);
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), (GUEST, "You are invited to join Acme"));
        let href = format!("{BASE}/invitations/accept?token={}", token.expose());
        assert_eq!(mail.body.link.unwrap().1, href);
        let InvitationState::Valid(invitation) = state(&world, &token) else { panic!("{}", world.engine()) };
        assert_eq!((invitation.company_name.as_str(), invitation.email.as_str()), ("Acme", GUEST));
        assert_eq!((invitation.first_name.as_str(), invitation.needs_password), ("Bob", true));
        assert_eq!(problems(accept(&world, &token, None)), [("password", "blank")]);
        assert_eq!(accept(&world, &token, Some(&hash_of(GUEST))).unwrap().access, access);
        assert!(is_unknown(&state(&world, &token)));
        assert!(matches!(accept(&world, &token, Some("$x")), Err(Error::NotFound)));
        let view = world.view(&world.session(invitation.user, GUEST)).unwrap();
        assert_eq!(view.principal.company, acme.company);
        assert!(!view.principal.is_administrator());
        let log = world.audit(acme.company);
        assert_eq!((log["invitation.sent"], log["invitation.accepted"]), (1, 1));
    }
}

#[test]
fn an_invitation_lives_a_day_and_can_be_sent_again() {
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let (access, first) = invite(&world, &acme, GUEST).unwrap();
        assert_eq!(list(&world, &acme)[1].state, MemberState::Invited { expires: START + DAY });
        world.advance(DAY - 1);
        assert!(matches!(state(&world, &first), InvitationState::Valid(_)), "{}", world.engine());
        world.advance(1);
        assert!(matches!(state(&world, &first), InvitationState::Expired));
        assert!(matches!(accept(&world, &first, Some("$x")), Err(Error::NotFound)));
        assert_eq!(list(&world, &acme)[1].state, MemberState::InvitationExpired);
        let second = resend(&world, &acme, access).unwrap();
        assert!(is_unknown(&state(&world, &first)));
        let third = resend(&world, &acme, access).unwrap();
        assert!(is_unknown(&state(&world, &second)));
        assert_eq!(list(&world, &acme)[1].state, MemberState::Invited { expires: START + 2 * DAY });
        accept(&world, &third, Some("$x")).unwrap();
        assert_eq!(list(&world, &acme)[1].state, MemberState::Active);
        assert!(matches!(resend(&world, &acme, access), Err(Error::Conflict("accepted"))));
        let other = world.found("Other", "eve@other.example");
        assert!(matches!(resend(&world, &other, access), Err(Error::NotFound)), "another company's");
        assert_eq!(world.audit(acme.company)["invitation.resent"], 2);
    }
}

#[test]
fn whoever_has_a_login_joins_with_it_and_keeps_the_password() {
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let other = world.found("Other", GUEST);
        let (_, token) = invite(&world, &acme, GUEST).unwrap();
        let InvitationState::Valid(invitation) = state(&world, &token) else { panic!("{}", world.engine()) };
        assert!(!invitation.needs_password);
        assert_eq!(invitation.user, other.user);
        // Not a member before it is accepted.
        let session = world.session(other.user, GUEST);
        assert_eq!(world.view(&session).unwrap().companies.len(), 1);
        // Somebody may have signed up with the address of another: the link alone lets nobody in.
        for (password, logged_in) in [(None, None), (None, Some(acme.user)), (Some("$x"), None)] {
            let refused = accept_as(&world, &token, password, logged_in);
            assert!(matches!(refused, Err(Error::Forbidden("log_in_first"))), "{refused:?}");
        }
        assert_eq!(world.view(&session).unwrap().companies.len(), 1);
        let hijack = accept_as(&world, &token, Some("$of somebody else"), Some(other.user));
        assert!(matches!(hijack, Err(Error::Conflict("password_exists"))), "{hijack:?}");
        accept_as(&world, &token, None, Some(other.user)).unwrap();
        assert_eq!(world.user(GUEST).password_hash, Some(hash_of(GUEST)));
        assert_eq!(world.view(&session).unwrap().companies.len(), 2);
    }
}

#[test]
fn nobody_is_invited_twice_or_badly() {
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        invite(&world, &acme, GUEST).unwrap();
        for (email, expected) in [(OWNER, "taken"), (GUEST, "invited"), ("bob", "invalid"), ("", "blank")] {
            assert_eq!(problems(invite(&world, &acme, email)), [("email", expected)], "{}", world.engine());
        }
        let vault = world.vault.clone();
        let nameless = world.write(move |tx| {
            let token = Secret::generate();
            members::invite(tx, &vault, BASE, &actor(), acme.company, " ", "", "x", &token)
        });
        assert_eq!(
            problems(nameless),
            [("first_name", "blank"), ("last_name", "blank"), ("email", "invalid")]
        );
        assert_eq!(world.mails().len(), 1);
    }
}

#[test]
fn two_invitations_of_one_person_do_not_disturb_each_other() {
    for world in worlds() {
        let (acme, other) = (world.found("Acme", OWNER), world.found("Other", "eve@other.example"));
        let (_, first) = invite(&world, &acme, GUEST).unwrap();
        let (_, second) = invite(&world, &other, GUEST).unwrap();
        accept(&world, &first, Some("$x")).unwrap();
        let InvitationState::Valid(invitation) = state(&world, &second) else { panic!("{}", world.engine()) };
        assert!(!invitation.needs_password);
        accept_as(&world, &second, None, Some(invitation.user)).unwrap();
    }
}

#[test]
fn there_is_always_an_administrator() {
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let other = world.found("Other", "eve@other.example");
        let (access, token) = invite(&world, &acme, GUEST).unwrap();
        let make = |company, access| {
            world.write(move |tx| members::make_administrator(tx, &actor(), company, access))
        };
        let unmake = |company, access| {
            world.write(move |tx| members::unmake_administrator(tx, &actor(), company, access))
        };
        assert!(
            matches!(make(acme.company, access), Err(Error::Conflict("not_accepted"))),
            "{}",
            world.engine()
        );
        accept(&world, &token, Some("$x")).unwrap();
        assert!(matches!(unmake(acme.company, acme.access), Err(Error::Conflict("last_administrator"))));
        make(acme.company, access).unwrap();
        make(acme.company, access).unwrap();
        let administrators = || list(&world, &acme).iter().map(|m| m.administrator).collect::<Vec<_>>();
        assert_eq!(administrators(), [true, true]);
        unmake(acme.company, acme.access).unwrap();
        unmake(acme.company, acme.access).unwrap();
        assert_eq!(administrators(), [false, true]);
        assert!(matches!(unmake(acme.company, access), Err(Error::Conflict("last_administrator"))));
        for refused in [make(acme.company, other.access), unmake(acme.company, other.access)] {
            assert!(matches!(refused, Err(Error::NotFound)), "another company's");
        }
        let log = world.audit(acme.company);
        assert_eq!((log["administrator.added"], log["administrator.removed"]), (1, 1));
    }
}

#[test]
fn two_administrators_who_unmake_each_other_leave_one() {
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        let (access, token) = invite(&world, &acme, GUEST).unwrap();
        accept(&world, &token, Some("$x")).unwrap();
        for _ in 0..5 {
            for access in [acme.access, access] {
                world
                    .write(move |tx| members::make_administrator(tx, &actor(), acme.company, access))
                    .unwrap();
            }
            std::thread::scope(|scope| {
                for access in [acme.access, access] {
                    let world = &world;
                    scope.spawn(move || {
                        world.write(move |tx| {
                            members::unmake_administrator(tx, &actor(), acme.company, access)
                        })
                    });
                }
            });
            let left = list(&world, &acme).iter().filter(|member| member.administrator).count();
            assert_eq!(left, 1, "{}", world.engine());
        }
    }
}

#[test]
fn the_list_is_by_name_and_tells_when_somebody_was_seen() {
    for world in worlds() {
        let acme = world.found("Acme", OWNER);
        invite(&world, &acme, "zoe@acme.example").unwrap();
        world.session(acme.user, OWNER);
        let members = list(&world, &acme);
        assert_eq!(members.iter().map(|m| m.first_name.as_str()).collect::<Vec<_>>(), ["Ada", "Bob"]);
        assert_eq!(members.iter().map(|m| m.last_seen).collect::<Vec<_>>(), [Some(START), None]);
        assert_eq!(members[0].email, OWNER, "{}", world.engine());
        assert_eq!(world.read(move |tx| members::count(tx, acme.company)), 2);
    }
}
