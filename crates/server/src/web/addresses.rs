//! Confirming an address that the company writes to. Whoever reads its mail may, logged in or not.

use access::Grant;
use axum::extract::State;
use axum::response::Response;
use engine::{Caller, Context, Error};
use http::StatusCode;
use registry::{Id, Version};
use serde_json::{Value, json};
use storage::Tx;

use super::errors::Failure;
use super::form::Posted;
use super::pages::Nav;
use super::pages::account::AddressPage;
use super::visitor::Visitor;
use crate::App;

pub(crate) async fn show(State(app): State<App>, visitor: Visitor) -> Result<Response, Failure> {
    let token = visitor.query().text("token").to_owned();
    let found = app.db.read(errand(&app, "address", &token)).await;
    page(&visitor, token, found, false)
}

pub(crate) async fn confirm(State(app): State<App>, posted: Posted) -> Result<Response, Failure> {
    let Posted { by: visitor, form } = posted;
    let token = form.text("token").to_owned();
    let found = app.db.write(errand(&app, "confirm_address", &token)).await;
    page(&visitor, token, found, true)
}

/// What an errand makes of the token of a link, in the company that the token begins with.
fn errand(
    app: &App,
    name: &'static str,
    token: &str,
) -> impl FnMut(&mut Tx<'_>) -> Result<Value, Error> + Send + use<> {
    let company = token.split_once('-').and_then(|(company, _)| company.parse().ok());
    let (app, asked) = (app.clone(), json!({ "token": token }));
    move |tx| {
        let Some(company) = company else { return Ok(Value::Null) };
        let grant =
            Grant::system(Id::new(company), "whoever reads the mail of an address says that it is good");
        let cx = Context::new(app.engine, tx, &grant, Caller::default(), Version::NEWEST);
        cx.lending(&app.mailroom).errand("employees/employees", name, &asked)
    }
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
