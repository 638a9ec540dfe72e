//! Applications: what administrators register, their secrets, and the log of their failed requests.

use std::ops::RangeInclusive;

use accounts::{Actor, Problem, Secret, audit, throttle};
use registry::{Company, Id, MINUTE, Scope, Scopes};
use storage::{Condition, Stale, Tx};

use crate::client::{self, LIVE_SECRETS};
use crate::error::{Error, Invalid};
use crate::records::{
    Application, ApplicationRecord, ClientSecret, CodeRecord, ConsentRecord, FailureRecord, GrantRecord,
    SecretRecord,
};
use crate::{Settings, family, redirect};

/// The longest name of an application, in characters.
const NAME: usize = 100;

/// The most redirect URIs of an application.
const REDIRECT_URIS: usize = 20;

/// What a lifetime may be, in seconds: a minute to a year.
const LIFETIME: RangeInclusive<i64> = 60..=31_536_000;

/// Failed requests of one address that are written down in a minute.
const FAILURES_A_MINUTE: i64 = 120;

/// Characters of a text in the log.
const LOGGED: usize = 500;

/// The form of an application, as it was filled in.
#[derive(Debug, Clone, Default)]
pub struct ApplicationInput {
    /// What people call it.
    pub name: String,
    /// Redirect URIs, one per line.
    pub redirect_uri: String,
    /// Whether it can keep a secret.
    pub confidential: bool,
    /// What it may ask for; none for the legacy pair.
    pub scopes: Vec<String>,
    /// Seconds, or empty for the instance's.
    pub access_token_lifetime: String,
    /// Seconds, or empty for the instance's.
    pub refresh_token_lifetime: String,
    /// Whether it must use PKCE although it is confidential.
    pub require_pkce: bool,
}

/// An input in which nothing is wrong.
#[derive(Debug, Clone)]
pub struct ValidApplication {
    name: String,
    redirect_uris: String,
    confidential: bool,
    scopes: Scopes,
    access_token_lifetime: Option<i64>,
    refresh_token_lifetime: Option<i64>,
    require_pkce: bool,
}

impl ValidApplication {
    /// As it is stored: empty for the legacy pair.
    fn scopes(&self) -> String {
        if self.scopes == Scopes::legacy() { String::new() } else { self.scopes.to_string() }
    }
}

/// Checks the form of an application and names everything that is wrong with it.
pub fn validate(input: &ApplicationInput, settings: &Settings) -> Result<ValidApplication, Invalid> {
    let mut problems = Vec::new();
    let mut problem = |field, code, message: String| problems.push(Problem { field, code, message });

    let name = input.name.trim();
    if name.is_empty() {
        problem("name", "blank", "Give the application a name.".to_owned());
    } else if name.chars().count() > NAME || name.chars().any(char::is_control) {
        problem("name", "invalid", format!("A name is one line of at most {NAME} characters."));
    }

    let mut uris: Vec<&str> = Vec::new();
    for uri in input.redirect_uri.lines().map(str::trim).filter(|uri| !uri.is_empty()) {
        if let Some((code, why)) = redirect::problem(uri, settings.allow_http_redirects) {
            let shown: String = uri.chars().take(80).collect();
            problem("redirect_uri", code, format!("{shown} {why}."));
        } else if !uris.contains(&uri) {
            uris.push(uri);
        }
    }
    if input.redirect_uri.trim().is_empty() {
        let message =
            format!("Enter at least one redirect URI; {} shows the code on a page.", redirect::OUT_OF_BAND);
        problem("redirect_uri", "blank", message);
    } else if uris.len() > REDIRECT_URIS {
        problem(
            "redirect_uri",
            "too_many",
            format!("At most {REDIRECT_URIS} redirect URIs can be registered."),
        );
    }

    let chosen = input.scopes.iter().map(String::as_str).filter(|name| !name.is_empty());
    let unknown: Vec<_> = chosen.clone().filter(|name| Scope::find(name).is_none()).collect();
    for name in &unknown {
        problem("scopes", "unknown", format!("There is no scope {name:?}."));
    }
    let scopes = Scopes::parse(&chosen.collect::<Vec<_>>().join(" ")).unwrap_or_default();

    let mut lifetime = |field, text: &str| match text.trim() {
        "" => None,
        text => match text.parse() {
            Ok(seconds) if LIFETIME.contains(&seconds) => Some(seconds),
            _ => {
                let (least, most) = (LIFETIME.start(), LIFETIME.end());
                problem(field, "invalid", format!("Enter seconds between {least} and {most}, or nothing."));
                None
            }
        },
    };
    let access_token_lifetime = lifetime("access_token_lifetime", &input.access_token_lifetime);
    let refresh_token_lifetime = lifetime("refresh_token_lifetime", &input.refresh_token_lifetime);
    let access = access_token_lifetime.unwrap_or(settings.access_token_lifetime);
    if refresh_token_lifetime.unwrap_or(settings.refresh_token_lifetime) < access {
        let message = "A refresh token must live at least as long as the access token that it replaces.";
        problem("refresh_token_lifetime", "too_short", message.to_owned());
    }

    if !problems.is_empty() {
        return Err(Invalid(problems));
    }
    Ok(ValidApplication {
        name: name.to_owned(),
        redirect_uris: uris.join("\n"),
        confidential: input.confidential,
        scopes: if scopes.is_empty() { Scopes::legacy() } else { scopes },
        access_token_lifetime,
        refresh_token_lifetime,
        require_pkce: input.require_pkce,
    })
}

