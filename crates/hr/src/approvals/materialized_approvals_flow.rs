//! `approvals/materialized_approvals_flows`

use engine::{Answer, Code, Context, Error, Input};
use registry::{Access, Action, Anything, Employee, Id, Instant, Object, Resource};

/// Approval in progress or finished for one request.
#[derive(Debug, Resource)]
#[resource(
    path = "approvals/materialized_approvals_flows",
    object = "approvals_materialized_approvals_flow",
    permission = "approvals",
    subject = "owner_employee_id",
    involved("author_employee_id", "override_approver_employee_id")
)]
pub struct MaterializedApprovalsFlow {
    /// Identifies it, for good.
    pub id: Id<MaterializedApprovalsFlow>,
    /// Access id of whoever made the request.
    pub author_id: Id<Access>,
    /// Access id of the person the request is about.
    pub owner_id: Id<Access>,
    /// Type of the thing to decide, such as Timeoff::Leave.
    pub resource_type: String,
    /// Thing to decide, of the given type.
    pub resource_id: Id<Anything>,
    /// Web address where it can be opened.
    pub resource_url: String,
    /// Overall state of the approval.
    pub status: Status,
    /// When the approval lapses.
    pub expires_at: Instant,
    /// Template that the approval follows.
    pub approval_flow_id: Id<Anything>,
    /// Who has to decide, and what each decided.
    pub approvers: Vec<Approver>,
    /// Lines of detail for the mails about it.
    pub email_detail_blocks: Vec<String>,
    /// Employee who made the request.
    pub author_employee_id: Option<Id<Employee>>,
    /// Employee the request is about.
    pub owner_employee_id: Option<Id<Employee>>,
    /// When it was finally decided.
    pub final_decision_at: Option<Instant>,
    /// Access id of whoever decided outside the usual steps.
    pub override_approver_id: Option<Id<Access>>,
    /// Employee who decided outside the usual steps.
    pub override_approver_employee_id: Option<Id<Employee>>,
    /// What automatic rules decided, if any applied.
    pub rules_decision: Option<String>,
    /// Why it was approved without a person.
    pub auto_approval_description: Option<String>,
    /// What the request wants to do.
    pub action_type: Option<String>,
    /// Reason given for the decision.
    pub reason: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[
        ("approve_resource", |cx, input| decide(cx, input, true)),
        ("reject_resource", |cx, input| decide(cx, input, false)),
    ],
    ..Code::of("approvals/materialized_approvals_flows")
};

/// Decides the current level of the flow of a thing, and the thing with it where that was the last one.
fn decide(cx: &mut Context<'_, '_>, input: &Input, approve: bool) -> Result<Answer, Error> {
    let kind = input.text("resource_type").unwrap_or_default();
    let id =
        input.text("resource_id").and_then(|id| id.parse().ok()).unwrap_or_else(|| input.id("resource_id"));
    let flow = super::flow::of(cx, kind, id)?.ok_or(Error::NotFound)?;
    match kind {
        crate::timeoff::leave::KIND => {
            let voted = crate::timeoff::leave::vote(cx, id, approve, input.text("reason"));
            voted.map_err(|error| error.about("resource_id"))?;
        }
        _ => {
            let detail = format!("This server does not decide on {kind} yet.");
            return Err(Error::NotYet(detail));
        }
    }
    // Whoever is asked decides, whether he sees the person's requests otherwise or not.
    let plan = cx.plan("approvals/materialized_approvals_flows")?;
    Ok(Answer::Body(cx.read_whole(plan, flow.int("id").unwrap_or_default())?))
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Approved = "approved",
        ChangesRequested = "changes_requested",
        Rejected = "rejected",
        Requestedinformation = "requestedinformation",
        Running = "running",
        Stopped = "stopped",
    }
}

/// The objects of `approvers`.
#[derive(Debug, Object)]
pub struct Approver {
    /// Identifies the entry of this approver.
    pub id: Id<Anything>,
    /// Step of the approval that this approver decides.
    pub materialized_approval_step_id: Id<Anything>,
    /// Entry in the template that named the approver.
    pub approval_step_approver_id: Id<Anything>,
    /// What the approver has decided so far.
    pub status: ApproverStatus,
    /// When the entry last changed.
    pub updated_at: Instant,
    /// Access id of the approver.
    pub access_id: Option<Id<Anything>>,
    /// Employee who has to decide.
    pub employee_id: Option<Id<Employee>>,
    /// How the approver was chosen.
    pub selection_criteria: Option<String>,
}

registry::choice! {
    /// The values of `status`.
    pub enum ApproverStatus {
        Approved = "approved",
        ChangesRequested = "changes_requested",
        Ignored = "ignored",
        Pending = "pending",
        Rejected = "rejected",
        Requestedinformation = "requestedinformation",
        Stopped = "stopped",
        WaitingChanges = "waiting_changes",
    }
}

/// Accepts a request for the current user.
#[derive(Debug, Action)]
#[action(of = MaterializedApprovalsFlow, name = "approve_resource")]
pub struct ApproveResource {
    /// Thing to accept.
    pub resource_id: Id<Anything>,
    /// Type of the thing to decide, such as Timeoff::Leave.
    pub resource_type: String,
}

/// Refuses a request for the current user.
#[derive(Debug, Action)]
#[action(of = MaterializedApprovalsFlow, name = "reject_resource")]
pub struct RejectResource {
    /// Thing to refuse.
    pub resource_id: Id<Anything>,
    /// Type of the thing to decide, such as Timeoff::Leave.
    pub resource_type: String,
    /// Why it is refused.
    pub reason: Option<String>,
}
