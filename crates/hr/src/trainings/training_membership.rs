//! `trainings/training_memberships`

use engine::{Answer, Code, Context, Derived, Error, Input, Narrow, Object, one_of};
use registry::{Access, Action, Anything, Date, Employee, Id, Resource};
use storage::{Datum, Look};

use crate::narrow;
use crate::time::today;
use crate::trainings::Training;

/// An employee's enrolment in a course.
#[derive(Debug, Resource)]
#[resource(
    path = "trainings/training_memberships",
    object = "trainings_training_membership",
    permission = "trainings",
    subject = "employee_id",
    operations(list, read, update)
)]
#[parameter(name = "search", as = String, doc = "Text to look for in the participant's name.")]
#[parameter(name = "team_id", as = Id<Anything>, doc = "Only participants from this team.")]
#[parameter(name = "status", as = String, doc = "Narrows the list by values that are worked out.")]
#[parameter(name = "class_id", as = Id<Anything>, doc = "Only participants in this group.")]
#[parameter(name = "due_date", as = String, doc = "Either overdue, no_due_date, or due within so many days.", required)]
pub struct TrainingMembership {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<TrainingMembership>,
    /// Access of the participant.
    pub access_id: Id<Access>,
    /// Who takes the course.
    #[field(filter(eq = "employee_id"))]
    pub employee_id: Id<Employee>,
    /// Course being taken.
    #[field(filter(eq = "training_id"))]
    pub training_id: Id<Training>,
    /// How far the participant got.
    #[field(derived)]
    pub status: Status,
    /// Day the course lapses for the participant, counted from completion.
    #[field(derived)]
    pub training_due_date: Option<Date>,
    /// Day the participant finished.
    #[field(update)]
    pub training_completed_at: Option<Date>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::page("status", statuses), Derived::page("training_due_date", due_dates)],
    actions: &[("bulk_create", bulk_create), ("bulk_destroy", bulk_destroy)],
    filters: &[
        ("search", Narrow::Named("employee_id", "employees/employees", "id", &["first_name", "last_name"])),
        ("team_id", Narrow::through("employee_id", "teams/memberships", "employee_id", "team_id")),
        ("status", Narrow::Code(with_status)),
        ("class_id", Narrow::Code(of_class)),
        ("due_date", Narrow::Code(due)),
    ],
    ..Code::of(PATH)
};

/// What is worked out is compared as it is shown.
fn shown(
    cx: &mut Context<'_, '_>,
    work: fn(&mut Context<'_, '_>, &[Object]) -> Result<Vec<serde_json::Value>, Error>,
    wanted: impl Fn(&serde_json::Value) -> bool,
) -> Result<Vec<Look>, Error> {
    let rows = cx.facts(PATH, &[])?;
    let values = work(cx, &rows)?;
    let found = rows.iter().zip(&values).filter(|(_, value)| wanted(value));
    let ids: Vec<i64> = found.filter_map(|(row, _)| row.int("id")).collect();
    Ok(vec![one_of("id", &ids)])
}

fn with_status(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    shown(cx, statuses, |status| values.iter().any(|wanted| status == wanted))
}

/// `overdue`, `no_due_date`, or within so many days; other words find nothing.
fn due(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let wanted = values.last().map(String::as_str).unwrap_or_default();
    let today = today::here(cx)?;
    let within = wanted.parse::<i64>().ok();
    shown(cx, due_dates, |due| {
        let day = due.as_str().and_then(|day| day.parse::<Date>().ok());
        match (day, within) {
            (None, _) => wanted == "no_due_date",
            (Some(day), None) => wanted == "overdue" && day < today,
            (Some(day), Some(days)) => {
                day >= today && engine::day_number(day) <= engine::day_number(today).saturating_add(days)
            }
        }
    })
}

/// Whoever is enrolled in a sitting of a group.
fn of_class(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let class = Look::OneOf("training_class_id", narrow::texts(values));
    let sessions = vec![cx.among("session_id", "trainings/sessions", "id", vec![class])?];
    Ok(vec![cx.among("access_id", "trainings/session_access_memberships", "access_id", sessions)?])
}

const PATH: &str = "trainings/training_memberships";

/// Whoever is enrolled already stays so.
fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let training = input.id("training_id");
    let course = cx.objects("trainings/trainings", vec![training])?.remove(&training);
    if course.is_some_and(|course| course.text("status") == Some("deleted")) {
        return Err(Error::rule("training_id", "deleted", "The course was deleted."));
    }
    let wanted = input.ids("employee_ids");
    let people = cx.objects("employees/employees", wanted.clone())?;
    let there = cx.facts(PATH, &[one_of("training_id", &[training]), one_of("employee_id", &wanted)])?;
    let mut places = Vec::with_capacity(wanted.len());
    for employee in wanted {
        if let Some(place) = there.iter().find(|place| place.int("employee_id") == Some(employee)) {
            places.extend(place.int("id"));
            continue;
        }
        let access = people.get(&employee).map_or(Datum::Null, |person| person.get("access_id").clone());
        let sets = [
            ("training_id", Datum::Int(training)),
            ("employee_id", Datum::Int(employee)),
            ("access_id", access),
        ];
        places.push(cx.add(PATH, sets.into())?);
    }
    Ok(Answer::Objects(places))
}

