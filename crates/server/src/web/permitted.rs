//! Permissions as people read them.

use access::{Doing, Module, Reach};
use engine::Engine;

/// Modules that belong together, each with what it is called and what is in it. What is in none of them is told at the end.
type Section = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

const SECTIONS: [Section; 6] = [
    (
        "People",
        &[
            ("employees", "Directory", "Names, photos, work e-mail and phone. Hiring and leaving."),
            (
                "employment",
                "Employment",
                "Identifiers and dates of somebody's employment, reasons for leaving.",
            ),
            ("structure", "Organisation", "Who reports to whom, and who decides on absences."),
            ("teams", "Teams", "Teams, who is in them and who leads them."),
            ("users", "Log-ins", "Which log-in a record belongs to."),
            (
                "employee_updates",
                "Changes for payroll",
                "What changed in somebody's data since the last payroll.",
            ),
        ],
    ),
    (
        "Sensitive data",
        &[
            ("salaries", "Salary and compensation", "What somebody earns, and what his time costs."),
            ("bank", "Bank account", "Where the salary goes."),
            ("identity", "Identity documents", "Identity document and social security number."),
            ("private", "Private address and contact", "Where somebody lives, whom to call in an emergency."),
            ("birth", "Birth and personal data", "Birthday, gender, nationality."),
            ("medical", "Reasons of leaves", "What somebody wrote about a leave, medical ones included."),
            ("documents", "Documents", "Folders, and the documents of a person."),
        ],
    ),
    (
        "Time",
        &[
            ("timeoff", "Time off", "Leaves, allowances and balances."),
            ("absences", "Absences", "Who is away and when, without the reason."),
            ("approvals", "Approvals", "Where requests are and who decides next."),
            ("attendance", "Attendance", "Clocking in and out, timesheets and their review."),
            ("shift_management", "Planned shifts", "Who is planned to work when."),
            ("time_planning", "Time planning", "By what somebody's hours are planned."),
            ("work_schedule", "Work schedules", "Schedules and their weeks."),
            ("time_settings", "Time settings", "Kinds of breaks."),
            ("holidays", "Holidays", "Calendars of public holidays."),
        ],
    ),
    (
        "Contracts and pay",
        &[
            ("contracts", "Contracts", "Contracts and their versions. What is paid is under salary."),
            ("compensations", "Payroll runs", "Kinds of pay, cycles and runs of payroll."),
            ("payroll", "Payroll", "Supplements, family situation and policies of payroll."),
            ("payroll_employees", "German payroll data", "What payroll in Germany asks for."),
            ("payroll_integrations_base", "Payroll connections", "Codes of payroll programs."),
            ("bookkeepers_management", "Bookkeeping", "What bookkeepers are told of."),
            ("expenses", "Expenses", "What people spent for the company."),
        ],
    ),
    (
        "Work",
        &[
            ("project_management", "Projects", "Projects and the time spent on them."),
            ("tasks", "Tasks", "What is to be done, by whom."),
            ("performance", "Performance", "Reviews, goals and agreements."),
            ("trainings", "Trainings", "Trainings and who attends them."),
            ("ats", "Recruitment", "Job postings, candidates and applications."),
            ("it_management", "Equipment", "Devices and software that people have."),
        ],
    ),
    (
        "Company",
        &[
            ("companies", "Company", "Legal entities."),
            ("locations", "Workplaces", "Places of work."),
            ("job_catalog", "Job catalogue", "Roles and levels."),
            ("posts", "Posts", "News of the company."),
            ("custom_fields", "Custom fields", "Fields that the company added, and their values."),
            ("custom_resources", "Custom tables", "Tables that the company added, and their rows."),
            ("finance", "Finance", "Accounts, cost centres and financial documents."),
            ("banking", "Banking", "Accounts and cards of the company."),
            ("procurement", "Procurement", "Purchases."),
            ("processes", "Processes", "Workflows."),
        ],
    ),
];

/// What the rest is under.
const REST: &str = "Programs";

/// A module as people read it.
pub(crate) struct Told {
    pub(crate) key: &'static str,
    pub(crate) title: String,
    pub(crate) about: &'static str,
    pub(crate) module: &'static Module,
}

/// All modules in their sections.
pub(crate) fn sections(engine: &'static Engine) -> Vec<(&'static str, Vec<Told>)> {
    let all = engine.modules();
    let told = |key: &'static str, title: &str, about: &'static str| {
        let module = all.get(key)?;
        Some(Told { key, title: title.to_owned(), about, module })
    };
    let known =
        |key: &str| SECTIONS.iter().any(|(_, modules)| modules.iter().any(|(name, _, _)| *name == key));
    let mut sections: Vec<_> = SECTIONS
        .iter()
        .map(|(heading, modules)| {
            (*heading, modules.iter().filter_map(|(key, title, about)| told(key, title, about)).collect())
        })
        .collect();
    let rest = all.keys().filter(|key| !known(key)).filter_map(|key| told(key, &named(key), ""));
    sections.push((REST, rest.collect()));
    sections
}

/// What a module is called.
pub(crate) fn title(key: &str) -> String {
    let modules = || SECTIONS.iter().flat_map(|(_, modules)| modules.iter());
    modules()
        .find(|(name, _, _)| *name == key)
        .map_or_else(|| named(key), |(_, title, _)| (*title).to_owned())
}

/// A name with spaces and a capital.
fn named(key: &str) -> String {
    let mut text = key.replace('_', " ");
    text.get_mut(..1).map(str::make_ascii_uppercase);
    text
}

/// What is done, as the heading of a choice.
pub(crate) fn doing(doing: Doing) -> &'static str {
    match doing {
        Doing::See => "See",
        Doing::Create => "Add",
        Doing::Edit => "Change",
        Doing::Delete => "Delete",
        Doing::Approve => "Decide on",
        Doing::Browse => "See settings",
        Doing::Manage => "Manage settings",
    }
}

/// How far a permission reaches.
pub(crate) fn reach(doing: Doing, reach: Reach) -> String {
    match (doing.reaches(), reach.is_nothing()) {
        (true, true) => "nobody".to_owned(),
        (false, true) => "no".to_owned(),
        (false, false) => "yes".to_owned(),
        (true, false) if reach.has(Reach::EVERYONE) => "everybody".to_owned(),
        (true, false) => reach.parts().map(|(_, name)| part(name)).collect::<Vec<_>>().join(", "),
    }
}

/// The same as a choice, where there is little room.
pub(crate) fn choice(doing: Doing, chosen: Reach) -> String {
    let parts = chosen.parts().map(|(_, name)| match name {
        "supervised" => "time off",
        "legal_entity" => "entity",
        name => name,
    });
    match doing.reaches() && !chosen.is_nothing() && !chosen.has(Reach::EVERYONE) {
        true => parts.collect::<Vec<_>>().join(", "),
        false => reach(doing, chosen),
    }
}

/// One part of a reach, by its name.
pub(crate) fn part(name: &str) -> &'static str {
    match name {
        "own" => "themselves",
        "reports" => "their reports",
        "teams" => "teams they lead",
        "supervised" => "people whose time off they decide on",
        "legal_entity" => "their legal entity",
        "everyone" => "everybody",
        "administrator" => "administrators may do everything",
        _ => "",
    }
}

/// A permission, by its code: `timeoff.approve`.
pub(crate) fn permission(code: &str) -> String {
    match code.split_once('.').map(|(module, done)| (title(module), Doing::named(done))) {
        Some((title, Some(done))) => format!("{title}: {}", doing(done).to_lowercase()),
        _ => code.to_owned(),
    }
}
