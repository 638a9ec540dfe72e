//! OAuth scopes: the names, what each opens, and sets of them.

use std::fmt;

/// A scope that an application can ask for.
#[derive(Debug, PartialEq, Eq)]
pub struct Scope {
    /// As on the wire.
    pub name: &'static str,
    /// A short name for people.
    pub label: &'static str,
    /// What granting it lets an application do, in words for the consent page.
    pub description: &'static str,
    /// Resources that it opens for reading and writing; `*` stands for a whole namespace.
    pub opens: &'static [&'static str],
}

/// The pair that an application without chosen scopes has: everything its user may do.
pub const LEGACY_SCOPES: [Scope; 2] = [
    Scope {
        name: "read",
        label: "Read everything",
        description: "See everything in the company that you are allowed to see.",
        opens: &["*"],
    },
    Scope {
        name: "write",
        label: "Change everything",
        description: "Create, change and delete everything that you are allowed to.",
        opens: &["*"],
    },
];

macro_rules! scopes {
    ($($name:literal $label:literal $description:literal [$($opens:literal),+])+) => {
        /// Every scope of the API, in alphabetical order. None grants more than its owner may do.
        pub const SCOPES: &[Scope] = &[$(Scope {
            name: $name, label: $label, description: $description, opens: &[$($opens),+],
        }),+];
    };
}

scopes! {
    "banking" "Banking" "Company bank accounts, cards and their transactions."
        ["banking/*"]
    "company_holidays" "Company holidays" "Public and company holidays of each workplace."
        ["holidays/company_holidays"]
    "company_legal_entities" "Legal entities" "The legal entities that make up the company."
        ["companies/legal_entities"]
    "company_locations" "Workplaces" "Workplaces and the work areas inside them."
        ["locations/locations", "locations/work_areas"]
    "compensations" "Compensations" "Salary concepts and extra pay of people."
        ["compensations/*"]
    "contracts" "Contracts" "Contracts, their versions, salaries and conditions."
        ["contracts/*"]
    "custom_fields" "Custom fields" "Fields and tables that the company added, with their values."
        ["custom_fields/*", "custom_resources/*"]
    "documents" "Documents" "Folders and documents of people and of the company."
        ["documents/*"]
    "employee_updates" "Changes to people" "What changed about people, for payroll and bookkeeping."
        ["bookkeepers_management/incidences", "employee_updates/*"]
    "employees" "People and teams" "Profiles of people, the teams they form and who belongs to them."
        ["employees/employees", "teams/memberships", "teams/teams"]
    "expenses" "Expenses" "Expenses, mileage, per diems and their settlement."
        ["expenses/*"]
    "finance" "Finance" "Ledgers, cost centres, taxes and financial documents."
        ["finance/*"]
    "integrations" "Integrations" "Codes and synchronisations that connect other systems."
        ["payroll_integrations_base/codes", "integrations/*"]
    "it_management" "Devices and software" "Devices, software and who uses them."
        ["it_management/*"]
    "job_catalog" "Job catalogue" "Roles, levels and the tree they form."
        ["job_catalog/*"]
    "marketplace" "Marketplace" "Installations and their settings."
        ["marketplace/*"]
    "payroll" "Payroll" "Family situations, payroll periods and payroll details of people."
        ["payroll/family_situations", "payroll/policy_periods", "payroll_employees/*"]
    "payroll_supplements" "Payroll supplements" "Variable pay and deductions of a payroll period."
        ["payroll/supplements"]
    "performance" "Performance" "Reviews, goals and feedback."
        ["performance/*"]
    "posts" "Posts" "Announcements and the comments on them."
        ["posts/*"]
    "processes" "Processes" "Onboarding, offboarding and other workflows."
        ["processes/*"]
    "procurement" "Procurement" "Purchase requests, orders and suppliers."
        ["procurement/*"]
    "project_management_expenses" "Project expenses" "Expenses booked to projects."
        ["project_management/expense_records", "project_management/exportable_expenses"]
    "project_management_projects" "Projects" "Projects, their tasks, people, budgets and rates."
        ["project_management/projects", "project_management/project_tasks",
         "project_management/project_workers", "project_management/subprojects",
         "project_management/imputable_projects", "project_management/budget_strategies",
         "project_management/rates"]
    "project_management_time" "Project time" "Time worked and planned on projects."
        ["project_management/flexible_time_records", "project_management/flexible_time_record_comments",
         "project_management/time_records", "project_management/planned_records"]
    "recruitment" "Recruitment" "Job postings, candidates and applications."
        ["ats/*"]
    "shift_management" "Shift planning" "Planned shifts."
        ["shift_management/shifts"]
    "tasks" "Tasks" "Tasks and the files attached to them."
        ["tasks/*"]
    "time_off" "Time off" "Absences, allowances, policies and approvals."
        ["timeoff/*"]
    "time_tracking" "Time tracking" "Clocked, estimated and planned time and work schedules."
        ["attendance/*", "time_planning/*", "time_settings/*", "work_schedule/*"]
    "trainings" "Trainings" "Trainings, their sessions and who attends."
        ["trainings/*"]
}

