//! Permission groups: what their members may do, whom they see, and who is in which.

use access::{Chosen, Doing, Policy, Reach, Visibility};
use accounts::groups::{self, Change, Group};
use axum::extract::{Path, State};
use axum::response::Response;
use engine::Error;
use http::StatusCode;
use registry::Id;

use super::desk::{Desk, Object, text};
use super::errors::Failure;
use super::form::Posted;
use super::pages::Nav;
use super::pages::permissions::{
    Cell, ChangeRow, GroupPage, GroupRow, GroupsPage, MemberRow, ModuleRow, SectionRow, Way,
};
use super::permitted::{self, Told};
use super::visitor::{Administrator, Delegate, SignedIn, see_other};
use super::work::name;
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
                sees: if group.administrators {
                    "everybody".to_owned()
                } else {
                    seen(&group.policy.visibility)
                },
                hands_on: group.policy.delegations().count(),
                name: group.name,
                members: group.members,
            })
            .collect(),
    };
    Ok(signed_in.visitor.show(StatusCode::OK, &page))
}

/// Whom the members of a group see at all, in a few words.
fn seen(visibility: &Visibility) -> String {
    let Visibility::Chosen(chosen) = visibility else { return "everybody".to_owned() };
    let words = [
        ("legal entity", "legal entities"),
        ("team", "teams"),
        ("workplace", "workplaces"),
        ("person", "people"),
    ];
    let ways = chosen.ways().into_iter().zip(words).filter(|((_, ids), _)| !ids.is_empty());
    let ways = ways
        .map(|((_, ids), (one, many))| format!("{} {}", ids.len(), if ids.len() == 1 { one } else { many }));
    let ways: Vec<_> = ways.collect();
    if ways.is_empty() { "only themselves".to_owned() } else { ways.join(", ") }
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
    group_page(&app, &signed_in, id, Wanted::default()).await
}

fn number(signed_in: &SignedIn, text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::not_found(&signed_in.visitor))
}

/// What is chosen on the page of a group and not saved yet.
#[derive(Default)]
struct Wanted {
    policy: Option<Policy>,
    /// The name that is looked for; then nothing is said of what would be different yet.
    searched: Option<String>,
}

/// The page of a group; with a choice, what would be different.
async fn group_page(app: &App, signed_in: &SignedIn, id: i64, wanted: Wanted) -> Result<Response, Failure> {
    let company = signed_in.session.principal.company;
    let work = move |tx: &mut storage::Tx<'_>| {
        let group = groups::get(tx, company, Id::new(id))?;
        Ok((group, groups::list(tx, company)?, groups::members_of(tx, company, Id::new(id))?))
    };
    let read = app.db.read(work).await;
    let (group, others, members) =
        read.map_err(|error: accounts::Error| Failure::accounts(&signed_in.visitor, error))?;
    let policy = wanted.policy.as_ref().unwrap_or(&group.policy);
    let changes = wanted.policy.as_ref().filter(|_| wanted.searched.is_none()).map(|policy| {
        groups::difference(&group.policy, policy)
            .iter()
            .map(|one| change(one, [&group.policy, policy]))
            .collect()
    });
    let administrator = signed_in.person.administrator;
    let searched = wanted.searched.unwrap_or_default();
    let ways = if administrator && !group.administrators {
        let ways = ways(app, signed_in, policy, &searched).await;
        ways.map_err(|error| Failure::engine(&signed_in.visitor, error))?
    } else {
        Vec::new()
    };
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
        ways,
        searched,
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

