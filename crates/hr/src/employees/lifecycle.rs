//! From being added to leaving: who gets in, since when and until when.

use std::collections::HashMap;

use accounts::{Actor, Mailroom, Secret, members};
use engine::{Answer, Body, Context, Error, Input, Object, Problem, Sets};
use registry::{Access, Id, Instant, TimeZone};
use serde_json::Value;
use storage::{Datum, Look};

use super::rules;
use crate::bookkeepers_management::incidence;
use crate::time::facts;
use crate::time::today::Days;

pub(crate) const PATH: &str = "employees/employees";

/// What of the body of [`super::employee::CreateWithContract`] is kept with the person: given, kept.
const KEPT: [(&str, &str); 24] = [
    ("gender", "gender"),
    ("identifier", "identifier"),
    ("identifier_type", "identifier_type"),
    ("identifier_expiration_date", "identifier_expiration_date"),
    ("birthday_on", "birthday_on"),
    ("nationality", "nationality"),
    ("address_line1", "address_line_1"),
    ("address_line_2", "address_line_2"),
    ("postal_code", "postal_code"),
    ("city", "city"),
    ("state", "state"),
    ("country", "country"),
    ("bank_number", "bank_number"),
    ("swift_bic", "swift_bic"),
    ("manager_id", "manager_id"),
    ("timeoff_manager_id", "timeoff_manager_id"),
    ("legal_entity_id", "legal_entity_id"),
    ("company_identifier", "company_identifier"),
    ("seniority_calculation_date", "seniority_calculation_date"),
    ("location_id", "location_id"),
    ("social_security_number", "social_security_number"),
    ("contact_name", "contact_name"),
    ("contact_number", "contact_number"),
    ("phone_number", "phone_number"),
];

/// What of it is a condition of the contract: given, kept.
const CONDITIONS: [(&str, &str); 8] = [
    ("ends_on", "ends_on"),
    ("job_catalog_tree_node_uuid", "job_catalog_tree_node_uuid"),
    ("has_trial_period", "has_trial_period"),
    ("trial_period_ends_on", "trial_period_ends_on"),
    ("contracts_bank_holiday_treatment", "bank_holiday_treatment"),
    ("contracts_annual_working_time_distribution", "annual_working_time_distribution"),
    ("contracts_working_time_percentage_in_cents", "working_time_percentage_in_cents"),
    ("contracts_max_legal_yearly_hours", "max_legal_yearly_hours"),
];

/// The numbers of the person in payroll programs: given, the program.
const CODES: [(&str, &str); 2] = [("a3_innuva_code", "a3innuva"), ("a3_nom_code", "a3nom")];

/// Adds a person with a first contract. There is a login afterwards, but nobody is told yet.
pub(super) fn create_with_contract(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let text = |member: &str| input.text(member).unwrap_or_default().to_owned();
    let (company, actor) = (cx.grant.company(), actor(cx)?);
    let (first, last, email) = (text("first_name"), text("last_name"), text("email"));
    let joined = members::add(cx.tx, &actor, company, &first, &last, &email).map_err(refused)?;
    let person = joined.employee.get();
    settle(cx)?;

    let starts_on = input.date("contract_starts_on").or(input.date("contract_effective_on"));
    let starts_on = match starts_on {
        Some(day) => day,
        None => Days::load(cx)?.at(input.int("location_id")),
    };
    let effective_on = input.date("contract_effective_on").unwrap_or(starts_on);
    let mut sets: Sets =
        KEPT.iter().filter_map(|(given, kept)| Some((*kept, given_value(input, given)?))).collect();
    sets.entry("seniority_calculation_date").or_insert_with(|| Datum::Text(starts_on.to_string()));
    cx.change(PATH, &[by(person)], sets)?;
    crate::banking::bank_account_number::told(cx, person, None)?;

    let mut body = Body::new();
    body.insert("employee_id".to_owned(), person.to_string().into());
    body.insert("starts_on".to_owned(), starts_on.to_string().into());
    body.insert("effective_on".to_owned(), effective_on.to_string().into());
    let conditions =
        CONDITIONS.into_iter().chain([("contracts_maximum_weekly_hours", "maximum_weekly_hours")]);
    for (given, kept) in conditions {
        body.extend(given_value(input, given).map(|value| (kept.to_owned(), json(value))));
    }
    cx.make(cx.plan("contracts/contract_versions")?, &body)?;

    if let Some(team) = input.int("team_id") {
        let mut body = Body::new();
        body.insert("employee_id".to_owned(), person.to_string().into());
        body.insert("team_id".to_owned(), team.to_string().into());
        cx.make(cx.plan("teams/memberships")?, &body)?;
    }
    for (given, integration) in CODES {
        let Some(code) = input.text(given) else { continue };
        let sets = [
            ("code", Datum::Text(code.to_owned())),
            ("codeable_id", Datum::Int(person)),
            ("codeable_type", Datum::Text("Employee".to_owned())),
            ("integration", Datum::Text(integration.to_owned())),
        ];
        cx.add("payroll_integrations_base/codes", sets.into_iter().collect())?;
    }
    Ok(person.into())
}

