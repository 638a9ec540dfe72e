//! Provisioning a sandbox and bringing it back to its first state.

use std::collections::HashSet;

use accounts::company::SignUp;
use accounts::records::{AccessRecord, ApiKeyRecord, UserRecord};
use accounts::{Actor, Secret, api_keys, company};
use engine::Engine;
use oauth::Pair;
use oauth::application::{self, ApplicationInput};
use oauth::records::{ApplicationRecord, SecretRecord};
use registry::{Company, Id, Instant, User};
use serde_json::{Value, json};
use storage::{Condition, Migration, Stale, Table, Tx, Type};

use crate::furnish::furnish;
use crate::persona::{self, CAST, Persona};

/// Creates the table of sandboxes.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "0003_sandboxes",
    additive: false,
    tables: || {
        vec![
            // Not a reference: the row outlives the company while that is replaced by its snapshot.
            Table::new("sandboxes")
                .column("name", Type::Text)
                .column("furnished_company_id", Type::Int)
                .column("user_id", Type::Int)
                .column("email", Type::Text)
                .column("password_hash", Type::Text)
                .column("snapshot", Type::Bytes)
                .column("created_at", Type::Instant)
                .index(&["name"])
                .index(&["furnished_company_id"]),
        ]
    },
}];

storage::record! {
    /// A sandbox and what it needs to find back to its first state.
    pub struct SandboxRecord in "sandboxes" {
        pub id: Id<Sandbox>,
        /// The name that was asked for, without the prefix.
        pub name: String,
        pub furnished_company_id: Id<Company>,
        pub user_id: Id<User>,
        /// The administrator's address at first.
        pub email: String,
        /// The administrator's password at first, hashed.
        pub password_hash: String,
        /// Every row of the company at first.
        pub snapshot: Vec<u8>,
        pub created_at: Instant,
    }
}

storage::record! {
    /// What is listed of a sandbox: all but its snapshot, which may be large.
    pub struct SandboxEntry in "sandboxes" {
        pub id: Id<Sandbox>,
        pub name: String,
        pub furnished_company_id: Id<Company>,
        pub email: String,
    }
}

/// What can go wrong with a sandbox.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// The name cannot be a company's.
    #[error("{0}")]
    Name(String),
    /// There is none of that name.
    #[error("there is no sandbox named {0:?}; `muster sandbox list` shows them")]
    Unknown(String),
    /// There are several of that name.
    #[error(
        "several sandboxes are named {0:?}; name one by its client id, which `muster sandbox list` shows"
    )]
    Ambiguous(String),
    /// A rule of accounts or of the authorization server, which a sandbox never breaks by itself.
    #[error("the sandbox could not be furnished: {0}")]
    Rule(String),
}

impl From<accounts::Error> for Error {
    fn from(error: accounts::Error) -> Self {
        match error {
            accounts::Error::Storage(error) => Self::Storage(error),
            accounts::Error::Invalid(problems) if problems.iter().all(|p| p.field == "company_name") => {
                Self::Name(problems.into_iter().map(|p| p.message).collect::<Vec<_>>().join(" "))
            }
            error => Self::Rule(error.to_string()),
        }
    }
}

impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Self {
        match error {
            engine::Error::Storage(error) => Self::Storage(error),
            error => Self::Rule(format!("{error}: {error:?}")),
        }
    }
}

impl From<oauth::Error> for Error {
    fn from(error: oauth::Error) -> Self {
        match error {
            oauth::Error::Storage(error) => Self::Storage(error),
            error => Self::Rule(error.to_string()),
        }
    }
}

/// The secrets of a sandbox to be, made outside of the transaction because that may run again.
#[derive(Debug, Clone)]
pub struct Request {
    name: String,
    password: Secret,
    password_hash: String,
    client_id: Secret,
    client_secret: Secret,
    api_key: Secret,
    /// Of the personas.
    pairs: Vec<Pair>,
    /// Tells the administrators of sandboxes with one name apart.
    suffix: String,
}

