//! `employee_updates/summaries`

use registry::{Date, Employee, Id, Instant, Resource};

use crate::companies::LegalEntity;

/// Entry in the list of all updates for payroll.
#[derive(Debug, Resource)]
#[resource(
    path = "employee_updates/summaries",
    object = "employee_updates_summary",
    permission = "employee_updates",
    subject = "employee_id",
    operations(list, read)
)]
pub struct Summary {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Summary>,
    /// Legal entity whose payroll is concerned.
    #[field(filter(any = "legal_entities_ids[]"))]
    pub legal_entity_id: Id<LegalEntity>,
    /// How far payroll staff have dealt with the update.
    pub status: String,
    /// What changed, such as bank, hiring, contract or termination.
    #[field(filter(any = "type[]"))]
    pub r#type: String,
    /// When it was created.
    pub created_at: Instant,
    /// Whom the update is about.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Option<Id<Employee>>,
    /// First day the update applies.
    #[field(filter(after = "starts_on"), filter(before = "ends_on"))]
    pub starts_on: Option<Date>,
    /// Last day the update applies, if it ends.
    pub ends_on: Option<Date>,
}
