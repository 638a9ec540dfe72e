//! Logging in and out, and the sessions in between.
//!
//! A log-in has three steps, because checking a password must not keep a storage thread busy: [`candidate`]
//! (which counts the attempt before anybody knows how it ends, so that a thousand guesses at once are not a
//! thousand free ones), [`crate::password::verify`] elsewhere, and [`succeeded`], [`verified`] or [`failed`].

use std::sync::Arc;

use access::{ActsAs, Principal};
use registry::{Access, Company, DAY, Employee, Id, Instant, User};
use storage::{Stale, Tx};

use crate::audit::{self, Actor};
use crate::credentials::{
    CredentialKind, Found, Identity, PersonIdentity, Source, group_of, person_identity, person_of,
};
use crate::records::{
    ADMINISTRATORS, AccessRecord, CompanyRecord, EmployeeRecord, PermissionGroup, PermissionGroupRecord,
    Session, SessionRecord, UserRecord,
};
use crate::text::normal_email;
use crate::throttle::{self, Key};
use crate::{Error, Hash, Presented, Secret, Vault};

/// A session ends after this long, in milliseconds, however much it is used.
pub const SESSION_LIFETIME: i64 = 14 * DAY;

/// A session ends when it is not used for this long, in milliseconds.
pub const SESSION_IDLE: i64 = 3 * DAY;

/// Whose password is to be checked, if anybody's.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The login; `None` where the address has none.
    pub user: Option<Id<User>>,
    /// What to verify the password against. Verify it, too, where there is none.
    pub password_hash: Option<String>,
}

/// A log-in whose password was right.
#[derive(Debug, Clone)]
pub struct LogIn {
    /// Who.
    pub user: Id<User>,
    /// The hash that the password was verified against.
    pub expected_hash: String,
    /// The address as it was typed.
    pub email: String,
    /// Network address of the browser.
    pub address: String,
    /// What the browser calls itself.
    pub user_agent: String,
    /// The token of the new session.
    pub token: Secret,
}

/// That an administrator looks at the company as somebody else. Nothing can be changed like that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The address that the administrator logs in with.
    pub administrator: String,
    /// The person whose record is the viewer's own.
    pub name: String,
    /// The employee record of that person.
    pub employee: Id<Employee>,
    /// The group whose permissions hold.
    pub group: String,
    /// That group, where it is not the person's own.
    pub other_group: Option<Id<PermissionGroup>>,
}

/// A session that is live, with all that a page needs to know about whoever looks at it.
#[derive(Debug, Clone)]
pub struct SessionView {
    /// The session.
    pub session: Id<Session>,
    /// Who is looking, in which company.
    pub principal: Principal,
    /// Whether the person is not the one who looks.
    pub preview: Option<Preview>,
    /// The address that the person logs in with.
    pub login_email: String,
    /// First name in this company.
    pub first_name: String,
    /// Last name in this company.
    pub last_name: String,
    /// The address for messages of this company, where it is another one.
    pub employee_email: Option<String>,
    /// What the company is called.
    pub company_name: String,
    /// The companies that the person belongs to, by name.
    pub companies: Vec<(Id<Company>, Id<Access>, String)>,
    /// When it began.
    pub created_at: Instant,
    /// When it was last used, give or take a minute.
    pub last_seen_at: Instant,
    /// When it ends whatever happens.
    pub expires_at: Instant,
}

/// Who is counted for a guess at an account: the known browser alone, or else account and network address.
fn keys(
    tx: &mut Tx<'_>,
    vault: &Vault,
    email: &str,
    address: &str,
    device: Option<&str>,
) -> Result<(Option<UserRecord>, Vec<Key>), Error> {
    let user = tx.instance("logins belong to no company").find(UserRecord::email.eq(normal_email(email)))?;
    let password = user.as_ref().and_then(|user| Some((user.id, user.password_hash.as_deref()?)));
    let known = device.filter(|token| password.is_some_and(|(id, hash)| vault.is_device(id, hash, token)));
    let keys = match known {
        Some(token) => vec![Key::device(token)],
        None => vec![Key::account(email), Key::address(address)],
    };
    Ok((user, keys))
}