impl Request {
    /// Secrets for a sandbox of this name. Hashes the password, which takes a moment.
    pub fn new(name: &str) -> Self {
        let password = Secret::presented(readable_password());
        Self {
            name: name.trim().to_owned(),
            password_hash: accounts::password::hash(password.expose()),
            password,
            client_id: Secret::generate(),
            client_secret: Secret::generate(),
            api_key: Secret::generate(),
            pairs: CAST.iter().map(|_| Pair::generate()).collect(),
            suffix: accounts::hex(&accounts::random::<4>()),
        }
    }
}

/// 100 bits in groups that a person can type.
fn readable_password() -> String {
    // 32 characters without those that look alike.
    const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    let bytes = accounts::random::<20>();
    let groups = bytes.chunks(5).map(|chunk| {
        chunk.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect::<String>()
    });
    groups.collect::<Vec<_>>().join("-")
}

/// The things that a developer gets, and what goes with them. Shown once.
#[derive(Debug, Clone)]
pub struct Sandbox {
    /// Of the application.
    pub client_id: String,
    /// Of the application.
    pub client_secret: Secret,
    /// Acts as the company.
    pub api_key: Secret,
    /// Logs in as an administrator with the password.
    pub admin_email: String,
    /// Of the administrator.
    pub admin_password: Secret,
    /// *Integrations - NAME*.
    pub company_name: String,
    /// People as whom an integration can be tried; none where the company has no people.
    pub personas: Vec<Persona>,
}

impl Sandbox {
    /// The one form in which the page, the command line and HTTP hand it over.
    pub fn to_json(&self, base_url: &str) -> Value {
        json!({
            "base_url": base_url,
            "company_name": self.company_name,
            "client_id": self.client_id,
            "client_secret": self.client_secret.expose(),
            "redirect_uri": oauth::OUT_OF_BAND,
            "api_key": self.api_key.expose(),
            "admin_email": self.admin_email,
            "admin_password": self.admin_password.expose(),
            "personas": self.personas.iter().map(Persona::to_json).collect::<Vec<_>>(),
        })
    }

    /// Where a person lets the application in.
    pub fn authorize_url(&self, base_url: &str) -> String {
        let (id, redirect) = (&self.client_id, oauth::OUT_OF_BAND);
        format!("{base_url}/oauth/authorize?client_id={id}&redirect_uri={redirect}&response_type=code")
    }

    /// The command that exchanges the code.
    pub fn token_curl(&self, base_url: &str) -> String {
        let (id, secret, redirect) = (&self.client_id, self.client_secret.expose(), oauth::OUT_OF_BAND);
        format!(
            "curl -X POST '{base_url}/oauth/token' -d 'client_id={id}&client_secret={secret}&code=CODE\
             &grant_type=authorization_code&redirect_uri={redirect}'"
        )
    }

    /// The command that makes the first call.
    pub fn me_curl(&self, base_url: &str) -> String {
        format!("curl {base_url}/api/v1/me -H 'Authorization: Bearer TOKEN'")
    }

    /// The command that makes a new token out of a refresh token.
    pub fn refresh_curl(&self, base_url: &str) -> String {
        let (id, secret) = (&self.client_id, self.client_secret.expose());
        format!(
            "curl -X POST '{base_url}/oauth/token' -d 'client_id={id}&client_secret={secret}\
             &refresh_token=REFRESH_TOKEN&grant_type=refresh_token'"
        )
    }
}

pub(crate) const APPLICATION: &str = "Sandbox application";

