//! `integrations/syncable_states`

use super::syncable_sync_run::ErrorMessage;
use registry::{Anything, Id, Instant, Resource};

/// Where a record stands in its synchronization with an external system.
#[derive(Debug, Resource)]
#[resource(
    path = "integrations/syncable_states",
    object = "integrations_syncable_state",
    permission = "integrations",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
pub struct SyncableState {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SyncableState>,
    /// Resource that holds the linked record, as namespace and resource.
    #[field(filter(eq = "resource_syncable_type"))]
    pub resource_syncable_type: String,
    /// Marketplace integration that synchronizes the record.
    #[field(filter(eq = "integration_uuid"))]
    pub integration_uuid: String,
    /// Whether the external system has the current data.
    pub status: Status,
    /// Problems that the external system reported.
    pub error_messages: Vec<ErrorMessage>,
    /// Moment when the status last changed.
    pub status_updated_at: Instant,
    /// What is synchronized, which may differ from the linked resource.
    pub sync_type: SyncType,
    /// Linked record, within the resource named beside it.
    #[field(filter(any = "syncable_ids[]"))]
    pub syncable_id: Option<Id<Anything>>,
    /// What the external system calls the record.
    pub external_identifier: Option<String>,
    /// Moment when the linked record was deleted.
    pub syncable_deleted_at: Option<Instant>,
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Failed = "failed",
        Invalid = "invalid",
        Outdated = "outdated",
        Synced = "synced",
        Syncing = "syncing",
    }
}

registry::choice! {
    /// The values of `sync_type`.
    pub enum SyncType {
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
