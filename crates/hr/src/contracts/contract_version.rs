//! `contracts/contract_versions`

use engine::{Code, Derived};
use registry::{Anything, Company, Date, Employee, Id, Instant, Object, Resource};

use crate::compensations::Concept;
use crate::contracts::Contract;
use crate::contracts::FrenchContractType;
use crate::contracts::GermanContractType;
use crate::contracts::PortugueseContractType;
use crate::contracts::SpanishContractType;
use crate::contracts::SpanishEducationLevel;
use crate::contracts::SpanishProfessionalCategory;
use crate::contracts::SpanishWorkingDayType;
use crate::job_catalog::Level;

/// Conditions of an employee's contract from a certain day on.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/contract_versions",
    object = "contracts_contract_version",
    permission = "contracts",
    subject = "employee_id",
    operations(list, read, create, update, delete),
    events("create", "delete", "update")
)]
pub struct ContractVersion {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ContractVersion>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Employee the conditions apply to.
    #[field(create(required), update, filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// First day on which these conditions hold.
    #[field(create(required), update, filter(to = "date"(as = String)))]
    pub effective_on: Date,
    /// Whether the employee is included in a payroll policy.
    #[field(default = false)]
    pub has_payroll: bool,
    /// Whether public holidays count as working days or as days off.
    #[field(create, update, default = "non_workable")]
    pub bank_holiday_treatment: BankHolidayTreatment,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    #[field(filter(from = "updated_at_gteq"(as = String)), filter(to = "updated_at_lteq"(as = String)))]
    pub updated_at: Instant,
    /// France: whether work is measured in a yearly number of days.
    #[field(default = false)]
    pub fr_forfait_jours: bool,
    /// Two-letter country code tied to the contract.
    pub country: Option<String>,
    /// Contract that this version is part of.
    #[field(since = "2026-10-01")]
    pub contracts_contract_id: Option<Id<Contract>>,
    /// Name of the position held.
    #[field(create, update)]
    pub job_title: Option<String>,
    /// Level of the job catalog held.
    pub job_catalog_level_id: Option<Id<Level>>,
    /// Node of the job catalog held; only level nodes are accepted.
    #[field(create, update, filter(any = "job_catalog_tree_node_uuids[]"(required)))]
    pub job_catalog_tree_node_uuid: Option<String>,
    /// First day of the contract.
    #[field(create(required), update)]
    pub starts_on: Option<Date>,
    /// Last day of the contract. Empty when no end is agreed.
    #[field(create, update)]
    pub ends_on: Option<Date>,
    /// Whether a trial period was agreed at any time.
    #[field(create, update)]
    pub has_trial_period: Option<bool>,
    /// Last day of the trial period, independent of the contract end.
    #[field(create, update)]
    pub trial_period_ends_on: Option<Date>,
    /// Gross pay in cents for each salary period.
    #[field(sensitive = "salaries", create, update)]
    pub salary_amount: Option<i64>,
    /// Currency code of the pay, taken from the legal entity.
    #[field(sensitive = "salaries", derived, since = "2026-10-01")]
    pub salary_currency: Option<String>,
    /// Period that the pay amount covers.
    #[field(sensitive = "salaries", create, update)]
    pub salary_frequency: Option<String>,
    /// Weekdays on which work is done.
    #[field(create, update)]
    pub working_week_days: Option<String>,
    /// Agreed working time for each period of working hours.
    #[field(create, update)]
    pub working_hours: Option<i64>,
    /// Period that the agreed working time covers.
    #[field(create, update)]
    pub working_hours_frequency: Option<String>,
    /// Upper limit of working time within one year.
    #[field(create)]
    pub max_legal_yearly_hours: Option<i64>,
    /// Upper limit of working time within one week.
    #[field(create)]
    pub maximum_weekly_hours: Option<i64>,
    /// Share of full-time work, in hundredths of a percent.
    #[field(create, update)]
    pub working_time_percentage_in_cents: Option<i64>,
    /// Whether the yearly limit is spread by daily hours or by workdays.
    #[field(create, update)]
    pub annual_working_time_distribution: Option<AnnualWorkingTimeDistribution>,
    /// Details that only exist in the country concerned.
    #[field(since = "2026-07-01")]
    pub version_data: Option<VersionData>,
    /// Shortest rest between two workdays, in minutes.
    #[field(create)]
    pub min_rest_minutes_between_days: Option<i64>,
    /// Longest working time in one day, in minutes.
    #[field(create)]
    pub max_work_minutes_per_day: Option<i64>,
    /// Most consecutive days that may be worked.
    #[field(create)]
    pub max_work_days_in_row: Option<i64>,
    /// Shortest uninterrupted rest, in hours.
    #[field(create)]
    pub min_rest_hours_in_row: Option<i64>,
    /// Spain: whether remote work was agreed.
    pub es_has_teleworking_contract: Option<bool>,
    /// Spain: number of the social security contribution group.
    #[field(update)]
    pub es_cotization_group: Option<i64>,
    /// Spain: tariff group for social security contributions.
    pub contracts_es_tariff_group_id: Option<Id<Anything>>,
    /// Spain: remarks about the contract.
    pub es_contract_observations: Option<String>,
    /// Spain: description of the duties.
    pub es_job_description: Option<String>,
    /// Spain: type of contract.
    #[field(update)]
    pub es_contract_type_id: Option<Id<SpanishContractType>>,
    /// Spain: type of working day.
    #[field(update)]
    pub es_working_day_type_id: Option<Id<SpanishWorkingDayType>>,
    /// Spain: education level of the employee.
    #[field(update)]
    pub es_education_level_id: Option<Id<SpanishEducationLevel>>,
    /// Spain: professional category of the employee.
    #[field(update)]
    pub es_professional_category_id: Option<Id<SpanishProfessionalCategory>>,
    /// France: kind of employee.
    pub fr_employee_type: Option<String>,
    /// France: days to work in a year.
    pub fr_jours_par_an: Option<i64>,
    /// France: coefficient from the collective agreement.
    pub fr_coefficient: Option<String>,
    /// France: type of contract.
    pub fr_contract_type_id: Option<Id<FrenchContractType>>,
    /// France: level within the classification.
    pub fr_level_id: Option<Id<Anything>>,
    /// France: step within the level.
    pub fr_step_id: Option<Id<Anything>>,
    /// France: complementary health insurance.
    pub fr_mutual_id: Option<Id<Anything>>,
    /// France: professional category of the employee.
    pub fr_professional_category_id: Option<Id<Anything>>,
    /// France: type of work.
    pub fr_work_type_id: Option<Id<Anything>>,
    /// Germany: type of contract.
    pub de_contract_type_id: Option<Id<GermanContractType>>,
    /// Germany: payroll concept used for the base salary.
    #[field(create, update)]
    pub de_base_salary_type_id: Option<Id<Concept>>,
    /// Portugal: type of contract.
    pub pt_contract_type_id: Option<Id<PortugueseContractType>>,
    /// Whether unstated conditions are taken from the version in force.
    #[field(input, create)]
    pub copy_current_contract_version: Option<bool>,
    /// Values for fields that depend on the country.
    #[field(input, create(since = "2026-10-01"), update(since = "2026-10-01"))]
    pub country_data_inputs: Option<Vec<CountryDataInput>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::page("salary_currency", super::currency::of_versions)],
    rule: Some(super::versions::rule),
    effect: Some(super::versions::effect),
    removal: Some(super::versions::removal),
    ..Code::of("contracts/contract_versions")
};

