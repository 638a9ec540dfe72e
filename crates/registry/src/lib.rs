//! The vocabulary of Muster: identifiers, instants, OAuth scopes, API versions, and the declaration of
//! resources from which everything else is derived.
//!
//! Nothing here reads, writes or waits. Every other crate may use it.

mod catalogue;
mod id;
mod instant;
mod kind;
mod resource;
mod scope;
mod version;

pub use catalogue::{Catalogue, Entry, Sought};
pub use id::{Access, Company, Employee, Id, User};
pub use instant::{DAY, HOUR, Instant, MINUTE, SECOND};
pub use jiff::civil::{Date, DateTime, Time};
pub use jiff::{Span, Timestamp, Unit, civil::date, tz::TimeZone};
pub use kind::{Anything, File, Json, Kind, Map, Member, Reference, Target, Typed};
pub use registry_derive::{Action, Object, Resource};
pub use resource::{
    Action, Declared, DeclaredAction, Default, Event, Field, Filter, Glimpse, Input, Notice, Operation,
    Resource, Role, Test, Verb,
};
pub use scope::{LEGACY_SCOPES, SCOPES, Scope, Scopes, UnknownScope};
pub use version::Version;
