//! `payroll/supplements`

use engine::{Code, Derived, Narrow};
use registry::{Company, Date, Employee, Id, Instant, Resource};

use crate::companies::LegalEntity;
use crate::contracts::Compensation;
use crate::contracts::Taxonomy;
use crate::payroll::PolicyPeriod;

/// An amount, time or number of units added to somebody's pay.
#[derive(Debug, Resource)]
#[resource(
    path = "payroll/supplements",
    object = "payroll_supplement",
    permission = "payroll",
    subject = "employee_id",
    operations(list, read, create, update, delete),
    events("create", "delete", "update")
)]
#[parameter(name = "legal_entity_ids[]", as = Id<LegalEntity>, doc = "Narrows the list by values that are worked out.")]
pub struct Supplement {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Supplement>,
    /// Who receives it.
    #[field(create(required), update, filter(any = "employee_ids[]"))]
    pub employee_id: Id<Employee>,
    /// The company that it belongs to.
    pub company_id: Id<Company>,
    /// Whether it counts money, time or units.
    #[field(create(as = String), update(as = String), default = "money")]
    pub unit: Unit,
    /// Contract compensation from which it results.
    #[field(create, update, filter(eq = "compensation_id"))]
    pub contracts_compensation_id: Option<Id<Compensation>>,
    /// Kind of compensation that it is.
    #[field(create(required), update)]
    pub contracts_taxonomy_id: Option<Id<Taxonomy>>,
    /// How much, in hundredths of the unit; for money, cents.
    #[field(create(required), update)]
    pub amount_in_cents: Option<i64>,
    /// Day from which it counts.
    #[field(create(required), update, filter(from = "from"(as = String)), filter(to = "to"(as = String)))]
    pub effective_on: Option<Date>,
    /// When it was created.
    pub created_at: Option<Instant>,
    /// When it was last changed.
    pub updated_at: Option<Instant>,
    /// Explanation of what it is for.
    pub description: Option<String>,
    /// Payroll period in which it is paid.
    #[field(create(required), update, filter(any = "policy_period_ids[]"(required)))]
    pub payroll_policy_period_id: Option<Id<PolicyPeriod>>,
    /// Remarks about the employee by a manager or administrator.
    #[field(default(empty))]
    pub employee_observations: Option<Vec<String>>,
    /// Time before adjustments, in hundredths of a minute.
    pub raw_minutes_in_cents: Option<i64>,
    /// Time after adjustments, in hundredths of a minute.
    pub minutes_in_cents: Option<i64>,
    /// Time that payroll counts, in hundredths of a minute.
    pub equivalent_minutes_in_cents: Option<i64>,
    /// Currency of the amount, as an ISO 4217 code.
    #[field(derived)]
    pub currency: Option<String>,
    /// Legal entity that pays it.
    #[field(derived)]
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Number of days worked that it covers.
    #[field(input, create)]
    pub worked_days: Option<i64>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[
        Derived::through("legal_entity_id", "employee_id", "employees/employees", "legal_entity_id"),
        Derived::page("currency", |cx, rows| {
            let people = rows.iter().filter_map(|row| row.int("employee_id")).collect();
            let currencies = crate::contracts::currency::by_employee(cx, people)?;
            let currency = |row: &engine::Object| currencies.get(&row.int("employee_id")?).cloned();
            Ok(rows.iter().map(|row| currency(row).into()).collect())
        }),
    ],
    filters: &[(
        "legal_entity_ids[]",
        Narrow::through("employee_id", "employees/employees", "id", "legal_entity_id"),
    )],
    ..Code::of("payroll/supplements")
};

registry::choice! {
    /// The values of `unit`.
    pub enum Unit {
        Money = "money",
        Time = "time",
        Units = "units",
    }
}
