//! How a round of evaluations goes: who takes part, who evaluates whom, and which stage follows which.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Context, Error, Object, Sets, one_of};
use serde_json::Value;
use storage::Datum;

pub(crate) const PROCESSES: &str = "performance/review_processes";
pub(crate) const TARGETS: &str = "performance/review_process_targets";
pub(crate) const EVALUATIONS: &str = "performance/review_evaluations";
pub(crate) const OWNERS: &str = "performance/review_owners";
pub(crate) const QUESTIONS: &str = "performance/review_questionnaire_by_strategies";
pub(crate) const VISIBILITY: &str = "performance/review_visibility_settings";
const PEOPLE: &str = "employees/employees";

/// What can be done with a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Schedule,
    Reschedule,
    Unschedule,
    Start,
    Stop,
    Reopen,
    Configure,
    Plan,
    Run,
    Archive,
}

/// Whether a step can be taken in a stage.
pub(crate) fn allowed(status: &str, step: Step) -> Result<(), (&'static str, &'static str)> {
    use Step::{Archive, Configure, Plan, Reopen, Reschedule, Run, Schedule, Start, Stop, Unschedule};
    let good = match step {
        Schedule | Configure => status == "draft",
        Reschedule | Unschedule => status == "scheduled",
        Start => matches!(status, "draft" | "scheduled"),
        Stop | Run => status == "active",
        Reopen => status == "finished",
        Plan => status != "finished",
        Archive => !matches!(status, "active" | "starting"),
    };
    if good {
        return Ok(());
    }
    Err(match step {
        Schedule | Configure => ("not_draft", "This can be done to a draft only."),
        Reschedule | Unschedule => ("not_scheduled", "The process is not scheduled."),
        Start => ("started", "The process was started already."),
        Stop | Run => ("not_active", "The process is not active."),
        Reopen => ("not_finished", "The process is not finished."),
        Plan => ("finished", "The process is finished."),
        Archive => ("active", "A process is archived when it is over."),
    })
}

/// A process that the caller reaches, in a stage in which the step can be taken.
pub(crate) fn ready(cx: &mut Context<'_, '_>, id: i64, step: Step) -> Result<Object, Error> {
    let process = cx.own(cx.plan(PROCESSES)?, id)?;
    let judged = allowed(process.text("status").unwrap_or_default(), step);
    judged.map_err(|(code, why)| Error::conflict("id", code, why))?;
    Ok(process)
}

/// Refuses a moment that has passed, or that lies before another.
pub(crate) fn future(now: i64, at: Option<i64>, after: Option<i64>, field: &str) -> Result<(), Error> {
    if at.is_some_and(|at| at > now && after.is_none_or(|after| at > after)) {
        return Ok(());
    }
    Err(Error::rule(field, "in_the_past", "It lies in the past, or before the start."))
}

/// Somebody who could take part.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub id: i64,
    pub access: i64,
    pub manager: Option<i64>,
    pub location: Option<i64>,
    pub teams: Vec<i64>,
}

/// Everybody who works for the company today.
pub(crate) fn people(cx: &mut Context<'_, '_>) -> Result<Vec<Person>, Error> {
    let there = crate::time::today::employed(cx)?;
    let rows = cx.facts(PEOPLE, &there)?;
    let mut teams: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for place in cx.facts("teams/memberships", &[])? {
        if let (Some(employee), Some(team)) = (place.int("employee_id"), place.int("team_id")) {
            teams.entry(employee).or_default().push(team);
        }
    }
    let person = |row: &Object| {
        let id = row.int("id")?;
        Some(Person {
            id,
            access: row.int("access_id")?,
            manager: row.int("manager_id"),
            location: row.int("location_id"),
            teams: teams.get(&id).cloned().unwrap_or_default(),
        })
    };
    Ok(rows.iter().filter_map(person).collect())
}

/// Who takes part by a rule: everybody, or those who are named, or are in the teams or at the locations that are.
pub(crate) fn chosen<'p>(people: &'p [Person], strategy: &str, arguments: &[i64]) -> Vec<&'p Person> {
    let named = |id: &i64| arguments.contains(id);
    let takes_part = |person: &&Person| match strategy {
        "all_employees" => true,
        "by_teams" => person.teams.iter().any(named),
        "by_locations" => person.location.as_ref().is_some_and(named),
        _ => named(&person.id),
    };
    people.iter().filter(takes_part).collect()
}

