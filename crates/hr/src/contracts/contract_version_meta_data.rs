//! `contracts/contract_version_meta_data`

use registry::{Id, Resource};

use crate::contracts::ContractVersion;

/// Reason for which a contract version came about.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/contract_version_meta_data",
    object = "contracts_contract_version_meta_data",
    permission = "contracts",
    subject = "contract_version_id.employee_id",
    operations(list)
)]
pub struct ContractVersionMetaData {
    /// Contract version described.
    #[field(filter(any = "contract_version_ids[]"(required)))]
    pub contract_version_id: Id<ContractVersion>,
    /// What led to it, such as a promotion. Empty when unknown.
    pub action_type: Option<String>,
}
