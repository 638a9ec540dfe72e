//! `employees/employees`

use engine::{Code, Context, Derived, Draft, Error, Facts, Narrow, Object};
use registry::{Access, Action, Company, Date, Id, Instant, Resource};
use storage::{Among, Datum, Look};

use super::{address, lifecycle, rules};
use crate::bookkeepers_management::incidence;
use crate::companies::LegalEntity;
use crate::locations::Location;
use crate::locations::WorkArea;
use crate::teams::Team;
use crate::time::today;

/// Person who works, worked or will work for the company.
#[derive(Debug, Resource)]
#[resource(
    path = "employees/employees",
    object = "employees_employee",
    permission = "employees",
    table = "employees",
    subject = "id",
    operations(list, read, update),
    events(
        "create_with_contract",
        "invite",
        "set_regular_access_start_date",
        "terminate",
        "unterminate",
        "update"
    )
)]
#[parameter(name = "emails[]", as = String, doc = "Narrows the list by values that are worked out.")]
#[parameter(name = "full_text_name", as = String, doc = "Only people whose full name contains this text.")]
#[parameter(name = "only_active", as = bool, doc = "Narrows the list by values that are worked out.", required)]
#[parameter(name = "team_ids[]", as = Id<Team>, doc = "Only members of these teams.")]
#[parameter(name = "only_managers", as = bool, doc = "True keeps people to whom someone reports. False changes nothing.", required)]
#[parameter(name = "name_starts_with", as = String, doc = "Only people whose full name begins with this text.")]
pub struct Employee {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<registry::Employee>,
    /// Login access that the person uses.
    #[field(entrusted = "users.manage", update, filter(any = "access_ids[]"))]
    pub access_id: Id<Access>,
    /// Given name or names.
    #[field(update)]
    pub first_name: String,
    /// Family name or names.
    #[field(update)]
    pub last_name: String,
    /// Given and family name together.
    #[field(derived)]
    pub full_name: String,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Workplace the person belongs to.
    #[field(update, filter(any = "location_ids[]"))]
    pub location_id: Id<Location>,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    #[field(filter(from = "updated_at_gteq"(as = String)))]
    pub updated_at: Instant,
    /// Whether a departure has been entered.
    #[field(sensitive = "employment", derived)]
    pub is_terminating: bool,
    /// Whether the person tracks working time.
    #[field(default = true)]
    pub attendable: bool,
    /// Name the person likes to be called by.
    #[field(entrusted = "private.edit", update)]
    pub preferred_name: Option<String>,
    /// Surname at birth.
    #[field(sensitive = "birth")]
    pub birth_name: Option<String>,
    /// Gender as registered, such as male or female.
    #[field(sensitive = "birth", update)]
    pub gender: Option<String>,
    /// Number of the identity document.
    #[field(sensitive = "identity", update)]
    pub identifier: Option<String>,
    /// Kind of identity document, such as a passport.
    #[field(sensitive = "identity", update)]
    pub identifier_type: Option<String>,
    /// Address for company mail. Without one, the login address.
    pub email: Option<String>,
    /// Address the person logs in with.
    pub login_email: Option<String>,
    /// Day of birth.
    #[field(sensitive = "birth", update)]
    pub birthday_on: Option<Date>,
    /// Citizenship, as a two-letter country code.
    #[field(sensitive = "birth", update)]
    pub nationality: Option<String>,
    /// Street and number of the home.
    #[field(sensitive = "private", update)]
    pub address_line_1: Option<String>,
    /// Second line of the home address.
    #[field(sensitive = "private", update)]
    pub address_line_2: Option<String>,
    /// Postal code of the home address.
    #[field(sensitive = "private", update)]
    pub postal_code: Option<String>,
    /// Town of the home address.
    #[field(sensitive = "private", update)]
    pub city: Option<String>,
    /// Province or region of the home address.
    #[field(sensitive = "private", update)]
    pub state: Option<String>,
    /// Country of the home, as a two-letter code.
    #[field(sensitive = "private", update)]
    pub country: Option<String>,
    /// Account that the pay goes to.
    #[field(sensitive = "bank", update)]
    pub bank_number: Option<String>,
    /// Code of the bank. Its meaning depends on bank_number_format.
    #[field(sensitive = "bank", update)]
    pub swift_bic: Option<String>,
    /// How the bank account is written.
    #[field(sensitive = "bank", update(since = "2026-10-01"))]
    pub bank_number_format: Option<BankNumberFormat>,
    /// Legal entity that employs the person.
    #[field(entrusted = "structure.edit", update, filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Usual work area at the workplace.
    pub default_work_area_id: Option<Id<WorkArea>>,
    /// Number under which the person is insured.
    #[field(sensitive = "identity", update)]
    pub social_security_number: Option<String>,
    /// Last day of access to the system.
    #[field(sensitive = "employment")]
    pub terminated_on: Option<Date>,
    /// Category of the reason for leaving.
    #[field(sensitive = "employment")]
    pub termination_reason_type: Option<String>,
    /// Why the person leaves.
    #[field(sensitive = "employment")]
    pub termination_reason: Option<String>,
    /// Remarks on the departure.
    #[field(sensitive = "employment")]
    pub termination_observations: Option<String>,
    /// Employee whom the person reports to.
    #[field(entrusted = "structure.edit", update)]
    pub manager_id: Option<Id<registry::Employee>>,
    /// Employee who decides on leave requests.
    #[field(entrusted = "structure.edit", update)]
    pub timeoff_manager_id: Option<Id<registry::Employee>>,
    /// Telephone number of the person.
    #[field(sensitive = "private", update)]
    pub phone_number: Option<String>,
    /// Staff number used within the company.
    #[field(sensitive = "employment", update, filter(eq = "company_identifier"))]
    pub company_identifier: Option<String>,
    /// Age in full years.
    #[field(sensitive = "birth", derived)]
    pub age_number: Option<i64>,
    /// The category of the departure in words.
    #[field(sensitive = "employment")]
    pub termination_type_description: Option<String>,
    /// Whom to call in an emergency.
    #[field(sensitive = "private", update)]
    pub contact_name: Option<String>,
    /// Telephone number of the emergency contact.
    #[field(sensitive = "private", update)]
    pub contact_number: Option<String>,
    /// Private email address.
    #[field(sensitive = "private", update)]
    pub personal_email: Option<String>,
    /// Day from which length of service counts.
    #[field(sensitive = "employment", update)]
    pub seniority_calculation_date: Option<Date>,
    /// Confirmed address for company mail. A new one waits in `unconfirmed_communications_email` until the link that is
    /// mailed to it is followed.
    #[field(update(since = "2026-07-01"), since = "2026-07-01")]
    pub communications_email: Option<String>,
    /// New address for company mail, awaiting confirmation.
    #[field(sensitive = "private", since = "2026-07-01")]
    pub unconfirmed_communications_email: Option<String>,
    /// How the person wants to be referred to.
    #[field(entrusted = "private.edit", update)]
    pub pronouns: Option<String>,
    /// False once the last day has passed.
    #[field(derived)]
    pub active: Option<bool>,
    /// Certified disability, in hundredths of a percent.
    #[field(sensitive = "birth", update)]
    pub disability_percentage_cents: Option<i64>,
    /// Day the identity document expires.
    #[field(sensitive = "identity", update)]
    pub identifier_expiration_date: Option<Date>,
    /// Country where the person was born.
    #[field(sensitive = "birth")]
    pub country_of_birth: Option<String>,
    /// Town where the person was born.
    #[field(sensitive = "birth")]
    pub birthplace: Option<String>,
    /// Whether the person is allowed to work in the country.
    #[field(sensitive = "birth", input, update)]
    pub has_work_permit: Option<bool>,
}

