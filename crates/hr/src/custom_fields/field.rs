//! `custom_fields/fields`

use engine::{Code, Context, Derived, Error, Removal, Sets};
use registry::{Company, Id, Resource};
use storage::{Datum, Look};

use crate::companies::LegalEntity;
use crate::narrow;

/// A field that the company has added to its records.
#[derive(Debug, Resource)]
#[resource(
    path = "custom_fields/fields",
    object = "custom_fields_field",
    permission = "custom_fields",
    operations(list, read, create, delete)
)]
#[parameter(name = "company_id", as = Id<Company>, doc = "Company that the fields belong to.")]
pub struct Field {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Field>,
    /// Kind of value that the field takes.
    #[field(create(required), filter(eq = "field_type"))]
    pub field_type: FieldType,
    /// Name of the field as people see it.
    #[field(default = "", filter(eq = "label"))]
    pub label_text: String,
    /// Place of the field in the employee's profile.
    #[field(create)]
    pub position: Option<i64>,
    /// Whether a value must be given.
    #[field(create)]
    pub required: Option<bool>,
    /// Lowest value accepted, for fields with a range.
    #[field(create)]
    pub min_value: Option<i64>,
    /// Highest value accepted, for fields with a range.
    #[field(create)]
    pub max_value: Option<i64>,
    /// Name of the legal entity that uses the field.
    #[field(derived)]
    pub legal_entity_name: Option<String>,
    /// Legal entity to which the field is limited.
    pub legal_entity_id: Option<Id<LegalEntity>>,
    /// Short name of the field for use by programs.
    #[field(filter(eq = "slug"))]
    pub slug: Option<String>,
    /// The company that it belongs to.
    #[field(input, create(required))]
    pub company_id: Option<Id<Company>>,
    /// Who may change values of the field.
    #[field(input, create)]
    pub editable: Option<Editable>,
    /// Who may see values of the field.
    #[field(input, create)]
    pub visible: Option<Editable>,
    /// Name of the field as people see it.
    #[field(input, create)]
    pub label: Option<String>,
    /// Choices on offer, for single and multiple choice fields.
    #[field(input, create)]
    pub options: Option<Vec<String>>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    derived: &[Derived::through(
        "legal_entity_name",
        "legal_entity_id",
        "companies/legal_entities",
        "legal_name",
    )],
    renames: &[("label", "label_text")],
    filters: &[("company_id", narrow::OF_COMPANY)],
    effect: Some(|cx, id, old| if old.is_none() { offer(cx, id) } else { Ok(()) }),
    removal: Some(|cx, field| {
        cx.remove(OPTIONS, &[Look::Equal("field_id", field.get("id").clone())])?;
        Ok(Removal::Gone)
    }),
    ..Code::of(PATH)
};

const OPTIONS: &str = "custom_fields/options";

pub(super) const PATH: &str = "custom_fields/fields";

/// The choices that a new field was given become objects of their own.
pub(super) fn offer(cx: &mut Context<'_, '_>, id: i64) -> Result<(), Error> {
    let field = cx.objects(PATH, vec![id])?.remove(&id).ok_or(Error::NotFound)?;
    let labels = field.text("options").and_then(|json| serde_json::from_str::<Vec<String>>(json).ok());
    let option = |label: String| {
        Sets::from([
            ("field_id", Datum::Int(id)),
            ("label", Datum::Text(label.clone())),
            ("value", Datum::Text(label)),
        ])
    };
    let options: Vec<_> = labels.unwrap_or_default().into_iter().map(option).collect();
    if options.is_empty() { Ok(()) } else { cx.add_all(OPTIONS, options).map(drop) }
}

registry::choice! {
    /// The values of `field_type`.
    pub enum FieldType {
        Cents = "cents",
        Checkbox = "checkbox",
        Date = "date",
        LongText = "long_text",
        Money = "money",
        MultipleChoice = "multiple_choice",
        Rating = "rating",
        SingleChoice = "single_choice",
        Text = "text",
    }
}

registry::choice! {
    /// The values of `editable`.
    pub enum Editable {
        Everybody = "everybody",
        LegalEntity = "legal_entity",
        Owned = "owned",
        Reportees = "reportees",
        TeamLeader = "team_leader",
    }
}
