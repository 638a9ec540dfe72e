//! Where things are that newcomers look for in vain.

use registry::Sought;

/// What is sought most.
pub(crate) const SOUGHT: &[Sought] = &[
    Sought {
        what: "Salary",
        words: "pay wage wages income remuneration gross",
        at: &["contracts/contract_versions#salary_amount", "contracts/compensations"],
        answer: "The salary is part of the contract that is in force; what is paid on top of it is a compensation of that contract.",
    },
    Sought {
        what: "Job title",
        words: "position role occupation",
        at: &["contracts/contract_versions#job_title", "job_catalog/roles"],
        answer: "A title belongs to a contract, so it changes with it.",
    },
    Sought {
        what: "Manager",
        words: "boss supervisor reports lead hierarchy",
        at: &["employees/employees#manager_id"],
        answer: "Everybody's record names the manager; whoever has the same manager_id reports to the same person.",
    },
    Sought {
        what: "Members of a team",
        words: "membership department group lead belongs",
        at: &["teams/memberships", "teams/teams"],
        answer: "Who belongs to a team, and who leads it, is a list of its own.",
    },
    Sought {
        what: "Vacation and other absence",
        words: "holiday holidays pto absence absences sick leave time off",
        at: &["timeoff/leaves", "timeoff/leave_types"],
        answer: "Every absence is a leave. What kind it is, its leave type says.",
    },
    Sought {
        what: "Days of vacation that are left",
        words: "balance allowance remaining entitlement accrual",
        at: &["timeoff/allowance_stats", "timeoff/allowances"],
        answer: "Balances are worked out for a day; what they are worked out from are the allowances of a policy.",
    },
    Sought {
        what: "Public holidays",
        words: "bank holiday festivity calendar",
        at: &["holidays/company_holidays"],
        answer: "They belong to a workplace.",
    },
    Sought {
        what: "Worked time",
        words: "hours timesheet clock punch attendance time entry",
        at: &["attendance/shifts", "attendance/worked_times"],
        answer: "A shift is what was clocked. Worked times add shifts up by day.",
    },
    Sought {
        what: "Planned time",
        words: "expected hours estimated roster rota schedule",
        at: &["attendance/estimated_times", "shift_management/shifts", "work_schedule/schedules"],
        answer: "What a schedule expects is an estimated time; what somebody planned for a person is a planned shift.",
    },
    Sought {
        what: "Office",
        words: "workplace site branch location address",
        at: &["locations/locations", "employees/employees#location_id"],
        answer: "Workplaces are locations.",
    },
    Sought {
        what: "Legal entity",
        words: "company subsidiary employer",
        at: &["companies/legal_entities", "employees/employees#legal_entity_id"],
        answer: "A company has one or more of them.",
    },
    Sought {
        what: "Somebody who left",
        words: "termination terminated leaver offboarding fired resigned",
        at: &["employees/employees#terminated_on", "employee_updates/terminations"],
        answer: "Former employees stay in the list; the day says when they left.",
    },
    Sought {
        what: "New people",
        words: "hire hires joiner onboarding starter",
        at: &["employee_updates/new_hires", "employees/employees"],
        answer: "What payroll wants to know about them is a list of its own.",
    },
    Sought {
        what: "Bank account of a person",
        words: "iban bank number account",
        at: &["employees/employees#bank_number"],
        answer: "It is seen only with the permission for bank data. The bank accounts of the company are elsewhere.",
    },
    Sought {
        what: "Fields that the company added",
        words: "custom field attribute property",
        at: &["custom_fields/values", "custom_fields/fields"],
        answer: "A value belongs to a field and to whatever it was filled in for.",
    },
    Sought {
        what: "Files and contracts as PDF",
        words: "document file download attachment payslip upload",
        at: &["documents/documents", "documents/download_urls"],
        answer: "A document is read as data; its file comes from a signed address that does not live long.",
    },
    Sought {
        what: "Bonus and variable pay",
        words: "supplement deduction commission extra payroll",
        at: &["payroll/supplements", "contracts/compensations"],
        answer: "What changes from month to month is a supplement of the payroll.",
    },
    Sought {
        what: "Candidates",
        words: "applicant recruiting recruitment job posting ats",
        at: &["ats/candidates", "ats/applications", "ats/job_postings"],
        answer: "A candidate applies to a posting; what moves through the stages is the application.",
    },
    Sought {
        what: "Reviews and goals",
        words: "performance feedback appraisal objective okr",
        at: &["performance/review_processes", "performance/review_evaluations"],
        answer: "A process asks for evaluations, whose answers are a list of their own.",
    },
    Sought {
        what: "Events",
        words: "webhook webhooks hook callback notification subscription",
        at: &["api_public/webhook_subscriptions"],
        answer: "A subscription names the type of event and where it goes.",
    },
    Sought {
        what: "What a token may do",
        words: "me who credential scope token whoami",
        at: &["api_public/credentials"],
        answer: "It tells whose credential this is.",
    },
];
