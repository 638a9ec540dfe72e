//! HTTP. Translates between the wire and the rooms below, and decides nothing.
//!
//! `api` is for programs, `oauth` for the protocol's endpoints, `web` for people; `http` is what all of
//! them need of HTTP.

mod api;
mod errands;
mod http;
mod oauth;
mod state;
mod web;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

pub use api::{acted, document, served, unknown_fields};
pub use http::frame::Service;
pub use state::{App, Config, Environment, Setting};

/// Every migration of the database, in their order. `declared` makes the tables of the resources.
pub fn migrations(declared: storage::Migration) -> Vec<storage::Migration> {
    [
        accounts::MIGRATIONS,
        ::oauth::MIGRATIONS,
        demo::MIGRATIONS,
        engine::MIGRATIONS,
        webhooks::MIGRATIONS,
        &[declared],
    ]
    .concat()
}

/// Every address of the server. Tests call it without a socket.
pub fn router(app: &App) -> Service {
    let router = Router::new()
        .route("/health", get(health))
        .route("/assets/muster.css", get(http::assets::stylesheet))
        .route("/assets/muster.js", get(http::assets::script))
        .route("/assets/icon.svg", get(http::assets::icon))
        .route("/favicon.ico", get(http::assets::icon))
        .route("/files/{id}/{name}", get(api::files::fetch).fallback(api::wrong_method))
        .merge(api::routes())
        .merge(oauth::routes())
        .merge(web::routes(app))
        .fallback(web::errors::nothing_here)
        .method_not_allowed_fallback(web::errors::wrong_method)
        .with_state(app.clone());
    Service::new(router, &app.config)
}

/// 200 while the database answers.
async fn health(State(app): State<App>) -> Response {
    match app.db.read(|_| Ok::<_, storage::Error>(())).await {
        Ok(()) => "ok\n".into_response(),
        Err(error) => http::Problem::from(error).into_response(),
    }
}

/// Takes the days off of a holiday calendar over for a workplace of a company: by their names, or ids; without one, for
/// the headquarters. Says what became of each day; it is noted in the audit log.
pub fn import_holidays(
    engine: &engine::Engine,
    tx: &mut storage::Tx<'_>,
    company: &str,
    location: Option<&str>,
    calendar: &str,
) -> Result<serde_json::Value, engine::Error> {
    let wrong = |field: &str, message: String| engine::Error::rule(field, "not_found", message);
    let company = match accounts::company::named(tx, company) {
        Ok(companies) if companies.len() == 1 => companies[0].id,
        Ok(companies) if companies.is_empty() => {
            return Err(wrong("company", format!("There is no company {company:?}.")));
        }
        Ok(_) => {
            return Err(wrong("company", format!("Several companies are called {company:?}. Give the id.")));
        }
        Err(error) => return Err(engine::Error::rule("company", "refused", error.to_string())),
    };
    errands::import_holidays(engine, tx, company, &accounts::Actor::operator(), location, calendar)
}

/// Why the person with an address sees an object and its fields, or does not.
pub fn explain(
    engine: &engine::Engine,
    tx: &mut storage::Tx<'_>,
    email: &str,
    path: &str,
    id: i64,
) -> Result<serde_json::Value, engine::Error> {
    let plan = engine.find(path).ok_or(engine::Error::NotFound)?;
    for identity in accounts::persons_of(tx, email)? {
        match ::engine::explain(tx, identity.company.company, plan, &identity.person, id) {
            Err(engine::Error::NotFound) => {}
            explained => return explained,
        }
    }
    Err(engine::Error::NotFound)
}
