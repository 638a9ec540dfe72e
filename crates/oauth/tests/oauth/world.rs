//! A small world for each test: two companies, their people, and what they do with applications.

use access::Person;
use accounts::records::{
    AccessRecord, AuditEventRecord, CompanyRecord, EmployeeRecord, PermissionGroupRecord, UserRecord,
};
use accounts::{Actor, Secret};
use accounts::{Found, Identity, Rejection, Source};
use oauth::application::{self, ApplicationInput};
use oauth::authorize::{self, Authorization, AuthorizationFailure, AuthorizationRequest};
use oauth::records::FailureRecord;
use oauth::revoke::Introspection;
use oauth::token::{TokenRequest, TokenResponse, exchange};
use oauth::{Application, ClientCredentials, Error, Pair, ProtocolError, Settings, TokenSource};
use registry::{Company, Id, SECOND, Scopes};
use storage::testing::{TestDatabase, databases};
use storage::{Condition, Database, Migration, Tx};

pub const REDIRECT: &str = "https://app.example/callback";
// RFC 7636 appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub type Answer = Result<TokenResponse, ProtocolError>;

/// Runs a test on every engine.
pub fn everywhere(test: impl Fn(&World)) {
    let migrations: Vec<Migration> = [accounts::MIGRATIONS, oauth::MIGRATIONS].concat();
    for database in databases(&migrations) {
        test(&World::new(database));
    }
}

pub struct World {
    pub db: Database,
    pub settings: Settings,
    pub acme: Id<Company>,
    pub admin: Person,
    pub member: Person,
    pub other: Id<Company>,
    pub stranger: Person,
    _test: TestDatabase,
}

/// An application with what its developer knows.
#[derive(Clone)]
pub struct App {
    pub id: Id<Application>,
    pub client_id: String,
    pub secret: String,
}

impl App {
    pub fn credentials(&self) -> ClientCredentials {
        ClientCredentials {
            client_id: Some(self.client_id.clone()),
            client_secret: Some(self.secret.clone()),
            ..Default::default()
        }
    }

    pub fn ask(&self) -> AuthorizationRequest {
        AuthorizationRequest {
            response_type: text("code"),
            client_id: text(&self.client_id),
            redirect_uri: text(REDIRECT),
            ..Default::default()
        }
    }

    pub fn redeem(&self, code: &str) -> TokenRequest {
        TokenRequest {
            grant_type: text("authorization_code"),
            code: text(code),
            redirect_uri: text(REDIRECT),
            client_id: text(&self.client_id),
            client_secret: text(&self.secret),
            ..Default::default()
        }
    }

    pub fn refresh(&self, token: &str) -> TokenRequest {
        TokenRequest {
            grant_type: text("refresh_token"),
            refresh_token: text(token),
            client_id: text(&self.client_id),
            client_secret: text(&self.secret),
            ..Default::default()
        }
    }
}

pub fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

pub fn input() -> ApplicationInput {
    ApplicationInput {
        name: "Payroll".to_owned(),
        redirect_uri: format!("{REDIRECT}\n{}", oauth::OUT_OF_BAND),
        confidential: true,
        scopes: ["employees", "tasks", "time_off"].map(str::to_owned).to_vec(),
        ..Default::default()
    }
}

pub fn actor() -> Actor {
    Actor::anonymous("ada@acme.example", "192.0.2.1")
}

/// The tokens of a successful answer.
pub fn tokens(answer: &Answer) -> (String, String) {
    let answer = answer.as_ref().unwrap();
    let refresh = answer.refresh_token.as_ref().map(|token| token.expose().to_owned());
    (answer.access_token.expose().to_owned(), refresh.unwrap_or_default())
}

/// The code of a failed answer with its status.
pub fn error<T: std::fmt::Debug>(answer: &Result<T, ProtocolError>) -> (&'static str, u16) {
    let error = answer.as_ref().unwrap_err();
    (error.code, error.status)
}

pub const INVALID_GRANT: (&str, u16) = ("invalid_grant", 400);
pub const INVALID_CLIENT: (&str, u16) = ("invalid_client", 401);
pub const INVALID_REQUEST: (&str, u16) = ("invalid_request", 400);
pub const INVALID_SCOPE: (&str, u16) = ("invalid_scope", 400);

