//! `it_management/it_assets`

use engine::{Code, Context, Error, Narrow};
use registry::{Anything, Company, Date, Employee, Id, Instant, Resource};
use storage::{Datum, Look};

use crate::locations::Location;
use crate::narrow;
use crate::teams::Team;

/// A single piece of equipment that the company owns.
#[derive(Debug, Resource)]
#[resource(
    path = "it_management/it_assets",
    object = "it_management_it_asset",
    permission = "it_management",
    subject = "owner_id",
    operations(list, read, create, update, delete)
)]
#[parameter(name = "type_names[]", as = String, doc = "Only pieces whose model has one of these older classifications.")]
#[parameter(name = "asset_category_ids[]", as = Id<Anything>, doc = "Only pieces whose model is in one of these categories.", since = "2026-10-01")]
pub struct ItAsset {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: String,
    /// The company that it belongs to.
    #[field(create, update)]
    pub company_id: Id<Company>,
    /// Make and model of the equipment.
    #[field(create(required), update)]
    pub it_asset_model_id: String,
    /// Manufacturer's number of this piece.
    #[field(create(required), update, filter(any = "serial_numbers[]"))]
    pub serial_number: String,
    /// Whether it is assigned, in_stock, in maintenance or retired.
    #[field(update, default = "in_stock")]
    pub status: String,
    /// When it was created.
    pub created_at: Instant,
    /// When it was last changed.
    pub updated_at: Instant,
    /// Employee who has it now, if any.
    #[field(create, update, filter(any = "owner_ids[]"))]
    pub owner_id: Option<Id<Employee>>,
    /// Space where it is kept.
    #[field(create, update, filter(any = "location_ids[]"))]
    pub location_id: Option<Id<Anything>>,
    /// Workplace where it is kept.
    #[field(create, update, filter(any = "workplace_ids[]"))]
    pub workplace_id: Option<Id<Location>>,
    /// Team that uses it.
    #[field(create, update, filter(any = "team_ids[]"))]
    pub team_id: Option<Id<Team>>,
    /// Day on which it was bought.
    #[field(create, update)]
    pub purchase_date: Option<Date>,
    /// What it cost, in cents.
    #[field(create, update)]
    pub purchase_price_cents: Option<i64>,
    /// Currency of the price.
    #[field(create, update)]
    pub currency: Option<String>,
    /// Last day of the warranty.
    #[field(create, update)]
    pub warranty_end_date: Option<Date>,
    /// Tag by which the company knows it.
    #[field(create, update)]
    pub label: Option<String>,
    /// Free remarks about the piece.
    #[field(create, update)]
    pub notes: Option<String>,
    /// Moment when it was deleted. Null while it exists.
    pub discarded_at: Option<Instant>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[
        (
            "type_names[]",
            Narrow::Code(|cx, values| of_models(cx, Look::OneOf("type_name", narrow::texts(values)))),
        ),
        (
            "asset_category_ids[]",
            Narrow::Code(|cx, values| of_models(cx, Look::OneOf("asset_category_id", narrow::ids(values)?))),
        ),
    ],
    ..Code::of("it_management/it_assets")
};

/// Pieces of the models that are so. A piece names its model by the text of the id.
fn of_models(cx: &mut Context<'_, '_>, look: Look) -> Result<Vec<Look>, Error> {
    let models = cx.facts("it_management/it_asset_models", &[look])?;
    let ids = models.iter().filter_map(|model| model.int("id"));
    Ok(vec![Look::OneOf("it_asset_model_id", ids.map(|id| Datum::Text(id.to_string())).collect())])
}
