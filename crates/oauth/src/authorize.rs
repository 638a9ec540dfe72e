//! The authorization endpoint: what a request asks for, and what becomes of it (RFC 6749 section 4.1).

use access::Person;
use accounts::{Actor, Secret, audit};
use registry::{Company, Id, SECOND, Scopes};
use storage::Tx;

use crate::application::record_failure;
use crate::client::{self, given};
use crate::pkce::{self, Challenge};
use crate::records::{ApplicationRecord, CodeRecord, ConsentRecord, known};
use crate::redirect::{self, ResponseMode, redirect_location};
use crate::{Error, ProtocolError, Settings};

/// A request to the authorization endpoint, as it was sent.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the parameters of the standards under their own names")]
pub struct AuthorizationRequest {
    pub response_type: Option<String>,
    pub client_id: Option<String>,
    pub redirect_uri: Option<String>,
    pub scope: Option<String>,
    pub state: Option<String>,
    pub code_challenge: Option<String>,
    pub code_challenge_method: Option<String>,
    pub response_mode: Option<String>,
    /// `company` asks for a token that acts as the company.
    pub resource_owner_type: Option<String>,
    /// RFC 8707.
    pub resource: Option<String>,
}

/// In whose name an application will act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The person who lets it in.
    Person,
    /// The whole company; an administrator lets it in.
    Company,
}

/// A request that only needs the person's consent.
#[derive(Debug, Clone)]
pub struct Authorization {
    /// Who asks.
    pub application: ApplicationRecord,
    /// Where the answer goes.
    pub redirect_uri: String,
    /// What is asked for.
    pub scopes: Scopes,
    /// What comes back with the answer.
    pub state: Option<String>,
    /// Proof key for code exchange.
    pub challenge: Option<Challenge>,
    /// In whose name it will act.
    pub owner: Owner,
    /// Whether the person consented to exactly this before, and need not be asked.
    pub skip: bool,
    /// Where in the redirect URI the answer stands.
    pub response_mode: ResponseMode,
    /// Who answers (RFC 9207).
    pub issuer: String,
}

/// A request that cannot be granted.
#[derive(Debug, Clone)]
pub enum AuthorizationFailure {
    /// The client or the redirect URI cannot be trusted, or there is nowhere to redirect to: shown on a page.
    Page {
        /// What is wrong.
        error: ProtocolError,
        /// The application, where there is one.
        application: Option<Box<ApplicationRecord>>,
        /// The redirect URIs that it registered, to stand beside the one that was sent.
        registered: Vec<String>,
    },
    /// The application is told (RFC 6749 section 4.1.2.1).
    Redirect {
        /// What is wrong.
        error: ProtocolError,
        /// Who asked.
        application: Box<ApplicationRecord>,
        /// The redirect URI with the error and the state in it.
        location: String,
    },
}

impl AuthorizationFailure {
    fn page(error: ProtocolError, application: Option<ApplicationRecord>) -> Box<Self> {
        let registered =
            application.iter().flat_map(|application| application.redirects().map(str::to_owned)).collect();
        Box::new(Self::Page { error, application: application.map(Box::new), registered })
    }

    /// What is wrong.
    pub fn error(&self) -> &ProtocolError {
        match self {
            Self::Page { error, .. } | Self::Redirect { error, .. } => error,
        }
    }

    /// Writes it into the application's log of failed requests.
    pub fn record(
        &self,
        tx: &mut Tx<'_>,
        request: &AuthorizationRequest,
        address: &str,
    ) -> Result<(), storage::Error> {
        let application = match self {
            Self::Page { application: Some(application), .. } | Self::Redirect { application, .. } => {
                application
            }
            Self::Page { application: None, .. } => return Ok(()),
        };
        let error = self.error();
        let (reason, sent) = match (error.code, &request.redirect_uri, &request.scope) {
            ("invalid_redirect_uri", Some(sent), _) => {
                let registered = application.redirects().collect::<Vec<_>>().join(" ");
                (format!("{} Registered: {registered}", error.description), sent.as_str())
            }
            ("invalid_scope", _, Some(sent)) => (
                format!("{} The application has: {}", error.description, application.allowed()),
                sent.as_str(),
            ),
            _ => (error.description.clone(), ""),
        };
        record_failure(tx, application, "authorize", error.code, &reason, address, sent)
    }
}

/// Ends a preparation inside this module.
enum Stop {
    Failed(Box<AuthorizationFailure>),
    Storage(storage::Error),
}

impl From<Box<AuthorizationFailure>> for Stop {
    fn from(failure: Box<AuthorizationFailure>) -> Self {
        Stop::Failed(failure)
    }
}

impl From<storage::Error> for Stop {
    fn from(error: storage::Error) -> Self {
        Stop::Storage(error)
    }
}

