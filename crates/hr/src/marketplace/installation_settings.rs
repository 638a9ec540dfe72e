//! `marketplace/installation_settings`

use engine::{Code, Context, Error, Narrow};
use registry::{Anything, Company, Id, Json, Object, Resource};
use storage::Look;

use crate::narrow;

/// Codes that map the company's data to an installed integration.
#[derive(Debug, Resource)]
#[resource(
    path = "marketplace/installation_settings",
    object = "marketplace_installation_settings",
    permission = "marketplace",
    operations(list)
)]
#[parameter(name = "company_id", as = Id<Company>, doc = "Company whose settings are wanted.", required)]
#[parameter(name = "integration_uuid", as = String, doc = "Integration whose settings are wanted.", required, since = "2026-10-01")]
pub struct InstallationSettings {
    /// Codes of the leave types.
    pub leave_types: Vec<LeaveType>,
    /// Codes of the time off allowances.
    pub timeoff_allowance_code: Vec<TimeoffAllowanceCode>,
    /// Codes of the legal entities.
    #[field(since = "2026-10-01")]
    pub legal_entities: Vec<TimeoffAllowanceCode>,
    /// Codes of the workplaces.
    #[field(since = "2026-10-01")]
    pub locations: Vec<TimeoffAllowanceCode>,
    /// Codes of the pay concepts, per legal entity.
    #[field(since = "2026-10-01")]
    pub payroll_concept_codes: Vec<PayrollConceptCode>,
    /// Code of the company as a whole.
    #[field(since = "2026-10-01")]
    pub company_code: Option<String>,
    /// Number of the tax consultant, for example with DATEV.
    #[field(since = "2026-10-01")]
    pub consultant_id: Option<Id<Anything>>,
    /// Codes of the company's establishments.
    #[field(until = "2026-07-01")]
    pub establishment_codes: Option<Vec<Json>>,
    /// File numbers used by the external system.
    // Clients of this later version still insist on it.
    #[field(until = "2026-07-01")]
    pub file_numbers: Option<Vec<Json>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[("company_id", narrow::OF_COMPANY), ("integration_uuid", Narrow::Code(of_integration))],
    ..Code::of("marketplace/installation_settings")
};

/// Settings are the company's, for every integration that is installed.
fn of_integration(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let installed = Look::OneOf("integration_uuid", narrow::texts(values));
    let installed = !cx.facts("marketplace/installations", &[installed])?.is_empty();
    Ok(if installed { Vec::new() } else { vec![narrow::nothing()] })
}

/// The objects of `leave_types`.
#[derive(Debug, Object)]
pub struct LeaveType {
    /// Leave type that has the code.
    pub id: Id<Anything>,
    /// Code in the external system.
    pub value: String,
    /// Whether it applies to French contracts counted in days.
    pub forfait_jours: Option<bool>,
}

/// The objects of `timeoff_allowance_code`.
#[derive(Debug, Object)]
pub struct TimeoffAllowanceCode {
    /// Allowance that has the code.
    pub id: Id<Anything>,
    /// Code in the external system.
    pub value: String,
}

/// The objects of `payroll_concept_codes`.
#[derive(Debug, Object)]
pub struct PayrollConceptCode {
    /// Legal entity for which the code holds.
    pub legal_entity_id: Id<Anything>,
    /// Pay concept that has the code.
    pub id: Id<Anything>,
    /// Code in the external system.
    pub value: String,
}
