//! `contracts/contracts`

use std::collections::BTreeMap;

use engine::{Code, Context, Derived, Error, Object};
use registry::{Company, Date, Employee, Id, Instant, Resource, TimeZone};
use serde_json::Value;
use storage::{Datum, Look};

use super::rules::{Schedule, Span};
use crate::companies::LegalEntity;
use crate::employees::lifecycle;
use crate::employees::rules::midnight_before;
use crate::time::{load, today};

/// Employment agreement between an employee and a legal entity.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/contracts",
    object = "contracts_contract",
    permission = "contracts",
    subject = "employee_id",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
pub struct Contract {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Contract>,
    /// Employee who holds the contract.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Country whose law governs the contract.
    pub country: String,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Legal entity that employs the person.
    pub legal_entity_id: Id<LegalEntity>,
    /// First day of the contract.
    #[field(filter(eq = "starts_on"))]
    pub starts_on: Date,
    /// Whether work pauses and resumes during the contract.
    pub is_discontinuous: bool,
    /// Whether the contract has ended, is in force or lies ahead.
    #[field(derived)]
    pub schedule: Schedule,
    /// Last day of the contract. Empty when no end is agreed.
    pub ends_on: Option<Date>,
    /// When the person will belong to its legal entity. Empty once that is so.
    #[field(input)]
    pub entity_follows_at: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::page("schedule", schedules)],
    due: Some(("entity_follows_at", follow)),
    ..Code::of(PATH)
};

const PATH: &str = "contracts/contracts";

fn schedules(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Value>, Error> {
    let people: Vec<i64> = rows.iter().filter_map(|row| row.int("employee_id")).collect();
    let days = today::of_all(cx, &people)?;
    let schedule = |row: &Object| {
        let (starts_on, ends_on) = (row.date("starts_on")?, row.date("ends_on"));
        let today = days.get(&row.int("employee_id")?)?;
        Some(Span { id: 0, starts_on, ends_on }.schedule(*today).text())
    };
    Ok(rows.iter().map(|row| schedule(row).into()).collect())
}

/// Where midnight came to be another one, people belong to their next legal entity from that one on.
pub(crate) fn postpone(cx: &mut Context<'_, '_>, zones: &BTreeMap<i64, TimeZone>) -> Result<(), Error> {
    let people: Vec<i64> = zones.keys().copied().collect();
    let ahead = Look::Not(Box::new(Look::Null("entity_follows_at")));
    for contract in load::of(cx, PATH, &people, &[ahead])? {
        let zone = contract.int("employee_id").and_then(|id| zones.get(&id));
        if let (Some(first), Some(zone)) = (contract.date("starts_on"), zone) {
            let begins = midnight_before(first, zone);
            let own = [Look::Equal("id", contract.get("id").clone())];
            cx.change(
                PATH,
                &own,
                [("entity_follows_at", Datum::Int(begins.millis()))].into_iter().collect(),
            )?;
        }
    }
    Ok(())
}

/// The person belongs to the legal entity of a contract from the midnight on that begins its first day at the workplace.
pub(super) fn begin(cx: &mut Context<'_, '_>, id: i64, employee: i64, first: Date) -> Result<(), Error> {
    let begins = midnight_before(first, &lifecycle::zone_of(cx, employee)?);
    if begins <= cx.tx.now() {
        return follow(cx, id);
    }
    let sets = [("entity_follows_at", Datum::Int(begins.millis()))].into_iter().collect();
    cx.change(PATH, &[Look::Equal("id", Datum::Int(id))], sets).map(drop)
}

/// A contract with another legal entity has begun: the person belongs to that from now on.
fn follow(cx: &mut Context<'_, '_>, id: i64) -> Result<(), Error> {
    let own = [Look::Equal("id", Datum::Int(id))];
    cx.change(PATH, &own, [("entity_follows_at", Datum::Null)].into_iter().collect())?;
    let Some(contract) = cx.objects(PATH, vec![id])?.remove(&id) else { return Ok(()) };
    let person = [Look::Equal("id", contract.get("employee_id").clone())];
    let entity = contract.get("legal_entity_id").clone();
    cx.change(lifecycle::PATH, &person, [("legal_entity_id", entity)].into_iter().collect())?;
    Ok(())
}
