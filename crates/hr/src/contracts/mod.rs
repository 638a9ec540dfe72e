//! Contracts and their versions.

pub mod compensation;
pub mod contract;
pub mod contract_activity_period;
pub mod contract_flow;
pub mod contract_template;
pub mod contract_version;
pub mod contract_version_history;
pub mod contract_version_meta_data;
pub mod contract_version_request;
pub mod french_contract_type;
pub mod german_contract_type;
pub mod materialized_template;
pub mod portuguese_contract_type;
pub mod reference_contract;
pub mod spanish_contract_type;
pub mod spanish_education_level;
pub mod spanish_professional_category;
pub mod spanish_working_day_type;
pub mod taxonomy;

pub mod currency;
pub mod rules;
pub mod versions;

pub use compensation::Compensation;
pub use contract::Contract;
pub use contract_activity_period::ContractActivityPeriod;
pub use contract_flow::ContractFlow;
pub use contract_template::ContractTemplate;
pub use contract_version::ContractVersion;
pub use contract_version_history::ContractVersionHistory;
pub use contract_version_meta_data::ContractVersionMetaData;
pub use french_contract_type::FrenchContractType;
pub use german_contract_type::GermanContractType;
pub use materialized_template::MaterializedTemplate;
pub use portuguese_contract_type::PortugueseContractType;
pub use reference_contract::ReferenceContract;
pub use spanish_contract_type::SpanishContractType;
pub use spanish_education_level::SpanishEducationLevel;
pub use spanish_professional_category::SpanishProfessionalCategory;
pub use spanish_working_day_type::SpanishWorkingDayType;
pub use taxonomy::Taxonomy;

use engine::Code;
use registry::Entry;

pub(crate) fn entries() -> Vec<Entry> {
    vec![
        Entry::of::<Compensation>(),
        Entry::of::<ContractActivityPeriod>(),
        Entry::of::<ContractTemplate>(),
        Entry::of::<ContractVersionHistory>(),
        Entry::of::<ContractVersionMetaData>(),
        Entry::of::<ContractVersion>().notice(&contract_version_request::NOTICE),
        Entry::of::<Contract>(),
        Entry::of::<FrenchContractType>(),
        Entry::of::<GermanContractType>(),
        Entry::of::<ContractFlow>(),
        Entry::of::<MaterializedTemplate>(),
        Entry::of::<PortugueseContractType>(),
        Entry::of::<ReferenceContract>(),
        Entry::of::<SpanishContractType>(),
        Entry::of::<SpanishEducationLevel>(),
        Entry::of::<SpanishProfessionalCategory>(),
        Entry::of::<SpanishWorkingDayType>(),
        Entry::of::<Taxonomy>(),
    ]
}

/// What its resources do beyond their declarations.
pub(crate) const CODE: &[Code] = &[
    compensation::CODE,
    contract::CODE,
    contract_activity_period::CODE,
    contract_flow::CODE,
    contract_version::CODE,
    contract_version_history::CODE,
    french_contract_type::CODE,
    german_contract_type::CODE,
    materialized_template::CODE,
    portuguese_contract_type::CODE,
    reference_contract::CODE,
    spanish_contract_type::CODE,
];

pub(crate) use versions::reference;
