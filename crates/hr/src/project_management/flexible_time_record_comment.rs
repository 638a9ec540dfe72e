//! `project_management/flexible_time_record_comments`

use registry::{Action, Resource};

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
