//! `integrations/sync_runs`

use registry::{Company, Id, Instant, Object, Resource};

/// One exchange of data between the company and an external system.
#[derive(Debug, Resource)]
#[resource(
    path = "integrations/sync_runs",
    object = "integrations_sync_run",
    permission = "integrations",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"), create(since = "2026-10-01"))
)]
pub struct SyncRun {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SyncRun>,
    /// How far the run is, or how it ended.
    #[field(default = "running")]
    pub status: Status,
    /// Moment when the exchange began.
    #[field(default(now), filter(from = "created_at_gteq"(required, as = String)))]
    pub started_at: Instant,
    /// Period that the run covers. Empty when it has none.
    #[field(default(empty))]
    pub context: Context,
    /// The company that it belongs to.
    #[field(create)]
    pub company_id: Id<Company>,
    /// Marketplace integration that carries out the run.
    #[field(default = "", filter(eq = "marketplace_integration_uuid"(required)))]
    pub integration_uuid: String,
    /// Moment when the exchange ended. Null while it runs.
    pub finished_at: Option<Instant>,
    /// Integration to run. By default the one that owns the credential.
    #[field(input, create)]
    pub marketplace_integration_uuid: Option<String>,
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Errored = "errored",
        Running = "running",
        Succededwitherrors = "succededwitherrors",
        Succeeded = "succeeded",
    }
}

/// The objects of `context`.
#[derive(Debug, Object)]
pub struct Context {
    /// First day that the run covers.
    pub from: Option<String>,
    /// Last day that the run covers, itself included.
    pub to: Option<String>,
}