/// What is worked out from the row.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::row("full_name", |facts| full_name(facts).into()),
        Derived::row("is_terminating", |facts| facts.date("terminated_on").is_some().into()),
        Derived::row("active", |facts| rules::active(facts.date("terminated_on"), facts.today()).into()),
        Derived::row("age_number", |facts| age(facts).into()),
    ],
    filters: &[
        ("only_active", Narrow::Code(only_active)),
        ("team_ids[]", Narrow::through("id", "teams/memberships", "employee_id", "team_id")),
        (
            "only_managers",
            Narrow::Flag(|_| {
                Look::Among("id", Among { table: "employees", column: "manager_id", looks: Vec::new() })
            }),
        ),
        ("full_text_name", Narrow::Code(|_, values| Ok(words(values, Look::Search)))),
        ("emails[]", Narrow::Code(emails)),
        ("name_starts_with", Narrow::Code(|_, values| Ok(beginnings(values)))),
    ],
    actions: &[
        ("create_with_contract", lifecycle::create_with_contract),
        ("invite", lifecycle::invite),
        ("set_regular_access_start_date", lifecycle::set_regular_access_start_date),
        ("terminate", lifecycle::terminate),
        ("unterminate", lifecycle::unterminate),
    ],
    rule: Some(rule),
    effect: Some(effect),
    place: Some(("location_id", today::at_workplaces)),
    errands: &[
        ("today", today::told),
        ("settle", lifecycle::settled),
        ("invited", lifecycle::invited),
        ("address", address::named),
        ("confirm_address", address::confirm),
    ],
    ..Code::of("employees/employees")
};

