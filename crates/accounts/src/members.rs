//! The people of a company: who belongs to it, who is invited, who administers it.

use std::collections::HashMap;

use registry::{Access, Company, DAY, Employee, HOUR, Id, Instant, User};
use storage::{Condition, Stale, Tx};

use crate::audit::{self, Actor};
use crate::company::{self, add_employee, group};
use crate::mail::{self, Body};
use crate::records::{
    ADMINISTRATORS, AccessRecord, DEFAULT_EMPLOYEES, EmployeeRecord, INVITATION, MailedLinkRecord,
    PermissionGroup, UserRecord,
};
use crate::text::{self, Problems};
use crate::throttle::{self, Key};
use crate::{Error, Problem, Secret, Vault, links, session};

/// How long the link of an invitation works, in milliseconds.
const LINK_LIFETIME: i64 = DAY;

/// Invitations that a company sends in an hour.
const PER_COMPANY: i64 = 200;

/// Invitations that one person is sent in an hour, by all companies.
const PER_RECIPIENT: i64 = 5;

/// Values in one condition; SQLite and PostgreSQL both bound the number of parameters.
const BATCH: usize = 500;

/// Somebody who belongs to a company, or is invited to.
#[derive(Debug, Clone)]
pub struct Member {
    /// The membership.
    pub access: Id<Access>,
    /// The login.
    pub user: Id<User>,
    /// The employee record.
    pub employee: Id<Employee>,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The address to log in with.
    pub email: String,
    /// Whether the permission group is *Administrators*.
    pub administrator: bool,
    /// The permission group.
    pub group: Id<PermissionGroup>,
    /// Whether the membership lets the person in now.
    pub lets_in: bool,
    /// How far the membership is.
    pub state: MemberState,
    /// When the person last looked at the company in a browser.
    pub last_seen: Option<Instant>,
}

/// How far a membership is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberState {
    /// Accepted.
    Active,
    /// The link of the invitation works until then.
    Invited {
        /// When the link stops to work.
        expires: Instant,
    },
    /// The link has stopped to work; it can be sent again.
    InvitationExpired,
}

/// An invitation, as its receiver sees it.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The company.
    pub company: Id<Company>,
    /// What the company is called.
    pub company_name: String,
    /// The membership.
    pub access: Id<Access>,
    /// The login.
    pub user: Id<User>,
    /// The address that the invitation was sent to.
    pub email: String,
    /// First name of the receiver.
    pub first_name: String,
    /// Whether the receiver has no password to log in with, and chooses one now.
    pub needs_password: bool,
}

/// What the link of an invitation is worth.
#[derive(Debug, Clone)]
pub enum InvitationState {
    /// It can be accepted.
    Valid(Invitation),
    /// It could have been.
    Expired,
    /// It was used, replaced, or never sent.
    Unknown,
}

/// The people of a company, by name.
pub fn list(tx: &mut Tx<'_>, company: Id<Company>) -> Result<Vec<Member>, Error> {
    let now = tx.now();
    let administrators = group(tx, company, ADMINISTRATORS)?;
    let accesses = tx.company(company).list(Condition::<AccessRecord>::any())?;
    let employees: HashMap<_, _> = tx
        .company(company)
        .list(Condition::<EmployeeRecord>::any())?
        .into_iter()
        .map(|employee| (employee.access_id, employee))
        .collect();
    let (mut emails, mut expiries) = (HashMap::new(), HashMap::new());
    for batch in accesses.chunks(BATCH) {
        let users = batch.iter().map(|access| access.user_id);
        let users = tx.instance("logins belong to no company").list(UserRecord::id.one_of(users))?;
        emails.extend(users.into_iter().map(|user| (user.id, user.email)));
        let invited: Vec<_> = batch
            .iter()
            .filter(|access| access.accepted_at.is_none())
            .map(|access| Some(access.id))
            .collect();
        if !invited.is_empty() {
            let unused = MailedLinkRecord::kind
                .eq(INVITATION.to_owned())
                .and(MailedLinkRecord::access_id.one_of(invited))
                .and(MailedLinkRecord::used_at.is_null());
            let links = tx.instance("links belong to a person").list(unused)?;
            expiries.extend(links.into_iter().filter_map(|link| Some((link.access_id?, link.expires_at))));
        }
    }
    let mut members: Vec<_> = accesses
        .into_iter()
        .filter_map(|access| {
            let employee = employees.get(&access.id)?;
            let state = match (access.accepted_at, expiries.get(&access.id)) {
                (Some(_), _) => MemberState::Active,
                (None, Some(expires)) if *expires > now => MemberState::Invited { expires: *expires },
                (None, _) => MemberState::InvitationExpired,
            };
            let lets_in = access.accepted_at.is_some()
                && access.starts_at.is_none_or(|at| at <= now)
                && access.ends_at.is_none_or(|at| at > now);
            Some(Member {
                group: access.permission_group_id,
                lets_in,
                access: access.id,
                user: access.user_id,
                employee: employee.id,
                first_name: employee.first_name.clone(),
                last_name: employee.last_name.clone(),
                email: emails.get(&access.user_id)?.clone(),
                administrator: access.permission_group_id == administrators,
                state,
                last_seen: access.last_seen_at,
            })
        })
        .collect();
    members.sort_by_cached_key(|member| {
        (member.first_name.to_lowercase(), member.last_name.to_lowercase(), member.access)
    });
    Ok(members)
}

