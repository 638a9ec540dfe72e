//! `contracts/spanish_working_day_types`

use registry::{Id, Resource};

use crate::contracts::ContractTemplate;

/// Type of working day that can be chosen in Spain.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/spanish_working_day_types",
    object = "contracts_spanish_working_day_type",
    permission = "contracts",
    operations(list, read, create)
)]
pub struct SpanishWorkingDayType {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<SpanishWorkingDayType>,
    /// Name shown to people.
    #[field(create(required))]
    pub name: String,
    /// Whether it is built in rather than added by the company.
    #[field(default = false)]
    pub default: Option<bool>,
    /// Contract template that offers it.
    #[field(create, filter(eq = "contract_template_id"))]
    pub contracts_contract_template_id: Option<Id<ContractTemplate>>,
}
