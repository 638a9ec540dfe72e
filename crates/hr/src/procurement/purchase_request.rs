//! `procurement/purchase_requests`

use registry::{Company, Date, Employee, Id, Resource};

use super::purchase_order::Cost;
use crate::finance::Contact;
use crate::procurement::ProcurementType;

/// An employee's wish that the company buy something.
#[derive(Debug, Resource)]
#[resource(
    path = "procurement/purchase_requests",
    object = "procurement_purchase_request",
    permission = "procurement",
    subject = "requester_employee_id",
    operations(list, read)
)]
pub struct PurchaseRequest {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PurchaseRequest>,
    /// What is wanted, or remarks about it.
    pub description: String,
    /// Kind of purchase.
    #[field(filter(any = "type_ids[]"))]
    pub type_id: Id<ProcurementType>,
    /// What the purchase is expected to cost.
    pub cost: Cost,
    /// Day of the request.
    pub date: String,
    /// Employee who asks for it.
    #[field(filter(any = "requester_employee_ids[]"))]
    pub requester_employee_id: Id<Employee>,
    /// Outcome so far, from draft to approved or rejected.
    #[field(filter(eq = "status"))]
    pub status: Status,
    /// The company that it belongs to.
    pub company_id: Option<Id<Company>>,
    /// Contact to buy from, if known.
    pub vendor_id: Option<Id<Contact>>,
    /// Web page about the purchase, such as a product.
    pub url: Option<String>,
    /// Further remarks from the requester.
    pub additional_information: Option<String>,
    /// Why it was turned down.
    #[field(since = "2026-10-01")]
    pub rejection_reason: Option<String>,
    /// Day by which it is needed.
    pub deadline: Option<Date>,
}

registry::choice! {
    /// The values of `status`.
    pub enum Status {
        Approved = "approved",
        ChangesRequested = "changes_requested",
        Draft = "draft",
        Pending = "pending",
        Rejected = "rejected",
    }
}
