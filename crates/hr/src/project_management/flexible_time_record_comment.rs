//! `project_management/flexible_time_record_comments`

use engine::{Answer, Code, Context, Error, Input, by, one_of};
use registry::{Action, Resource};
use storage::Datum;

/// Note on a project time entry that has no shift.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/flexible_time_record_comments",
    object = "project_management_flexible_time_record_comment",
    permission = "project_management",
    subject = "flexible_time_record_id(project_management/flexible_time_records).project_worker_id(project_management/project_workers).employee_id",
    operations(list(until = "2026-04-01"), read(until = "2026-04-01"), create(until = "2026-04-01"))
)]
pub struct FlexibleTimeRecordComment {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: i64,
    /// Text of the note.
    #[field(create(required))]
    pub content: String,
    /// Time entry that the note explains.
    #[field(create(required), filter(eq = "flexible_time_record_id"))]
    pub flexible_time_record_id: i64,
}

/// Removes the note of a time entry.
#[derive(Debug, Action)]
#[action(of = FlexibleTimeRecordComment, name = "delete_by_flexible_time_record", until = "2026-04-01")]
pub struct DeleteByFlexibleTimeRecord {
    /// Time entry that loses its note.
    pub flexible_time_record_id: i64,
}

/// Rewrites the note of a time entry.
#[derive(Debug, Action)]
#[action(of = FlexibleTimeRecordComment, name = "update_by_flexible_time_record", until = "2026-04-01")]
pub struct UpdateByFlexibleTimeRecord {
    /// Time entry whose note is rewritten.
    pub flexible_time_record_id: i64,
    /// New text of the note.
    pub content: String,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    actions: &[
        ("delete_by_flexible_time_record", delete_by_record),
        ("update_by_flexible_time_record", update_by_record),
    ],
    ..Code::of(PATH)
};

const PATH: &str = "project_management/flexible_time_record_comments";

/// The note of a time entry.
fn note(cx: &mut Context<'_, '_>, input: &Input) -> Result<i64, Error> {
    let its = one_of("flexible_time_record_id", &[input.id("flexible_time_record_id")]);
    let found = cx.facts(PATH, &[its])?;
    found.last().and_then(|note| note.int("id")).ok_or(Error::NotFound)
}

fn delete_by_record(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = note(cx, input)?;
    let plan = cx.plan(PATH)?;
    Ok(Answer::Body(cx.delete(plan, id)?))
}

fn update_by_record(cx: &mut Context<'_, '_>, input: &Input) -> Result<Answer, Error> {
    let id = note(cx, input)?;
    let text = input.text("content").unwrap_or_default();
    cx.change(PATH, &[by(id)], [("content", Datum::Text(text.to_owned()))].into())?;
    Ok(id.into())
}
