//! `performance/target_managers`

use engine::{Ask, Code, Compute, Context, Error, Key, Object, Sets, number, one_of};
use registry::{Access, Id, Resource};

use storage::Datum;

use super::process::TARGETS;
use crate::performance::ReviewProcess;

/// Manager of at least one participant. Its id is the employee.
#[derive(Debug, Resource)]
#[resource(
    path = "performance/target_managers",
    object = "performance_target_manager",
    permission = "performance",
    subject = "manager_access_id",
    computed,
    operations(list, read)
)]
#[parameter(name = "performance_review_process_ids[]", as = Id<ReviewProcess>, doc = "Narrows the list by values that are worked out.", required)]
pub struct TargetManager {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: String,
    /// Review process of the participants.
    #[field(derived)]
    pub performance_review_process_id: Id<ReviewProcess>,
    /// Access of the manager.
    #[field(derived)]
    pub manager_access_id: Id<Access>,
    /// First and last name of the manager.
    #[field(derived)]
    pub manager_full_name: String,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { compute: Some(Compute { key: number, keys, rows }), ..Code::of("performance/target_managers") };

const PEOPLE: &str = "employees/employees";

/// The managers of those who take part, each with the newest process that is asked for.
fn managers(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<std::collections::BTreeMap<i64, i64>, Error> {
    let looks: Vec<_> = ask
        .ids("performance_review_process_ids")
        .map(|ids| one_of("performance_review_process_id", &ids))
        .into_iter()
        .collect();
    let targets = cx.facts(TARGETS, &looks)?;
    let accesses: Vec<i64> = targets.iter().filter_map(|target| target.int("access_id")).collect();
    let mut people = Vec::new();
    for some in accesses.chunks(500) {
        people.append(&mut cx.facts(PEOPLE, &[one_of("access_id", some)])?);
    }
    let mut managers = std::collections::BTreeMap::new();
    for target in &targets {
        let person = people.iter().find(|person| person.int("access_id") == target.int("access_id"));
        let manager = person.and_then(|person| person.int("manager_id"));
        if let (Some(manager), Some(process)) = (manager, target.int("performance_review_process_id")) {
            let newest = managers.entry(manager).or_insert(process);
            *newest = process.max(*newest);
        }
    }
    Ok(managers)
}

fn keys(cx: &mut Context<'_, '_>, ask: &Ask) -> Result<Vec<Key>, Error> {
    let reached = cx.people(None)?;
    let managers = managers(cx, ask)?;
    let keys = managers.into_keys().filter(|manager| reached.contains(manager)).map(|manager| (manager, 0));
    Ok(keys.filter(|key| ask.keys.as_ref().is_none_or(|keys| keys.contains(key))).collect())
}

fn rows(cx: &mut Context<'_, '_>, ask: &Ask, keys: &[Key]) -> Result<Vec<Sets>, Error> {
    let processes = managers(cx, ask)?;
    let people = cx.objects(PEOPLE, keys.iter().map(|key| key.0).collect())?;
    let row = |(manager, _): &Key| {
        let person = people.get(manager);
        let name = |column: &str| person.and_then(|person: &Object| person.text(column));
        let names: Vec<_> = ["first_name", "last_name"].into_iter().filter_map(name).collect();
        Sets::from([
            ("id", Datum::Text(manager.to_string())),
            (
                "performance_review_process_id",
                processes.get(manager).copied().map_or(Datum::Null, Datum::Int),
            ),
            ("manager_access_id", person.map_or(Datum::Null, |person| person.get("access_id").clone())),
            ("manager_full_name", Datum::Text(names.join(" "))),
        ])
    };
    Ok(keys.iter().map(row).collect())
}