fn given_value(input: &Input, member: &str) -> Option<Datum> {
    input.get(member).filter(|value| **value != Datum::Null).cloned()
}

fn json(value: Datum) -> Value {
    match value {
        Datum::Null => Value::Null,
        Datum::Bool(value) => value.into(),
        Datum::Int(value) => value.into(),
        Datum::Real(value) => value.into(),
        Datum::Text(text) => text.into(),
    }
}

/// Mails a link to join, a new one each time.
pub(super) fn invite(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let person = own(cx, input)?;
    if has_left(cx, &person)? {
        return Err(Error::conflict("id", "terminated", "The person has left the company."));
    }
    let Some(room) = cx.lent::<Mailroom>() else {
        return Err(Error::NotYet("No mail can be written here.".to_owned()));
    };
    let (company, actor, token) = (cx.grant.company(), actor(cx)?, Secret::generate());
    let (vault, base, access) = (&room.vault, &room.base_url, access(&person));
    members::resend(cx.tx, vault, base, &actor, company, access, &token).map_err(refused)?;
    Ok(id(&person).into())
}

/// Before that day nobody is let in; without one, from now on.
pub(super) fn set_regular_access_start_date(
    cx: &mut Context<'_, '_>,
    input: &Input,
) -> Result<Answer, Error> {
    let person = own(cx, input)?;
    let zone = zone(cx, person.int("location_id"))?;
    let starts = input.date("starts_on").map(|day| rules::midnight_before(day, &zone));
    let (company, access) = (cx.grant.company(), access(&person));
    let ends = members::get(cx.tx, company, access).map_err(refused)?.ends_at;
    members::set_span(cx.tx, company, access, starts, ends).map_err(refused)?;
    Ok(id(&person).into())
}

/// The person is let in until the midnight that ends the last day at the workplace. What there is stays.
pub(super) fn terminate(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let person = own(cx, input)?;
    let person_id = id(&person);
    let Some(last) = input.date("terminated_on") else {
        return Err(Error::invalid("terminated_on", "It must be a day."));
    };
    if has_left(cx, &person)? {
        let message = "The person has left the company already. Take that back first.";
        return Err(Error::conflict("id", "already_terminated", message));
    }
    let contracts = cx.facts("contracts/contracts", &[Look::Equal("employee_id", Datum::Int(person_id))])?;
    let starts = |contract: &Object| contract.date("starts_on");
    if let Some(message) = rules::too_early(contracts.iter().filter_map(starts), last) {
        return Err(Error::rule("terminated_on", "before_start", message));
    }
    if let Some(successor) = input.int("termination_assigned_manager_id") {
        hand_over(cx, &person, successor)?;
    }
    let mut sets: Sets = [("terminated_on", Datum::Text(last.to_string()))].into_iter().collect();
    sets.extend(input.get("termination_reason").map(|reason| ("termination_reason", reason.clone())));
    cx.change(PATH, &[by(person_id)], sets)?;
    let zone = zone(cx, person.int("location_id"))?;
    end(cx, &person, Some(rules::midnight_after(last, &zone)))?;
    if input.flag("open_backfill") == Some(true) {
        open_backfill(cx, &person)?;
    }
    incidence::withdraw(cx, person_id, incidence::TERMINATION)?;
    incidence::note(
        cx,
        &incidence::Note {
            starts_on: Some(last),
            ..incidence::Note::about(incidence::TERMINATION, "Employee", person_id, person_id)
        },
    )?;
    Ok(person_id.into())
}

