//! The token endpoint: a code or a refresh token for a new pair (RFC 6749 sections 4.1.3, 5 and 6).
//!
//! The checks come in the order that clients of the platform know.

use std::sync::Arc;

use accounts::{Actor, Presented, Secret, audit, hash};
use registry::{Id, Scopes};
use storage::Tx;

use crate::client::{Client, ClientCredentials, authenticate, given};
use crate::error::Stop;
use crate::family::{self, Kind, Pair};
use crate::records::{ApplicationRecord, CodeRecord, GrantRecord, known};
use crate::{ProtocolError, Settings, pkce};

/// A request to the token endpoint, wherever its parameters came from.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the parameters of RFC 6749 and RFC 7636 under their own names")]
pub struct TokenRequest {
    pub grant_type: Option<String>,
    pub code: Option<String>,
    pub redirect_uri: Option<String>,
    pub code_verifier: Option<String>,
    pub refresh_token: Option<String>,
    pub scope: Option<String>,
    pub client_id: Option<String>,
    pub client_secret: Option<String>,
    /// Name and password of HTTP Basic.
    pub basic: Option<(String, String)>,
    /// Network address of the client, for logs.
    pub address: String,
    /// The client that is named, where memory knows it.
    pub known: Option<Arc<Client>>,
}

impl TokenRequest {
    fn client(&self) -> ClientCredentials {
        ClientCredentials {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.clone(),
            basic: self.basic.clone(),
            address: self.address.clone(),
            known: self.known.clone(),
        }
    }
}

/// A successful answer (RFC 6749 section 5.1), its members in the order of the wire; those without a value
/// are left out.
#[derive(Debug, Clone)]
pub struct TokenResponse {
    /// The access token.
    pub access_token: Secret,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// Seconds until the access token expires; none for a company token, which does not.
    pub expires_in: Option<i64>,
    /// The refresh token.
    pub refresh_token: Option<Secret>,
    /// What was granted, in the order asked.
    pub scope: String,
    /// Seconds since the epoch.
    pub created_at: i64,
}

/// Answers a request to the token endpoint. `pair` is what it may hand out. Each race is decided by a row that both sides
/// change, the code or the pair that is refreshed.
pub fn exchange(
    tx: &mut Tx<'_>,
    settings: &Settings,
    request: &TokenRequest,
    pair: &Pair,
) -> Result<Result<TokenResponse, ProtocolError>, storage::Error> {
    let client = request.client();
    let outcome = match given(request.grant_type.as_ref()) {
        None => Err(ProtocolError::invalid_request("The parameter grant_type is missing.").into()),
        Some("authorization_code") => redeem(tx, settings, request, &client, pair),
        Some("refresh_token") => refresh(tx, settings, request, &client, pair),
        Some(other) => Err(ProtocolError::unsupported_grant_type().because("", other).into()),
    };
    client.finish(tx, "token", outcome)
}

/// Exchanges a code (RFC 6749 section 4.1.3). Only success burns it.
fn redeem(
    tx: &mut Tx<'_>,
    settings: &Settings,
    request: &TokenRequest,
    client: &ClientCredentials,
    pair: &Pair,
) -> Result<TokenResponse, Stop> {
    let claim = client.claim()?;
    let Some(sent_code) = given(request.code.as_ref()) else {
        return Err(ProtocolError::invalid_request("The parameter code is missing.").into());
    };
    let code_hash = hash(sent_code);
    let code: Option<CodeRecord> =
        tx.instance("a code says which company it is for").find(CodeRecord::code_hash.eq(code_hash))?;
    let verifier = given(request.code_verifier.as_ref());
    if verifier.is_none() && code.as_ref().is_some_and(|code| code.challenge.is_some()) {
        return Err(ProtocolError::invalid_request("The parameter code_verifier is missing.").into());
    }
    let Some(redirect_uri) = given(request.redirect_uri.as_ref()) else {
        return Err(ProtocolError::invalid_request("The parameter redirect_uri is missing.").into());
    };
    let application = authenticate(tx, claim)?;

    // What a stranger is told does not say which of these it is; the application's own log does.
    let refused = |reason: &str| {
        ProtocolError::invalid_grant(
            "The code is unknown, expired, used, or was given to another application.",
        )
        .because(reason, "")
    };
    let now = tx.now();
    let Some(code) = code else {
        return Err(refused("There is no such code; it may have expired.").into());
    };
    if code.application_id != application.id {
        return Err(refused("The code was given to another application.").into());
    }
    if code.expires_at <= now {
        return Err(refused("The code has expired.").into());
    }
    if code.redirect_uri != redirect_uri {
        let reason = format!("The code was asked for with the redirect URI {}.", code.redirect_uri);
        return Err(ProtocolError::invalid_grant(
            "The redirect_uri is not the one that the code was asked for with.",
        )
        .because(reason, redirect_uri)
        .into());
    }
    pkce::verify(code.challenge.as_deref(), code.challenge_method.as_deref(), verifier)
        .map_err(ProtocolError::invalid_grant)?;

    // Whoever found a used code somewhere, but cannot redeem it, does no harm with it.
    let reused =
        || refused("The code was used before; what it gave is revoked now (RFC 6749 section 4.1.2).").into();
    if code.used_at.is_some() {
        revoke_reused(tx, &application, &code, client)?;
        return Err(reused());
    }
    // The statement that decides between several exchanges of one code.
    let unused = CodeRecord::code_hash.eq(code_hash).and(CodeRecord::used_at.is_null());
    let won = tx.company(code.company_id).update(unused, [CodeRecord::used_at.set(Some(now))])?;
    if won == 0 {
        return Err(reused());
    }
    let grant = GrantRecord {
        id: Id::new(0),
        company_id: code.company_id,
        application_id: application.id,
        access_id: code.access_id,
        scopes: code.scopes.clone(),
        created_at: now,
        last_used_at: None,
        revoked_at: None,
        expires_at: None,
    };
    let id = tx.company(grant.company_id).insert([
        GrantRecord::application_id.set(grant.application_id),
        GrantRecord::access_id.set(grant.access_id),
        GrantRecord::scopes.set(grant.scopes.clone()),
        GrantRecord::created_at.set(now),
    ])?;
    tx.company(grant.company_id)
        .update(CodeRecord::code_hash.eq(code_hash), [CodeRecord::grant_id.set(Some(id))])?;
    let grant = GrantRecord { id, ..grant };
    Ok(family::issue(tx, settings, &application, &grant, None, &known(&code.scopes), pair)?)
}

