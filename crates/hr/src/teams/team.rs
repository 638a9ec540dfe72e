//! `teams/teams`

use std::collections::BTreeSet;

use engine::{Answer, Code, Context, Derived, Draft, Error, Fixed, Input, Join, Object, Removal, Take};
use registry::{Action, Company, Employee, File, Id, Resource};
use storage::{Datum, Look};

use super::membership;
use super::rules::{self, LEVELS, Parents, Refusal};

/// Group of employees, possibly inside a larger team.
#[derive(Debug, Resource)]
#[resource(
    path = "teams/teams",
    object = "teams_team",
    permission = "teams",
    operations(list, read, create, update, delete),
    events("create", "delete", "move", "project"(uncaused = "The API has no operation of this name, and nothing tells what it would do."), "update")
)]
pub struct Team {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Team>,
    /// What the team is called.
    #[field(create(required), update)]
    pub name: String,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// What the team is for.
    #[field(create, update)]
    pub description: Option<String>,
    /// Web address of the team's picture.
    #[field(update(as = File))]
    pub avatar: Option<String>,
    /// Everyone in the team.
    #[field(derived)]
    pub employee_ids: Option<Vec<Id<Employee>>>,
    /// Members who lead the team.
    #[field(derived)]
    pub lead_ids: Option<Vec<Id<Employee>>>,
    /// Level in the hierarchy, where 1 is the top.
    #[field(derived, since = "2026-10-01")]
    pub depth: Option<i64>,
    /// Team that contains this one. Empty at the top.
    #[field(create(since = "2026-10-01"), since = "2026-10-01")]
    pub parent_team_id: Option<Id<Team>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("avatar", avatars),
        Derived::of_those("employee_ids", "teams/memberships", "team_id", Take::All("employee_id")),
        Derived::joined(
            "lead_ids",
            Join {
                here: "id",
                path: "teams/memberships",
                there: "team_id",
                only: &[("lead", Fixed::Bool(true))],
                take: Take::All("employee_id"),
            },
        ),
        Derived::page("depth", depths),
    ],
    rule: Some(rule),
    removal: Some(removal),
    actions: &[("move", move_to)],
    ..Code::of(PATH)
};

const PATH: &str = "teams/teams";

/// Which team is inside of which, for some teams and those around them.
fn around(cx: &mut Context<'_, '_>, teams: &[Object]) -> Result<Parents, Error> {
    let inside = |team: &Object| Some((team.int("id")?, team.int("parent_team_id")?));
    let mut parents: Parents = teams.iter().filter_map(inside).collect();
    let mut next: Vec<i64> = parents.values().copied().collect();
    let mut seen = BTreeSet::new();
    // A step for each level.
    while !next.is_empty() {
        seen.extend(next.iter().copied());
        let above = cx.objects(PATH, next)?;
        let above: Parents = above.values().filter_map(inside).collect();
        next = above.values().copied().filter(|team| !seen.contains(team)).collect();
        parents.extend(above);
    }
    Ok(parents)
}

/// Which team is inside of which, for all of them.
pub(super) fn parents(cx: &mut Context<'_, '_>) -> Result<Parents, Error> {
    let inside = cx.facts(PATH, &[Look::Not(Box::new(Look::Null("parent_team_id")))])?;
    Ok(inside.iter().filter_map(|team| Some((team.int("id")?, team.int("parent_team_id")?))).collect())
}

fn refused(refusal: Refusal, field: &'static str) -> Error {
    match refusal {
        Refusal::Circular => Error::rule(field, "circular", "A team is not inside of itself."),
        Refusal::TooDeep => {
            Error::rule(field, "too_deep", format!("Teams are nested {LEVELS} levels deep at most."))
        }
    }
}

fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    // An update does not move it, and at the top there is always room.
    let Some(parent) = draft.int("parent_team_id").filter(|_| draft.old.is_none()) else { return Ok(()) };
    let parents = cx.facts(PATH, &[Look::Equal("id", Datum::Int(parent))])?;
    let parents = around(cx, &parents)?;
    rules::placed(&parents, 0, Some(parent)).map_err(|refusal| refused(refusal, "parent_team_id"))
}

/// The team goes with its teams; whoever is in it, is in the teams around it from now on.
fn move_to(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    const MEMBER: &str = "destination_parent_team_id";
    let id = input.id("id");
    let team = cx.own(cx.plan(PATH)?, id)?;
    if input.get(MEMBER).is_none() {
        return Err(Error::invalid(MEMBER, "It must be given: a team, or null for the top."));
    }
    let parent = input.int(MEMBER);
    let parents = parents(cx)?;
    rules::placed(&parents, id, parent).map_err(|refusal| refused(refusal, MEMBER))?;
    if team.int("parent_team_id") != parent {
        let inside = rules::within(&parents, id).into_iter().map(Datum::Int).collect();
        let people = membership::people(cx, &[Look::OneOf("team_id", inside)])?;
        let sets = [("parent_team_id", parent.map_or(Datum::Null, Datum::Int))];
        cx.change(PATH, &[Look::Equal("id", Datum::Int(id))], sets.into_iter().collect())?;
        membership::inherit(cx, &people)?;
    }
    Ok(id.into())
}

/// A team goes with its places, but not with the teams inside of it.
fn removal(cx: &mut Context<'_, '_>, team: &Object) -> Result<Removal, Error> {
    let id = team.get("id").clone();
    let inside = cx.facts(PATH, &[Look::Equal("parent_team_id", id.clone())])?;
    if !inside.is_empty() {
        let names: Vec<&str> = inside.iter().filter_map(|team| team.text("name")).collect();
        let message =
            format!("There are teams inside of it: {}. Move or delete them first.", names.join(", "));
        return Err(Error::conflict("id", "has_sub_teams", message));
    }
    let people = membership::people(cx, &[Look::Equal("team_id", id.clone())])?;
    cx.remove(membership::PATH, &[Look::Equal("team_id", id)])?;
    membership::inherit(cx, &people)?;
    Ok(Removal::Gone)
}

fn depths(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let parents = around(cx, rows)?;
    let depth = |row: &Object| Some(rules::above(&parents, row.int("id")?).len() + 1);
    Ok(rows.iter().map(|row| depth(row).into()).collect())
}

/// Puts a team under another one, or at the top.
#[derive(Debug, Action)]
#[action(of = Team, name = "move", since = "2026-10-01")]
pub struct Move {
    /// Team to move.
    pub id: Id<Team>,
    /// Team to move it under. Null means the top.
    pub destination_parent_team_id: Option<Id<Team>>,
}

/// The picture that was handed in, where it can be fetched; otherwise the address that is kept.
fn avatars(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let files = cx.files_of(rows, "avatar")?;
    let shown = |(row, files): (&Object, &Vec<engine::FileRecord>)| match files.first() {
        Some(file) => cx.link(file).into(),
        None => row.text("avatar").into(),
    };
    Ok(rows.iter().zip(&files).map(shown).collect())
}
