//! `/oas`: what the API is, for programs.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use engine::Engine;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{StatusCode, Uri};
use openapi::Served;
use registry::{Entry, Filter, Verb, Version};
use serde_json::Value;

use super::{acted, served};
use crate::App;
use crate::http::{Fields, Problem};

/// One document for each version, written when it is first asked for.
pub(crate) type Documents = [OnceLock<Bytes>; Version::SUPPORTED.len()];

/// The OpenAPI document of a version, as this server would answer it under some public URL. Ends with a line end.
pub fn document(engine: &Engine, version: Version, public_url: &str) -> String {
    format!("{:#}\n", part(engine, engine.catalogue().iter(), version, public_url))
}

/// The part of it that is about some resources.
pub(crate) fn part<'e>(
    engine: &Engine,
    entries: impl Iterator<Item = &'e Entry>,
    version: Version,
    public_url: &str,
) -> Value {
    let parameter =
        |path: &str, filter: &Filter| engine.find(path).is_some_and(|plan| plan.understands(filter));
    let does = Served {
        operation: &|path: &str, verb: Verb| served(engine, path, verb),
        action: &|path: &str, action: &str| acted(engine, path, action),
        parameter: &parameter,
    };
    openapi::part(entries, version, public_url, &does)
}

pub(crate) async fn show(State(app): State<App>, uri: Uri) -> Result<Response, Problem> {
    let query = Fields::query(&uri)?;
    let wanted = query.text("version");
    let version = if wanted.is_empty() { Some(Version::NEWEST) } else { Version::supported(wanted) };
    let at = version.and_then(|version| Version::SUPPORTED.iter().position(|known| *known == version));
    let (Some(version), Some(written)) = (version, at.and_then(|at| app.documents.get(at))) else {
        let known = Version::SUPPORTED.map(|version| version.to_string()).join(", ");
        let detail = "There is no such version.";
        let problem = Problem::new(StatusCode::BAD_REQUEST, "invalid", detail);
        return Err(problem.field("version", "invalid", format!("It must be one of {known}.")));
    };
    let body = written.get_or_init(|| document(app.engine, version, &app.config.public_url).into()).clone();
    Ok(([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")], body).into_response())
}
