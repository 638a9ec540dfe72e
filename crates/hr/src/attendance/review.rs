//! `attendance/reviews`

use engine::{Code, Narrow};
use registry::{Action, Date, Employee, Id, Instant, Resource};

/// Confirms the timesheet of one employee for one day.
#[derive(Debug, Resource)]
#[resource(
    path = "attendance/reviews",
    object = "attendance_review",
    permission = "attendance",
    subject = "employee_id",
    operations(list)
)]
#[parameter(name = "reviewed_at", as = Instant, doc = "Accepted, without any effect on the result.", required)]
pub struct Review {
    /// Identifies it, for good.
    pub id: Id<Review>,
    /// Whose timesheet was reviewed.
    #[field(filter(any = "employee_ids[]"(required)))]
    pub employee_id: Id<Employee>,
    /// Day that was reviewed.
    #[field(filter(from = "start_on"(required)), filter(to = "end_on"(required)))]
    pub date: Date,
    /// Moment of the review.
    pub reviewed_at: Instant,
    /// Employee who reviewed it.
    pub author_id: Id<Employee>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { filters: &[("reviewed_at", Narrow::Idle)], ..Code::of("attendance/reviews") };

/// Reviews every day of a range for several employees.
#[derive(Debug, Action)]
#[action(of = Review, name = "bulk_create", needs = "approve")]
pub struct BulkCreate {
    /// Whose timesheets to review.
    pub employee_ids: Vec<Id<Employee>>,
    /// First day to review.
    pub start_on: Date,
    /// Last day to review, inclusive.
    pub end_on: Date,
    /// Id of the employee who reviews.
    pub reviewed_by: String,
}

/// Takes back the reviews of a range for several employees.
#[derive(Debug, Action)]
#[action(of = Review, name = "bulk_destroy", needs = "approve")]
pub struct BulkDestroy {
    /// Whose reviews to remove.
    pub employee_ids: Vec<Id<Employee>>,
    /// First day to reopen.
    pub start_on: Date,
    /// Last day to reopen, inclusive.
    pub end_on: Date,
}
