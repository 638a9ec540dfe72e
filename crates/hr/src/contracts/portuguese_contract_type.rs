//! `contracts/portuguese_contract_types`

use engine::{Code, Narrow};
use registry::{Id, Resource};

/// Type of contract that can be chosen in Portugal.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/portuguese_contract_types",
    object = "contracts_portuguese_contract_type",
    permission = "contracts",
    operations(list, read)
)]
#[parameter(name = "archived", as = bool, doc = "Whether archived types are listed too.")]
pub struct PortugueseContractType {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<PortugueseContractType>,
    /// Name shown to people.
    pub name: String,
}

/// What it does beyond the declaration. None is archived.
pub(crate) const CODE: Code =
    Code { filters: &[("archived", Narrow::Idle)], ..Code::of("contracts/portuguese_contract_types") };
