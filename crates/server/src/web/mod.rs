//! For people: `/...`, everything that answers with a page.

mod account;
mod addresses;
mod applications;
mod authorized;
mod desk;
mod docs;
pub(crate) mod errors;
mod form;
mod guide;
mod holidays;
mod home;
mod invitations;
mod moment;
pub(crate) mod pages;
mod passwords;
mod permissions;
mod permitted;
mod preview;
pub(crate) mod reference;
mod sandbox;
mod settings;
mod sight;
pub(crate) mod visitor;
mod webhooks;
mod work;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use form::{Posted, same_site};
pub(crate) use visitor::{Administrator, SignedIn, Visitor};

use crate::App;

pub(crate) fn routes(app: &App) -> Router<App> {
    let routes = Router::new()
        .route("/", get(home::landing))
        .route("/home", get(home::home))
        .route("/signup", get(account::sign_up_form).post(account::sign_up))
        .route("/login", get(account::log_in_form).post(account::log_in))
        .route("/logout", post(account::log_out))
        .route("/companies/switch", post(account::switch))
        .route("/account/security", get(account::security))
        .route("/account/password", post(passwords::change))
        .route("/account/sessions/revoke-all", post(account::revoke_all))
        .route("/account/sessions/{id}/revoke", post(account::revoke))
        .route("/password/forgot", get(passwords::forgot_form).post(passwords::forgot))
        .route("/password/reset", get(passwords::reset_form).post(passwords::reset))
        .route("/addresses/confirm", get(addresses::show).post(addresses::confirm))
        .route("/invitations/accept", get(invitations::show).post(invitations::accept))
        .route("/settings/company", get(settings::company).post(settings::update_company))
        .route("/settings/users", get(settings::users))
        .route("/settings/users/invite", post(settings::invite))
        .route("/settings/users/{id}/resend", post(settings::resend))
        .route("/settings/users/{id}/administrator", post(settings::administrator))
        .route("/settings/permissions", get(permissions::index).post(permissions::create))
        .route("/settings/permissions/explain", get(sight::explain))
        .route("/settings/permissions/{id}", get(permissions::show).post(permissions::save))
        .route("/preview", post(preview::begin))
        .route("/preview/end", post(preview::end))
        .route("/people/{id}/access", get(sight::of_person))
        .route("/settings/holidays", get(holidays::show).post(holidays::import))
        .route("/settings/audit-log", get(settings::audit_log))
        .route("/settings/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/settings/webhooks/{id}", get(webhooks::show))
        .route("/settings/webhooks/{id}/redeliver", post(webhooks::redeliver))
        .route("/settings/webhooks/subscriptions/{id}/{what}", post(webhooks::change))
        .route("/settings/api-keys", get(settings::api_keys).post(settings::create_api_key))
        .route("/settings/api-keys/{id}", post(settings::delete_api_key))
        .route("/oauth/applications", get(applications::list).post(applications::create))
        .route("/oauth/applications/new", get(applications::new))
        .route("/oauth/applications/{id}", get(applications::show).post(applications::change))
        .route("/oauth/applications/{id}/edit", get(applications::edit))
        .route("/oauth/applications/{id}/secrets", post(applications::renew_secret))
        .route("/oauth/applications/{id}/secrets/{secret}", post(applications::delete_secret))
        .route("/oauth/authorized_applications", get(authorized::list))
        .route("/oauth/authorized_applications/{id}", post(authorized::withdraw))
        .route("/docs", get(docs::first))
        .route("/docs/{chapter}", get(docs::chapter))
        .merge(work::routes())
        .route("/reference", get(reference::index))
        .route("/reference/{namespace}", get(reference::namespace))
        .route("/reference/{namespace}/{resource}", get(reference::resource));
    // In production these addresses do not exist.
    if app.config.demo() { routes.merge(sandbox::routes()) } else { routes }
}
