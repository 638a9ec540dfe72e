//! `procurement/po_field_values`

use engine::{Code, Derived, Narrow};
use registry::{Company, Id, Instant, Resource};
use storage::Look;

use crate::procurement::PoLineItem;
use crate::procurement::PoTemplateFieldDefinition;
use crate::procurement::PurchaseOrder;

/// What was filled in for one field of a purchase order.
#[derive(Debug, Resource)]
#[resource(
    path = "procurement/po_field_values",
    object = "procurement_po_field_value",
    permission = "procurement",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
#[parameter(name = "exclude_line_items", as = bool, doc = "True leaves only header values. With line ids nothing is found.")]
pub struct PoFieldValue {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PoFieldValue>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Purchase order that the value is part of.
    #[field(filter(any = "purchase_order_ids[]"))]
    pub purchase_order_id: Id<PurchaseOrder>,
    /// Template field that the value answers.
    pub field_definition_id: Id<PoTemplateFieldDefinition>,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Line that holds the value. Null for the header.
    #[field(filter(any = "line_item_ids[]"))]
    pub line_item_id: Option<Id<PoLineItem>>,
    /// The value as text, to be read by field type.
    pub value: Option<String>,
    /// Readable name when the value points to another record.
    #[field(derived)]
    pub display_value: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::row("display_value", |facts| facts.text("value").into())],
    filters: &[("exclude_line_items", Narrow::Flag(|_| Look::Null("line_item_id")))],
    ..Code::of("procurement/po_field_values")
};
