//! `teams/memberships`

use registry::{Action, Company, Employee, Id, Resource};

use crate::teams::Team;

/// Place of an employee in a team.
#[derive(Debug, Resource)]
#[resource(
    path = "teams/memberships",
    object = "teams_membership",
    permission = "teams",
    subject = "employee_id",
    operations(list, read, create, update, delete),
    events("bulk_upsert", "create", "delete", "move", "update")
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
    #[field(create, update, default = false, filter(eq = "lead"))]
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