/// Registers an application with its first secret.
#[allow(clippy::too_many_arguments, reason = "the secrets come from outside of the transaction")]
pub fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    input: &ApplicationInput,
    client_id: &Secret,
    secret: &Secret,
    settings: &Settings,
) -> Result<Id<Application>, Error> {
    let valid = validate(input, settings)?;
    let now = tx.now();
    let id = tx.company(company).insert([
        ApplicationRecord::client_id.set(client_id.expose().to_owned()),
        ApplicationRecord::name.set(valid.name.clone()),
        ApplicationRecord::redirect_uris.set(valid.redirect_uris.clone()),
        ApplicationRecord::confidential.set(valid.confidential),
        ApplicationRecord::scopes.set(valid.scopes()),
        ApplicationRecord::shared.set(false),
        ApplicationRecord::require_pkce.set(valid.require_pkce),
        ApplicationRecord::access_token_lifetime.set(valid.access_token_lifetime),
        ApplicationRecord::refresh_token_lifetime.set(valid.refresh_token_lifetime),
        ApplicationRecord::created_at.set(now),
        ApplicationRecord::updated_at.set(now),
    ])?;
    insert_secret(tx, company, id, secret)?;
    audit::record(tx, Some(company), actor, "oauth.application_created", &valid.name, "")?;
    Ok(id)
}

/// An application in the list of its company.
#[derive(Debug, Clone)]
pub struct ApplicationSummary {
    /// The application.
    pub record: ApplicationRecord,
    /// How many live grants it has, in all companies.
    pub grants: i64,
}

/// The applications of a company, in the order of their creation.
pub fn list(tx: &mut Tx<'_>, company: Id<Company>) -> Result<Vec<ApplicationSummary>, storage::Error> {
    let applications: Vec<ApplicationRecord> =
        tx.company(company).list(Condition::any().ascending(ApplicationRecord::id))?;
    // A company has a handful of applications; each may have any number of grants, which are not loaded.
    let summary =
        |record: ApplicationRecord| Ok(ApplicationSummary { grants: grants(tx, record.id)?, record });
    applications.into_iter().map(summary).collect()
}

/// The first application of a company.
pub fn first(tx: &mut Tx<'_>, company: Id<Company>) -> Result<Option<ApplicationRecord>, storage::Error> {
    let oldest = Condition::any().ascending(ApplicationRecord::id).limit(1);
    Ok(tx.company(company).list(oldest)?.pop())
}

/// One application of a company.
pub fn get(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    id: Id<Application>,
) -> Result<Option<ApplicationRecord>, storage::Error> {
    tx.company(company).find(ApplicationRecord::id.eq(id))
}

fn existing(tx: &mut Tx<'_>, company: Id<Company>, id: Id<Application>) -> Result<ApplicationRecord, Error> {
    get(tx, company, id)?.ok_or(Error::NotFound)
}

