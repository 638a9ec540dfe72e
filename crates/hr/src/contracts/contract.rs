//! `contracts/contracts`

use engine::{Code, Derived, Facts};
use registry::{Company, Date, Employee, Id, Instant, Resource};

use crate::companies::LegalEntity;

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
    /// When the person comes under its legal entity, where that lies ahead.
    #[field(input)]
    pub moves_at: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::row("schedule", |facts| schedule(facts).text().into())],
    due: Some(("moves_at", super::contract_flow::follow)),
    ..Code::of("contracts/contracts")
};

fn schedule(facts: &Facts<'_>) -> Schedule {
    let today = facts.today();
    if facts.date("starts_on").is_some_and(|first| first > today) {
        Schedule::Upcoming
    } else if facts.date("ends_on").is_some_and(|last| last < today) {
        Schedule::Expired
    } else {
        Schedule::Ongoing
    }
}

registry::choice! {
    /// The values of `schedule`.
    pub enum Schedule {
        Expired = "expired",
        Ongoing = "ongoing",
        Upcoming = "upcoming",
    }
}
