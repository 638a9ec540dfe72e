//! `performance/agreements`

use engine::{Code, Derived};
use registry::{Access, Action, Anything, Employee, Id, Instant, Object, Resource};

use crate::performance::ReviewEvaluation;
use crate::performance::ReviewProcess;
use crate::performance::ReviewProcessTarget;

/// Action plan that an employee and a manager agree after a review.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/agreements",
    object = "performance_agreement",
    permission = "performance",
    subject = "self_evaluation_id.target_access_id",
    involved("reviewer_id"),
    operations(list, read)
)]
pub struct Agreement {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: String,
    /// Review process the plan comes from.
    #[field(filter(any = "process_ids[]"))]
    pub process_id: Id<ReviewProcess>,
    /// Participant the plan is for.
    #[field(filter(any = "target_ids[]"(as = Id<ReviewProcessTarget>)))]
    pub target_id: String,
    /// Whether the plan still awaits signatures.
    pub status: Status,
    /// True once both parties have signed, which prevents further edits.
    #[field(derived)]
    pub locked: bool,
    /// Remarks of the employee, question by question.
    pub self_comments: Vec<SelfComment>,
    /// Remarks of the manager, question by question.
    pub manager_comments: Vec<SelfComment>,
    /// Access of the manager who signed.
    pub signer_id: Option<Id<Access>>,
    /// Employee who acts as the manager.
    pub reviewer_id: Option<Id<Employee>>,
    /// Moment of the manager's signature.
    pub manager_signed_at: Option<Instant>,
    /// Moment of the employee's signature.
    pub target_signed_at: Option<Instant>,
    /// Moment of the most recent signature.
    #[field(derived)]
    pub agreement_signed_at: Option<Instant>,
    /// Moment of the latest edit.
    pub last_modified_at: Option<Instant>,
    /// Closing summary of the plan.
    pub conclusions: Option<Conclusion>,
    /// Evaluation the employee wrote about themselves.
    pub self_evaluation_id: Option<Id<ReviewEvaluation>>,
    /// Evaluation the manager wrote.
    pub manager_evaluation_id: Option<Id<ReviewEvaluation>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::row("locked", |facts| {
            (facts.instant("manager_signed_at").is_some() && facts.instant("target_signed_at").is_some())
                .into()
        }),
        Derived::row("agreement_signed_at", |facts| {
            facts.instant("manager_signed_at").max(facts.instant("target_signed_at")).into()
        }),
    ],
    ..Code::of("performance/agreements")
};

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Pending = "pending",
        Signed = "signed",
    }
}

/// The objects of `self_comments`.
#[derive(Debug, Object)]
pub struct SelfComment {
    /// Question the remark belongs to.
    pub question_uuid: String,
    /// Access of the person who wrote the remark.
    pub author_access_id: Id<Anything>,
    /// Content of the remark.
    pub text: String,
    /// Moment the remark was last edited.
    pub updated_at: Instant,
}

/// The objects of `conclusions`.
#[derive(Debug, Object)]
pub struct Conclusion {
    /// Wording of the conclusions.
    pub text: String,
    /// Moment the conclusions were last edited.
    pub last_updated_at: Instant,
}

/// Opens plans for the direct reports of the caller, or everyone for a company.
#[derive(Debug, Action)]
#[action(of = Agreement, name = "bulk_initiate")]
pub struct BulkInitiate {
    /// Review process whose plans are opened.
    pub process_id: Id<ReviewProcess>,
}

/// Opens the plan of one participant.
#[derive(Debug, Action)]
#[action(of = Agreement, name = "initiate")]
pub struct Initiate {
    /// Review process the plan comes from.
    pub process_id: Id<ReviewProcess>,
    /// Participant the plan is for.
    pub target_id: Id<ReviewProcessTarget>,
}