/// The company that made an application.
pub fn maker(tx: &mut Tx<'_>, id: i64) -> Result<Option<Id<Company>>, storage::Error> {
    let this = ApplicationRecord::id.eq(Id::new(id));
    let found = tx.instance("an application may serve people of other companies").find(this)?;
    Ok(found.map(|application| application.company_id))
}

/// Changes an application. Other scopes than before end everything that was granted to it.
pub fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    id: Id<Application>,
    input: &ApplicationInput,
    settings: &Settings,
) -> Result<(), Error> {
    let before = existing(tx, company, id)?;
    let valid = validate(input, settings)?;
    let now = tx.now();
    tx.company(company).update(
        ApplicationRecord::id.eq(id),
        [
            ApplicationRecord::name.set(valid.name.clone()),
            ApplicationRecord::redirect_uris.set(valid.redirect_uris.clone()),
            ApplicationRecord::confidential.set(valid.confidential),
            ApplicationRecord::scopes.set(valid.scopes()),
            ApplicationRecord::require_pkce.set(valid.require_pkce),
            ApplicationRecord::access_token_lifetime.set(valid.access_token_lifetime),
            ApplicationRecord::refresh_token_lifetime.set(valid.refresh_token_lifetime),
            ApplicationRecord::updated_at.set(now),
        ],
    )?;
    changed(tx, company);
    let mut details = "";
    if before.allowed() != valid.scopes {
        invalidate(tx, id)?;
        details = "Its scopes changed, so everything granted to it is revoked.";
    }
    audit::record(tx, Some(company), actor, "oauth.application_updated", &valid.name, details)?;
    Ok(())
}

/// What is remembered of the applications of a company is no longer true.
fn changed(tx: &mut Tx<'_>, company: Id<Company>) {
    tx.stale(Stale::Company(company.get()));
}

/// Ends everything that was granted to an application, or is about to be.
fn invalidate(tx: &mut Tx<'_>, id: Id<Application>) -> Result<(), storage::Error> {
    family::revoke(tx, GrantRecord::application_id.eq(id))?;
    let mut tables = tx.instance("a shared application has grants in several companies");
    tables.delete(CodeRecord::application_id.eq(id))?;
    tables.delete(ConsentRecord::application_id.eq(id))?;
    Ok(())
}

/// Deletes an application with everything that was granted to it.
pub fn delete(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    id: Id<Application>,
) -> Result<(), Error> {
    let application = existing(tx, company, id)?;
    // Revoked first, so that caches hear of it; the rows go with the application.
    family::revoke(tx, GrantRecord::application_id.eq(id))?;
    let granted = GrantRecord::application_id.eq(id).and(GrantRecord::access_id.is_null());
    let companies: Vec<_> =
        tx.instance("a shared application has grants in several companies").list(granted)?;
    family::forget(tx, &companies)?;
    tx.company(company).delete(ApplicationRecord::id.eq(id))?;
    changed(tx, company);
    audit::record(tx, Some(company), actor, "oauth.application_deleted", &application.name, "")?;
    Ok(())
}

/// Lets an application serve every company of the instance, or its own only. For the operator.
pub fn share(tx: &mut Tx<'_>, client_id: &str, shared: bool) -> Result<(), Error> {
    let application = client::find(tx, client_id)?.ok_or(Error::NotFound)?;
    let company = application.company_id;
    if application.shared == shared {
        return Ok(());
    }
    tx.company(company)
        .update(ApplicationRecord::id.eq(application.id), [ApplicationRecord::shared.set(shared)])?;
    changed(tx, company);
    if !shared {
        let elsewhere =
            GrantRecord::application_id.eq(application.id).and(GrantRecord::company_id.ne(company));
        family::revoke(tx, elsewhere)?;
        let mut tables = tx.instance("other companies let the application in while it was shared");
        let id = application.id;
        tables.delete(CodeRecord::application_id.eq(id).and(CodeRecord::company_id.ne(company)))?;
        tables.delete(ConsentRecord::application_id.eq(id).and(ConsentRecord::company_id.ne(company)))?;
    }
    let action = if shared { "oauth.application_shared" } else { "oauth.application_unshared" };
    audit::record(tx, Some(company), &Actor::operator(), action, &application.name, "")?;
    Ok(())
}

