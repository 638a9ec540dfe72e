//! Every operation on every resource: one handler, whatever the address.

use std::sync::{Arc, LazyLock};

use access::{Denied, Intent, decide};
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::response::{IntoResponse, Response};
use engine::{Change, Engine, Error, List, Plan};
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use registry::{Action, Verb, Version};
use serde_json::{Map, Value};

use super::caller::Caller;
use super::limit::Left;
use crate::App;
use crate::http::{Fields, Problem};

/// The largest body of an operation.
const LARGEST: usize = 4 * 1024 * 1024;

/// Names what was sent and not understood.
const UNKNOWN: HeaderName = HeaderName::from_static("muster-ignored");

/// The catalogue is checked when the program is tested; with a fault in it there would be no resource at all.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    hr::engine().unwrap_or_else(|faults| {
        tracing::error!(?faults, "the declarations of resources have faults");
        Engine::default()
    })
});

/// Every resource, ready to be asked for.
pub fn engine() -> &'static Engine {
    &ENGINE
}

/// What stands in the address behind `/api/`.
type Address = (String, String, String);

pub(crate) async fn collection(
    State(app): State<App>,
    Path((version, namespace, resource)): Path<Address>,
    request: Request,
) -> Response {
    answer(&app, &version, &namespace, &resource, None, request).await
}

pub(crate) async fn member(
    State(app): State<App>,
    Path((version, namespace, resource, rest)): Path<(String, String, String, String)>,
    request: Request,
) -> Response {
    answer(&app, &version, &namespace, &resource, Some(&rest), request).await
}

/// What a request wants done.
enum Wanted {
    List(List),
    Read(i64),
    Create(Change),
    Update(i64, Change),
    Delete(i64),
}

async fn answer(
    app: &App,
    version: &str,
    namespace: &str,
    resource: &str,
    rest: Option<&str>,
    request: Request,
) -> Response {
    let (version, old) = match Version::supported(version) {
        Some(version) => (version, false),
        // A version that is not supported is served as the oldest that is, and says so; `v2` is its old spelling.
        None if version == "v2" || Version::is_dated(version) => (Version::OLDEST, true),
        None => return Problem::not_found().into_response(),
    };
    let mut told = Told::default();
    let path = format!("{namespace}/{resource}").replace('-', "_");
    let rest = rest.map(|rest| rest.replace('-', "_"));
    let mut response = match done(app, version, &path, rest.as_deref(), request, &mut told).await {
        Ok((status, body)) => {
            let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
            (status, headers, body).into_response()
        }
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    if old {
        headers.insert("deprecation", super::deprecated());
    }
    if let Some(left) = told.left {
        left.write(headers);
    }
    if let Some(value) = told.unknown() {
        headers.insert(UNKNOWN, value);
    }
    response
}

/// What a response says besides its body.
#[derive(Default)]
struct Told {
    unknown: Vec<String>,
    left: Option<Left>,
}

impl Told {
    fn unknown(&self) -> Option<HeaderValue> {
        let plain = |name: &&String| name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b',');
        let names: Vec<_> = self.unknown.iter().filter(plain).take(50).map(String::as_str).collect();
        (!names.is_empty()).then(|| HeaderValue::from_str(&names.join(", ")).ok())?
    }
}

