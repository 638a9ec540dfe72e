//! `tasks/task_files`

use registry::{File, Id, Instant, Resource};

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
