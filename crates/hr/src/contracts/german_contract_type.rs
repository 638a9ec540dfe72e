//! `contracts/german_contract_types`

use engine::{Code, Narrow};
use registry::{Id, Resource};

/// Type of contract that can be chosen in Germany.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/german_contract_types",
    object = "contracts_german_contract_type",
    permission = "contracts",
    operations(list, read)
)]
#[parameter(name = "archived", as = bool, doc = "Whether archived types are listed too.")]
pub struct GermanContractType {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<GermanContractType>,
    /// Name shown to people.
    pub name: String,
}

/// What it does beyond the declaration. None is archived.
pub(crate) const CODE: Code =
    Code { filters: &[("archived", Narrow::Idle)], ..Code::of("contracts/german_contract_types") };
