//! `integrations/sync_run_outputs`

use registry::{File, Id, Instant, Resource};

use crate::integrations::SyncRun;

/// A file that an integration produced during a sync run.
#[derive(Debug, Resource)]
#[resource(
    path = "integrations/sync_run_outputs",
    object = "integrations_sync_run_output",
    permission = "integrations",
    operations(create(since = "2026-07-01", multipart))
)]
pub struct SyncRunOutput {
    /// Identifies it, for good.
    pub id: Id<SyncRunOutput>,
    /// Run during which the file was produced.
    #[field(create(required))]
    pub sync_run_id: Id<SyncRun>,
    /// Name under which the file is kept.
    #[field(create(required, since = "2026-10-01"))]
    pub file_name: String,
    /// When it was created.
    pub created_at: Instant,
    /// Content of the CSV file.
    #[field(input, create(required))]
    pub file: Option<File>,
}
