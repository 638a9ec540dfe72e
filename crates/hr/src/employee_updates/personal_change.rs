//! `employee_updates/personal_changes`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets};
use registry::{Date, Employee, Id, Resource};

use super::updates::{self, Told, take};
use crate::bookkeepers_management::incidence;
use crate::locations::Location;

/// Changed personal data that payroll has to take over.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/personal_changes",
    object = "employee_updates_personal_change",
    permission = "employee_updates",
    computed,
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

/// How it is worked out: the data as they are now.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: engine::number, keys, rows }),
    ..Code::of("employee_updates/personal_changes")
};

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    updates::keys(cx, ask, &incidence::ABOUT_PEOPLE)
}

const PERSON: [(&str, &str); 19] = [
    ("first_name", "first_name"),
    ("last_name", "last_name"),
    ("work_email", "email"),
    ("phone_number", "phone_number"),
    ("identifier_type", "identifier_type"),
    ("identifier", "identifier"),
    ("social_security_number", "social_security_number"),
    ("tax_id", "identifier"),
    ("gender", "gender"),
    ("date_of_birth", "birthday_on"),
    ("nationality", "nationality"),
    ("address_line_1", "address_line_1"),
    ("address_line_2", "address_line_2"),
    ("postal_code", "postal_code"),
    ("city", "city"),
    ("state", "state"),
    ("country", "country"),
    ("bank_number", "bank_number"),
    ("workplace_id", "location_id"),
];

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let told = Told::load(cx, keys)?;
    let versions = crate::contracts::reference(cx, &told.employees())?;
    Ok(told.write(keys, |_, person, sets| {
        take(sets, person, &PERSON);
        if let Some(version) = person.int("id").and_then(|id| versions.get(&id)) {
            take(sets, version, &[("job_title", "job_title")]);
        }
    }))
}
