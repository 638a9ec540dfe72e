//! Sandboxes: companies to try an integration on, and the way back to their first state.

mod duration;
mod furnish;
mod persona;
mod sandbox;

pub use duration::{BadDuration, parse_duration};
pub use persona::{Persona, permissions};
pub use sandbox::{
    Error, MIGRATIONS, Request, Sandbox, SandboxRecord, create, create_first, exists, list, reset,
};