/// Begins to check a password; counted as a failure until [`succeeded`] or [`verified`] says otherwise.
pub fn candidate(
    tx: &mut Tx<'_>,
    vault: &Vault,
    email: &str,
    address: &str,
    device: Option<&str>,
) -> Result<Candidate, Error> {
    let (user, keys) = keys(tx, vault, email, address, device)?;
    throttle::check(tx, &keys)?;
    throttle::failed(tx, &keys)?;
    Ok(Candidate {
        user: user.as_ref().map(|user| user.id),
        password_hash: user.and_then(|user| user.password_hash),
    })
}

/// The password was wrong. Tells the companies of the account's owner; nobody else learns whether there is
/// such an account.
pub fn failed(
    tx: &mut Tx<'_>,
    vault: &Vault,
    email: &str,
    address: &str,
    device: Option<&str>,
) -> Result<(), Error> {
    let (user, keys) = keys(tx, vault, email, address, device)?;
    // What was typed for an address that has no login may be anything, a password for one. It is not kept.
    let Some(user) = user else { return Ok(()) };
    let actor = Actor::anonymous(user.email.clone(), address);
    audit::record_for_user(tx, user.id, &actor, "login.failed", &user.email, "")?;
    if throttle::is_paused(tx, &keys[0])? {
        audit::record_for_user(tx, user.id, &actor, "login.throttled", &user.email, "")?;
    }
    Ok(())
}

/// The password was right, but no session begins (somebody confirms who he is).
pub fn verified(
    tx: &mut Tx<'_>,
    vault: &Vault,
    email: &str,
    address: &str,
    device: Option<&str>,
) -> Result<(), Error> {
    let (_, keys) = keys(tx, vault, email, address, device)?;
    throttle::succeeded(tx, &keys[0])?;
    for key in &keys[1..] {
        throttle::forgive(tx, key)?;
    }
    Ok(())
}

/// The password was right: begins a session in the company that the person used last.
pub fn succeeded(tx: &mut Tx<'_>, vault: &Vault, log_in: &LogIn, device: Option<&str>) -> Result<(), Error> {
    verified(tx, vault, &log_in.email, &log_in.address, device)?;
    let unchanged =
        UserRecord::id.eq(log_in.user).and(UserRecord::password_hash.eq(Some(log_in.expected_hash.clone())));
    if tx.instance("logins belong to no company").find(unchanged)?.is_none() {
        return Err(Error::Conflict("password_changed"));
    }
    start(tx, log_in.user, &log_in.token, &log_in.address, &log_in.user_agent).map(drop)
}

/// Begins a session of somebody who has shown who he is.
fn start(
    tx: &mut Tx<'_>,
    user: Id<User>,
    token: &Secret,
    address: &str,
    user_agent: &str,
) -> Result<Id<Session>, Error> {
    let now = tx.now();
    let accesses = accepted(tx, user)?;
    // Never seen is before any time; of two, the one joined later.
    let Some(access) = accesses.into_iter().max_by_key(|access| (access.last_seen_at, access.id)) else {
        return Err(Error::Forbidden("no_company"));
    };
    let session = table(tx).insert([
        SessionRecord::user_id.set(user),
        SessionRecord::access_id.set(access.id),
        SessionRecord::token_hash.set(token.hash()),
        SessionRecord::address.set(address.to_owned()),
        SessionRecord::user_agent.set(user_agent.to_owned()),
        SessionRecord::created_at.set(now),
        SessionRecord::last_seen_at.set(now),
        SessionRecord::expires_at.set(now + SESSION_LIFETIME),
    ])?;
    seen(tx, access.id, now)?;
    let email = login(tx, user)?.email;
    let actor = Actor { user: Some(user), name: email.clone(), address: address.to_owned() };
    audit::record(tx, Some(access.company_id), &actor, "session.created", &email, "")?;
    Ok(session)
}

