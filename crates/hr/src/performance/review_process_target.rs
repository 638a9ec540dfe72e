//! `performance/review_process_targets`

use engine::{Answer, Code, Context, Error, Input, Narrow, Object, Removal, one_of};
use registry::{Access, Action, Anything, Id, Object, Resource};

use storage::{Datum, Look};

use super::process::{self, EVALUATIONS, PROCESSES, Step, TARGETS};
use crate::narrow;
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

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    removal: Some(removal),
    actions: &[
        ("add_peers", add_peers),
        ("bulk_create", bulk_create),
        ("remove_peer_evaluations", remove_peer_evaluations),
    ],
    filters: &[
        ("managed_by_filter", Narrow::Code(|cx, values| super::managed(cx, "access_id", values))),
        ("without_manager", Narrow::Code(without_manager)),
        ("pending_peer_evaluations", Narrow::Code(without_peers)),
        ("only_for_peer_assignment", Narrow::Code(with_peers)),
        ("agreement_completion_status", Narrow::Code(agreed)),
    ],
    ..Code::of(TARGETS)
};

fn without_manager(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    if !narrow::is(values, "true") {
        return Ok(Vec::new());
    }
    Ok(vec![cx.among("access_id", "employees/employees", "access_id", vec![Look::Null("manager_id")])?])
}

/// Participants whom no peer evaluates.
fn without_peers(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    if !narrow::is(values, "true") {
        return Ok(Vec::new());
    }
    let peers = Look::Equal("evaluation_type", Datum::Text("peers".to_owned()));
    let evaluations = cx.facts("performance/review_evaluations", &[peers])?;
    Ok(vec![narrow::not(one_of("id", &targets(&evaluations, "review_process_target_id")))])
}

/// Participants of processes in which peers evaluate.
fn with_peers(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    if !narrow::is(values, "true") {
        return Ok(Vec::new());
    }
    let processes = cx.facts("performance/review_processes", &[])?;
    let peers =
        processes.iter().filter(|process| process.json("reviewer_strategies").to_string().contains("peers"));
    let ids: Vec<i64> = peers.filter_map(|process| process.int("id")).collect();
    Ok(vec![one_of("performance_review_process_id", &ids)])
}

/// Participants by their action plan: there is none yet, it waits for signatures, or it is signed.
fn agreed(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let status = match values.last().map(String::as_str) {
        Some("haspendingagreement") => Some("pending"),
        Some("hassignedagreement") => Some("signed"),
        Some("canbeinitiated" | "notinitiated") => None,
        // No signature is asked for by mail.
        _ => return Ok(vec![narrow::nothing()]),
    };
    let status_is = status.map(|status| Look::Equal("status", Datum::Text(status.to_owned())));
    let agreements = cx.facts("performance/agreements", &status_is.into_iter().collect::<Vec<_>>())?;
    let with = one_of("id", &targets(&agreements, "target_id"));
    Ok(vec![if status.is_some() { with } else { narrow::not(with) }])
}

/// The participants that rows name by the text of the id.
fn targets(rows: &[Object], column: &str) -> Vec<i64> {
    let id = |row: &Object| row.int(column).or_else(|| row.text(column)?.parse().ok());
    rows.iter().filter_map(id).collect()
}

/// The process of a participation and the access of whoever takes part.
fn part(cx: &mut Context<'_, '_>, id: i64) -> Result<(i64, i64), Error> {
    let target = cx.own(cx.plan(TARGETS)?, id)?;
    let both = (target.int("performance_review_process_id"), target.int("access_id"));
    match both {
        (Some(process), Some(access)) => Ok((process, access)),
        _ => Err(Error::NotFound),
    }
}

fn running(cx: &mut Context<'_, '_>, id: i64) -> Result<Object, Error> {
    let found = cx.objects(PROCESSES, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
    let judged = process::allowed(found.text("status").unwrap_or_default(), Step::Run);
    judged.map_err(|(code, why)| Error::conflict("id", code, why))?;
    Ok(found)
}

fn of(process: i64, target: i64, kind: Option<&str>) -> Vec<Look> {
    let mut looks =
        vec![one_of("performance_review_process_id", &[process]), one_of("target_access_id", &[target])];
    looks.extend(kind.map(|kind| Look::Equal("evaluation_type", Datum::Text(kind.to_owned()))));
    looks
}

/// Who takes part no more is evaluated no more.
fn removal(cx: &mut Context<'_, '_>, target: &Object) -> Result<Removal, Error> {
    let (process, access) = (target.int("performance_review_process_id"), target.int("access_id"));
    let looks = of(process.unwrap_or_default(), access.unwrap_or_default(), None);
    let evaluations = cx.facts(EVALUATIONS, &looks)?;
    if evaluations.iter().any(|one| one.flag("published")) {
        return Err(Error::conflict("id", "evaluated", "Somebody has handed in an evaluation already."));
    }
    let ids: Vec<i64> = evaluations.iter().filter_map(|one| one.int("id")).collect();
    process::withdraw(cx, &ids)?;
    Ok(Removal::Gone)
}

fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let process = running(cx, input.id("performance_review_process_id"))
        .map_err(|error| error.about("performance_review_process_id"))?;
    let accesses = input.ids("targets_access_ids");
    let people = process::people(cx)?;
    let wanted: Vec<_> = people.iter().filter(|person| accesses.contains(&person.access)).collect();
    if accesses.iter().any(|access| !wanted.iter().any(|person| person.access == *access)) {
        let why = "Somebody does not work for the company.";
        return Err(Error::rule("targets_access_ids", "not_employed", why));
    }
    Ok(Answer::Objects(process::enrol(cx, &process, &people, &wanted)?))
}

/// Nobody is a peer of himself; who was asked is not asked twice.
fn add_peers(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let (process, access) = part(cx, id)?;
    running(cx, process)?;
    let peers = input.ids("peer_access_ids");
    if peers.contains(&access) {
        return Err(Error::rule("peer_access_ids", "oneself", "Nobody is a peer of himself."));
    }
    let asked = cx.facts(EVALUATIONS, &of(process, access, Some("peers")))?;
    let mut asked: Vec<i64> = asked.iter().filter_map(|one| one.int("reviewer_access_id")).collect();
    for peer in peers {
        if !asked.contains(&peer) {
            process::evaluation(cx, process, access, peer, "peers")?;
            asked.push(peer);
        }
    }
    Ok(id.into())
}

fn remove_peer_evaluations(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = input.id("id");
    let (process, access) = part(cx, id)?;
    running(cx, process)?;
    let asked = cx.facts(EVALUATIONS, &of(process, access, Some("peers")))?;
    let ids = input.ids("evaluation_ids");
    if ids.iter().any(|id| !asked.iter().any(|one| one.int("id") == Some(*id))) {
        let why = "It is no evaluation of this participant by a peer.";
        return Err(Error::rule("evaluation_ids", "not_a_peer", why));
    }
    process::withdraw(cx, &ids)?;
    Ok(id.into())
}
