//! `teams/teams`

use engine::{Code, Context, Derived, Error, Fixed, Join, Object, Take};
use registry::{Action, Company, Employee, File, Id, Resource};

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
    ..Code::of("teams/teams")
};

/// The teams above each, the nearest first. Teams nest a few levels deep, so a few statements find them all.
pub(crate) fn above(
    cx: &mut Context<'_, '_>,
    teams: &[i64],
) -> Result<std::collections::HashMap<i64, Vec<i64>>, Error> {
    let mut parents = std::collections::HashMap::new();
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
