//! `employee_updates/terminations`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets};
use registry::{Date, Employee, Id, Object, Resource};
use serde_json::{Value, json};
use storage::Datum;

use super::updates::{self, Told, take};
use crate::bookkeepers_management::incidence;
use crate::companies::LegalEntity;
use crate::timeoff::books::Books;
use crate::timeoff::rules::request::written;

/// Departure that payroll has to settle.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/terminations",
    object = "employee_updates_termination",
    permission = "employee_updates",
    computed,
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

/// How it is worked out: the departure as it is entered now, and the balances on the last day.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: engine::number, keys, rows }),
    ..Code::of("employee_updates/terminations")
};

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    updates::keys(cx, ask, &[incidence::TERMINATION])
}

const PERSON: [(&str, &str); 6] = [
    ("terminated_on", "terminated_on"),
    ("termination_reason", "termination_reason"),
    ("termination_observations", "termination_observations"),
    ("legal_entity_id", "legal_entity_id"),
    ("termination_reason_type", "termination_reason_type"),
    ("termination_type_description", "termination_type_description"),
];

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let told = Told::load(cx, keys)?;
    let people = told.employees();
    let versions = crate::contracts::reference(cx, &people)?;
    let last = told.last_day().unwrap_or_else(|| cx.today());
    let books = Books::open(cx, &people, None, last)?;
    Ok(told.write(keys, |row, person, sets| {
        take(sets, person, &PERSON);
        let Some(id) = person.int("id") else { return };
        if let Some(version) = versions.get(&id) {
            take(sets, version, &[("contract_end_date", "ends_on")]);
        }
        let day = person.date("terminated_on").or(row.date("starts_on")).unwrap_or(last);
        let policy = books.people.get(&id).and_then(|book| book.timeline.policy(day));
        let allowances = policy.into_iter().flat_map(|policy| books.of_policy(policy));
        let left = allowances.filter_map(|one| {
            let units = written(books.balance(id, one, day)?.available());
            Some(json!({ "name": one.name, "available_days": units }))
        });
        sets.insert("remaining_holidays", Datum::Text(left.collect::<Value>().to_string()));
    }))
}

/// The objects of `remaining_holidays`.
#[derive(Debug, Object)]
pub struct RemainingHoliday {
    /// Name of the allowance.
    pub name: String,
    /// Days left to take, as decimal text.
    pub available_days: String,
}