/// Who takes part in a process by its rule.
pub(crate) fn expected<'p>(process: &Object, people: &'p [Person]) -> Vec<&'p Person> {
    let rule = process.json("target_strategy");
    let arguments = rule.get("arguments").and_then(Value::as_array).into_iter().flatten();
    let arguments: Vec<i64> = arguments.filter_map(engine::id_of).collect();
    chosen(people, rule.get("strategy").and_then(Value::as_str).unwrap_or_default(), &arguments)
}

/// Who evaluates somebody by a strategy, as accesses. Peers are named one by one.
pub(crate) fn reviewers(people: &[Person], person: &Person, strategy: &str) -> Vec<i64> {
    match strategy {
        "self" => vec![person.access],
        "manager" => {
            let manager = people.iter().find(|other| Some(other.id) == person.manager);
            manager.map(|manager| manager.access).into_iter().collect()
        }
        "direct_reports" => {
            let reports = people.iter().filter(|other| other.manager == Some(person.id));
            reports.map(|report| report.access).collect()
        }
        _ => Vec::new(),
    }
}

/// Adds people to a process, each with the evaluations of its strategy; who takes part already is left alone.
/// Returns the participations of all of them.
pub(crate) fn enrol(
    cx: &mut Context<'_, '_>,
    process: &Object,
    people: &[Person],
    wanted: &[&Person],
) -> Result<Vec<i64>, Error> {
    let id = process.int("id").unwrap_or_default();
    let there = cx.facts(TARGETS, &[one_of("performance_review_process_id", &[id])])?;
    let known: BTreeMap<i64, i64> =
        there.iter().filter_map(|row| Some((row.int("access_id")?, row.int("id")?))).collect();
    let mut all = Vec::with_capacity(wanted.len());
    for person in wanted {
        if let Some(target) = known.get(&person.access) {
            all.push(*target);
            continue;
        }
        let sets = [
            ("access_id", Datum::Int(person.access)),
            ("performance_review_process_id", Datum::Int(id)),
            // The access says who it is in the process.
            ("materialized_process_target_id", Datum::Int(person.access)),
        ];
        all.push(cx.add(TARGETS, sets.into())?);
        let strategy = process.text("reviewer_strategies").unwrap_or_default();
        for reviewer in reviewers(people, person, strategy) {
            evaluation(cx, id, person.access, reviewer, strategy)?;
        }
    }
    Ok(all)
}

/// Asks somebody to evaluate a participant.
pub(crate) fn evaluation(
    cx: &mut Context<'_, '_>,
    process: i64,
    target: i64,
    reviewer: i64,
    kind: &str,
) -> Result<i64, Error> {
    let sets = Sets::from([
        ("evaluation_type", Datum::Text(kind.to_owned())),
        ("published", Datum::Bool(false)),
        ("status", Datum::Text("pending".to_owned())),
        ("review_process_target_id", Datum::Text(format!("{process}-{target}"))),
        ("performance_review_process_id", Datum::Int(process)),
        ("target_access_id", Datum::Int(target)),
        ("reviewer_access_id", Datum::Int(reviewer)),
    ]);
    cx.add(EVALUATIONS, sets)
}

/// Takes evaluations away with what was answered in them.
pub(crate) fn withdraw(cx: &mut Context<'_, '_>, ids: &[i64]) -> Result<(), Error> {
    let its = || one_of("performance_review_evaluation_id", ids);
    cx.remove("performance/review_evaluation_answers", &[its()])?;
    cx.remove(EVALUATIONS, &[one_of("id", ids)])?;
    Ok(())
}

/// The column of the questions for one kind of reviewer.
pub(crate) fn questionnaire(strategy: &str) -> &'static str {
    match strategy {
        "self" => "self_questionnaire",
        "manager" => "manager_questionnaire",
        "direct_reports" => "direct_report_questionnaire",
        _ => "peers_questionnaire",
    }
}

