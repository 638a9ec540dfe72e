//! `processes/materialized_processes`

use registry::{Company, Employee, Id, Instant, Resource};

use crate::processes::Process;

/// One run of a workflow for one person.
#[derive(Debug, Resource)]
#[resource(
    path = "processes/materialized_processes",
    object = "processes_materialized_process",
    permission = "processes",
    subject = "employee_id",
    operations(create(since = "2026-10-01"))
)]
pub struct MaterializedProcess {
    /// Identifies it, for good.
    pub id: Id<MaterializedProcess>,
    /// Workflow being run.
    #[field(create(required))]
    pub process_id: Id<Process>,
    /// One of running, finalized, or archived if cancelled.
    #[field(default = "running")]
    pub status: String,
    /// When it ended. Empty while it runs.
    pub finalized_at: Option<Instant>,
    /// The company that it belongs to.
    #[field(input, create(required))]
    pub company_id: Option<Id<Company>>,
    /// Employee to start the workflow for.
    #[field(input, create)]
    pub employee_id: Option<Id<Employee>>,
}
