//! `project_management/imputable_projects`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets, number};
use registry::{Employee, Id, Resource};

use storage::{Datum, Look};

use super::project::Status;
use crate::finance::Contact;

/// Project that time can be charged to, in short form.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/imputable_projects",
    object = "project_management_imputable_project",
    permission = "project_management",
    computed,
    operations(list(since = "2026-07-01"), read(since = "2026-07-01"))
)]
#[parameter(name = "only_active", as = bool, doc = "True keeps active projects only. False changes nothing.")]
#[parameter(name = "assigned", as = bool, doc = "True keeps projects to which someone is assigned.")]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Only projects that any of these employees works on.")]
pub struct ImputableProject {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ImputableProject>,
    /// What the project is called.
    #[field(filter(search = "name_or_code"))]
    pub name: String,
    /// Draft, active, closed, or still being processed.
    pub status: Status,
    /// Currency of the project's amounts.
    pub currency: String,
    /// Short code people find the project by.
    #[field(filter(search = "name_or_code"))]
    pub code: Option<String>,
    /// First planned day.
    pub start_date: Option<String>,
    /// Day the project should be finished.
    pub due_date: Option<String>,
    /// Customer the project is done for.
    pub client_id: Option<Id<Contact>>,
}

/// What it does beyond the declaration: it is a project, seen by whoever charges time to it.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: number, keys, rows }),
    ..Code::of("project_management/imputable_projects")
};

const PROJECTS: &str = "project_management/projects";
const WORKERS: &str = "project_management/project_workers";

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    let mut looks = vec![Look::Null("deleted_at")];
    if let Some(keys) = &ask.keys {
        looks.push(engine::one_of("id", &keys.iter().map(|key| key.0).collect::<Vec<_>>()));
    }
    if let Some(text) = ask.text("name_or_code") {
        looks.push(Look::Search(vec!["name", "code"], text.to_owned()));
    }
    if ask.flag("only_active") {
        looks.push(Look::Equal("status", Datum::Text(Status::Active.text().to_owned())));
    }
    if ask.flag("assigned") {
        let assigned = vec![Look::Equal("assigned", Datum::Bool(true))];
        looks.push(cx.among("id", WORKERS, "project_id", assigned)?);
    }
    if let Some(people) = ask.ids("employee_ids") {
        looks.push(cx.among("id", WORKERS, "project_id", vec![engine::one_of("employee_id", &people)])?);
    }
    Ok(cx.visible(PROJECTS, &looks)?.iter().filter_map(|project| Some((project.int("id")?, 0))).collect())
}

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let projects = cx.objects(PROJECTS, keys.iter().map(|key| key.0).collect())?;
    let entities: Vec<_> = projects.values().cloned().collect();
    let entities = cx.referred("companies/legal_entities", &entities, "legal_entity_id")?;
    let row = |key: &Key| {
        let project = projects.get(&key.0);
        let columns = ["id", "name", "status", "code", "start_date", "due_date", "client_id"];
        let value = |column| project.map_or(Datum::Null, |project| project.get(column).clone());
        let entity = || entities.get(&project?.int("legal_entity_id")?);
        let currency = entity().map_or(Datum::Null, |entity| entity.get("currency").clone());
        columns.into_iter().map(|column| (column, value(column))).chain([("currency", currency)]).collect()
    };
    Ok(keys.iter().map(row).collect())
}