/// Provisions a sandbox. With an engine the company has people and a year of history.
pub fn create(
    tx: &mut Tx<'_>,
    settings: &oauth::Settings,
    engine: Option<&Engine>,
    request: &Request,
) -> Result<Sandbox, Error> {
    let company_name = format!("Integrations - {}", request.name);
    if request.name.is_empty() {
        return Err(Error::Name("Give the sandbox a name.".to_owned()));
    }
    let (actor, now) = (Actor::operator(), tx.now());
    let email = free_address(tx, request)?;
    let founded = company::found(
        tx,
        &actor,
        &SignUp {
            company_name: company_name.clone(),
            first_name: "Ada".to_owned(),
            last_name: "Admin".to_owned(),
            email: email.clone(),
            password_hash: request.password_hash.clone(),
        },
    )?;
    let input = ApplicationInput {
        name: APPLICATION.to_owned(),
        redirect_uri: oauth::OUT_OF_BAND.to_owned(),
        confidential: true,
        ..ApplicationInput::default()
    };
    let Request { client_id, client_secret, api_key, .. } = request;
    application::create(tx, &actor, founded.company, &input, client_id, client_secret, settings)?;
    api_keys::create(tx, &actor, founded.company, "Sandbox key", api_key)?;
    let mut personas = Vec::new();
    if let Some(engine) = engine {
        let accesses = furnish(tx, engine, &founded, &email)?;
        persona::cast(tx, founded.company, &accesses)?;
        persona::unlock(tx, founded.company, &request.password_hash)?;
        personas = persona::issue(tx, settings, founded.company, &request.password, &request.pairs)?;
    }
    let snapshot = tx.snapshot(founded.company)?;
    tx.instance("sandboxes are listed across companies").insert([
        SandboxRecord::name.set(request.name.clone()),
        SandboxRecord::furnished_company_id.set(founded.company),
        SandboxRecord::user_id.set(founded.user),
        SandboxRecord::email.set(email.clone()),
        SandboxRecord::password_hash.set(request.password_hash.clone()),
        SandboxRecord::snapshot.set(snapshot),
        SandboxRecord::created_at.set(now),
    ])?;
    Ok(Sandbox {
        client_id: client_id.expose().to_owned(),
        client_secret: client_secret.clone(),
        api_key: api_key.clone(),
        admin_email: email,
        admin_password: request.password.clone(),
        company_name,
        personas,
    })
}

/// An address for the administrator that nobody has. `.example` never receives mail (RFC 2606).
fn free_address(tx: &mut Tx<'_>, request: &Request) -> Result<String, storage::Error> {
    let letters = request.name.to_lowercase();
    let mut slug: String = letters.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    slug.truncate(40);
    let slug = Some(slug.trim_matches('-')).filter(|slug| !slug.is_empty()).unwrap_or("company");
    let email = format!("admin@{slug}.example");
    let taken =
        tx.instance("addresses are unique in the instance").find(UserRecord::email.eq(email.clone()))?;
    Ok(if taken.is_some() { format!("admin-{}@{slug}.example", request.suffix) } else { email })
}

/// Whether there is any sandbox.
pub fn exists(tx: &mut Tx<'_>) -> Result<bool, storage::Error> {
    Ok(tx.instance("the operator sees all sandboxes").count(Condition::<SandboxRecord>::any())? > 0)
}

/// Provisions the first sandbox of an instance; does nothing where there is one.
pub fn create_first(
    tx: &mut Tx<'_>,
    settings: &oauth::Settings,
    engine: Option<&Engine>,
    request: &Request,
) -> Result<Option<Sandbox>, Error> {
    if exists(tx)? { Ok(None) } else { create(tx, settings, engine, request).map(Some) }
}

/// All sandboxes with the client id of their application, oldest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<(SandboxEntry, Option<String>)>, storage::Error> {
    let mut instance = tx.instance("the operator sees all sandboxes");
    let sandboxes = instance.list(Condition::<SandboxEntry>::any().ascending(SandboxEntry::id))?;
    let mut listed = Vec::with_capacity(sandboxes.len());
    for some in sandboxes.chunks(500) {
        let companies = some.iter().map(|sandbox| sandbox.furnished_company_id);
        let applications = instance
            .list(ApplicationRecord::company_id.one_of(companies).ascending(ApplicationRecord::id))?;
        listed.extend(some.iter().map(|sandbox| {
            let own = applications.iter().find(|a| a.company_id == sandbox.furnished_company_id);
            (sandbox.clone(), own.map(|application| application.client_id.clone()))
        }));
    }
    Ok(listed)
}