/// Nobody reports to himself, directly or through others.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    address::wait(draft)?;
    let Some(person) = draft.int("id") else { return Ok(()) };
    let manager = draft.int("manager_id").filter(|_| draft.changes("manager_id"));
    if let Some(manager) = manager {
        let bosses = lifecycle::bosses(cx, &[manager])?;
        if rules::circular(&bosses, person, manager) {
            let message = "The person would report to himself, directly or through others.";
            return Err(Error::rule("manager_id", "circular", message));
        }
    }
    if draft.changes("timeoff_manager_id") && draft.int("timeoff_manager_id") == Some(person) {
        let message = "Nobody decides on his own leaves.";
        return Err(Error::rule("timeoff_manager_id", "same_person", message));
    }
    Ok(())
}

/// What payroll has to know of a change, by what it is called there.
const REPORTED: [(&str, &[&str]); 9] = [
    (incidence::BANK, &["bank_number", "swift_bic", "bank_number_format"]),
    (incidence::WORKPLACE, &["location_id"]),
    (incidence::ENTITY, &["legal_entity_id"]),
    (incidence::NAME, &["first_name", "last_name"]),
    (incidence::IDENTITY, &["identifier_type", "identifier", "social_security_number"]),
    (incidence::NATIONALITY, &["nationality"]),
    (incidence::GENDER, &["gender"]),
    (incidence::ADDRESS, &["address_line_1", "address_line_2", "postal_code", "city", "state", "country"]),
    (incidence::PERSONAL, &["email", "phone_number", "birthday_on"]),
];

fn effect(cx: &mut Context<'_, '_>, id: i64, old: Option<&Object>) -> Result<(), Error> {
    let (Some(old), Some(now)) = (old, cx.objects(lifecycle::PATH, vec![id])?.remove(&id)) else {
        return Ok(());
    };
    crate::banking::bank_account_number::told(cx, id, Some(old))?;
    address::ask(cx, old, &now)?;
    let today = today::Days::load(cx)?.of(&now);
    for (name, columns) in REPORTED {
        if columns.iter().any(|column| old.get(column) != now.get(column)) {
            let about = incidence::Note::about(name, "Employee", id, id);
            incidence::note(cx, &incidence::Note { starts_on: Some(today), ..about })?;
        }
    }
    if old.get("location_id") != now.get("location_id") {
        lifecycle::follow_zone(cx, &[now])?;
    }
    Ok(())
}