/// A code that is used again was seen by two parties, so neither keeps what it got.
fn revoke_reused(
    tx: &mut Tx<'_>,
    application: &ApplicationRecord,
    code: &CodeRecord,
    client: &ClientCredentials,
) -> Result<(), storage::Error> {
    let Some(grant) = code.grant_id else { return Ok(()) };
    if family::revoke_one(tx, grant)? {
        let actor = Actor::anonymous(application.name.clone(), client.address.clone());
        let details = "An authorization code was used a second time. The tokens that it gave are revoked.";
        audit::record(tx, Some(code.company_id), &actor, "oauth.code_reused", &application.name, details)?;
    }
    Ok(())
}

/// Gives a new pair for a refresh token (RFC 6749 section 6, RFC 9700 section 4.14).
fn refresh(
    tx: &mut Tx<'_>,
    settings: &Settings,
    request: &TokenRequest,
    client: &ClientCredentials,
    pair: &Pair,
) -> Result<TokenResponse, Stop> {
    let claim = client.claim()?;
    let Some(sent) = given(request.refresh_token.as_ref()) else {
        return Err(ProtocolError::invalid_request("The parameter refresh_token is missing.").into());
    };
    let refused = |reason: &str| {
        ProtocolError::invalid_grant(
            "The refresh token is unknown, expired, revoked, or belongs to another application.",
        )
        .because(reason, "")
    };
    // Before the client's secret is looked at, as clients of the platform know it.
    let Some((token, grant, Kind::Refresh)) = family::find(tx, &Presented::new(sent))? else {
        return Err(refused("There is no such refresh token; it may have expired.").into());
    };
    if claim.is_none() {
        return Err(refused("No client_id was sent.").into());
    }
    let application = authenticate(tx, claim)?;
    if grant.application_id != application.id {
        return Err(refused("The refresh token belongs to another application.").into());
    }
    if grant.revoked_at.is_some() {
        return Err(refused("The grant was revoked.").into());
    }
    if token.refresh_expires_at.is_none_or(|at| at <= tx.now()) {
        return Err(refused("The refresh token has expired.").into());
    }
    let granted = known(&token.scopes);
    // A token that is over is theft whatever scope is asked for, so that comes first.
    let wanted = if token.is_over(tx.now()) { granted } else { narrowed(request, granted)? };
    if !family::supersede(tx, settings, &token)? {
        revoke_stolen(tx, &application, &grant, client)?;
        let reason = "The refresh token was used again after the pair that came after it was in use: it may be \
                      stolen, so the whole grant is revoked.";
        return Err(refused(reason).into());
    }
    Ok(family::issue(tx, settings, &application, &grant, Some(token.id), &wanted, pair)?)
}

/// The scopes of the new pair: those of the old one, or fewer where fewer are asked for.
fn narrowed(request: &TokenRequest, granted: Scopes) -> Result<Scopes, Stop> {
    let Some(sent) = given(request.scope.as_ref()) else {
        return Ok(granted);
    };
    match Scopes::parse(sent) {
        Ok(wanted) if wanted.is_empty() => Ok(granted),
        Ok(wanted) if granted.covers(&wanted) => Ok(wanted),
        Ok(_) => {
            let reason =
                format!("Asked for {sent:?}, but the refresh token has {:?} only.", granted.to_string());
            Err(ProtocolError::invalid_scope("The scope is more than the refresh token has.")
                .because(reason, sent)
                .into())
        }
        Err(unknown) => Err(ProtocolError::invalid_scope(&unknown.to_string()).because("", sent).into()),
    }
}

fn revoke_stolen(
    tx: &mut Tx<'_>,
    application: &ApplicationRecord,
    grant: &GrantRecord,
    client: &ClientCredentials,
) -> Result<(), storage::Error> {
    family::revoke_one(tx, grant.id)?;
    let actor = Actor::anonymous(application.name.clone(), client.address.clone());
    let details = "A refresh token was used again although its successor was in use, so one of them may be stolen. \
                   Every token of this grant is revoked; the application must ask again.";
    audit::record(tx, Some(grant.company_id), &actor, "oauth.refresh_reused", &application.name, details)
}
