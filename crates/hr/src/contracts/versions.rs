//! What follows from a change of conditions: the contract, the history, and who has to know.

use std::collections::{BTreeSet, HashMap};

use engine::{Context, Draft, Error, Object, Removal, Sets};
use registry::Date;
use storage::{Datum, Look};

use super::rules::{self, Place, Refusal, Span, Version, Wanted};
use crate::bookkeepers_management::incidence;
use crate::employees::lifecycle::{self, id};
use crate::time::today;

pub(crate) const PATH: &str = "contracts/contract_versions";
const CONTRACTS: &str = "contracts/contracts";
const HISTORIES: &str = "contracts/contract_version_histories";

/// Conditions that a new version takes over where it is asked to.
const CONDITIONS: [&str; 27] = [
    "bank_holiday_treatment",
    "has_payroll",
    "job_title",
    "job_catalog_level_id",
    "job_catalog_tree_node_uuid",
    "has_trial_period",
    "trial_period_ends_on",
    "salary_amount",
    "salary_frequency",
    "working_week_days",
    "working_hours",
    "working_hours_frequency",
    "max_legal_yearly_hours",
    "maximum_weekly_hours",
    "working_time_percentage_in_cents",
    "annual_working_time_distribution",
    "min_rest_minutes_between_days",
    "max_work_minutes_per_day",
    "max_work_days_in_row",
    "min_rest_hours_in_row",
    "version_data",
    "es_cotization_group",
    "es_contract_type_id",
    "es_working_day_type_id",
    "es_education_level_id",
    "es_professional_category_id",
    "de_base_salary_type_id",
];

/// All contracts and versions of a person.
struct Timeline {
    contracts: Vec<Span>,
    versions: Vec<Version>,
    rows: Vec<Object>,
}

impl Timeline {
    fn load(cx: &mut Context<'_, '_>, employee: i64) -> Result<Self, Error> {
        let of = [Look::Equal("employee_id", Datum::Int(employee))];
        let contracts = cx.facts(CONTRACTS, &of)?.iter().filter_map(span).collect();
        let rows = cx.facts(PATH, &of)?;
        Ok(Self { contracts, versions: rows.iter().filter_map(version).collect(), rows })
    }
}

fn span(contract: &Object) -> Option<Span> {
    let (starts_on, ends_on) = (contract.date("starts_on")?, contract.date("ends_on"));
    Some(Span { id: id(contract), starts_on, ends_on })
}

fn version(row: &Object) -> Option<Version> {
    let contract = row.int("contracts_contract_id").unwrap_or_default();
    Some(Version {
        id: id(row),
        contract,
        effective_on: row.date("effective_on")?,
        ends_on: row.date("ends_on"),
    })
}

fn refused(refusal: Refusal) -> Error {
    Error::rule(refusal.field, refusal.code, refusal.message)
}

/// Finds the contract of a new version, or opens one; keeps all days of a contract together.
pub(super) fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.old.is_some() && draft.sets.is_empty() {
        return Ok(());
    }
    let Some(employee) = draft.int("employee_id") else { return Ok(()) };
    if draft.old.is_some_and(|old| old.int("employee_id") != Some(employee)) {
        let message = "A version stays with the person whose contract it is.";
        return Err(Error::rule("employee_id", "fixed", message));
    }
    let timeline = Timeline::load(cx, employee)?;
    level(cx, draft)?;
    let Some(effective_on) = draft.date("effective_on") else { return Ok(()) };
    let before = rules::begun(&timeline.versions, effective_on).map(|version| version.id);
    let before = timeline.rows.iter().find(|row| Some(id(row)) == before);
    if draft.old.is_none() {
        let copies = draft.flag("copy_current_contract_version");
        for column in CONDITIONS {
            // Of an amount and its period one may be left out where it was said before.
            let pay = matches!(column, "salary_frequency" | "salary_amount")
                && (draft.int("salary_amount").is_some() || draft.text("salary_frequency").is_some());
            if let Some(before) = before.filter(|_| copies || pay).map(|before| before.get(column)) {
                draft.begin(column, || before.clone());
            }
        }
        if draft.date("trial_period_ends_on").is_some() {
            draft.begin("has_trial_period", || Datum::Bool(true));
        }
    }
    rules::pay(draft.int("salary_amount"), draft.text("salary_frequency")).map_err(refused)?;
    let wanted = Wanted {
        effective_on,
        starts_on: draft.date("starts_on").unwrap_or(effective_on),
        ends_on: draft.sets.contains_key("ends_on").then(|| draft.date("ends_on")),
        trial_ends_on: draft
            .changes("trial_period_ends_on")
            .then(|| draft.date("trial_period_ends_on"))
            .flatten(),
    };
    let span = match draft.old {
        Some(old) => {
            rules::corrected(&timeline.contracts, &timeline.versions, id(old), &wanted).map_err(refused)?
        }
        None => match rules::place(&timeline.contracts, &timeline.versions, &wanted).map_err(refused)? {
            Place::In(span) => Some(span),
            Place::New => Some(open(cx, employee, None, &wanted)?),
        },
    };
    if let Some(span) = span {
        draft.sets.insert("contracts_contract_id", Datum::Int(span.id));
        draft.sets.insert("starts_on", day(Some(span.starts_on)));
        draft.sets.insert("ends_on", day(span.ends_on));
        if draft.old.is_none() {
            let contract = cx.objects(CONTRACTS, vec![span.id])?.remove(&span.id);
            let country = contract.map_or(Datum::Null, |contract| contract.get("country").clone());
            draft.begin("country", || country);
        }
    }
    Ok(())
}