fn full_name(facts: &Facts<'_>) -> String {
    let names = [facts.text("first_name"), facts.text("last_name")];
    names.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Whose last day is not over where they work.
fn only_active(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    if !matches!(values.last().map(String::as_str), Some("true" | "1")) {
        return Ok(Vec::new());
    }
    today::employed(cx)
}

/// In full years, on the day of the request.
fn age(facts: &Facts<'_>) -> Option<i64> {
    let (birthday, today) = (facts.date("birthday_on")?, facts.today());
    let before = (today.month(), today.day()) < (birthday.month(), birthday.day());
    Some(i64::from(today.year()) - i64::from(birthday.year()) - i64::from(before))
}

registry::choice! {
    /// The values of `bank_number_format`.
    pub enum BankNumberFormat {
        BankNameAndAccountNumber = "bank_name_and_account_number",
        Clabe = "clabe",
        Iban = "iban",
        Other = "other",
        RoutingNumberAndAccountNumber = "routing_number_and_account_number",
        SortCodeAndAccountNumber = "sort_code_and_account_number",
    }
}

registry::choice! {
    /// The values of `contracts_bank_holiday_treatment`.
    pub enum ContractsBankHolidayTreatment {
        NonWorkable = "non_workable",
        Workable = "workable",
    }
}

registry::choice! {
    /// The values of `contracts_annual_working_time_distribution`.
    pub enum ContractsAnnualWorkingTimeDistribution {
        LimitDailyHours = "limit_daily_hours",
        LimitWorkdays = "limit_workdays",
    }
}

/// Adds a person and a first contract, without inviting yet.
#[derive(Debug, Action)]
#[action(of = Employee, name = "create_with_contract")]
pub struct CreateWithContract {
    /// Company that hires.
    pub company_id: Id<Company>,
    /// Given name or names.
    pub first_name: String,
    /// Family name or names.
    pub last_name: String,
    /// Address the new person will log in with.
    pub email: String,
    /// Day the contract conditions begin.
    pub contract_effective_on: Option<Date>,
    /// First day of the contract.
    pub contract_starts_on: Option<Date>,
    /// Last day of the contract, if it has one.
    pub ends_on: Option<Date>,
    /// Gender as registered, such as male or female.
    pub gender: Option<String>,
    /// Number of the identity document.
    pub identifier: Option<String>,
    /// Kind of identity document, such as a passport.
    pub identifier_type: Option<String>,
    /// Day the identity document expires.
    pub identifier_expiration_date: Option<Date>,
    /// Day of birth.
    pub birthday_on: Option<Date>,
    /// Citizenship, as a two-letter country code.
    pub nationality: Option<String>,
    /// Street and number of the home.
    pub address_line1: Option<String>,
    /// Second line of the home address.
    pub address_line_2: Option<String>,
    /// Postal code of the home address.
    pub postal_code: Option<String>,
    /// Town of the home address.
    pub city: Option<String>,
    /// Province or region of the home address.
    pub state: Option<String>,
    /// Country of the home, as a two-letter code.
    pub country: Option<String>,
    /// Account that the pay goes to.
    pub bank_number: Option<String>,
    /// Code of the bank. Its meaning depends on bank_number_format.
    pub swift_bic: Option<String>,
    /// Employee whom the person reports to.
    pub manager_id: Option<Id<registry::Employee>>,
    /// Employee who decides on leave requests.
    pub timeoff_manager_id: Option<Id<registry::Employee>>,
    /// Legal entity that employs the person.
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Staff number used within the company.
    pub company_identifier: Option<String>,
    /// Day from which length of service counts.
    pub seniority_calculation_date: Option<Date>,
    /// Level in the job catalogue, by its UUID.
    pub job_catalog_tree_node_uuid: Option<String>,
    /// Team the person joins.
    pub team_id: Option<Id<Team>>,
    /// Workplace the person belongs to.
    pub location_id: Option<Id<Location>>,
    /// Number under which the person is insured.
    pub social_security_number: Option<String>,
    /// Whether the contract starts with probation.
    pub has_trial_period: Option<bool>,
    /// Last day of probation.
    pub trial_period_ends_on: Option<Date>,
    /// Whom to call in an emergency.
    pub contact_name: Option<String>,
    /// Telephone number of the emergency contact.
    pub contact_number: Option<String>,
    /// Telephone number of the person.
    pub phone_number: Option<String>,
    /// Number of the person in A3Innuva payroll.
    pub a3_innuva_code: Option<String>,
    /// Number of the person in A3Nom payroll.
    pub a3_nom_code: Option<String>,
    /// Whether public holidays are worked.
    pub contracts_bank_holiday_treatment: Option<ContractsBankHolidayTreatment>,
    /// Whether a year's work is limited by daily hours or by days.
    pub contracts_annual_working_time_distribution: Option<ContractsAnnualWorkingTimeDistribution>,
    /// Part of full time, in hundredths of a percent.
    pub contracts_working_time_percentage_in_cents: Option<i64>,
    /// Most hours allowed in a year.
    pub contracts_max_legal_yearly_hours: Option<i64>,
    /// Most hours allowed in a week.
    pub contracts_maximum_weekly_hours: Option<i64>,
}

/// Mails a login link that is valid for 24 hours.
#[derive(Debug, Action)]
#[action(of = Employee, name = "invite", needs = "create")]
pub struct Invite {
    /// Whom to invite.
    pub id: Id<registry::Employee>,
    /// Company that invites.
    pub company_id: Id<Company>,
}

/// Sets the day from which a person has normal access.
#[derive(Debug, Action)]
#[action(of = Employee, name = "set_regular_access_start_date")]
pub struct SetRegularAccessStartDate {
    /// Whose access is set.
    pub id: Id<registry::Employee>,
    /// First day of normal access.
    pub starts_on: Option<Date>,
}

/// Enters a departure, which may lie in the future.
#[derive(Debug, Action)]
#[action(of = Employee, name = "terminate")]
pub struct Terminate {
    /// Who leaves the company.
    pub id: Id<registry::Employee>,
    /// Last day of access to the system.
    pub terminated_on: Date,
    /// Why the person leaves.
    pub termination_reason: Option<String>,
    /// Employee who takes over the reports of the person leaving.
    pub termination_assigned_manager_id: Option<Id<registry::Employee>>,
    /// True opens a vacancy to fill the place.
    #[field(since = "2026-07-01")]
    pub open_backfill: Option<bool>,
}

/// Takes a departure back.
#[derive(Debug, Action)]
#[action(of = Employee, name = "unterminate")]
pub struct Unterminate {
    /// Who stays or returns.
    pub id: Id<registry::Employee>,
}

/// A condition for each word of a name.
fn words(values: &[String], look: fn(Vec<&'static str>, String) -> Look) -> Vec<Look> {
    let name = values.last().map_or("", String::as_str);
    name.split_whitespace().map(|word| look(vec!["first_name", "last_name"], word.to_owned())).collect()
}

/// Addresses are compared in lower case, as they are kept.
fn emails(_: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let wanted: Vec<_> = values.iter().map(|address| Datum::Text(address.to_lowercase())).collect();
    let either = ["email", "login_email"].map(|column| Look::OneOf(column, wanted.clone()));
    Ok(vec![Look::Any(either.into())])
}

/// The full name begins with the text: the first name does or, where the text has more than that, the last name goes on.
fn beginnings(values: &[String]) -> Vec<Look> {
    let text = values.last().map_or("", |text| text.trim());
    let both = |(at, _): (usize, char)| {
        let (first, last) = (text[..at].trim_end(), text[at..].trim_start());
        let either =
            [Look::Prefix("first_name", first.to_owned()), Look::Prefix("last_name", last.to_owned())];
        // Both hold unless one of them does not.
        Look::Not(Box::new(Look::Any(either.map(|look| Look::Not(Box::new(look))).into())))
    };
    let spaces = text.char_indices().filter(|(_, c)| *c == ' ').map(both);
    vec![Look::Any(std::iter::once(Look::Prefix("first_name", text.to_owned())).chain(spaces).collect())]
}
