//! `tasks/task_files`

use engine::{Code, Context, Derived, Draft, Error, Object};
use registry::{File, Id, Instant, Resource};

use storage::Datum;

use crate::tasks::Task;

/// File attached to a task.
#[derive(Debug, Resource)]
#[resource(
    path = "tasks/task_files",
    object = "tasks_task_file",
    permission = "tasks",
    subject = "task_id.author_employee_id",
    involved("task_id.assignee_ids"),
    operations(list, read, create(multipart), delete)
)]
pub struct TaskFile {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<TaskFile>,
    /// Task that the file is attached to.
    #[field(create(required), filter(eq = "task_id"(required)))]
    pub task_id: Id<Task>,
    /// Name of the file.
    #[field(default = "")]
    pub filename: String,
    /// Where to download it, relative to the API address.
    #[field(default = "")]
    pub path: String,
    /// When it was created.
    pub created_at: Instant,
    /// Media type of the file.
    pub content_type: Option<String>,
    /// File to attach.
    #[field(input, create(required))]
    pub file: Option<File>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code =
    Code { derived: &[Derived::page("path", paths)], rule: Some(rule), ..Code::of("tasks/task_files") };

/// Name and type are those of the file.
fn rule(cx: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let file = draft.int("file").map(|id| cx.file(id)).transpose()?.flatten();
    let file = file.ok_or_else(|| Error::invalid("file", "It must be a file."))?;
    draft.sets.insert("filename", Datum::Text(file.name));
    draft.sets.insert("content_type", Datum::Text(file.content_type));
    Ok(())
}

fn paths(cx: &mut Context<'_, '_>, rows: &[Object]) -> Result<Vec<serde_json::Value>, Error> {
    let files = cx.files_of(rows, "file")?;
    Ok(files
        .iter()
        .map(|files| files.first().map_or_else(String::new, |file| cx.path(file)).into())
        .collect())
}