/// The live session of a token. Only reads.
pub fn find(tx: &mut Tx<'_>, token_hash: &Hash) -> Result<Option<SessionView>, Error> {
    let Some((session, identity, preview)) = identified(tx, token_hash)? else {
        return Ok(None);
    };
    let accesses = accepted(tx, session.user_id)?;
    let ids = accesses.iter().map(|access| access.company_id);
    let names =
        tx.instance("a person may belong to several companies").list(CompanyRecord::id.one_of(ids))?;
    let mut companies: Vec<_> = accesses
        .iter()
        .filter_map(|access| {
            let company = names.iter().find(|company| company.id == access.company_id)?;
            Some((company.id, access.id, company.name.clone()))
        })
        .collect();
    companies.sort_by_cached_key(|(id, _, name)| (name.to_lowercase(), *id));
    Ok(Some(SessionView {
        session: session.id,
        principal: Principal {
            company: identity.company.company,
            acts_as: ActsAs::Person(identity.person),
            scopes: None,
        },
        preview,
        login_email: identity.profile.login_email,
        first_name: identity.profile.first_name,
        last_name: identity.profile.last_name,
        employee_email: identity.profile.employee_email,
        company_name: identity.company.name,
        companies,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
    }))
}

/// Notes that a session is in use. Once a minute is often enough.
pub fn touch(tx: &mut Tx<'_>, session: Id<Session>, at: Instant) -> Result<(), Error> {
    let later = SessionRecord::id.eq(session).and(SessionRecord::last_seen_at.lt(at));
    let touched = table(tx).update_returning(later, [SessionRecord::last_seen_at.set(at)])?;
    for session in touched {
        seen(tx, session.access_id, at)?;
    }
    Ok(())
}

/// Ends the session of a token.
pub fn log_out(tx: &mut Tx<'_>, actor: &Actor, token_hash: &Hash) -> Result<(), Error> {
    if let Some(session) = table(tx).find(SessionRecord::token_hash.eq(*token_hash))? {
        end(tx, actor, &session, "session.ended")?;
    }
    Ok(())
}

/// Ends a session of this person.
pub fn revoke(tx: &mut Tx<'_>, actor: &Actor, user: Id<User>, session: Id<Session>) -> Result<(), Error> {
    let own = SessionRecord::id.eq(session).and(SessionRecord::user_id.eq(user));
    let session = table(tx).find(own)?.ok_or(Error::NotFound)?;
    end(tx, actor, &session, "session.revoked")
}

fn end(tx: &mut Tx<'_>, actor: &Actor, session: &SessionRecord, action: &str) -> Result<(), Error> {
    table(tx).delete(SessionRecord::id.eq(session.id))?;
    tx.stale(Stale::Credential(session.token_hash));
    let member = AccessRecord::id.eq(session.access_id);
    let access = tx.instance("a session may be in any company").find(member)?;
    let company = access.map(|access| access.company_id);
    let email = login(tx, session.user_id)?.email;
    audit::record(tx, company, actor, action, &email, "")?;
    Ok(())
}

/// Ends all sessions of a person, perhaps except the one that asks for it.
pub fn revoke_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: Id<User>,
    except: Option<Id<Session>>,
) -> Result<(), Error> {
    end_all(tx, user, except)?;
    let email = login(tx, user)?.email;
    audit::record_for_user(tx, user, actor, "sessions.revoked_all", &email, "")?;
    Ok(())
}

/// [`revoke_all`] as part of something that has an entry of its own in the log.
pub(crate) fn end_all(tx: &mut Tx<'_>, user: Id<User>, except: Option<Id<Session>>) -> Result<(), Error> {
    let mut sessions = SessionRecord::user_id.eq(user);
    if let Some(kept) = except {
        sessions = sessions.and(SessionRecord::id.ne(kept));
    }
    table(tx).delete(sessions)?;
    tx.stale(Stale::User(user.get()));
    Ok(())
}

/// The live sessions of a person, the one used last first.
pub fn list(tx: &mut Tx<'_>, user: Id<User>) -> Result<Vec<SessionRecord>, Error> {
    let now = tx.now();
    let live = SessionRecord::user_id
        .eq(user)
        .and(SessionRecord::expires_at.gt(now))
        .and(SessionRecord::last_seen_at.gt(now - SESSION_IDLE));
    Ok(table(tx).list(live.descending(SessionRecord::last_seen_at).descending(SessionRecord::id))?)
}

