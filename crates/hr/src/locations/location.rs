//! `locations/locations`

use engine::{Code, Context, Draft, Error, Narrow, Object, Removal, Sets};
use registry::{Company, Employee, Id, Resource, TimeZone};
use storage::{Datum, Look};

use crate::employees::lifecycle;

/// Workplace of the company.
#[derive(Debug, Resource)]
#[resource(
    path = "locations/locations",
    object = "locations_location",
    permission = "locations",
    operations(list, read, create, update, delete),
    events("create", "delete", "update")
)]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Restricts the list to the workplaces of these employees.")]
pub struct Location {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<Location>,
    /// The company that it belongs to.
    #[field(create(required))]
    pub company_id: Id<Company>,
    /// Name of the workplace.
    #[field(create(required), update)]
    pub name: String,
    /// Whether it is the headquarters.
    #[field(create, update, default = false, filter(flag = "main"))]
    pub main: bool,
    /// Time zone name, such as Europe/Madrid.
    #[field(create(required), update)]
    pub timezone: Option<String>,
    /// Two-letter code of its country.
    #[field(create(required), update)]
    pub country: Option<String>,
    /// State or province of its address.
    #[field(create, update)]
    pub state: Option<String>,
    /// Town of its address.
    #[field(create, update)]
    pub city: Option<String>,
    /// Street and number.
    pub address_line_1: Option<String>,
    /// Further address details, such as the floor.
    pub address_line_2: Option<String>,
    /// Postal code of its address.
    #[field(create, update)]
    pub postal_code: Option<String>,
    /// Telephone number of the workplace.
    #[field(create, update)]
    pub phone_number: Option<String>,
    /// Latitude in degrees.
    #[field(create, update)]
    pub latitude: Option<f64>,
    /// Longitude in degrees.
    #[field(create, update)]
    pub longitude: Option<f64>,
    /// Distance around the coordinates that counts as the workplace.
    #[field(create, update)]
    pub radius: Option<f64>,
    /// France: number of the establishment.
    #[field(create, update)]
    pub siret: Option<String>,
    /// Street and number.
    #[field(input, create, update)]
    pub address_line_one: Option<String>,
    /// Further address details, such as the floor.
    #[field(input, create, update)]
    pub address_line_two: Option<String>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    renames: &[("address_line_one", "address_line_1"), ("address_line_two", "address_line_2")],
    filters: &[("employee_ids[]", Narrow::through("id", "employees/employees", "location_id", "id"))],
    rule: Some(rule),
    effect: Some(effect),
    removal: Some(removal),
    ..Code::of(PATH)
};

const PATH: &str = "locations/locations";

/// Days begin and end by the clock of a workplace, so it has to be one that there is. One workplace is the headquarters.
fn rule(_: &mut Context<'_, '_>, draft: &mut Draft<'_>) -> Result<(), Error> {
    let zone = draft.text("timezone").filter(|_| draft.changes("timezone"));
    if let Some(zone) = zone.filter(|zone| TimeZone::get(zone).is_err()) {
        let message = format!("There is no time zone {zone:?}; one is called Europe/Madrid.");
        return Err(Error::rule("timezone", "unknown_timezone", message));
    }
    if draft.old.is_some_and(|old| old.flag("main")) && !draft.flag("main") {
        let message = "Make another workplace the headquarters instead.";
        return Err(Error::rule("main", "main_required", message));
    }
    Ok(())
}

fn effect(cx: &mut Context<'_, '_>, id: i64, old: Option<&Object>) -> Result<(), Error> {
    let Some(place) = cx.objects(PATH, vec![id])?.remove(&id) else { return Ok(()) };
    if place.flag("main") && !old.is_some_and(|old| old.flag("main")) {
        let others =
            [Look::Equal("main", Datum::Bool(true)), Look::Not(Box::new(Look::Equal("id", Datum::Int(id))))];
        cx.change(PATH, &others, Sets::from([("main", Datum::Bool(false))]))?;
    }
    if old.is_some_and(|old| old.get("timezone") != place.get("timezone")) {
        let there = cx.facts(lifecycle::PATH, &[Look::Equal("location_id", Datum::Int(id))])?;
        lifecycle::follow_zone(cx, &there)?;
    }
    Ok(())
}

/// Whoever works there works at the headquarters from now on; its holidays go with it.
fn removal(cx: &mut Context<'_, '_>, place: &Object) -> Result<Removal, Error> {
    if place.flag("main") {
        let message = "The headquarters cannot be deleted. Make another workplace the headquarters first.";
        return Err(Error::conflict("id", "main_location", message));
    }
    let here = [Look::Equal("location_id", place.get("id").clone())];
    let there = cx.facts(lifecycle::PATH, &here)?;
    let main = cx.facts(PATH, &[Look::Equal("main", Datum::Bool(true))])?.pop();
    if let Some(main) = main.filter(|_| !there.is_empty()) {
        cx.change(lifecycle::PATH, &here, Sets::from([("location_id", main.get("id").clone())]))?;
        let moved = there.into_iter().map(|person| person.with("location_id", main.get("id").clone()));
        lifecycle::follow_zone(cx, &moved.collect::<Vec<_>>())?;
    }
    cx.remove(crate::holidays::company_holiday::PATH, &here)?;
    Ok(Removal::Gone)
}
