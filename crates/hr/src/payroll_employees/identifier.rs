//! `payroll_employees/identifiers`

use engine::{Code, Narrow};
use registry::{Anything, Employee, Id, Resource};

/// Tax and social security numbers of an employee in one country.
#[derive(Debug, Resource)]
#[resource(
    path = "payroll_employees/identifiers",
    object = "payroll_employees_identifier",
    permission = "identity",
    subject = "employee_id",
    operations(list, read, create, update, delete)
)]
#[parameter(name = "legal_entities_ids[]", as = Id<Anything>, doc = "Only employees whose contract is with one of these legal entities.")]
pub struct Identifier {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Identifier>,
    /// Whose numbers these are.
    #[field(create(required), filter(any = "employees_ids[]"))]
    pub employee_id: Id<Employee>,
    /// Country that issued the numbers, as a two-letter code.
    #[field(create(required), update(required), filter(eq = "country"(required)))]
    pub country: Country,
    /// Number under which the person is insured.
    #[field(create, update)]
    pub social_security_number: Option<String>,
    /// Number under which the person pays tax.
    #[field(create, update)]
    pub tax_id: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[(
        "legal_entities_ids[]",
        Narrow::through("employee_id", "employees/employees", "id", "legal_entity_id"),
    )],
    ..Code::of("payroll_employees/identifiers")
};

registry::choice! {
    /// The values of `country`.
    pub enum Country {
        De = "de",
        It = "it",
        Pt = "pt",
    }
}
