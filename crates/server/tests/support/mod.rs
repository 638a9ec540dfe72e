//! One running instance for a test, and the people and programs that use it.
//!
//! Everything goes through the real router, without a socket. Time stands still until a test moves it.

#![allow(dead_code, reason = "every test file uses its own part of this")]

pub mod browser;
pub mod html;
pub mod oauth;
pub mod page;

use std::collections::BTreeSet;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use accounts::Vault;
use axum::body::Body;
use axum::extract::ConnectInfo;
use engine::Engine;
use http::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use serde_json::Value;
use server::{App, Config, Environment};
use storage::testing::{START, TestDatabase, databases, postgres, sqlite};
use storage::{Clock, Condition, Database, Migration, Target};
use tower::ServiceExt;

#[allow(unused_imports, reason = "every test file uses its own part of this")]
pub use browser::{Browser, Person};
pub use html::Form;
pub use oauth::{Application, Tokens};

/// Where the instance says it is reached.
pub const BASE: &str = "http://127.0.0.1:3000";

/// The redirect URI of the guide.
pub const OOB: &str = "urn:ietf:wg:oauth:2.0:oob";

/// A redirect URI of a program with a server.
pub const CALLBACK: &str = "https://app.example/callback";

/// A password that the rules accept.
pub const PASSWORD: &str = "gravel tulip ninety canoe";

/// A second.
pub const SECOND: i64 = 1000;
/// A minute.
pub const MINUTE: i64 = 60 * SECOND;
/// An hour.
pub const HOUR: i64 = 60 * MINUTE;

/// Every resource with its code, once for all tests of a process.
pub fn engine() -> &'static Engine {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| hr::engine().unwrap());
    &ENGINE
}

/// One running instance.
#[derive(Clone)]
pub struct World {
    pub app: App,
    /// The engine below, for messages.
    pub engine: &'static str,
    /// Where the database lies, if it lies in files.
    pub folder: Option<PathBuf>,
    router: server::Service,
    count: Arc<AtomicU32>,
}

impl World {
    /// Runs a case in a demo environment over each engine.
    pub fn each<F: Future<Output = ()>>(case: impl Fn(World) -> F) {
        Self::each_with(|_| {}, case);
    }

    /// Runs a case over each engine, configured differently.
    pub fn each_with<F: Future<Output = ()>>(configure: impl Fn(&mut Config), case: impl Fn(World) -> F) {
        for database in databases(&migrations()) {
            run(&database, &configure, &case);
        }
    }

    /// Runs a case over SQLite alone: for what looks into its files, or has too many requests for two.
    pub fn on_sqlite<F: Future<Output = ()>>(case: impl Fn(World) -> F) {
        run(&sqlite(&migrations()), &|_| {}, &case);
    }

    /// Runs a case on two nodes that share one PostgreSQL.
    pub fn on_two_nodes<F: Future<Output = ()>>(case: impl Fn(World, World) -> F) {
        let Some(database) = postgres(&migrations()) else { return };
        let other = Database::open(&database.options, Clock::stopped(START), &migrations());
        let other = other.expect("another node");
        while !(database.db.coherent() && other.coherent()) {
            std::thread::yield_now();
        }
        let nodes = Self::new(&database, |_| {});
        let other = Self::of(other, &database, |_| {});
        runtime().block_on(case(nodes, other));
    }

    fn new(database: &TestDatabase, configure: impl Fn(&mut Config)) -> Self {
        Self::of(database.db.clone(), database, configure)
    }

    fn of(db: Database, database: &TestDatabase, configure: impl Fn(&mut Config)) -> Self {
        let mut config = Config {
            environment: Environment::Demo,
            public_url: BASE.to_owned(),
            sign_up_open: true,
            open_sandbox: true,
            furnish_sandboxes: false,
            trusted_proxies: Vec::new(),
            post_rate_limit: 200,
            largest_file: 1024 * 1024,
            oauth: ::oauth::Settings::default(),
            settings: Vec::new(),
        };
        configure(&mut config);
        let app = App::new(db, Vault::new([7; 32]), config, engine());
        let folder = match &database.options.target {
            Target::Sqlite(file) => file.parent().map(PathBuf::from),
            Target::Postgres(_) => None,
        };
        let router = server::router(&app);
        Self { app, engine: database.engine, folder, router, count: Arc::default() }
    }

