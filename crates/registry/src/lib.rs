//! The vocabulary of Muster: identifiers, instants, OAuth scopes and API versions.
//!
//! Nothing here reads, writes or waits. Every other crate may use it.

mod id;
mod instant;
mod scope;
mod version;

pub use id::{Access, Company, Employee, Id, User};
pub use instant::{DAY, HOUR, Instant, MINUTE, SECOND};
pub use scope::{LEGACY_SCOPES, SCOPES, Scope, Scopes, UnknownScope};
pub use version::Version;