fn finish<T>(outcome: Result<T, Stop>) -> Result<Result<T, AuthorizationFailure>, storage::Error> {
    match outcome {
        Ok(done) => Ok(Ok(done)),
        Err(Stop::Failed(failure)) => Ok(Err(*failure)),
        Err(Stop::Storage(error)) => Err(error),
    }
}

/// Checks what can be checked before anybody logged in, and tells the name of the application.
pub fn prepare_anonymous(
    tx: &mut Tx<'_>,
    request: &AuthorizationRequest,
) -> Result<Result<String, AuthorizationFailure>, storage::Error> {
    finish(trusted(tx, request, None).map(|(application, _)| application.name))
}

/// Checks a request of somebody who is logged in. Changes nothing; a failure can be logged with
/// [`AuthorizationFailure::record`].
pub fn prepare(
    tx: &mut Tx<'_>,
    settings: &Settings,
    request: &AuthorizationRequest,
    person: &Person,
    company: Id<Company>,
) -> Result<Result<Authorization, AuthorizationFailure>, storage::Error> {
    finish(prepared(tx, settings, request, person, company))
}

/// The client and the redirect URI. While they are not known to be good nothing is redirected
/// (RFC 6749 section 4.1.2.1).
fn trusted<'r>(
    tx: &mut Tx<'_>,
    request: &'r AuthorizationRequest,
    company: Option<Id<Company>>,
) -> Result<(ApplicationRecord, &'r str), Stop> {
    let page = |error, application| Stop::from(AuthorizationFailure::page(error, application));
    let Some(client_id) = given(request.client_id.as_ref()) else {
        return Err(page(ProtocolError::invalid_request("The parameter client_id is missing."), None));
    };
    // To a person of another company an application does not exist, unless it is shared.
    let serves = |application: &ApplicationRecord| {
        company.is_none_or(|company| application.shared || application.company_id == company)
    };
    let Some(application) = client::find(tx, client_id)?.filter(serves) else {
        return Err(page(ProtocolError::invalid_client(), None));
    };
    // Also where only one is registered: clients of the platform always send it, and the exchange needs it.
    let Some(redirect_uri) = given(request.redirect_uri.as_ref()) else {
        let error = ProtocolError::invalid_request("The parameter redirect_uri is missing.");
        return Err(page(error, Some(application)));
    };
    if !application.redirects().any(|registered| redirect::matches(registered, redirect_uri)) {
        return Err(page(ProtocolError::invalid_redirect_uri(), Some(application)));
    }
    Ok((application, redirect_uri))
}

fn prepared(
    tx: &mut Tx<'_>,
    settings: &Settings,
    request: &AuthorizationRequest,
    person: &Person,
    company: Id<Company>,
) -> Result<Authorization, Stop> {
    let (application, redirect_uri) = trusted(tx, request, Some(company))?;
    let mut authorization = Authorization {
        redirect_uri: redirect_uri.to_owned(),
        scopes: Scopes::default(),
        state: request.state.clone(),
        challenge: None,
        owner: Owner::Person,
        skip: false,
        response_mode: ResponseMode::Query,
        issuer: settings.issuer.clone(),
        application,
    };
    if let Err(error) = understand(&mut authorization, request, person) {
        return Err(authorization.refused(error).into());
    }
    if authorization.owner == Owner::Person && authorization.application.confidential {
        let consent: Option<ConsentRecord> =
            tx.company(company).find(consent_of(authorization.application.id, person))?;
        // Never for a public application: anybody can pretend to be one (RFC 8252 section 8.6).
        authorization.skip = consent.is_some_and(|consent| known(&consent.scopes) == authorization.scopes);
    }
    Ok(authorization)
}

/// Reads the rest of the request into the authorization.
fn understand(
    authorization: &mut Authorization,
    request: &AuthorizationRequest,
    person: &Person,
) -> Result<(), ProtocolError> {
    authorization.response_mode = match given(request.response_mode.as_ref()) {
        None | Some("query") => ResponseMode::Query,
        Some("fragment") => ResponseMode::Fragment,
        Some(_) => {
            return Err(ProtocolError::invalid_request(
                "This server supports the response modes query and fragment.",
            ));
        }
    };
    match given(request.response_type.as_ref()) {
        Some("code") => {}
        Some(_) => return Err(ProtocolError::unsupported_response_type()),
        None => {
            return Err(ProtocolError::invalid_request("The parameter response_type is missing."));
        }
    }
    let allowed = authorization.application.allowed();
    let asked = Scopes::parse(request.scope.as_deref().unwrap_or_default())
        .map_err(|unknown| ProtocolError::invalid_scope(&unknown.to_string()))?;
    if !allowed.covers(&asked) {
        return Err(ProtocolError::invalid_scope("The scope is more than this application may ask for."));
    }
    authorization.scopes = if asked.is_empty() { allowed } else { asked };
    authorization.challenge = pkce::requested(
        given(request.code_challenge.as_ref()),
        given(request.code_challenge_method.as_ref()),
        &authorization.application,
    )?;
    if given(request.resource.as_ref()).is_some_and(|resource| !is_here(resource, &authorization.issuer)) {
        return Err(ProtocolError::invalid_target());
    }
    authorization.owner = match given(request.resource_owner_type.as_ref()) {
        None | Some("user") => Owner::Person,
        Some("company") if person.administrator => Owner::Company,
        Some("company") => {
            return Err(ProtocolError::access_denied(
                "Only an administrator can let an application act as the company.",
            ));
        }
        Some(_) => {
            return Err(ProtocolError::invalid_request(
                "The resource_owner_type is neither user nor company.",
            ));
        }
    };
    Ok(())
}

