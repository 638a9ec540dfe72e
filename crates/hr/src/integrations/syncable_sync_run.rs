//! `integrations/syncable_sync_runs`

use std::collections::{BTreeSet, HashMap};

use engine::{Answer, Body, Code, Context, Draft, Error, Input, Object as Row, Sets};
use registry::{Action, Anything, Company, Id, Map, Object, Resource};
use serde_json::Value;
use storage::{Datum, Look};

use crate::integrations::SyncRun;
use crate::integrations::SyncableState;
use crate::integrations::sync_run;

/// Outcome of one record within a sync run.
#[derive(Debug, Resource)]
#[resource(
    path = "integrations/syncable_sync_runs",
    object = "integrations_syncable_sync_run",
    permission = "integrations",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"), update)
)]
pub struct SyncableSyncRun {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SyncableSyncRun>,
    /// Result for this record in this run.
    #[field(update(required, as = UpdateStatus))]
    pub status: Status,
    /// Problems met with the record, if any.
    #[field(update(as = Map))]
    pub error_messages: Vec<ErrorMessage>,
    /// Run in which the record was handled.
    #[field(filter(any = "sync_run_ids[]"))]
    pub sync_run_id: Id<SyncRun>,
    /// Lasting synchronization state of the same record.
    pub syncable_state_id: Id<SyncableState>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    rule: Some(rule),
    effect: Some(effect),
    actions: &[("bulk_upsert", bulk_upsert)],
    ..Code::of(PATH)
};

const PATH: &str = "integrations/syncable_sync_runs";

const STATES: &str = "integrations/syncable_states";

/// Results are taken for an hour. Bodies give the problems by what they concern; answers list them.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if let Some(run) = draft.int("sync_run_id") {
        sync_run::open(cx, run)?;
    }
    let Some(Datum::Text(given)) = draft.sets.get("error_messages") else { return Ok(()) };
    let Ok(given @ Value::Object(_)) = serde_json::from_str::<Value>(given) else { return Ok(()) };
    draft.sets.insert("error_messages", Datum::Text(sync_run::problems(given).to_string()));
    Ok(())
}

/// The lasting state of the record and the run stand as the result says.
fn effect(cx: &mut Context<'_, '_>, id: i64, _: Option<&Row>) -> Result<(), Error> {
    let Some(result) = cx.objects(PATH, vec![id])?.remove(&id) else { return Ok(()) };
    let (Some(state), Some(run)) = (result.int("syncable_state_id"), result.int("sync_run_id")) else {
        return Ok(());
    };
    let sets = [
        ("status", Datum::Text(lasting(result.text("status").unwrap_or_default()).to_owned())),
        ("error_messages", result.get("error_messages").clone()),
        ("status_updated_at", Datum::Int(cx.tx.now().millis())),
    ];
    cx.change(STATES, &[Look::Equal("id", Datum::Int(state))], sets.into())?;
    sync_run::settle(cx, run)
}

/// What a result means for the record beyond the run.
fn lasting(result: &str) -> &'static str {
    match result {
        "success" => "synced",
        "running" => "syncing",
        "invalid" => "invalid",
        _ => "failed",
    }
}

/// Results of many records. One that is not known yet is added; to which record here it belongs is said once.
fn bulk_upsert(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let run = input.id("sync_run_id");
    let integration = sync_run::open(cx, run)?;
    let items = input.items("items");
    let text = |item: &Body, name: &str| item.get(name).and_then(Value::as_str).map(str::to_owned);
    let names: Vec<_> = items
        .iter()
        .map(|item| {
            let name = |member| text(item, member).unwrap_or_default();
            (name("syncable_type"), name("external_identifier"))
        })
        .collect();
    let mut states = HashMap::new();
    let externals: BTreeSet<_> = names.iter().map(|(_, external)| external.clone()).collect();
    for chunk in externals.into_iter().collect::<Vec<_>>().chunks(CHUNK) {
        let looks = [
            Look::Equal("integration_uuid", Datum::Text(integration.clone())),
            Look::OneOf("external_identifier", chunk.iter().cloned().map(Datum::Text).collect()),
        ];
        states.extend(cx.facts(STATES, &looks)?.into_iter().filter_map(|state| {
            let name = |column| state.text(column).unwrap_or_default().to_owned();
            Some((
                (name("sync_type"), name("external_identifier")),
                (state.int("id")?, state.int("syncable_id")),
            ))
        }));
    }
    let of_run = [Look::Equal("sync_run_id", Datum::Int(run))];
    let mut known: HashMap<i64, i64> = cx
        .facts(PATH, &of_run)?
        .iter()
        .filter_map(|result| Some((result.int("syncable_state_id")?, result.int("id")?)))
        .collect();
    let (now, mut ids) = (cx.tx.now().millis(), Vec::with_capacity(items.len()));
    for (at, (item, name)) in items.iter().zip(&names).enumerate() {
        let result = text(item, "status").unwrap_or_default();
        let linked = item.get("syncable_id").and_then(|id| id.as_i64().or_else(|| id.as_str()?.parse().ok()));
        let problems =
            sync_run::problems(item.get("error_messages").cloned().unwrap_or_default()).to_string();
        let mut sets = Sets::from([
            ("status", Datum::Text(lasting(&result).to_owned())),
            ("error_messages", Datum::Text(problems.clone())),
            ("status_updated_at", Datum::Int(now)),
        ]);
        let state = match states.get(name).copied() {
            Some((_, Some(before))) if linked.is_some_and(|linked| linked != before) => {
                let field = format!("items.{at}.syncable_id");
                return Err(Error::invalid(&field, "The record is linked to another one already."));
            }
            Some((state, before)) => {
                if let (None, Some(linked)) = (before, linked) {
                    sets.insert("syncable_id", Datum::Int(linked));
                }
                cx.change(STATES, &[Look::Equal("id", Datum::Int(state))], sets)?;
                state
            }
            None => {
                sets.extend([
                    ("integration_uuid", Datum::Text(integration.clone())),
                    ("resource_syncable_type", Datum::Text(name.0.clone())),
                    ("sync_type", Datum::Text(name.0.clone())),
                    ("external_identifier", Datum::Text(name.1.clone())),
                    ("syncable_id", linked.map_or(Datum::Null, Datum::Int)),
                ]);
                cx.add(STATES, sets)?
            }
        };
        states.insert(name.clone(), (state, linked.or(states.get(name).and_then(|(_, before)| *before))));
        let sets = Sets::from([("status", Datum::Text(result)), ("error_messages", Datum::Text(problems))]);
        let id = match known.get(&state) {
            Some(id) => {
                cx.change(PATH, &[Look::Equal("id", Datum::Int(*id))], sets)?;
                *id
            }
            None => {
                let mut sets = sets;
                sets.extend([("sync_run_id", Datum::Int(run)), ("syncable_state_id", Datum::Int(state))]);
                cx.add(PATH, sets)?
            }
        };
        known.insert(state, id);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    sync_run::settle(cx, run)?;
    Ok(Answer::Objects(ids))
}

/// Values of one condition at most.
const CHUNK: usize = 500;

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Failed = "failed",
        Invalid = "invalid",
        Running = "running",
        Success = "success",
    }
}

