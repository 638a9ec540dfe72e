//! Who a client says it is, and whether that is true (RFC 6749 section 2.3).

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use accounts::{Hash, hash, same};
use storage::{Database, Stale, Tx};

use crate::ProtocolError;
use crate::application::record_failure;
use crate::error::{Refusal, Stop};
use crate::records::{ApplicationRecord, SecretRecord};

/// How many secrets of an application can be live, so that they can be rotated.
pub(crate) const LIVE_SECRETS: usize = 2;

/// A hash that no secret has.
const NO_SECRET: Hash = [0; 32];

/// Most applications that are remembered.
const CAPACITY: usize = 10_000;

/// An application and what proves it.
#[derive(Debug)]
pub struct Client {
    application: Arc<ApplicationRecord>,
    secrets: Vec<Hash>,
}

impl Client {
    fn load(tx: &mut Tx<'_>, client_id: &str) -> Result<Option<Self>, storage::Error> {
        let Some(application) = find(tx, client_id)? else { return Ok(None) };
        let live: Vec<SecretRecord> = tx
            .instance("the client is not known yet")
            .list(SecretRecord::application_id.eq(application.id))?;
        let secrets = live.into_iter().map(|secret| secret.secret_hash).collect();
        Ok(Some(Self { application: Arc::new(application), secrets }))
    }
}

#[derive(Default)]
struct Memory {
    clients: RwLock<HashMap<String, Arc<Client>>>,
    /// Counts what became stale, so that what was loaded before is not remembered after it.
    epoch: AtomicU64,
}

impl Memory {
    fn on_stale(&self, stale: &Stale) {
        let company = match stale {
            Stale::All => None,
            Stale::Company(company) => Some(*company),
            _ => return,
        };
        self.epoch.fetch_add(1, Ordering::SeqCst);
        let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        clients.retain(|_, client| {
            company.is_some_and(|company| client.application.company_id.get() != company)
        });
    }
}

/// The applications that clients named lately, so that a request does not look its client up. A change of an
/// application makes its company stale.
pub struct Clients {
    db: Database,
    memory: Arc<Memory>,
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clients(…)")
    }
}

impl Clients {
    /// Those of a database.
    pub fn new(db: Database) -> Self {
        let memory = Arc::new(Memory::default());
        let listening = memory.clone();
        db.on_stale(move |stale| listening.on_stale(stale));
        Self { db, memory }
    }

    /// The client with this id, as of now.
    pub async fn find(&self, client_id: &str) -> Result<Option<Arc<Client>>, storage::Error> {
        if self.db.coherent() {
            let clients = self.memory.clients.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = clients.get(client_id) {
                return Ok(Some(known.clone()));
            }
        }
        let epoch = self.memory.epoch.load(Ordering::SeqCst);
        let named = client_id.to_owned();
        let Some(client) = self.db.read(move |tx| Client::load(tx, &named)).await? else {
            return Ok(None);
        };
        let client = Arc::new(client);
        let mut clients = self.memory.clients.write().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: a notice counts first and forgets then, so it cannot slip in between.
        if self.db.coherent() && self.memory.epoch.load(Ordering::SeqCst) == epoch {
            if clients.len() >= CAPACITY {
                clients.clear();
            }
            clients.insert(client_id.to_owned(), client.clone());
        }
        Ok(Some(client))
    }
}

/// What a client presented of itself.
#[derive(Debug, Clone, Default)]
pub struct ClientCredentials {
    /// The parameter `client_id`.
    pub client_id: Option<String>,
    /// The parameter `client_secret`.
    pub client_secret: Option<String>,
    /// Name and password of HTTP Basic.
    pub basic: Option<(String, String)>,
    /// Network address of the client, for logs.
    pub address: String,
    /// The client that is named, where memory knows it.
    pub known: Option<Arc<Client>>,
}

/// Credentials of one client by one method.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) client_id: &'a str,
    secret: Option<&'a str>,
    known: Option<&'a Arc<Client>>,
}

/// A parameter without a value counts as absent (RFC 6749 section 3.2).
pub(crate) fn given(parameter: Option<&String>) -> Option<&str> {
    parameter.map(String::as_str).filter(|value| !value.is_empty())
}