/// The live secrets of an application, oldest first.
pub fn secrets(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    id: Id<Application>,
) -> Result<Vec<SecretRecord>, storage::Error> {
    tx.company(company).list(SecretRecord::application_id.eq(id).ascending(SecretRecord::id))
}

/// Gives an application a second secret, so that the first one can be retired without an interruption.
pub fn add_secret(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    id: Id<Application>,
    secret: &Secret,
) -> Result<Id<ClientSecret>, Error> {
    let application = existing(tx, company, id)?;
    if secrets(tx, company, id)?.len() >= LIVE_SECRETS {
        return Err(Error::Conflict("Two secrets are live already: delete one first."));
    }
    let added = insert_secret(tx, company, id, secret)?;
    changed(tx, company);
    audit::record(tx, Some(company), actor, "oauth.secret_added", &application.name, "")?;
    Ok(added)
}

fn insert_secret(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    id: Id<Application>,
    secret: &Secret,
) -> Result<Id<ClientSecret>, storage::Error> {
    let now = tx.now();
    tx.company(company).insert([
        SecretRecord::application_id.set(id),
        SecretRecord::secret_hash.set(secret.hash()),
        SecretRecord::hint.set(secret.hint()),
        SecretRecord::created_at.set(now),
    ])
}

/// Retires a secret. The last one stays.
pub fn delete_secret(
    tx: &mut Tx<'_>,
    actor: &Actor,
    company: Id<Company>,
    id: Id<Application>,
    secret: Id<ClientSecret>,
) -> Result<(), Error> {
    let application = existing(tx, company, id)?;
    let live = secrets(tx, company, id)?;
    if !live.iter().any(|one| one.id == secret) {
        return Err(Error::NotFound);
    }
    if live.len() == 1 {
        return Err(Error::Conflict("An application needs a secret: add another one first."));
    }
    tx.company(company).delete(SecretRecord::id.eq(secret))?;
    changed(tx, company);
    audit::record(tx, Some(company), actor, "oauth.secret_deleted", &application.name, "")?;
    Ok(())
}

/// The failed requests of an application, newest first.
pub fn failures(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    id: Id<Application>,
    limit: u64,
) -> Result<Vec<FailureRecord>, storage::Error> {
    tx.company(company).list(FailureRecord::application_id.eq(id).descending(FailureRecord::id).limit(limit))
}

/// Notes a failed request for whoever develops the application. `sent` holds no secret. Old entries are
/// removed by [`crate::clean`].
pub fn record_failure(
    tx: &mut Tx<'_>,
    application: &ApplicationRecord,
    endpoint: &str,
    error: &str,
    reason: &str,
    address: &str,
    sent: &str,
) -> Result<(), storage::Error> {
    // Anybody can make a request fail, so nobody fills the log with it.
    match throttle::count(tx, &throttle::Key::new("oauth_failure", address), FAILURES_A_MINUTE, MINUTE) {
        Ok(()) => {}
        Err(accounts::Error::Storage(error)) => return Err(error),
        Err(_) => return Ok(()),
    }
    let at = tx.now();
    // PostgreSQL has no text with a zero byte in it.
    let bounded = |text: &str| text.chars().filter(|c| *c != '\0').take(LOGGED).collect::<String>();
    tx.company(application.company_id).insert([
        FailureRecord::application_id.set(application.id),
        FailureRecord::at.set(at),
        FailureRecord::endpoint.set(endpoint.to_owned()),
        FailureRecord::error.set(error.to_owned()),
        FailureRecord::reason.set(bounded(reason)),
        FailureRecord::address.set(bounded(address)),
        FailureRecord::sent.set(bounded(sent)),
    ])?;
    Ok(())
}
/// How many live grants an application has, in all companies.
pub fn grants(tx: &mut Tx<'_>, id: Id<Application>) -> Result<i64, storage::Error> {
    let live = GrantRecord::application_id.eq(id).and(GrantRecord::revoked_at.is_null());
    tx.instance("a shared application has grants in several companies").count(live)
}
