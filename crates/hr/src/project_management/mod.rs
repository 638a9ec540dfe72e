//! Projects and the time spent on them.

pub mod budget_strategy;
mod cost;
pub mod expense_record;
pub mod exportable_expense;
pub mod flexible_time_record;
pub mod flexible_time_record_comment;
pub mod imputable_project;
pub mod planned_record;
pub mod project;
pub mod project_task;
pub mod project_worker;
pub mod rate;
pub mod subproject;
pub mod time_record;

pub use budget_strategy::BudgetStrategy;
pub use expense_record::ExpenseRecord;
pub use exportable_expense::ExportableExpense;
pub use flexible_time_record::FlexibleTimeRecord;
pub use flexible_time_record_comment::FlexibleTimeRecordComment;
pub use imputable_project::ImputableProject;
pub use planned_record::PlannedRecord;
pub use project::Project;
pub use project_task::ProjectTask;
pub use project_worker::ProjectWorker;
pub use rate::Rate;
pub use subproject::Subproject;
pub use time_record::TimeRecord;

use engine::Code;
use registry::Entry;
use storage::Look;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<BudgetStrategy>(),
        Entry::of::<ExpenseRecord>(),
        Entry::of::<ExportableExpense>(),
        Entry::of::<FlexibleTimeRecordComment>()
            .action::<flexible_time_record_comment::DeleteByFlexibleTimeRecord>()
            .action::<flexible_time_record_comment::UpdateByFlexibleTimeRecord>(),
        Entry::of::<FlexibleTimeRecord>(),
        Entry::of::<ImputableProject>(),
        Entry::of::<PlannedRecord>().action::<planned_record::BulkCreate>(),
        Entry::of::<ProjectTask>()
            .action::<project_task::BulkDestroy>()
            .action::<project_task::BulkDuplicate>(),
        Entry::of::<ProjectWorker>()
            .action::<project_worker::BulkAssign>()
            .action::<project_worker::BulkCreate>()
            .action::<project_worker::Unassign>(),
        Entry::of::<Project>()
            .action::<project::Activate>()
            .action::<project::ChangeAssignment>()
            .action::<project::ChangeStatus>()
            .action::<project::Close>()
            .action::<project::SoftDelete>(),
        Entry::of::<Rate>(),
        Entry::of::<Subproject>().action::<subproject::Rename>(),
        Entry::of::<TimeRecord>()
            .action::<time_record::BulkDelete>()
            .action::<time_record::BulkProcess>()
            .action::<time_record::UpdateObservations>()
            .action::<time_record::UpdateProjectWorker>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[
    expense_record::CODE,
    budget_strategy::CODE,
    exportable_expense::CODE,
    flexible_time_record_comment::CODE,
    imputable_project::CODE,
    planned_record::CODE,
    project::CODE,
    project_task::CODE,
    project_worker::CODE,
    rate::CODE,
    subproject::CODE,
    time_record::CODE,
];

/// People in whose name every word of a text is.
fn called(values: &[String]) -> Vec<Look> {
    let words = values.last().map(String::as_str).unwrap_or_default().split_whitespace();
    words.map(|word| Look::Search(vec!["first_name", "last_name"], word.to_owned())).collect()
}
