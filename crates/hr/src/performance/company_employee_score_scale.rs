//! `performance/company_employee_score_scales`

use engine::{Answer, Code, Context, Derived, Error, Input, by};
use registry::{Action, Id, Resource};

use storage::Datum;

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
    actions: &[("set", set)],
    ..Code::of(PATH)
};

const PATH: &str = "performance/company_employee_score_scales";

/// A company has one scale, under its own id.
fn set(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let company = cx.grant.company().get();
    let there = cx.first(PATH)?.and_then(|row| row.int("id"));
    if input.id("id") != there.unwrap_or(company) {
        return Err(Error::NotFound);
    }
    let scale = ("scale_id", Datum::Int(input.id("scale_id")));
    if let Some(id) = there {
        cx.change(PATH, &[by(id)], [scale].into())?;
        return Ok(id.into());
    }
    Ok(cx.add(PATH, [("id", Datum::Int(company)), scale].into())?.into())
}

/// Chooses the scale used across the company.
#[derive(Debug, Action)]
#[action(of = CompanyEmployeeScoreScale, name = "set")]
pub struct Set {
    /// Company whose scale changes.
    pub id: Id<CompanyEmployeeScoreScale>,
    /// Scale to use from now on.
    pub scale_id: Id<EmployeeScoreScale>,
}
