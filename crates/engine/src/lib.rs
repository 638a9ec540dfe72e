//! The one path of a resource's operation: input checked against the declaration, decided, done in one transaction,
//! rendered in the caller's version. It knows no resource by name.

mod error;
mod input;
mod list;
mod operation;
mod plan;
mod render;
mod value;

pub use error::{Error, Problem};
pub use input::{Body, Change};
pub use list::{List, Parameters};
pub use operation::Engine;
pub use plan::{Derived, Facts, Plan};
