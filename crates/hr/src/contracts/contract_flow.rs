//! `contracts/legal_entity_changes`

use access::{Denied, Permission};
use engine::{Body, Code, Context, Error, Sets};
use registry::{Anything, Date, Employee, Id, Instant, Object, Resource};
use serde_json::Value;
use storage::Datum;

use super::contract_version::{
    AnnualWorkingTimeDistribution, BankHolidayTreatment, CountryDataInput, VersionData,
};
use super::versions;
use crate::bookkeepers_management::incidence;
use crate::companies::LegalEntity;
use crate::compensations::Concept;
use crate::contracts::Contract;
use crate::contracts::ContractVersion;
use crate::contracts::FrenchContractType;
use crate::contracts::GermanContractType;
use crate::contracts::PortugueseContractType;
use crate::contracts::SpanishContractType;
use crate::contracts::SpanishEducationLevel;
use crate::contracts::SpanishProfessionalCategory;
use crate::contracts::SpanishWorkingDayType;
use crate::job_catalog::Level;

/// Move of an employee to another legal entity, under a new contract.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/legal_entity_changes",
    object = "contracts_contract_flow",
    permission = "contracts",
    computed,
    subject = "employee_id",
    operations(create(since = "2026-10-01"))
)]
pub struct ContractFlow {
    /// Contract version that the move created.
    #[field(derived)]
    pub contract_version_id: Id<ContractVersion>,
    /// Employee the conditions apply to.
    #[field(derived)]
    pub employee_id: Id<Employee>,
    /// First day on which these conditions hold.
    #[field(derived)]
    pub effective_on: Date,
    /// Whether the employee is included in a payroll policy.
    #[field(default = false)]
    pub has_payroll: bool,
    /// Whether public holidays count as working days or as days off.
    #[field(default = "non_workable")]
    pub bank_holiday_treatment: BankHolidayTreatment,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// France: whether work is measured in a yearly number of days.
    #[field(default = false)]
    pub fr_forfait_jours: bool,
    /// Contract that this version is part of.
    pub contracts_contract_id: Option<Id<Contract>>,
    /// Two-letter country code tied to the contract.
    pub country: Option<String>,
    /// Name of the position held.
    pub job_title: Option<String>,
    /// Level of the job catalog held.
    pub job_catalog_level_id: Option<Id<Level>>,
    /// Node of the job catalog held; only level nodes are accepted.
    pub job_catalog_tree_node_uuid: Option<String>,
    /// First day of the contract.
    pub starts_on: Option<Date>,
    /// Last day of the contract. Empty when no end is agreed.
    pub ends_on: Option<Date>,
    /// Whether a trial period was agreed at any time.
    pub has_trial_period: Option<bool>,
    /// Last day of the trial period, independent of the contract end.
    pub trial_period_ends_on: Option<Date>,
    /// Gross pay in cents for each salary period.
    #[field(sensitive = "salaries")]
    pub salary_amount: Option<i64>,
    /// Period that the pay amount covers.
    #[field(sensitive = "salaries")]
    pub salary_frequency: Option<String>,
    /// Weekdays on which work is done.
    pub working_week_days: Option<String>,
    /// Agreed working time for each period of working hours.
    pub working_hours: Option<i64>,
    /// Period that the agreed working time covers.
    pub working_hours_frequency: Option<String>,
    /// Upper limit of working time within one year.
    pub max_legal_yearly_hours: Option<i64>,
    /// Upper limit of working time within one week.
    pub maximum_weekly_hours: Option<i64>,
    /// Share of full-time work, in hundredths of a percent.
    pub working_time_percentage_in_cents: Option<i64>,
    /// Whether the yearly limit is spread by daily hours or by workdays.
    pub annual_working_time_distribution: Option<AnnualWorkingTimeDistribution>,
    /// Shortest rest between two workdays, in minutes.
    pub min_rest_minutes_between_days: Option<i64>,
    /// Longest working time in one day, in minutes.
    pub max_work_minutes_per_day: Option<i64>,
    /// Most consecutive days that may be worked.
    pub max_work_days_in_row: Option<i64>,
    /// Shortest uninterrupted rest, in hours.
    pub min_rest_hours_in_row: Option<i64>,
    /// Details that only exist in the country concerned.
    pub version_data: Option<VersionData>,
    /// Spain: whether remote work was agreed.
    pub es_has_teleworking_contract: Option<bool>,
    /// Spain: tariff group for social security contributions.
    pub contracts_es_tariff_group_id: Option<Id<Anything>>,
    /// Spain: number of the social security contribution group.
    pub es_cotization_group: Option<i64>,
    /// Spain: remarks about the contract.
    pub es_contract_observations: Option<String>,
    /// Spain: description of the duties.
    pub es_job_description: Option<String>,
    /// Spain: type of contract.
    pub es_contract_type_id: Option<Id<SpanishContractType>>,
    /// Spain: type of working day.
    pub es_working_day_type_id: Option<Id<SpanishWorkingDayType>>,
    /// Spain: education level of the employee.
    pub es_education_level_id: Option<Id<SpanishEducationLevel>>,
    /// Spain: professional category of the employee.
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
    pub de_base_salary_type_id: Option<Id<Concept>>,
    /// Portugal: type of contract.
    pub pt_contract_type_id: Option<Id<PortugueseContractType>>,
    /// Legal entity that the employee moves to.
    #[field(input, create(required))]
    pub target_legal_entity_id: Option<Id<LegalEntity>>,
    /// Conditions of the new contract.
    #[field(input, create(required))]
    pub contract_details: Option<ContractDetail>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { make: Some(change), ..Code::of(PATH) };

const PATH: &str = "contracts/legal_entity_changes";

/// The present contract ends the day before; the person belongs to the other legal entity from the first day of the new
/// one.
fn change(cx: &mut Context<'_, '_>, given: &Sets) -> Result<Sets, Error> {
    let Some(Datum::Int(entity)) = given.get("target_legal_entity_id") else { return Err(Error::NotFound) };
    let Some(Datum::Text(details)) = given.get("contract_details") else { return Err(Error::NotFound) };
    let mut body: Body = serde_json::from_str(details).unwrap_or_default();
    let employee = body.get("employee_id").and_then(engine::id_of).ok_or(Error::NotFound)?;
    let day = body.get("effective_on").and_then(Value::as_str).and_then(|day| day.parse().ok());
    let day = day.ok_or_else(|| Error::invalid("contract_details.effective_on", "It must be a day."))?;
    allowed(cx, employee, &body)?;
    versions::transfer(cx, employee, *entity, day)?;
    body.retain(|_, value| !value.is_null());
    body.insert("starts_on".to_owned(), day.to_string().into());
    let version = cx.make(cx.plan(versions::PATH)?, &body)?;
    let about = incidence::Note::about(incidence::ENTITY, "Contracts::ContractVersion", version, employee);
    incidence::note(cx, &incidence::Note { starts_on: Some(day), ..about })?;
    let row = cx.objects(versions::PATH, vec![version])?.remove(&version).ok_or(Error::NotFound)?;
    let fields = cx.plan(PATH)?.resource().fields.iter().map(|field| field.member.name);
    let mut sets: Sets = fields.map(|name| (name, row.get(name).clone())).collect();
    sets.insert("contract_version_id", Datum::Int(version));
    Ok(sets)
}

/// Whoever moves somebody may change both his contract and his place in the company; the pay is guarded by itself.
fn allowed(cx: &mut Context<'_, '_>, employee: i64, details: &Body) -> Result<(), Error> {
    let pay = ["salary_amount", "salary_frequency"].iter().any(|member| details.contains_key(*member));
    let guards = [Some("contracts.create"), Some("structure.edit"), pay.then_some("salaries.edit")];
    for permission in guards.into_iter().flatten().filter_map(Permission::parse) {
        if !cx.people_with(Some(permission), Some(vec![employee]))?.contains(&employee) {
            return Err(Denied::Permission(permission).into());
        }
    }
    Ok(())
}

/// The objects of `contract_details`.
#[derive(Debug, Object)]
pub struct ContractDetail {
    /// First day on which these conditions hold.
    pub effective_on: Date,
    /// Employee the conditions apply to.
    pub employee_id: Id<Employee>,
    /// Last day of the contract. Empty when no end is agreed.
    pub ends_on: Option<Date>,
    /// Whether a trial period was agreed at any time.
    pub has_trial_period: Option<bool>,
    /// Node of the job catalog held; only level nodes are accepted.
    pub job_catalog_tree_node_uuid: Option<String>,
    /// Name of the position held.
    pub job_title: Option<String>,
    /// Gross pay in cents for each salary period.
    pub salary_amount: Option<i64>,
    /// Period that the pay amount covers.
    pub salary_frequency: Option<String>,
    /// Last day of the trial period, independent of the contract end.
    pub trial_period_ends_on: Option<Date>,
    /// Agreed working time for each period of working hours.
    pub working_hours: Option<i64>,
    /// Period that the agreed working time covers.
    pub working_hours_frequency: Option<String>,
    /// Weekdays on which work is done.
    pub working_week_days: Option<String>,
    /// Upper limit of working time within one year.
    pub max_legal_yearly_hours: Option<i64>,
    /// Upper limit of working time within one week.
    pub maximum_weekly_hours: Option<i64>,
    /// Whether public holidays count as working days or as days off.
    pub bank_holiday_treatment: Option<BankHolidayTreatment>,
    /// Share of full-time work, in hundredths of a percent.
    pub working_time_percentage_in_cents: Option<i64>,
    /// Whether the yearly limit is spread by daily hours or by workdays.
    pub annual_working_time_distribution: Option<AnnualWorkingTimeDistribution>,
    /// Germany: payroll concept used for the base salary.
    pub de_base_salary_type_id: Option<Id<Concept>>,
    /// Values for fields that depend on the country.
    pub country_data_inputs: Option<Vec<CountryDataInput>>,
}
