//! `procurement/types`

use registry::{Company, Employee, Id, Instant, Resource};

/// A kind of purchase that employees can request.
#[derive(Debug, Resource)]
#[resource(
    path = "procurement/types",
    object = "procurement_type",
    permission = "procurement",
    operations(list, read)
)]
pub struct ProcurementType {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ProcurementType>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// When it was created.
    pub created_at: Instant,
    /// What the kind is called.
    pub name: String,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Employee who added it. Null when it came built in.
    pub author_id: Option<Id<Employee>>,
    /// Free explanation of the kind.
    pub description: Option<String>,
    /// Whether requests may use it.
    pub enabled: Option<bool>,
    /// Fixed key of a built-in kind.
    pub identifier: Option<String>,
    /// Currency of the limits in its approval flow.
    #[field(since = "2026-10-01")]
    pub workflow_currency: Option<String>,
}
