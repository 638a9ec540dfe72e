//! The documentation inside the product.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::errors::Failure;
use super::guide::{CHAPTERS, Reader};
use super::pages::Nav;
use super::pages::docs::{Block, DocsPage};
use super::visitor::Visitor;
use crate::{App, Setting};

/// The chapter that is made from the settings themselves.
const CONFIGURATION: (&str, &str) = ("configuration", "Configuration");

pub(crate) async fn first(State(app): State<App>, visitor: Visitor) -> Result<Response, Failure> {
    show(&app, &visitor, "").await
}

pub(crate) async fn chapter(
    State(app): State<App>,
    Path(slug): Path<String>,
    visitor: Visitor,
) -> Result<Response, Failure> {
    show(&app, &visitor, &slug).await
}

async fn show(app: &App, visitor: &Visitor, slug: &str) -> Result<Response, Failure> {
    let client_id = own_client_id(app, visitor).await?;
    let events = app.engine.events();
    let uncaused: Vec<_> = events.filter_map(|(kind, told)| Some((kind, told.uncaused?))).collect();
    let reader = Reader {
        base_url: &app.config.public_url,
        client_id: client_id.as_deref(),
        demo: app.config.demo(),
        uncaused: &uncaused,
    };
    let chapter = CHAPTERS.iter().find(|(known, _, _)| *known == slug);
    let (title, blocks) = match chapter {
        Some((_, title, blocks)) => (*title, blocks(&reader)),
        None if slug == CONFIGURATION.0 => (CONFIGURATION.1, configuration(app)),
        None => return Err(Failure::not_found(visitor)),
    };
    let chapters = CHAPTERS.iter().map(|(slug, title, _)| (*slug, *title)).chain([CONFIGURATION]);
    let page = DocsPage {
        page: visitor.page(title, Nav::Docs),
        toc: chapters
            .map(|(known, title)| {
                let href = if known.is_empty() { "/docs".to_owned() } else { format!("/docs/{known}") };
                (href, title.to_owned(), known == slug)
            })
            .collect(),
        title: title.to_owned(),
        blocks,
    };
    Ok(visitor.show(StatusCode::OK, &page))
}

/// The client id of the reader's first application, to fill into the commands.
async fn own_client_id(app: &App, visitor: &Visitor) -> Result<Option<String>, Failure> {
    let Some(session) = visitor.session.as_ref().filter(|session| session.principal.is_administrator())
    else {
        return Ok(None);
    };
    let company = session.principal.company;
    let first = app.db.read(move |tx| oauth::application::first(tx, company)).await?;
    Ok(first.map(|application| application.client_id))
}

fn configuration(app: &App) -> Vec<Block> {
    let code = |text: &str| if text.is_empty() { String::new() } else { format!("`{text}`") };
    let row = |setting: &Setting| {
        let Setting { flag, variable, default, description } = setting;
        vec![code(flag), code(variable), code(default), description.clone()]
    };
    let text = "Every setting is a flag of `muster serve` or a variable of the environment; the flag wins.";
    vec![
        Block::Text(text.to_owned()),
        Block::Table {
            head: ["Flag", "Variable", "Without it", "What it does"].map(str::to_owned).to_vec(),
            rows: app.config.settings.iter().map(row).collect(),
        },
    ]
}