    /// A number that was not used before, to tell things apart.
    pub fn number(&self) -> u32 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    /// A network address that nobody has yet.
    pub fn address(&self) -> IpAddr {
        let [_, b, c, d] = self.number().to_be_bytes();
        IpAddr::from([10, b, c, d])
    }

    /// A browser that was never here before.
    pub fn browser(&self) -> Browser {
        Browser::new(self)
    }

    /// Moves the clock forward.
    pub async fn advance(&self, millis: i64) {
        self.app.db.write(move |tx| tx.advance_clock(millis)).await.expect("a clock that moves");
    }

    /// A day from today, as the API writes it.
    pub fn later(&self, days: i64) -> String {
        let at = self.app.db.clock().now() + days * 24 * HOUR;
        at.to_string()[..10].to_owned()
    }

    /// Today, in UTC.
    pub fn today(&self) -> String {
        self.later(0)
    }

    /// Milliseconds until midnight, in UTC.
    pub fn until_midnight(&self) -> i64 {
        24 * HOUR - self.app.db.clock().now().millis().rem_euclid(24 * HOUR)
    }

    /// Begins a request of a program.
    pub fn call(&self, method: &str, path: &str) -> Call {
        Call::new(self, Method::from_bytes(method.as_bytes()).expect("a method"), path)
    }

    /// Begins a `GET`.
    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    /// Begins a `POST`.
    pub fn post(&self, path: &str) -> Call {
        self.call("POST", path)
    }

    /// Answers one request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let asked = format!("{} {} on {}", request.method(), request.uri(), self.engine);
        let response = self.router.clone().oneshot(request).await.expect("a router never fails");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Answer { asked, status: parts.status, headers: parts.headers, body }
    }

    /// Everything in the database that a person or program can change, but not the notes of what was tried:
    /// counters of guesses and the logs of failed requests.
    pub async fn state(&self) -> BTreeSet<String> {
        use ::oauth::records as o;
        use accounts::records as a;
        macro_rules! rows {
            ($tx:ident: $($record:ty),+) => {{
                let mut rows = BTreeSet::new();
                $(rows.extend(
                    $tx.instance("a test looks at everything")
                        .list(Condition::<$record>::any())?
                        .into_iter()
                        .map(|row| format!("{row:?}")),
                );)+
                rows
            }};
        }
        let rows = self.app.db.read(|tx| {
            let mut rows = rows!(tx: a::CompanyRecord, a::UserRecord, a::PermissionGroupRecord, a::AccessRecord,
                a::EmployeeRecord, a::SessionRecord, a::MailedLinkRecord, a::ApiKeyRecord, a::MailRecord,
                o::ApplicationRecord, o::SecretRecord, o::CodeRecord, o::GrantRecord, o::TokenRecord,
                o::ConsentRecord);
            let events = tx.instance("a test looks at everything").list(Condition::<a::AuditEventRecord>::any())?;
            let tried = |event: &a::AuditEventRecord| event.action.starts_with("login.");
            rows.extend(events.iter().filter(|event| !tried(event)).map(|event| format!("{event:?}")));
            Ok::<_, storage::Error>(rows)
        });
        let mut rows = rows.await.expect("a database that answers");
        rows.insert(format!("clock {}", self.app.db.clock().now()));
        rows
    }

    /// Fails unless nothing changed since then.
    pub async fn assert_unchanged(&self, before: &BTreeSet<String>, case: &str) {
        let now = self.state().await;
        let new: Vec<_> = now.difference(before).collect();
        let gone: Vec<_> = before.difference(&now).collect();
        assert!(new.is_empty() && gone.is_empty(), "{case} on {}: gone {gone:#?}, new {new:#?}", self.engine);
    }
}

fn run<F: Future<Output = ()>>(
    database: &TestDatabase,
    configure: &impl Fn(&mut Config),
    case: &impl Fn(World) -> F,
) {
    // Shown when the test fails.
    eprintln!("on {}", database.engine);
    runtime().block_on(case(World::new(database, configure)));
}

fn runtime() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime")
}

fn migrations() -> Vec<Migration> {
    server::migrations(hr::MIGRATION)
}

