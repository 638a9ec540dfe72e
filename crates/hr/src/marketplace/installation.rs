//! `marketplace/installations`

use registry::{Company, Id, Instant, Resource};

/// The fact that a company uses a marketplace integration.
#[derive(Debug, Resource)]
#[resource(
    path = "marketplace/installations",
    object = "marketplace_installation",
    permission = "marketplace",
    operations(create)
)]
pub struct Installation {
    /// Identifies it, for good.
    pub id: Id<Installation>,
    /// Integration that is installed.
    #[field(create(required))]
    pub integration_uuid: String,
    /// The company that it belongs to.
    #[field(create(required))]
    pub company_id: Id<Company>,
    /// When it was created.
    pub created_at: Instant,
}
