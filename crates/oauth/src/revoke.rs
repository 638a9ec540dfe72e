//! Ending a token (RFC 7009), and telling what one is worth (RFC 7662 and the platform's own endpoint).

use accounts::{Actor, Presented, audit};
use registry::{Access, Id, Instant, Scopes};
use storage::Tx;

use crate::client::{ClientCredentials, authenticate};
use crate::error::Stop;
use crate::family::{self, Kind, State};
use crate::records::{ApplicationRecord, NEVER, known};
use crate::{ProtocolError, Settings};

/// Ends the grant of a token, with every token that came out of it.
///
/// A pair that was refreshed ends alone: a client that tidies up after a refresh does not mean the new pair.
/// A token that does not exist is no error (RFC 7009 section 2.2).
pub fn revoke(
    tx: &mut Tx<'_>,
    token: Option<&str>,
    client: &ClientCredentials,
) -> Result<Result<(), ProtocolError>, storage::Error> {
    let outcome = revoked(tx, token.unwrap_or_default(), client);
    client.finish(tx, "revoke", outcome)
}

fn revoked(tx: &mut Tx<'_>, token: &str, client: &ClientCredentials) -> Result<(), Stop> {
    let claim = client.claim()?;
    // Before the client is looked at, as clients of the platform know it.
    let Some((token, grant, _)) = family::find(tx, &Presented::new(token))? else {
        return Ok(());
    };
    let stranger = |reason: &str| Stop::from(ProtocolError::not_your_token().because(reason, ""));
    let application = match authenticate(tx, claim) {
        Ok(application) => application,
        Err(Stop::Refused(refusal)) => return Err(stranger(&refusal.reason)),
        Err(error) => return Err(error),
    };
    if grant.application_id != application.id {
        return Err(stranger("The token belongs to another application."));
    }
    if token.is_over(tx.now()) {
        return Ok(());
    }
    if token.ends_at != NEVER {
        return Ok(family::end_pair(tx, token.company_id, token.id)?);
    }
    if family::revoke_one(tx, grant.id)? {
        let actor = Actor::anonymous(application.name.clone(), client.address.clone());
        audit::record(tx, Some(grant.company_id), &actor, "oauth.token_revoked", &application.name, "")?;
    }
    Ok(())
}

/// What a live token is worth (RFC 7662 section 2.2).
#[derive(Debug, Clone)]
pub struct Introspection {
    /// What it opens.
    pub scope: String,
    /// The client id of the application that holds it.
    pub client_id: String,
    /// `Bearer` for an access token; none for a refresh token, which is not used at resources.
    pub token_type: Option<&'static str>,
    /// Seconds since the epoch; none for a company token.
    pub exp: Option<i64>,
    /// Seconds since the epoch.
    pub iat: i64,
    /// In whose name it acts; none for the company.
    pub sub: Option<Id<Access>>,
    /// Who issued it.
    pub iss: String,
}

/// Tells a client what its own token is worth; `None` says that it is not active, or not the client's.
pub fn introspect(
    tx: &mut Tx<'_>,
    settings: &Settings,
    token: Option<&str>,
    client: &ClientCredentials,
) -> Result<Result<Option<Introspection>, ProtocolError>, storage::Error> {
    let outcome = introspected(tx, settings, token.unwrap_or_default(), client);
    client.finish(tx, "introspect", outcome)
}

fn introspected(
    tx: &mut Tx<'_>,
    settings: &Settings,
    token: &str,
    client: &ClientCredentials,
) -> Result<Option<Introspection>, Stop> {
    let Some(claim) = client.claim()? else {
        return Err(ProtocolError::invalid_request("Client credentials are missing.").into());
    };
    let application = authenticate(tx, Some(claim))?;
    let now = tx.now();
    let Some((token, grant, kind)) = family::find(tx, &Presented::new(token))? else {
        return Ok(None);
    };
    if grant.application_id != application.id {
        return Ok(None);
    }
    let expires_at = match (kind, token.state(&grant, now)) {
        (Kind::Access, State::Live(until)) => until,
        (Kind::Refresh, State::Live(_) | State::Expired) => {
            let until = token.refresh_expires_at.map(|at| at.min(token.ends_at));
            match until {
                Some(until) if until > now => Some(until),
                _ => return Ok(None),
            }
        }
        (_, State::Revoked) | (Kind::Access, State::Expired) => return Ok(None),
    };
    Ok(Some(Introspection {
        scope: token.scopes,
        client_id: application.client_id.clone(),
        token_type: (kind == Kind::Access).then_some("Bearer"),
        exp: expires_at.map(Instant::seconds),
        iat: token.created_at.seconds(),
        sub: grant.access_id,
        iss: settings.issuer.clone(),
    }))
}

/// What an access token says about itself.
#[derive(Debug, Clone)]
pub struct TokenInfo {
    /// In whose name it acts; none for the company.
    pub resource_owner_id: Option<Id<Access>>,
    /// What it opens.
    pub scope: Scopes,
    /// Seconds until it expires; none for a company token.
    pub expires_in: Option<i64>,
    /// The client id of the application that holds it.
    pub application: String,
    /// Seconds since the epoch.
    pub created_at: i64,
}

/// What a live access token says about itself.
pub fn token_info(tx: &mut Tx<'_>, presented: &Presented) -> Result<Option<TokenInfo>, storage::Error> {
    let now = tx.now();
    let Some((token, grant, Kind::Access)) = family::find(tx, presented)? else {
        return Ok(None);
    };
    let State::Live(until) = token.state(&grant, now) else {
        return Ok(None);
    };
    let application: Option<ApplicationRecord> = tx
        .instance("a shared application belongs to another company than its token")
        .find(ApplicationRecord::id.eq(grant.application_id))?;
    Ok(application.map(|application| TokenInfo {
        resource_owner_id: grant.access_id,
        scope: known(&token.scopes),
        expires_in: until.map(|until| until.seconds() - now.seconds()),
        application: application.client_id,
        created_at: token.created_at.seconds(),
    }))
}
