//! `contracts/contract_version_histories`

use std::collections::BTreeMap;

use engine::{Code, Context, Error, Narrow, Object};
use registry::{Anything, Date, Employee, Id, Instant, Resource};
use storage::{Datum, Look};

use super::rules;
use crate::compensations::Concept;
use crate::contracts::ContractVersion;
use crate::contracts::FrenchContractType;
use crate::contracts::GermanContractType;
use crate::contracts::PortugueseContractType;
use crate::contracts::SpanishContractType;
use crate::contracts::SpanishEducationLevel;
use crate::contracts::SpanishProfessionalCategory;
use crate::contracts::SpanishWorkingDayType;
use crate::job_catalog::Level;

/// Recorded state of a contract version after a change.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/contract_version_histories",
    object = "contracts_contract_version_history",
    permission = "contracts",
    subject = "employee_id",
    operations(list, read)
)]
#[parameter(name = "current_on", as = Date, doc = "Restricts the list to the states in force on this day.")]
pub struct ContractVersionHistory {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ContractVersionHistory>,
    /// Employee the conditions apply to.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// First day on which these conditions hold.
    pub effective_on: Date,
    /// Whether the employee is included in a payroll policy.
    pub has_payroll: bool,
    /// Contract version whose state was recorded.
    #[field(filter(any = "contract_version_ids[]"))]
    pub original_contract_version_id: Id<Anything>,
    /// When the change was made.
    #[field(filter(to = "changes_lteq"(as = String)), filter(from = "changes_gteq"(as = String)))]
    pub changed_at: Instant,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// France: whether work is measured in a yearly number of days.
    pub fr_forfait_jours: bool,
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
    /// Contract version as it exists now.
    pub contracts_contract_version_id: Option<Id<ContractVersion>>,
    /// Last day of the trial period, independent of the contract end.
    pub trial_period_ends_on: Option<Date>,
    /// Whether a trial period was agreed at any time.
    pub has_trial_period: Option<bool>,
    /// Who made the change.
    pub author: Option<String>,
    /// Kind of change that was made.
    pub action_type: Option<String>,
    /// Corrected working time of one day, in minutes.
    pub adjusted_daily_minutes: Option<i64>,
    /// Spain: whether remote work was agreed.
    pub es_has_teleworking_contract: Option<bool>,
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
    /// Spain: type of social security contribution.
    pub es_contribution_type_id: Option<Id<Anything>>,
    /// Spain: code of the collective agreement.
    pub es_agreement_code_id: Option<Id<Anything>>,
    /// Spain: occupation in the national classification.
    pub es_cno_occupation_id: Option<Id<Anything>>,
    /// Spain: tariff group for social security contributions.
    pub es_tariff_group_id: Option<Id<Anything>>,
    /// Spain: occupation code used by social security.
    pub es_occupation_code_id: Option<Id<Anything>>,
    /// Spain: classification of the employee.
    pub es_classification_id: Option<Id<Anything>>,
    /// France: kind of employee.
    pub fr_employee_type: Option<String>,
    /// France: days to work in a year.
    pub fr_jours_par_an: Option<i64>,
    /// France: days to work in a year, in hundredths of a day.
    pub fr_jours_par_an_cents: Option<i64>,
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
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { filters: &[("current_on", Narrow::Code(current_on))], ..Code::of(PATH) };

const PATH: &str = "contracts/contract_version_histories";

/// For each person the last known state of the version that holds on a day.
fn current_on(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let day: Result<Date, _> = values.last().map_or("", String::as_str).parse();
    let Ok(day) = day else { return Err(Error::invalid("current_on", "It must be a day.")) };
    let people: Vec<i64> = cx.people(None)?.into_iter().collect();
    let versions = super::versions::chosen(cx, &people, |_, versions| rules::in_force(versions, day))?;
    let versions: Vec<Object> = versions.into_values().collect();
    let mut last: BTreeMap<i64, i64> = BTreeMap::new();
    for state in cx.referring(PATH, "contracts_contract_version_id", &versions)? {
        let (Some(version), Some(id)) = (state.int("contracts_contract_version_id"), state.int("id")) else {
            continue;
        };
        last.entry(version).and_modify(|newest| *newest = id.max(*newest)).or_insert(id);
    }
    Ok(vec![Look::OneOf("id", last.into_values().map(Datum::Int).collect())])
}
