//! `tasks/comments`: what is said about a task. The API writes them and has no address that reads them.

use registry::{Access, Id, Instant, Resource};

use crate::tasks::Task;

/// A remark about a task.
#[derive(Debug, Resource)]
#[resource(path = "tasks/comments", object = "tasks_comment", permission = "tasks", subject = "author_id")]
pub struct Comment {
    /// Identifies it, for good.
    pub id: Id<Comment>,
    /// Task that it is about.
    pub task_id: Id<Task>,
    /// Access of whoever wrote it.
    pub author_id: Id<Access>,
    /// What it says.
    pub content: String,
    /// Accesses of people who shall notice it.
    #[field(default(empty))]
    pub mentioned_access_ids: Vec<Id<Access>>,
    /// When it was created.
    pub created_at: Instant,
}
