//! `compensations/concepts`

use registry::{Company, Id, Instant, Resource};

/// Kind of earning, deduction or contribution used in payroll.
#[derive(Debug, Resource)]
#[resource(
    path = "compensations/concepts",
    object = "compensations_concept",
    permission = "compensations",
    operations(list, read, create(since = "2026-10-01"), update(since = "2026-10-01"))
)]
pub struct Concept {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Concept>,
    /// The company that it belongs to.
    #[field(create(required))]
    pub company_id: Id<Company>,
    /// Whether it is built in rather than added by the company.
    #[field(default = false, filter(flag = "default"(since = "2026-10-01")))]
    pub default: bool,
    /// Explanation of its use.
    #[field(create, update, default = "")]
    pub description: String,
    /// Text shown for it.
    #[field(create(required), update)]
    pub label: String,
    /// Name used by programs.
    #[field(default(copy = "label"))]
    pub name: String,
    /// Name in the reader's language, for built-in ones.
    #[field(default(copy = "label"))]
    pub translated_name: String,
    /// Whether the company uses it.
    #[field(update, default = true, filter(flag = "with_active_status"), filter(eq = "enabled"(since = "2026-10-01")), since = "2026-10-01")]
    pub enabled: bool,
    /// Accounting group it belongs to.
    #[field(create(required), update, filter(any = "categories[]"))]
    pub category: Option<Category>,
    /// Name of its unit.
    pub unit_name: Option<String>,
    /// What its amounts measure.
    #[field(create, update)]
    pub unit_type: Option<UnitType>,
    /// When it was created.
    #[field(since = "2026-10-01")]
    pub created_at: Option<Instant>,
    /// When it was last changed.
    #[field(since = "2026-10-01")]
    pub updated_at: Option<Instant>,
    /// Whether it counts as a labor cost. Only for added concepts.
    #[field(input, update)]
    pub labor_cost: Option<bool>,
}

registry::choice! {
    /// The values of `category`.
    pub enum Category {
        CompanyContribution = "company_contribution",
        Deductions = "deductions",
        EarningsBenefitsInKind = "earnings_benefits_in_kind",
        EarningsFixedSalary = "earnings_fixed_salary",
        EarningsOthers = "earnings_others",
        EarningsVariable = "earnings_variable",
        SummarizedValues = "summarized_values",
    }
}

registry::choice! {
    /// The values of `unit_type`.
    pub enum UnitType {
        Distance = "distance",
        Money = "money",
        Time = "time",
        Unit = "unit",
    }
}
