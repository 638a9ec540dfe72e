//! `/oauth/authorize`: from an application's request to a person's consent, and back with a code.

use accounts::Secret;
use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, LOCATION};
use http::{HeaderValue, Request, StatusCode};
use oauth::authorize::{
    Authorization, AuthorizationFailure, AuthorizationRequest, Owner, approve, deny, prepare,
};
use registry::Scopes;
use url::Url;

use crate::App;
use crate::http::Fields;
use crate::http::fields::Twice;
use crate::web::errors::Failure;
use crate::web::pages::Nav;
use crate::web::pages::oauth::{
    AuthorizationErrorPage, CodePage, ConsentPage, ConsentResource, ConsentScope,
};
use crate::web::visitor::{escaped, log_in_address};
use crate::web::{Posted, SignedIn, Visitor};

/// The parameters of an authorization request that this server knows.
const PARAMETERS: [&str; 10] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "response_mode",
    "resource_owner_type",
    "resource",
];

/// The field of the consent page that says which company it was shown for.
const COMPANY: &str = "consent_company_id";

/// The path of a plain authorization request.
pub(crate) fn request_url(client_id: &str, redirect_uri: &str) -> String {
    let redirect_uri = escaped(redirect_uri);
    format!("/oauth/authorize?client_id={client_id}&redirect_uri={redirect_uri}&response_type=code")
}

fn read(fields: &Fields) -> Result<AuthorizationRequest, Twice> {
    let once = |name| fields.once(name).map(|value| value.map(str::to_owned));
    Ok(AuthorizationRequest {
        response_type: once("response_type")?,
        client_id: once("client_id")?,
        redirect_uri: once("redirect_uri")?,
        scope: once("scope")?,
        state: once("state")?,
        code_challenge: once("code_challenge")?,
        code_challenge_method: once("code_challenge_method")?,
        response_mode: once("response_mode")?,
        resource_owner_type: once("resource_owner_type")?,
        resource: once("resource")?,
    })
}

/// Who asks to be let in by the request that a path holds, and the site that the answer goes to: for the
/// log-in page on the way there.
pub(crate) async fn asking(app: &App, path: &str) -> Option<(String, Option<String>)> {
    let query = path.strip_prefix("/oauth/authorize?")?;
    let request = read(&Fields::parse(query).ok()?).ok()?;
    let site = request.redirect_uri.as_deref().and_then(site);
    let asked = app.db.read(move |tx| oauth::authorize::prepare_anonymous(tx, &request)).await;
    Some((asked.ok()?.ok()?, site))
}

/// The source expression of a redirect URI for `form-action`: origin or scheme.
fn site(redirect_uri: &str) -> Option<String> {
    let url = Url::parse(redirect_uri).ok()?;
    match (url.scheme(), url.host_str()) {
        ("http" | "https", Some(_)) => Some(url.origin().ascii_serialization()),
        ("urn", _) => None,
        (scheme, _) => Some(format!("{scheme}:")),
    }
}

