//! `companies/legal_entities`

use engine::{Code, Narrow};
use registry::{Anything, Company, Id, Resource};

/// Legal body that employs people within the company.
#[derive(Debug, Resource)]
#[resource(
    path = "companies/legal_entities",
    object = "companies_legal_entity",
    permission = "companies",
    operations(list, read, create),
    events("create")
)]
#[parameter(name = "employees_ids[]", as = Id<Anything>, doc = "Restricts the list to the employers of these employees.")]
pub struct LegalEntity {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<LegalEntity>,
    /// The company that it belongs to.
    #[field(create(required), filter(any = "companies_ids[]"))]
    pub company_id: Id<Company>,
    /// Two-letter country code of registration, in lower case.
    #[field(create(required), filter(any = "country_ids[]"(as = Id<Anything>)))]
    pub country: String,
    /// Name under which it is registered.
    #[field(create(required))]
    pub legal_name: String,
    /// Three-letter code of its currency.
    #[field(create(required))]
    pub currency: String,
    /// Number used for tax purposes.
    #[field(create)]
    pub tin: Option<String>,
    /// France: number of the establishment, 14 digits.
    #[field(since = "2026-10-01")]
    pub siret: Option<String>,
    /// Town of its address.
    #[field(create)]
    pub city: Option<String>,
    /// State or province of its address.
    #[field(create)]
    pub state: Option<String>,
    /// Postal code of its address.
    #[field(create)]
    pub postal_code: Option<String>,
    /// Street and number.
    #[field(create)]
    pub address_line_1: Option<String>,
    /// Further address details.
    #[field(create)]
    pub address_line_2: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[("employees_ids[]", Narrow::through("id", "employees/employees", "legal_entity_id", "id"))],
    ..Code::of("companies/legal_entities")
};