/// As if the departure had never been entered; reports that were handed over stay where they are.
pub(super) fn unterminate(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let person = own(cx, input)?;
    if person.date("terminated_on").is_none() {
        return Err(Error::conflict("id", "not_terminated", "No departure of this person has been entered."));
    }
    let columns = [
        "terminated_on",
        "termination_reason",
        "termination_reason_type",
        "termination_observations",
        "termination_type_description",
    ];
    cx.change(PATH, &[by(id(&person))], columns.map(|column| (column, Datum::Null)).into_iter().collect())?;
    end(cx, &person, None)?;
    incidence::withdraw(cx, id(&person), incidence::TERMINATION)?;
    Ok(id(&person).into())
}

/// Says until when the membership of a person lets somebody in.
fn end(cx: &mut Context<'_, '_>, person: &Object, ends: Option<Instant>) -> Result<(), Error> {
    let (company, access) = (cx.grant.company(), access(person));
    let starts = members::get(cx.tx, company, access).map_err(refused)?.starts_at;
    members::set_span(cx.tx, company, access, starts, ends).map_err(refused)
}

/// After a change of a workplace, or of its time zone: the last day of those who leave ends when it ends there, and the
/// first one with another legal entity begins when it begins there.
pub(crate) fn follow_zone(cx: &mut Context<'_, '_>, people: &[Object]) -> Result<(), Error> {
    let zones = facts::zones(cx)?;
    let zone = |person: &Object| facts::zone_of(&zones, person.int("location_id"));
    for person in people {
        let Some(last) = person.date("terminated_on") else { continue };
        end(cx, person, Some(rules::midnight_after(last, &zone(person))))?;
    }
    let zones = people.iter().map(|person| (id(person), zone(person))).collect();
    crate::contracts::contract::postpone(cx, &zones)
}

/// Whoever reported to a person who leaves reports to the successor.
fn hand_over(cx: &mut Context<'_, '_>, leaver: &Object, successor: i64) -> Result<(), Error> {
    let leaver_id = id(leaver);
    if successor == leaver_id {
        let message = "Nobody takes over from himself.";
        return Err(Error::rule("termination_assigned_manager_id", "same_person", message));
    }
    let bosses = bosses(cx, &[leaver_id, successor])?;
    let reports = cx.facts(PATH, &[Look::Equal("manager_id", Datum::Int(leaver_id))])?;
    let reports: Vec<i64> = reports.iter().map(id).collect();
    // One statement for each of the few managers that there can be then.
    let mut hands: HashMap<Option<i64>, Vec<Datum>> = HashMap::new();
    for (report, manager) in rules::handed_over(&bosses, leaver_id, &reports, successor) {
        hands.entry(manager).or_default().push(Datum::Int(report));
    }
    for (manager, reports) in hands {
        let manager = manager.map_or(Datum::Null, Datum::Int);
        let sets = [("manager_id", manager)].into_iter().collect();
        cx.change(PATH, &[Look::OneOf("id", reports)], sets)?;
    }
    let deciding = [Look::Equal("timeoff_manager_id", Datum::Int(leaver_id))];
    let others = [deciding[0].clone(), Look::Not(Box::new(by(successor)))];
    cx.change(PATH, &others, [("timeoff_manager_id", Datum::Int(successor))].into_iter().collect())?;
    crate::approvals::flow::hand_over(cx, leaver_id, successor)?;
    // Nobody decides on his own leaves.
    let above = leaver.int("timeoff_manager_id").filter(|above| *above != successor);
    let above = above.map_or(Datum::Null, Datum::Int);
    cx.change(PATH, &deciding, [("timeoff_manager_id", above)].into_iter().collect())?;
    Ok(())
}

