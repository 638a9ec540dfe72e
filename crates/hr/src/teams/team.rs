//! `teams/teams`

use std::collections::HashMap;

use engine::{
    Answer, Code, Context, Derived, Draft, Error, Fixed, Input, Join, Object, Removal, Take, by, one_of,
};
use registry::{Action, Company, Employee, File, Id, Resource};
use storage::Datum;

/// Group of employees, possibly inside a larger team.
#[derive(Debug, Resource)]
#[resource(
    path = "teams/teams",
    object = "teams_team",
    permission = "teams",
    operations(list, read, create, update, delete),
    events("create", "delete", "move", "project", "update")
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

/// How deep teams may be nested.
const LEVELS: usize = 4;

fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    match draft.int("parent_team_id").filter(|_| draft.old.is_none()) {
        Some(parent) => fits(cx, parent, 1, "parent_team_id"),
        None => Ok(()),
    }
}

/// Refuses to put so many levels of teams under a parent where there is no room for them.
fn fits(cx: &mut Context<'_, '_>, parent: i64, levels: usize, member: &str) -> Result<(), Error> {
    let above = above(cx, &[parent])?.remove(&parent).unwrap_or_default();
    if above.len() + 1 + levels <= LEVELS {
        return Ok(());
    }
    Err(Error::rule(member, "too_deep", format!("Teams are nested {LEVELS} levels deep at most.")))
}

/// A team with others inside is not deleted; its places go with it.
fn removal(cx: &mut Context<'_, '_>, team: &Object) -> Result<Removal, Error> {
    let id = team.int("id").unwrap_or_default();
    let inside = cx.facts(PATH, &[one_of("parent_team_id", &[id])])?;
    if !inside.is_empty() {
        let names: Vec<_> = inside.iter().filter_map(|team| team.text("name")).collect();
        let message = format!("It contains other teams; move them first: {}.", names.join(", "));
        return Err(Error::conflict("has_sub_teams", message));
    }
    cx.remove("teams/memberships", &[one_of("team_id", &[id])])?;
    Ok(Removal::Gone)
}

/// A team moves with everything inside it.
fn move_to(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    const MEMBER: &str = "destination_parent_team_id";
    let id = input.id("id");
    cx.own(cx.plan(PATH)?, id)?;
    if input.get(MEMBER).is_none() {
        return Err(Error::invalid(MEMBER, "It must be given: a team, or null for the top."));
    }
    let parent = input.int(MEMBER);
    if let Some(parent) = parent {
        let above = above(cx, &[parent])?.remove(&parent).unwrap_or_default();
        if parent == id || above.contains(&id) {
            return Err(Error::rule(MEMBER, "inside_itself", "A team cannot be inside itself."));
        }
        let levels = levels(cx, id)?;
        fits(cx, parent, levels, MEMBER)?;
    }
    cx.change(PATH, &[by(id)], [("parent_team_id", parent.map_or(Datum::Null, Datum::Int))].into())?;
    Ok(id.into())
}

/// How many levels a team has with what is inside it.
fn levels(cx: &mut Context<'_, '_>, team: i64) -> Result<usize, Error> {
    let (mut levels, mut inside) = (0, vec![team]);
    while !inside.is_empty() && levels <= LEVELS {
        levels += 1;
        let below = cx.facts(PATH, &[one_of("parent_team_id", &inside)])?;
        inside = below.iter().filter_map(|team| team.int("id")).collect();
    }
    Ok(levels)
}

/// The teams above each, the nearest first. Teams nest a few levels deep, so a few statements find them all.
pub(crate) fn above(cx: &mut Context<'_, '_>, teams: &[i64]) -> Result<HashMap<i64, Vec<i64>>, Error> {
    let mut parents = HashMap::new();
    let mut wanted: Vec<i64> = teams.to_vec();
    while !wanted.is_empty() {
        let found = cx.objects("teams/teams", wanted)?;
        let links = found.iter().filter_map(|(id, team)| Some((*id, team.int("parent_team_id")?)));
        let links: Vec<_> = links.filter(|(id, _)| !parents.contains_key(id)).collect();
        parents.extend(links.iter().copied());
        wanted = links.into_iter().map(|(_, parent)| parent).filter(|id| !parents.contains_key(id)).collect();
    }
    let chain = |team: i64| {
        let mut chain = Vec::new();
        let mut at = team;
        while let Some(parent) =
            parents.get(&at).filter(|parent| **parent != team && !chain.contains(*parent))
        {
            chain.push(*parent);
            at = *parent;
        }
        (team, chain)
    };
    Ok(teams.iter().copied().map(chain).collect())
}

fn depths(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.int("id")).collect();
    let above = above(cx, &ids)?;
    let depth = |row: &Object| Some(above.get(&row.int("id")?)?.len() + 1);
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