/// Brings a sandbox back to its first state, with the same ids: everything that happened in it is gone, and
/// what was issued when it was provisioned works again. With a request its secrets are replaced by new
/// ones, which are then the first state.
pub fn reset(
    tx: &mut Tx<'_>,
    settings: &oauth::Settings,
    name: &str,
    renewed: Option<&Request>,
) -> Result<Option<Sandbox>, Error> {
    let sandbox = find(tx, name)?;
    let (company, user) = (sandbox.furnished_company_id, sandbox.user_id);
    let before = logins(tx, company)?;
    tx.restore(company, &sandbox.snapshot)?;
    let password_hash = renewed.map_or(&sandbox.password_hash, |request| &request.password_hash).clone();
    tx.instance("the administrator's login belongs to no company").update(
        UserRecord::id.eq(user),
        [
            UserRecord::email.set(sandbox.email.clone()),
            UserRecord::password_hash.set(Some(password_hash.clone())),
        ],
    )?;
    remove_strangers(tx, before)?;
    persona::unlock(tx, company, &password_hash)?;
    tx.stale(Stale::All);
    let Some(request) = renewed else { return Ok(None) };
    let mut tables = tx.company(company);
    let Some(application) = tables.find(ApplicationRecord::name.eq(APPLICATION.to_owned()))? else {
        return Err(Error::Rule("its application is missing".to_owned()));
    };
    let (secret, key) = (&request.client_secret, &request.api_key);
    tables.update(
        SecretRecord::application_id.eq(application.id),
        [SecretRecord::secret_hash.set(secret.hash()), SecretRecord::hint.set(secret.hint())],
    )?;
    tables.update(
        Condition::any(),
        [ApiKeyRecord::key_hash.set(key.hash()), ApiKeyRecord::hint.set(key.hint())],
    )?;
    let members = tx.company(company).count(AccessRecord::accepted_at.is_not_null())?;
    let personas = match members {
        0 | 1 => Vec::new(),
        _ => persona::issue(tx, settings, company, &request.password, &request.pairs)?,
    };
    let snapshot = tx.snapshot(company)?;
    tx.instance("sandboxes are listed across companies").update(
        SandboxRecord::id.eq(sandbox.id),
        [SandboxRecord::snapshot.set(snapshot), SandboxRecord::password_hash.set(password_hash)],
    )?;
    Ok(Some(Sandbox {
        client_id: application.client_id,
        client_secret: secret.clone(),
        api_key: key.clone(),
        admin_email: sandbox.email,
        admin_password: request.password.clone(),
        company_name: format!("Integrations - {}", sandbox.name),
        personas,
    }))
}

/// The sandbox of a name, with or without the prefix of its company, or of a client id.
fn find(tx: &mut Tx<'_>, name: &str) -> Result<SandboxRecord, Error> {
    let bare = name.trim().trim_start_matches("Integrations - ").to_owned();
    let mut instance = tx.instance("the operator sees all sandboxes");
    let mut found =
        instance.list(SandboxRecord::name.eq(bare.clone()).ascending(SandboxRecord::id).limit(2))?;
    if found.is_empty()
        && let Some(application) = instance.find(ApplicationRecord::client_id.eq(bare.clone()))?
    {
        found.extend(instance.find(SandboxRecord::furnished_company_id.eq(application.company_id))?);
    }
    match (found.pop(), found.is_empty()) {
        (Some(sandbox), true) => Ok(sandbox),
        (Some(_), false) => Err(Error::Ambiguous(bare)),
        (None, _) => Err(Error::Unknown(bare)),
    }
}

/// The logins that have access to a company.
fn logins(tx: &mut Tx<'_>, company: Id<Company>) -> Result<Vec<Id<User>>, storage::Error> {
    let accesses = tx.company(company).list(Condition::<AccessRecord>::any())?;
    Ok(accesses.into_iter().map(|access| access.user_id).collect())
}

/// Deletes those of some logins that belong to no company any more.
fn remove_strangers(tx: &mut Tx<'_>, logins: Vec<Id<User>>) -> Result<(), storage::Error> {
    let mut instance = tx.instance("logins belong to no company");
    let members = instance.list(AccessRecord::user_id.one_of(logins.iter().copied()))?;
    let members: HashSet<_> = members.into_iter().map(|access| access.user_id).collect();
    let strangers: Vec<_> = logins.into_iter().filter(|login| !members.contains(login)).collect();
    if !strangers.is_empty() {
        instance.delete(UserRecord::id.one_of(strangers))?;
    }
    Ok(())
}
