//! The first page, before and after logging in.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::desk::Desk;
use super::errors::Failure;
use super::pages::Nav;
use super::pages::account::LandingPage;
use super::pages::home::{HomePage, Step};
use super::visitor::{SignedIn, Visitor, see_other};
use super::work;
use crate::App;

pub(crate) async fn landing(visitor: Visitor) -> Response {
    if visitor.session.is_some() {
        return see_other("/home");
    }
    let config = &visitor.app.config;
    let page = LandingPage {
        page: visitor.page("Your people, your data, one API", Nav::None),
        sandbox: config.demo(),
        signup_open: config.sign_up_open,
        base_url: config.public_url.clone(),
    };
    visitor.show(StatusCode::OK, &page)
}

pub(crate) async fn home(State(app): State<App>, signed_in: SignedIn) -> Result<Response, Failure> {
    let (session, company) = (&signed_in.session, signed_in.session.principal.company);
    let step = |title: &str, text: &str, href: &str, done| Step {
        title: title.to_owned(),
        text: text.to_owned(),
        href: href.to_owned(),
        done,
    };
    let (person, administrator) = (signed_in.person.clone(), signed_in.person.administrator);
    let checklist = if administrator {
        let (applications, keys, members) = app
            .db
            .read(move |tx| {
                let applications = oauth::application::list(tx, company)?;
                let keys = accounts::api_keys::list(tx, company)?;
                Ok::<_, accounts::Error>((applications, keys, accounts::members::count(tx, company)?))
            })
            .await
            .map_err(|error| Failure::accounts(&signed_in.visitor, error))?;
        let used = applications.iter().any(|application| application.grants > 0);
        vec![
            step(
                "Create an application",
                "Its client id and secret let a program ask people for access.",
                "/oauth/applications",
                !applications.is_empty(),
            ),
            step(
                "Let it in",
                "Open the application and press Authorize: you get a code, and for the code a token.",
                "/oauth/applications",
                used,
            ),
            step(
                "Create an API key",
                "For programs of your own that act for the company.",
                "/settings/api-keys",
                !keys.is_empty(),
            ),
            step(
                "Invite somebody",
                "Colleagues get a link that works for 24 hours.",
                "/settings/users",
                members > 1,
            ),
        ]
    } else {
        let granted = app.db.read(move |tx| oauth::grants::authorized(tx, company, &person)).await?;
        vec![
            step(
                "Check your sessions",
                "See where you are logged in and end what you do not know.",
                "/account/security",
                true,
            ),
            step(
                "See who you let in",
                "Applications that act for you, and how to shut them out.",
                "/oauth/authorized_applications",
                !granted.is_empty(),
            ),
        ]
    };
    let desk = Desk::of(&app, &signed_in);
    let failed = |error| Failure::engine(&signed_in.visitor, error);
    let role = if administrator { "Administrator" } else { "Employee" };
    let page = HomePage {
        page: signed_in.visitor.page("Home", Nav::Home),
        first_name: session.first_name.clone(),
        company: session.company_name.clone(),
        clock: work::clock::state(&desk, signed_in.person.employee.get()).await.map_err(failed)?.0,
        waiting: work::inbox::waiting(&desk, &signed_in).await.map_err(failed)?,
        away: work::time_off::away(&desk).await.map_err(failed)?,
        requests: work::time_off::upcoming(&desk, &signed_in).await.map_err(failed)?,
        checklist,
        facts: vec![
            ("Company".to_owned(), session.company_name.clone()),
            ("Your role".to_owned(), role.to_owned()),
            ("You log in as".to_owned(), session.login_email.clone()),
            ("API".to_owned(), format!("{}/api", app.config.public_url)),
        ],
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}
