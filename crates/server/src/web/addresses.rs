//! Confirming an address that the company writes to. Whoever reads its mail may, logged in or not.

use axum::extract::State;
use axum::response::Response;
use engine::Error;
use http::StatusCode;
use serde_json::Value;

use super::errors::Failure;
use super::form::Posted;
use super::pages::Nav;
use super::pages::account::AddressPage;
use super::visitor::Visitor;
use crate::App;
use crate::errands;

pub(crate) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Failure> {
    let token = visitor.query().text("token").to_owned();
    let found = app.db.read(errands::address(&app, "address", &token)).await;
    page(&visitor, token, found, false)
}

pub(crate) async fn confirm(State(app): State<App>, posted: Posted) -> Result<Response, Failure> {
    let Posted { by: visitor, form } = posted;
    let token = form.text("token").to_owned();
    let found = app.db.write(errands::address(&app, "confirm_address", &token)).await;
    page(&visitor, token, found, true)
}

fn page(
    visitor: &Visitor,
    token: String,
    found: Result<Value, Error>,
    confirmed: bool,
) -> Result<Response, Failure> {
    let found = found.map_err(|error| Failure::engine(visitor, error))?;
    let address = found.as_str().map(str::to_owned);
    let status = if address.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let page = AddressPage { page: visitor.page("Your address", Nav::None), token, address, confirmed };
    Ok(visitor.show(status, &page))
}
