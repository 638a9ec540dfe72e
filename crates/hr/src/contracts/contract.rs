//! `contracts/contracts`

use engine::{Code, Context, Derived, Error, Facts};
use registry::{Company, Date, Employee, Id, Instant, Resource};
use storage::{Datum, Look};

use super::rules::{Schedule, Span};
use crate::companies::LegalEntity;
use crate::employees::lifecycle;

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
    derived: &[Derived::row("schedule", |facts| schedule(facts).map(Schedule::text).into())],
    due: Some(("entity_follows_at", follow)),
    ..Code::of(PATH)
};

const PATH: &str = "contracts/contracts";

fn schedule(facts: &Facts<'_>) -> Option<Schedule> {
    let (starts_on, ends_on) = (facts.date("starts_on")?, facts.date("ends_on"));
    Some(Span { id: 0, starts_on, ends_on }.schedule(facts.today()))
}

/// A contract with another legal entity has begun: the person belongs to that from now on.
pub(super) fn follow(cx: &mut Context<'_, '_>, id: i64) -> Result<(), Error> {
    let own = [Look::Equal("id", Datum::Int(id))];
    cx.change(PATH, &own, [("entity_follows_at", Datum::Null)].into_iter().collect())?;
    let Some(contract) = cx.objects(PATH, vec![id])?.remove(&id) else { return Ok(()) };
    let person = [Look::Equal("id", contract.get("employee_id").clone())];
    let entity = contract.get("legal_entity_id").clone();
    cx.change(lifecycle::PATH, &person, [("legal_entity_id", entity)].into_iter().collect())?;
    Ok(())
}