/// Whether a resource is on this server.
fn is_here(resource: &str, issuer: &str) -> bool {
    let rest = resource.strip_prefix(issuer.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn consent_of(application: Id<crate::Application>, person: &Person) -> storage::Condition<ConsentRecord> {
    ConsentRecord::application_id.eq(application).and(ConsentRecord::access_id.eq(person.access))
}

impl Authorization {
    /// Where an answer goes: with the issuer (RFC 9207 section 2) and the state.
    fn location(&self, answer: &[(&str, &str)]) -> String {
        let state = self.state.as_deref().map(|state| ("state", state));
        let params: Vec<_> =
            answer.iter().copied().chain([("iss", self.issuer.as_str())]).chain(state).collect();
        redirect_location(&self.redirect_uri, self.response_mode, &params)
    }

    fn error_location(&self, error: &ProtocolError) -> String {
        self.location(&[("error", error.code), ("error_description", &error.description)])
    }

    fn refused(self, error: ProtocolError) -> Box<AuthorizationFailure> {
        if redirect::is_out_of_band(&self.redirect_uri) {
            return AuthorizationFailure::page(error, Some(self.application));
        }
        let location = self.error_location(&error);
        Box::new(AuthorizationFailure::Redirect { error, application: Box::new(self.application), location })
    }
}

/// Lets the application in with the scopes that the person left ticked, and says where to go with the code.
///
/// Called in the transaction that prepared the authorization, so that nothing changes in between.
#[allow(
    clippy::too_many_arguments,
    reason = "who, what, for whom, and a secret from outside of the transaction"
)]
pub fn approve(
    tx: &mut Tx<'_>,
    settings: &Settings,
    actor: &Actor,
    authorization: &Authorization,
    person: &Person,
    company: Id<Company>,
    granted: &Scopes,
    code: &Secret,
) -> Result<String, Error> {
    if granted.is_empty() || !authorization.scopes.covers(granted) {
        return Err(Error::Conflict("Allow at least one of the scopes that the application asks for."));
    }
    let whole_company = authorization.owner == Owner::Company;
    if whole_company && !person.administrator {
        return Err(Error::Forbidden);
    }
    let now = tx.now();
    let application = &authorization.application;
    let challenge = authorization.challenge.as_ref();
    tx.company(company).put([
        CodeRecord::code_hash.set(code.hash()),
        CodeRecord::application_id.set(application.id),
        CodeRecord::access_id.set((!whole_company).then_some(person.access)),
        CodeRecord::scopes.set(granted.to_string()),
        CodeRecord::redirect_uri.set(authorization.redirect_uri.clone()),
        CodeRecord::challenge.set(challenge.map(|challenge| challenge.text.clone())),
        CodeRecord::challenge_method.set(challenge.map(|challenge| challenge.method.to_owned())),
        CodeRecord::expires_at.set(now + settings.code_lifetime * SECOND),
    ])?;
    if !whole_company {
        remember(tx, application.id, person, company, granted)?;
    }
    let details = format!("{}Scopes: {granted}", if whole_company { "Acts as the company. " } else { "" });
    audit::record(tx, Some(company), actor, "oauth.authorized", &application.name, &details)?;
    Ok(authorization.location(&[("code", code.expose())]))
}

/// Writes down what the person consented to, in place of what stood there.
fn remember(
    tx: &mut Tx<'_>,
    application: Id<crate::Application>,
    person: &Person,
    company: Id<Company>,
    granted: &Scopes,
) -> Result<(), storage::Error> {
    let now = tx.now();
    let mut tables = tx.company(company);
    let scopes = || ConsentRecord::scopes.set(granted.to_string());
    if tables.update(consent_of(application, person), [scopes()])? == 0 {
        tables.put([
            ConsentRecord::application_id.set(application),
            ConsentRecord::access_id.set(person.access),
            scopes(),
            ConsentRecord::created_at.set(now),
        ])?;
    }
    Ok(())
}

/// Where to go when the person said no. For an application without a redirect URI that is the page that
/// would have shown the code, with `error=access_denied`.
pub fn deny(authorization: &Authorization) -> String {
    authorization.error_location(&ProtocolError::access_denied("The person did not let the application in."))
}
