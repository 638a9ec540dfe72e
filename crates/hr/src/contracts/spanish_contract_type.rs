//! `contracts/spanish_contract_types`

use engine::{Code, Narrow};
use registry::{Id, Resource};

use crate::contracts::ContractTemplate;

/// Type of contract that can be chosen in Spain.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/spanish_contract_types",
    object = "contracts_spanish_contract_type",
    permission = "contracts",
    operations(list, read, create)
)]
#[parameter(name = "archived", as = bool, doc = "Whether archived types are listed too.")]
pub struct SpanishContractType {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SpanishContractType>,
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

/// What it does beyond the declaration. None is archived.
pub(crate) const CODE: Code =
    Code { filters: &[("archived", Narrow::Idle)], ..Code::of("contracts/spanish_contract_types") };
