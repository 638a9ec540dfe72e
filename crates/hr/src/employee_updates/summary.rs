//! `employee_updates/summaries`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets};
use registry::{Date, Employee, Id, Instant, Resource};
use storage::{Datum, Look};

use super::updates::{self, Told, take};
use crate::companies::LegalEntity;

/// Entry in the list of all updates for payroll.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/summaries",
    object = "employee_updates_summary",
    permission = "employee_updates",
    computed,
    subject = "employee_id",
    operations(list, read)
)]
pub struct Summary {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Summary>,
    /// Legal entity whose payroll is concerned.
    #[field(filter(any = "legal_entities_ids[]"))]
    pub legal_entity_id: Id<LegalEntity>,
    /// How far payroll staff have dealt with the update.
    pub status: String,
    /// What changed, such as bank, hiring, contract or termination.
    #[field(filter(any = "type[]"))]
    pub r#type: String,
    /// When it was created.
    pub created_at: Instant,
    /// Whom the update is about.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Option<Id<Employee>>,
    /// First day the update applies.
    #[field(filter(after = "starts_on"), filter(before = "ends_on"))]
    pub starts_on: Option<Date>,
    /// Last day the update applies, if it ends.
    pub ends_on: Option<Date>,
}

/// How it is worked out.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: engine::number, keys, rows }),
    ..Code::of("employee_updates/summaries")
};

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    let mut looks = Vec::new();
    if let Some(entities) = ask.ids("legal_entities_ids") {
        looks.push(Look::OneOf("legal_entity_id", entities.into_iter().map(Datum::Int).collect()));
    }
    if let Some(kinds) = ask.texts("type") {
        looks.push(Look::OneOf("name", kinds.into_iter().map(|kind| Datum::Text(kind.to_owned())).collect()));
    }
    let day = |name: &str| ask.date(name).map(|day| Datum::Text(day.to_string()));
    looks.extend(day("starts_on").map(|day| Look::After("starts_on", day)));
    looks.extend(day("ends_on").map(|day| Look::Before("starts_on", day)));
    updates::found(cx, ask, looks)
}

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    const MEMBERS: [(&str, &str); 5] = [
        ("legal_entity_id", "legal_entity_id"),
        ("type", "name"),
        ("created_at", "created_at"),
        ("starts_on", "starts_on"),
        ("ends_on", "ends_on"),
    ];
    let told = Told::load(cx, keys)?;
    Ok(told.write(keys, |row, _, sets| take(sets, row, &MEMBERS)))
}
