//! `employee_updates/new_hires`

use registry::{Date, Employee, Id, Resource};

use crate::companies::LegalEntity;
use crate::locations::Location;

/// New employee whom payroll has to register.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/new_hires",
    object = "employee_updates_new_hire",
    permission = "employee_updates",
    subject = "employee_id",
    operations(list, read)
)]
pub struct NewHire {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<NewHire>,
    /// How far payroll staff have dealt with the update.
    pub status: String,
    /// Who was hired.
    pub employee_id: Id<Employee>,
    /// Given name or names.
    pub first_name: String,
    /// Family name or names.
    pub last_name: String,
    /// Street and number of the home address.
    #[field(sensitive = "private")]
    pub address: String,
    /// Surname at birth, when it has changed since.
    #[field(sensitive = "birth")]
    pub birth_name: Option<String>,
    /// Number of the identity document.
    #[field(sensitive = "identity")]
    pub identifier: Option<String>,
    /// Kind of identity document, such as a passport.
    #[field(sensitive = "identity")]
    pub identifier_type: Option<String>,
    /// Number of the person in the payroll program.
    pub payroll_identifier: Option<String>,
    /// Email address used at work.
    pub work_email: Option<String>,
    /// Telephone number of the person.
    #[field(sensitive = "private")]
    pub phone_number: Option<String>,
    /// Gender as registered, such as male or female.
    #[field(sensitive = "birth")]
    pub gender: Option<String>,
    /// Title of the job.
    pub job_title: Option<String>,
    /// Town of the home address.
    #[field(sensitive = "private")]
    pub city: Option<String>,
    /// Country of the home address, as a two-letter code.
    #[field(sensitive = "private")]
    pub country: Option<String>,
    /// Province or region of the home address.
    #[field(sensitive = "private")]
    pub state: Option<String>,
    /// Postal code of the home address.
    #[field(sensitive = "private")]
    pub postal_code: Option<String>,
    /// Day of birth.
    #[field(sensitive = "birth")]
    pub date_of_birth: Option<Date>,
    /// Citizenship, as a two-letter country code.
    #[field(sensitive = "birth")]
    pub nationality: Option<String>,
    /// First day of work.
    pub start_date: Option<Date>,
    /// Day the contract conditions begin.
    pub contract_effective_date: Option<Date>,
    /// Last day of the contract, if it has one.
    pub contract_end_date: Option<Date>,
    /// Account that the pay goes to.
    #[field(sensitive = "bank")]
    pub bank_account: Option<String>,
    /// Pay per period, in cents.
    #[field(sensitive = "salaries")]
    pub salary_amount_in_cents: Option<i64>,
    /// Period that the pay is stated for.
    #[field(sensitive = "salaries")]
    pub salary_frequency: Option<String>,
    /// Hours of work per period.
    pub working_hours: Option<i64>,
    /// Period that the working time is stated for.
    pub working_hours_frequency: Option<String>,
    /// Number under which the person is insured.
    #[field(sensitive = "identity")]
    pub social_security_number: Option<String>,
    /// Employee whom the person reports to.
    pub manager_id: Option<Id<Employee>>,
    /// Number under which the person pays tax.
    #[field(sensitive = "identity")]
    pub tax_id: Option<String>,
    /// Legal entity that employs the person.
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Location where the person works.
    pub workplace_id: Option<Id<Location>>,
}
