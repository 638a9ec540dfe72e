//! `teams/memberships`

use std::collections::{BTreeMap, BTreeSet};

use engine::{Answer, Code, Context, Derived, Draft, Error, Input, Narrow, Object, Removal, Sets, one_of};
use registry::{Action, Company, Employee, Id, Resource};
use storage::{Datum, Look};

use super::rules;
use crate::teams::Team;
use crate::time::load;

/// Place of an employee in a team.
#[derive(Debug, Resource)]
#[resource(
    path = "teams/memberships",
    object = "teams_membership",
    permission = "teams",
    subject = "employee_id",
    operations(list, read, create, update, delete),
    events("bulk_upsert"(uncaused = "The API takes one place in a team at a time."), "create", "delete", "move", "update")
)]
#[parameter(name = "with_source_attribution", as = bool, doc = "True tells where places come from. Needs exactly one employee and no team.", since = "2026-10-01")]
pub struct Membership {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Membership>,
    /// Who belongs to the team.
    #[field(create(required), filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Team the person belongs to.
    #[field(create(required), filter(any = "team_ids[]"))]
    pub team_id: Id<Team>,
    /// Whether the person leads the team.
    #[field(entrusted = "structure.edit", create, update, default = false, filter(eq = "lead"))]
    pub lead: bool,
    /// Teams from which the place comes, such as sub-teams.
    #[field(derived, since = "2026-10-01")]
    pub source_team_ids: Vec<Id<Team>>,
    /// Teams above that inherit the place.
    #[field(derived, since = "2026-10-01")]
    pub parent_team_ids: Vec<Id<Team>>,
    /// The company that it belongs to.
    pub company_id: Option<Id<Company>>,
    /// False when the place only comes from a sub-team.
    #[field(derived, since = "2026-10-01")]
    pub direct: Option<bool>,
    /// Whether the place only comes from a team inside.
    #[field(input)]
    pub inherited: Option<bool>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("parent_team_ids", |cx, rows| attributed(cx, rows, Attribution::Above)),
        Derived::page("source_team_ids", |cx, rows| attributed(cx, rows, Attribution::Sources)),
        Derived::row("direct", |facts| (!facts.flag("inherited")).into()),
    ],
    rule: Some(rule),
    effect: Some(effect),
    removal: Some(removal),
    filters: &[("with_source_attribution", Narrow::Idle)],
    actions: &[("move", move_to)],
    ..Code::of(PATH)
};

pub(super) const PATH: &str = "teams/memberships";

/// Where a place comes from, or where it leads to.
#[derive(Clone, Copy)]
enum Attribution {
    Above,
    Sources,
}

fn attributed(
    cx: &mut Context<'_, '_>,
    rows: &[Object],
    what: Attribution,
) -> Result<Vec<serde_json::Value>, Error> {
    let parents = super::team::parents(cx)?;
    let people: Vec<i64> = rows.iter().filter_map(|row| row.int("employee_id")).collect();
    let direct = match what {
        Attribution::Above => BTreeSet::new(),
        Attribution::Sources => places(cx, &people)?.0,
    };
    let teams = |row: &Object| -> Vec<String> {
        let (team, person) = (row.int("team_id").unwrap_or_default(), row.int("employee_id"));
        let ids = match what {
            Attribution::Above => rules::above(&parents, team),
            Attribution::Sources => rules::within(&parents, team)
                .into_iter()
                .filter(|inside| {
                    *inside != team && person.is_some_and(|who| direct.contains(&(*inside, who)))
                })
                .collect(),
        };
        ids.iter().map(ToString::to_string).collect()
    };
    Ok(rows.iter().map(|row| teams(row).into()).collect())
}

type Places = BTreeSet<(i64, i64)>;

/// The direct places of some people, and those that they have through a team inside: team and person.
fn places(cx: &mut Context<'_, '_>, people: &[i64]) -> Result<(Places, Places), Error> {
    let all = load::of(cx, PATH, people, &[])?;
    let (inherited, direct): (Vec<_>, Vec<_>) = all.iter().partition(|row| row.flag("inherited"));
    let place = |row: &&Object| Some((row.int("team_id")?, row.int("employee_id")?));
    Ok((direct.iter().filter_map(place).collect(), inherited.iter().filter_map(place).collect()))
}

/// Whoever has one of some places.
pub(super) fn people(cx: &mut Context<'_, '_>, looks: &[Look]) -> Result<Vec<i64>, Error> {
    let people: BTreeSet<i64> =
        cx.facts(PATH, looks)?.iter().filter_map(|row| row.int("employee_id")).collect();
    Ok(people.into_iter().collect())
}