/// Only levels of the job catalogue are positions.
fn level(cx: &mut Context<'_, '_>, draft: &Draft<'_>) -> Result<(), Error> {
    let Some(uuid) =
        draft.text("job_catalog_tree_node_uuid").filter(|_| draft.changes("job_catalog_tree_node_uuid"))
    else {
        return Ok(());
    };
    let nodes = cx.facts("job_catalog/tree_nodes", &[Look::Equal("uuid", Datum::Text(uuid.to_owned()))])?;
    match nodes.first().map(|node| node.text("type")) {
        Some(Some("jobcatalog_treelevel")) => Ok(()),
        Some(_) => {
            Err(Error::rule("job_catalog_tree_node_uuid", "not_a_level", "It must be a level of a role."))
        }
        None => {
            let message = "There is no such node in the job catalogue.";
            Err(Error::rule("job_catalog_tree_node_uuid", "not_found", message))
        }
    }
}

/// Opens a contract with another legal entity from a day on. The one that there is ends the day before.
pub(super) fn transfer(
    cx: &mut Context<'_, '_>,
    employee: i64,
    entity: i64,
    first: Date,
) -> Result<(), Error> {
    let timeline = Timeline::load(cx, employee)?;
    if let Some(old) = rules::replaced(&timeline.contracts, &timeline.versions, first).map_err(refused)? {
        let contract = cx.objects(CONTRACTS, vec![old.id])?.remove(&old.id);
        if contract.is_some_and(|contract| contract.int("legal_entity_id") == Some(entity)) {
            let message = "The person has a contract with that legal entity already.";
            return Err(Error::rule("target_legal_entity_id", "same_legal_entity", message));
        }
        let end: Sets = [("ends_on", day(old.ends_on))].into_iter().collect();
        cx.change(CONTRACTS, &[Look::Equal("id", Datum::Int(old.id))], end.clone())?;
        cx.change(PATH, &[Look::Equal("contracts_contract_id", Datum::Int(old.id))], end)?;
    }
    let wanted = Wanted { effective_on: first, starts_on: first, ends_on: None, trial_ends_on: None };
    let new = open(cx, employee, Some(entity), &wanted)?;
    super::contract::begin(cx, new.id, employee, first)
}

fn day(day: Option<Date>) -> Datum {
    day.map_or(Datum::Null, |day| Datum::Text(day.to_string()))
}

/// A new contract with the legal entity that is named, or that of the person.
pub(super) fn open(
    cx: &mut Context<'_, '_>,
    employee: i64,
    entity: Option<i64>,
    wanted: &Wanted,
) -> Result<Span, Error> {
    let mut person = cx.objects(lifecycle::PATH, vec![employee])?.remove(&employee).ok_or(Error::NotFound)?;
    if person.int("legal_entity_id").is_none() {
        lifecycle::settle(cx)?;
        person = cx.objects(lifecycle::PATH, vec![employee])?.remove(&employee).ok_or(Error::NotFound)?;
    }
    let entity = entity.or(person.int("legal_entity_id")).unwrap_or_default();
    let country = cx.objects("companies/legal_entities", vec![entity])?.remove(&entity);
    let country = country.and_then(|entity| entity.text("country").map(str::to_owned)).unwrap_or_default();
    let ends_on = wanted.ends_on.flatten();
    let sets: Sets = [
        ("employee_id", Datum::Int(employee)),
        ("country", Datum::Text(country)),
        ("legal_entity_id", Datum::Int(entity)),
        ("starts_on", day(Some(wanted.starts_on))),
        ("ends_on", day(ends_on)),
        ("is_discontinuous", Datum::Bool(false)),
    ]
    .into_iter()
    .collect();
    Ok(Span { id: cx.add(CONTRACTS, sets)?, starts_on: wanted.starts_on, ends_on })
}

