//! Forgotten and changed passwords.

use registry::{HOUR, Id, User};
use storage::{Stale, Tx};

use crate::audit::{self, Actor};
use crate::mail::{self, Body};
use crate::records::{AccessRecord, PASSWORD_RESET, Session, UserRecord};
use crate::text::normal_email;
use crate::throttle::{self, Key};
use crate::{Error, Secret, Vault, links, session};

/// How long the link of a mail works, in milliseconds.
const LINK_LIFETIME: i64 = HOUR;

/// Mails that one account is sent in an hour.
const PER_ACCOUNT: i64 = 5;

/// Requests that are taken from one network address in an hour.
const PER_ADDRESS: i64 = 30;

/// Mails a link for a new password. Answers the same for an address that has no login.
pub fn request_reset(
    tx: &mut Tx<'_>,
    vault: &Vault,
    base_url: &str,
    email: &str,
    address: &str,
    token: &Secret,
) -> Result<(), Error> {
    let email = normal_email(email);
    throttle::count(tx, &Key::new("password_reset", address), PER_ADDRESS, HOUR)?;
    throttle::count(tx, &Key::reset(&email), PER_ACCOUNT, HOUR)?;
    let user = tx.instance("logins belong to no company").find(UserRecord::email.eq(email.clone()))?;
    let Some(user) = user else { return Ok(()) };
    let memberships =
        tx.instance("a person may belong to several companies").list(AccessRecord::user_id.eq(user.id))?;
    // In the demo environment a company's administrators see its mails; a link into other companies is not
    // for their eyes.
    let company = match memberships.as_slice() {
        [only] => Some(only.company_id),
        _ => None,
    };
    // Also for whoever was only invited and has no password yet: reading the mail proves the same as an
    // invitation does. What he was invited to he still has to accept.
    links::issue(tx, PASSWORD_RESET, user.id, None, token, LINK_LIFETIME)?;
    let href = format!("{base_url}/password/reset?token={}", token.expose());
    let body = Body {
        paragraphs: vec![
            "Somebody, hopefully you, asked for a new password of your Muster account.".to_owned(),
            "The link below works once, for one hour. If it was not you, do nothing: nothing changes then."
                .to_owned(),
        ],
        link: Some(("Choose a new password".to_owned(), href)),
    };
    mail::queue(tx, vault, company, &user.email, "A new password for Muster", &body)?;
    let actor = Actor::anonymous(user.email.clone(), address);
    audit::record_for_user(tx, user.id, &actor, "password.reset_requested", &user.email, "")?;
    Ok(())
}

/// Whether a link still works. Only reads, because programs open the links of mails, too.
pub fn reset_state(tx: &mut Tx<'_>, token: &Secret) -> Result<bool, Error> {
    let now = tx.now();
    Ok(links::find(tx, PASSWORD_RESET, token)?.is_some_and(|link| link.expires_at > now))
}

/// Sets the password of whoever was mailed the link, and ends all sessions. [`Error::NotFound`] if the link
/// does not work any more.
pub fn reset(tx: &mut Tx<'_>, token: &Secret, new_hash: &str, address: &str) -> Result<Id<User>, Error> {
    let user = links::consume(tx, PASSWORD_RESET, token)?.user_id;
    set_password(tx, user, new_hash)?;
    session::end_all(tx, user, None)?;
    let email = session::login(tx, user)?.email;
    // Whoever reads the owner's mail is the owner; the guesses of others must not keep him out.
    throttle::succeeded(tx, &Key::account(&email))?;
    let actor = Actor { user: Some(user), name: email.clone(), address: address.to_owned() };
    audit::record_for_user(tx, user, &actor, "password.reset", &email, "")?;
    Ok(user)
}

/// Sets a new password, after the old one was verified, and ends all other sessions.
pub fn change_password(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: Id<User>,
    new_hash: &str,
    keep: Id<Session>,
) -> Result<(), Error> {
    set_password(tx, user, new_hash)?;
    links::withdraw(tx, PASSWORD_RESET, user, None)?;
    session::end_all(tx, user, Some(keep))?;
    let email = session::login(tx, user)?.email;
    audit::record_for_user(tx, user, actor, "password.changed", &email, "")?;
    Ok(())
}

fn set_password(tx: &mut Tx<'_>, user: Id<User>, hash: &str) -> Result<(), Error> {
    let set = [UserRecord::password_hash.set(Some(hash.to_owned()))];
    let changed = tx.instance("logins belong to no company").update(UserRecord::id.eq(user), set)?;
    tx.stale(Stale::User(user.get()));
    if changed == 0 { Err(Error::NotFound) } else { Ok(()) }
}