/// What keeps a process from starting: the code that the vendor's clients know, and a sentence.
pub(crate) fn lacks(
    process: &Object,
    now: i64,
    members: usize,
    questions: bool,
) -> Option<(&'static str, &'static str)> {
    if process.text("name").is_none_or(|name| name.trim().is_empty()) {
        return Some(("missing_title", "It has no title."));
    }
    if process.text("target_strategy").is_none() {
        return Some(("missing_target_strategy", "It does not say who takes part."));
    }
    if process.text("reviewer_strategies").is_none() {
        return Some(("missing_reviewer_strategy", "It does not say who evaluates."));
    }
    match process.int("ends_at") {
        None => return Some(("missing_deadline", "It has no deadline.")),
        Some(end) if end <= now => return Some(("invalid_deadline", "Its deadline has passed.")),
        Some(_) => {}
    }
    if members == 0 {
        return Some(("missing_target_strategy_members", "Nobody takes part by its rule."));
    }
    (!questions).then_some(("missing_questions", "It asks nothing."))
}

/// Whether a process asks its reviewers anything.
pub(crate) fn asks(cx: &mut Context<'_, '_>, process: &Object) -> Result<bool, Error> {
    let id = process.int("id").unwrap_or_default();
    let rows = cx.facts(QUESTIONS, &[one_of("performance_review_process_id", &[id])])?;
    let column = questionnaire(process.text("reviewer_strategies").unwrap_or_default());
    let asks = |row: &Object| {
        let content = row.json(column);
        let content = content.get("content").and_then(Value::as_array).cloned().unwrap_or_default();
        let full =
            |part: &Value| part.get("questions").and_then(Value::as_array).is_some_and(|all| !all.is_empty());
        content.iter().any(full)
    };
    Ok(rows.iter().any(asks))
}

/// Everything that hangs on a process goes with it.
pub(crate) fn clear(cx: &mut Context<'_, '_>, id: i64) -> Result<(), Error> {
    let its = |column| one_of(column, &[id]);
    cx.remove("performance/agreements", &[its("process_id")])?;
    let evaluations = cx.facts(EVALUATIONS, &[its("performance_review_process_id")])?;
    let ids: BTreeSet<i64> = evaluations.iter().filter_map(|row| row.int("id")).collect();
    withdraw(cx, &ids.into_iter().collect::<Vec<_>>())?;
    for path in [TARGETS, OWNERS, QUESTIONS, VISIBILITY] {
        cx.remove(path, &[its("performance_review_process_id")])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_allows_its_steps() {
        use Step::{Archive, Configure, Plan, Reopen, Reschedule, Run, Schedule, Start, Stop, Unschedule};
        let steps = [Schedule, Reschedule, Unschedule, Start, Stop, Reopen, Configure, Plan, Run, Archive];
        for (status, good) in [
            ("draft", vec![Schedule, Start, Configure, Plan, Archive]),
            ("scheduled", vec![Reschedule, Unschedule, Start, Plan, Archive]),
            ("starting", vec![Plan]),
            ("active", vec![Stop, Plan, Run]),
            ("finished", vec![Reopen, Archive]),
        ] {
            for step in steps {
                assert_eq!(allowed(status, step).is_ok(), good.contains(&step), "{step:?} of {status}");
            }
        }
    }

    #[test]
    fn a_rule_says_who_takes_part_and_a_strategy_who_evaluates() {
        let person = |id, manager, location, teams: &[i64]| Person {
            id,
            access: id + 100,
            manager,
            location: Some(location),
            teams: teams.to_vec(),
        };
        let people = [person(1, None, 7, &[]), person(2, Some(1), 7, &[4]), person(3, Some(1), 8, &[4, 5])];
        for (strategy, arguments, expected) in [
            ("all_employees", vec![], vec![1, 2, 3]),
            ("by_employees", vec![2], vec![2]),
            ("manual_selection", vec![1, 3], vec![1, 3]),
            ("by_teams", vec![5], vec![3]),
            ("by_teams", vec![4], vec![2, 3]),
            ("by_locations", vec![7], vec![1, 2]),
            ("by_locations", vec![], vec![]),
        ] {
            let found: Vec<i64> = chosen(&people, strategy, &arguments).iter().map(|one| one.id).collect();
            assert_eq!(found, expected, "{strategy} {arguments:?}");
        }
        for (at, strategy, expected) in [
            (0, "self", vec![101]),
            (0, "manager", vec![]),
            (1, "manager", vec![101]),
            (0, "direct_reports", vec![102, 103]),
            (2, "direct_reports", vec![]),
            (1, "peers", vec![]),
        ] {
            assert_eq!(reviewers(&people, &people[at], strategy), expected, "{at} {strategy}");
        }
    }
}