/// Gives some people the places that they have through teams inside, and takes those away that they have no longer.
pub(super) fn inherit(cx: &mut Context<'_, '_>, people: &[i64]) -> Result<(), Error> {
    let parents = super::team::parents(cx)?;
    let (direct, there) = places(cx, people)?;
    let due = rules::inherited(&parents, &direct);
    let mut lost: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for (team, person) in there.difference(&due) {
        lost.entry(*team).or_default().push(*person);
    }
    for (team, people) in lost {
        for chunk in people.chunks(load::CHUNK) {
            cx.remove(PATH, &[Look::Equal("team_id", Datum::Int(team)), one_of("employee_id", chunk)])?;
        }
    }
    let new = due.difference(&there).map(|(team, person)| {
        Sets::from([
            ("team_id", Datum::Int(*team)),
            ("employee_id", Datum::Int(*person)),
            ("lead", Datum::Bool(false)),
            ("inherited", Datum::Bool(true)),
        ])
    });
    let new: Vec<Sets> = new.collect();
    if new.is_empty() { Ok(()) } else { cx.add_all(PATH, new).map(drop) }
}

fn place(team: i64, person: i64) -> [Look; 2] {
    [Look::Equal("team_id", Datum::Int(team)), Look::Equal("employee_id", Datum::Int(person))]
}

/// Who leads a team is in it, not only in one inside of it; who is added is, too. Who has a place in the team already
/// keeps it, which is answered in place of a new one.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    if let (None, Some(team), Some(person)) = (draft.old, draft.int("team_id"), draft.int("employee_id")) {
        draft.instead = cx.facts(PATH, &place(team, person))?.first().and_then(|row| row.int("id"));
    }
    if draft.old.is_none() || draft.sets.contains_key("team_id") || draft.flag("lead") {
        draft.sets.insert("inherited", Datum::Bool(false));
    }
    Ok(())
}

fn effect(cx: &mut Context<'_, '_>, id: i64, _: Option<&Object>) -> Result<(), Error> {
    let people = people(cx, &[Look::Equal("id", Datum::Int(id))])?;
    inherit(cx, &people)
}

/// A place that comes from teams inside goes with the places there; a direct one may still come from such.
fn removal(cx: &mut Context<'_, '_>, row: &Object) -> Result<Removal, Error> {
    let (Some(id), Some(team), Some(person)) = (row.int("id"), row.int("team_id"), row.int("employee_id"))
    else {
        return Ok(Removal::Gone);
    };
    let own = Look::Equal("id", Datum::Int(id));
    if row.flag("inherited") {
        let inside = rules::within(&super::team::parents(cx)?, team).into_iter().map(Datum::Int).collect();
        let person = Look::Equal("employee_id", Datum::Int(person));
        cx.remove(PATH, &[Look::OneOf("team_id", inside), person, Look::Not(Box::new(own))])?;
    } else {
        let sets = Sets::from([("inherited", Datum::Bool(true)), ("lead", Datum::Bool(false))]);
        cx.change(PATH, &[own], sets)?;
    }
    inherit(cx, &[person])?;
    let stays = cx.objects(PATH, vec![id])?.contains_key(&id);
    Ok(if stays { Removal::Kept } else { Removal::Gone })
}

/// The place stays the same object; who has a place in the other team already loses the old one.
fn move_to(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let (id, team) = (input.id("id"), input.id("destination_team_id"));
    let row = cx.own(cx.plan(PATH)?, id)?;
    if row.int("team_id") == Some(team) {
        return Err(Error::rule("destination_team_id", "same_team", "The person is in that team already."));
    }
    if row.flag("inherited") {
        let message = "The person is in this team through a team inside of it. Move the place there.";
        return Err(Error::rule("id", "inherited", message));
    }
    let person = row.int("employee_id").unwrap_or_default();
    let mut sets = Sets::from([("inherited", Datum::Bool(false))]);
    sets.extend(input.flag("lead").map(|lead| ("lead", Datum::Bool(lead))));
    let there = cx.facts(PATH, &place(team, person))?.first().and_then(|other| other.int("id"));
    if let Some(there) = there {
        cx.remove(PATH, &[Look::Equal("id", Datum::Int(id))])?;
        cx.change(PATH, &[Look::Equal("id", Datum::Int(there))], sets)?;
    } else {
        sets.insert("team_id", Datum::Int(team));
        cx.change(PATH, &[Look::Equal("id", Datum::Int(id))], sets)?;
    }
    inherit(cx, &[person])?;
    Ok(there.unwrap_or(id).into())
}

/// Moves a person directly from one team to another.
#[derive(Debug, Action)]
#[action(of = Membership, name = "move", since = "2026-10-01")]
pub struct Move {
    /// Place in the old team, which must be direct.
    pub id: Id<Membership>,
    /// Team the person moves to.
    pub destination_team_id: Id<Team>,
    /// Whether to lead the new team. Unchanged if left out.
    pub lead: Option<bool>,
}
