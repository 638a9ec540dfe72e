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
pub mod time_planning;
pub mod time_settings;
pub mod timeoff;
pub mod trainings;
pub mod work_schedule;

use registry::Catalogue;

/// Every resource of the API. Fails with all faults of the declarations, each in a sentence.
pub fn catalogue() -> Result<Catalogue, Vec<String>> {
    Catalogue::new(
        [
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
        ]
        .into_iter()
        .flatten(),
    )
}
