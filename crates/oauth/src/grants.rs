//! What people let in, and how they take it back.

use std::collections::BTreeMap;

use access::Person;
use accounts::records::{AccessRecord, CompanyRecord};
use accounts::{Actor, audit};
use registry::{Access, Company, Id, Instant, Scopes, User};
use storage::Tx;

use crate::authorize::Owner;
use crate::records::{Application, ApplicationRecord, CodeRecord, ConsentRecord, GrantRecord, known};
use crate::{Error, Pair, Settings, family};

/// An application that somebody let in.
#[derive(Debug, Clone)]
pub struct AuthorizedApplication {
    /// The application.
    pub application_id: Id<Application>,
    /// What it is called.
    pub name: String,
    /// The company that it belongs to.
    pub company_name: String,
    /// All that it may do.
    pub scopes: Scopes,
    /// When it was let in.
    pub since: Instant,
    /// When it last did something.
    pub last_used: Option<Instant>,
    /// Whether it acts as the company, rather than as the person who asks.
    pub whole_company: bool,
}

/// Lets an application in, in the name of a member, without anybody being asked: for demo data.
pub fn give(
    tx: &mut Tx<'_>,
    settings: &Settings,
    application: &ApplicationRecord,
    access: Id<Access>,
    pair: &Pair,
) -> Result<(), storage::Error> {
    let (now, scopes) = (tx.now(), application.allowed());
    let id = tx.company(application.company_id).insert([
        GrantRecord::application_id.set(application.id),
        GrantRecord::access_id.set(Some(access)),
        GrantRecord::scopes.set(scopes.to_string()),
        GrantRecord::created_at.set(now),
    ])?;
    let grant = GrantRecord {
        id,
        company_id: application.company_id,
        application_id: application.id,
        access_id: Some(access),
        scopes: scopes.to_string(),
        created_at: now,
        last_used_at: None,
        revoked_at: None,
        expires_at: None,
    };
    family::issue(tx, settings, application, &grant, None, &scopes, pair).map(drop)
}

/// What one entry of the list is made of.
struct Entry {
    scopes: String,
    since: Instant,
    last_used: Option<Instant>,
}

/// The applications that a person let in, then, for an administrator, those that act as the company.
pub fn authorized(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    person: &Person,
) -> Result<Vec<AuthorizedApplication>, storage::Error> {
    let mut entries: BTreeMap<(bool, Id<Application>), Entry> = BTreeMap::new();
    let mut add = |key, scopes: &str, since, last_used| {
        let entry = entries.entry(key).or_insert(Entry { scopes: String::new(), since, last_used });
        entry.scopes = format!("{} {scopes}", entry.scopes);
        entry.since = entry.since.min(since);
        entry.last_used = entry.last_used.max(last_used);
    };
    for consent in tx.company(company).list(ConsentRecord::access_id.eq(person.access))? {
        add((false, consent.application_id), &consent.scopes, consent.created_at, None);
    }
    let mut whose = GrantRecord::access_id.eq(Some(person.access));
    if person.administrator {
        whose = whose.or(GrantRecord::access_id.is_null());
    }
    for grant in tx.company(company).list(whose.and(GrantRecord::revoked_at.is_null()))? {
        let key = (grant.access_id.is_none(), grant.application_id);
        add(key, &grant.scopes, grant.created_at, grant.last_used_at);
    }
    if entries.is_empty() {
        return Ok(Vec::new());
    }

    let mut tables = tx.instance("a shared application belongs to another company");
    let ids = entries.keys().map(|(_, id)| *id);
    let applications: Vec<ApplicationRecord> = tables.list(ApplicationRecord::id.one_of(ids))?;
    let owners = applications.iter().map(|application| application.company_id);
    let companies: Vec<CompanyRecord> = tables.list(CompanyRecord::id.one_of(owners))?;
    let described = entries.into_iter().filter_map(|((whole_company, id), entry)| {
        let application = applications.iter().find(|application| application.id == id)?;
        let owner = companies.iter().find(|company| company.id == application.company_id)?;
        Some(AuthorizedApplication {
            application_id: id,
            name: application.name.clone(),
            company_name: owner.name.clone(),
            scopes: known(&entry.scopes),
            since: entry.since,
            last_used: entry.last_used,
            whole_company,
        })
    });
    Ok(described.collect())
}

/// Takes back what an application was allowed: as the person, or as the whole company, which only an
/// administrator may.
pub fn withdraw(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    person: &Person,
    application: Id<Application>,
    owner: Owner,
) -> Result<(), Error> {
    let access = match owner {
        Owner::Person => Some(person.access),
        Owner::Company if person.administrator => None,
        Owner::Company => return Err(Error::Forbidden),
    };
    let found: Option<ApplicationRecord> = tx
        .instance("a shared application belongs to another company")
        .find(ApplicationRecord::id.eq(application))?;
    let whose = match access {
        Some(_) => GrantRecord::access_id.eq(access),
        None => GrantRecord::access_id.is_null(),
    };
    let here = GrantRecord::company_id.eq(company).and(GrantRecord::application_id.eq(application));
    let mut ended = family::revoke(tx, here.and(whose))? as u64;
    let mut tables = tx.company(company);
    let codes = match access {
        Some(_) => CodeRecord::access_id.eq(access),
        None => CodeRecord::access_id.is_null(),
    };
    ended += tables.delete(CodeRecord::application_id.eq(application).and(codes))?;
    if let Some(access) = access {
        let consent = ConsentRecord::application_id.eq(application).and(ConsentRecord::access_id.eq(access));
        ended += tables.delete(consent)?;
    }
    match found {
        Some(found) if ended > 0 => {
            Ok(audit::record(tx, Some(company), actor, "oauth.withdrawn", &found.name, "")?)
        }
        _ => Err(Error::NotFound),
    }
}

/// Ends everything that acts in a person's name, in all companies: whoever sets a new password by mail may do
/// so because somebody else had the old one.
pub fn withdraw_all(tx: &mut Tx<'_>, user: Id<User>) -> Result<(), storage::Error> {
    let accesses =
        tx.instance("a person may belong to several companies").list(AccessRecord::user_id.eq(user))?;
    for access in accesses {
        family::revoke(tx, GrantRecord::access_id.eq(Some(access.id)))?;
        let mut tables = tx.company(access.company_id);
        tables.delete(CodeRecord::access_id.eq(Some(access.id)))?;
        tables.delete(ConsentRecord::access_id.eq(access.id))?;
    }
    Ok(())
}
