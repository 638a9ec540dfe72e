//! Tasks and their files.

pub mod comment;
pub mod task;
pub mod task_file;

pub use comment::Comment;
pub use task::Task;
pub use task_file::TaskFile;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Comment>(),
        Entry::of::<TaskFile>(),
        Entry::of::<Task>()
            .action::<task::BulkCreate>()
            .action::<task::BulkDelete>()
            .action::<task::BulkUpdate>()
            .action::<task::Copy>()
            .action::<task::CreateComment>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[task::CODE, task_file::CODE];
