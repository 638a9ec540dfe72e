//! `employee_updates/new_hires`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets};
use registry::{Date, Employee, Id, Resource};
use storage::{Datum, Look};

use super::updates::{self, Told, take};
use crate::bookkeepers_management::incidence;
use crate::companies::LegalEntity;
use crate::locations::Location;

/// New employee whom payroll has to register.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/new_hires",
    object = "employee_updates_new_hire",
    permission = "employee_updates",
    computed,
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

/// How it is worked out.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: engine::number, keys, rows }),
    ..Code::of("employee_updates/new_hires")
};

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    updates::keys(cx, ask, &[incidence::HIRING])
}

const PERSON: [(&str, &str); 20] = [
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("birth_name", "birth_name"),
    ("identifier", "identifier"),
    ("identifier_type", "identifier_type"),
    ("work_email", "email"),
    ("phone_number", "phone_number"),
    ("gender", "gender"),
    ("city", "city"),
    ("country", "country"),
    ("state", "state"),
    ("postal_code", "postal_code"),
    ("date_of_birth", "birthday_on"),
    ("nationality", "nationality"),
    ("bank_account", "bank_number"),
    ("social_security_number", "social_security_number"),
    ("manager_id", "manager_id"),
    ("tax_id", "identifier"),
    ("legal_entity_id", "legal_entity_id"),
    ("workplace_id", "location_id"),
];

const CONTRACT: [(&str, &str); 8] = [
    ("job_title", "job_title"),
    ("start_date", "starts_on"),
    ("contract_effective_date", "effective_on"),
    ("contract_end_date", "ends_on"),
    ("salary_amount_in_cents", "salary_amount"),
    ("salary_frequency", "salary_frequency"),
    ("working_hours", "working_hours"),
    ("working_hours_frequency", "working_hours_frequency"),
];

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let told = Told::load(cx, keys)?;
    let versions = crate::contracts::reference(cx, &told.employees())?;
    let codes = [Look::Equal("codeable_type", Datum::Text("Employee".to_owned()))];
    let codes = cx.facts("payroll_integrations_base/codes", &codes)?;
    Ok(told.write(keys, |_, person, sets| {
        take(sets, person, &PERSON);
        let street = [person.text("address_line_1"), person.text("address_line_2")];
        let street = street.into_iter().flatten().collect::<Vec<_>>().join(", ");
        sets.insert("address", Datum::Text(street));
        if let Some(code) = codes.iter().find(|code| code.int("codeable_id") == person.int("id")) {
            sets.insert("payroll_identifier", code.get("code").clone());
        }
        if let Some(version) = person.int("id").and_then(|id| versions.get(&id)) {
            take(sets, version, &CONTRACT);
        }
    }))
}
