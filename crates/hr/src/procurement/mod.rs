//! Purchase requests and orders.

pub mod po_field_value;
pub mod po_line_item;
pub mod po_template;
pub mod po_template_field_definition;
pub mod po_template_version;
pub mod procurement_type;
pub mod purchase_order;
pub mod purchase_request;

pub use po_field_value::PoFieldValue;
pub use po_line_item::PoLineItem;
pub use po_template::PoTemplate;
pub use po_template_field_definition::PoTemplateFieldDefinition;
pub use po_template_version::PoTemplateVersion;
pub use procurement_type::ProcurementType;
pub use purchase_order::PurchaseOrder;
pub use purchase_request::PurchaseRequest;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<PoFieldValue>(),
        Entry::of::<PoLineItem>(),
        Entry::of::<PoTemplateFieldDefinition>(),
        Entry::of::<PoTemplateVersion>(),
        Entry::of::<PoTemplate>(),
        Entry::of::<PurchaseOrder>(),
        Entry::of::<PurchaseRequest>(),
        Entry::of::<ProcurementType>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[po_field_value::CODE, purchase_order::CODE];
