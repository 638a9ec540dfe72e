//! `performance/company_employee_score_scales`

use engine::{Code, Derived};
use registry::{Action, Id, Resource};

use crate::performance::EmployeeScoreScale;

/// Scale the company uses to score employees in reviews. Its id is the company.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/company_employee_score_scales",
    object = "performance_company_employee_score_scale",
    permission = "performance",
    operations(list, read)
)]
pub struct CompanyEmployeeScoreScale {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<CompanyEmployeeScoreScale>,
    /// Scale currently in use.
    pub scale_id: Id<EmployeeScoreScale>,
    /// Whether the scale in use is the standard one.
    #[field(derived)]
    pub is_default: bool,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::through("is_default", "scale_id", "performance/employee_score_scales", "is_default")],
    ..Code::of("performance/company_employee_score_scales")
};

/// Chooses the scale used across the company.
#[derive(Debug, Action)]
#[action(of = CompanyEmployeeScoreScale, name = "set")]
pub struct Set {
    /// Company whose scale changes.
    pub id: Id<CompanyEmployeeScoreScale>,
    /// Scale to use from now on.
    pub scale_id: Id<EmployeeScoreScale>,
}
