//! The business: one folder for each namespace of the API, one file for each resource.
//!
//! Whoever has read the API reference knows where the code is: `timeoff/leaves` is `timeoff/leave.rs`.

pub mod api_public;
pub mod approvals;
pub mod ats;
pub mod attendance;
pub mod banking;
pub mod bookkeepers_management;
pub mod companies;
pub mod compensations;
pub mod contracts;
pub mod custom_fields;
pub mod custom_resources;
pub mod documents;
pub mod employee_updates;
pub mod employees;
pub mod expenses;
pub mod finance;
pub mod holidays;
pub mod integrations;
pub mod it_management;
pub mod job_catalog;
pub mod locations;
pub mod marketplace;
pub(crate) mod narrow;
pub mod payroll;
pub mod payroll_employees;
pub mod payroll_integrations_base;
pub mod performance;
pub mod posts;
pub mod processes;
pub mod procurement;
pub mod project_management;
pub mod shift_management;
pub mod tasks;
pub mod teams;
pub mod time;
pub mod time_planning;
pub mod time_settings;
pub mod timeoff;
pub mod trainings;
mod where_is;
pub mod work_schedule;

use engine::{Audience, Code, Engine};
use registry::Catalogue;

/// Every resource of the API. Fails with all faults of the declarations, each in a sentence.
pub fn catalogue() -> Result<Catalogue, Vec<String>> {
    let entries = [
        api_public::entries(),
        approvals::entries(),
        ats::entries(),
        attendance::entries(),
        banking::entries(),
        bookkeepers_management::entries(),
        companies::entries(),
        compensations::entries(),
        contracts::entries(),
        custom_fields::entries(),
        custom_resources::entries(),
        documents::entries(),
        employee_updates::entries(),
        employees::entries(),
        expenses::entries(),
        finance::entries(),
        holidays::entries(),
        integrations::entries(),
        it_management::entries(),
        job_catalog::entries(),
        locations::entries(),
        marketplace::entries(),
        payroll::entries(),
        payroll_employees::entries(),
        payroll_integrations_base::entries(),
        performance::entries(),
        posts::entries(),
        processes::entries(),
        procurement::entries(),
        project_management::entries(),
        shift_management::entries(),
        tasks::entries(),
        teams::entries(),
        time_planning::entries(),
        time_settings::entries(),
        timeoff::entries(),
        trainings::entries(),
        work_schedule::entries(),
    ];
    Catalogue::new(entries.into_iter().flatten())?.answering(where_is::SOUGHT)
}

/// The code of resources, by namespace.
const CODES: &[&[Code]] = &[
    integrations::CODE,
    payroll_employees::CODE,
    marketplace::CODE,
    it_management::CODE,
    time_settings::CODE,
    holidays::CODE,
    companies::CODE,
    api_public::CODE,
    approvals::CODE,
    ats::CODE,
    attendance::CODE,
    banking::CODE,
    bookkeepers_management::CODE,
    compensations::CODE,
    contracts::CODE,
    custom_fields::CODE,
    custom_resources::CODE,
    documents::CODE,
    employee_updates::CODE,
    employees::CODE,
    expenses::CODE,
    finance::CODE,
    job_catalog::CODE,
    locations::CODE,
    payroll::CODE,
    performance::CODE,
    posts::CODE,
    procurement::CODE,
    project_management::CODE,
    shift_management::CODE,
    tasks::CODE,
    teams::CODE,
    time_planning::CODE,
    timeoff::CODE,
    trainings::CODE,
    work_schedule::CODE,
];

/// Resources whose rows tell who somebody is.
const IDENTITIES: &[&str] = &["employees/employees"];

/// Who wants to be told of what happens.
const AUDIENCE: Audience =
    Audience { path: "api_public/webhook_subscriptions", kind: "type", columns: &["id", "api_version"] };

/// Every resource, ready to be asked for. Fails like [`catalogue`].
pub fn engine() -> Result<Engine, Vec<String>> {
    Ok(Engine::new(catalogue()?, CODES, IDENTITIES).telling(AUDIENCE))
}

/// The tables of the declarations. There are none where the declarations have faults, which a start names.
pub const MIGRATION: storage::Migration = storage::Migration {
    name: "declared",
    tables: || catalogue().map_or_else(|_| Vec::new(), |catalogue| storage::tables(&catalogue)),
    additive: true,
};
