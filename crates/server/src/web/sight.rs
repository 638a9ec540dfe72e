//! Who sees what, and why: a person's record from the side of everybody else, and one row with the eyes of one person.

use access::{Doing, Reach};
use accounts::groups::{self, Group};
use accounts::members::{self, Member};
use axum::extract::{Path, State};
use axum::response::Response;
use engine::{Engine, Relations};
use http::StatusCode;
use registry::{Employee, Id};
use serde_json::Value;
use storage::Tx;

use super::errors::Failure;
use super::pages::sight::{ExplainPage, Explained, PersonSightPage, ReasonRow, SightLine, SightRow};
use super::pages::{FieldErrors, Nav};
use super::permitted::{self, Told};
use super::visitor::Administrator;
use crate::App;
use crate::web::desk::Desk;

/// People whose names are told one by one.
const NAMED: usize = 6;

/// People that the form of the explanation offers.
const OFFERED: usize = 500;

/// `/people/{id}/access`: which groups and people see this person, what of him, and through which reach.
pub(crate) async fn of_person(
    State(app): State<App>,
    Path(id): Path<i64>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    let visitor = &signed_in.visitor;
    let record = Desk::of(&app, &signed_in).read("employees/employees", id).await;
    let record = record.map_err(|error| Failure::engine(visitor, error))?;
    let company = signed_in.session.principal.company;
    let work = move |tx: &mut Tx<'_>| {
        let groups = groups::list(tx, company).map_err(told)?;
        let members = members::list(tx, company).map_err(told)?;
        let policies: Vec<_> = groups.iter().map(|group| &group.policy).collect();
        let relations = engine::relations(tx, company, Id::new(id), &policies)?;
        Ok::<_, engine::Error>((groups, members, relations))
    };
    let (groups, members, relations) =
        app.db.read(work).await.map_err(|error| Failure::engine(visitor, error))?;
    let others = Others { person: Id::new(id), groups: &groups, members: &members, relations: &relations };
    let name = crate::web::work::name(&record);
    let sections = permitted::sections(app.engine).into_iter().map(|(heading, modules)| {
        let rows: Vec<_> = modules.iter().filter_map(|told| others.row(told)).collect();
        (heading, rows)
    });
    let page = PersonSightPage {
        page: visitor.page(format!("Who sees {name}"), Nav::People),
        id,
        administrators: others.administrators(),
        group: others.own_group(),
        sections: sections.filter(|(_, rows)| !rows.is_empty()).collect(),
        name,
    };
    Ok(visitor.show(StatusCode::OK, &page))
}

fn told(error: accounts::Error) -> engine::Error {
    match error {
        accounts::Error::Storage(error) => engine::Error::Storage(error),
        _ => engine::Error::NotFound,
    }
}

/// Everybody of a company, seen from one person.
struct Others<'o> {
    person: Id<Employee>,
    groups: &'o [Group],
    members: &'o [Member],
    relations: &'o Relations,
}

impl Others<'_> {
    fn name(member: &Member) -> String {
        format!("{} {}", member.first_name, member.last_name)
    }

    /// Whoever may log in and see everything.
    fn administrators(&self) -> Vec<String> {
        let all = self.members.iter().filter(|member| member.administrator && member.lets_in);
        all.map(Self::name).collect()
    }

    fn own_group(&self) -> Option<(i64, String)> {
        let own = self.members.iter().find(|member| member.employee == self.person)?;
        let group = self.groups.iter().find(|group| group.id == own.group)?;
        Some((group.id.get(), group.name.clone()))
    }

    /// Who sees what of the person is in a module; `None` for what is nobody's in particular.
    fn row(&self, told: &Told) -> Option<SightRow> {
        if !told.module.doings.contains(&Doing::See) {
            return None;
        }
        let groups =
            self.groups.iter().zip(&self.relations.visible).filter(|(group, _)| !group.administrators);
        Some(SightRow {
            name: told.title.clone(),
            about: told.about,
            code: format!("{}.see", told.key),
            fields: told.module.fields.iter().cloned().collect(),
            who: groups.flat_map(|(group, visible)| self.lines(group, *visible, told.key)).collect(),
        })
    }

    /// The members of a group who see it, by the part of the reach through which they do.
    fn lines(&self, group: &Group, visible: bool, module: &str) -> Vec<SightLine> {
        let reach = group.policy.reach_of(module, Doing::See);
        let members = || self.members.iter().filter(|m| m.group == group.id && m.lets_in);
        let line = |through: &'static str, who: String| SightLine {
            group: group.name.clone(),
            href: format!("/settings/permissions/{}", group.id.get()),
            through,
            who,
        };
        let mut lines = Vec::new();
        let own = reach.has(Reach::OWN) || reach.has(Reach::EVERYONE);
        if own && members().any(|member| member.employee == self.person) {
            lines.push(line("own", "The person".to_owned()));
        }
        if !visible {
            return lines;
        }
        for (part, name) in reach.parts().filter(|(part, _)| *part != Reach::OWN) {
            let through = |member: &Member| {
                let related = self.relations.reaching.get(&member.employee.get());
                part == Reach::EVERYONE || related.is_some_and(|reach| reach.has(part))
            };
            let others = members().filter(|member| member.employee != self.person && through(member));
            let names: Vec<_> = others.map(Self::name).collect();
            if !names.is_empty() {
                lines.push(line(name, in_short(&names, part == Reach::EVERYONE)));
            }
        }
        lines
    }
}

