//! `expenses/mileages`

use engine::{Code, Derived, Hide, Narrow};
use registry::{Anything, Company, Date, Employee, Id, Instant, Resource};

use super::expense::{Category, FileValue, Payment};
use crate::expenses::Expensable;
use crate::finance::Account;
use crate::finance::BudgetOption;
use crate::finance::CostCenter;
use crate::narrow;
use crate::project_management::Project;

/// Details of a trip claimed by distance.
#[derive(Debug, Resource)]
#[resource(
    path = "expenses/mileages",
    object = "expenses_mileage",
    permission = "expenses",
    subject = "employee_id",
    operations(list, read)
)]
#[parameter(name = "include_manual_drafts", as = bool, doc = "Adds drafts that people entered by hand.", required)]
#[parameter(name = "external_authorization_ids[]", as = Id<Anything>, doc = "Only trips with one of these card authorisations.")]
#[parameter(name = "card_ids[]", as = Id<Anything>, doc = "Only trips paid with one of these cards.")]
#[parameter(name = "card_payment_ids[]", as = Id<Anything>, doc = "Only trips that came from one of these card payments.")]
#[parameter(name = "include_attachments", as = bool, doc = "Adds the attached files.", required)]
#[parameter(name = "from", as = String, doc = "First day to include. Ignored unless to is given too.")]
#[parameter(name = "to", as = String, doc = "Day to stop before. Ignored unless from is given too.")]
#[parameter(name = "dispute_ids[]", as = Id<Anything>, doc = "Only trips under one of these disputes.")]
pub struct Mileage {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Mileage>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Currency of the claim, as an ISO code.
    pub currency: String,
    /// Stage of the review and payment.
    pub status: String,
    /// Papers attached to the trip.
    pub files: Vec<FileValue>,
    /// Whether it is paid back: reimbursable or not_reimbursable.
    pub payment: Payment,
    /// Cost centers that bear it.
    pub cost_center_ids: Vec<Id<CostCenter>>,
    /// Whose spending it is.
    #[field(filter(any = "employee_ids[]"))]
    pub employee_id: Option<Id<Employee>>,
    /// Claim that these details belong to.
    #[field(filter(any = "expenses_expensable_ids[]"))]
    pub expenses_expensable_id: Option<Id<Expensable>>,
    /// Kind of spending.
    #[field(derived)]
    pub category: Option<Category>,
    /// Finer kind of spending.
    pub subcategory: Option<String>,
    /// Category that it is sorted under.
    pub category_id: Option<Id<crate::finance::Category>>,
    /// Full amount, in cents.
    pub amount: Option<i64>,
    /// Part to pay back to the employee, in cents.
    pub reimbursable_amount: Option<i64>,
    /// Currency it is paid back in, as an ISO code.
    pub reimbursable_currency: Option<String>,
    /// Distance covered, in the given units.
    pub mileage: Option<i64>,
    /// Unit of the distance, such as km.
    pub units: Option<String>,
    /// Money paid for each unit of distance, as text.
    pub rate: Option<String>,
    /// Unit that the rate counts in. Distances are converted to it.
    #[field(since = "2026-10-01")]
    pub rate_measurement_unit: Option<String>,
    /// Where the trip started.
    pub from: Option<String>,
    /// Where the trip ended.
    pub to: Option<String>,
    /// What the money went on.
    pub description: Option<String>,
    /// Day of the trip.
    pub effective_on: Option<Date>,
    /// When it was submitted for review. Null for drafts.
    pub review_request_at: Option<Instant>,
    /// When it was marked as paid. Null before that.
    pub paid_at: Option<Instant>,
    /// Ledger account that it is booked on.
    pub ledger_account_id: Option<Id<Account>>,
    /// Whether the way back is included.
    pub round_trip: Option<bool>,
    /// Longitude of the start, in degrees.
    pub origin_longitude: Option<String>,
    /// Latitude of the start, in degrees.
    pub origin_latitude: Option<String>,
    /// Longitude of the end, in degrees.
    pub destination_longitude: Option<String>,
    /// Latitude of the end, in degrees.
    pub destination_latitude: Option<String>,
    /// Distance worked out from the route, in tens of metres.
    pub calculated_mileage: Option<i64>,
    /// Budget it draws on, if any.
    pub budget_id: Option<Id<BudgetOption>>,
    /// Project it is charged to, if any.
    pub project_id: Option<Id<Project>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::page("category", super::categories)],
    filters: &[
        ("include_manual_drafts", Narrow::Idle),
        ("include_attachments", Narrow::Idle),
        ("from", Narrow::Code(super::spent)),
        ("to", Narrow::Code(super::spent)),
        ("external_authorization_ids[]", narrow::NOTHING),
        ("card_ids[]", narrow::NOTHING),
        ("card_payment_ids[]", narrow::NOTHING),
        ("dispute_ids[]", narrow::NOTHING),
    ],
    hide: Some(Hide { shown: |cx| super::finished(cx, None), unless: "include_manual_drafts" }),
    ..Code::of("expenses/mileages")
};
