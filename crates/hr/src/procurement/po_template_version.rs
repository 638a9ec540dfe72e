//! `procurement/po_template_versions`

use registry::{Company, Employee, Id, Instant, Resource};

use crate::procurement::PoTemplate;

/// One edition of a purchase order template.
#[derive(Debug, Resource)]
#[resource(
    path = "procurement/po_template_versions",
    object = "procurement_po_template_version",
    permission = "procurement",
    operations(list(since = "2026-10-01"), read(since = "2026-10-01"))
)]
pub struct PoTemplateVersion {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PoTemplateVersion>,
    /// Template that this is an edition of.
    #[field(filter(any = "po_template_ids[]"))]
    pub po_template_id: Id<PoTemplate>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Number of the edition, counting up.
    pub version_number: i64,
    /// Either draft, active or archived.
    #[field(filter(any = "status[]"(as = Status)))]
    pub status: String,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Earlier edition it started from, if any.
    pub based_on_version_id: Option<Id<PoTemplateVersion>>,
    /// Employee who began this edition.
    pub created_by_id: Option<Id<Employee>>,
    /// Employee who made it active. Null before that.
    pub published_by_id: Option<Id<Employee>>,
    /// Moment when it was made active. Null before that.
    pub published_at: Option<Instant>,
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Active = "active",
        Archived = "archived",
        Draft = "draft",
    }
}
