//! Everything that is not written out: rows of every other resource, planted from its declaration.

use std::collections::BTreeSet;

use engine::Plan;
use registry::{Default, Kind, Member, Reference, Role, Verb};
use serde_json::{Map, Value};

use super::value::value;
use super::{Planter, paper};
use crate::Error;

/// Rows of a resource that is not named below.
const SOME: usize = 6;

/// Resources that have another number of rows: as many as there are people where everybody has one.
const COUNTS: &[(&str, usize)] = &[
    ("api_public/webhook_subscriptions", 3),
    ("ats/answers", 20),
    ("ats/applications", 40),
    ("ats/candidates", 40),
    ("ats/feedbacks", 25),
    ("ats/job_postings", 8),
    ("ats/messages", 30),
    ("contracts/compensations", 100),
    ("contracts/reference_contracts", 100),
    ("custom_fields/values", 100),
    ("documents/documents", 120),
    ("documents/folders", 8),
    ("finance/cost_center_memberships", 100),
    ("finance/journal_entries", 24),
    ("finance/journal_lines", 48),
    ("it_management/it_assets", 100),
    ("payroll/supplements", 100),
    ("performance/review_evaluations", 40),
    ("performance/review_process_targets", 100),
    ("posts/comments", 15),
    ("project_management/project_workers", 40),
    ("project_management/project_tasks", 20),
    ("project_management/time_records", 120),
    ("shift_management/shifts", 60),
    ("tasks/tasks", 25),
    ("time_planning/planning_versions", 100),
    ("trainings/session_access_memberships", 60),
    ("trainings/session_attendances", 60),
    ("trainings/training_memberships", 60),
    ("work_schedule/day_configurations", 7),
    ("work_schedule/overlap_periods", 1),
    ("work_schedule/schedules", 1),
];

/// Plants every resource after those that it needs.
pub(super) fn plant(planter: &mut Planter<'_, '_>) -> Result<(), Error> {
    let engine = planter.engine;
    let kept = engine.iter().filter(|plan| !plan.resource().computed && plan.served(Verb::List));
    let mut left: Vec<&Plan> = kept.filter(|plan| planter.ids(plan.resource().path).is_empty()).collect();
    while !left.is_empty() {
        let waiting: BTreeSet<_> = left.iter().map(|plan| plan.resource().path).collect();
        // Whoever can, also waits for what it may refer to; where they wait for each other, one goes ahead.
        let free =
            |wide: bool| left.iter().position(|plan| !needs(plan, wide).any(|path| waiting.contains(path)));
        let Some(next) = free(true).or_else(|| free(false)) else {
            return Err(Error::Rule(format!("they need each other: {waiting:?}")));
        };
        grow(planter, left.remove(next).resource().path)?;
    }
    Ok(())
}

/// The resources to which its rows have to refer or, in a wide sense, may refer.
fn needs(plan: &Plan, wide: bool) -> impl Iterator<Item = &'static str> {
    let own = plan.resource().path;
    plan.resource().fields.iter().filter_map(move |field| match field.member.kind {
        Kind::Id(Reference::Resource(path)) if field.role == Role::Stored && path != own => {
            (wide || !field.member.nullable).then_some(path)
        }
        _ => None,
    })
}

/// Plants rows of one resource.
pub(super) fn grow(planter: &mut Planter<'_, '_>, path: &str) -> Result<(), Error> {
    let Some(plan) = planter.engine.find(path) else { return Ok(()) };
    let resource = plan.resource();
    let rows = COUNTS.iter().find(|(path, _)| *path == resource.path).map_or(SOME, |(_, count)| *count);
    let rows = (0..rows).filter_map(|at| {
        let mut row = Map::new();
        for field in resource.fields.iter().filter(|field| field.role == Role::Stored) {
            let member = field.member;
            if matches!(member.name, "id" | "company_id" | "created_at" | "updated_at")
                && member.kind != Kind::Text
            {
                continue;
            }
            // What a new object starts with is right, but not every one should be at the beginning.
            let begins =
                field.default.is_some_and(|default| !matches!(default, Default::Rule | Default::Copy(_)));
            if begins && !matches!(member.kind, Kind::Choice(_) | Kind::Object(_)) {
                continue;
            }
            // A text that bodies take as a choice only is one of its values.
            let bodies = [field.create, field.update].into_iter().flatten().map(|input| input.kind);
            let mut choices = bodies.filter(|kind| matches!(kind, Kind::Choice(_)));
            let kind = choices.next().filter(|_| member.kind == Kind::Text).unwrap_or(member.kind);
            let value = value(planter, resource, &Member { kind, ..member }, at);
            row.extend(value.filter(|value| !value.is_null()).map(|value| (member.name.to_owned(), value)));
        }
        row.remove("id");
        planter.agree(resource.path, &mut row, at).then_some(Value::Object(row))
    });
    let mut rows: Vec<Value> = rows.collect();
    for field in resource.fields.iter().filter(|field| field.member.kind == Kind::File) {
        for row in &mut rows {
            let name = row["filename"].as_str().unwrap_or("document.pdf").to_owned();
            let bytes = paper::page(name.trim_end_matches(".pdf"));
            for (told, value) in
                [("content_type", "application/pdf".into()), ("file_size", bytes.len().into())]
            {
                if resource.field(told).is_some() {
                    row[told] = value;
                }
            }
            row[field.member.name] = planter.keep(name, bytes)?.into();
        }
    }
    planter.plant(resource.path, rows)?;
    Ok(())
}