/// The managers of some people and of everybody above them: a statement for each level.
pub(crate) fn bosses(cx: &mut Context<'_, '_>, people: &[i64]) -> Result<HashMap<i64, i64>, Error> {
    let mut bosses = HashMap::new();
    let mut wanted = people.to_vec();
    while !wanted.is_empty() {
        let found = cx.objects(PATH, std::mem::take(&mut wanted))?;
        for (person, object) in found {
            if let Some(boss) = object.int("manager_id")
                && bosses.insert(person, boss).is_none()
                && !bosses.contains_key(&boss)
            {
                wanted.push(boss);
            }
        }
    }
    Ok(bosses)
}

/// A vacancy, as a draft, for the place that somebody leaves.
fn open_backfill(cx: &mut Context<'_, '_>, person: &Object) -> Result<(), Error> {
    let newest = crate::contracts::reference(cx, &[id(person)])?;
    let title = newest.get(&id(person)).and_then(|version| version.text("job_title").map(str::to_owned));
    let title = title.unwrap_or_else(|| format!("Successor of {}", name(person)));
    let asked = |what: &'static str| Datum::Text(what.to_owned());
    let mut sets: Sets = [
        ("ats_company_id", Datum::Int(cx.grant.company().get())),
        ("title", Datum::Text(title)),
        ("status", asked("draft")),
        ("cv_requirement", asked("optional")),
        ("cover_letter_requirement", asked("optional")),
        ("phone_requirement", asked("optional")),
        ("photo_requirement", asked("do_not_ask")),
        ("personal_url_requirement", asked("optional")),
    ]
    .into_iter()
    .collect();
    for column in ["location_id", "legal_entity_id"] {
        sets.insert(column, person.get(column).clone());
    }
    cx.add("ats/job_postings", sets)?;
    Ok(())
}

/// Gives a company its first legal entity and workplace, and whoever has none yet theirs. Does nothing the second time.
pub(crate) fn settle(cx: &mut Context<'_, '_>) -> Result<(), Error> {
    let company = cx.grant.company();
    let text = |text: &str| Datum::Text(text.to_owned());
    let entity = match cx.first("companies/legal_entities")? {
        Some(entity) => id(&entity),
        None => {
            let row = accounts::company::get(cx.tx, company).map_err(refused)?;
            let sets = [
                ("legal_name", Datum::Text(row.legal_name.unwrap_or(row.name))),
                ("tin", row.tin.map_or(Datum::Null, Datum::Text)),
                ("country", text(HOME.0)),
                ("currency", text(HOME.1)),
            ];
            cx.add("companies/legal_entities", sets.into_iter().collect())?
        }
    };
    let main = cx.facts("locations/locations", &[Look::Equal("main", Datum::Bool(true))])?.pop();
    let main = match main {
        Some(main) => Some(main),
        None => cx.first("locations/locations")?,
    };
    let place = match main {
        Some(place) => id(&place),
        None => {
            let sets = [
                ("name", text("Headquarters")),
                ("main", Datum::Bool(true)),
                ("country", text(HOME.0)),
                ("timezone", text("UTC")),
            ];
            cx.add("locations/locations", sets.into_iter().collect())?
        }
    };
    for (column, value) in [("legal_entity_id", entity), ("location_id", place)] {
        cx.change(PATH, &[Look::Null(column)], [(column, Datum::Int(value))].into_iter().collect())?;
    }
    Ok(())
}

/// The errand that gives a company what it needs after it began, or somebody joined it, outside of an operation of the API.
pub(crate) fn settled(cx: &mut Context<'_, '_>, _: &Value) -> Result<Value, Error> {
    settle(cx)?;
    Ok(Value::Null)
}

