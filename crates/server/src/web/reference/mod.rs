//! `/reference`: what the API is, for people. Everything on it comes from the declarations, most of it by way of the document
//! that programs read, so that the two agree.

mod code;
pub(crate) mod search;
mod view;

use axum::extract::{Path, Request, State};
use axum::response::Response;
use engine::Engine;
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, IF_NONE_MATCH};
use http::{HeaderMap, Method, StatusCode};
use registry::{Entry, Version};

use super::errors::Failure;
use super::pages::Nav;
use super::pages::reference::{
    Group, Namespace, Reference, ReferenceNamespacePage, ReferencePage, ReferenceResourcePage,
    ReferenceSearchPage,
};
use super::visitor::{Visitor, escaped, log_in_address};
use crate::App;
use crate::api::resources;
use crate::http::Fields;
use view::Outcome;

/// The most hits of a search that are shown.
const HITS: usize = 60;

/// The largest answer that is shown on a page.
const LARGEST: usize = 512 * 1024;

/// The page of a resource, or of a namespace, in a version.
fn href(path: &str, version: Version) -> String {
    format!("/reference/{path}{}", suffix(version))
}

fn suffix(version: Version) -> String {
    if version == Version::NEWEST { String::new() } else { format!("?version={version}") }
}

/// The version that a page is wanted in.
fn wanted(visitor: &Visitor, query: &Fields) -> Result<Version, Failure> {
    match query.text("version") {
        "" => Ok(Version::NEWEST),
        named => Version::supported(named).ok_or_else(|| Failure::not_found(visitor)),
    }
}

