//! `locations/locations`

use engine::{Code, Narrow};
use registry::{Company, Employee, Id, Resource};

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
    ..Code::of("locations/locations")
};