async fn done(
    app: &App,
    version: Version,
    path: &str,
    rest: Option<&str>,
    request: Request,
    told: &mut Told,
) -> Result<(StatusCode, Vec<u8>), Problem> {
    let (mut parts, body) = request.into_parts();
    // Whoever is nobody learns nothing about what there is.
    let Caller(identity) = Caller::from_request_parts(&mut parts, app).await?;
    let plan = ENGINE.find(path).ok_or_else(Problem::not_found)?;
    if parts.method == Method::POST {
        told.left = app.posts.count(&identity, app.db.clock().now())?;
    }
    let action = |name: &str| plan.entry.actions.iter().find(|action| action.name == name).copied();
    let (verb, id) = match (&parts.method, rest) {
        (&Method::GET | &Method::HEAD, None) => (Verb::List, 0),
        (&Method::POST, None) => (Verb::Create, 0),
        (&Method::POST, Some(rest)) => {
            let intent = Intent::Write;
            decide(&identity.principal, plan.resource(), intent).map_err(|denied| problem(denied.into()))?;
            return Err(action(rest)
                .filter(|action| action.lives_in(version))
                .map_or_else(Problem::not_found, not_yet));
        }
        (method, Some(rest)) => {
            let id = rest.parse().map_err(|_| Problem::not_found())?;
            match *method {
                Method::GET | Method::HEAD => (Verb::Read, id),
                Method::PUT | Method::PATCH => (Verb::Update, id),
                Method::DELETE => (Verb::Delete, id),
                _ => return Err(wrong_method(plan, version, true)),
            }
        }
        _ => return Err(wrong_method(plan, version, false)),
    };
    let lives = plan.resource().operations.iter().any(|operation| operation.lives_in(version));
    let operation = plan.resource().operation(verb).filter(|operation| operation.lives_in(version));
    if operation.is_none() {
        let none = !lives && plan.entry.actions.is_empty();
        return Err(if none { Problem::not_found() } else { wrong_method(plan, version, rest.is_some()) });
    }
    let intent = if matches!(verb, Verb::List | Verb::Read) { Intent::Read } else { Intent::Write };
    let grant =
        decide(&identity.principal, plan.resource(), intent).map_err(|denied| problem(denied.into()))?;
    if !plan.served(verb) {
        return Err(problem(Error::NotYet("This operation is not there yet.".to_owned())));
    }
    let strict = strict(&parts.headers);
    let wanted = match verb {
        Verb::List => {
            let parameters = Fields::query(&parts.uri)?.into_pairs();
            let parameters = parameters.into_iter().filter(|(name, _)| !CREDENTIALS.contains(&name.as_str()));
            let mut list = List::check(plan, version, &parameters.collect()).map_err(problem)?;
            told.unknown = std::mem::take(&mut list.unknown);
            Wanted::List(list)
        }
        Verb::Read => Wanted::Read(id),
        Verb::Delete => Wanted::Delete(id),
        Verb::Create | Verb::Update => {
            let body = object(&parts.headers, body).await?;
            let check = if verb == Verb::Create { Change::create } else { Change::update };
            let mut change = check(plan, version, &body).map_err(problem)?;
            told.unknown = std::mem::take(&mut change.unknown);
            if verb == Verb::Create { Wanted::Create(change) } else { Wanted::Update(id, change) }
        }
    };
    if strict && !told.unknown.is_empty() {
        let invalid =
            Problem::new(StatusCode::BAD_REQUEST, "unknown", "Some of the input is not known here.");
        let unknown = std::mem::take(&mut told.unknown);
        return Err(unknown
            .iter()
            .fold(invalid, |all, name| all.field(name, "unknown", "There is nothing of this name.")));
    }
    let grant = Arc::new(grant);
    let outcome = match wanted {
        Wanted::List(list) => app.db.read(move |tx| ENGINE.list(plan, tx, &grant, version, &list)).await,
        Wanted::Read(id) => app.db.read(move |tx| ENGINE.read(plan, tx, &grant, version, id)).await,
        Wanted::Create(change) => {
            app.db.write(move |tx| ENGINE.create(plan, tx, &grant, version, &change)).await
        }
        Wanted::Update(id, change) => {
            app.db.write(move |tx| ENGINE.update(plan, tx, &grant, version, id, &change)).await
        }
        Wanted::Delete(id) => app.db.write(move |tx| ENGINE.delete(plan, tx, &grant, version, id)).await,
    };
    let status = if verb == Verb::Create { StatusCode::CREATED } else { StatusCode::OK };
    outcome.map(|body| (status, body)).map_err(problem)
}

/// Parameters that carry a credential, and so are nobody else's.
const CREDENTIALS: [&str; 2] = ["access_token", "bearer_token"];