/// The resources of a version.
fn living(engine: &'static Engine, version: Version) -> impl Iterator<Item = &'static Entry> {
    engine.catalogue().iter().filter(move |entry| openapi::lives_in(entry, version))
}

/// What all pages have. `at` is what this one is about: nothing, a namespace, or a resource.
fn reference(engine: &'static Engine, at: &str, version: Version, query: &str) -> Reference {
    let namespace = at.split('/').next().unwrap_or_default();
    let mut groups: Vec<Group> = Vec::new();
    for resource in living(engine, version).map(|entry| entry.resource) {
        let name = resource.path.split_once('/').map_or(resource.path, |(_, name)| name);
        let link = (href(resource.path, version), name, resource.path == at);
        match groups.last_mut().filter(|group| group.name == resource.namespace()) {
            Some(group) => group.resources.push(link),
            None => groups.push(Group {
                name: resource.namespace(),
                open: resource.namespace() == namespace,
                resources: vec![link],
            }),
        }
    }
    let here = |version: Version| {
        let exists = living(engine, version).any(|entry| {
            entry.resource.path == at || (!at.contains('/') && entry.resource.namespace() == at)
        });
        let address = if exists { href(at, version) } else { format!("/reference{}", suffix(version)) };
        match (query, version == Version::NEWEST) {
            ("", _) => address,
            (query, true) => format!("/reference?q={}", escaped(query)),
            (query, false) => format!("/reference?version={version}&q={}", escaped(query)),
        }
    };
    let versions = Version::SUPPORTED.into_iter().rev();
    Reference {
        version: version.to_string(),
        suffix: suffix(version),
        newest: version == Version::NEWEST,
        versions: versions.map(|other| (other.to_string(), here(other), other == version)).collect(),
        query: query.to_owned(),
        groups,
    }
}

/// `/reference`, and the search.
pub(crate) async fn index(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let version = wanted(&visitor, &query)?;
    let sought: String = query.text("q").trim().chars().take(200).collect();
    let reference = reference(app.engine, "", version, &sought);
    if sought.is_empty() {
        let namespaces = view::namespaces(app.engine, version);
        let resources = namespaces.iter().flat_map(|namespace| &namespace.resources);
        let operations = resources.clone().map(|resource| resource.operations.len()).sum();
        let page = ReferencePage {
            page: visitor.page("API reference", Nav::Reference),
            counts: (resources.count(), operations),
            base: format!("{}/api/{version}/resources/", app.config.public_url),
            first: code::first(&app.config.public_url, version),
            sought: search::answers(app.engine, "", version),
            namespaces,
            reference,
        };
        return Ok(visitor.show_unchanging(&headers, &page));
    }
    let (hits, total) = search::find(&app, &sought, version, HITS);
    let page = ReferenceSearchPage {
        page: visitor.page(format!("{sought}: API reference"), Nav::Reference),
        sought: search::answers(app.engine, &sought, version),
        reference,
        hits,
        total,
    };
    Ok(visitor.show_unchanging(&headers, &page))
}

/// `/reference/NAMESPACE`
pub(crate) async fn namespace(
    State(app): State<App>,
    Path(name): Path<String>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let version = wanted(&visitor, &visitor.query())?;
    let found = view::namespaces(app.engine, version)
        .into_iter()
        .find(|namespace: &Namespace| namespace.name == name);
    let namespace = found.ok_or_else(|| Failure::not_found(&visitor))?;
    let page = ReferenceNamespacePage {
        page: visitor.page(format!("{}: API reference", namespace.title), Nav::Reference),
        reference: reference(app.engine, namespace.name, version, ""),
        namespace,
    };
    Ok(visitor.show_unchanging(&headers, &page))
}

/// `/reference/NAMESPACE/RESOURCE`
pub(crate) async fn resource(
    State(app): State<App>,
    Path((namespace, name)): Path<(String, String)>,
    visitor: Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let query = visitor.query();
    let version = wanted(&visitor, &query)?;
    let path = format!("{namespace}/{name}");
    let entry = living(app.engine, version).find(|entry| entry.resource.path == path);
    let entry = entry.ok_or_else(|| Failure::not_found(&visitor))?;
    let signed_in = visitor.session.is_some();
    let outcome = match query.text("run") {
        verb @ ("list" | "read") if signed_in => {
            Some(run(&app, &headers, version, &path, verb, &query).await)
        }
        _ => None,
    };
    let ran = outcome.is_some();
    let mut resource = view::resource(&app, entry, version, signed_in, outcome);
    resource.log_in = log_in_address(&href(&path, version));
    let page = ReferenceResourcePage {
        page: visitor.page(format!("{}: API reference", resource.title), Nav::Reference),
        reference: reference(app.engine, entry.resource.path, version, ""),
        resource,
    };
    // What the company has is not for any cache.
    Ok(if ran { visitor.show(StatusCode::OK, &page) } else { visitor.show_unchanging(&headers, &page) })
}

/// Runs what only reads as the one who is looking: the address of the API is asked as his browser would ask it.
async fn run(
    app: &App,
    headers: &HeaderMap,
    version: Version,
    path: &str,
    verb: &str,
    query: &Fields,
) -> Outcome {
    let given: Vec<(String, String)> = query
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("p.")?.to_owned(), value.trim().to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let id = given
        .iter()
        .find(|(name, _)| name == "id")
        .map(|(_, value)| value.clone())
        .filter(|_| verb == "read");
    let pairs: Vec<_> = given.iter().filter(|(name, _)| id.is_none() || name != "id").collect();
    let mut address = format!("/api/{version}/resources/{path}");
    if let Some(id) = &id {
        address = format!("{address}/{}", escaped(id));
    }
    for (at, (name, value)) in pairs.iter().enumerate() {
        let values: Vec<&str> = if name.ends_with("[]") { value.split(',').collect() } else { vec![value] };
        for (nth, value) in values.iter().enumerate() {
            let sign = if at + nth == 0 { '?' } else { '&' };
            address = format!("{address}{sign}{name}={}", escaped(value.trim()));
        }
    }
    let mut outcome =
        Outcome { verb: verb.to_owned(), given, address, status: String::new(), body: Vec::new() };
    let mut request = Request::new(axum::body::Body::empty());
    *request.method_mut() = Method::GET;
    *request.headers_mut() = headers.clone();
    for of_the_page in [CONTENT_LENGTH, CONTENT_TYPE, ACCEPT, IF_NONE_MATCH] {
        request.headers_mut().remove(of_the_page);
    }
    match outcome.address.parse() {
        Ok(uri) => *request.uri_mut() = uri,
        Err(_) => {
            outcome.status = "This is no address.".to_owned();
            return outcome;
        }
    }
    let (namespace, name) = path.split_once('/').unwrap_or((path, ""));
    let within = (version.to_string(), namespace.to_owned(), name.to_owned());
    let response = resources::asked(app, within, id, request).await;
    outcome.status = response.status().to_string();
    outcome.body = match axum::body::to_bytes(response.into_body(), LARGEST).await {
        Ok(body) => match serde_json::from_slice(&body) {
            Ok(json) => code::json(&json),
            Err(_) => code::plain(String::from_utf8_lossy(&body).into_owned()),
        },
        Err(_) => code::plain("The answer is too large to be shown here. Ask for fewer objects.".to_owned()),
    };
    outcome
}
