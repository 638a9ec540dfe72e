//! Permission groups: what their members may do, whom they see, and who is in which.

use access::{Chosen, Doing, Policy, Reach, Visibility};
use accounts::groups::{self, Change, Group};
use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use registry::Id;

use super::errors::Failure;
use super::form::Posted;
use super::pages::Nav;
use super::pages::permissions::{
    Cell, ChangeRow, GroupPage, GroupRow, GroupsPage, MemberRow, ModuleRow, SectionRow, Way,
};
use super::permitted::{self, MODULES, Told};
use super::visitor::{Administrator, Delegate, SignedIn, see_other};
use crate::App;
use crate::http::Fields;

/// Reaches that the form offers; another one that a group has is offered, too.
const OFFERED: [&str; 11] = [
    "",
    "own",
    "own reports",
    "own teams",
    "own reports teams",
    "own reports teams supervised",
    "reports",
    "reports teams",
    "reports teams supervised",
    "own legal_entity",
    "everyone",
];

pub(crate) async fn index(
    State(app): State<App>,
    Delegate(signed_in): Delegate,
) -> Result<Response, Failure> {
    let groups = all(&app, &signed_in).await?;
    let page = GroupsPage {
        page: signed_in.visitor.page("Permissions", Nav::Permissions),
        administrator: signed_in.person.administrator,
        rows: groups
            .into_iter()
            .map(|group| GroupRow {
                id: group.id.get(),
                about: match (group.administrators, group.custom) {
                    (true, _) => "Everything. This cannot be changed.",
                    (false, false) => "People are here where nobody says otherwise.",
                    (false, true) => "Added by an administrator.",
                },
                changes: !group.administrators,
                sees: seen(&group),
                hands_on: group.policy.delegations().count(),
                name: group.name,
                members: group.members,
            })
            .collect(),
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

/// Whom the members of a group see at all, in a few words.
fn seen(group: &Group) -> String {
    match &group.policy.visibility {
        _ if group.administrators => "everybody".to_owned(),
        Visibility::Everyone => "everybody".to_owned(),
        Visibility::Chosen(chosen) => {
            let ways = chosen.ways().into_iter().filter(|(_, ids)| !ids.is_empty());
            let ways: Vec<_> =
                ways.map(|(name, ids)| format!("{} {}", ids.len(), name.replace('_', " "))).collect();
            if ways.is_empty() { "only themselves".to_owned() } else { ways.join(", ") }
        }
    }
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
    Delegate(signed_in): Delegate,
) -> Result<Response, Failure> {
    let id = number(&signed_in, &id)?;
    group_page(&app, &signed_in, id, None).await
}

fn number(signed_in: &SignedIn, text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::not_found(&signed_in.visitor))
}

/// The page of a group; with a choice, what would be different.
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
    let changes =
        wanted.as_ref().map(|wanted| groups::difference(&group.policy, wanted).iter().map(change).collect());
    let policy = wanted.as_ref().unwrap_or(&group.policy);
    let administrator = signed_in.person.administrator;
    let page = GroupPage {
        page: signed_in.visitor.page(&group.name, Nav::Permissions),
        id,
        administrators: group.administrators,
        administrator,
        only_one: group.administrators && members.iter().filter(|member| member.lets_in).count() < 2,
        custom: group.custom,
        sections: sections(signed_in, policy),
        delegated: policy.delegations().count(),
        everyone: policy.visibility == Visibility::Everyone,
        ways: ways(policy),
        changes,
        text: policy.text(),
        seen: groups::fingerprint(&group.policy),
        // Who is where is the administrators' business.
        members: members
            .into_iter()
            .filter(|_| administrator)
            .map(|member| MemberRow {
                access_id: member.access.get(),
                employee_id: member.employee.get(),
                name: format!("{} {}", member.first_name, member.last_name),
                email: member.email,
            })
            .collect(),
        others: others.into_iter().filter(|g| g.id.get() != id).map(|g| (g.id.get(), g.name)).collect(),
        name: group.name,
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

/// A difference as people read it.
fn change(change: &Change) -> ChangeRow {
    let row =
        |what: String, code: String, before: String, after: String| ChangeRow { what, code, before, after };
    match change {
        Change::Permission { module, doing, before, after } => {
            let code = format!("{module}.{}", doing.name());
            let told = |reach| permitted::reach(*doing, reach);
            row(permitted::permission(&code), code, told(*before), told(*after))
        }
        Change::Delegation { module, doing, after } => {
            let code = format!("{module}.{}", doing.name());
            let told = |may: bool| if may { "may be passed on" } else { "not passed on" }.to_owned();
            row(permitted::permission(&code), code, told(!after), told(*after))
        }
        Change::Visibility => row(
            "Whom they see at all".to_owned(),
            String::new(),
            "as before".to_owned(),
            "as chosen".to_owned(),
        ),
    }
}

/// Whether somebody may choose how far a permission reaches.
fn chooses(signed_in: &SignedIn, module: &str, doing: Doing) -> bool {
    signed_in.person.administrator || signed_in.person.group.policy.delegates(module, doing)
}

/// What somebody may choose about a policy, in sections; those with nothing to choose are left out.
fn sections(signed_in: &SignedIn, policy: &Policy) -> Vec<SectionRow> {
    let row = |told: &Told| ModuleRow {
        key: told.key,
        name: told.title.clone(),
        about: told.about,
        holds: told
            .module
            .resources
            .iter()
            .map(|path| (*path).to_owned())
            .chain(told.module.fields.iter().cloned())
            .collect(),
        cells: told
            .module
            .doings
            .iter()
            .filter(|doing| chooses(signed_in, told.key, **doing))
            .map(|doing| cell(told.key, *doing, policy))
            .collect(),
    };
    let sections = permitted::sections().into_iter().map(|(heading, modules)| SectionRow {
        heading,
        modules: modules.iter().map(row).filter(|row| !row.cells.is_empty()).collect(),
    });
    sections.filter(|section| !section.modules.is_empty()).collect()
}

fn cell(module: &str, doing: Doing, policy: &Policy) -> Cell {
    let held = policy.reach_of(module, doing);
    let chosen = if held.is_nothing() { String::new() } else { held.to_string() };
    let offered = if doing.reaches() { &OFFERED[..] } else { &["", "everyone"] };
    let mut options: Vec<_> = offered.iter().map(|option| (*option).to_owned()).collect();
    if !options.contains(&chosen) {
        options.push(chosen.clone());
    }
    let says = |option: &str| permitted::choice(doing, read(option));
    Cell {
        name: format!("{module}.{}", doing.name()),
        label: permitted::doing(doing),
        options: options.into_iter().map(|option| (option == chosen, says(&option), option)).collect(),
        delegated: policy.delegates(module, doing),
    }
}

/// A reach as the form sends it.
fn read(text: &str) -> Reach {
    text.split(' ').filter_map(Reach::named).fold(Reach::NOTHING, Reach::and)
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

/// What a form chose, on top of what there was: whatever its sender may not choose stays.
fn chosen(signed_in: &SignedIn, before: &Policy, form: &Fields) -> Policy {
    let mut policy = before.clone();
    let all =
        || MODULES.iter().flat_map(|(name, module)| module.doings.iter().map(move |doing| (*name, *doing)));
    let mine: Vec<_> = all().filter(|(name, doing)| chooses(signed_in, name, *doing)).collect();
    // What needs another permission goes first, or it would bring that back.
    for (name, doing) in mine.iter().rev() {
        policy.set(name, *doing, Reach::NOTHING);
    }
    for (name, doing) in &mine {
        let reach = read(form.text(&format!("{name}.{}", doing.name())));
        // What another choice needs was switched on by it already.
        policy.set(name, *doing, reach.and(policy.reach_of(name, *doing)));
    }
    if !signed_in.person.administrator {
        return policy;
    }
    policy.delegate_nothing();
    for code in form.all("delegate[]") {
        if let Some((name, doing)) = all().find(|(name, doing)| code == format!("{name}.{}", doing.name())) {
            policy.delegate(name, doing);
        }
    }
    policy.visibility = if form.text("visible") == "chosen" {
        let mut chosen = Chosen::default();
        for (name, _) in Chosen::default().ways() {
            if let Some(way) = chosen.way(name) {
                let ids = form.text(name).split([' ', ',']);
                way.extend(ids.filter_map(|id| id.parse::<i64>().ok()));
            }
        }
        Visibility::Chosen(chosen)
    } else {
        Visibility::Everyone
    };
    policy
}

pub(crate) async fn save(
    State(app): State<App>,
    Path(id): Path<String>,
    posted: Posted<Delegate>,
) -> Result<Response, Failure> {
    let Posted { by: Delegate(signed_in), form } = posted;
    let id = number(&signed_in, &id)?;
    let (actor, company) = (signed_in.visitor.actor(), signed_in.session.principal.company);
    let (group, here) = (Id::new(id), format!("/settings/permissions/{id}"));
    let (name, text, seen) =
        (form.text("name").to_owned(), form.text("policy").to_owned(), form.text("seen").to_owned());
    let access = form.text("access_id").parse::<i64>().map(Id::new);
    let step = form.text("step");
    // Whoever was given permissions to hand on does that and nothing else.
    if !signed_in.person.administrator && !matches!(step, "preview" | "save") {
        return Err(Failure::forbidden(&signed_in.visitor));
    }
    let (done, next) = match step {
        "preview" => {
            let before = app.db.read(move |tx| groups::get(tx, company, group)).await;
            let before = before.map_err(|error| Failure::accounts(&signed_in.visitor, error))?.policy;
            let policy = chosen(&signed_in, &before, &form);
            return group_page(&app, &signed_in, id, Some(policy)).await;
        }
        "save" => {
            let by = signed_in.person.clone();
            let policy = Policy::parse(&text);
            let write = move |tx: &mut storage::Tx<'_>| {
                groups::set_policy(tx, &actor, company, group, &policy, Some(&seen), Some(&by))
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
