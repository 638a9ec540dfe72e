//! `performance/agreements`

use engine::{Answer, Code, Context, Derived, Error, Input, Object, one_of};
use registry::{Access, Action, Anything, Employee, Id, Instant, Object, Resource};

use storage::Datum;

use super::process::{self, EVALUATIONS, PROCESSES, TARGETS};
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
    actions: &[("bulk_initiate", bulk_initiate), ("initiate", initiate)],
    ..Code::of(PATH)
};

const PATH: &str = "performance/agreements";

/// The process of plans: it must use them, and have started.
fn planning(cx: &mut Context<'_, '_>, id: i64) -> Result<(), Error> {
    let found = cx.objects(PROCESSES, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
    let enabled = found.json("agreements_configuration");
    if enabled.get("enabled").and_then(serde_json::Value::as_bool) != Some(true) {
        return Err(Error::rule("process_id", "agreements_disabled", "The process has no action plans."));
    }
    if !matches!(found.text("status"), Some("active" | "finished")) {
        return Err(Error::conflict("process_id", "not_started", "The process has not started."));
    }
    Ok(())
}

/// Opens the plans of some participants who have none.
fn open(cx: &mut Context<'_, '_>, process: i64, targets: &[Object]) -> Result<Vec<i64>, Error> {
    let people = process::people(cx)?;
    let there = cx.facts(PATH, &[one_of("process_id", &[process])])?;
    let evaluations = cx.facts(EVALUATIONS, &[one_of("performance_review_process_id", &[process])])?;
    let mut plans = Vec::new();
    for target in targets {
        let (Some(id), Some(access)) = (target.int("id"), target.int("access_id")) else { continue };
        let known = there.iter().find(|plan| plan.text("target_id") == Some(id.to_string().as_str()));
        if let Some(plan) = known.and_then(|plan| plan.int("id")) {
            plans.push(plan);
            continue;
        }
        let person = people.iter().find(|person| person.access == access);
        let of = |kind: &str| {
            let is = |one: &&Object| {
                one.int("target_access_id") == Some(access) && one.text("evaluation_type") == Some(kind)
            };
            evaluations.iter().find(is).map_or(Datum::Null, |one| one.get("id").clone())
        };
        let none = || Datum::Text("[]".to_owned());
        let sets = [
            ("process_id", Datum::Int(process)),
            ("target_id", Datum::Text(id.to_string())),
            ("status", Datum::Text(Status::Pending.text().to_owned())),
            ("self_comments", none()),
            ("manager_comments", none()),
            ("reviewer_id", person.and_then(|person| person.manager).map_or(Datum::Null, Datum::Int)),
            ("self_evaluation_id", of("self")),
            ("manager_evaluation_id", of("manager")),
            ("last_modified_at", Datum::Int(cx.tx.now().millis())),
        ];
        plans.push(cx.add(PATH, sets.into())?);
    }
    Ok(plans)
}

fn initiate(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let (process, target) = (input.id("process_id"), input.id("target_id"));
    planning(cx, process)?;
    let target = cx.objects(TARGETS, vec![target])?.remove(&target).ok_or(Error::NotFound)?;
    if target.int("performance_review_process_id") != Some(process) {
        let why = "The participant takes part in another process.";
        return Err(Error::rule("target_id", "other_process", why));
    }
    let plan = open(cx, process, &[target])?.pop().ok_or(Error::NotFound)?;
    Ok(plan.into())
}

/// Those of the direct reports of whoever asks; the company opens all.
fn bulk_initiate(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let process = input.id("process_id");
    planning(cx, process)?;
    let mut targets = cx.facts(TARGETS, &[one_of("performance_review_process_id", &[process])])?;
    if let Some(employee) = cx.caller.employee {
        let people = process::people(cx)?;
        let reports: Vec<i64> = people
            .iter()
            .filter(|person| person.manager == Some(employee))
            .map(|person| person.access)
            .collect();
        targets.retain(|target| target.int("access_id").is_some_and(|access| reports.contains(&access)));
    }
    Ok(Answer::Objects(open(cx, process, &targets)?))
}

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
