//! What the events `contracts/contract_version_request/...` tell.

use registry::{Anything, Company, Date, Employee, Event, Id, Instant, Notice, Object, Typed};

/// A wish that somebody's contract changes, on its way to whoever decides.
#[derive(Debug, Object)]
pub struct ContractVersionRequest {
    /// Employee whose conditions are to change.
    pub employee_id: Id<Employee>,
    /// First day on which the new conditions are to hold.
    pub effective_on: Date,
    /// Whether the employee is included in a payroll policy.
    pub has_payroll: bool,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// What became of the request so far.
    pub status: Status,
    /// France: whether work is measured in a yearly number of days.
    pub fr_forfait_jours: bool,
    /// Identifies the request.
    pub id: Option<Id<Anything>>,
    /// The company that it belongs to.
    pub company_id: Option<Id<Company>>,
    /// Two-letter country code tied to the contract.
    pub country: Option<String>,
    /// Name of the position held.
    pub job_title: Option<String>,
    /// Level of the job catalog held.
    pub job_catalog_level_id: Option<Id<Anything>>,
    /// Name of the job catalog level.
    pub job_catalog_level_name: Option<String>,
    /// Job catalog level.
    pub job_catalog_level: Option<String>,
    /// Job catalog role.
    pub job_catalog_role: Option<String>,
    /// Identifier of the job catalog role.
    pub job_catalog_role_id: Option<Id<Anything>>,
    /// Node of the job catalog held; only level nodes are accepted.
    pub job_catalog_tree_node_uuid: Option<String>,
    /// First day of the contract.
    pub starts_on: Option<Date>,
    /// Last day of the contract. Empty when no end is agreed.
    pub ends_on: Option<Date>,
    /// Has payroll policies.
    pub has_payroll_policies: Option<bool>,
    /// Whether a trial period was agreed at any time.
    pub has_trial_period: Option<bool>,
    /// Last day of the trial period, independent of the contract end.
    pub trial_period_ends_on: Option<Date>,
    /// Gross pay in cents for each salary period.
    pub salary_amount: Option<i64>,
    /// Period that the pay amount covers.
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
    /// Corrected working time of one day, in minutes.
    pub adjusted_daily_minutes: Option<i64>,
    /// Name of whoever asked.
    pub created_by_name: Option<String>,
    /// Picture of whoever asked.
    pub created_by_avatar: Option<String>,
    /// What the request is for, such as a promotion.
    pub action_type: Option<String>,
    /// What whoever asked wrote about it.
    pub request_details: Option<String>,
    /// People who may decide.
    pub approvers_ids: Vec<Id<Anything>>,
    /// Person who decided.
    pub approval_author_id: Option<Id<Anything>>,
    /// When approval was asked for.
    pub approval_request_created_at: Option<Instant>,
    /// What was decided last.
    pub approval_action_type: Option<String>,
    /// Spain: whether remote work was agreed.
    pub es_has_teleworking_contract: Option<bool>,
    /// Spain: number of the social security contribution group.
    pub es_cotization_group: Option<i64>,
    /// Spain: remarks about the contract.
    pub es_contract_observations: Option<String>,
    /// Spain: description of the duties.
    pub es_job_description: Option<String>,
    /// Spain: type of contract.
    pub es_contract_type_id: Option<Id<Anything>>,
    /// Name of the contract type in Spain.
    pub es_contract_type_name: Option<String>,
    /// Spain: type of working day.
    pub es_working_day_type_id: Option<Id<Anything>>,
    /// Name of the working day type in Spain.
    pub es_working_day_type_name: Option<String>,
    /// Spain: education level of the employee.
    pub es_education_level_id: Option<Id<Anything>>,
    /// Name of the education level in Spain.
    pub es_education_level_name: Option<String>,
    /// Spain: professional category of the employee.
    pub es_professional_category_id: Option<Id<Anything>>,
    /// Name of the professional category in Spain.
    pub es_professional_category_name: Option<String>,
    /// Spain: type of social security contribution.
    pub es_contribution_type_id: Option<Id<Anything>>,
    /// Name of the contribution type in Spain.
    pub es_contribution_type_name: Option<String>,
    /// Spain: code of the collective agreement.
    pub es_agreement_code_id: Option<Id<Anything>>,
    /// Name of the agreement code in Spain.
    pub es_agreement_code_name: Option<String>,
    /// Spain: occupation in the national classification.
    pub es_cno_occupation_id: Option<Id<Anything>>,
    /// Name of the cno occupation in Spain.
    pub es_cno_occupation_name: Option<String>,
    /// Identifier of the regime in Spain.
    pub es_regime_id: Option<Id<Anything>>,
    /// Name of the regime in Spain.
    pub es_regime_name: Option<String>,
    /// Spain: tariff group for social security contributions.
    pub es_tariff_group_id: Option<Id<Anything>>,
    /// Name of the tariff group in Spain.
    pub es_tariff_group_name: Option<String>,
    /// Spain: occupation code used by social security.
    pub es_occupation_code_id: Option<Id<Anything>>,
    /// Name of the occupation code in Spain.
    pub es_occupation_code_name: Option<String>,
    /// Spain: classification of the employee.
    pub es_classification_id: Option<Id<Anything>>,
    /// Name of the classification in Spain.
    pub es_classification_name: Option<String>,
    /// Identifier of the a3innuva job position in Spain.
    pub es_a3innuva_job_position_id: Option<Id<Anything>>,
    /// Name of the a3innuva job position in Spain.
    pub es_a3innuva_job_position_name: Option<String>,
    /// France: kind of employee.
    pub fr_employee_type: Option<String>,
    /// France: days to work in a year.
    pub fr_jours_par_an: Option<i64>,
    /// France: days to work in a year, in hundredths of a day.
    pub fr_jours_par_an_cents: Option<i64>,
    /// France: coefficient from the collective agreement.
    pub fr_coefficient: Option<String>,
    /// France: type of contract.
    pub fr_contract_type_id: Option<Id<Anything>>,
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
    /// Name of the contract type in France.
    pub fr_contract_type_name: Option<String>,
    /// Name of the mutual in France.
    pub fr_mutual_name: Option<String>,
    /// Name of the professional category in France.
    pub fr_professional_category_name: Option<String>,
    /// Name of the work type in France.
    pub fr_work_type_name: Option<String>,
    /// Name of the level in France.
    pub fr_level_name: Option<String>,
    /// Name of the step in France.
    pub fr_step_name: Option<String>,
    /// Germany: type of contract.
    pub de_contract_type_id: Option<Id<Anything>>,
    /// Name of the contract type in Germany.
    pub de_contract_type_name: Option<String>,
    /// Employment type in Germany.
    pub de_employment_type: Option<i64>,
    /// Flat rate tax in Germany.
    pub de_flat_rate_tax: Option<i64>,
    /// Activity type in Germany.
    pub de_activity_type: Option<i64>,
    /// Identifier of the personal key group in Germany.
    pub de_personal_key_group_id: Option<Id<Anything>>,
    /// Name of the personal key group in Germany.
    pub de_personal_key_group_name: Option<String>,
    /// Germany: payroll concept used for the base salary.
    pub de_base_salary_type_id: Option<Id<Anything>>,
    /// Name of the base salary type in Germany.
    pub de_base_salary_type_name: Option<String>,
    /// Portugal: type of contract.
    pub pt_contract_type_id: Option<Id<Anything>>,
    /// Name of the contract type in Portugal.
    pub pt_contract_type_name: Option<String>,
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Approved = "approved",
        Pending = "pending",
        Rejected = "rejected",
        None = "",
    }
}

const NO_OPERATION: &str = "Wishes that a contract changes are no resource of the API.";

/// The events.
pub(crate) const NOTICE: Notice = Notice {
    name: "contracts/contract_version_request",
    doc: "A wish that somebody's contract changes, on its way to whoever decides.",
    events: &[
        Event::uncaused("approve", NO_OPERATION),
        Event::uncaused("create_promote_request", NO_OPERATION),
        Event::uncaused("delete", NO_OPERATION),
        Event::uncaused("reject", NO_OPERATION),
    ],
    payload: ContractVersionRequest::KIND,
};
