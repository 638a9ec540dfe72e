//! `employee_updates/contract_changes`

use registry::{Anything, Date, Employee, Id, Instant, Resource};

use crate::contracts::Compensation;
use crate::contracts::FrenchContractType;
use crate::contracts::GermanContractType;
use crate::contracts::PortugueseContractType;
use crate::contracts::SpanishContractType;
use crate::contracts::SpanishEducationLevel;
use crate::contracts::SpanishProfessionalCategory;
use crate::contracts::SpanishWorkingDayType;

/// New contract conditions that payroll has to apply.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/contract_changes",
    object = "employee_updates_contract_change",
    permission = "employee_updates",
    subject = "employee_id",
    operations(list, read)
)]
pub struct ContractChange {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ContractChange>,
    /// How far payroll staff have dealt with the update.
    pub status: String,
    /// Day the new conditions begin.
    pub effective_on: Date,
    /// Whose contract changes.
    pub employee_id: Id<Employee>,
    /// Whether the person is paid through payroll.
    pub has_payroll: bool,
    /// France: whether work is counted in days per year.
    pub fr_forfait_jours: bool,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// First day of the contract.
    pub starts_on: Option<Date>,
    /// Last day of the contract, if it has one.
    pub ends_on: Option<Date>,
    /// Title of the job.
    pub job_title: Option<String>,
    /// Role in the job catalogue.
    pub job_role: Option<String>,
    /// Level within the role.
    pub job_level: Option<String>,
    /// Pay per period, in cents.
    #[field(sensitive = "salaries")]
    pub salary_amount: Option<i64>,
    /// Period that the pay is stated for.
    #[field(sensitive = "salaries")]
    pub salary_frequency: Option<String>,
    /// Weekdays on which the person works.
    pub working_week_days: Option<String>,
    /// Hours of work per period.
    pub working_hours: Option<i64>,
    /// Period that the working time is stated for.
    pub working_hours_frequency: Option<String>,
    /// Country whose law governs the contract.
    pub country: Option<String>,
    /// Spain: whether remote work is agreed.
    pub es_has_teleworking_contract: Option<bool>,
    /// Spain: number of the social security contribution group.
    pub es_cotization_group: Option<i64>,
    /// Spain: remarks on the contract.
    pub es_contract_observations: Option<String>,
    /// Spain: what the job consists of.
    pub es_job_description: Option<String>,
    /// Spain: type of contract.
    pub es_contract_type_id: Option<Id<SpanishContractType>>,
    /// Spain: name of the contract type.
    pub es_contract_type_name: Option<String>,
    /// Spain: last day of probation.
    pub es_trial_period_ends_on: Option<Date>,
    /// Spain: type of working day, such as part time.
    pub es_working_day_type_id: Option<Id<SpanishWorkingDayType>>,
    /// Spain: level of schooling.
    pub es_education_level_id: Option<Id<SpanishEducationLevel>>,
    /// Spain: occupational category.
    pub es_professional_category_id: Option<Id<SpanishProfessionalCategory>>,
    /// France: class of employee.
    pub fr_employee_type: Option<String>,
    /// France: days to work per year.
    pub fr_jours_par_an: Option<i64>,
    /// France: coefficient in the collective agreement.
    pub fr_coefficient: Option<String>,
    /// France: level in the collective agreement.
    pub fr_level_id: Option<Id<Anything>>,
    /// France: name of that level.
    pub fr_level_name: Option<String>,
    /// France: step within the level.
    pub fr_step_id: Option<Id<Anything>>,
    /// France: name of that step.
    pub fr_step_name: Option<String>,
    /// France: supplementary health insurer.
    pub fr_mutual_id: Option<Id<Anything>>,
    /// France: name of the supplementary health insurer.
    pub fr_mutual_name: Option<String>,
    /// France: occupational category.
    pub fr_professional_category_id: Option<Id<Anything>>,
    /// France: name of the occupational category.
    pub fr_professional_category_name: Option<String>,
    /// France: type of working time.
    pub fr_work_type_id: Option<Id<Anything>>,
    /// France: name of the type of working time.
    pub fr_work_type_name: Option<String>,
    /// Extra pay items agreed in the contract.
    pub compensation_ids: Option<Vec<Id<Compensation>>>,
    /// France: type of contract.
    pub fr_contract_type_id: Option<Id<FrenchContractType>>,
    /// France: name of the contract type.
    pub fr_contract_type_name: Option<String>,
    /// Germany: type of contract.
    pub de_contract_type_id: Option<Id<GermanContractType>>,
    /// Germany: name of the contract type.
    pub de_contract_type_name: Option<String>,
    /// Portugal: type of contract.
    pub pt_contract_type_id: Option<Id<PortugueseContractType>>,
    /// Portugal: name of the contract type.
    pub pt_contract_type_name: Option<String>,
}
