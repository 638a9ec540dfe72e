//! What the namespaces of time share: when somebody is meant to work.
//!
//! [`plan`] decides and reads nothing; [`load`] reads what it decides on.

pub mod load;
pub mod plan;

pub use load::plans;
pub use plan::{Half, Holiday, Plan, Source, Workday};
