//! `procurement/po_templates`

use registry::{Company, Employee, Id, Instant, Resource};

/// A form that purchase orders are made from.
#[derive(Debug, Resource)]
#[resource(
    path = "procurement/po_templates",
    object = "procurement_po_template",
    permission = "procurement",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
pub struct PoTemplate {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PoTemplate>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// What the template is called.
    pub name: String,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Employee who made it. Null when it came built in.
    pub created_by_id: Option<Id<Employee>>,
}
