//! `project_management/flexible_time_records`

use registry::{Date, Resource};

/// Minutes spent on a project on one day, without a shift.
#[derive(Debug, Resource)]
#[resource(
    path = "project_management/flexible_time_records",
    object = "project_management_flexible_time_record",
    permission = "project_management",
    subject = "project_worker_id(project_management/project_workers).employee_id",
    operations(
        list(until = "2026-04-01"),
        read(until = "2026-04-01"),
        create(until = "2026-04-01"),
        update(until = "2026-04-01"),
        delete(until = "2026-04-01")
    )
)]
pub struct FlexibleTimeRecord {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"(required)))]
    pub id: i64,
    /// Day the work was done.
    #[field(create(required), filter(from = "starts_on"), filter(to = "ends_on"))]
    pub date: Date,
    /// Time charged to the project, in minutes.
    #[field(create(required), update(required))]
    pub imputed_minutes: i64,
    /// Project membership of the person who worked.
    #[field(create(required), filter(any = "project_worker_ids[]"(required)))]
    pub project_worker_id: i64,
    /// Subproject the time went to, if there is one.
    #[field(create)]
    pub subproject_id: Option<i64>,
    /// When it was last changed.
    #[field(input, filter(from = "updated_after"(as = String)))]
    pub updated_at: Option<registry::Instant>,
}