registry::choice! {
    /// The values of `bank_holiday_treatment`.
    pub enum BankHolidayTreatment {
        NonWorkable = "non_workable",
        Workable = "workable",
    }
}

registry::choice! {
    /// The values of `annual_working_time_distribution`.
    pub enum AnnualWorkingTimeDistribution {
        LimitDailyHours = "limit_daily_hours",
        LimitWorkdays = "limit_workdays",
    }
}

/// The objects of `version_data`.
#[derive(Debug, Object)]
pub struct VersionData {
    /// Values that follow the rules of one country.
    pub country_data: Option<CountryData>,
}

/// The objects of `country_data`.
#[derive(Debug, Object)]
pub struct CountryData {
    /// Country whose rules the values follow.
    pub country: String,
    /// Values set for the country's fields.
    pub fields: Vec<Field>,
    /// Template parts from which the fields were put together.
    pub template_fragments: TemplateFragment,
}

/// The objects of `fields`.
#[derive(Debug, Object)]
pub struct Field {
    /// Field name as shown to people.
    pub name: String,
    /// Technical name of the country field.
    pub field_name: String,
    /// Option chosen for the field.
    pub value_id: Id<Anything>,
    /// Text of the chosen option.
    pub value_label: Option<String>,
}

/// The objects of `template_fragments`.
#[derive(Debug, Object)]
pub struct TemplateFragment {
    /// Part that the company defines.
    pub company_fragment_id: Option<Id<Anything>>,
    /// Part that the country defines.
    pub country_fragment_id: Option<Id<Anything>>,
    /// Part that the legal entity defines.
    pub legal_entity_fragment_id: Option<Id<Anything>>,
}

/// The objects of `country_data_inputs`.
#[derive(Debug, Object)]
pub struct CountryDataInput {
    /// Technical name of the country field.
    pub field_name: String,
    /// Option chosen for the field.
    pub value_id: Id<Anything>,
    /// Payroll integration that supplied the option, if any.
    pub integration_source: Option<String>,
    /// Text for an option the integration has not stored here yet.
    pub label: Option<String>,
}