/// How many people belong to a company or are invited to.
pub fn count(tx: &mut Tx<'_>, company: Id<Company>) -> Result<i64, Error> {
    Ok(tx.company(company).count(Condition::<AccessRecord>::any())?)
}

/// Invites somebody: the person gets a link that works for 24 hours. Whoever has a login already joins with it.
#[expect(clippy::too_many_arguments, reason = "the names and the address are one form")]
pub fn invite(
    tx: &mut Tx<'_>,
    vault: &Vault,
    base_url: &str,
    actor: &Actor,
    company: Id<Company>,
    first_name: &str,
    last_name: &str,
    email: &str,
    token: &Secret,
) -> Result<Id<Access>, Error> {
    let Joined { user, access, email, .. } = join(tx, company, first_name, last_name, email)?;
    send(tx, vault, base_url, actor, company, (access, user), &email, token)?;
    audit::record(tx, Some(company), actor, "invitation.sent", &email, "")?;
    Ok(access)
}

/// Somebody new in a company.
#[derive(Debug, Clone)]
pub struct Joined {
    /// The login.
    pub user: Id<User>,
    /// The membership.
    pub access: Id<Access>,
    /// The employee record.
    pub employee: Id<Employee>,
    /// The address to log in with, as it is kept.
    pub email: String,
}

/// Adds somebody to a company without inviting yet.
pub fn add(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    first_name: &str,
    last_name: &str,
    email: &str,
) -> Result<Joined, Error> {
    let joined = join(tx, company, first_name, last_name, email)?;
    audit::record(tx, Some(company), actor, "member.added", &joined.email, "")?;
    Ok(joined)
}

/// A membership, with a login where there is none of that address, and an employee record.
fn join(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    first_name: &str,
    last_name: &str,
    email: &str,
) -> Result<Joined, Error> {
    let mut problems = Problems::default();
    let first_name = problems.take(text::name("first_name", first_name));
    let last_name = problems.take(text::name("last_name", last_name));
    let email = problems.take(text::email("email", email));
    problems.done()?;
    let now = tx.now();
    let known = tx.instance("logins belong to no company").find(UserRecord::email.eq(email.clone()))?;
    let user = match known {
        Some(user) => user.id,
        None => tx
            .instance("logins belong to no company")
            .insert([UserRecord::email.set(email.clone()), UserRecord::created_at.set(now)])?,
    };
    if let Some(access) = tx.company(company).find(AccessRecord::user_id.eq(user))? {
        let (code, message) = match access.accepted_at {
            Some(_) => ("taken", "This person is a member already."),
            None => ("invited", "This person is invited already. You can send the invitation again."),
        };
        return Err(Error::Invalid(vec![Problem::new("email", code, message)]));
    }
    let group = group(tx, company, DEFAULT_EMPLOYEES)?;
    let access = tx.company(company).insert([
        AccessRecord::user_id.set(user),
        AccessRecord::permission_group_id.set(group),
        AccessRecord::created_at.set(now),
    ])?;
    let employee = add_employee(tx, company, access, &first_name, &last_name, &email)?;
    Ok(Joined { user, access, employee, email })
}

