//! `timeoff/allowance_incidences`

use engine::{Code, Context, Draft, Error};
use registry::{Date, Employee, Id, Resource};

use crate::timeoff::Allowance;

/// A manual correction to what an employee has left in an allowance.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/allowance_incidences",
    object = "timeoff_allowance_incidence",
    permission = "timeoff",
    subject = "employee_id",
    operations(list, read, create, update, delete)
)]
pub struct AllowanceIncidence {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<AllowanceIncidence>,
    /// Whose balance is corrected.
    #[field(create(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Units added, or taken away if negative, in hundredths of a day or hour.
    #[field(create(required), update)]
    pub days_in_cents: i64,
    /// Allowance being corrected. It decides between days and hours.
    #[field(create(required), update, filter(any = "timeoff_allowance_ids[]"))]
    pub timeoff_allowance_id: Id<Allowance>,
    /// Day that places the correction in a cycle.
    #[field(create(required), update)]
    pub effective_on: Date,
    /// Moment of creation, in Unix seconds.
    pub created_at: i64,
    /// Moment of the latest change, in Unix seconds.
    pub updated_at: i64,
    /// Remark that explains the correction.
    #[field(create, update)]
    pub description: Option<String>,
    /// Counter that is corrected: accrued or available.
    #[field(create(required, as = TargetBalance), update(as = TargetBalance))]
    pub target_balance: Option<String>,
    /// True keeps the employee from being told.
    #[field(input, create)]
    pub _skip_notifications: Option<bool>,
}

registry::choice! {
    /// The values of `target_balance`.
    pub enum TargetBalance {
        Accrued = "accrued",
        Available = "available",
    }
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { rule: Some(rule), ..Code::of("timeoff/allowance_incidences") };

/// A correction corrects something.
fn rule(_: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if draft.int("days_in_cents") == Some(0) {
        return Err(Error::rule(
            "days_in_cents",
            "nothing_corrected",
            "A correction of nothing corrects nothing.",
        ));
    }
    Ok(())
}