/// The days of the contract show in all its versions; what happened is written down, and payroll is told.
pub(super) fn effect(cx: &mut Context<'_, '_>, version: i64, old: Option<&Object>) -> Result<(), Error> {
    let Some(row) = cx.objects(PATH, vec![version])?.remove(&version) else { return Ok(()) };
    let Some(contract) = row.int("contracts_contract_id") else { return Ok(()) };
    let days: Sets =
        ["starts_on", "ends_on"].into_iter().map(|column| (column, row.get(column).clone())).collect();
    cx.change(CONTRACTS, &[Look::Equal("id", Datum::Int(contract))], days.clone())?;
    let siblings = [
        Look::Equal("contracts_contract_id", Datum::Int(contract)),
        Look::Not(Box::new(Look::Equal("id", Datum::Int(version)))),
    ];
    if cx
        .facts(PATH, &siblings)?
        .iter()
        .any(|other| days.iter().any(|(column, value)| other.get(column) != value))
    {
        cx.change(PATH, &siblings, days)?;
    }
    write_down(cx, &row, if old.is_some() { "update" } else { "create" }, Some(version))?;
    let employee = row.int("employee_id").unwrap_or_default();
    let first =
        old.is_none() && cx.facts(PATH, &[Look::Equal("employee_id", Datum::Int(employee))])?.len() == 1;
    let note = incidence::Note {
        starts_on: row.date("effective_on"),
        ..if first {
            incidence::Note::about(incidence::HIRING, "Employee", employee, employee)
        } else {
            incidence::Note::about(incidence::CONTRACT, "Contracts::ContractVersion", version, employee)
        }
    };
    incidence::note(cx, &note)
}

/// What was written down of a version stays; with its last version a contract goes, too.
pub(super) fn removal(cx: &mut Context<'_, '_>, row: &Object) -> Result<Removal, Error> {
    let own = [Look::Equal("contracts_contract_version_id", Datum::Int(id(row)))];
    cx.change(HISTORIES, &own, [("contracts_contract_version_id", Datum::Null)].into_iter().collect())?;
    write_down(cx, row, "delete", None)?;
    incidence::withdraw_targets(cx, incidence::CONTRACT, &[id(row)])?;
    if let Some(contract) = row.int("contracts_contract_id") {
        let siblings = cx.facts(PATH, &[Look::Equal("contracts_contract_id", Datum::Int(contract))])?;
        if siblings.len() == 1 {
            let free = [("contracts_contract_id", Datum::Null)].into_iter().collect();
            cx.change(PATH, &[Look::Equal("id", Datum::Int(id(row)))], free)?;
            cx.remove(CONTRACTS, &[Look::Equal("id", Datum::Int(contract))])?;
        }
    }
    Ok(Removal::Gone)
}

/// The state of a version after a change, with who made it.
fn write_down(
    cx: &mut Context<'_, '_>,
    row: &Object,
    action: &str,
    version: Option<i64>,
) -> Result<(), Error> {
    let fields = cx.plan(HISTORIES)?.resource().fields;
    let shared = fields.iter().map(|field| field.member.name);
    let shared = shared.filter(|name| !matches!(*name, "id" | "created_at" | "updated_at"));
    let mut sets: Sets =
        shared.map(|name| (name, row.get(name).clone())).filter(|(_, v)| *v != Datum::Null).collect();
    sets.insert("es_tariff_group_id", row.get("contracts_es_tariff_group_id").clone());
    sets.insert("original_contract_version_id", Datum::Int(id(row)));
    sets.insert("contracts_contract_version_id", version.map_or(Datum::Null, Datum::Int));
    sets.insert("changed_at", Datum::Int(cx.tx.now().millis()));
    sets.insert("action_type", Datum::Text(action.to_owned()));
    sets.insert("author", Datum::Text(author(cx)?));
    cx.add(HISTORIES, sets)?;
    Ok(())
}

/// The name of the person who asks, or of the company.
fn author(cx: &mut Context<'_, '_>) -> Result<String, Error> {
    if let Some(employee) = cx.caller.employee
        && let Some(person) = cx.objects(lifecycle::PATH, vec![employee])?.remove(&employee)
    {
        return Ok(lifecycle::name(&person));
    }
    Ok(lifecycle::actor(cx)?.name)
}

/// The version that stands for each of some people today.
pub(crate) fn reference(cx: &mut Context<'_, '_>, employees: &[i64]) -> Result<HashMap<i64, Object>, Error> {
    let days = today::of_all(cx, employees)?;
    chosen(cx, employees, |employee, versions| rules::reference(versions, *days.get(&employee)?))
}

/// The version of each of some people that a rule chooses.
pub(super) fn chosen(
    cx: &mut Context<'_, '_>,
    employees: &[i64],
    choose: impl Fn(i64, &[Version]) -> Option<i64>,
) -> Result<HashMap<i64, Object>, Error> {
    let mut of: HashMap<i64, Vec<Object>> = HashMap::new();
    let employees: Vec<i64> = employees.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    for row in crate::time::load::of(cx, PATH, &employees, &[])? {
        if let Some(employee) = row.int("employee_id") {
            of.entry(employee).or_default().push(row);
        }
    }
    let one = |(employee, rows): (i64, Vec<Object>)| {
        let versions: Vec<Version> = rows.iter().filter_map(version).collect();
        let wanted = choose(employee, &versions)?;
        Some((employee, rows.into_iter().find(|row| id(row) == wanted)?))
    };
    Ok(of.into_iter().filter_map(one).collect())
}
