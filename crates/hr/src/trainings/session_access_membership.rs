//! `trainings/session_access_memberships`

use engine::{Answer, Code, Context, Derived, Error, Input, Join, Narrow, Object, Take, one_of};
use registry::{Access, Action, Anything, Employee, Id, Resource};

use storage::{Datum, Look};

use crate::narrow;
use crate::time::{facts, today};
use crate::trainings::Session;

/// A person's place in one session.
#[derive(Debug, Resource)]
#[resource(
    path = "trainings/session_access_memberships",
    object = "trainings_session_access_membership",
    permission = "trainings",
    subject = "employee_id",
    operations(list, read)
)]
#[parameter(name = "search", as = String, doc = "Text to look for in the person's name.")]
#[parameter(name = "team_ids[]", as = Id<Anything>, doc = "Only members of these teams.")]
#[parameter(name = "status[]", as = String, doc = "Only people whose attendance has one of these states.")]
pub struct SessionAccessMembership {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SessionAccessMembership>,
    /// Access of the person enrolled.
    pub access_id: Id<Access>,
    /// Session the person is enrolled in.
    #[field(filter(eq = "session_id"(required)))]
    pub session_id: Id<Session>,
    /// Employee who is enrolled.
    pub employee_id: Option<Id<Employee>>,
    /// Given name of the person.
    #[field(derived)]
    pub first_name: Option<String>,
    /// Family name of the person.
    #[field(derived)]
    pub last_name: Option<String>,
    /// Position the person holds.
    #[field(derived)]
    pub job_title: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::joined(
            "first_name",
            Join {
                here: "access_id",
                path: "employees/employees",
                there: "access_id",
                only: &[],
                take: Take::One("first_name"),
            },
        ),
        Derived::joined(
            "last_name",
            Join {
                here: "access_id",
                path: "employees/employees",
                there: "access_id",
                only: &[],
                take: Take::One("last_name"),
            },
        ),
        Derived::page("job_title", titles),
    ],
    actions: &[("bulk_create", bulk_create), ("bulk_destroy", bulk_destroy)],
    filters: &[
        (
            "search",
            Narrow::Named("access_id", "employees/employees", "access_id", &["first_name", "last_name"]),
        ),
        ("team_ids[]", Narrow::Code(of_teams)),
        (
            "status[]",
            Narrow::through("id", "trainings/session_attendances", "session_access_membership_id", "status"),
        ),
    ],
    ..Code::of(PATH)
};

fn of_teams(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let teams = vec![Look::OneOf("team_id", narrow::ids(values)?)];
    let people = vec![cx.among("id", "teams/memberships", "employee_id", teams)?];
    Ok(vec![cx.among("access_id", "employees/employees", "access_id", people)?])
}

const PATH: &str = "trainings/session_access_memberships";
const ATTENDANCES: &str = "trainings/session_attendances";

/// What each person is called in the contract of today.
fn titles(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let people: Vec<i64> = rows.iter().filter_map(|row| row.int("employee_id")).collect();
    let days = today::of_all(cx, &people)?;
    let latest = facts::text(today::horizon(cx));
    let looks = [one_of("employee_id", &people), Look::To("effective_on", latest)];
    let mut versions = cx.facts("contracts/contract_versions", &looks)?;
    versions.retain(|version| {
        let day = version.int("employee_id").and_then(|employee| days.get(&employee));
        version.date("effective_on").zip(day).is_some_and(|(begins, day)| begins <= *day)
    });
    let title = |row: &Object| {
        let own = versions.iter().filter(|version| version.int("employee_id") == row.int("employee_id"));
        own.max_by_key(|version| version.text("effective_on"))?.text("job_title")
    };
    Ok(rows.iter().map(|row| title(row).into()).collect())
}

/// Each gets a place and an attendance that is still to come; whoever has a place keeps it.
fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let session = input.id("session_id");
    let mut people = cx.facts("employees/employees", &[one_of("id", &input.ids("employee_ids"))])?;
    let accesses = input.ids("access_ids");
    people.append(&mut cx.facts("employees/employees", &[one_of("access_id", &accesses)])?);
    if people.is_empty() {
        return Err(Error::rule("employee_ids", "nobody", "Somebody has to be enrolled."));
    }
    let mut places = cx.facts(PATH, &[one_of("session_id", &[session])])?;
    let mut ids = Vec::new();
    for person in &people {
        let same = places.iter().find(|place| place.int("employee_id") == person.int("id"));
        if let Some(place) = same {
            ids.extend(place.int("id"));
            continue;
        }
        let own = [("access_id", person.get("access_id").clone()), ("employee_id", person.get("id").clone())];
        let mut sets = engine::Sets::from(own.clone());
        sets.insert("session_id", Datum::Int(session));
        let place = cx.add(PATH, sets)?;
        let mut sets = engine::Sets::from(own);
        sets.insert("session_access_membership_id", Datum::Int(place));
        sets.insert("status", Datum::Text("pending".to_owned()));
        cx.add(ATTENDANCES, sets)?;
        places.extend(cx.objects(PATH, vec![place])?.into_values());
        ids.push(place);
    }
    Ok(Answer::Objects(ids))
}

/// A place goes with its attendance.
fn bulk_destroy(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let (plan, ids) = (cx.plan(PATH)?, input.ids("ids"));
    cx.own_all(plan, &ids)?;
    cx.remove(ATTENDANCES, &[one_of("session_access_membership_id", &ids)])?;
    cx.delete_all(plan, &ids)
}

/// Takes everybody, or one person, off the sessions that meet conditions.
pub(crate) fn leave(cx: &mut Context<'_, '_>, sessions: &[Look], access: Option<i64>) -> Result<(), Error> {
    let sessions = cx.facts("trainings/sessions", sessions)?;
    let mut places = cx.referring(PATH, "session_id", &sessions)?;
    places.retain(|place| access.is_none() || place.int("access_id") == access);
    let ids: Vec<i64> = places.iter().filter_map(|place| place.int("id")).collect();
    cx.remove(ATTENDANCES, &[one_of("session_access_membership_id", &ids)])?;
    cx.remove(PATH, &[one_of("id", &ids)])?;
    Ok(())
}

/// Enrols several people in a session.
#[derive(Debug, Action)]
#[action(of = SessionAccessMembership, name = "bulk_create")]
pub struct BulkCreate {
    /// Session to enrol them in.
    pub session_id: Id<Session>,
    /// Whether to tell them.
    pub notify: bool,
    /// Accesses of the people to enrol.
    pub access_ids: Option<Vec<Id<Access>>>,
    /// Employees to enrol.
    pub employee_ids: Option<Vec<Id<Employee>>>,
}

/// Takes several people off a session.
#[derive(Debug, Action)]
#[action(of = SessionAccessMembership, name = "bulk_destroy")]
pub struct BulkDestroy {
    /// Places to give up.
    pub ids: Vec<Id<SessionAccessMembership>>,
    /// Whether to tell the people concerned.
    pub notify: bool,
}