/// Names, or how many there are.
fn in_short(names: &[String], all: bool) -> String {
    match names.len() {
        1 => names[0].clone(),
        count if all && count > NAMED => format!("all {count} members"),
        count if count > NAMED => {
            format!("{} and {} more", names[..NAMED - 1].join(", "), count + 1 - NAMED)
        }
        _ => names.join(", "),
    }
}

/// `/settings/permissions/explain`: which group, permission and reach shows a row and its fields to a person, or hides
/// them. It says what `muster explain` says.
pub(crate) async fn explain(
    State(app): State<App>,
    Administrator(signed_in): Administrator,
) -> Result<Response, Failure> {
    let visitor = &signed_in.visitor;
    let query = visitor.query();
    let asked = |name| query.text(name).trim().to_owned();
    let (person, path, row) = (asked("person"), asked("resource"), asked("id"));
    let company = signed_in.session.principal.company;
    let read = app.db.read(move |tx| members::list(tx, company)).await;
    let everybody = read.map_err(|error| Failure::accounts(visitor, error))?;
    let mut errors = FieldErrors::default();
    let mut explained = None;
    if !(person.is_empty() && path.is_empty() && row.is_empty()) {
        let found = everybody.iter().find(|m| m.email.eq_ignore_ascii_case(&person));
        let plan = app.engine.find(&path).filter(|plan| !plan.resource().computed);
        let id = row.parse::<i64>().ok();
        let mut wrong = |field: &str, text: &str| errors.0.push((field.to_owned(), text.to_owned()));
        if found.is_none() {
            wrong("person", "Nobody of the company logs in with this address.");
        }
        if plan.is_none() {
            wrong("resource", "Choose a resource whose rows are kept.");
        }
        if id.is_none() {
            wrong("id", "The id of a row is a number.");
        }
        if let (Some(member), Some(plan), Some(id)) = (found, plan, id) {
            let employee = member.employee;
            let work = move |tx: &mut Tx<'_>| {
                let found = accounts::person_of_employee(tx, company, employee)?;
                let person = found.ok_or(engine::Error::NotFound)?.person;
                engine::explain(tx, company, plan, &person, id)
            };
            match app.db.read(work).await {
                Ok(why) => explained = Some(in_words(&why, member, &path)),
                Err(engine::Error::NotFound) => wrong("id", "The company has no such row."),
                Err(error) => return Err(Failure::engine(visitor, error)),
            }
        }
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ExplainPage {
        page: visitor.page("Why somebody sees something", Nav::Permissions),
        people: everybody.iter().take(OFFERED).map(|m| (m.email.clone(), Others::name(m))).collect(),
        resources: resources(app.engine),
        person,
        resource: path,
        id: row,
        errors,
        explained,
    };
    Ok(visitor.show(status, &page))
}

/// Every resource whose rows are kept, by namespace.
fn resources(engine: &Engine) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut namespaces: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    let kept = engine.iter().map(engine::Plan::resource).filter(|resource| !resource.computed);
    for path in kept.map(|resource| resource.path) {
        let namespace = path.split('/').next().unwrap_or_default();
        match namespaces.iter_mut().find(|(name, _)| *name == namespace) {
            Some((_, paths)) => paths.push(path),
            None => namespaces.push((namespace, vec![path])),
        }
    }
    namespaces
}

fn in_words(why: &Value, member: &Member, path: &str) -> Explained {
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let rows = |name: &str| why[name].as_array().into_iter().flatten();
    let reason = |reason: &Value| {
        let code = text(reason, "permission");
        let doing = code.split_once('.').and_then(|(_, done)| Doing::named(done));
        let reach = text(reason, "reach");
        let reach = reach.split(' ').filter_map(Reach::named).fold(Reach::NOTHING, Reach::and);
        let because = reason["because"].as_array().into_iter().flatten().filter_map(Value::as_str);
        ReasonRow {
            what: permitted::permission(&code),
            reach: doing.map_or_else(String::new, |doing| permitted::reach(doing, reach)),
            allowed: reason["allowed"] == true,
            because: because.map(permitted::part).collect(),
            fields: reason["fields"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|field| field.as_str().map(str::to_owned))
                .collect(),
            code,
        }
    };
    Explained {
        name: Others::name(member),
        employee_id: member.employee.get(),
        row: format!("{path} {}", text(why, "id")),
        group: text(why, "group"),
        group_href: format!("/settings/permissions/{}", member.group.get()),
        visible: why["visible"] == true,
        permissions: rows("permissions").map(reason).collect(),
        fields: rows("fields").map(reason).collect(),
    }
}
