//! `payroll_integrations_base/codes`

use registry::{Anything, Company, Id, Resource};

/// What a payroll program calls an object of the company.
#[derive(Debug, Resource)]
#[resource(
    path = "payroll_integrations_base/codes",
    object = "payroll_integrations_base_code",
    permission = "payroll_integrations_base",
    operations(list, create, update, delete),
    events("create", "delete", "update")
)]
pub struct Code {
    /// Identifies it, for good.
    pub id: Id<Code>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Code in the payroll program.
    #[field(create(required), update(required), filter(eq = "code"))]
    pub code: String,
    /// Object that has the code.
    #[field(create(required), filter(eq = "codeable_id"))]
    pub codeable_id: Id<Anything>,
    /// Kind of object: Employee, Company, LegalEntity or Location.
    #[field(create(required), filter(eq = "codeable_type"))]
    pub codeable_type: String,
    /// Payroll program that uses the code.
    #[field(create(required), filter(any = "integrations[]"(required)))]
    pub integration: Integration,
}

registry::choice! {
    /// The values of `integration`.
    pub enum Integration {
        A3innuva = "a3innuva",
        A3nom = "a3nom",
        Agenda = "agenda",
        Datev = "datev",
        DatevApi = "datev_api",
        DatevLauds = "datev_lauds",
        DatevLugApi = "datev_lug_api",
        Gispaghe = "gispaghe",
        JobSistemi = "job_sistemi",
        Paierh = "paierh",
        Sage100 = "sage100",
        Silae = "silae",
        TeamSystem = "team_system",
        YeapPaierh = "yeap_paierh",
        Zucchetti = "zucchetti",
    }
}
