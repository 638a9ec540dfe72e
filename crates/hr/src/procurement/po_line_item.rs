//! `procurement/po_line_items`

use registry::{Company, Id, Instant, Resource};

use crate::procurement::PurchaseOrder;

/// A line of a purchase order.
#[derive(Debug, Resource)]
#[resource(
    path = "procurement/po_line_items",
    object = "procurement_po_line_item",
    permission = "procurement",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
pub struct PoLineItem {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PoLineItem>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Purchase order that has the line.
    #[field(filter(any = "purchase_order_ids[]"))]
    pub purchase_order_id: Id<PurchaseOrder>,
    /// Place among the lines of the order.
    pub position: i64,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
}