/// Says from when on a membership lets somebody in, and from when on it does not any more. [`Error::Conflict`]
/// `last_administrator` where nobody else would be left to administer the company.
pub fn set_span(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    access: Id<Access>,
    starts_at: Option<Instant>,
    ends_at: Option<Instant>,
) -> Result<(), Error> {
    let now = tx.now();
    let membership = tx.company(company).find(AccessRecord::id.eq(access))?.ok_or(Error::NotFound)?;
    let administrators = group(tx, company, ADMINISTRATORS)?;
    let shut_out = ends_at.is_some() || starts_at.is_some_and(|at| at > now);
    if shut_out && membership.permission_group_id == administrators {
        not_the_last(tx, company, access)?;
    }
    tx.company(company).update(
        AccessRecord::id.eq(access),
        [AccessRecord::starts_at.set(starts_at), AccessRecord::ends_at.set(ends_at)],
    )?;
    tx.stale(Stale::User(membership.user_id.get()));
    Ok(())
}

/// [`Error::Conflict`] `last_administrator` where nobody else would be left to administer the company. Whoever is only
/// invited, has left or is about to leave does not count.
pub(crate) fn not_the_last(tx: &mut Tx<'_>, company: Id<Company>, access: Id<Access>) -> Result<(), Error> {
    let administrators = group(tx, company, ADMINISTRATORS)?;
    let others = AccessRecord::open(tx.now())
        .and(AccessRecord::permission_group_id.eq(administrators))
        .and(AccessRecord::ends_at.is_null())
        .and(AccessRecord::id.ne(access));
    match tx.company(company).count(others)? {
        0 => Err(Error::Conflict("last_administrator")),
        _ => Ok(()),
    }
}

/// A membership.
pub fn get(tx: &mut Tx<'_>, company: Id<Company>, access: Id<Access>) -> Result<AccessRecord, Error> {
    tx.company(company).find(AccessRecord::id.eq(access))?.ok_or(Error::NotFound)
}

/// Sends an invitation again, with a new link; the one before it dies. [`Error::Conflict`] `accepted` if there
/// is nothing to accept any more.
pub fn resend(
    tx: &mut Tx<'_>,
    vault: &Vault,
    base_url: &str,
    actor: &Actor,
    company: Id<Company>,
    access: Id<Access>,
    token: &Secret,
) -> Result<(), Error> {
    let membership = tx.company(company).find(AccessRecord::id.eq(access))?.ok_or(Error::NotFound)?;
    if membership.accepted_at.is_some() {
        return Err(Error::Conflict("accepted"));
    }
    let email = session::login(tx, membership.user_id)?.email;
    send(tx, vault, base_url, actor, company, (access, membership.user_id), &email, token)?;
    audit::record(tx, Some(company), actor, "invitation.resent", &email, "")?;
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "what two functions have in common")]
fn send(
    tx: &mut Tx<'_>,
    vault: &Vault,
    base_url: &str,
    actor: &Actor,
    company: Id<Company>,
    (access, user): (Id<Access>, Id<User>),
    email: &str,
    token: &Secret,
) -> Result<(), Error> {
    throttle::count(tx, &Key::invitations(company), PER_COMPANY, HOUR)?;
    throttle::count(tx, &Key::invited(email), PER_RECIPIENT, HOUR)?;
    links::issue(tx, INVITATION, user, Some(access), token, LINK_LIFETIME)?;
    let name = company::get(tx, company)?.name;
    let body = Body {
        paragraphs: vec![
            match actor.user {
                Some(_) => format!("{} invites you to join {name} on Muster.", actor.name),
                None => format!("You are invited to join {name} on Muster."),
            },
            "The link below works once, for 24 hours. After that, ask for another one.".to_owned(),
        ],
        link: Some((
            "Accept the invitation".to_owned(),
            format!("{base_url}/invitations/accept?token={}", token.expose()),
        )),
    };
    mail::queue(tx, vault, Some(company), email, &format!("You are invited to join {name}"), &body)?;
    Ok(())
}

/// What a link is worth. Only reads, because programs open the links of mails, too.
pub fn invitation(tx: &mut Tx<'_>, token: &Secret) -> Result<InvitationState, Error> {
    let now = tx.now();
    let Some(link) = links::find(tx, INVITATION, token)? else {
        return Ok(InvitationState::Unknown);
    };
    if link.expires_at <= now {
        return Ok(InvitationState::Expired);
    }
    let membership = match link.access_id {
        Some(access) => tx.instance("a link may lead into any company").find(AccessRecord::id.eq(access))?,
        None => None,
    };
    let waits = |membership: &AccessRecord| {
        membership.accepted_at.is_none() && membership.ends_at.is_none_or(|end| end > now)
    };
    let Some(membership) = membership.filter(waits) else {
        return Ok(InvitationState::Unknown);
    };
    let user = session::login(tx, membership.user_id)?;
    let company = company::get(tx, membership.company_id)?;
    let employee = tx.company(company.id).find(EmployeeRecord::access_id.eq(membership.id))?;
    // Whoever belongs to no company cannot log in, so he shows by the link alone who he is, and a password that
    // was set before, by whomever, counts no more.
    let needs_password = user.password_hash.is_none() || session::accepted(tx, user.id)?.is_empty();
    Ok(InvitationState::Valid(Invitation {
        company: company.id,
        company_name: company.name,
        access: membership.id,
        user: user.id,
        email: user.email,
        first_name: employee.map(|employee| employee.first_name).unwrap_or_default(),
        needs_password,
    }))
}