/// The errand that tells of the invitation of whoever has an access, outside of an operation of the API.
pub(crate) fn invited(cx: &mut Context<'_, '_>, asked: &Value) -> Result<Value, Error> {
    let access = asked["access_id"].as_i64().ok_or(Error::NotFound)?;
    let people = cx.facts(PATH, &[Look::Equal("access_id", Datum::Int(access))])?;
    let people: Vec<_> = people.iter().map(id).collect();
    cx.event("employees/employee/invite", &people)?;
    Ok(Value::Null)
}

/// Country and currency of a legal entity that nobody has described: those of the API's home.
const HOME: (&str, &str) = ("es", "EUR");

/// Whether the last day of a person is over at the workplace.
pub(crate) fn has_left(cx: &mut Context<'_, '_>, person: &Object) -> Result<bool, Error> {
    let Some(last) = person.date("terminated_on") else { return Ok(false) };
    let zone = zone(cx, person.int("location_id"))?;
    Ok(rules::midnight_after(last, &zone) <= cx.tx.now())
}

/// The time zone in which somebody works.
pub(crate) fn zone_of(cx: &mut Context<'_, '_>, employee: i64) -> Result<TimeZone, Error> {
    let person = cx.objects(PATH, vec![employee])?.remove(&employee);
    zone(cx, person.and_then(|person| person.int("location_id")))
}

/// The time zone of a workplace.
pub(crate) fn zone(cx: &mut Context<'_, '_>, place: Option<i64>) -> Result<TimeZone, Error> {
    let Some(place) = place else { return Ok(TimeZone::UTC) };
    let place = cx.objects("locations/locations", vec![place])?.remove(&place);
    let zone = place.and_then(|place| TimeZone::get(place.text("timezone")?).ok());
    Ok(zone.unwrap_or(TimeZone::UTC))
}

/// The person of an action, if the caller reaches the record.
fn own(cx: &mut Context<'_, '_>, input: &Input) -> Result<Object, Error> {
    cx.own(cx.plan(PATH)?, input.id("id"))
}

/// Who asks, for the audit log.
pub(crate) fn actor(cx: &mut Context<'_, '_>) -> Result<Actor, Error> {
    let (company, access) = (cx.grant.company(), cx.caller.access.map(Id::new));
    Actor::caller(cx.tx, company, access).map_err(refused)
}

/// First and last name.
pub(crate) fn name(person: &Object) -> String {
    let names = [person.text("first_name"), person.text("last_name")];
    names.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

pub(crate) fn id(object: &Object) -> i64 {
    object.int("id").unwrap_or_default()
}

fn access(person: &Object) -> Id<Access> {
    Id::new(person.int("access_id").unwrap_or_default())
}

fn by(id: i64) -> Look {
    Look::Equal("id", Datum::Int(id))
}

/// What accounts refuses, as the API says it.
pub(crate) fn refused(error: accounts::Error) -> Error {
    use accounts::Error as Refusal;
    match error {
        Refusal::Storage(error) => error.into(),
        Refusal::NotFound => Error::NotFound,
        Refusal::Conflict("last_administrator") => Error::conflict(
            "id",
            "last_administrator",
            "Nobody else would be left who administers the company. Make somebody else an administrator first.",
        ),
        Refusal::Conflict("accepted") => Error::conflict("id", "accepted", "The person has joined already."),
        Refusal::Invalid(problems) => match problems.as_slice() {
            [problem] if matches!(problem.code, "taken" | "invited") => {
                let message = "There is somebody with this address in the company already.";
                Error::rule(problem.field, "taken", message)
            }
            problems => {
                let problem = |p: &accounts::Problem| Problem::new(p.field, p.code, p.message.clone());
                Error::Invalid(problems.iter().map(problem).collect())
            }
        },
        error => Error::rule("id", "refused", error.to_string()),
    }
}
