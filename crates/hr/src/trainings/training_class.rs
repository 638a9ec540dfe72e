//! `trainings/training_classes`

use registry::{Access, Company, Date, Id, Instant, Resource};

use crate::trainings::Training;

/// A group that takes a course together, with its costs.
#[derive(Debug, Resource)]
#[resource(
    path = "trainings/training_classes",
    object = "trainings_training_class",
    permission = "trainings",
    operations(list, read, create, update, delete)
)]
pub struct TrainingClass {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"), filter(eq = "id"))]
    pub id: String,
    /// Course the group takes.
    #[field(create(required), filter(eq = "training_id"))]
    pub training_id: Id<Training>,
    /// Name of the group.
    #[field(create, update, default = "", filter(search = "search"))]
    pub name: String,
    /// Direct expenses, such as teachers and materials, as a decimal.
    #[field(create(required), update(required))]
    pub cost: String,
    /// Share of general expenses, as a decimal.
    #[field(create(required), update(required))]
    pub indirect_cost: String,
    /// Pay for the time participants spend, as a decimal.
    #[field(create(required), update(required))]
    pub salary_cost: String,
    /// Part paid by grants or aid, as a decimal.
    #[field(create(required), update(required))]
    pub subsidized_cost: String,
    /// Direct, indirect and salary cost added up.
    #[field(derived)]
    pub gross_cost: String,
    /// Gross cost less the subsidised part.
    #[field(derived)]
    pub net_cost: String,
    /// How many attendances were completed.
    #[field(derived)]
    pub completed_attendances_count: i64,
    /// How many attendances are expected.
    #[field(derived)]
    pub total_attendances_count: i64,
    /// Currency of the costs.
    #[field(default = "EUR")]
    pub currency: String,
    /// When it was created.
    pub created_at: Instant,
    /// What sets the group apart.
    #[field(create, update)]
    pub description: Option<String>,
    /// First day of the group.
    #[field(create(required), update, filter(any = "start_date[]"(as = String)))]
    pub start_date: Option<Date>,
    /// Last day of the group.
    #[field(create(required), update, filter(any = "end_date[]"(as = String)))]
    pub end_date: Option<Date>,
    /// Whether the costs were paid.
    #[field(create(required), update(required))]
    pub payment_status: Option<PaymentStatus>,
    /// The company that it belongs to.
    #[field(input, create(required))]
    pub company_id: Option<Id<Company>>,
    /// Access of whoever creates the group.
    #[field(input, create(required))]
    pub author_id: Option<Id<Access>>,
}

registry::choice! {
    /// The values of `payment_status`.
    pub enum PaymentStatus {
        Paid = "paid",
        Pending = "pending",
    }
}
