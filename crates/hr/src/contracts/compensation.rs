//! `contracts/compensations`

use engine::{Code, Derived};
use registry::{Anything, Date, Id, Resource};

use crate::contracts::ContractVersion;
use crate::contracts::Taxonomy;

/// Extra pay agreed in a contract version, besides the salary.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/compensations",
    object = "contracts_compensation",
    permission = "salaries",
    subject = "contract_version_id.employee_id",
    operations(list, read, create, update, delete)
)]
pub struct Compensation {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Compensation>,
    /// Contract version that grants the extra pay.
    #[field(create(required), filter(any = "contract_version_ids[]"))]
    pub contract_version_id: Id<ContractVersion>,
    /// Category of the extra pay.
    #[field(create(required), update(required))]
    pub contracts_taxonomy_id: Id<Taxonomy>,
    /// What the amount is measured in, such as money.
    #[field(create, update, default = "money")]
    pub unit: String,
    /// Note about the extra pay.
    #[field(create, update)]
    pub description: Option<String>,
    /// Whether the amount is fixed, limited, paid by work done, or undefined.
    #[field(create, update)]
    pub compensation_type: Option<String>,
    /// Amount of each payment, in cents. Not needed for undefined types.
    #[field(create, update)]
    pub amount: Option<i64>,
    /// Whether payroll supplements are created from it.
    #[field(create, update)]
    pub sync_with_supplements: Option<bool>,
    /// Payroll policy under which it is paid.
    #[field(create, update)]
    pub payroll_policy_id: Option<Id<Anything>>,
    /// Number of periods between payments, months by default.
    #[field(create, update)]
    pub recurrence_count: Option<i64>,
    /// First day from which it applies.
    #[field(create, update)]
    pub starts_on: Option<Date>,
    /// How often it is paid. When empty, the recurrence count decides.
    #[field(create, update)]
    pub recurrence: Option<String>,
    /// Day of the first payment, which may follow the start.
    #[field(create, update)]
    pub first_payment_on: Option<Date>,
    /// Short note on how payroll works it out.
    #[field(create, update)]
    pub calculation: Option<String>,
    /// Three-letter currency code of the amount.
    #[field(derived)]
    pub currency: Option<String>,
    /// How much of a day must be worked to earn it.
    #[field(create, update)]
    pub time_condition: Option<TimeCondition>,
    /// Fewest hours of work that earn it.
    #[field(create, update)]
    pub minimum_amount_of_hours: Option<i64>,
    /// Fewest hours of work that earn it, in hundredths of an hour.
    #[field(create, update)]
    pub minimum_amount_of_hours_in_cents: Option<i64>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::page("currency", super::currency::of_compensations)],
    ..Code::of("contracts/compensations")
};

registry::choice! {
    /// The values of `time_condition`.
    pub enum TimeCondition {
        Custom = "custom",
        FullDay = "full_day",
        HalfDay = "half_day",
    }
}
