//! The protocol on every engine, told as clients and attackers see it.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::needless_pass_by_value
)]

mod applications;
mod authorize;
mod codes;
mod model;
mod refresh;
mod revocation;
mod world;
