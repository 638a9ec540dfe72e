//! What an attacker would try, and what comes of it: nothing.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod accounts;
mod companies;
mod consent;
mod forms;
mod secrets;
mod tokens;
