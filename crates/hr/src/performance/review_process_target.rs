//! `performance/review_process_targets`

use registry::{Access, Action, Anything, Id, Object, Resource};

use crate::performance::ReviewEvaluation;
use crate::performance::ReviewProcess;

/// Employee who is evaluated in a running review process.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_process_targets",
    object = "performance_review_process_target",
    permission = "performance",
    subject = "access_id",
    operations(list, read, delete)
)]
#[parameter(name = "only_for_peer_assignment", as = bool, doc = "Keeps participants to whom peers can be assigned.")]
#[parameter(name = "without_manager", as = bool, doc = "Keeps participants who have no manager.")]
#[parameter(name = "agreement_completion_status", as = AgreementCompletionStatus, doc = "Keeps participants whose action plan is in this state.")]
#[parameter(name = "pending_peer_evaluations", as = bool, doc = "Keeps participants who have no peer evaluation yet.")]
#[parameter(name = "managed_by_filter", as = ManagedByFilter, doc = "Keeps participants under the given manager.")]
pub struct ReviewProcessTarget {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: String,
    /// Access of the participant.
    #[field(filter(any = "access_ids[]"))]
    pub access_id: Id<Access>,
    /// Review process they take part in.
    #[field(filter(any = "performance_review_process_ids[]"))]
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Identifier of the stored participation.
    pub materialized_process_target_id: Id<Anything>,
}

registry::choice! {
    /// The values of `agreement_completion_status`.
    pub enum AgreementCompletionStatus {
        Canbeinitiated = "canbeinitiated",
        Hasbouncedemailagreement = "hasbouncedemailagreement",
        Hascancelledagreement = "hascancelledagreement",
        Hasdeclinedagreement = "hasdeclinedagreement",
        Haserroragreement = "haserroragreement",
        Hasesignedagreement = "hasesignedagreement",
        Hasexpiredagreement = "hasexpiredagreement",
        Haspartiallyesignedagreement = "haspartiallyesignedagreement",
        Haspendingagreement = "haspendingagreement",
        Haspendingesignaturesagreement = "haspendingesignaturesagreement",
        Hassignedagreement = "hassignedagreement",
        Notinitiated = "notinitiated",
    }
}

/// The objects of `managed_by_filter`.
#[derive(Debug, Object)]
pub struct ManagedByFilter {
    /// Employee whose reports are wanted.
    pub manager_employee_id: Id<Anything>,
    /// Whether to leave out indirect reports.
    pub only_direct_reports: bool,
}

/// Asks peers to evaluate the participant.
#[derive(Debug, Action)]
#[action(of = ReviewProcessTarget, name = "add_peers")]
pub struct AddPeers {
    /// Participant to evaluate.
    pub id: Id<ReviewProcessTarget>,
    /// Accesses of the peers.
    pub peer_access_ids: Vec<Id<Access>>,
}

/// Adds people to a running process, with their evaluations.
#[derive(Debug, Action)]
#[action(of = ReviewProcessTarget, name = "bulk_create")]
pub struct BulkCreate {
    /// Running review process to join.
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Accesses of the new participants.
    pub targets_access_ids: Vec<Id<Access>>,
}

/// Withdraws peers from a participant and deletes their evaluations.
#[derive(Debug, Action)]
#[action(of = ReviewProcessTarget, name = "remove_peer_evaluations")]
pub struct RemovePeerEvaluations {
    /// Participant who loses the peers.
    pub id: Id<ReviewProcessTarget>,
    /// Peer evaluations to delete.
    pub evaluation_ids: Vec<Id<ReviewEvaluation>>,
}
