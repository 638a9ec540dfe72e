//! Who a client says it is, and whether that is true (RFC 6749 section 2.3).

use accounts::{Hash, hash, same};
use registry::Id;
use storage::Tx;

use crate::ProtocolError;
use crate::application::record_failure;
use crate::error::{Refusal, Stop};
use crate::records::{ApplicationRecord, SecretRecord};

/// How many secrets of an application can be live, so that they can be rotated.
pub(crate) const LIVE_SECRETS: usize = 2;

/// A hash that no secret has.
const NO_SECRET: Hash = [0; 32];

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
}

/// Credentials of one client by one method.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'a> {
    pub(crate) client_id: &'a str,
    secret: Option<&'a str>,
}

/// A parameter without a value counts as absent (RFC 6749 section 3.2).
pub(crate) fn given(parameter: Option<&String>) -> Option<&str> {
    parameter.map(String::as_str).filter(|value| !value.is_empty())
}

impl ClientCredentials {
    /// The one client that is meant, if any: two clients or two methods are refused.
    pub(crate) fn claim(&self) -> Result<Option<Claim<'_>>, ProtocolError> {
        let (id, secret) = (given(self.client_id.as_ref()), given(self.client_secret.as_ref()));
        match &self.basic {
            None => Ok(id.map(|client_id| Claim { client_id, secret })),
            Some(_) if secret.is_some() => Err(ProtocolError::invalid_request(
                "The client authenticates in two ways at once: use the Authorization header or the client_secret \
                 parameter.",
            )),
            Some((name, _)) if id.is_some_and(|id| id != name) => Err(ProtocolError::invalid_request(
                "The Authorization header and the client_id parameter name different clients.",
            )),
            Some((name, password)) => {
                Ok(Some(Claim { client_id: name, secret: Some(password.as_str()).filter(|p| !p.is_empty()) }))
            }
        }
    }

    /// Writes a refused request into the log of the application that it names.
    pub(crate) fn log(
        &self,
        tx: &mut Tx<'_>,
        endpoint: &str,
        refusal: &Refusal,
    ) -> Result<(), storage::Error> {
        let named = self.basic.as_ref().map(|(name, _)| name.as_str()).or(given(self.client_id.as_ref()));
        let Some(application) = named.map(|name| find(tx, name)).transpose()?.flatten() else {
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
pub(crate) fn authenticate(tx: &mut Tx<'_>, claim: Option<Claim<'_>>) -> Result<ApplicationRecord, Stop> {
    let refused = |reason| Stop::from(ProtocolError::invalid_client().because(reason, ""));
    let Some(claim) = claim else {
        return Err(refused("No client_id was sent."));
    };
    let application = find(tx, claim.client_id)?;
    let id = application.as_ref().map_or(Id::new(0), |application| application.id);
    let live: Vec<SecretRecord> =
        tx.instance("the client is not known yet").list(SecretRecord::application_id.eq(id))?;
    let presented = hash(claim.secret.unwrap_or_default());
    let mut matched = false;
    for at in 0..LIVE_SECRETS {
        matched |= same(&presented, live.get(at).map_or(&NO_SECRET, |secret| &secret.secret_hash));
    }
    match (application, claim.secret) {
        (None, _) => Err(refused("There is no application with this client_id.")),
        (Some(application), Some(_)) if matched => Ok(application),
        (Some(_), Some(_)) => Err(refused("The client secret is wrong.")),
        (Some(application), None) if !application.confidential => Ok(application),
        (Some(_), None) => Err(refused("The client secret is missing, and the application is confidential.")),
    }
}
