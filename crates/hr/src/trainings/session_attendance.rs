//! `trainings/session_attendances`

use engine::{Code, Narrow};
use registry::{Access, Action, Anything, Employee, Id, Resource};

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
    filters: &[(
        "session_id",
        Narrow::through(
            "session_access_membership_id",
            "trainings/session_access_memberships",
            "id",
            "session_id",
        ),
    )],
    ..Code::of("trainings/session_attendances")
};

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
