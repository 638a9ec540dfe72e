//! Every operation on every resource: one handler, whatever the address.

use std::sync::Arc;

use access::{ActsAs, Denied, Doing, Grant, Permission, Principal, decide};
use accounts::Identity;
use axum::body::Body;
use axum::extract::{FromRequestParts, Path, Request, State};
use axum::response::{IntoResponse, Response};
use engine::{Caller, Change, Context, Error, Input, List, Once, Plan, Upload};
use http::header::{ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use registry::{Action, Id, Verb, Version};
use serde_json::{Map, Value};
use storage::Tx;

use super::caller;
use super::files;
use super::limit::Left;
use crate::App;
use crate::http::{Fields, Problem, upload};

/// The largest body of an operation.
const LARGEST: usize = 4 * 1024 * 1024;

/// Names what was sent and not understood.
const UNKNOWN: HeaderName = HeaderName::from_static("muster-ignored");

/// Says that an answer is that of an earlier request with the same key.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

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

/// The same for a page of this server, which asks in its visitor's name.
pub(crate) async fn asked(app: &App, at: Address, rest: Option<String>, request: Request) -> Response {
    let (version, namespace, resource) = at;
    answer(app, &version, &namespace, &resource, rest.as_deref(), request).await
}

/// What a request wants done.
pub(crate) enum Wanted {
    List(List),
    Read(i64),
    Compute(String),
    Create(Change),
    Update(i64, Change),
    Delete(i64),
    Act(&'static str, engine::Act, Input),
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
    let mut response = match done(app, version, &path, rest, request, &mut told).await {
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
    if told.replayed {
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    // In a header only ASCII; what is beyond it is escaped as JSON does.
    let explained = told.explained.take().map(|why| ascii(&why.to_string()));
    if let Some(value) = explained.and_then(|why| HeaderValue::from_str(&why).ok()) {
        headers.insert(EXPLAIN, value);
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
    /// Whether the answer is that of an earlier request.
    replayed: bool,
    /// Why somebody sees what was asked for.
    explained: Option<Value>,
}

impl Told {
    /// Refuses what is not understood where the caller wants that.
    fn refuse(&mut self, headers: &HeaderMap) -> Result<(), Problem> {
        if self.unknown.is_empty() || !strict(headers) {
            return Ok(());
        }
        let invalid =
            Problem::new(StatusCode::BAD_REQUEST, "unknown", "Some of the input is not known here.");
        let unknown = std::mem::take(&mut self.unknown);
        Err(unknown
            .iter()
            .fold(invalid, |all, name| all.field(name, "unknown", "There is nothing of this name.")))
    }

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
    let caller::Caller(identity) = caller::Caller::from_request_parts(&mut parts, app).await?;
    let plan = app.engine.find(path).ok_or_else(Problem::not_found)?;
    let identity = acting(app, identity, &parts, plan, rest, told).await?;
    if parts.method == Method::POST {
        told.left = app.posts.count(&identity, app.db.clock().now())?;
    }
    let (verb, id) = match (&parts.method, rest) {
        (&Method::GET | &Method::HEAD, None) => (Verb::List, 0),
        (&Method::POST, None) => (Verb::Create, 0),
        (&Method::POST, Some(name)) => {
            let name = name.replace('-', "_");
            return act(app, &identity, version, plan, &name, (parts, body), told).await;
        }
        // What is worked out has ids of its own form.
        (&Method::GET | &Method::HEAD, Some(_)) if plan.compute.is_some() => (Verb::Read, 0),
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
    let grant = decide(&identity.principal, &plan.protected, Doing::of(verb))
        .map_err(|denied| problem(denied.into()))?;
    if !plan.served(verb) {
        return Err(problem(Error::NotYet("This operation is not there yet.".to_owned())));
    }
    let (mut sent, mut uploads) = (None, Vec::new());
    let wanted = match verb {
        Verb::List => {
            let parameters = Fields::query(&parts.uri)?.into_pairs();
            let parameters = parameters.into_iter().filter(|(name, _)| !CREDENTIALS.contains(&name.as_str()));
            let mut list = List::check(plan, version, &parameters.collect()).map_err(problem)?;
            told.unknown = std::mem::take(&mut list.unknown);
            Wanted::List(list)
        }
        Verb::Read if plan.compute.is_some() => Wanted::Compute(rest.unwrap_or_default().to_owned()),
        Verb::Read => Wanted::Read(id),
        Verb::Delete => Wanted::Delete(id),
        Verb::Create | Verb::Update => {
            let (body, files) = object(app.config.largest_file, &parts.headers, body).await?;
            uploads = files;
            let check = if verb == Verb::Create { Change::create } else { Change::update };
            let mut change = check(plan, version, &body).map_err(problem)?;
            told.unknown = std::mem::take(&mut change.unknown);
            if verb == Verb::Create {
                sent = Some(body);
                Wanted::Create(change)
            } else {
                Wanted::Update(id, change)
            }
        }
    };
    told.refuse(&parts.headers)?;
    let status = if verb == Verb::Create { StatusCode::CREATED } else { StatusCode::OK };
    let once = sent.and_then(|sent| once(&parts, &identity, &sent, &uploads));
    let caller = caller_of(&identity.principal, identity.application);
    let done = run(app, caller, version, Work { plan, grant, wanted, once, uploads }).await;
    let (body, replayed) = done.map_err(problem)?;
    told.replayed = replayed;
    Ok((status, body))
}

/// JSON without characters beyond ASCII.
fn ascii(json: &str) -> String {
    let mut units = [0; 2];
    let mut written = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            written.push(c);
        } else {
            written.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    written
}

/// Whoever an administrator looks as, and why that person sees what is asked for. Only for reading, and noted in the log.
async fn acting(
    app: &App,
    identity: Arc<Identity>,
    parts: &Parts,
    plan: &'static Plan,
    rest: Option<&str>,
    told: &mut Told,
) -> Result<Arc<Identity>, Problem> {
    let Some(employee) = parts.headers.get(ACT_AS) else { return Ok(identity) };
    let employee = employee.to_str().ok().and_then(|id| id.parse().ok());
    let employee = employee.map(Id::new).ok_or_else(Problem::not_found)?;
    let refused = |code, detail: &str| Problem::new(StatusCode::FORBIDDEN, code, detail);
    if !identity.principal.is_administrator() {
        return Err(refused(
            "missing_permission",
            "Only administrators look at the company as somebody else.",
        ));
    }
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        return Err(refused("read_only", "Whoever looks as somebody else changes nothing."));
    }
    let company = identity.principal.company;
    let why = parts.headers.get(EXPLAIN).is_some_and(|value| value == "1");
    let row = rest.and_then(|id| id.parse::<i64>().ok()).filter(|_| why);
    let name = identity.profile.as_ref().map(|profile| profile.login_email.clone());
    let actor = accounts::Actor {
        user: identity.principal.person().map(|person| person.user),
        name: name.unwrap_or_else(|| identity.company_name.clone()),
        address: String::new(),
    };
    let asked = parts.uri.path().to_owned();
    let work = move |tx: &mut Tx<'_>| {
        let found = accounts::person_of_employee(tx, company, employee)?;
        let Some(found) = found else { return Err(Error::NotFound) };
        let (email, action) = (&found.profile.login_email, "person.acted_as");
        accounts::audit::record(tx, Some(company), &actor, action, email, &asked)?;
        let explained = match row.map(|id| engine::explain(tx, company, plan, &found.person, id)) {
            None | Some(Err(Error::NotFound)) => None,
            Some(explained) => Some(explained?),
        };
        Ok((found, explained))
    };
    let (found, explained) = app.db.write(work).await.map_err(problem)?;
    told.explained = explained.or_else(|| {
        let permission = Permission::of(plan.resource(), Doing::See);
        let reach = found.person.group.policy.reach(permission);
        why.then(|| {
            serde_json::json!({
                "group": found.person.group.name,
                "permission": permission.to_string(),
                "reach": if found.person.administrator { "everyone".to_owned() } else { reach.to_string() },
            })
        })
    });
    let mut identity = Identity::clone(&identity);
    identity.principal.acts_as = ActsAs::Person(found.person);
    identity.profile = Some(found.profile);
    Ok(Arc::new(identity))
}

/// Names the employee as whom an administrator looks.
const ACT_AS: &str = "x-muster-act-as";

/// Asks why, and answers it.
const EXPLAIN: &str = "x-muster-explain";

/// An operation beyond the plain five.
async fn act(
    app: &App,
    identity: &Identity,
    version: Version,
    plan: &'static Plan,
    name: &str,
    (parts, body): (Parts, Body),
    told: &mut Told,
) -> Result<(StatusCode, Vec<u8>), Problem> {
    let action = plan.entry.actions.iter().find(|action| action.name == name);
    let action = action.filter(|action| action.lives_in(version)).ok_or_else(Problem::not_found)?;
    let grant = decide(&identity.principal, &plan.protected, Doing::of_action(action))
        .map_err(|denied| problem(denied.into()))?;
    let act = plan.act(name).ok_or_else(|| not_yet(action))?;
    let (sent, uploads) = object(app.config.largest_file, &parts.headers, body).await?;
    let mut input = Input::check(action, version, &sent).map_err(problem)?;
    told.unknown = std::mem::take(&mut input.unknown);
    told.refuse(&parts.headers)?;
    let once = once(&parts, identity, &sent, &uploads);
    let wanted = Wanted::Act(action.name, act, input);
    let caller = caller_of(&identity.principal, identity.application);
    let done = run(app, caller, version, Work { plan, grant, wanted, once, uploads }).await;
    let (body, replayed) = done.map_err(problem)?;
    told.replayed = replayed;
    Ok((StatusCode::OK, body))
}

/// How a post is told from others that the same caller makes, if it carries a key.
fn once(parts: &Parts, identity: &Identity, body: &Map<String, Value>, uploads: &[Upload]) -> Option<Once> {
    let key = parts.headers.get("idempotency-key")?.as_bytes();
    let who = identity.principal.person().map_or(0, |person| person.access.get());
    let key = format!("{who} {}", accounts::hex(key));
    let files: String = uploads.iter().map(|file| accounts::hex(&file.sha256)).collect();
    let request = format!("{} {}{files}", parts.uri.path(), Value::Object(body.clone()));
    Some(Once { key: accounts::hash(&key), request: accounts::hash(&request) })
}

/// Who asks, for the engine: a principal, and the application in whose hands the credential is.
pub(crate) fn caller_of(principal: &Principal, application: Option<i64>) -> Caller {
    let person = principal.person();
    Caller {
        access: person.map(|person| person.access.get()),
        employee: person.map(|person| person.employee.get()),
        application,
    }
}

/// Everything that is decided before the transaction begins.
pub(crate) struct Work {
    pub plan: &'static Plan,
    pub grant: Grant,
    pub wanted: Wanted,
    pub once: Option<Once>,
    /// Files that came with the body.
    pub uploads: Vec<Upload>,
}

/// Does what was wanted in one transaction, and says whether the answer is that of an earlier request.
pub(crate) async fn run(
    app: &App,
    caller: Caller,
    version: Version,
    work: Work,
) -> Result<(Vec<u8>, bool), Error> {
    let Work { plan, grant, wanted, once, uploads } = work;
    let links = files::Addresses::of(app);
    let reads = matches!(wanted, Wanted::List(_) | Wanted::Read(_) | Wanted::Compute(_));
    let lender = app.clone();
    let work = move |tx: &mut Tx<'_>| {
        let cx = Context::new(lender.engine, tx, &grant, caller, version).lending(&lender.mailroom);
        let mut cx = cx.with(uploads.clone()).linking(&links);
        let done = |cx: &mut Context<'_, '_>| match &wanted {
            Wanted::List(list) => match &plan.compute {
                Some(compute) => cx.computed_list(plan, compute, list),
                None => cx.list(plan, list),
            },
            Wanted::Read(id) => cx.read(plan, *id),
            Wanted::Compute(id) => match &plan.compute {
                Some(compute) => cx.computed_one(plan, compute, id),
                None => Err(Error::NotFound),
            },
            Wanted::Create(change) => cx.create(plan, change),
            Wanted::Update(id, change) => cx.update(plan, *id, change),
            Wanted::Delete(id) => cx.delete(plan, *id),
            Wanted::Act(name, act, input) => cx.act(plan, name, *act, input),
        };
        match once {
            Some(once) => once.run(&mut cx, done),
            None => done(&mut cx).map(|body| (body, false)),
        }
    };
    if reads { app.db.read(work).await } else { app.db.write(work).await }
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

/// The members of a body, JSON or a form, and the files that it carries, which may have so many bytes.
pub(super) async fn object(
    largest: usize,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Map<String, Value>, Vec<Upload>), Problem> {
    // What is packed would only be taken for something malformed (RFC 9110 section 15.5.16).
    if headers
        .get(CONTENT_ENCODING)
        .is_some_and(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        let detail = "Bodies are taken as they are, without a Content-Encoding.";
        let refused = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_encoding", detail);
        return Err(refused.header(ACCEPT_ENCODING, HeaderValue::from_static("identity")));
    }
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    if kind.starts_with("multipart/form-data") {
        return upload::read(headers, body, largest).await;
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        return Ok((form(Fields::body(headers, body).await?), Vec::new()));
    }
    let bytes = axum::body::to_bytes(body, LARGEST).await.map_err(|_| {
        let detail = format!("The body is larger than {LARGEST} bytes, or was cut off.");
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
    })?;
    // Some programs begin every text with a mark of its byte order (RFC 8259 section 8.1 lets it be left aside).
    let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    if json.iter().all(u8::is_ascii_whitespace) {
        return Ok((Map::new(), Vec::new()));
    }
    serde_json::from_slice(json).map(|body| (body, Vec::new())).map_err(|_| {
        Problem::new(StatusCode::BAD_REQUEST, "malformed_json", "The body is not a JSON object.")
    })
}

/// A form as an object.
fn form(fields: Fields) -> Map<String, Value> {
    let mut object = Value::Object(Map::new());
    for (name, value) in fields.into_pairs() {
        upload::place(&mut object, &upload::segments(&name), value.into());
    }
    match object {
        Value::Object(object) => object,
        _ => Map::new(),
    }
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

/// What is wrong with one member, as the whole problem and beside the member.
fn one(status: StatusCode, broken: engine::Problem) -> Problem {
    let all = Problem::new(status, broken.code, broken.message.clone());
    all.field(&broken.field, broken.code, broken.message)
}

pub(crate) fn problem(error: Error) -> Problem {
    match error {
        Error::Storage(error) => error.into(),
        Error::NotFound => Problem::not_found(),
        Error::Denied(Denied::Scope(scope)) => {
            let detail = format!("The token lacks the scope {scope:?}.");
            Problem::new(StatusCode::FORBIDDEN, "insufficient_scope", detail)
        }
        Error::Denied(Denied::Permission(permission)) => {
            let detail = format!("The permission \"{permission}\" is missing, or does not reach so far.");
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
            Problem::new(StatusCode::CONFLICT, "referred_to", &detail).field("id", "referred_to", &detail)
        }
        Error::Taken => {
            Problem::new(StatusCode::CONFLICT, "taken", "Another object has what only one may have.")
        }
        Error::Broken(broken) => one(StatusCode::UNPROCESSABLE_ENTITY, broken),
        Error::Conflict(broken) => one(StatusCode::CONFLICT, broken),
        Error::NotYet(detail) => Problem::new(StatusCode::NOT_IMPLEMENTED, "not_implemented", detail),
    }
}