/// Shows another company in a session, if its person belongs to it.
pub fn switch(tx: &mut Tx<'_>, token_hash: &Hash, user: Id<User>, company: Id<Company>) -> Result<(), Error> {
    let now = tx.now();
    let session = live(tx, token_hash)?.filter(|session| session.user_id == user).ok_or(Error::NotFound)?;
    let access = accepted(tx, user)?.into_iter().find(|access| access.company_id == company);
    let access = access.ok_or(Error::NotFound)?;
    table(tx).update(
        SessionRecord::id.eq(session.id),
        [
            SessionRecord::access_id.set(access.id),
            SessionRecord::preview_access_id.set(None),
            SessionRecord::preview_group_id.set(None),
        ],
    )?;
    tx.stale(Stale::Credential(*token_hash));
    seen(tx, access.id, now)
}

/// Lets an administrator look at the company as another person, as a member of another group, or both.
pub fn begin_preview(
    tx: &mut Tx<'_>,
    actor: &Actor,
    token_hash: &Hash,
    employee: Option<Id<Employee>>,
    group: Option<Id<PermissionGroup>>,
) -> Result<(), Error> {
    let session = live(tx, token_hash)?.ok_or(Error::NotFound)?;
    let own = person_identity(tx, session.access_id)?.ok_or(Error::NotFound)?;
    if !own.person.administrator {
        return Err(Error::Forbidden("not_administrator"));
    }
    let company = own.company.company;
    let employee = employee.unwrap_or(own.person.employee);
    let employee = tx.company(company).find(EmployeeRecord::id.eq(employee))?.ok_or(Error::NotFound)?;
    if let Some(group) = group {
        tx.company(company).find(PermissionGroupRecord::id.eq(group))?.ok_or(Error::NotFound)?;
    }
    table(tx).update(
        SessionRecord::id.eq(session.id),
        [
            SessionRecord::preview_access_id.set(Some(employee.access_id)),
            SessionRecord::preview_group_id.set(group),
        ],
    )?;
    tx.stale(Stale::Credential(*token_hash));
    let Some((_, _, Some(preview))) = identified(tx, token_hash)? else { return Err(Error::NotFound) };
    let as_member = format!("as a member of {}", preview.group);
    audit::record(tx, Some(company), actor, "preview.began", &preview.name, &as_member)?;
    Ok(())
}

/// Ends it: the administrator is who he is.
pub fn end_preview(tx: &mut Tx<'_>, actor: &Actor, token_hash: &Hash) -> Result<Option<Preview>, Error> {
    let Some((session, identity, Some(preview))) = identified(tx, token_hash)? else { return Ok(None) };
    table(tx).update(
        SessionRecord::id.eq(session.id),
        [SessionRecord::preview_access_id.set(None), SessionRecord::preview_group_id.set(None)],
    )?;
    tx.stale(Stale::Credential(*token_hash));
    audit::record(tx, Some(identity.company.company), actor, "preview.ended", &preview.name, "")?;
    Ok(Some(preview))
}

fn live(tx: &mut Tx<'_>, token_hash: &Hash) -> Result<Option<SessionRecord>, storage::Error> {
    let now = tx.now();
    let session = table(tx).find(SessionRecord::token_hash.eq(*token_hash))?;
    Ok(session.filter(|session| session.expires_at > now && session.last_seen_at + SESSION_IDLE > now))
}

/// A live session, and who looks at the company in it.
type Identified = (SessionRecord, PersonIdentity, Option<Preview>);

/// The live session of a token and its person, as pages and the API both see it.
fn identified(tx: &mut Tx<'_>, token_hash: &Hash) -> Result<Option<Identified>, storage::Error> {
    let Some(session) = live(tx, token_hash)? else {
        return Ok(None);
    };
    let identity = person_identity(tx, session.access_id)?;
    // The access of a session is always one of its own person's.
    let Some(own) = identity.filter(|identity| identity.person.user == session.user_id) else {
        return Ok(None);
    };
    Ok(Some(match previewed(tx, &session, &own)? {
        Some((seen, preview)) => (session, seen, Some(preview)),
        None => (session, own, None),
    }))
}

