//! What every handler can reach.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use accounts::{ApiKeySource, Credentials, Mailroom, SessionSource, Source, Vault};
use engine::Engine;
use storage::Database;

use tokio::sync::Semaphore;

use crate::api::limit::Limiter;
use crate::api::oas::Documents;
use crate::web::reference::search::Index;

/// What kind of instance this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// Sandboxes, a movable clock, mails on a page; data may be deleted at any moment.
    Demo,
    /// None of this.
    Production,
}

/// A setting of the program, for the page that lists them.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Flag on the command line.
    pub flag: String,
    /// Name in the environment.
    pub variable: String,
    /// Value without either.
    pub default: String,
    /// What it does.
    pub description: String,
}

/// How the server behaves. Made from the command line and the environment by the binary.
#[derive(Debug, Clone)]
pub struct Config {
    /// What kind of instance this is.
    pub environment: Environment,
    /// The address under which people and programs reach it, without a slash at the end. Every link that
    /// leaves the server is made from it, never from a request's `Host`.
    pub public_url: String,
    /// Whether anybody may sign up a company.
    pub sign_up_open: bool,
    /// Whether anybody may move the demo environment's clock and read its mails.
    pub open_sandbox: bool,
    /// Whether a new sandbox has people and a year of history.
    pub furnish_sandboxes: bool,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Most `POST` requests of one credential in a minute; 0 is no limit.
    pub post_rate_limit: u32,
    /// Most bytes of the files of one request.
    pub largest_file: usize,
    /// How the authorization server behaves.
    pub oauth: oauth::Settings,
    /// All settings, for the documentation.
    pub settings: Vec<Setting>,
}

impl Config {
    /// What furnishes new sandboxes, if they are to be furnished.
    pub fn furnisher(&self, engine: &'static Engine) -> Option<&'static Engine> {
        self.furnish_sandboxes.then_some(engine)
    }

    /// Whether browsers reach the server over https, so that cookies are sent over nothing else.
    pub fn secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// Whether this is the demo environment.
    pub fn demo(&self) -> bool {
        self.environment == Environment::Demo
    }
}

/// Passwords that are hashed at the same time; each takes 19 MiB and a core.
const HASHING: usize = 2;

/// The application: database, keys, caches and configuration. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// What an [`App`] shares among its clones.
pub struct Inner {
    /// The database.
    pub db: Database,
    /// Every resource, ready to be asked for.
    pub engine: &'static Engine,
    /// Seals what must not be in the database in clear.
    pub vault: Arc<Vault>,
    /// Turns bearer credentials into principals.
    pub credentials: Credentials,
    /// The applications that clients name.
    pub(crate) clients: oauth::Clients,
    /// How the server behaves.
    pub config: Config,
    /// What code of resources writes mails with.
    pub(crate) mailroom: Mailroom,
    /// Posts of each credential in the minute that runs.
    pub(crate) posts: Limiter,
    /// What `/oas` answers.
    pub(crate) documents: Documents,
    /// What the search of the API reference finds, made when somebody first searches.
    pub(crate) index: OnceLock<Index>,
    hashing: Arc<Semaphore>,
}

impl Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Source of a bearer token, as [`Credentials`] counts them.
pub(crate) const TOKENS: usize = 0;
/// Source of an API key.
pub(crate) const API_KEYS: usize = 1;
/// Source of a session.
pub(crate) const SESSIONS: usize = 2;

impl App {
    /// Puts the parts together.
    pub fn new(db: Database, vault: Vault, config: Config, engine: &'static Engine) -> Self {
        let sources: [Box<dyn Source>; 3] =
            [Box::new(oauth::TokenSource), Box::new(ApiKeySource), Box::new(SessionSource)];
        let credentials = Credentials::new(db.clone(), sources.into());
        let clients = oauth::Clients::new(db.clone());
        let (vault, hashing) = (Arc::new(vault), Arc::new(Semaphore::new(HASHING)));
        let mailroom = Mailroom { vault: vault.clone(), base_url: config.public_url.clone() };
        Self(Arc::new(Inner {
            db,
            engine,
            vault,
            mailroom,
            credentials,
            clients,
            posts: Limiter::new(config.post_rate_limit),
            config,
            documents: Documents::default(),
            index: OnceLock::new(),
            hashing,
        }))
    }

    /// Runs something that keeps a core busy (Argon2), a few at a time and off the async threads.
    pub(crate) async fn heavy<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, storage::Error> {
        let permit = self.hashing.clone().acquire_owned().await.map_err(|_| storage::Error::Closed)?;
        // The permit goes along: the work goes on when the client has gone away, and still counts.
        let counted = move || {
            let done = work();
            drop(permit);
            done
        };
        tokio::task::spawn_blocking(counted).await.map_err(|_| storage::Error::Closed)
    }
}
