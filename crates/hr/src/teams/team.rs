//! `teams/teams`

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

/// Puts a team under another one, or at the top.
#[derive(Debug, Action)]
#[action(of = Team, name = "move", since = "2026-10-01")]
pub struct Move {
    /// Team to move.
    pub id: Id<Team>,
    /// Team to move it under. Null means the top.
    pub destination_parent_team_id: Option<Id<Team>>,
}