/// Who leaves a course leaves its sessions.
fn bulk_destroy(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let (plan, mut ids) = (cx.plan(PATH)?, input.ids("ids"));
    if input.flag("all") == Some(true) {
        let Some(training) = input.int("training_id") else {
            return Err(Error::rule("training_id", "required", "It says which course is cleared."));
        };
        let all = cx.facts(PATH, &[one_of("training_id", &[training])])?;
        ids = all.iter().filter_map(|place| place.int("id")).filter(|id| !ids.contains(id)).collect();
    }
    let places = cx.own_all(plan, &ids)?;
    for place in &places {
        let course = one_of("training_id", &[place.int("training_id").unwrap_or_default()]);
        super::session_access_membership::leave(cx, &[course], place.int("access_id"))?;
    }
    cx.delete_all(plan, &ids)
}

fn statuses(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    Ok(progress(cx, rows)?.into_iter().map(|status| status.text().into()).collect())
}

/// Completed once it was finished; otherwise what the attendances of the person at its sessions say.
pub(crate) fn progress(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<Status>, Error> {
    let courses: std::collections::BTreeSet<_> =
        rows.iter().filter_map(|row| row.int("training_id")).collect();
    let courses = courses.into_iter().map(Datum::Int).collect();
    let sessions = cx.facts("trainings/sessions", &[Look::OneOf("training_id", courses)])?;
    let enrolled = cx.referring("trainings/session_access_memberships", "session_id", &sessions)?;
    let attended =
        cx.referring("trainings/session_attendances", "session_access_membership_id", &enrolled)?;
    let status = |row: &Object| {
        if row.text("training_completed_at").is_some() {
            return Status::Completed;
        }
        let own = |session: Option<i64>| {
            let session = sessions.iter().find(|one| one.int("id") == session);
            session.is_some_and(|one| one.int("training_id") == row.int("training_id"))
        };
        let places = enrolled.iter().filter(|one| one.int("access_id") == row.int("access_id"));
        let places: Vec<_> =
            places.filter(|one| own(one.int("session_id"))).map(|one| one.int("id")).collect();
        if places.is_empty() {
            return Status::Notassigned;
        }
        let of = |one: &&Object| places.contains(&one.int("session_access_membership_id"));
        let states: Vec<_> = attended.iter().filter(of).filter_map(|one| one.text("status")).collect();
        let all = |wanted: &str| !states.is_empty() && states.iter().all(|state| *state == wanted);
        match () {
            () if all("completed") => Status::Completed,
            () if all("missing") => Status::Missing,
            () if states.contains(&"completed") => Status::Partiallycompleted,
            () if states.contains(&"inprogress") => Status::Started,
            () => Status::Notstarted,
        }
    };
    Ok(rows.iter().map(status).collect())
}

/// Courses that lapse do so years after they were completed.
pub(crate) fn due_dates(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let courses = cx.referred("trainings/trainings", rows, "training_id")?;
    let due = |row: &Object| {
        let years = courses.get(&row.int("training_id")?)?.int("valid_for")?;
        let done: Date = row.text("training_completed_at")?.parse().ok()?;
        done.checked_add(registry::Span::new().try_years(years).ok()?).ok()
    };
    Ok(rows.iter().map(|row| due(row).map(|date| date.to_string()).into()).collect())
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Completed = "completed",
        Missing = "missing",
        Notassigned = "notassigned",
        Notstarted = "notstarted",
        Partiallycompleted = "partiallycompleted",
        Started = "started",
    }
}

/// Enrols several employees in a course.
#[derive(Debug, Action)]
#[action(of = TrainingMembership, name = "bulk_create")]
pub struct BulkCreate {
    /// Course to take.
    pub training_id: Id<Training>,
    /// Employees to enrol.
    pub employee_ids: Option<Vec<Id<Employee>>>,
}

/// Ends several enrolments in a course.
#[derive(Debug, Action)]
#[action(of = TrainingMembership, name = "bulk_destroy")]
pub struct BulkDestroy {
    /// Enrolments to end, or to spare when all is true.
    pub ids: Vec<Id<TrainingMembership>>,
    /// Course to clear; needed when all is true.
    pub training_id: Option<Id<Training>>,
    /// True ends every enrolment in the course but those listed.
    pub all: Option<bool>,
}
