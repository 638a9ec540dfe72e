//! `trainings/sessions`

use engine::{Code, Context, Derived, Error, Narrow, Object, Order};
use registry::{Anything, Date, Employee, Id, Instant, Object, Resource};
use storage::{Datum, Look};

use crate::trainings::SessionAttendance;
use crate::trainings::Training;
use crate::trainings::TrainingClass;

/// One sitting of a course.
#[derive(Debug, Resource)]
#[resource(
    path = "trainings/sessions",
    object = "trainings_session",
    permission = "trainings",
    operations(list, read, create, update, delete)
)]
#[parameter(name = "access_id", as = Id<Anything>, doc = "Only sittings this access is enrolled in.")]
#[parameter(name = "employee_id", as = Id<Employee>, doc = "Only sittings this employee is enrolled in.")]
#[parameter(name = "next", as = bool, doc = "True gives upcoming sittings, nearest first.")]
#[parameter(name = "active", as = bool, doc = "True gives only the active sittings.")]
pub struct Session {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Session>,
    /// Title of the sitting.
    #[field(create(required), update(required), filter(search = "search"))]
    pub name: String,
    /// Course it is part of.
    #[field(create(required), filter(any = "training_ids[]"))]
    pub training_id: Id<Training>,
    /// Whether a subsidy covers it.
    #[field(create, update, default = false)]
    pub subsidized: bool,
    /// What it is about.
    #[field(create)]
    pub description: Option<String>,
    /// Group it is held for.
    #[field(create, filter(any = "training_class_ids[]"(as = Id<TrainingClass>)))]
    pub training_class_id: Option<String>,
    /// When it begins.
    #[field(create, update, filter(after = "start_after"(as = String)), filter(before = "start_before"(as = String)), filter(any = "starts_at[]"(as = String)))]
    pub starts_at: Option<Instant>,
    /// When it finishes; the same day if scheduled.
    #[field(create, update)]
    pub ends_at: Option<Instant>,
    /// Last day to follow a self-paced sitting.
    #[field(create, update)]
    pub due_date: Option<Date>,
    /// Length in hours.
    #[field(create, update)]
    pub duration: Option<String>,
    /// Online, in person, or both.
    #[field(create, update(as = String), filter(eq = "modality"(as = String)))]
    pub modality: Option<Modality>,
    /// At a fixed time, or at one's own pace.
    #[field(create, update)]
    pub schedule: Option<Schedule>,
    /// Address to join it or to get its material.
    #[field(create, update)]
    pub link: Option<String>,
    /// Place where it is held.
    #[field(create, update)]
    pub location: Option<String>,
    /// Attendances registered for it.
    #[field(derived)]
    pub session_attendance_ids: Option<Vec<Id<SessionAttendance>>>,
    /// Feedback gathered about it.
    pub session_feedback_id: Option<Id<Anything>>,
    /// State it is in.
    pub status: Option<String>,
    /// Recurring sitting that it repeats.
    pub parent_id: Option<Id<Session>>,
    /// Whether the sitting repeats.
    #[field(input, create, update)]
    pub recurrent: Option<bool>,
    /// Notices to send to those enrolled.
    #[field(input, create)]
    pub reminders: Option<Vec<Reminder>>,
    /// Whether those enrolled get a calendar invitation.
    #[field(input, create, update)]
    pub send_calendar_invites: Option<bool>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::page("session_attendance_ids", attendances)],
    filters: &[
        (
            "access_id",
            Narrow::through("id", "trainings/session_access_memberships", "session_id", "access_id"),
        ),
        (
            "employee_id",
            Narrow::through("id", "trainings/session_access_memberships", "session_id", "employee_id"),
        ),
        ("active", Narrow::Flag(|_| Look::Equal("status", Datum::Text("active".to_owned())))),
        ("next", Narrow::Code(upcoming)),
    ],
    order: Some(Order { asked: |cx| cx.asked_for("next"), arrange }),
    ..Code::of("trainings/sessions")
};

fn upcoming(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let wanted = crate::narrow::is(values, "true");
    Ok(if wanted { vec![Look::From("starts_at", Datum::Int(cx.tx.now().millis()))] } else { Vec::new() })
}

/// The nearest first.
fn arrange(_: &mut Context<'_, '_>, rows: &mut [Object]) -> Result<(), Error> {
    rows.sort_by_key(|row| row.int("starts_at"));
    Ok(())
}

/// The attendances of everybody who is enrolled in each.
fn attendances(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let enrolled = cx.referring("trainings/session_access_memberships", "session_id", rows)?;
    let attended =
        cx.referring("trainings/session_attendances", "session_access_membership_id", &enrolled)?;
    let session = |one: &Object| {
        let place = one.int("session_access_membership_id");
        enrolled.iter().find(|membership| membership.int("id") == place)?.int("session_id")
    };
    let of = |row: &Object| {
        let own = attended.iter().filter(|one| session(one) == row.int("id"));
        own.filter_map(|one| one.int("id")).map(|id| id.to_string()).collect()
    };
    Ok(rows.iter().map(of).collect())
}

registry::choice! {
    /// The values of `modality`.
    pub enum Modality {
        Inperson = "inperson",
        Mixed = "mixed",
        Online = "online",
    }
}

registry::choice! {
    /// The values of `schedule`.
    pub enum Schedule {
        Scheduled = "scheduled",
        Selfpaced = "selfpaced",
    }
}

/// The objects of `reminders`.
#[derive(Debug, Object)]
pub struct Reminder {
    /// Title of the reminder.
    pub name: String,
    /// Sitting it is about.
    pub session_id: Option<Id<Anything>>,
    /// Text of the reminder.
    pub content: Option<String>,
    /// When to send it, for a custom time.
    pub scheduled_at: Option<Instant>,
    /// How long before the start to send it.
    pub timeframe: Option<Timeframe>,
}

registry::choice! {
    /// The values of `timeframe`.
    pub enum Timeframe {
        Custom = "custom",
        Oneday = "oneday",
        Onehour = "onehour",
        Oneweek = "oneweek",
        Threedays = "threedays",
        Twodays = "twodays",
    }
}
