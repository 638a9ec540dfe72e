//! `employee_updates/terminations`

use registry::{Date, Employee, Id, Object, Resource};

use crate::companies::LegalEntity;

/// Departure that payroll has to settle.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/terminations",
    object = "employee_updates_termination",
    permission = "employee_updates",
    subject = "employee_id",
    operations(list, read)
)]
pub struct Termination {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Termination>,
    /// How far payroll staff have dealt with the update.
    pub status: String,
    /// Who leaves the company.
    pub employee_id: Id<Employee>,
    /// Leave still open for each allowance.
    pub remaining_holidays: Vec<RemainingHoliday>,
    /// Last day of access to the system.
    pub terminated_on: Option<Date>,
    /// Last day of employment.
    pub contract_end_date: Option<Date>,
    /// Why the person leaves.
    #[field(sensitive = "employment")]
    pub termination_reason: Option<String>,
    /// Remarks on the departure.
    #[field(sensitive = "employment")]
    pub termination_observations: Option<String>,
    /// Legal entity that the person leaves.
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Category of the reason.
    #[field(sensitive = "employment")]
    pub termination_reason_type: Option<String>,
    /// The category in words.
    #[field(sensitive = "employment")]
    pub termination_type_description: Option<String>,
}

/// The objects of `remaining_holidays`.
#[derive(Debug, Object)]
pub struct RemainingHoliday {
    /// Name of the allowance.
    pub name: String,
    /// Days left to take, as decimal text.
    pub available_days: String,
}
