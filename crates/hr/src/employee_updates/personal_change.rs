//! `employee_updates/personal_changes`

use registry::{Date, Employee, Id, Resource};

use crate::locations::Location;

/// Changed personal data that payroll has to take over.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/personal_changes",
    object = "employee_updates_personal_change",
    permission = "employee_updates",
    subject = "employee_id",
    operations(list, read)
)]
pub struct PersonalChange {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PersonalChange>,
    /// How far payroll staff have dealt with the update.
    pub status: String,
    /// Whose data changed.
    pub employee_id: Id<Employee>,
    /// Given name or names.
    pub first_name: String,
    /// Family name or names.
    pub last_name: String,
    /// Email address used at work.
    pub work_email: Option<String>,
    /// Telephone number of the person.
    #[field(sensitive = "private")]
    pub phone_number: Option<String>,
    /// Kind of identity document, such as a passport.
    #[field(sensitive = "identity")]
    pub identifier_type: Option<String>,
    /// Number of the identity document.
    #[field(sensitive = "identity")]
    pub identifier: Option<String>,
    /// Number under which the person is insured.
    #[field(sensitive = "identity")]
    pub social_security_number: Option<String>,
    /// Number under which the person pays tax.
    #[field(sensitive = "identity")]
    pub tax_id: Option<String>,
    /// Gender as registered, such as male or female.
    #[field(sensitive = "birth")]
    pub gender: Option<String>,
    /// Day of birth.
    #[field(sensitive = "birth")]
    pub date_of_birth: Option<Date>,
    /// Citizenship, as a two-letter country code.
    #[field(sensitive = "birth")]
    pub nationality: Option<String>,
    /// Street and number of the home address.
    #[field(sensitive = "private")]
    pub address_line_1: Option<String>,
    /// Second line of the home address.
    #[field(sensitive = "private")]
    pub address_line_2: Option<String>,
    /// Postal code of the home address.
    #[field(sensitive = "private")]
    pub postal_code: Option<String>,
    /// Town of the home address.
    #[field(sensitive = "private")]
    pub city: Option<String>,
    /// Province or region of the home address.
    #[field(sensitive = "private")]
    pub state: Option<String>,
    /// Country of the home address, as a two-letter code.
    #[field(sensitive = "private")]
    pub country: Option<String>,
    /// Account that the pay goes to.
    #[field(sensitive = "bank")]
    pub bank_number: Option<String>,
    /// Title of the job.
    pub job_title: Option<String>,
    /// Location where the person works.
    pub workplace_id: Option<Id<Location>>,
}