impl ClientCredentials {
    /// The one client that is meant, if any: two clients or two methods are refused.
    pub(crate) fn claim(&self) -> Result<Option<Claim<'_>>, ProtocolError> {
        let known = self.known.as_ref();
        let (id, secret) = (given(self.client_id.as_ref()), given(self.client_secret.as_ref()));
        match &self.basic {
            None => Ok(id.map(|client_id| Claim { client_id, secret, known })),
            Some(_) if secret.is_some() => Err(ProtocolError::invalid_request(
                "The client authenticates in two ways at once: use the Authorization header or the client_secret \
                 parameter.",
            )),
            Some((name, _)) if id.is_some_and(|id| id != name) => Err(ProtocolError::invalid_request(
                "The Authorization header and the client_id parameter name different clients.",
            )),
            Some((name, password)) => {
                let secret = Some(password.as_str()).filter(|password| !password.is_empty());
                Ok(Some(Claim { client_id: name, secret, known }))
            }
        }
    }

    /// The client id that is sent.
    pub fn named(&self) -> Option<&str> {
        self.basic.as_ref().map(|(name, _)| name.as_str()).or(given(self.client_id.as_ref()))
    }

    /// Writes a refused request into the log of the application that it names.
    pub(crate) fn log(
        &self,
        tx: &mut Tx<'_>,
        endpoint: &str,
        refusal: &Refusal,
    ) -> Result<(), storage::Error> {
        let Some(application) = self.named().map(|name| find(tx, name)).transpose()?.flatten() else {
            return Ok(());
        };
        let reason = if refusal.reason.is_empty() { &refusal.error.description } else { &refusal.reason };
        record_failure(tx, &application, endpoint, refusal.error.code, reason, &self.address, &refusal.sent)
    }

    /// Ends a request: a refusal is logged and kept, a failure of storage undoes everything.
    pub(crate) fn finish<T>(
        &self,
        tx: &mut Tx<'_>,
        endpoint: &str,
        outcome: Result<T, Stop>,
    ) -> Result<Result<T, ProtocolError>, storage::Error> {
        match outcome {
            Ok(done) => Ok(Ok(done)),
            Err(Stop::Storage(error)) => Err(error),
            Err(Stop::Refused(refusal)) => {
                self.log(tx, endpoint, &refusal)?;
                Ok(Err(refusal.error))
            }
        }
    }
}

/// The application with a client id.
pub(crate) fn find(tx: &mut Tx<'_>, client_id: &str) -> Result<Option<ApplicationRecord>, storage::Error> {
    // PostgreSQL refuses a zero byte in text instead of not finding it.
    let client_id = client_id.replace('\0', "?");
    tx.instance("a client id is unique in the instance").find(ApplicationRecord::client_id.eq(client_id))
}

/// The application that the credentials prove.
///
/// A client id that does not exist takes the same steps as a wrong secret.
pub(crate) fn authenticate(
    tx: &mut Tx<'_>,
    claim: Option<Claim<'_>>,
) -> Result<Arc<ApplicationRecord>, Stop> {
    let refused = |reason| Stop::from(ProtocolError::invalid_client().because(reason, ""));
    let Some(claim) = claim else {
        return Err(refused("No client_id was sent."));
    };
    let client = match claim.known.filter(|known| known.application.client_id == claim.client_id) {
        Some(known) => Some(known.clone()),
        None => Client::load(tx, claim.client_id)?.map(Arc::new),
    };
    let presented = hash(claim.secret.unwrap_or_default());
    let mut matched = false;
    for at in 0..LIVE_SECRETS {
        let live = client.as_ref().and_then(|client| client.secrets.get(at));
        matched |= same(&presented, live.unwrap_or(&NO_SECRET));
    }
    match (client.map(|client| client.application.clone()), claim.secret) {
        (None, _) => Err(refused("There is no application with this client_id.")),
        (Some(application), Some(_)) if matched => Ok(application),
        (Some(_), Some(_)) => Err(refused("The client secret is wrong.")),
        (Some(application), None) if !application.confidential => Ok(application),
        (Some(_), None) => Err(refused("The client secret is missing, and the application is confidential.")),
    }
}
