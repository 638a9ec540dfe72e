//! `GET /api/v1/me`: whose token this is.

use accounts::Identity;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::Serialize;

use super::caller::Caller;
use crate::http::Problem;

/// The answer. What only a person has is null for a company token and an API key.
#[derive(Serialize)]
struct Me<'a> {
    id: i64,
    email: Option<&'a str>,
    login_email: Option<&'a str>,
    full_name: &'a str,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    employee_id: Option<i64>,
    company_id: i64,
    company_name: &'a str,
    role: &'static str,
}

/// Answered from memory: everything in it is part of the cached identity.
pub(crate) async fn show(Caller(identity): Caller) -> Response {
    match body(&identity) {
        Ok(body) => {
            let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
            (headers, body).into_response()
        }
        Err(_) => Problem::internal().into_response(),
    }
}

fn body(identity: &Identity) -> serde_json::Result<Vec<u8>> {
    let person = identity.principal.person();
    let profile = identity.profile.as_ref();
    let full_name = profile.map(accounts::Profile::full_name);
    let company_id = identity.principal.company.get();
    serde_json::to_vec(&Me {
        id: person.map_or(company_id, |person| person.access.get()),
        email: profile.map(accounts::Profile::contact_email),
        login_email: profile.map(|profile| profile.login_email.as_str()),
        full_name: full_name.as_deref().unwrap_or(&identity.company_name),
        first_name: profile.map(|profile| profile.first_name.as_str()),
        last_name: profile.map(|profile| profile.last_name.as_str()),
        employee_id: person.map(|person| person.employee.get()),
        company_id,
        company_name: &identity.company_name,
        role: super::credentials::role(identity),
    })
}
