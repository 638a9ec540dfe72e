//! `contracts/spanish_professional_categories`

use registry::{Id, Resource};

use crate::contracts::ContractTemplate;

/// Professional category that can be chosen in Spain.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/spanish_professional_categories",
    object = "contracts_spanish_professional_category",
    permission = "contracts",
    operations(list, read, create)
)]
pub struct SpanishProfessionalCategory {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SpanishProfessionalCategory>,
    /// Name shown to people.
    #[field(create(required))]
    pub name: String,
    /// Whether it is built in rather than added by the company.
    #[field(default = false)]
    pub default: Option<bool>,
    /// Contract template that offers it.
    #[field(create(required), filter(eq = "contract_template_id"))]
    pub contracts_contract_template_id: Option<Id<ContractTemplate>>,
}