registry::choice! {
    /// The values of `status`.
    pub enum UpdateStatus {
        Failed = "failed",
        Invalid = "invalid",
        Success = "success",
    }
}

/// The objects of `error_messages`.
#[derive(Debug, Object)]
pub struct ErrorMessage {
    /// What the problem concerns, such as a field name.
    pub key: String,
    /// Explanation of the problem.
    pub value: String,
}

/// The objects of `items`.
#[derive(Debug, Object)]
pub struct Item {
    /// What the external system calls the record.
    pub external_identifier: String,
    /// Kind of record, written as namespace and resource.
    pub syncable_type: SyncableType,
    /// Result for the record.
    pub status: Status,
    /// Record here that it belongs to. An existing link cannot change.
    pub syncable_id: Option<Id<Anything>>,
    /// Problems met, by what they concern.
    pub error_messages: Option<Map>,
}

registry::choice! {
    /// The values of `syncable_type`.
    pub enum SyncableType {
        CompensationsCompensation = "compensations/compensation",
        EmployeeUpdatesContractChange = "employee_updates/contract_change",
        EmployeeUpdatesLeave = "employee_updates/leave",
        EmployeeUpdatesNewHire = "employee_updates/new_hire",
        EmployeeUpdatesPersonalChangeAcademicTitle = "employee_updates/personal_change_academic_title",
        EmployeeUpdatesPersonalChangeAddress = "employee_updates/personal_change_address",
        EmployeeUpdatesPersonalChangeBank = "employee_updates/personal_change_bank",
        EmployeeUpdatesPersonalChangeBirthName = "employee_updates/personal_change_birth_name",
        EmployeeUpdatesPersonalChangeCountryOfBirth = "employee_updates/personal_change_country_of_birth",
        EmployeeUpdatesPersonalChangeEmail = "employee_updates/personal_change_email",
        EmployeeUpdatesPersonalChangeGender = "employee_updates/personal_change_gender",
        EmployeeUpdatesPersonalChangeHealthInsurance = "employee_updates/personal_change_health_insurance",
        EmployeeUpdatesPersonalChangeId = "employee_updates/personal_change_id",
        EmployeeUpdatesPersonalChangeIrpf = "employee_updates/personal_change_irpf",
        EmployeeUpdatesPersonalChangeName = "employee_updates/personal_change_name",
        EmployeeUpdatesPersonalChangeNationality = "employee_updates/personal_change_nationality",
        EmployeeUpdatesPersonalChangePermitsAndCertificates = "employee_updates/personal_change_permits_and_certificates",
        EmployeeUpdatesPersonalChangePhoneNumber = "employee_updates/personal_change_phone_number",
        EmployeeUpdatesPersonalChangePlaceOfBirth = "employee_updates/personal_change_place_of_birth",
        EmployeeUpdatesPersonalChangeResidence = "employee_updates/personal_change_residence",
        EmployeeUpdatesPersonalChangeTaxesAndDeductions = "employee_updates/personal_change_taxes_and_deductions",
        EmployeeUpdatesPersonalChangeWorkplace = "employee_updates/personal_change_workplace",
        EmployeeUpdatesPersonalChangeWorkActivity = "employee_updates/personal_change_work_activity",
        EmployeeUpdatesTermination = "employee_updates/termination",
        EmployeeUpdatesWorkedTime = "employee_updates/worked_time",
        ExpensesExpense = "expenses/expense",
        FinanceVendor = "finance/vendor",
    }
}

/// Reports the results of many records, adding those not yet known.
#[derive(Debug, Action)]
#[action(of = SyncableSyncRun, name = "bulk_upsert", since = "2026-10-01")]
pub struct BulkUpsert {
    /// Run that the results belong to.
    pub sync_run_id: Id<SyncRun>,
    /// Results, matched by external identifier and kind of record.
    pub items: Vec<Item>,
}
