//! `employee_updates/contract_changes`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets};
use registry::{Anything, Date, Employee, Id, Instant, Resource};
use storage::Datum;

use super::updates::{self, Told};
use crate::bookkeepers_management::incidence;
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
    computed,
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

/// How it is worked out: the conditions as they are now.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key: engine::number, keys, rows }),
    ..Code::of("employee_updates/contract_changes")
};

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    updates::keys(cx, ask, &[incidence::CONTRACT])
}

/// Names of what is chosen from a list: here, the choice, the list.
const NAMED: [(&str, &str, &str); 4] = [
    ("es_contract_type_name", "es_contract_type_id", "contracts/spanish_contract_types"),
    ("fr_contract_type_name", "fr_contract_type_id", "contracts/french_contract_types"),
    ("de_contract_type_name", "de_contract_type_id", "contracts/german_contract_types"),
    ("pt_contract_type_name", "pt_contract_type_id", "contracts/portuguese_contract_types"),
];

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let told = Told::load(cx, keys)?;
    let mut versions = cx.objects("contracts/contract_versions", told.targets())?;
    let present = crate::contracts::reference(cx, &told.employees())?;
    versions.retain(|_, version| version.int("employee_id").is_some_and(|id| told.employees().contains(&id)));
    let all: Vec<_> = versions.values().chain(present.values()).cloned().collect();
    let mut names = Vec::new();
    for (here, choice, list) in NAMED {
        names.push((here, choice, cx.referred(list, &all, choice)?));
    }
    let extra = cx.referring("contracts/compensations", "contract_version_id", &all)?;
    let levels = cx.referred("job_catalog/levels", &all, "job_catalog_level_id")?;
    let levels_rows: Vec<_> = levels.values().cloned().collect();
    let roles = cx.referred("job_catalog/roles", &levels_rows, "role_id")?;
    let fields: Vec<&'static str> = cx
        .plan("employee_updates/contract_changes")?
        .resource()
        .fields
        .iter()
        .map(|f| f.member.name)
        .collect();
    Ok(told.write(keys, |row, person, sets| {
        let target = row.int("target_id").and_then(|id| versions.get(&id));
        let own = |version: &&engine::Object| version.int("employee_id") == person.int("id");
        let Some(version) = target.filter(own).or(person.int("id").and_then(|id| present.get(&id))) else {
            return;
        };
        for field in &fields {
            if !matches!(*field, "id" | "status" | "employee_id") {
                sets.insert(*field, version.get(field).clone());
            }
        }
        sets.insert("es_trial_period_ends_on", version.get("trial_period_ends_on").clone());
        for (here, choice, list) in &names {
            let chosen = version.int(choice).and_then(|id| list.get(&id));
            sets.insert(*here, chosen.map_or(Datum::Null, |chosen| chosen.get("name").clone()));
        }
        if let Some(level) = version.int("job_catalog_level_id").and_then(|id| levels.get(&id)) {
            sets.insert("job_level", level.get("name").clone());
            let role = level.int("role_id").and_then(|id| roles.get(&id));
            sets.insert("job_role", role.map_or(Datum::Null, |role| role.get("name").clone()));
        }
        let own = extra.iter().filter(|one| one.get("contract_version_id") == version.get("id"));
        let ids: Vec<String> = own.filter_map(|one| one.int("id")).map(|id| id.to_string()).collect();
        sets.insert("compensation_ids", Datum::Text(serde_json::json!(ids).to_string()));
    }))
}
