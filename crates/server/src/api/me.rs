//! `GET /api/v1/me`: whose token this is.

use accounts::Identity;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::json;

use super::caller::Caller;

/// Answered from memory: everything in it is part of the cached identity.
pub(crate) async fn show(Caller(identity): Caller) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (headers, body(&identity)).into_response()
}

fn body(identity: &Identity) -> String {
    let company = identity.principal.company.get();
    let role = super::credentials::role(identity);
    match (identity.principal.person(), &identity.profile) {
        (Some(person), Some(profile)) => json!({
            "id": person.access.get(),
            "email": profile.contact_email(),
            "login_email": profile.login_email,
            "full_name": profile.full_name(),
            "first_name": profile.first_name,
            "last_name": profile.last_name,
            "employee_id": person.employee.get(),
            "company_id": company,
            "company_name": identity.company_name,
            "role": role,
        }),
        // A company token or an API key: the company itself is who calls.
        _ => json!({
            "id": company,
            "email": null,
            "login_email": null,
            "full_name": identity.company_name,
            "first_name": null,
            "last_name": null,
            "employee_id": null,
            "company_id": company,
            "company_name": identity.company_name,
            "role": role,
        }),
    }
    .to_string()
}