/// A redirect to the application, or to the page that shows the code.
fn redirect(location: &str) -> Response {
    match HeaderValue::try_from(location) {
        Ok(location) => {
            let headers = [(LOCATION, location), (CACHE_CONTROL, HeaderValue::from_static("no-store"))];
            (StatusCode::FOUND, headers).into_response()
        }
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// `GET`: asks the person, unless he need not be asked.
pub(crate) async fn ask(State(app): State<App>, request: Request<Body>) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let visitor = Visitor::from_request_parts(&mut parts, &app).await?;
    let fields = Fields::query(&parts.uri).map_err(|problem| Failure::problem(&visitor, problem))?;
    let request = match read(&fields) {
        Ok(request) => request,
        Err(twice) => return Ok(doubled(&visitor, &fields, &twice)),
    };
    if visitor.session.is_none() {
        // Whoever sends people with a request that can never succeed hears of it before they log in.
        let asked = request.clone();
        let checked = app.db.read(move |tx| oauth::authorize::prepare_anonymous(tx, &asked)).await?;
        if let Err(failure) = checked {
            return refuse(&app, &visitor, &fields, request, failure).await;
        }
        return Err(Failure::elsewhere(&log_in_address(&visitor.path)));
    }
    let signed_in = SignedIn::from_request_parts(&mut parts, &app).await?;
    if signed_in.visitor.preview().is_some() {
        let text = "You look at the company as somebody else. Nobody lets an application in for another.";
        return Err(Failure::page(&signed_in.visitor, StatusCode::FORBIDDEN, "You are only looking", text));
    }
    let authorization = match prepared(&app, &signed_in, &request).await? {
        Ok(authorization) => authorization,
        Err(failure) => return refuse(&app, &signed_in.visitor, &fields, request, failure).await,
    };
    if authorization.skip {
        let granted = authorization.scopes.clone();
        return allow(&app, &signed_in, &fields, request, granted, Asked::Before).await;
    }
    Ok(consent(&app, &signed_in, &fields, &authorization).await)
}

async fn prepared(
    app: &App,
    signed_in: &SignedIn,
    request: &AuthorizationRequest,
) -> Result<Result<Authorization, AuthorizationFailure>, storage::Error> {
    let (settings, request) = (app.config.oauth.clone(), request.clone());
    let (person, company) = (signed_in.person.clone(), signed_in.session.principal.company);
    app.db.read(move |tx| prepare(tx, &settings, &request, &person, company)).await
}

async fn consent(
    app: &App,
    signed_in: &SignedIn,
    fields: &Fields,
    authorization: &Authorization,
) -> Response {
    let application = &authorization.application;
    let owner = application.company_id;
    let named = app.db.read(move |tx| accounts::company::get(tx, owner)).await;
    let visitor = &signed_in.visitor;
    let application_company = match named {
        Ok(company) => company.name,
        Err(error) => return Failure::accounts(visitor, error).into_response(),
    };
    // A choice of one is none.
    let optional = authorization.scopes.iter().count() > 1;
    let site = site(&authorization.redirect_uri);
    let host = Url::parse(&authorization.redirect_uri).ok().and_then(|url| url.host_str().map(str::to_owned));
    let page = ConsentPage {
        page: visitor.page(format!("Authorize {}", application.name), Nav::None),
        application: application.name.clone(),
        application_company,
        shared: application.shared,
        company: signed_in.session.company_name.clone(),
        email: signed_in.session.login_email.clone(),
        resource: match authorization.owner {
            Owner::Person => ConsentResource::Person,
            Owner::Company => ConsentResource::Company,
        },
        scopes: authorization
            .scopes
            .iter()
            .map(|scope| ConsentScope {
                name: scope.name.to_owned(),
                label: scope.label.to_owned(),
                description: scope.description.to_owned(),
                optional,
            })
            .collect(),
        hidden: known(fields)
            .into_iter()
            .chain([(COMPANY.to_owned(), signed_in.session.principal.company.to_string())])
            .collect(),
        redirect_host: match (&site, host) {
            (None, _) => "a page that shows the code".to_owned(),
            (Some(_), Some(host)) => host,
            (Some(_), None) => authorization.redirect_uri.clone(),
        },
    };
    visitor.show_leading_to(StatusCode::OK, &page, site.as_deref())
}

/// The parameters of a request that matter here.
fn known(fields: &Fields) -> Vec<(String, String)> {
    let known = fields.iter().filter(|(name, _)| PARAMETERS.contains(name));
    known.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// `POST` with the person's yes, or `DELETE` (also as `_method`) with his no.
pub(crate) async fn answer(State(app): State<App>, request: Request<Body>) -> Result<Response, Failure> {
    let deleting = request.method() == http::Method::DELETE;
    let (mut parts, body) = request.into_parts();
    let visitor = Visitor::from_request_parts(&mut parts, &app).await?;
    let Some(session) = visitor.session.clone() else {
        // The session ended on the consent page: log in again and come back to the same request.
        let form = Fields::body(&parts.headers, body).await;
        let form = form.map_err(|problem| Failure::problem(&visitor, problem))?;
        let query: Vec<_> =
            known(&form).iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        return Err(Failure::elsewhere(&log_in_address(&format!("/oauth/authorize?{}", query.join("&")))));
    };
    let request = Request::from_parts(parts, body);
    let Posted { by: visitor, form } = Posted::<Visitor>::from_request(request, &app).await?;
    let request = match read(&form) {
        Ok(request) => request,
        Err(twice) => return Ok(doubled(&visitor, &form, &twice)),
    };
    if form.text(COMPANY) != session.principal.company.to_string() {
        let text = "You went to another company while this page was open. Go back to your application and \
                    start again.";
        return Err(Failure::page(&visitor, StatusCode::CONFLICT, "Another company", text));
    }
    let Some(person) = session.principal.person().cloned() else { return Err(Failure::forbidden(&visitor)) };
    let signed_in = SignedIn { visitor, session, person };
    let authorization = match prepared(&app, &signed_in, &request).await? {
        Ok(authorization) => authorization,
        Err(failure) => return refuse(&app, &signed_in.visitor, &form, request, failure).await,
    };
    if deleting || form.text("_method") == "delete" {
        return Ok(redirect(&deny(&authorization)));
    }
    // With boxes to tick, those that are ticked count; a form without boxes means everything asked for.
    let ticked = form.all("granted_scopes[]");
    let boxes = authorization.scopes.iter().count() > 1;
    let granted = match Scopes::parse(&ticked.join(" ")) {
        Ok(granted) if boxes && granted.is_empty() => {
            let text = "Leave at least one scope ticked, or deny the request.";
            let heading = "Nothing was allowed";
            return Err(Failure::page(&signed_in.visitor, StatusCode::UNPROCESSABLE_ENTITY, heading, text));
        }
        Ok(granted) if boxes => in_asked_order(&authorization.scopes, &granted),
        Ok(_) => authorization.scopes.clone(),
        Err(unknown) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(Failure::page(&signed_in.visitor, status, "Not possible", &format!("{unknown}.")));
        }
    };
    allow(&app, &signed_in, &form, request, granted, Asked::Now).await
}

/// The token response repeats scopes in the order in which they were asked for.
fn in_asked_order(asked: &Scopes, granted: &Scopes) -> Scopes {
    let names: Vec<_> = asked.iter().map(|scope| scope.name).filter(|name| granted.contains(name)).collect();
    Scopes::parse(&names.join(" ")).unwrap_or_default()
}

/// When the person was asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Now,
    Before,
}

