//! `attendance/reviews`

use std::collections::BTreeSet;

use engine::{Answer, Code, Context, Error, Input, Narrow, Sets};
use registry::{Action, Date, Employee, Id, Instant, Resource};
use storage::{Datum, Look};

use crate::attendance::timesheet;
use crate::time::{facts, load, wall};

const REVIEWS: &str = "attendance/reviews";

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
pub(crate) const CODE: Code = Code {
    actions: &[("bulk_create", bulk_create), ("bulk_destroy", bulk_destroy)],
    filters: &[("reviewed_at", Narrow::Idle)],
    ..Code::of(REVIEWS)
};

/// The reviews of some people in a range of days.
fn there(
    cx: &mut Context<'_, '_>,
    input: &Input,
) -> Result<(Vec<i64>, Date, Date, Vec<engine::Object>), Error> {
    let employees: Vec<i64> =
        input.ids("employee_ids").into_iter().collect::<BTreeSet<_>>().into_iter().collect();
    timesheet::reach(cx, &employees)?;
    let (first, last) = timesheet::range(input)?;
    let found = load::of(cx, REVIEWS, &employees, &facts::between("date", first, last))?;
    Ok((employees, first, last, found))
}

/// Every day of the range is reviewed then; who reviewed a day first stays its reviewer.
fn bulk_create(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let (employees, first, last, found) = there(cx, input)?;
    let author: Option<i64> = input.text("reviewed_by").and_then(|id| id.parse().ok());
    let known = cx.objects("employees/employees", author.into_iter().collect())?;
    let Some(author) = author.filter(|author| known.contains_key(author)) else {
        return Err(Error::rule("reviewed_by", "not_found", "The one who reviews must be an employee."));
    };
    let day = |row: &engine::Object| row.int("employee_id").zip(row.date("date"));
    let reviewed: BTreeSet<_> = found.iter().filter_map(day).collect();
    let now = cx.tx.now().millis();
    let missing =
        employees.iter().flat_map(|employee| wall::days(first, last).map(move |date| (*employee, date)));
    let missing = missing.filter(|day| !reviewed.contains(day));
    let rows = missing.map(|(employee, date)| {
        Sets::from([
            ("employee_id", Datum::Int(employee)),
            ("date", facts::text(date)),
            ("reviewed_at", Datum::Int(now)),
            ("author_id", Datum::Int(author)),
        ])
    });
    let mut ids = cx.add_all(REVIEWS, rows.collect())?;
    ids.extend(found.iter().filter_map(|row| row.int("id")));
    Ok(Answer::Objects(ids))
}

/// The days can be changed again.
fn bulk_destroy(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let (.., found) = there(cx, input)?;
    let ids: Vec<i64> = found.iter().filter_map(|row| row.int("id")).collect();
    let gone = cx.read_all(cx.plan(REVIEWS)?, ids.clone())?;
    for chunk in ids.chunks(500) {
        cx.remove(REVIEWS, &[Look::OneOf("id", chunk.iter().copied().map(Datum::Int).collect())])?;
    }
    Ok(Answer::Body(gone))
}

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
