//! What a person let in, and how to shut it out.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use oauth::authorize::Owner;
use oauth::grants::withdraw as withdraw_from;
use registry::Id;

use super::errors::Failure;
use super::form::Posted;
use super::pages::Nav;
use super::pages::oauth::{AuthorizedPage, AuthorizedRow};
use super::visitor::{SignedIn, see_other};
use crate::App;

pub(crate) async fn list(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    let (company, person) = (signed_in.session.principal.company, signed_in.person.clone());
    let granted = app.db.read(move |tx| oauth::grants::authorized(tx, company, &person)).await?;
    let page = AuthorizedPage {
        page: signed_in.visitor.page("Authorized applications", Nav::Authorized),
        rows: granted
            .into_iter()
            .map(|grant| AuthorizedRow {
                application_id: grant.application_id.get(),
                name: grant.name,
                company: grant.company_name,
                scopes: grant.scopes.iter().map(|scope| scope.name.to_owned()).collect(),
                since: grant.since.into(),
                last_used: grant.last_used.map(Into::into),
                whole_company: grant.whole_company,
            })
            .collect(),
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

pub(crate) async fn withdraw(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted<SignedIn>,
) -> Result<Response, Failure> {
    let Posted { by: signed_in, form } = posted;
    let id = match (form.text("_method"), id.parse()) {
        ("delete", Ok(id)) => Id::new(id),
        _ => return Err(Failure::not_found(&signed_in.visitor)),
    };
    let owner = if form.text("owner") == "company" { Owner::Company } else { Owner::Person };
    let (actor, company, person) =
        (signed_in.visitor.actor(), signed_in.session.principal.company, signed_in.person.clone());
    let withdrawn = app.db.write(move |tx| withdraw_from(tx, &actor, company, &person, id, owner)).await;
    match withdrawn {
        Ok(()) => {}
        Err(oauth::Error::Storage(error)) => return Err(error.into()),
        Err(oauth::Error::Forbidden) => return Err(Failure::forbidden(&signed_in.visitor)),
        Err(_) => return Err(Failure::not_found(&signed_in.visitor)),
    }
    Ok(see_other("/oauth/authorized_applications?notice=withdrawn"))
}