/// A difference between two policies as people read it.
fn change(change: &Change, [before, after]: [&Policy; 2]) -> ChangeRow {
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
            seen(&before.visibility),
            seen(&after.visibility),
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
    let sections = permitted::sections(signed_in.visitor.app.engine).into_iter().map(|(heading, modules)| {
        SectionRow { heading, modules: modules.iter().map(row).filter(|row| !row.cells.is_empty()).collect() }
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

/// The name of a way to choose people, what it is called, where its objects are and what they are named by.
type Choice = (&'static str, &'static str, &'static str, fn(&Object) -> String);

/// What people can be chosen by.
const WAYS: [Choice; 4] = [
    ("legal_entities", "Legal entities", "companies/legal_entities", |entity| {
        text(entity, "legal_name").to_owned()
    }),
    ("teams", "Teams", "teams/teams", |team| text(team, "name").to_owned()),
    ("locations", "Workplaces", "locations/locations", |place| text(place, "name").to_owned()),
    ("employees", "People", "employees/employees", name),
];

/// Choices that are listed without being looked for, and of those that were found.
const FEW: usize = 12;
const FOUND: usize = 50;

/// What there is to choose in each way: what is chosen, and what was looked for by its name.
async fn ways(app: &App, signed_in: &SignedIn, policy: &Policy, searched: &str) -> Result<Vec<Way>, Error> {
    let desk = Desk::of(app, signed_in);
    let chosen = match &policy.visibility {
        Visibility::Everyone => Chosen::default(),
        Visibility::Chosen(chosen) => chosen.clone(),
    };
    let mut ways = Vec::new();
    for ((key, ids), (_, label, path, named)) in chosen.ways().into_iter().zip(WAYS) {
        let people = key == "employees";
        let all = match (people, searched) {
            (true, "") => Vec::new(),
            (true, searched) => {
                desk.list(path, &[("full_text_name", searched), ("only_active", "true")]).await?
            }
            (false, _) => desk.list(path, &[]).await?,
        };
        let few = !people && all.len() <= FEW;
        let sought = searched.to_lowercase();
        let fits =
            |name: &str| few || (!sought.is_empty() && (people || name.to_lowercase().contains(&sought)));
        let row = |object: &Object| Some((false, text(object, "id").parse::<i64>().ok()?, named(object)));
        let mut choices: Vec<_> =
            all.iter().filter_map(row).filter(|(_, id, name)| fits(name) && !ids.contains(id)).collect();
        choices.sort_by_key(|(_, _, name)| name.to_lowercase());
        let more = match (choices.len(), few) {
            (_, true) => "",
            (found, _) if found > FOUND => "There are more of this name. Write more of it.",
            (0, _) if searched.is_empty() => "Look for them by name.",
            (0, _) => "Nothing else of this name was found.",
            _ => "",
        };
        choices.truncate(FOUND);
        let known = desk.named(path, ids.iter().map(ToString::to_string)).await?;
        let mut first: Vec<_> = ids
            .iter()
            .map(|id| {
                let gone = || format!("{id}, which is no longer there");
                (true, *id, known.get(&id.to_string()).map_or_else(gone, named))
            })
            .collect();
        first.sort_by_key(|(_, _, name)| name.to_lowercase());
        first.append(&mut choices);
        ways.push(Way { name: key, label, choices: first, more });
    }
    Ok(ways)
}

/// What a form chose, on top of what there was: whatever its sender may not choose stays.
fn chosen(signed_in: &SignedIn, before: &Policy, form: &Fields) -> Policy {
    let mut policy = before.clone();
    let modules = signed_in.visitor.app.engine.modules();
    let all =
        || modules.iter().flat_map(|(name, module)| module.doings.iter().map(move |doing| (*name, *doing)));
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
    // Whoever looks for somebody wants to choose.
    policy.visibility = if form.text("visible") == "chosen" || !form.text("find").is_empty() {
        let mut chosen = Chosen::default();
        for (name, _) in Chosen::default().ways() {
            if let Some(way) = chosen.way(name) {
                let ids = form.all(&format!("{name}[]")).into_iter();
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
            let searched = (!form.text("find").is_empty()).then(|| form.text("searched").trim().to_owned());
            return group_page(&app, &signed_in, id, Wanted { policy: Some(policy), searched }).await;
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
