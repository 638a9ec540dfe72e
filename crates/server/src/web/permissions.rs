//! Permission groups: what their members may do, whom they see, and who is in which.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use access::{Chosen, Doing, Module, Policy, Reach, Visibility};
use accounts::groups::{self, Group};
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use registry::Id;

use super::errors::Failure;
use super::form::Posted;
use super::pages::Nav;
use super::pages::permissions::{Cell, GroupPage, GroupRow, GroupsPage, MemberRow, ModuleRow, Way};
use super::visitor::{Administrator, SignedIn, see_other};
use crate::App;

/// Everything that there is to permit.
static MODULES: LazyLock<BTreeMap<&'static str, Module>> =
    LazyLock::new(|| hr::catalogue().map(|catalogue| access::modules(&catalogue)).unwrap_or_default());

/// Reaches that the form offers; another one that a group has is offered, too.
const OFFERED: [&str; 9] = [
    "",
    "own",
    "own reports",
    "own teams",
    "own reports teams",
    "reports",
    "reports teams",
    "own legal_entity",
    "everyone",
];

pub(crate) async fn index(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    let groups = all(&app, &signed_in).await?;
    let page = GroupsPage {
        page: signed_in.visitor.page("Permissions", Nav::Permissions),
        rows: groups
            .into_iter()
            .map(|group| GroupRow {
                id: group.id.get(),
                about: match (group.administrators, group.custom) {
                    (true, _) => "Everything. This cannot be changed.",
                    (false, false) => "People are here where nobody says otherwise.",
                    (false, true) => "Added by an administrator.",
                },
                name: group.name,
                members: group.members,
            })
            .collect(),
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

async fn all(app: &App, signed_in: &SignedIn) -> Result<Vec<Group>, Failure> {
    let company = signed_in.session.principal.company;
    let groups = app.db.read(move |tx| groups::list(tx, company)).await;
    groups.map_err(|error| Failure::accounts(&signed_in.visitor, error))
}

pub(crate) async fn create(
    State(app): State<App>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let name = form.text("name").to_owned();
    let made = app.db.write(move |tx| groups::create(tx, &actor, company, &name, None)).await;
    match made {
        Ok(id) => Ok(see_other(&format!("/settings/permissions/{}?notice=saved", id.get()))),
        Err(error) => refused(&signed_in, error, "/settings/permissions"),
    }
}

/// What a rule of groups refuses is said on the page that it came from.
fn refused(signed_in: &SignedIn, error: accounts::Error, page: &str) -> Result<Response, Failure> {
    match error {
        accounts::Error::Conflict(code) => Ok(see_other(&format!("{page}?notice={code}"))),
        accounts::Error::Invalid(_) => Ok(see_other(&format!("{page}?notice=name"))),
        error => Err(Failure::accounts(&signed_in.visitor, error)),
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    let id = number(&signed_in, &id)?;
    group_page(&app, &signed_in, id, None).await
}

fn number(signed_in: &SignedIn, text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::not_found(&signed_in.visitor))
}

/// The page of a group; with a policy, what would be different.
async fn group_page(
    app: &App,
    signed_in: &SignedIn,
    id: i64,
    wanted: Option<Policy>,
) -> Result<Response, Failure> {
    let company = signed_in.session.principal.company;
    let work = move |tx: &mut storage::Tx<'_>| {
        let group = groups::get(tx, company, Id::new(id))?;
        Ok((group, groups::list(tx, company)?, groups::members_of(tx, company, Id::new(id))?))
    };
    let read = app.db.read(work).await;
    let (group, others, members) =
        read.map_err(|error: accounts::Error| Failure::accounts(&signed_in.visitor, error))?;
    let changes = wanted.as_ref().map(|wanted| {
        groups::difference(&group.policy, wanted).iter().map(ToString::to_string).collect::<Vec<_>>()
    });
    let policy = wanted.as_ref().unwrap_or(&group.policy);
    let page = GroupPage {
        page: signed_in.visitor.page(&group.name, Nav::Permissions),
        id,
        administrators: group.administrators,
        custom: group.custom,
        modules: MODULES.iter().map(|(name, module)| row(name, module, policy)).collect(),
        everyone: policy.visibility == Visibility::Everyone,
        ways: ways(policy),
        changes: changes.clone(),
        text: policy.text(),
        members: members
            .into_iter()
            .map(|member| MemberRow {
                access_id: member.access.get(),
                name: format!("{} {}", member.first_name, member.last_name),
                email: member.email,
            })
            .collect(),
        others: others.into_iter().filter(|g| g.id.get() != id).map(|g| (g.id.get(), g.name)).collect(),
        name: group.name,
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

fn row(name: &str, module: &Module, policy: &Policy) -> ModuleRow {
    let cell = |doing: Doing| {
        let held = policy.reach_of(name, doing);
        let text = if held.is_nothing() { String::new() } else { held.to_string() };
        let offered: Vec<&str> = if doing.reaches() { OFFERED.to_vec() } else { vec!["", "everyone"] };
        let mut options: Vec<_> = offered.iter().map(|option| (*option).to_owned()).collect();
        if !options.contains(&text) {
            options.push(text.clone());
        }
        Cell {
            name: format!("{name}.{}", doing.name()),
            label: doing.name(),
            options: options
                .into_iter()
                .map(|option| (option == text, words(&option, doing.reaches()), option))
                .collect(),
        }
    };
    ModuleRow {
        name: name.replace('_', " "),
        about: module
            .resources
            .iter()
            .map(|path| (*path).to_owned())
            .chain(module.fields.iter().cloned())
            .collect(),
        cells: module.doings.iter().map(|doing| cell(*doing)).collect(),
    }
}

fn words(option: &str, reaches: bool) -> String {
    match (option, reaches) {
        ("", true) => "nobody".to_owned(),
        ("", false) => "no".to_owned(),
        (_, false) => "yes".to_owned(),
        (option, true) => option.replace(' ', ", ").replace('_', " "),
    }
}

fn ways(policy: &Policy) -> Vec<Way> {
    let chosen = match &policy.visibility {
        Visibility::Everyone => Chosen::default(),
        Visibility::Chosen(chosen) => chosen.clone(),
    };
    let way = |(name, ids): (&'static str, &std::collections::BTreeSet<i64>)| Way {
        name,
        label: name.replace('_', " "),
        ids: ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    };
    chosen.ways().into_iter().map(way).collect()
}

pub(crate) async fn save(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted<Administrator>,
) -> Result<Response, Failure> {
    let Posted { by: Administrator(signed_in), form } = posted;
    let id = number(&signed_in, &id)?;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let (group, here) = (Id::new(id), format!("/settings/permissions/{id}"));
    let (name, text) = (form.text("name").to_owned(), form.text("policy").to_owned());
    let access = form.text("access_id").parse::<i64>().map(Id::new);
    let (done, next) = match form.text("step") {
        "preview" => {
            let mut policy = Policy::default();
            for (name, module) in MODULES.iter() {
                for doing in &module.doings {
                    let chosen = form.text(&format!("{name}.{}", doing.name()));
                    let reach = chosen.split(' ').filter_map(Reach::named).fold(Reach::NOTHING, Reach::and);
                    // What another choice needs was switched on by it already.
                    policy.set(name, *doing, reach.and(policy.reach_of(name, *doing)));
                }
            }
            if form.text("visible") == "chosen" {
                let mut chosen = Chosen::default();
                for (name, _) in Chosen::default().ways() {
                    if let Some(way) = chosen.way(name) {
                        let ids = form.text(name).split([' ', ',']);
                        way.extend(ids.filter_map(|id| id.parse::<i64>().ok()));
                    }
                }
                policy.visibility = Visibility::Chosen(chosen);
            }
            return group_page(&app, &signed_in, id, Some(policy)).await;
        }
        "save" => {
            let by = signed_in.person.clone();
            let policy = Policy::parse(&text);
            let write = move |tx: &mut storage::Tx<'_>| {
                groups::set_policy(tx, &actor, company, group, &policy, Some(&by))
            };
            (app.db.write(write).await, here.clone())
        }
        "rename" => {
            let write = move |tx: &mut storage::Tx<'_>| groups::rename(tx, &actor, company, group, &name);
            (app.db.write(write).await, here.clone())
        }
        "delete" => {
            let write = move |tx: &mut storage::Tx<'_>| groups::delete(tx, &actor, company, group);
            (app.db.write(write).await, "/settings/permissions".to_owned())
        }
        "move" => {
            let (Ok(access), Ok(to)) = (access, form.text("to").parse::<i64>().map(Id::new)) else {
                return Err(Failure::not_found(&signed_in.visitor));
            };
            let write = move |tx: &mut storage::Tx<'_>| groups::move_to(tx, &actor, company, access, to);
            (app.db.write(write).await, here.clone())
        }
        _ => return Err(Failure::not_found(&signed_in.visitor)),
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{next}?notice=saved"))),
        Err(error) => refused(&signed_in, error, &here),
    }
}
