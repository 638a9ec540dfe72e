//! `contracts/contract_activity_periods`

use registry::{Date, Employee, Id, Resource};

use crate::contracts::Contract;

/// Stretch of a contract during which the employee works or pauses.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/contract_activity_periods",
    object = "contracts_contract_activity_period",
    permission = "contracts",
    subject = "employee_id",
    operations(list(since = "2026-10-01"))
)]
pub struct ContractActivityPeriod {
    /// Identifies it, for good.
    pub id: Id<ContractActivityPeriod>,
    /// Contract that the period is part of.
    #[field(filter(eq = "contract_id"(required)))]
    pub contract_id: Id<Contract>,
    /// Holder of the contract.
    pub employee_id: Id<Employee>,
    /// Whether work is done. Pauses occur only in discontinuous contracts.
    pub r#type: Type,
    /// Day on which the period begins.
    pub activity_period_starts_on: Date,
    /// Day on which the period finishes. Empty while it is open.
    pub activity_period_ends_on: Option<Date>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        Activity = "activity",
        Inactivity = "inactivity",
    }
}
