//! `contracts/contract_templates`

use registry::{Company, Id, Resource};

/// Set of contract fields used for the contracts of one country.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/contract_templates",
    object = "contracts_contract_template",
    permission = "contracts",
    operations(list, read)
)]
pub struct ContractTemplate {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<ContractTemplate>,
    /// The company that it belongs to.
    #[field(filter(eq = "company_id"))]
    pub company_id: Option<Id<Company>>,
    /// Country variant of the contract versions it serves.
    #[field(filter(eq = "contract_version_type"))]
    pub contract_version_type: Option<String>,
}
