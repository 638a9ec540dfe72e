//! `contracts/spanish_education_levels`

use registry::{Id, Resource};

use crate::contracts::ContractTemplate;

/// Education level that can be chosen in Spain.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/spanish_education_levels",
    object = "contracts_spanish_education_level",
    permission = "contracts",
    operations(list, read, create)
)]
pub struct SpanishEducationLevel {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SpanishEducationLevel>,
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
