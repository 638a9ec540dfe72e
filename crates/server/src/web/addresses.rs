//! Confirming an address that the company writes to. Whoever reads its mail may, logged in or not.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::errors::Failure;
use super::form::Posted;
use super::pages::Nav;
use super::pages::account::AddressPage;
use super::visitor::Visitor;
use crate::{App, engine};

pub(crate) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Failure> {
    let token = visitor.query().text("token").to_owned();
    let (presented, vault) = (token.clone(), app.vault.clone());
    let waits =
        move |tx: &mut storage::Tx<'_>| hr::employees::address::waiting(engine(), tx, &vault, &presented);
    let found = app.db.read(waits).await;
    page(&visitor, token, found, false)
}

pub(crate) async fn confirm(State(app): State<App>, posted: Posted) -> Result<Response, Failure> {
    let Posted { by: visitor, form } = posted;
    let token = form.text("token").to_owned();
    let (presented, vault) = (token.clone(), app.vault.clone());
    let confirms =
        move |tx: &mut storage::Tx<'_>| hr::employees::address::confirm(engine(), tx, &vault, &presented);
    let found = app.db.write(confirms).await;
    page(&visitor, token, found, true)
}

fn page(
    visitor: &Visitor,
    token: String,
    found: Result<Option<String>, engine::Error>,
    confirmed: bool,
) -> Result<Response, Failure> {
    let address = found.map_err(|error| Failure::engine(visitor, error))?;
    let status = if address.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let page = AddressPage { page: visitor.page("Your address", Nav::None), token, address, confirmed };
    Ok(visitor.show(status, &page))
}
