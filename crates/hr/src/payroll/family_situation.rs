//! `payroll/family_situations`

use registry::{Employee, Id, Resource};

/// Civil status and dependants of an employee, as payroll needs them.
#[derive(Debug, Resource)]
#[resource(
    path = "payroll/family_situations",
    object = "payroll_family_situation",
    permission = "payroll",
    subject = "employee_id",
    operations(list, create, update)
)]
pub struct FamilySituation {
    /// Identifies it, for good.
    pub id: Id<FamilySituation>,
    /// Whose family situation it is.
    #[field(create(required), update(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Whether the person is single, married and so on.
    #[field(create, update)]
    pub civil_status: Option<CivilStatus>,
    /// How many people the employee supports.
    #[field(create, update)]
    pub number_of_dependants: Option<i64>,
}

registry::choice! {
    /// The values of `civil_status`.
    pub enum CivilStatus {
        CivilPartnership = "civil_partnership",
        Cohabitating = "cohabitating",
        Divorced = "divorced",
        Married = "married",
        NotApplicable = "not_applicable",
        Separated = "separated",
        Single = "single",
        Unknown = "unknown",
        Widow = "widow",
    }
}
