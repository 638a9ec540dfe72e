//! `job_catalog/node_attributes`

use registry::{Anything, Id, Object, Resource};

/// Something attached to a node of the catalogue, such as a pay range.
#[derive(Debug, Resource)]
#[resource(
    path = "job_catalog/node_attributes",
    object = "job_catalog_node_attribute",
    permission = "job_catalog",
    operations(list)
)]
pub struct NodeAttribute {
    /// Identifies it, for good.
    pub id: Id<NodeAttribute>,
    /// Kind of attachment, which says what value is filled in.
    #[field(filter(any = "attribute_types[]"(as = AttributeType, required)))]
    pub r#type: String,
    /// What is attached, for kinds with an identity of their own.
    pub attribute_id: Option<String>,
    /// The skill expected, for competencies.
    pub value_competency: Option<ValueCompetency>,
    /// The device provided, for equipment.
    pub value_it_management_asset: Option<ValueItManagementAsset>,
    /// The pay foreseen, in cents.
    pub value_salary_range: Option<ValueSalaryRange>,
    /// The terms of work, with numbers in hundredths.
    pub value_working_conditions: Option<ValueWorkingCondition>,
    /// Node that it is attached to.
    #[field(input, filter(eq = "node_uuid"(required)))]
    pub node_uuid: Option<String>,
}

/// The objects of `value_competency`.
#[derive(Debug, Object)]
pub struct ValueCompetency {
    /// Name of the skill.
    pub name: Option<String>,
    /// What the skill consists of.
    pub description: Option<String>,
    /// Degree of mastery expected.
    pub level: Option<Level>,
}

/// The objects of `level`.
#[derive(Debug, Object)]
pub struct Level {
    /// Identifies the degree.
    pub id: Id<Anything>,
    /// Name of the degree.
    pub name: String,
    /// What the degree means.
    pub description: String,
}

/// The objects of `value_it_management_asset`.
#[derive(Debug, Object)]
pub struct ValueItManagementAsset {
    /// Sort of device.
    pub type_name: String,
    /// Maker of the device.
    pub brand: String,
    /// Model of the device.
    pub name: String,
}

/// The objects of `value_salary_range`.
#[derive(Debug, Object)]
pub struct ValueSalaryRange {
    /// Currency of the pay.
    pub currency: String,
    /// Time span the pay covers.
    pub periodicity: Option<String>,
    /// Lowest pay, in cents.
    pub min: Option<i64>,
    /// Highest pay, in cents.
    pub max: Option<i64>,
    /// Gross pay, in cents, when it is one amount.
    pub gross: Option<i64>,
    /// Places where the pay applies.
    pub workplaces: Option<Vec<Workplace>>,
}

/// The objects of `workplaces`.
#[derive(Debug, Object)]
pub struct Workplace {
    /// Identifies the place.
    pub id: Id<Anything>,
    /// Name of the place.
    pub name: String,
}

/// The objects of `value_working_conditions`.
#[derive(Debug, Object)]
pub struct ValueWorkingCondition {
    /// Name of the agreement.
    pub name: String,
    /// Terms, one by one.
    pub conditions: Vec<Condition>,
    /// What the agreement is about.
    pub description: Option<String>,
}

/// The objects of `conditions`.
#[derive(Debug, Object)]
pub struct Condition {
    /// Which term it is.
    pub key: String,
    /// What is agreed; numbers in hundredths.
    pub value: String,
}

registry::choice! {
    /// The values of `attribute_types`.
    pub enum AttributeType {
        Competency = "competency",
        ItManagement = "it_management",
        SalaryRange = "salary_range",
        WorkingConditions = "working_conditions",
    }
}
