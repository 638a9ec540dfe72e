//! What accounts promises, on every engine.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod companies;
mod credentials;
mod logging_in;
mod members;
mod recovery;
mod secrecy;
mod world;
