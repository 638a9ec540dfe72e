//! `contracts/materialized_templates`

use engine::{Code, Derived, Narrow};
use registry::{Anything, Company, Id, Instant, Object, Resource};

use crate::companies::LegalEntity;

/// Contract fields in effect at one level, after merging inherited ones.
#[derive(Debug, Resource)]
#[resource(
    path = "contracts/materialized_templates",
    object = "contracts_materialized_template",
    permission = "contracts",
    operations(list(since = "2026-07-01"))
)]
#[parameter(name = "field_ids[]", as = Id<Anything>, doc = "Restricts each template to these fields.")]
#[parameter(name = "include_archived", as = bool, doc = "Whether archived options are shown.", required)]
pub struct MaterializedTemplate {
    /// Identifies it, for good.
    pub id: Id<MaterializedTemplate>,
    /// The company that it belongs to.
    #[field(filter(eq = "company_id"(required)))]
    pub company_id: Id<Company>,
    /// Level for which the fields were merged.
    #[field(filter(eq = "template_type"(required)))]
    pub template_type: TemplateType,
    /// Contract fields in display order, without hidden ones.
    #[field(derived)]
    pub template: Vec<Template>,
    /// Legal entity concerned, at that level only.
    #[field(filter(any = "legal_entity_ids[]"))]
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Two-letter code of the country concerned. Empty at company level.
    #[field(filter(any = "countries[]"))]
    pub country_code: Option<String>,
}

/// What it does beyond the declaration. No level defines fields of its own: all conditions are fields of the version.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::row("template", |_| serde_json::Value::Array(Vec::new()))],
    filters: &[("field_ids[]", Narrow::Idle), ("include_archived", Narrow::Idle)],
    ..Code::of("contracts/materialized_templates")
};

registry::choice! {
    /// The values of `template_type`.
    pub enum TemplateType {
        Company = "company",
        ContractType = "contract_type",
        Country = "country",
        LegalEntity = "legal_entity",
    }
}

/// The objects of `template`.
#[derive(Debug, Object)]
pub struct Template {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Field that the entry describes.
    pub field_id: Id<Anything>,
    /// Field name shown to people.
    pub label: String,
    /// Kind of value the field holds.
    pub field_type: FieldType,
    /// How far the company may change the options.
    pub edit_mode: EditMode,
    /// Other fields that influence this one.
    pub dependencies: Vec<Dependency>,
    /// Level at which the field was defined.
    pub source_level: Option<SourceLevel>,
    /// Values that can be chosen.
    pub options: Option<Vec<TemplateOption>>,
}

registry::choice! {
    /// The values of `field_type`.
    pub enum FieldType {
        Boolean = "boolean",
        Cents = "cents",
        Integer = "integer",
        Option = "option",
        String = "string",
    }
}

registry::choice! {
    /// The values of `edit_mode`.
    pub enum EditMode {
        AddOnly = "add_only",
        FullEditable = "full_editable",
        NotEditable = "not_editable",
    }
}

/// The objects of `dependencies`.
#[derive(Debug, Object)]
pub struct Dependency {
    /// Field that has the influence.
    pub field: String,
    /// Whether it changes the options or the visibility.
    pub r#type: Type,
    /// Value that triggers the influence.
    pub value: Option<String>,
}

registry::choice! {
    /// The values of `type`.
    pub enum Type {
        DynamicOptions = "dynamic_options",
        VisibilityToggle = "visibility_toggle",
    }
}

registry::choice! {
    /// The values of `source_level`.
    pub enum SourceLevel {
        Company = "company",
        Country = "country",
        LegalEntity = "legal_entity",
    }
}

/// The objects of `options`.
#[derive(Debug, Object)]
pub struct TemplateOption {
    /// Its identifier.
    pub id: Id<Anything>,
    /// Option that the entry describes.
    pub option_id: Id<Anything>,
    /// Template part that contributes the option.
    pub fragment_id: Id<Anything>,
    /// Option text shown to people.
    pub label: String,
    /// Whether the option is built in.
    pub default: bool,
    /// Option text before translation.
    pub raw_label: Option<String>,
    /// Key under which the text is translated.
    pub translation_string: Option<String>,
    /// When the option was archived. Empty while in use.
    pub archived_at: Option<Instant>,
    /// Payroll integration that supplied the option, if any.
    pub integration_source: Option<String>,
}