/// Accepts an invitation. A password is set for whoever cannot log in yet, and only then: the link proves that somebody
/// reads the mail, not that he may replace what its owner chose. [`Error::NotFound`] if the link does not work.
///
/// Whoever has a password must be `logged_in`, else [`Error::Forbidden`] `log_in_first`: a stranger may have
/// signed up with this address, and the click of its real owner must not let the stranger in.
pub fn accept(
    tx: &mut Tx<'_>,
    token: &Secret,
    password_hash: Option<String>,
    logged_in: Option<Id<User>>,
    address: &str,
) -> Result<Invitation, Error> {
    let now = tx.now();
    let InvitationState::Valid(invitation) = invitation(tx, token)? else {
        return Err(Error::NotFound);
    };
    if !invitation.needs_password && logged_in != Some(invitation.user) {
        return Err(Error::Forbidden("log_in_first"));
    }
    links::consume(tx, INVITATION, token)?;
    match (invitation.needs_password, password_hash) {
        (true, Some(hash)) => {
            tx.instance("logins belong to no company")
                .update(UserRecord::id.eq(invitation.user), [UserRecord::password_hash.set(Some(hash))])?;
        }
        (false, None) => {}
        (true, None) => {
            let problem = Problem::new("password", "blank", "Choose a password.");
            return Err(Error::Invalid(vec![problem]));
        }
        (false, Some(_)) => return Err(Error::Conflict("password_exists")),
    }
    tx.company(invitation.company)
        .update(AccessRecord::id.eq(invitation.access), [AccessRecord::accepted_at.set(Some(now))])?;
    tx.stale(Stale::User(invitation.user.get()));
    let actor =
        Actor { user: Some(invitation.user), name: invitation.email.clone(), address: address.to_owned() };
    audit::record(tx, Some(invitation.company), &actor, "invitation.accepted", &invitation.email, "")?;
    Ok(invitation)
}

/// Moves a member into *Administrators*. [`Error::Conflict`] `not_accepted` for somebody who is only invited.
pub fn make_administrator(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    access: Id<Access>,
) -> Result<(), Error> {
    let membership = tx.company(company).find(AccessRecord::id.eq(access))?.ok_or(Error::NotFound)?;
    let administrators = group(tx, company, ADMINISTRATORS)?;
    if membership.permission_group_id == administrators {
        return Ok(());
    }
    if membership.accepted_at.is_none() {
        return Err(Error::Conflict("not_accepted"));
    }
    move_to(tx, actor, &membership, ADMINISTRATORS, "administrator.added")
}

/// Moves an administrator into *Default employees*. [`Error::Conflict`] `last_administrator` for the last one.
pub fn unmake_administrator(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    access: Id<Access>,
) -> Result<(), Error> {
    let membership = tx.company(company).find(AccessRecord::id.eq(access))?.ok_or(Error::NotFound)?;
    let administrators = group(tx, company, ADMINISTRATORS)?;
    if membership.permission_group_id != administrators {
        return Ok(());
    }
    not_the_last(tx, company, access)?;
    move_to(tx, actor, &membership, DEFAULT_EMPLOYEES, "administrator.removed")
}

fn move_to(
    tx: &mut Tx<'_>,
    actor: &Actor,
    membership: &AccessRecord,
    kind: &str,
    action: &str,
) -> Result<(), Error> {
    let company = membership.company_id;
    let group = group(tx, company, kind)?;
    tx.company(company)
        .update(AccessRecord::id.eq(membership.id), [AccessRecord::permission_group_id.set(group)])?;
    tx.stale(Stale::Company(company.get()));
    let email = session::login(tx, membership.user_id)?.email;
    audit::record(tx, Some(company), actor, action, &email, "")?;
    Ok(())
}
