//! What the namespaces of time share: when somebody is meant to work, what is due, and what a clocking does.
//!
//! [`plan`], [`estimate`], [`clock`] and [`worked`] decide and read nothing; [`load`] and [`facts`] read what they decide on, for many
//! people with a statement for each kind.

pub mod clock;
pub mod estimate;
pub mod facts;
pub mod load;
pub mod plan;
pub mod today;
pub mod wall;
pub mod worked;

pub use estimate::{Estimate, Estimates};
pub use load::plans;
pub use plan::{Half, Holiday, Plan, Source, Workday};

use engine::{Context, Error};
use registry::Date;

/// What is due of some people from one day to another.
pub fn estimates(
    cx: &mut Context<'_, '_>,
    employees: &[i64],
    first: Date,
    last: Date,
) -> Result<Estimates, Error> {
    let plans = plans(cx, employees, first, last)?;
    Ok(Estimates { plans, leaves: facts::leaves(cx, employees, first, last)? })
}
