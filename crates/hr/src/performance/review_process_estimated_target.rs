//! `performance/review_process_estimated_targets`

use engine::{Ask, Code, Compute, Context, Error, Key, Sets};
use registry::{Access, Employee, Id, Resource};

use storage::{Datum, Look};

use super::process::{self, PROCESSES};
use crate::performance::ReviewProcess;

/// Employee expected to take part once a process starts.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/review_process_estimated_targets",
    object = "performance_review_process_estimated_target",
    permission = "performance",
    subject = "employee_id",
    computed,
    operations(list)
)]
#[parameter(name = "performance_review_process_ids[]", as = Id<ReviewProcess>, doc = "Narrows the list by values that are worked out.")]
#[parameter(name = "access_ids[]", as = Id<Access>, doc = "Narrows the list by values that are worked out.")]
pub struct ReviewProcessEstimatedTarget {
    /// Identifies it, for good.
    pub id: String,
    /// Review process that has not started yet.
    #[field(derived)]
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Access of the expected participant.
    #[field(derived)]
    pub access_id: Id<Access>,
    /// The expected participant.
    #[field(derived)]
    pub employee_id: Id<Employee>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    compute: Some(Compute { key, keys, rows }),
    ..Code::of("performance/review_process_estimated_targets")
};

/// `12-34`: a process and an access.
fn key(text: &str) -> Option<Key> {
    let (process, access) = text.split_once('-')?;
    Some((process.parse().ok()?, access.parse().ok()?))
}

/// Everybody who takes part by the rule of a process that has not started.
fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    let waiting = ["draft", "scheduled"].map(|status| Datum::Text(status.to_owned()));
    let mut looks = vec![Look::OneOf("status", waiting.into())];
    looks.extend(ask.ids("performance_review_process_ids").map(|ids| engine::one_of("id", &ids)));
    let processes = cx.facts(PROCESSES, &looks)?;
    let (reached, accesses) = (cx.people(None)?, ask.ids("access_ids"));
    let people = process::people(cx)?;
    let mut keys = Vec::new();
    for process in processes.iter().filter(|process| process.text("target_strategy").is_some()) {
        let expected = process::expected(process, &people).into_iter();
        let wanted = |person: &&process::Person| {
            reached.contains(&person.id) && accesses.as_ref().is_none_or(|ids| ids.contains(&person.access))
        };
        keys.extend(expected.filter(wanted).filter_map(|person| Some((process.int("id")?, person.access))));
    }
    keys.retain(|key| ask.keys.as_ref().is_none_or(|keys| keys.contains(key)));
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

fn rows(cx: &mut Context<'_, '_>, _: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let people = process::people(cx)?;
    let row = |(process, access): &Key| {
        let employee = people.iter().find(|person| person.access == *access).map(|person| person.id);
        Sets::from([
            ("id", Datum::Text(format!("{process}-{access}"))),
            ("performance_review_process_id", Datum::Int(*process)),
            ("access_id", Datum::Int(*access)),
            ("employee_id", employee.map_or(Datum::Null, Datum::Int)),
        ])
    };
    Ok(keys.iter().map(row).collect())
}
