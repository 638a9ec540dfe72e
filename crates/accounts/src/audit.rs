//! The audit log: who did what to what, when and from where.

use registry::{Access, Company, Id, User};
use storage::{Condition, Error, Tx};

use crate::records::{AccessRecord, AuditEvent, AuditEventRecord};

/// Who does something, as the audit log names them.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The login, if a person acts.
    pub user: Option<Id<User>>,
    /// What to call them: a mail address, an application, or the command line.
    pub name: String,
    /// Network address; empty on the command line.
    pub address: String,
}

impl Actor {
    /// Whoever operates the instance, at its command line or in its background work.
    pub fn operator() -> Self {
        Self { user: None, name: "operator".to_owned(), address: String::new() }
    }

    /// Whoever calls the API: a person, by the login, or the company itself.
    pub fn caller(
        tx: &mut Tx<'_>,
        company: Id<Company>,
        access: Option<Id<Access>>,
    ) -> Result<Self, crate::Error> {
        let address = String::new();
        let Some(access) = access else {
            return Ok(Self { user: None, name: crate::company::get(tx, company)?.name, address });
        };
        let user = crate::members::get(tx, company, access)?.user_id;
        Ok(Self { user: Some(user), name: crate::session::login(tx, user)?.email, address })
    }

    /// A program or a visitor that is nobody in particular.
    pub fn anonymous(name: impl Into<String>, address: impl Into<String>) -> Self {
        Self { user: None, name: name.into(), address: address.into() }
    }
}

/// Writes an entry in the transaction of what it tells of.
///
/// `action` is a stable code of the form `thing.happened`; neither `target` nor `details` ever holds a secret.
pub fn record(
    tx: &mut Tx<'_>,
    company: Option<Id<Company>>,
    actor: &Actor,
    action: &str,
    target: &str,
    details: &str,
) -> Result<(), Error> {
    let at = tx.now();
    tx.instance("some events concern a login, not a company").insert([
        AuditEventRecord::company_id.set(company),
        AuditEventRecord::at.set(at),
        AuditEventRecord::user_id.set(actor.user),
        AuditEventRecord::actor.set(actor.name.clone()),
        AuditEventRecord::action.set(action.to_owned()),
        AuditEventRecord::target.set(target.to_owned()),
        AuditEventRecord::address.set(actor.address.clone()),
        AuditEventRecord::details.set(details.to_owned()),
    ])?;
    Ok(())
}

/// Writes an entry about a login into the log of every company that the person belongs to, because it concerns
/// each of them.
pub fn record_for_user(
    tx: &mut Tx<'_>,
    user: Id<User>,
    actor: &Actor,
    action: &str,
    target: &str,
    details: &str,
) -> Result<(), Error> {
    let member = AccessRecord::user_id.eq(user).and(AccessRecord::accepted_at.is_not_null());
    for access in tx.instance("a person may belong to several companies").list(member)? {
        record(tx, Some(access.company_id), actor, action, target, details)?;
    }
    Ok(())
}

/// The entries of a company, newest first, older than `before`; with a filter those whose actor, action or
/// target has it in it.
pub fn list(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    filter: &str,
    before: Option<Id<AuditEvent>>,
    limit: u64,
) -> Result<Vec<AuditEventRecord>, Error> {
    let mut condition: Condition<AuditEventRecord> = AuditEventRecord::company_id.eq(Some(company));
    if !filter.is_empty() {
        let columns = [AuditEventRecord::actor, AuditEventRecord::action, AuditEventRecord::target];
        let [actor, action, target] = columns.map(|column| column.contains(filter));
        condition = condition.and(actor.or(action).or(target));
    }
    if let Some(before) = before {
        condition = condition.and(AuditEventRecord::id.lt(before));
    }
    tx.instance("the log's own filter names the company")
        .list(condition.descending(AuditEventRecord::id).limit(limit))
}

/// What an action's code means to people.
pub fn in_words(action: &str) -> &str {
    match action {
        "company.created" => "created the company",
        "company.updated" => "changed the company",
        "session.created" => "logged in",
        "session.ended" => "logged out",
        "session.revoked" => "ended a session",
        "sessions.revoked_all" => "logged out everywhere",
        "login.failed" => "failed to log in",
        "login.throttled" => "was stopped from guessing",
        "password.changed" => "changed the password",
        "password.reset_requested" => "asked for a new password",
        "password.reset" => "set a new password by mail",
        "member.added" => "added",
        "invitation.sent" => "invited",
        "invitation.resent" => "invited again",
        "invitation.accepted" => "accepted the invitation",
        "administrator.added" => "made an administrator of",
        "administrator.removed" => "took administration from",
        "permission_group.created" => "added the permission group",
        "permission_group.renamed" => "renamed the permission group",
        "permission_group.deleted" => "deleted the permission group",
        "permission_group.changed" => "changed what is permitted to",
        "permission_group.moved" => "moved to another permission group",
        "person.acted_as" | "preview.began" => "looked at the company as",
        "preview.ended" => "no longer looked at the company as",
        "holidays.imported" => "took over a holiday calendar for",
        "api_key.created" => "created the API key",
        "webhook.secret_renewed" => "renewed the signing secret of the webhook",
        "api_key.deleted" => "deleted the API key",
        "oauth.application_created" => "created the application",
        "oauth.application_updated" => "changed the application",
        "oauth.application_deleted" => "deleted the application",
        "oauth.application_shared" => "opened the application to other companies",
        "oauth.application_unshared" => "closed the application to other companies",
        "oauth.secret_added" => "renewed the secret of",
        "oauth.secret_deleted" => "deleted a secret of",
        "oauth.authorized" => "let in",
        "oauth.withdrawn" => "shut out",
        "oauth.code_reused" => "presented a code twice: access was withdrawn from",
        "oauth.refresh_reused" => "presented a used refresh token: access was withdrawn from",
        "oauth.token_revoked" => "handed back a token",
        other => other,
    }
}
