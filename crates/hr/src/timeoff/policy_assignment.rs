//! `timeoff/policy_assignments`

use engine::{Code, Context, Draft, Error};
use registry::{Date, Employee, Id, Resource};
use storage::{Datum, Look};

use crate::timeoff::Policy;

/// Puts an employee under a time off policy from some day on.
#[derive(Debug, Resource)]
#[resource(
    path = "timeoff/policy_assignments",
    object = "timeoff_policy_assignment",
    permission = "timeoff",
    subject = "employee_id",
    operations(list, read, create, update, delete)
)]
pub struct PolicyAssignment {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PolicyAssignment>,
    /// Policy that applies.
    #[field(create(required), update(required), filter(any = "timeoff_policy_ids[]"))]
    pub timeoff_policy_id: Id<Policy>,
    /// Who comes under the policy.
    #[field(create(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// First day under the policy.
    #[field(create(required), update(required))]
    pub effective_at: Date,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { rule: Some(rule), ..Code::of("timeoff/policy_assignments") };

/// On no day does somebody begin under two policies.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let (Some(employee), Some(from)) = (draft.int("employee_id"), draft.date("effective_at")) else {
        return Ok(());
    };
    let own = draft.old.and_then(|old| old.int("id"));
    let same = [
        Look::Equal("employee_id", Datum::Int(employee)),
        Look::Equal("effective_at", Datum::Text(from.to_string())),
    ];
    if cx.facts("timeoff/policy_assignments", &same)?.iter().any(|other| other.int("id") != own) {
        let message = "The person comes under another policy on that day already.";
        return Err(Error::rule("effective_at", "assigned_already", message));
    }
    Ok(())
}