/// A scope name that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownScope(pub String);

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no scope named {:?}", self.0)
    }
}

impl Scope {
    /// The scope that opens a resource, by its path; `None` where no scope is needed.
    pub fn opening(path: &str) -> Option<&'static Scope> {
        SCOPES.iter().find(|scope| {
            scope.opens.iter().any(|opens| match opens.strip_suffix('*') {
                Some(namespace) => path.starts_with(namespace),
                None => path == *opens,
            })
        })
    }

    /// The scope with this name, legacy ones included.
    pub fn find(name: &str) -> Option<&'static Scope> {
        SCOPES
            .binary_search_by(|scope| scope.name.cmp(name))
            .map(|at| &SCOPES[at])
            .ok()
            .or_else(|| LEGACY_SCOPES.iter().find(|scope| scope.name == name))
    }
}

/// Distinct scopes in the order they were asked for (the token response repeats that order).
#[derive(Debug, Clone, Default)]
pub struct Scopes(Vec<&'static Scope>);

impl Scopes {
    /// Parses scopes separated by spaces (RFC 6749 section 3.3); only spaces separate.
    pub fn parse(text: &str) -> Result<Self, UnknownScope> {
        let mut scopes = Vec::new();
        for name in text.split(' ').filter(|name| !name.is_empty()) {
            let scope = Scope::find(name).ok_or_else(|| UnknownScope(name.to_owned()))?;
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        Ok(Self(scopes))
    }

    /// The legacy pair `read write`.
    pub fn legacy() -> Self {
        Self(LEGACY_SCOPES.iter().collect())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes in their order.
    pub fn iter(&self) -> impl Iterator<Item = &'static Scope> + '_ {
        self.0.iter().copied()
    }

    /// Whether a scope of this name is among them.
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|scope| scope.name == name)
    }

    /// Whether every scope of `other` is among these.
    pub fn covers(&self, other: &Scopes) -> bool {
        other.iter().all(|scope| self.contains(scope.name))
    }
}

impl PartialEq for Scopes {
    /// Equal as sets: order says nothing about what is granted.
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.covers(other)
    }
}

impl Eq for Scopes {}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, scope) in self.iter().enumerate() {
            if i > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_distinct_and_documented() {
        assert!(SCOPES.is_sorted_by(|a, b| a.name < b.name));
        for scope in SCOPES.iter().chain(&LEGACY_SCOPES) {
            assert!(!scope.label.is_empty() && scope.description.ends_with('.'), "{}", scope.name);
            assert_eq!(Scope::find(scope.name), Some(scope));
        }
    }

    #[test]
    fn scopes_are_parsed_as_the_wire_writes_them() {
        for (text, outcome) in [
            ("", Ok("")),
            ("write read", Ok("write read")),
            ("  employees   employees ", Ok("employees")),
            ("read,write", Err("read,write")),
            ("read+write", Err("read+write")),
            ("Employees", Err("Employees")),
        ] {
            let parsed = Scopes::parse(text).map(|scopes| scopes.to_string());
            assert_eq!(parsed, outcome.map(str::to_owned).map_err(|name| UnknownScope(name.to_owned())));
        }
    }

    #[test]
    fn order_does_not_make_sets_differ() {
        let parse = |text| Scopes::parse(text).unwrap_or_default();
        assert_eq!(parse("tasks posts"), parse("posts tasks"));
        assert_ne!(parse("tasks"), parse("posts tasks"));
        assert!(parse("tasks posts").covers(&parse("tasks")) && !parse("tasks").covers(&parse("posts")));
    }
}
