//! `contracts/reference_contracts`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets};
use registry::{Anything, Company, Date, Employee, Id, Instant, Resource};

use storage::Datum;

use super::contract_version::{AnnualWorkingTimeDistribution, BankHolidayTreatment, VersionData};
use crate::compensations::Concept;
use crate::contracts::Contract;
use crate::contracts::FrenchContractType;
use crate::contracts::GermanContractType;
use crate::contracts::PortugueseContractType;
use crate::contracts::SpanishContractType;
use crate::contracts::SpanishEducationLevel;
use crate::contracts::SpanishProfessionalCategory;
use crate::contracts::SpanishWorkingDayType;
use crate::employees::lifecycle::id;
use crate::job_catalog::Level;

/// Contract version that represents an employee today.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/reference_contracts",
    object = "contracts_contract_version",
    permission = "contracts",
    computed,
    subject = "employee_id",
    operations(list)
)]
pub struct ReferenceContract {
    /// Identifies it, for good.
    pub id: Id<ReferenceContract>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Employee the conditions apply to.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// First day on which these conditions hold.
    pub effective_on: Date,
    /// Whether the employee is included in a payroll policy.
    pub has_payroll: bool,
    /// Whether public holidays count as working days or as days off.
    pub bank_holiday_treatment: BankHolidayTreatment,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// France: whether work is measured in a yearly number of days.
    pub fr_forfait_jours: bool,
    /// Two-letter country code tied to the contract.
    pub country: Option<String>,
    /// Contract that this version is part of.
    #[field(since = "2026-10-01")]
    pub contracts_contract_id: Option<Id<Contract>>,
    /// Name of the position held.
    pub job_title: Option<String>,
    /// Level of the job catalog held.
    pub job_catalog_level_id: Option<Id<Level>>,
    /// Node of the job catalog held; only level nodes are accepted.
    #[field(filter(any = "job_catalog_tree_node_uuids[]"(required)))]
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
    /// Currency code of the pay, taken from the legal entity.
    #[field(sensitive = "salaries", derived, since = "2026-10-01")]
    pub salary_currency: Option<String>,
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
    /// Details that only exist in the country concerned.
    #[field(since = "2026-07-01")]
    pub version_data: Option<VersionData>,
    /// Shortest rest between two workdays, in minutes.
    pub min_rest_minutes_between_days: Option<i64>,
    /// Longest working time in one day, in minutes.
    pub max_work_minutes_per_day: Option<i64>,
    /// Most consecutive days that may be worked.
    pub max_work_days_in_row: Option<i64>,
    /// Shortest uninterrupted rest, in hours.
    pub min_rest_hours_in_row: Option<i64>,
    /// Spain: whether remote work was agreed.
    pub es_has_teleworking_contract: Option<bool>,
    /// Spain: number of the social security contribution group.
    pub es_cotization_group: Option<i64>,
    /// Spain: tariff group for social security contributions.
    pub contracts_es_tariff_group_id: Option<Id<Anything>>,
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
}

/// How it is worked out.
pub(crate) const CODE: Code =
    Code { compute: Some(Compute { key: engine::number, keys, rows }), ..Code::of(PATH) };

const PATH: &str = "contracts/reference_contracts";

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    let people: Vec<i64> = cx.people(ask.ids("employee_ids"))?.into_iter().collect();
    let nodes = ask.texts("job_catalog_tree_node_uuids");
    let wanted = |version: &engine::Object| match &nodes {
        Some(nodes) => version.text("job_catalog_tree_node_uuid").is_some_and(|uuid| nodes.contains(&uuid)),
        None => true,
    };
    let versions = super::reference(cx, &people)?;
    let mut keys: Vec<Key> = versions.values().filter(|v| wanted(v)).map(|v| (id(v), 0)).collect();
    keys.sort_unstable();
    Ok(keys)
}

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let versions = cx.objects(super::versions::PATH, keys.iter().map(|(id, _)| *id).collect())?;
    let currencies = super::currency::by_version(cx, &versions.values().cloned().collect::<Vec<_>>())?;
    let fields = cx.plan(PATH)?.resource().fields;
    let row = |(key, _): &Key| {
        let mut sets = Sets::new();
        if let Some(version) = versions.get(key) {
            sets.extend(
                fields.iter().map(|field| (field.member.name, version.get(field.member.name).clone())),
            );
        }
        sets.insert("salary_currency", currencies.get(key).cloned().map_or(Datum::Null, Datum::Text));
        sets
    };
    Ok(keys.iter().map(row).collect())
}