/// Issues the code, in one transaction with the checks.
async fn allow(
    app: &App,
    signed_in: &SignedIn,
    fields: &Fields,
    request: AuthorizationRequest,
    granted: Scopes,
    consent: Asked,
) -> Result<Response, Failure> {
    let (settings, actor, code) = (app.config.oauth.clone(), signed_in.visitor.actor(), Secret::generate());
    let (person, company) = (signed_in.person.clone(), signed_in.session.principal.company);
    let asked = request.clone();
    let allowed = app.db.write(move |tx| {
        let authorization = match prepare(tx, &settings, &asked, &person, company)? {
            Ok(authorization) => authorization,
            Err(failure) => return Ok(Err(failure)),
        };
        if consent == Asked::Before && !authorization.skip {
            return Err(oauth::Error::Conflict(
                "You took your consent back. Start again from the application.",
            ));
        }
        approve(tx, &settings, &actor, &authorization, &person, company, &granted, &code).map(Ok)
    });
    match allowed.await {
        Ok(Ok(location)) => Ok(redirect(&location)),
        Ok(Err(failure)) => refuse(app, &signed_in.visitor, fields, request, failure).await,
        Err(oauth::Error::Storage(error)) => Err(error.into()),
        Err(error) => {
            let (status, heading) = (StatusCode::UNPROCESSABLE_ENTITY, "Not possible");
            Err(Failure::page(&signed_in.visitor, status, heading, &error.to_string()))
        }
    }
}

/// Tells the application, or on a page the person, and writes it into the application's log.
async fn refuse(
    app: &App,
    visitor: &Visitor,
    fields: &Fields,
    request: AuthorizationRequest,
    failure: AuthorizationFailure,
) -> Result<Response, Failure> {
    let (logged, address) = (failure.clone(), visitor.address.to_string());
    app.db.write(move |tx| logged.record(tx, &request, &address)).await?;
    match failure {
        AuthorizationFailure::Redirect { location, .. } => Ok(redirect(&location)),
        AuthorizationFailure::Page { error, application, registered } => {
            let status = if error.code == "invalid_client" {
                StatusCode::UNAUTHORIZED
            } else {
                StatusCode::BAD_REQUEST
            };
            // What an application registered is for the eyes of its own company's people.
            let own =
                visitor.session.as_ref().zip(application.as_ref()).is_some_and(|(session, application)| {
                    session.principal.company == application.company_id
                });
            let page = AuthorizationErrorPage {
                page: visitor.page("An error has occurred", Nav::None),
                error: error.code.to_owned(),
                description: error.description,
                sent: known(fields),
                registered: if own { registered } else { Vec::new() },
                application: application.map(|application| application.name),
            };
            Ok(visitor.show(status, &page))
        }
    }
}

fn doubled(visitor: &Visitor, fields: &Fields, Twice(name): &Twice) -> Response {
    let page = AuthorizationErrorPage {
        page: visitor.page("An error has occurred", Nav::None),
        error: "invalid_request".to_owned(),
        description: format!("The parameter {name} is there more than once."),
        sent: known(fields),
        registered: Vec::new(),
        application: None,
    };
    visitor.show(StatusCode::BAD_REQUEST, &page)
}

/// Shows the code to a person whose application has no address to send it to.
pub(crate) async fn native(State(app): State<App>, visitor: Visitor) -> Response {
    let fields = visitor.query();
    let code = fields.text("code").to_owned();
    let minutes = u32::try_from(app.config.oauth.code_lifetime / 60).unwrap_or(u32::MAX);
    // Anything that is not a code is not shown: a link must not put words on this page.
    if code.len() == 64 && code.bytes().all(|b| b.is_ascii_hexdigit()) {
        let page = visitor.page("Authorization code", Nav::None);
        return visitor.show(StatusCode::OK, &CodePage { page, code, minutes });
    }
    let (error, description) = if fields.text("error") == "access_denied" {
        ("access_denied", "You did not let the application in. You can close this page.")
    } else {
        ("invalid_request", "There is no code here.")
    };
    let page = AuthorizationErrorPage {
        page: visitor.page("An error has occurred", Nav::None),
        error: error.to_owned(),
        description: description.to_owned(),
        sent: Vec::new(),
        registered: Vec::new(),
        application: None,
    };
    visitor.show(StatusCode::BAD_REQUEST, &page)
}
