//! `trainings/training_memberships`

use registry::{Access, Action, Anything, Date, Employee, Id, Resource};

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