/// As whom an administrator looks. The login stays the administrator's: it is his session, his name in the log.
fn previewed(
    tx: &mut Tx<'_>,
    session: &SessionRecord,
    own: &PersonIdentity,
) -> Result<Option<(PersonIdentity, Preview)>, storage::Error> {
    let Some(access) = session.preview_access_id.filter(|_| own.person.administrator) else {
        return Ok(None);
    };
    let mut company = tx.company(own.company.company);
    let access = company.find(AccessRecord::id.eq(access))?;
    let group = match session.preview_group_id {
        Some(group) => company.find(PermissionGroupRecord::id.eq(group))?,
        None => None,
    };
    let seen = access.map_or(Ok(None), |access| person_of(tx, &access))?;
    // What one looked at may be gone meanwhile.
    let Some(mut seen) = seen.filter(|_| session.preview_group_id.is_none() || group.is_some()) else {
        return Ok(None);
    };
    seen.person.user = own.person.user;
    if let Some(group) = &group {
        seen.person.administrator = group.kind == ADMINISTRATORS;
        seen.person.group = Arc::new(group_of(group));
    }
    let preview = Preview {
        administrator: own.profile.login_email.clone(),
        name: seen.profile.full_name(),
        employee: seen.person.employee,
        group: seen.person.group.name.clone(),
        other_group: session.preview_group_id,
    };
    Ok(Some((seen, preview)))
}

pub(crate) fn accepted(tx: &mut Tx<'_>, user: Id<User>) -> Result<Vec<AccessRecord>, Error> {
    let open = AccessRecord::open(tx.now()).and(AccessRecord::user_id.eq(user));
    Ok(tx.instance("a person may belong to several companies").list(open)?)
}

fn seen(tx: &mut Tx<'_>, access: Id<Access>, at: Instant) -> Result<(), Error> {
    tx.instance("a session may be in any company")
        .update(AccessRecord::id.eq(access), [AccessRecord::last_seen_at.set(Some(at))])?;
    Ok(())
}

/// The login of a person.
pub(crate) fn login(tx: &mut Tx<'_>, user: Id<User>) -> Result<UserRecord, Error> {
    let found = tx.instance("logins belong to no company").find(UserRecord::id.eq(user))?;
    found.ok_or(Error::NotFound)
}

fn table<'t, 'c>(tx: &'t mut Tx<'c>) -> storage::Bound<'t, 'c, storage::Anywhere> {
    tx.instance("sessions belong to a person, not to a company")
}

/// Finds sessions for [`crate::Credentials`]: a person in the browser may read the API, too.
pub struct SessionSource;

impl Source for SessionSource {
    fn find(&self, tx: &mut Tx<'_>, presented: &Presented) -> Result<Option<Found>, storage::Error> {
        let Some((session, identity, _)) = identified(tx, &presented.hash)? else {
            return Ok(None);
        };
        let PersonIdentity { person, profile, company, until } = identity;
        let identity = Identity {
            principal: Principal { company: company.company, acts_as: ActsAs::Person(person), scopes: None },
            company_name: company.name,
            legal_name: company.legal_name,
            tin: company.tin,
            company_created_at: company.created_at,
            profile: Some(profile),
            credential: CredentialKind::Session,
            application: None,
            reference: session.id.get(),
            valid_until: [Some(session.expires_at), Some(session.last_seen_at + SESSION_IDLE), until]
                .into_iter()
                .flatten()
                .min(),
            created_at: session.created_at,
        };
        Ok(Some(Found::Live { identity: Box::new(identity), first_use: false }))
    }

    fn first_use(&self, _: &mut Tx<'_>, _: i64) -> Result<(), storage::Error> {
        Ok(())
    }

    /// Pages alone keep a session alive: what runs in the background must not.
    fn used(&self, _: &mut Tx<'_>, _: &[(i64, Instant)]) -> Result<(), storage::Error> {
        Ok(())
    }
}
