//! `integrations/syncable_sync_runs`

use engine::{Code, Context, Draft, Error};
use registry::{Action, Anything, Company, Id, Map, Object, Resource};
use serde_json::{Map as Members, Value, json};
use storage::Datum;

use crate::integrations::SyncRun;
use crate::integrations::SyncableState;

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
pub(crate) const CODE: Code = Code { rule: Some(rule), ..Code::of("integrations/syncable_sync_runs") };

/// Bodies give the problems by what they concern; answers list them.
fn rule(_: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let Some(Datum::Text(given)) = draft.sets.get("error_messages") else { return Ok(()) };
    let Ok(given) = serde_json::from_str::<Members<String, Value>>(given) else { return Ok(()) };
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let listed = given.into_iter().map(|(key, value)| json!({ "key": key, "value": text(value) }));
    draft.sets.insert("error_messages", Datum::Text(listed.collect::<Value>().to_string()));
    Ok(())
}

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