/// The value of a parameter in an address.
pub fn parameter(location: &str, name: &str) -> Option<String> {
    let (_, query) = location.split_once(['?', '#'])?;
    form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
}

impl World {
    fn new(test: TestDatabase) -> Self {
        let db = test.db.clone();
        let (acme, admin, member, other, stranger) = db
            .write_blocking(|tx| {
                let acme = company(tx, "Acme")?;
                let other = company(tx, "Other")?;
                Ok::<_, storage::Error>((
                    acme,
                    person(tx, acme, "admin@acme.example", true)?,
                    person(tx, acme, "member@acme.example", false)?,
                    other,
                    person(tx, other, "admin@other.example", true)?,
                ))
            })
            .unwrap();
        Self { db, settings: Settings::default(), acme, admin, member, other, stranger, _test: test }
    }

    pub fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.db.write_blocking(work)
    }

    pub fn advance(&self, seconds: i64) {
        self.write(move |tx| Ok(tx.advance_clock(seconds * SECOND)?)).unwrap();
    }

    pub fn app(&self, input: ApplicationInput) -> App {
        let (client_id, secret) = (Secret::generate(), Secret::generate());
        let (public, hidden) = (client_id.expose().to_owned(), secret.expose().to_owned());
        let (acme, settings) = (self.acme, self.settings.clone());
        let id = self
            .write(move |tx| application::create(tx, &actor(), acme, &input, &client_id, &secret, &settings))
            .unwrap();
        App { id, client_id: public, secret: hidden }
    }

    pub fn prepare_as(
        &self,
        request: AuthorizationRequest,
        person: &Person,
        company: Id<Company>,
    ) -> Result<Authorization, AuthorizationFailure> {
        let (settings, person) = (self.settings.clone(), person.clone());
        self.db
            .read_blocking(move |tx| authorize::prepare(tx, &settings, &request, &person, company))
            .unwrap()
    }

    pub fn prepare(&self, request: AuthorizationRequest) -> Result<Authorization, AuthorizationFailure> {
        self.prepare_as(request, &self.member, self.acme)
    }

    /// Where a person who consents to some scopes is sent.
    pub fn approve_as(
        &self,
        authorization: Authorization,
        person: &Person,
        company: Id<Company>,
        granted: Scopes,
    ) -> Result<String, Error> {
        let (settings, person, code) = (self.settings.clone(), person.clone(), Secret::generate());
        self.write(move |tx| {
            authorize::approve(tx, &settings, &actor(), &authorization, &person, company, &granted, &code)
        })
    }

    /// A code for a request of the administrator, who consents to everything.
    pub fn code(&self, request: AuthorizationRequest) -> String {
        self.code_as(request, &self.admin, self.acme)
    }

    pub fn code_as(&self, request: AuthorizationRequest, person: &Person, company: Id<Company>) -> String {
        let authorization = self.prepare_as(request, person, company).unwrap();
        let scopes = authorization.scopes.clone();
        parameter(&self.approve_as(authorization, person, company, scopes).unwrap(), "code").unwrap()
    }

    pub fn token(&self, request: TokenRequest) -> Answer {
        let (settings, pair) = (self.settings.clone(), Pair::generate());
        self.db.write_blocking(move |tx| exchange(tx, &settings, &request, &pair)).unwrap()
    }

    /// The first pair of a new family.
    pub fn pair(&self, app: &App) -> (String, String) {
        tokens(&self.token(app.redeem(&self.code(app.ask()))))
    }

    pub fn refresh(&self, app: &App, token: &str) -> Answer {
        self.token(app.refresh(token))
    }

    pub fn source(&self) -> TokenSource {
        TokenSource
    }

    fn find(&self, access: &str) -> Option<Found> {
        let (source, presented) = (self.source(), accounts::Presented::new(access));
        self.db.read_blocking(move |tx| source.find(tx, &presented)).unwrap()
    }

    /// Presents an access token at a resource and says what it is worth.
    pub fn state(&self, access: &str) -> &'static str {
        match self.find(access) {
            None | Some(Found::Dead(Rejection::Unknown)) => "unknown",
            Some(Found::Dead(Rejection::Expired)) => "expired",
            Some(Found::Dead(Rejection::Revoked)) => "revoked",
            Some(Found::Live { identity, first_use }) => {
                if first_use {
                    let (source, reference) = (self.source(), identity.reference);
                    self.db.write_blocking(move |tx| source.first_use(tx, reference)).unwrap();
                }
                "live"
            }
        }
    }

    pub fn identity(&self, access: &str) -> Identity {
        match self.find(access) {
            Some(Found::Live { identity, .. }) => *identity,
            _ => panic!("the token is not live"),
        }
    }

    pub fn scopes(&self, access: &str) -> String {
        self.identity(access).principal.scopes.unwrap().to_string()
    }

    /// For how many seconds a cache may believe in a token.
    pub fn valid_for(&self, access: &str) -> Option<i64> {
        let until = self.identity(access).valid_until;
        until.map(|until| (until - self.db.clock().now()) / SECOND)
    }

    pub fn revoke(&self, token: &str, client: ClientCredentials) -> Result<(), ProtocolError> {
        let token = token.to_owned();
        self.db.write_blocking(move |tx| oauth::revoke::revoke(tx, Some(&token), &client)).unwrap()
    }

    pub fn introspect(
        &self,
        token: &str,
        client: ClientCredentials,
    ) -> Result<Option<Introspection>, ProtocolError> {
        let (settings, token) = (self.settings.clone(), token.to_owned());
        self.db
            .write_blocking(move |tx| oauth::revoke::introspect(tx, &settings, Some(&token), &client))
            .unwrap()
    }

    pub fn failures(&self, app: &App) -> Vec<FailureRecord> {
        let (acme, id) = (self.acme, app.id);
        self.write(move |tx| Ok(application::failures(tx, acme, id, 1000)?)).unwrap()
    }

    /// How often something stands in the audit log.
    pub fn audited(&self, action: &'static str) -> usize {
        self.write(move |tx| {
            let entries = AuditEventRecord::action.eq(action.to_owned());
            Ok(tx.instance("a test looks").count(entries)?)
        })
        .unwrap() as usize
    }

    pub fn count<R: storage::Record + 'static>(&self) -> i64 {
        self.write(|tx| Ok(tx.instance("a test looks").count::<R>(Condition::any())?)).unwrap()
    }

    /// Cleans until nothing is left to clean.
    pub fn clean(&self) -> u64 {
        let mut removed = 0;
        loop {
            match self.write(|tx| Ok(oauth::clean(tx, 50)?)).unwrap() {
                0 => return removed,
                some => removed += some,
            }
        }
    }
}