/// A request of a program, in the making.
pub struct Call {
    world: World,
    request: Request<Body>,
}

impl Call {
    fn new(world: &World, method: Method, path: &str) -> Self {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { world: world.clone(), request }
    }

    /// With a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header's name");
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        self.request.headers_mut().append(name, value);
        self
    }

    /// From a network address.
    pub fn from(mut self, address: IpAddr) -> Self {
        self.request.extensions_mut().insert(ConnectInfo(SocketAddr::new(address, 50_000)));
        self
    }

    /// With an access token.
    pub fn bearer(self, token: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), &format!("Bearer {token}"))
    }

    /// With a body of any kind.
    pub fn body(self, kind: &str, body: impl Into<Body>) -> Self {
        let mut call = self.header(CONTENT_TYPE.as_str(), kind);
        *call.request.body_mut() = body.into();
        call
    }

    /// With a form that is encoded already, as `curl -d` sends it.
    pub fn raw_form(self, body: &str) -> Self {
        self.body("application/x-www-form-urlencoded", body.to_owned())
    }

    /// With a form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = encoded(fields.iter().copied());
        self.raw_form(&body)
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// The answer.
    pub async fn send(self) -> Answer {
        self.world.send(self.request).await
    }
}

/// Encodes fields as a form.
pub fn encoded<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What was asked, for messages.
    pub asked: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{self}: {error}"))
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    /// A parameter of where it leads.
    pub fn location_parameter(&self, name: &str) -> Option<String> {
        let location = self.location();
        let (_, parameters) = location.split_once(['?', '#'])?;
        url::form_urlencoded::parse(parameters.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Fails unless the status is this one.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{self}");
        self
    }

    /// Fails unless it leads there.
    #[track_caller]
    pub fn expect_to(self, location: &str) -> Self {
        assert!(self.status.is_redirection(), "{self}");
        assert_eq!(self.location(), location, "{self}");
        self
    }

    /// Fails unless it is an error of the token endpoint with this status and code.
    #[track_caller]
    pub fn expect_error(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.json()["error"], code, "{answer}");
        answer
    }

    /// The text of the element with an id.
    #[track_caller]
    pub fn element(&self, id: &str) -> String {
        html::element(&self.text(), id).unwrap_or_else(|| panic!("no #{id}: {self}"))
    }

    /// The forms of the page.
    pub fn forms(&self) -> Vec<Form> {
        html::forms(&self.text())
    }

    /// The form of the page that goes there.
    #[track_caller]
    pub fn form(&self, action: &str) -> Form {
        let found = self.forms().into_iter().find(|form| form.action == action);
        found.unwrap_or_else(|| panic!("no form to {action}: {self}"))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.text();
        // Of a page, what it says.
        let body: String = match text.find("<main") {
            Some(main) => html::pieces(&text[main..])
                .into_iter()
                .filter_map(|piece| match piece {
                    html::Piece::Text(text) => Some(text),
                    _ => None,
                })
                .collect::<Vec<_>>()
                .join(" "),
            None => text,
        };
        let body: String = body.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(1500).collect();
        write!(f, "{} answered {} {}: {body}", self.asked, self.status, self.location())
    }
}

/// Gives somebody a group of its own with a policy, or the group of that name this policy.
pub async fn put_in_group(world: &World, email: &str, name: &'static str, policy: access::Policy) {
    use accounts::records::{AccessRecord, UserRecord};
    let email = email.to_owned();
    let work = move |tx: &mut storage::Tx<'_>| {
        let user =
            tx.instance("a test looks at everything").find(UserRecord::email.eq(email.clone()))?.unwrap();
        let member = AccessRecord::user_id.eq(user.id);
        let access = tx.instance("a test looks at everything").find(member)?.unwrap();
        let (company, actor) = (access.company_id, accounts::Actor::operator());
        let known = accounts::groups::list(tx, company)?.into_iter().find(|group| group.name == name);
        let group = match known {
            Some(group) => group.id,
            None => accounts::groups::create(tx, &actor, company, name, None)?,
        };
        accounts::groups::set_policy(tx, &actor, company, group, &policy, None, None)?;
        accounts::groups::move_to(tx, &actor, company, access.id, group)
    };
    world.app.db.write(work).await.unwrap();
}
