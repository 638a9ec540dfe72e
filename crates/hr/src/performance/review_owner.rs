//! `performance/review_owners`

use engine::{Answer, Code, Context, Error, Input, one_of};
use registry::{Access, Action, Id, Resource};

use storage::Datum;

use super::process::{OWNERS, PROCESSES};
use crate::performance::ReviewProcess;

/// Person who administers a review process.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_owners",
    object = "performance_review_owner",
    permission = "performance",
    subject = "access_id",
    operations(list, delete)
)]
pub struct ReviewOwner {
    /// Identifies it, for good.
    pub id: Id<ReviewOwner>,
    /// Access of the owner.
    pub access_id: Id<Access>,
    /// Review process being administered.
    #[field(filter(any = "performance_review_process_ids[]"))]
    pub performance_review_process_id: Id<ReviewProcess>,
}

/// Makes several people owners of a review process.
#[derive(Debug, Action)]
#[action(of = ReviewOwner, name = "bulk_create")]
pub struct BulkCreate {
    /// Review process to administer.
    pub review_process_id: Id<ReviewProcess>,
    /// Accesses of the new owners.
    pub owner_access_ids: Vec<Id<Access>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code { actions: &[("bulk_create", bulk_create)], ..Code::of(OWNERS) };

/// Who owns it already stays its owner.
fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let process = input.id("review_process_id");
    cx.own(cx.plan(PROCESSES)?, process)?;
    let there = cx.facts(OWNERS, &[one_of("performance_review_process_id", &[process])])?;
    let mut owners = Vec::new();
    for access in input.ids("owner_access_ids").into_iter().collect::<std::collections::BTreeSet<_>>() {
        let known = there.iter().find(|owner| owner.int("access_id") == Some(access));
        match known.and_then(|owner| owner.int("id")) {
            Some(owner) => owners.push(owner),
            None => {
                let sets = [
                    ("access_id", Datum::Int(access)),
                    ("performance_review_process_id", Datum::Int(process)),
                ];
                owners.push(cx.add(OWNERS, sets.into())?);
            }
        }
    }
    Ok(Answer::Objects(owners))
}