/// Whether the caller wants what is not understood refused (RFC 7240).
fn strict(headers: &HeaderMap) -> bool {
    let preferences = headers.get_all("prefer").iter().filter_map(|value| value.to_str().ok());
    preferences.flat_map(|value| value.split([',', ';'])).any(|preference| {
        let written: String = preference.chars().filter(|c| !matches!(c, ' ' | '"')).collect();
        written.eq_ignore_ascii_case("handling=strict")
    })
}

/// The members of a body: JSON, or a form.
async fn object(headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") || kind.starts_with("multipart/form-data") {
        return Ok(form(Fields::body(headers, body).await?));
    }
    let bytes = axum::body::to_bytes(body, LARGEST).await.map_err(|_| {
        let detail = format!("The body is larger than {LARGEST} bytes, or was cut off.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    })?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Map::new());
    }
    serde_json::from_slice(&bytes).map_err(|_| {
        Problem::new(StatusCode::BAD_REQUEST, "malformed_json", "The body is not a JSON object.")
    })
}

/// A form as an object: `a=1`, `a[]=1&a[]=2`, `a[b]=1`.
fn form(fields: Fields) -> Map<String, Value> {
    let mut object = Map::new();
    for (name, value) in fields.into_pairs() {
        match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
            Some((list, "")) => {
                if let Value::Array(items) = object.entry(list).or_insert_with(|| Value::Array(Vec::new())) {
                    items.push(value.into());
                }
            }
            Some((outer, inner)) => {
                if let Value::Object(members) = object.entry(outer).or_insert_with(|| Map::new().into()) {
                    members.insert(inner.to_owned(), value.into());
                }
            }
            None => {
                object.insert(name, value.into());
            }
        }
    }
    object
}

fn not_yet(action: &'static Action) -> Problem {
    problem(Error::NotYet(format!("The operation {:?} is not there yet.", action.name)))
}

fn wrong_method(plan: &Plan, version: Version, member: bool) -> Problem {
    let living = plan.resource().operations.iter().filter(|operation| operation.lives_in(version));
    let methods = living.filter_map(|operation| match (operation.verb, member) {
        (Verb::List, false) | (Verb::Read, true) => Some("GET"),
        (Verb::Create, false) => Some("POST"),
        (Verb::Update, true) => Some("PUT, PATCH"),
        (Verb::Delete, true) => Some("DELETE"),
        _ => None,
    });
    let methods: Vec<_> = methods.collect();
    let detail = "This address does not take that method.";
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail);
    match HeaderValue::from_str(&methods.join(", ")) {
        Ok(value) => problem.header(ALLOW, value),
        Err(_) => problem,
    }
}

fn problem(error: Error) -> Problem {
    match error {
        Error::Storage(error) => error.into(),
        Error::NotFound => Problem::not_found(),
        Error::Denied(Denied::Scope(scope)) => {
            let detail = format!("The token lacks the scope {scope:?}.");
            Problem::new(StatusCode::FORBIDDEN, "insufficient_scope", detail)
        }
        Error::Denied(Denied::Permission(module)) => {
            let detail = format!("The permission {module:?} is missing.");
            Problem::new(StatusCode::FORBIDDEN, "missing_permission", detail)
        }
        Error::Invalid(problems) => {
            let invalid = Problem::new(StatusCode::BAD_REQUEST, "invalid", "Some of the input is wrong.");
            problems.into_iter().fold(invalid, |all, p| all.field(&p.field, p.code, p.message))
        }
        Error::Referred(by) => {
            let detail = if by.is_empty() {
                "Something else refers to it.".to_owned()
            } else {
                format!("It is referred to by {}.", by.join(", "))
            };
            Problem::new(StatusCode::CONFLICT, "referred_to", detail)
        }
        Error::Taken => {
            Problem::new(StatusCode::CONFLICT, "taken", "Another object has what only one may have.")
        }
        Error::NotYet(detail) => Problem::new(StatusCode::NOT_IMPLEMENTED, "not_implemented", detail),
    }
}
