//! `trainings/session_attendances`

use engine::{Answer, Code, Context, Error, Input, Narrow, by};
use registry::{Access, Action, Anything, Employee, Id, Resource};

use storage::Datum;

use crate::trainings::SessionAccessMembership;

/// Whether, and for how long, a person followed a session.
#[derive(Debug, Resource)]
#[resource(
    path = "trainings/session_attendances",
    object = "trainings_session_attendance",
    permission = "trainings",
    subject = "employee_id",
    operations(list, read)
)]
#[parameter(name = "session_id", as = Id<Anything>, doc = "Only attendance at this session.")]
pub struct SessionAttendance {
    /// Identifies it, for good.
    #[field(filter(eq = "id"), filter(any = "ids[]"))]
    pub id: Id<SessionAttendance>,
    /// How far the person got.
    pub status: Status,
    /// Enrolment it reports on.
    #[field(filter(any = "session_access_membership_ids[]"))]
    pub session_access_membership_id: Id<SessionAccessMembership>,
    /// Access of the person.
    #[field(filter(any = "access_ids[]"))]
    pub access_id: Id<Access>,
    /// Who was to attend.
    pub employee_id: Option<Id<Employee>>,
    /// Hours followed, as a decimal. Empty unless completed.
    pub completed_duration: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[("bulk_update", bulk_update)],
    filters: &[(
        "session_id",
        Narrow::through(
            "session_access_membership_id",
            "trainings/session_access_memberships",
            "id",
            "session_id",
        ),
    )],
    ..Code::of(PATH)
};

const PATH: &str = "trainings/session_attendances";

/// Who completed a session followed all of it, unless it is said how much; nobody else has hours.
fn bulk_update(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let (ids, status) = (input.ids("ids"), input.text("status"));
    if status.is_some_and(|status| !Status::TEXTS.contains(&status)) {
        let known = "It must be one of completed, inprogress, missing, pending.";
        return Err(Error::invalid("status", known));
    }
    let given = input.text("completed_duration");
    if given.is_some_and(|hours| {
        hours.parse::<f64>().is_ok_and(|hours| hours < 0.0) || hours.parse::<f64>().is_err()
    }) {
        return Err(Error::invalid("completed_duration", "It must be hours such as 1.5."));
    }
    let rows = cx.own_all(cx.plan(PATH)?, &ids)?;
    let places =
        cx.referred("trainings/session_access_memberships", &rows, "session_access_membership_id")?;
    let held: Vec<_> = places.values().cloned().collect();
    let sessions = cx.referred("trainings/sessions", &held, "session_id")?;
    let completed = Status::Completed.text();
    for row in &rows {
        let becomes = status.or(row.text("status")).unwrap_or_default();
        if given.is_some() && becomes != completed {
            let why = "Only a completed attendance has hours.";
            return Err(Error::rule("completed_duration", "not_completed", why));
        }
        let session = row
            .int("session_access_membership_id")
            .and_then(|id| sessions.get(&places.get(&id)?.int("session_id")?));
        let hours = match (given, status) {
            (Some(hours), _) => Datum::Text(hours.to_owned()),
            (None, Some(status)) if status == completed => {
                session.map_or(Datum::Null, |session| session.get("duration").clone())
            }
            (None, Some(_)) => Datum::Null,
            (None, None) => continue,
        };
        let mut sets = engine::Sets::from([("completed_duration", hours)]);
        sets.insert("status", Datum::Text(becomes.to_owned()));
        cx.change(PATH, &[by(row.int("id").unwrap_or_default())], sets)?;
    }
    Ok(Answer::Objects(ids))
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Completed = "completed",
        Inprogress = "inprogress",
        Missing = "missing",
        Pending = "pending",
    }
}

/// Changes several attendances. Completing one sets its hours to the session's length.
#[derive(Debug, Action)]
#[action(of = SessionAttendance, name = "bulk_update")]
pub struct BulkUpdate {
    /// Attendances to change.
    pub ids: Vec<Id<SessionAttendance>>,
    /// State to give them.
    pub status: Option<String>,
    /// Hours followed, as a decimal. Alone, it needs attendances already completed.
    pub completed_duration: Option<String>,
}
