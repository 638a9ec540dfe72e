//! `GET api_public/credentials`: what the credential in use is.

use accounts::{CredentialKind, Identity};
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use registry::Version;
use serde_json::{Value, json};

use super::caller::Caller;
use crate::http::Problem;

pub(crate) async fn list(Path(version): Path<String>, Caller(identity): Caller) -> Response {
    match Version::supported(&version) {
        Some(version) => page(&identity, version),
        // A version that is not supported is served as the oldest that is, and says so; `v2` is its old spelling.
        None if version == "v2" || Version::is_dated(&version) => {
            let mut response = page(&identity, Version::OLDEST);
            response.headers_mut().insert("deprecation", super::deprecated());
            response
        }
        None => Problem::not_found().into_response(),
    }
}

/// `admin` or `basic`, as the matched API calls them.
pub(super) fn role(identity: &Identity) -> &'static str {
    if identity.principal.is_administrator() { "admin" } else { "basic" }
}

fn page(identity: &Identity, version: Version) -> Response {
    let (id, credential) = credential(identity, version);
    let cursor = BASE64_STANDARD.encode(id);
    let body = json!({
        "data": [credential],
        "meta": {
            "limit": 100,
            "total": 1,
            "has_next_page": false,
            "has_previous_page": false,
            "start_cursor": cursor,
            "end_cursor": cursor,
        },
    });
    ([(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")], body.to_string()).into_response()
}

/// The credential and its id. User credentials and company credentials fill different fields.
fn credential(identity: &Identity, version: Version) -> (String, Value) {
    let number = |id: i64| if version.ids_are_strings() { Value::from(id.to_string()) } else { id.into() };
    let company = identity.principal.company.get();
    let own = identity.principal.person().map_or(company, |person| person.access.get());
    // Newer versions prefix the id with the kind of credential, so that two kinds never share one.
    let prefix = match identity.credential {
        CredentialKind::UserToken | CredentialKind::Session => "access",
        CredentialKind::CompanyToken => "company",
        CredentialKind::ApiKey => "api_key",
    };
    let id = if version.ids_are_strings() { Value::from(format!("{prefix}-{own}")) } else { own.into() };
    let cursor = id.as_str().map_or_else(|| own.to_string(), str::to_owned);
    let person = identity.principal.person().zip(identity.profile.as_ref());
    let text = |value: Option<String>| value.map_or(Value::Null, Value::from);
    let is_company = person.is_none();
    let credential = json!({
        "company_id": number(company),
        "id": id,
        "employee_id": person.map_or(Value::Null, |(person, _)| number(person.employee.get())),
        "email": text(person.map(|(_, profile)| profile.contact_email().to_owned())),
        "login_email": text(person.map(|(_, profile)| profile.login_email.clone())),
        "full_name": text(person.map(|(_, profile)| profile.full_name())),
        "first_name": text(person.map(|(_, profile)| profile.first_name.clone())),
        "last_name": text(person.map(|(_, profile)| profile.last_name.clone())),
        "role": text(person.map(|_| role(identity).to_owned())),
        "gdpr_tos": null,
        "legal_name": text(identity.legal_name.clone().filter(|_| is_company)),
        "locale": null,
        "logo": null,
        "name": text(is_company.then(|| identity.company_name.clone())),
        "onboarded_on": text(is_company.then(|| identity.company_created_at.to_string()[..10].to_owned())),
        "subscription_plan": null,
        "tin": text(identity.tin.clone().filter(|_| is_company)),
        "to_be_deleted": null,
        "tos": null,
    });
    (cursor, credential)
}