fn company(tx: &mut Tx<'_>, name: &str) -> Result<Id<Company>, storage::Error> {
    let now = tx.now();
    tx.instance("a test makes its companies")
        .insert([CompanyRecord::name.set(name.to_owned()), CompanyRecord::created_at.set(now)])
}

fn person(
    tx: &mut Tx<'_>,
    company: Id<Company>,
    email: &str,
    administrator: bool,
) -> Result<Person, storage::Error> {
    let now = tx.now();
    let user = tx
        .instance("a test makes its people")
        .insert([UserRecord::email.set(email.to_owned()), UserRecord::created_at.set(now)])?;
    let kind = if administrator { "administrators" } else { "default_employees" };
    let mut tables = tx.company(company);
    let group = tables.insert([
        PermissionGroupRecord::name.set(kind.to_owned()),
        PermissionGroupRecord::kind.set(kind.to_owned()),
    ])?;
    let access = tables.insert([
        AccessRecord::user_id.set(user),
        AccessRecord::permission_group_id.set(group),
        AccessRecord::accepted_at.set(Some(now)),
        AccessRecord::created_at.set(now),
    ])?;
    let employee = tables.insert([
        EmployeeRecord::access_id.set(access),
        EmployeeRecord::first_name.set("Ada".to_owned()),
        EmployeeRecord::last_name.set("Lovelace".to_owned()),
        EmployeeRecord::created_at.set(now),
        EmployeeRecord::updated_at.set(now),
    ])?;
    Ok(Person { user, access, employee, administrator, group: std::sync::Arc::default() })
}
