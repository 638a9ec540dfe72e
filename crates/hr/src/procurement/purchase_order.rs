//! `procurement/purchase_orders`

use engine::{Code, Derived};
use registry::{Anything, Company, Id, Object, Resource};

use crate::companies::LegalEntity;
use crate::finance::Contact;
use crate::procurement::PoTemplateVersion;
use crate::procurement::PurchaseRequest;

/// An order for goods or services from a vendor.
#[derive(Debug, Resource)]
#[resource(
    path = "procurement/purchase_orders",
    object = "procurement_purchase_order",
    permission = "procurement",
    operations(list, read, create(since = "2026-10-01"), update(since = "2026-10-01"))
)]
pub struct PurchaseOrder {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PurchaseOrder>,
    /// Running number of the order.
    #[field(default = 1)]
    pub po_number: i64,
    /// What is ordered, or remarks about it.
    #[field(create, update(required), default = "")]
    pub description: String,
    /// How far the order has got. A closed order cannot change.
    #[field(create(as = CreateStatus), update(as = CreateStatus), default = "draft", filter(eq = "status"))]
    pub status: Status,
    /// What the whole order costs.
    #[field(update(required), default(empty))]
    pub cost: Cost,
    /// Day of the order.
    #[field(create, update, default(rule))]
    pub date: String,
    /// Legal entity that buys.
    #[field(create(required), update(required))]
    pub legal_entity_id: Id<LegalEntity>,
    /// The company that it belongs to.
    #[field(create(required), update(required))]
    pub company_id: Id<Company>,
    /// Number of the order as people see it, with its prefix.
    #[field(derived, update(required))]
    pub formatted_po_number: String,
    /// Day by which it should be delivered.
    #[field(create, update, since = "2026-10-01")]
    pub deadline: Option<String>,
    /// Contact that sells. Null when not chosen yet.
    #[field(create, update, filter(any = "vendor_ids[]"(since = "2026-07-01")))]
    pub vendor_id: Option<Id<Contact>>,
    /// Request that led to the order, if any.
    #[field(filter(any = "purchase_request_ids[]"))]
    pub purchase_request_id: Option<Id<PurchaseRequest>>,
    /// How to pay: banktransfer, cash or virtualcard.
    #[field(create, update, since = "2026-10-01")]
    pub preferred_payment_method: Option<PreferredPaymentMethod>,
    /// Template edition that the order follows. Null for old orders.
    #[field(since = "2026-10-01")]
    pub po_template_version_id: Option<Id<PoTemplateVersion>>,
    /// Values of the header fields, by field key.
    #[field(update, since = "2026-10-01")]
    pub header_field_values_by_key: Option<Vec<HeaderFieldValuesByKey>>,
    /// Lines with their values by field key. Send all to change any.
    #[field(update(as = Vec<UpdateLineItemsByKey>), since = "2026-10-01")]
    pub line_items_by_key: Option<Vec<LineItemsByKey>>,
    /// Currency of the order, as an ISO code.
    #[field(input, create(required))]
    pub currency: Option<String>,
    /// Values of the header fields, by field key.
    #[field(input, create)]
    pub header_field_values: Option<Vec<HeaderFieldValuesByKey>>,
    /// Lines of the order with their values.
    #[field(input, create)]
    pub line_items: Option<Vec<LineItem>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::row("formatted_po_number", |facts| {
        format!("PO-{:04}", facts.int("po_number").unwrap_or_default()).into()
    })],
    ..Code::of("procurement/purchase_orders")
};

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Closed = "closed",
        Draft = "draft",
        Ordered = "ordered",
        Partial = "partial",
        Pending = "pending",
        Processing = "processing",
        Received = "received",
    }
}

registry::choice! {
    /// The values of `status`.
    pub enum CreateStatus {
        Closed = "closed",
        Draft = "draft",
        Ordered = "ordered",
        Partial = "partial",
        Pending = "pending",
        Received = "received",
    }
}

/// The objects of `cost`.
#[derive(Debug, Object)]
pub struct Cost {
    /// Amount in cents.
    pub cents: i64,
    /// Currency of the amount, as an ISO code.
    pub currency: String,
}

registry::choice! {
    /// The values of `preferred_payment_method`.
    pub enum PreferredPaymentMethod {
        Banktransfer = "banktransfer",
        Cash = "cash",
        Virtualcard = "virtualcard",
    }
}

/// The objects of `header_field_values_by_key`.
#[derive(Debug, Object)]
pub struct HeaderFieldValuesByKey {
    /// Key of the template field.
    pub field_key: String,
    /// Value of the field, as text.
    pub value: Option<String>,
}

/// The objects of `line_items_by_key`.
#[derive(Debug, Object)]
pub struct LineItemsByKey {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Place of the line, counted from 0.
    pub position: i64,
    /// Values of the line, by field key.
    pub fields: Vec<HeaderFieldValuesByKey>,
}

/// The objects of `line_items_by_key`.
#[derive(Debug, Object)]
pub struct UpdateLineItemsByKey {
    /// Place of the line, counted from 0.
    pub position: i64,
    /// Values of the line, by field key.
    pub fields: Vec<HeaderFieldValuesByKey>,
    /// Its identifier.
    pub id: Option<Id<Anything>>,
}

/// The objects of `line_items`.
#[derive(Debug, Object)]
pub struct LineItem {
    /// Place of the line, counted from 0.
    pub position: i64,
    /// Values of the line, by field key.
    pub fields: Vec<HeaderFieldValuesByKey>,
}
