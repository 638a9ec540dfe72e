//! `teams/memberships`

use engine::{Answer, Code, Context, Derived, Draft, Error, Input, Narrow, Object, one_of};
use registry::{Action, Company, Employee, Id, Resource};
use storage::{Datum, Look};

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
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::page("parent_team_ids", parents),
        Derived::row("source_team_ids", |_| serde_json::Value::Array(Vec::new())),
        Derived::row("direct", |_| true.into()),
    ],
    rule: Some(rule),
    actions: &[("move", move_to)],
    filters: &[("with_source_attribution", Narrow::Idle)],
    ..Code::of("teams/memberships")
};

/// Who is in the team already keeps the place, which is answered in place of a new one.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let (Some(team), Some(employee)) = (draft.int("team_id"), draft.int("employee_id")) else {
        return Ok(());
    };
    if draft.old.is_none() {
        let same = [one_of("team_id", &[team]), one_of("employee_id", &[employee])];
        let there = cx.facts("teams/memberships", &same)?;
        draft.instead = there.first().and_then(|place| place.int("id"));
    }
    Ok(())
}

fn parents(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let teams: Vec<i64> = rows.iter().filter_map(|row| row.int("team_id")).collect();
    let above = super::team::above(cx, &teams)?;
    let ids = |row: &Object| Some(above.get(&row.int("team_id")?)?.iter().map(ToString::to_string).collect());
    Ok(rows.iter().map(|row| ids(row).unwrap_or_default()).collect())
}

/// The place stays the same object; who has a place in the other team already loses the old one.
fn move_to(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    const PATH: &str = "teams/memberships";
    let (id, team) = (input.id("id"), input.id("destination_team_id"));
    let place = cx.own(cx.plan(PATH)?, id)?;
    if place.int("team_id") == Some(team) {
        return Err(Error::Refused("same_team", "The person is in that team already.".to_owned()));
    }
    let mut sets = engine::Sets::new();
    sets.extend(input.flag("lead").map(|lead| ("lead", Datum::Bool(lead))));
    let person = Datum::Int(place.int("employee_id").unwrap_or_default());
    let there = [Look::Equal("team_id", Datum::Int(team)), Look::Equal("employee_id", person)];
    let there = cx.facts(PATH, &there)?.first().and_then(|other| other.int("id"));
    if let Some(there) = there {
        cx.remove(PATH, &[Look::Equal("id", Datum::Int(id))])?;
        if !sets.is_empty() {
            cx.change(PATH, &[Look::Equal("id", Datum::Int(there))], sets)?;
        }
        return Ok(there.into());
    }
    sets.insert("team_id", Datum::Int(team));
    cx.change(PATH, &[Look::Equal("id", Datum::Int(id))], sets)?;
    Ok(id.into())
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
