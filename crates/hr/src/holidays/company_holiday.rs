//! `holidays/company_holidays`

use engine::{Code, Context, Error, Narrow};
use registry::{Anything, Date, Employee, Id, Instant, Resource};
use storage::Look;

use crate::locations::Location;
use crate::narrow;

/// Public or company holiday observed at one location.
#[derive(Debug, Resource)]
#[resource(
    path = "holidays/company_holidays",
    object = "holidays_company_holiday",
    permission = "holidays",
    operations(list, read)
)]
#[parameter(name = "team_ids[]", as = Id<Anything>, doc = "Restricts the list to workplaces of the members of these teams.")]
#[parameter(name = "employee_ids[]", as = Id<Employee>, doc = "Restricts the list to the usual workplaces of these employees.")]
pub struct CompanyHoliday {
    /// Identifies it, for good.
    #[field(filter(any = "ids[]"))]
    pub id: Id<CompanyHoliday>,
    /// Location that observes it.
    #[field(filter(any = "location_ids[]"))]
    pub location_id: Id<Location>,
    /// Day on which it falls.
    #[field(filter(from = "start_at"(as = Instant)), filter(to = "end_at"(as = Instant)))]
    pub date: Date,
    /// Short name of the holiday.
    pub summary: Option<String>,
    /// Further explanation of the holiday.
    pub description: Option<String>,
    /// Part of the day that is free. Empty when the whole day is.
    pub half_day: Option<HalfDay>,
}

/// What it does beyond the declaration.
pub(crate) const CODE: Code = Code {
    filters: &[
        ("employee_ids[]", Narrow::through("location_id", "employees/employees", "location_id", "id")),
        ("team_ids[]", Narrow::Code(of_teams)),
    ],
    errands: &[("import", super::import::errand)],
    ..Code::of(PATH)
};

/// The path.
pub const PATH: &str = "holidays/company_holidays";

/// Those of the workplaces of whoever is in some teams.
fn of_teams(cx: &mut Context<'_, '_>, values: &[String]) -> Result<Vec<Look>, Error> {
    let teams = vec![Look::OneOf("team_id", narrow::ids(values)?)];
    let people = vec![cx.among("id", "teams/memberships", "employee_id", teams)?];
    Ok(vec![cx.among("location_id", "employees/employees", "location_id", people)?])
}

registry::choice! {
    /// The values of `half_day`.
    pub enum HalfDay {
        BeginningOfDay = "beginning_of_day",
        EndOfDay = "end_of_day",
    }
}
