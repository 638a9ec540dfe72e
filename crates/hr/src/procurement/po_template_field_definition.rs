//! `procurement/po_template_field_definitions`

use registry::{Company, Id, Instant, Resource};

use crate::procurement::PoTemplateVersion;

/// A field that purchase orders made from a template have.
#[derive(Debug, Resource)]
#[resource(
    path = "procurement/po_template_field_definitions",
    object = "procurement_po_template_field_definition",
    permission = "procurement",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
pub struct PoTemplateFieldDefinition {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PoTemplateFieldDefinition>,
    /// Template version that defines the field.
    #[field(filter(any = "po_template_version_ids[]"))]
    pub po_template_version_id: Id<PoTemplateVersion>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Part of the form that holds it, in the header or the lines.
    #[field(filter(any = "section_type[]"(as = SectionType)))]
    pub section_type: String,
    /// Caption shown to people.
    pub label: String,
    /// Kind of value, such as text, money, date or select.
    pub field_type: String,
    /// True for fields that come built in.
    pub predefined: bool,
    /// Whether the form shows the field.
    pub visible: bool,
    /// Whether an order must have a value here.
    pub required: bool,
    /// Place in its section, counted from 0.
    pub position: i64,
    /// Whether the system works out the value.
    pub computed: bool,
    /// True when administrators cannot change if it is mandatory.
    pub locked: bool,
    /// Whether the printed order shows the field.
    pub visible_in_pdf: bool,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Key for setting the value, unique in its version.
    pub field_key: Option<String>,
    /// Values that a select field allows. Null for other kinds.
    pub options: Option<Vec<String>>,
    /// Value used until someone enters another.
    pub default_value: Option<String>,
}

registry::choice! {
    /// The values of `section_type`.
    pub enum SectionType {
        GeneralInformation = "general_information",
        LineItemColumns = "line_item_columns",
        NotesAndDelivery = "notes_and_delivery",
        VendorContact = "vendor_contact",
    }
}
